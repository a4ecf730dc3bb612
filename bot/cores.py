"""The service keeps to one core of the machine, the calmest.

The interpreter lets one thread run at a time. Where its threads may use several cores, each hands
over to the next on another one, waits for it and finds its caches cold: a third of the processor
time goes there (docs/benchmarks.md). Somebody else may come to need our core, so we look again
every few seconds where it is calm.
"""

import asyncio
import os
import random
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

log = structlog.get_logger()
#: Looked again after so long at least and at most, seconds: two services that share a core are not
#: to look, and move, in the same moment.
_LOOK_AFTER, _AT_LATEST = 4.0, 8.0
#: We move where another core is calmer by this part of its time.
_WORTH_IT = 0.25
_TASKS, _STAT = Path("/proc/self/task"), Path("/proc/stat")
#: Where a line of /proc/stat counts what was idle: idle, iowait.
_IDLE = slice(3, 5)
#: user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted there already.
_COUNTED = slice(0, 8)


@dataclass(frozen=True)
class Seen:
    """How long each core has been busy so far, and we on all of them, seconds; and when that was
    seen, by a clock that never goes back."""

    at: float
    busy: Mapping[int, float]
    ours: float


def calmer(core: int, before: Seen, now: Seen) -> int:
    """The core to be on: `core`, or one that others use clearly less. Pure."""
    span = now.at - before.at
    if span <= 0 or core not in now.busy:
        return core
    used = {one: (busy - before.busy.get(one, busy)) / span for one, busy in now.busy.items()}
    used[core] = max(0.0, used[core] - (now.ours - before.ours) / span)
    best = min(used, key=lambda one: (used[one], one != core))
    return best if used[best] + _WORTH_IT <= used[core] else core


def seen(among: frozenset[int]) -> Seen:
    """What the machine says of these cores now. Raises OSError where it does not."""
    tick = os.sysconf("SC_CLK_TCK")
    busy = {}
    for line in _STAT.read_text("ascii").splitlines():
        name, *counted = line.split()
        core = name.removeprefix("cpu")
        if name != core and core.isdecimal() and int(core) in among:
            times = [int(one) for one in counted[_COUNTED]]
            busy[int(core)] = (sum(times) - sum(times[_IDLE])) / tick
    return Seen(time.monotonic(), busy, time.process_time())


class Core:
    """Holds the process on one core at a time, among those that it was given."""

    def __init__(self) -> None:
        self.given = frozenset(_given())
        #: None while nothing is held.
        self.held: int | None = None

    async def keep(self) -> None:
        """Until it is cancelled; then every core may be used again. Where the machine has but
        one, or lets nobody choose, it does nothing."""
        if len(self.given) < 2 or not self._hold(random.choice(sorted(self.given))):
            return
        try:
            with suppress(OSError):  # Where nothing is said of the cores it stays where it is.
                await self._follow()
            await asyncio.Event().wait()
        finally:
            with suppress(OSError):  # The machine may have fewer by now.
                _let(self.given)
            self.held = None

    async def _follow(self) -> None:
        before = seen(self.given)
        while self.held is not None:
            await asyncio.sleep(random.uniform(_LOOK_AFTER, _AT_LATEST))
            now = seen(self.given)
            better = calmer(self.held, before, now)
            if better != self.held:
                self._hold(better)
            before = now

    def _hold(self, core: int) -> bool:
        try:
            _let({core})
        except OSError as error:
            log.info("core_not_held", why=error.strerror)
            return False
        self.held = core
        log.info("core_held", core=core)
        return True


def _given() -> set[int]:
    if not hasattr(os, "sched_setaffinity") or not _TASKS.is_dir():
        return set()
    return set(os.sched_getaffinity(0))


def _let(cores: set[int] | frozenset[int]) -> None:
    """Every thread that runs now may use these; who is started later inherits it."""
    for task in list(_TASKS.iterdir()):
        with suppress(ProcessLookupError):  # It has ended meanwhile.
            os.sched_setaffinity(int(task.name), cores)
