"""A thousand due incidents rung: claimed, worked out, written down, put into the outbox.

They are serious incidents of a quarter of an hour, ten in each of a hundred communes, whose
heads have not said "đã nhận". Beside them lie incidents that wait: eleven days old, rung long
since, with their next ring later. Projections are copies of incidents that went through the real
door; the journal is copied only for those that are rung, since a tick reads no other. As in a
service that stands, the ticks of the minute before have looked ahead; the row below tells what that
takes, and what a tick takes in a service that has just started.

The peer is APScheduler 3 with its SQLAlchemy store on the same kind of file (WAL,
synchronous=FULL): a thousand due jobs of ten thousand, each an empty coroutine, none lost for
being late. It rings nobody and writes no journal.
"""

import asyncio
import gc
import logging
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import create_engine, event
from sqlmodel import col, delete, select, update

from bot.ring import tick
from procedure.words import Severity
from storage.database import Session
from storage.tables import EntryRow, IncidentRow
from tests import databases
from tests.bench import crowd
from tests.bench.table import Row, median, spread
from tests.town import Town, local

DUE, FIRST = 1000, 10_000
OPEN = (1000, 10_000, 1_000_000)
ROUNDS = 3
JOBS = 10_000
#: The goals: so many times quicker than the peer, so many times the cost of 1,000, milliseconds.
QUICKER, COSTLIER, BLOCKED = 2.0, 4.0 if databases.ON_SERVER else 8.0, 25.0
#: How often the heart of the loop beats, seconds.
BEAT = 0.001


class Province:
    """A database with so many open incidents; a thousand of them are due at a time."""

    def __init__(self, folder: Path, many: int) -> None:
        self.town = Town(folder, local("01/10 09:20"))
        town = self.town
        crowd.settle_in(town)
        waiting = crowd.open_everywhere(town, Severity.ORDINARY)
        town.clock = local("12/10 09:00").astimezone(UTC)
        tick(town.world)
        models = crowd.rows_of(town, waiting)
        self.models = crowd.rows_of(town, crowd.open_everywhere(town))
        places = range(FIRST, FIRST + many)
        self.ids = sorted(random.Random(many).sample(places, DUE))
        kept = set(self.ids)
        crowd.copy(town, models, (id for id in places if id not in kept), "W")
        town.clock += timedelta(minutes=15, seconds=5)
        self.round = 0
        crowd.as_in_service(town)
        first = [one["id"] for one in (*models, *self.models)]
        assert min(one["next_ring_at"] for one in models) > town.clock + timedelta(minutes=10)
        self._write(lambda session: session.exec(_away(first)))

    def prepare(self) -> None:
        """The thousand of the last round are gone, another thousand is due; all was heard."""
        self.round += 1
        name = f"D{self.round}N"
        self._write(lambda session: session.exec(_gone(self.ids)))
        crowd.copy(self.town, self.models, self.ids, name)
        crowd.copy_journal(self.town, self.models, self.ids, name)
        crowd.heard(self.town)

    def looked_ahead(self) -> None:
        """What the ticks of the minute before do when nothing is due."""
        self.town.clock -= timedelta(minutes=1)
        found = 0
        while looked := self.town.world.foresight.look_ahead(self.town.world):
            found += looked
        self.town.clock += timedelta(minutes=1)
        assert found == DUE, found

    def _write(self, work: Any) -> None:
        self.town.world.db.write(work)

    def rung(self, *, ahead: bool = True) -> tuple[float, float]:
        """Milliseconds in which the thousand are foreseen, and in which they are rung."""
        self.prepare()
        looked = _timed(self.looked_ahead) if ahead else 0.0
        took = _timed(lambda: tick(self.town.world))
        self.check()
        return looked, took

    def check(self) -> None:
        """Every one of them has a ring in its journal, and the next one lies ahead."""
        name, now = f"incident-D{self.round}N%", self.town.clock

        def work(session: Session) -> tuple[int, int]:
            rung = select(EntryRow).where(
                col(EntryRow.stream).like(name), EntryRow.kind == "DutyRung"
            )
            late = select(IncidentRow).where(col(IncidentRow.next_ring_at) <= now)
            return len(session.exec(rung).all()), len(session.exec(late).all())

        assert self.town.world.db.read(work) == (DUE, 0)


def _timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _gone(ids: list[int]) -> Any:
    return delete(IncidentRow).where(col(IncidentRow.id).in_(ids))


def _away(ids: list[int]) -> Any:
    return update(IncidentRow).where(col(IncidentRow.id).in_(ids)).values(next_ring_at=None)


