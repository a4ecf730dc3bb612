"""What goes wrong around the service, one after another, while people work and are asked on."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.faults.disk import Disk, unwritable
from tests.faults.oracle import Verdict
from tests.faults.storm import SEED, Storm
from tests.faults.wire import Wire
from tests.postgres_server import OwnServer

DAY = 86_400.0
#: The service gives up sooner than in earnest, so that a short outage is one.
HASTE: Mapping[str, float] = {
    "bot.channels.telegram.client:READ": 1.5,
    "bot.channels.telegram.client:CONNECT": 1.5,
    "bot.channels.telegram.channel:LONG_POLL": 2,
    "bot.web.health:_LEAST_PATIENCE": 1.0,
}
_LOCK = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
    " c.execute('BEGIN IMMEDIATE'); print('locked', flush=True); sys.stdin.read()"
)


def goes_by(storm: Storm, health: Callable[[dict[str, Any]], bool] | None, seconds: float) -> None:
    """The outage lasts until /healthz has named it, and so many seconds."""
    until = time.monotonic() + seconds
    if health is not None:
        storm.until(lambda: health(storm.service.health()), "a word of it on /healthz")
    while time.monotonic() < until:
        storm.beat()


def recovers(storm: Storm) -> None:
    """Everybody's next act is answered, and /healthz says that all is well."""
    began = time.monotonic()
    storm.notes_carried()
    walks = [one.heard_count for one in storm.walkers]
    storm.until(
        lambda: all(
            one.heard_count > before for one, before in zip(storm.walkers, walks, strict=True)
        ),
        "an answer for everybody",
    )
    storm.until(lambda: is_well(storm.service.health()), "health")
    print(f"recovered in {time.monotonic() - began:.1f} s")


def ends_well(storm: Storm) -> None:
    """Everybody ends his walk, the service ends, and nothing was lost or done twice."""
    storm.rest()
    storm.service.stop()
    verdict = Verdict(storm)
    print(f"MDM_KILL_SEED={SEED}: {verdict.figures()}")
    assert verdict.faults == [], "; ".join(verdict.faults)


def is_well(found: dict[str, Any]) -> bool:
    """Whether /healthz has nothing to say against anything."""
    return found.get("status") == 200 and set(found["channels"].values()) == {"ok"}


def no_tick(found: dict[str, Any]) -> bool:
    """Whether it says that nothing can be written: 503, and what stands still."""
    return found.get("status") == 503 and "down" in (found["tick"], found["database"])


def no_database(found: dict[str, Any]) -> bool:
    """Whether it says with 503 that the database is away."""
    return found.get("status") == 503 and found["database"] == "down"


def no_telegram(found: dict[str, Any]) -> bool:
    """Whether it names the channel, with 200."""
    return found.get("status") == 200 and found["channels"].get("telegram") == "down"


# Here


def disk_full(storm: Storm, disk: Disk, seconds: float) -> None:
    """No block is left on the disk; small changes may find room, and the tick be well then."""
    with disk.full(_process(storm)):
        goes_by(storm, None, seconds)


def read_only(storm: Storm, seconds: float) -> None:
    """The database takes no write under the running process."""
    with unwritable(_process(storm)):
        goes_by(storm, no_tick, seconds)


def read_only_at_the_start(storm: Storm, disk: Disk, seconds: float) -> None:
    """The process ends, and the next one finds a disk that it cannot write on."""
    storm.revives = False
    storm.kill()
    storm.buries()
    with disk.read_only():
        storm.service.launch()
        goes_by(storm, None, seconds)
        assert not is_well(storm.service.health())
        storm.kill()
    storm.revives = True


def locked(storm: Storm, seconds: float) -> None:
    """Another process holds the write lock, as a backup that has gone wrong would."""
    command = [sys.executable, "-c", _LOCK, str(storm.settings.database_path)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        # It lets go when nothing more can come in; leaving the block closes its input.
        goes_by(storm, no_tick, seconds)


def server_away(storm: Storm, server: OwnServer, seconds: float) -> None:
    """The server of the database crashes under the service, and is started again later."""
    server.breaks()
    goes_by(storm, no_database, seconds)
    assert storm.service.lives()
    server.comes_back()


def server_away_at_the_start(storm: Storm, server: OwnServer, seconds: float) -> None:
    """The process is killed, and the next one finds no server; it is started until it does."""
    storm.revives = False
    storm.kill()
    storm.buries()
    server.breaks()
    storm.service.launch()
    goes_by(storm, None, seconds)
    assert not is_well(storm.service.health())
    server.comes_back()
    if not storm.service.lives():
        storm.service.launch()
    storm.revives = True


def clock_jumps(storm: Storm, days: float, seconds: float) -> None:
    """The machine's clock is wrong by so many days, and right again; an album is on its way
    both times."""
    storm.service.shift(days * DAY)
    goes_by(storm, None, seconds)
    storm.service.shift(0.0)
    goes_by(storm, None, seconds / 2)


# There


@contextlib.contextmanager
def _lost_answers(storm: Storm) -> Iterator[None]:
    begun = datetime.now(UTC) - timedelta(seconds=1)
    yield
    storm.deaf.append((begun, datetime.now(UTC) + timedelta(seconds=1)))


def refused(storm: Storm, wire: Wire, seconds: float) -> None:
    """Nobody listens at Telegram's address."""
    with _lost_answers(storm):
        wire.refuses()
        goes_by(storm, no_telegram, seconds)
        wire.heals()


def half_open(storm: Storm, wire: Wire, seconds: float) -> None:
    """What the bot says arrives, and no answer comes back."""
    with _lost_answers(storm):
        wire.deaf()
        goes_by(storm, no_telegram, seconds)
        wire.heals()


def dead(storm: Storm, wire: Wire, seconds: float) -> None:
    """Connections stand and nothing goes through in either direction."""
    with _lost_answers(storm):
        wire.dead()
        goes_by(storm, no_telegram, seconds)
        wire.heals()


def answers(storm: Storm, kind: str, seconds: float, **more: Any) -> None:
    """Telegram answers so for a while, whatever is asked; to a question for updates too."""
    for method in ("*", "getUpdates"):
        storm.api.fault(method, kind, times=10_000, **more)
    goes_by(storm, None if kind == "429" else no_telegram, seconds)
    storm.api.clear_faults()


def lost_after(storm: Storm, kind: str, count: int) -> None:
    """So many sends are carried out, and their answer never comes."""
    storm.api.fault("sendMessage", kind, times=count, after=True)
    left = storm.api.state.faults.waiting
    storm.until(lambda: not left, "the end of the lost answers")


def no_such_host(storm: Storm, seconds: float) -> None:
    """The way to Telegram has a name that nobody knows: a real failure of DNS."""
    # Signals belong to the service once it serves: one that is still starting just ends.
    storm.until(storm.service.answers, "a service that serves")
    storm.service.ended()
    storm.buries()
    storm.service.environment["BOT_TELEGRAM_PROXY"] = "http://khong-co.invalid:3128"
    storm.service.launch()
    goes_by(storm, no_telegram, seconds)
    storm.service.ended()
    del storm.service.environment["BOT_TELEGRAM_PROXY"]


def _process(storm: Storm) -> int:
    process = storm.service.process
    assert process is not None
    return process.pid
