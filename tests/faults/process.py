"""The entry under which the real service runs here: `python -m tests.faults.process FOLDER`.

FOLDER holds what the harness and the lives tell each other, never the data. The program is imported
once and then forks a life at each line of JSON on its standard input, for
a start costs three seconds of imports otherwise. A life is a process of its own that wraps the
crash points, settles what the line asks for, and runs `bot run` like anybody. Printed are its
number, and how it ended.
"""

import importlib
import json
import os
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.faults import points

#: In the same folder: by how many seconds the machine's clock is wrong.
SHIFT = "shift"


def main() -> None:
    """Forks lives until standard input ends; returns only within a life, when that has ended."""
    folder = Path(sys.argv[1])
    importlib.import_module("bot.cli")
    importlib.import_module("bot.service")
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _live(folder, asked)
            return
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    os._exit(0)


def _live(folder: Path, asked: dict[str, Any]) -> None:
    """One life, from the settings to the end of the service. Raises SystemExit."""
    _own_streams(folder)
    os.environ.update(asked["environment"])
    points.install(folder)
    _shift_clock(folder / SHIFT)
    if asked.get("busy"):
        _give_up_after(int(asked["busy"]))
    for name, value in asked.get("constants", {}).items():
        module, _, attribute = name.partition(":")
        owner = importlib.import_module(module)
        # Raises AttributeError for a name that the code has no more.
        spans = isinstance(getattr(owner, attribute), timedelta)
        setattr(owner, attribute, timedelta(seconds=value) if spans else value)
    if asked.get("no_pace"):
        _without_pace()
        _without_measure()
    sys.argv = ["bot", "run"]
    from bot.__main__ import main as bot

    bot()


def _own_streams(folder: Path) -> None:
    """The log goes to a file; standard input and output belong to the parent."""
    nothing = os.open(os.devnull, os.O_RDWR)
    log = os.open(folder / "service.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream, to in ((0, nothing), (1, nothing), (2, log)):
        os.dup2(to, stream)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 -- read for the whole life


def _shift_clock(path: Path) -> None:
    """The machine's clock, as the service reads it, is wrong by what the file says."""
    from bot.present import Present

    right = Present.__call__

    def wrong(self: Present) -> datetime:
        try:
            seconds = float(path.read_text("ascii") or 0)
        except FileNotFoundError:
            seconds = 0.0
        return right(self) + timedelta(seconds=seconds)

    Present.__call__ = wrong  # type: ignore[method-assign]


def _give_up_after(milliseconds: int) -> None:
    """The writer waits less long for a lock than in earnest."""
    from sqlalchemy import event

    from storage import sqlite as database

    made = database._writer_engine

    def hasty(path: Path) -> Any:
        engine = made(path)

        @event.listens_for(engine, "connect")
        def settle(connection: Any, record: Any) -> None:
            connection.execute(f"PRAGMA busy_timeout={milliseconds}")

        return engine

    database._writer_engine = hasty


def _without_pace() -> None:
    """Only what Telegram itself says is obeyed: the pace has tests of its own."""
    from bot.channels.telegram.channel import Telegram
    from bot.channels.telegram.pace import NO_LIMITS

    defaults = Telegram.__init__.__kwdefaults__
    assert defaults is not None and "allowed" in defaults
    defaults["allowed"] = NO_LIMITS


def _without_measure() -> None:
    """People here think for milliseconds; what is too much of one person has tests of its own."""
    from bot import flood
    from bot.channels.telegram import measure

    endless = replace(flood.PERSON, burst=1_000_000)
    assert measure.PERSON is flood.PERSON
    flood.PERSON = measure.PERSON = endless


if __name__ == "__main__":
    main()
