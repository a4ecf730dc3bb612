"""PostgreSQL: serialisable transactions that are run again, news between processes, leases.

Every write is SERIALIZABLE: what two processes do at once comes out as if one had come first, or
one of them is run again, after a few vain tries alone. Whoever waits for commits is woken by
NOTIFY, whichever process wrote.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, TypeVar
from uuid import uuid4

import psycopg
from sqlalchemy import Connection, Engine, TextClause, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from storage.away import DatabaseAway
from storage.database import POSTGRESQL, Database, News, Session, Tells

T = TypeVar("T")
#: A transaction is run again this often when another came in between.
TRIES = 12
#: From this try on it waits until no other write runs, and keeps the others out: a long one that
#: reads much, as a tick does, would else be overtaken by short ones again and again.
ALONE_FROM = 3
#: Every write begins here, before it sees anything: side by side with others, or alone. It is a
#: table that only a migration writes; nobody who reads waits for it.
_BESIDE = text("LOCK TABLE alembic_version IN ROW SHARE MODE")
_ALONE = text("LOCK TABLE alembic_version IN EXCLUSIVE MODE")
#: Serialisation failure, deadlock, lock not available.
_AGAIN = frozenset({"40001", "40P01", "55P03"})
#: A key that another may just have taken; if it is our own fault it stays one.
_TAKEN, _TAKEN_TRIES = "23505", 4
#: What one replica waits for another's transaction, and a transaction for its own process, ms.
_LIMITS = "-c lock_timeout=10000 -c idle_in_transaction_session_timeout=15000"
_NEWS = "motdaumoi_news"
#: The number under which changes of the tables take turns.
_TABLES = 887_001
#: The listener looks up this often whether it is to end, and pauses so long after a fault, seconds.
_LOOKS_UP, _PAUSE = 0.5, 1.0

_CLAIM = """
INSERT INTO leases (name, owner, until)
VALUES (%(name)s, %(owner)s, clock_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
WHERE leases.owner = excluded.owner OR leases.until < clock_timestamp()
RETURNING owner
"""
_LET_GO = "DELETE FROM leases WHERE name = %(name)s AND owner = %(owner)s"


class Postgres(Database):
    """One server, any number of processes."""

    in_order = False

    def __init__(self, address: str) -> None:
        super().__init__(address)
        #: Who we are among the processes.
        self.me = uuid4().hex
        self.writer = _engine(address, "SERIALIZABLE")
        reader = _engine(address, "REPEATABLE READ")
        self._reader = reader.execution_options(postgresql_readonly=True)
        self._erased = threading.local()
        #: Writes of one process take turns: side by side they would only overtake one another.
        self._own_turn = threading.Lock()
        self._ending = threading.Event()
        self._listener: threading.Thread | None = None
        self._lease: psycopg.Connection[Any] | None = None
        self._leasing = threading.Lock()

    @property
    def reader(self) -> Engine:
        """A snapshot for each reader."""
        return self._reader

    def _commit(self, work: Callable[[Session], T], tells: Tells[T]) -> T:
        for attempt in range(1, TRIES + 1):
            self._erased.any = False
            try:
                result = self._once(work, tells, _BESIDE if attempt < ALONE_FROM else _ALONE)
                self.commits += 1
                break
            except DBAPIError as error:
                if attempt >= _tries(error):
                    raise
            # How long it waits is no secret.
            time.sleep(random.uniform(0.0, 0.004 * 2 ** min(attempt, 6)))  # nosec B311
        if self._erased.any:
            self._sweep()
        return result

    def _once(self, work: Callable[[Session], T], tells: Tells[T], gate: TextClause) -> T:
        # Who changes everything has kept the others out already, and waits for nobody.
        inside = self._in_whole() is not None
        turn = nullcontext() if inside else self._own_turn
        with turn, self._writing(), self._session(self.writer) as session, session.begin():
            if not inside:
                session.connection().execute(gate)
            result = work(session)
            if news := tells(result):
                told = f"{news.value} {self.me}"
                session.connection().execute(_TELL, {"news": _NEWS, "told": told})
            return result

    def _in_whole(self) -> Connection | None:
        """The transaction in which this thread changes everything, if it does."""
        found: Connection | None = getattr(self._inside, "whole", None)
        return found

    def _session(self, engine: Engine) -> Session:
        """Of the engine, or inside the transaction in which this thread changes everything."""
        whole = self._in_whole()
        if whole is None:
            return Session(engine, expire_on_commit=False)
        return Session(whole, expire_on_commit=False, join_transaction_mode="create_savepoint")

    def _read(self, work: Callable[[Session], T]) -> T:
        with self._session(self.reader) as session:
            return work(session)

    def leave_no_trace(self) -> None:
        """Old versions of the rows are removed; the server's own log turns over by itself."""
        self._erased.any = True

    def _sweep(self) -> None:
        with self.writer.connect() as connection:
            bare = connection.execution_options(isolation_level="AUTOCOMMIT")
            bare.execute(text("VACUUM contents, messages, drafts, inbox, incidents"))

    # News

    def listen(self) -> None:
        """From now on commits of other processes wake those who wait for commits here."""
        self._listener = threading.Thread(target=self._listens, name="listener", daemon=True)
        self._listener.start()

    def _listens(self) -> None:
        while not self._ending.is_set():
            try:
                with self._bare() as connection:
                    connection.execute(f"LISTEN {_NEWS}")
                    self.tell()  # what was missed while nobody listened
                    while not self._ending.is_set():
                        for heard in connection.notifies(timeout=_LOOKS_UP):
                            self._heard(heard.payload)
            except (psycopg.Error, DatabaseAway):
                self._ending.wait(_PAUSE)

    def _heard(self, told: str) -> None:
        news, _, who = told.rpartition(" ")
        if who != self.me:
            # A replica of an older version says only who it is.
            self.tell(News(int(news)) if news else News.ALL)

    def _bare(self) -> "psycopg.Connection[Any]":
        """A connection of its own, outside the pools, every statement by itself."""
        address = make_url(self.address).set(drivername="postgresql")
        return psycopg.connect(
            address.render_as_string(hide_password=False), autocommit=True, connect_timeout=3
        )

    # Leases

    def alone(self, name: str, owner: str, seconds: float) -> bool:
        """Holds as long as the server's clock says; on a connection of its own."""
        given = {"name": name, "owner": owner, "seconds": seconds}
        return bool(self._leased(_CLAIM, given))

    def let_go(self, name: str, owner: str) -> None:
        """The next one may have it at once."""
        self._leased(_LET_GO, {"name": name, "owner": owner})

    def _leased(self, statement: Any, given: dict[str, Any]) -> int:
        with self._leasing:
            try:
                if self._lease is None or self._lease.closed:
                    self._lease = self._bare()
                    self._lease.execute("SET statement_timeout = 2000")
                return self._lease.execute(statement, given).rowcount
            except psycopg.Error:
                if self._lease is not None:
                    self._lease.close()
                self._lease = None
                return 0

    @contextmanager
    def whole(self) -> Iterator[Connection]:
        """Changes of the tables take turns, over all processes."""
        engine = self.writer.execution_options(isolation_level="READ COMMITTED")
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:of)"), {"of": _TABLES})
            self._inside.whole = connection
            try:
                yield connection
            finally:
                self._inside.whole = None

    def close(self) -> None:
        """Lets go of every connection; the lease runs out or was given back."""
        self._ending.set()
        if self._listener is not None:
            self._listener.join(5)
        if self._lease is not None:
            self._lease.close()
        self.writer.dispose()
        self._reader.dispose()


def _tries(error: DBAPIError) -> int:
    """How often what ended so is tried in all."""
    state = getattr(error.orig, "sqlstate", None)
    return TRIES if state in _AGAIN else _TAKEN_TRIES if state == _TAKEN else 1


_TELL = text("SELECT pg_notify(:news, :told)")


def _engine(address: str, isolation: Any) -> Engine:
    assert address.startswith(POSTGRESQL)
    return create_engine(
        address,
        isolation_level=isolation,
        pool_size=8,
        max_overflow=8,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 3,
            "options": _LIMITS,
            # A server that is gone without a word is noticed within ten seconds.
            "keepalives_idle": 3,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 9000,
        },
    )
