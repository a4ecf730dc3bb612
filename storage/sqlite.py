"""SQLite: one writer thread with its engine, and a read-only engine for pages and queries."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event

from storage.database import SQLITE, Database, Session

T = TypeVar("T")
#: A statement is put into words once for both engines.
_COMPILED: dict[Any, Any] = {}


class Sqlite(Database):
    """One file, one process: whoever has it open is alone."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{SQLITE}{path}")
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.writer = _writer_engine(path)
        self._reader: Engine | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._leave_no_trace = False

    @property
    def reader(self) -> Engine:
        """The read-only engine; opened on first use, when the file exists."""
        if self._reader is None:
            self._reader = _reader_engine(self.path)
        return self._reader

    def _commit(self, work: Callable[[Session], T], quiet: bool) -> T:
        result = self._thread.submit(self._write, work).result()
        if self._leave_no_trace:
            self._leave_no_trace = False
            self._thread.submit(self.settle).result()
        return result

    def _write(self, work: Callable[[Session], T]) -> T:
        with (
            self._writing(),
            Session(self.writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            return work(session)

    def _read(self, work: Callable[[Session], T]) -> T:
        with Session(self.reader, expire_on_commit=False) as session:
            return work(session)

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
        self._thread.shutdown(wait=True)
        self.writer.dispose()
        if self._reader is not None:
            self._reader.dispose()


def _writer_engine(path: Path) -> Engine:
    engine = create_engine(
        f"{SQLITE}{path}",
        pool_size=1,
        max_overflow=0,
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
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _reader_engine(path: Path) -> Engine:
    address = f"sqlite:///file:{path}?mode=ro&uri=true"
    engine = create_engine(
        address,
        pool_size=8,
        max_overflow=8,
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
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine
