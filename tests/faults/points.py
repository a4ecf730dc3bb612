"""The named crash points: where in the real code the process dies, between two commits.

The product knows nothing of them: `install` wraps the named functions in the child process before
`bot` runs. Each passing is written down, so that a point that nothing reaches is seen.
"""

import contextlib
import functools
import importlib
import inspect
import os
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Both lie in the harness's folder: the point to die at, and every passing so far.
ARMED, PASSED = "armed", "passed"


@dataclass(frozen=True)
class Point:
    """`at`: "module:name", or "module:Class.name", as it is looked up when it is called.

    `when`: before the call, or after it. Without `always` a passing counts only when the call
    returned something: an empty poll, or a tick that rang nothing, is no moment of interest.
    """

    at: str
    when: str = "after"
    always: bool = False


_TELEGRAM = "bot.channels.telegram"
POINTS: Mapping[str, Point] = {
    # The way in.
    "updates_received": Point(f"{_TELEGRAM}.client:Client.updates"),
    "accept_before_commit": Point("bot.accept:_take"),
    "accept_committed": Point(f"{_TELEGRAM}.receive:accept_all"),
    "offset_marked": Point(f"{_TELEGRAM}.receive:Receiver._take_all", always=True),
    "tap_before_confirm": Point(f"{_TELEGRAM}.receive:Receiver.confirm", "before"),
    "web_stored": Point("bot.web.chat:accept"),
    # Files.
    "file_fetched": Point(f"{_TELEGRAM}.fetch:Fetcher._file"),
    "file_renamed": Point("bot.files:place", always=True),
    # The turn.
    "turn_before_commit": Point("bot.turn:_handle", always=True),
    "turn_committed": Point("bot.turn:Batch.take"),
    # The way out.
    "send_before": Point(f"{_TELEGRAM}.post:Poster.post", "before"),
    "send_answered": Point(f"{_TELEGRAM}.post:Poster.post"),
    "send_marked": Point(f"{_TELEGRAM}.mark:Marker.posted", always=True),
    "web_before_commit": Point("bot.deliver:_deliver_batch"),
    "tidy_before_note": Point(f"{_TELEGRAM}.tidy:Tidier._tidied", "before"),
    # The clock.
    "tick_claimed": Point("bot.ring:Ticker.run"),
    "tick_committed": Point("bot.clock:ring_all"),
    "digest_before_commit": Point("bot.digest:_release"),
    # Rooms.
    "topic_made": Point(f"{_TELEGRAM}.keep_rooms:RoomKeeper._opened", "before"),
    "card_sent": Point(f"{_TELEGRAM}.keep_rooms:RoomKeeper._carded", "before"),
    "card_noted": Point(f"{_TELEGRAM}.keep_rooms:RoomKeeper._carded", always=True),
    "card_before_note": Point(f"{_TELEGRAM}.keep_rooms:RoomKeeper._told", "before"),
}


class Ledger:
    """Writes every passing down and ends the process at the armed one."""

    def __init__(self, folder: Path) -> None:
        self.armed = folder / ARMED
        self._passed = os.open(folder / PASSED, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._one = threading.Lock()

    def passes(self, name: str) -> None:
        """The process is at this point now; it does not return from the armed passing."""
        with self._one:
            with contextlib.suppress(OSError):  # The disk may be full, by intent.
                os.write(self._passed, f"{name}\n".encode())
            try:
                armed, left = self.armed.read_text("ascii").split()
            except (FileNotFoundError, ValueError):
                return
            if armed != name:
                return
            if int(left) > 1:
                self.armed.write_text(f"{name} {int(left) - 1}", "ascii")
                return
            self.armed.unlink()
            os.kill(os.getpid(), signal.SIGKILL)


def arm(folder: Path, name: str, nth: int = 1) -> None:
    """The `nth` passing of this point from now on is the last thing that the process does."""
    assert name in POINTS, name
    spare = folder / f"{ARMED}.new"
    spare.write_text(f"{name} {nth}", "ascii")
    spare.replace(folder / ARMED)


def passed(folder: Path) -> Mapping[str, int]:
    """How often each point has been passed, in all lives of the process."""
    try:
        names = (folder / PASSED).read_text("ascii").split()
    except FileNotFoundError:
        names = []
    return {name: names.count(name) for name in POINTS}


def install(folder: Path) -> None:
    """Wraps every named function. Raises AttributeError for a name that the code has no more."""
    ledger = Ledger(folder)
    for name, point in POINTS.items():
        _wrap(name, point, ledger)


def _wrap(name: str, point: Point, ledger: Ledger) -> None:
    module, _, path = point.at.partition(":")
    owner: Any = importlib.import_module(module)
    *outer, last = path.split(".")
    for one in outer:
        owner = getattr(owner, one)
    setattr(owner, last, _passing(getattr(owner, last), name, point, ledger))


def _passing(call: Callable[..., Any], name: str, point: Point, ledger: Ledger) -> Any:
    def after(found: Any) -> Any:
        if point.when == "after" and (point.always or found):
            ledger.passes(name)
        return found

    def before() -> None:
        if point.when == "before":
            ledger.passes(name)

    if inspect.iscoroutinefunction(call):

        @functools.wraps(call)
        async def later(*args: Any, **more: Any) -> Any:
            before()
            return after(await call(*args, **more))

        return later

    @functools.wraps(call)
    def now(*args: Any, **more: Any) -> Any:
        before()
        return after(call(*args, **more))

    return now