class Peer:
    """APScheduler's own durable store."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        engine = create_engine(f"sqlite:///{folder / 'jobs.db'}")

        @event.listens_for(engine, "connect")
        def _settle(connection: Any, record: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

        self.store = SQLAlchemyJobStore(engine=engine)
        asyncio.run(self._filled())

    async def _filled(self) -> None:
        with self._running() as scheduler:
            for n in range(JOBS - DUE):
                at = datetime.now(UTC) + timedelta(days=30, seconds=n)
                scheduler.add_job(fired, "date", run_date=at, misfire_grace_time=None)

    @contextmanager
    def _running(self) -> Iterator[AsyncIOScheduler]:
        scheduler = AsyncIOScheduler(timezone=UTC, jobstores={"default": self.store})
        scheduler.start(paused=True)
        try:
            yield scheduler
        finally:
            scheduler.shutdown(wait=False)

    async def fired(self) -> tuple[float, float]:
        """Milliseconds in which a thousand jobs fire, and the longest the loop stood still."""
        with self._running() as scheduler:
            at = datetime.now(UTC) - timedelta(seconds=1)
            for _ in range(DUE):
                scheduler.add_job(fired, "date", run_date=at, misfire_grace_time=None)
            FIRED.clear()
            heart = Heart()
            begun = time.perf_counter()
            scheduler.resume()
            while len(FIRED) < DUE:
                await asyncio.sleep(BEAT)
            took = (time.perf_counter() - begun) * 1000
            return took, await heart.worst()


FIRED: list[int] = []


async def fired() -> None:
    """What a job does."""
    FIRED.append(1)


class Heart:
    """Beats on the loop and knows by how much a beat came late."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self._task = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(BEAT)
            self.late.append((time.perf_counter() - begun - BEAT) * 1000)

    async def worst(self) -> float:
        """Stops; the latest beat, milliseconds."""
        await asyncio.sleep(2 * BEAT)
        self._task.cancel()
        return max(self.late)


async def beside(work: Any) -> float:
    """How long the loop stood still while something ran in a thread, as the scheduler's does."""
    heart = Heart()
    await asyncio.sleep(5 * BEAT)
    await asyncio.to_thread(work)
    return await heart.worst()


def rows() -> Iterator[Row]:
    """The thousand rung out of 10,000, out of 1,000,000, and the loop meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        provinces = {many: Province(root / f"open{many}", many) for many in OPEN}
        peer = Peer(root / "jobs")
        took: dict[Any, list[float]] = defaultdict(list)
        for _ in range(ROUNDS):
            for many, province in provinces.items():
                looked, rung = province.rung()
                took[many].append(rung)
                took["looked", many].append(looked)
            took["anew"].append(provinces[OPEN[1]].rung(ahead=False)[1])
            fired_in, stood = asyncio.run(peer.fired())
            took["jobs"].append(fired_in)
            took["stood"].append(stood)
        blocked, idle = _blocked(provinces[OPEN[1]])
        for province in provinces.values():
            province.town.close()
    yield from _costs(took)
    yield Row(
        f"the event loop at its longest stop while {DUE:,} are foreseen and rung, ms",
        f"{spread(blocked, 1)}; with nothing to do {spread(idle, 1)}",
        spread(took["stood"], 1),
        f"≤ {BLOCKED:.0f}",
        median(blocked) <= BLOCKED,
    )


def _costs(took: dict[Any, list[float]]) -> Iterator[Row]:
    few, some, many = (took[one] for one in OPEN)
    ratio = median(took["jobs"]) / median(some)
    yield Row(
        f"{DUE:,} due incidents rung out of {OPEN[1]:,} open, ms",
        f"{spread(some)}; {ratio:.2f}× as fast",
        f"{spread(took['jobs'])} (APScheduler's SQLAlchemy store, empty jobs)",
        f"≥ {QUICKER:.0f}× as fast",
        ratio >= QUICKER,
    )
    yield Row(
        "the same by a service that has just started, ms",
        spread(took["anew"]),
        f"worked out ahead in {spread(took['looked', OPEN[1]])} while nothing was due",
        "–",
    )
    yield _growth(few, many)


def _growth(few: list[float], many: list[float]) -> Row:
    growth = median(many) / median(few)
    return Row(
        f"{DUE:,} due incidents rung out of {OPEN[2]:,} open, ms",
        f"{spread(many)}; {growth:.2f}× the cost out of {OPEN[0]:,}",
        f"{spread(few)} (out of {OPEN[0]:,})",
        f"≤ {COSTLIER:.0f}×",
        growth <= COSTLIER,
    )


def growth() -> Iterator[Row]:
    """Only what it costs out of many and out of few, on whichever database is in use."""
    with tempfile.TemporaryDirectory() as folder:
        provinces = {many: Province(Path(folder) / f"open{many}", many) for many in OPEN[::2]}
        took: dict[int, list[float]] = defaultdict(list)
        for _ in range(ROUNDS):
            for many, province in provinces.items():
                took[many].append(province.rung()[1])
        for province in provinces.values():
            province.town.close()
    yield _growth(*took.values())


def _blocked(province: Province) -> tuple[list[float], list[float]]:
    """The longest stop of the loop in each round, while the clock looks ahead and rings, and while
    it does nothing but sleep."""
    found: list[float] = []
    idle: list[float] = []
    gc.collect()
    gc.freeze()  # As the service does with what it has begun with.
    for _ in range(ROUNDS):
        idle.append(asyncio.run(beside(lambda: time.sleep(0.5))))
        province.prepare()
        ahead = asyncio.run(beside(province.looked_ahead))
        rung = asyncio.run(beside(lambda: tick(province.town.world)))
        found.append(max(ahead, rung))
        province.check()
    return found, idle


def quiet() -> None:
    """Only what goes wrong is logged."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
