"""SQLite: one writer at a time with its engine, and a read-only engine for pages and queries.

Writes that wait at the same time share a commit: of a durable commit the flush to the disk is the
price. Nothing is done before the commit of all has returned, and when anything goes wrong, all is
rolled back and each is run again alone.
"""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from storage.database import SQLITE, Database, InARow, Session, Tells
from storage.prepared import next_in_a_row, says
from storage.standing import Standing, stands

T = TypeVar("T")
#: A statement is put into words once for all engines of the process.
_COMPILED: dict[Any, Any] = {}
_DRIVER = "sqlite+shared"
#: Writes that share a commit at the most, and how long what comes in a row may hold it up, seconds.
_TOGETHER, _LONGEST = 32, 0.025
#: Connections that are kept to read with; more are opened, and let go, when more read at a time.
_READERS = 8


class Shared(SQLiteDialect_pysqlite):
    """The same for every engine: what was put into words for one is good for another."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


registry.register(_DRIVER.replace("+", "."), __name__, Shared.__name__)


class GaveUp(Exception):
    """What shares a commit is to be run again, each alone."""


@dataclass(frozen=True)
class Job:
    """A write that waits; with `most` it is one of many alike that come in a row.

    Where it `goes_on` after what it made, `then` shares its commit.
    """

    work: Callable[[Session], Any]
    most: int | None = None
    then: InARow[Any] | None = None
    goes_on: Callable[[Any], bool] = bool
    made: Future[Any] = field(default_factory=Future)


class Sqlite(Database):
    """One file, one process: whoever has it open is alone."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{SQLITE}{path}")
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.writer = _writer_engine(path)
        self._reader: Engine | None = None
        self._jobs: deque[Job] = deque()
        #: Held by whoever looks whose turn it is to write; `_busy` while somebody does.
        self._pen = threading.Condition()
        self._busy = self._closed = False
        self._leave_no_trace = False
        self._writes: Standing | None = None
        #: Those that nobody reads with just now.
        self._reads: list[Standing] = []

    @property
    def reader(self) -> Engine:
        """The read-only engine; opened on first use, when the file exists."""
        if self._reader is None:
            self._reader = _reader_engine(self.path)
        return self._reader

    def _commit(self, work: Callable[[Session], T], tells: Tells[T]) -> T:
        news, then = self.next_here()
        made: T
        made, followed = self._done(Job(work, then=then, goes_on=lambda made: tells(made) is news))
        if then is not None and followed is not None:
            done, ended = _ended(followed)
            then.add(done, ended)
            if done:
                self.tell(then.news)
        return made

    def _each(self, row: InARow[T]) -> tuple[list[T], bool]:
        """As many as fit into a moment share one commit."""
        with self._outside():
            return _ended(self._done(Job(row.work, row.most)))

    def _done(self, job: Job) -> Any:
        """What came of a job. Whoever finds nobody at work writes for all who wait: to hand each
        write to a thread of its own would cost two changes of threads."""
        self._jobs.append(job)
        while not self._is_done(job):
            jobs = [self._jobs.popleft() for _ in range(min(_TOGETHER, len(self._jobs)))]
            try:
                self._work_off(jobs)
            except BaseException as error:  # We are ended in the middle: nobody waits for ever.
                for one in jobs:
                    if not one.made.done():
                        one.made.set_exception(error)
            finally:
                self._rests()
        return job.made.result()

    def _is_done(self, job: Job) -> bool:
        """Waits until a job was done by somebody; False where it has fallen to us to write."""
        with self._pen:
            self._pen.wait_for(lambda: job.made.done() or not self._busy)
            if job.made.done():
                return True
            if self._closed:
                self._jobs.remove(job)
                raise RuntimeError("the database is closed")
            self._busy = True
            return False

    def _rests(self) -> None:
        with self._pen:
            self._busy = False
            self._pen.notify_all()

    def _work_off(self, jobs: Sequence[Job]) -> None:
        """Together if that goes well, else one after the other."""
        if len(jobs) > 1 or jobs[0].then:
            try:
                made = self._together(jobs)
            except Exception as error:
                if _is_held(error):  # Each alone would wait as long again.
                    for job in jobs:
                        job.made.set_exception(error)
                    return
            else:
                for job, one in zip(jobs, made, strict=True):
                    job.made.set_result(one)
                return
        for job in jobs:
            try:
                found = self._in_a_row(job) if job.most else (self._alone(job.work), None)
            except BaseException as error:
                job.made.set_exception(error)
            else:
                job.made.set_result(found)

    def _in_a_row(self, job: Job) -> list[Any]:
        """Together if that goes well, else one by one up to the first that goes wrong; a None at
        the end says that there is nothing more."""
        try:
            found: list[Any] = self._together([job])[0]
        except Exception:
            found = []
            while len(found) < (job.most or 0):
                try:
                    one = self._alone(job.work)
                except Exception:
                    if found:
                        break  # The next call meets it first.
                    raise
                found.append(one)
                if one is None:
                    break
        return found

    def _together(self, jobs: Sequence[Job]) -> list[Any]:
        """Everything in one transaction; what each of them made."""
        with self._writing(), self._transaction() as (session, connection):
            made = [self._part(session, connection, job) for job in jobs]
        # Else nothing was there to be done.
        if not all(job.most and one == [None] for job, one in zip(jobs, made, strict=True)):
            self._committed()
        return made

    def _alone(self, work: Callable[[Session], T]) -> T:
        """In a transaction of its own."""
        with self._writing(), self._transaction() as (session, _):
            made = work(session)
        self._committed()
        return made

    @contextmanager
    def _transaction(self) -> Iterator[tuple[Session, Connection]]:
        standing = self._writes or Standing(self.writer, "BEGIN IMMEDIATE", writes=True)
        self._writes = None
        try:
            with standing.transaction() as session:
                yield session, standing.connection
        except BaseException:
            standing.close()
            raise
        self._writes = standing

    def _committed(self) -> None:
        self.commits += 1
        if self._leave_no_trace:
            self._leave_no_trace = False
            self.settle()

    def _part(self, session: Session, connection: Connection, job: Job) -> Any:
        """A part of the whole: what it raises gives up all, and each is run again alone."""
        if job.most:
            return self._row(session, connection, job.work, job.most)
        made, then = _done_in(session, connection, job.work), job.then
        if then is None or not job.goes_on(made):
            return made, None
        return made, self._row(session, connection, then.work, then.most)

    def _row(
        self, session: Session, connection: Connection, work: Callable[[Session], Any], most: int
    ) -> list[Any]:
        found: list[Any] = []
        until = time.monotonic() + _LONGEST
        while len(found) < most and (not found or time.monotonic() < until):
            found.append(_done_in(session, connection, work))
            if found[-1] is None:
                break
        return found

    def _read(self, work: Callable[[Session], T]) -> T:
        try:
            standing = self._reads.pop()
        except IndexError:
            standing = Standing(self.reader, "BEGIN", writes=False)
        try:
            with standing.transaction() as session:
                made = work(session)
        except BaseException:
            standing.close()
            raise
        if len(self._reads) < _READERS and not self._closed:
            self._reads.append(standing)
        else:
            standing.close()
        return made

    def leave_no_trace(self) -> None:
        """The write-ahead log is emptied too: erased words are gone."""
        self._leave_no_trace = True

    def settle(self) -> None:
        """Brings everything into the one file."""
        raw = self.writer.raw_connection()  # a checkpoint stands in no transaction
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()

    def alone(self, name: str, owner: str, seconds: float) -> bool:
        """Always: a second process on the file is refused at its start."""
        return True

    def let_go(self, name: str, owner: str) -> None:
        """Nothing was taken."""

    @contextmanager
    def whole(self) -> Iterator[Connection]:
        """One transaction that holds the file."""
        with self.writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Waits for the running write and lets go of the file."""
        with self._pen:
            self._pen.wait_for(lambda: not self._busy and not self._jobs)
            self._closed = True
        for standing in (self._writes, *self._reads):
            if standing is not None:
                standing.close()
        self._writes, self._reads = None, []
        self.writer.dispose()
        if self._reader is not None:
            self._reader.dispose()


def _ended(made: list[T | None]) -> tuple[list[T], bool]:
    """What was done in a row, and whether nothing more was there."""
    done = [one for one in made if one is not None]
    return done, len(done) < len(made)


def _done_in(session: Session, connection: Connection, work: Callable[[Session], T]) -> T:
    made = work(session)
    session.flush()
    if not _underway(connection):
        raise GaveUp("SQLite has rolled back by itself")
    next_in_a_row(session)
    return made


def _underway(connection: Connection) -> bool:
    """False when SQLite has given up the whole transaction, as it does where the disk is full."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw.in_transaction


def _is_held(error: Exception) -> bool:
    """Somebody else has had the file for longer than one waits."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _writer_engine(path: Path) -> Engine:
    engine = create_engine(
        f"{_DRIVER}:///{path}",
        pool_size=1,  # It stands; what stands in no transaction or changes tables has its own.
        max_overflow=1,
        hide_parameters=True,
        execution_options={"compiled_cache": _COMPILED},
    )

    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, record: Any) -> None:
        # The driver's own transactions begin deferred and lose updates; ours begin at once.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not stands(connection):
            says(connection, "BEGIN IMMEDIATE")

    return engine


def _reader_engine(path: Path) -> Engine:
    address = f"{_DRIVER}:///file:{path}?mode=ro&uri=true"
    engine = create_engine(
        address,
        pool_size=_READERS,
        max_overflow=8,
        pool_use_lifo=True,  # What the last one has read and prepared is at hand.
        hide_parameters=True,
        execution_options={"compiled_cache": _COMPILED},
    )

    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, record: Any) -> None:
        # The driver begins nothing for a query: two looks would see two states of things.
        connection.isolation_level = None
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA busy_timeout=5000")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not stands(connection):
            says(connection, "BEGIN")

    return engine
