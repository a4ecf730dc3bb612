"""`python -m bot run` on real files, as it is killed and started again."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

from tests import databases
from tests.e2e.server import ROOT
from tests.ports import free_port

PATIENCE = 60.0
#: What is still on its way: updates to handle, prompts to send, buttons to take off a screen.
_WAITING = (
    "SELECT count(*) FROM inbox WHERE state IN ('new', 'fetch')",
    "SELECT count(*) FROM messages WHERE state = 'queued'",
    "SELECT count(*) FROM messages JOIN chats ON chats.id = messages.chat"
    " WHERE channel = 'telegram' AND sender = 'bot' AND state = 'sent' AND choices != '[]'"
    " AND NOT tidied AND (superseded OR answered IS NOT NULL)",
)


def eventually(what: str, done: Callable[[], bool]) -> None:
    """Returns once it is so; fails after a minute."""
    until = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < until, f"it never came: {what}"
        time.sleep(0.02)


class Service:
    """One process at a time, always on the same port and the same files."""

    def __init__(self, folder: Path, *, name: str = "service", **settings: str) -> None:
        self.folder = folder
        self.database = folder / "motdaumoi.db"
        self.log = folder / f"{name}.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {key: value for key, value in os.environ.items() if not key.startswith("BOT_")}
        ours = {"BOT_DATA_DIR": str(folder), "BOT_PORT": str(self.port)}
        self.environment = kept | ours | databases.environment(folder) | settings
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Begins a process; does not wait for it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.kills.brisk", "run"],
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def kill(self) -> None:
        """As when the power goes."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)

    def stop(self) -> None:
        """Ends it calmly; by force when it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def answers(self) -> bool:
        """Whether it serves."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, ConnectionError, HTTPException):
            return False

    def waits(self) -> None:
        """Until it serves; fails with its log."""
        try:
            eventually("the service", self.answers)
        except AssertionError:
            raise AssertionError(self.log.read_text("utf-8")[-3000:]) from None

    def calm(self) -> bool:
        """Whether everything that came in is handled and all that was to be told is told."""
        try:
            with databases.opened(self.folder) as connection:
                return not any(connection.execute(one).fetchone()[0] for one in _WAITING)
        except sqlite3.OperationalError:
            return False  # Between two processes the log of the database is being read again.
