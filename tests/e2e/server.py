"""A real `python -m bot run` on a free port, with a data folder of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
_READY_SECONDS = 30.0


class Server:
    """One server process; `kill` and `start` again keep the port and the data."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_path = folder / "server.log"
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def environment(self) -> dict[str, str]:
        """What the server and the commands beside it are told."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("BOT_")}
        ours = {"BOT_DATA_DIR": str(self.folder / "data"), "BOT_PORT": str(self.port)}
        return kept | ours | self.settings

    def start(self) -> "Server":
        """Starts it and waits until it answers; fails with its log when it does not."""
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        until = time.monotonic() + _READY_SECONDS
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() < until, self.log()
            time.sleep(0.05)
        return self

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False

    def kill(self) -> None:
        """As when the power goes."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> float:
        """Ends it calmly; returns how many seconds that took. Fails when it does not end well."""
        assert self.process is not None
        if self.process.poll() is not None:
            return 0.0
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        assert code == 0, self.log()
        return time.monotonic() - began

    def log(self) -> str:
        """Everything that it has logged."""
        return self.log_path.read_text(encoding="utf-8")

    def command(self, *words: str) -> str:
        """What `python -m bot …` prints, run beside the server on the same data."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout
