"""`bot run` as it is killed and started again, quickly, with the crash points in it."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.server import ROOT
from tests.faults import points
from tests.faults.process import SHIFT
from tests.kills.service import PATIENCE, Service


class Life:
    """One process of the service, as `subprocess.Popen` would show it; `nursery` is its parent."""

    def __init__(self, nursery: "subprocess.Popen[str]", asked: dict[str, Any]) -> None:
        assert nursery.stdin is not None and nursery.stdout is not None
        self.returncode: int | None = None
        self._told = nursery.stdout
        nursery.stdin.write(json.dumps(asked) + "\n")
        nursery.stdin.flush()
        self.pid = int(self._told.readline())

    def poll(self) -> int | None:
        """How it ended; None while it lives."""
        if self.returncode is None and select.select([self._told], [], [], 0)[0]:
            self.returncode = int(self._told.readline())
        return self.returncode

    def wait(self, timeout: float) -> int:
        """The same, within so many seconds. Raises TimeoutExpired."""
        if self.returncode is None and not select.select([self._told], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("bot", timeout)
        found = self.poll()
        assert found is not None
        return found

    def send_signal(self, number: int) -> None:
        """Nothing when it has ended: its number may be another's by now."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """As when the power goes."""
        self.send_signal(signal.SIGKILL)


class Mortal(Service):
    """The same service as in the kills, whose lives are forked and may end at a named point.

    `folder` holds its data, `desk` what it and the harness tell each other. `life`: the wait for a
    lock in ms (`busy`), `constants` of the program by "module:NAME", `no_pace`.
    """

    def __init__(self, folder: Path, desk: Path, life: dict[str, Any], **settings: str) -> None:
        super().__init__(folder, **settings)
        desk.mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        self.desk = desk
        self.log = desk / "service.log"
        self.life = life
        with self.log.open("ab") as log:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.process", str(desk)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self.environment,
            )

    def launch(self) -> None:
        """Begins a life; does not wait for it."""
        self.process = Life(self._nursery, {"environment": self.environment, **self.life})  # type: ignore[assignment]

    def lives(self) -> bool:
        """Whether a process is there."""
        return self.process is not None and self.process.poll() is None

    def arm(self, point: str, nth: int = 1) -> None:
        """Dies at the `nth` passing of a point from now on."""
        points.arm(self.desk, point, nth)

    def shift(self, seconds: float) -> None:
        """The machine's clock is wrong by so much from now on."""
        spare = self.desk / f"{SHIFT}.new"
        spare.write_text(str(seconds), "ascii")
        spare.replace(self.desk / SHIFT)

    def health(self) -> dict[str, Any]:
        """What /healthz says, and its `status`; nothing when it does not answer."""
        try:
            found = httpx.get(f"{self.url}/healthz", timeout=5, trust_env=False)
        except httpx.TransportError:
            return {}
        return {**found.json(), "status": found.status_code}

    def ended(self) -> float:
        """SIGTERM; how many seconds it took to end. Fails unless it ended well."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        assert code == 0, (code, self.log.read_text("utf-8")[-3000:])
        return time.monotonic() - began

    def close(self) -> None:
        """Ends the service and its nursery."""
        self.stop()
        for stream in (self._nursery.stdin, self._nursery.stdout):
            if stream is not None:
                stream.close()
        self._nursery.wait(10)
