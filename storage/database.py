"""The database, spoken to synchronously: one writer, many readers (design.md §2e)."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlmodel import Session as Session

T = TypeVar("T")


class Database:
    """One writer thread with its engine, and a read-only engine for pages and queries."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.writer = _writer_engine(path)
        self._reader: Engine | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._inside = threading.local()
        self.after_commit: list[Callable[[], None]] = []
        self._leave_no_trace = False

    @property
    def reader(self) -> Engine:
        """The read-only engine; opened on first use, when the file exists."""
        if self._reader is None:
            self._reader = _reader_engine(self.path)
        return self._reader

    def write(self, work: Callable[[Session], T], *, quiet: bool = False) -> T:
        """Runs `work` in one transaction on the writer thread; what it raises rolls it back.

        Nothing counts as done before this returns. A `quiet` one is news to nobody: whoever
        waits for commits sleeps on.
        """
        if getattr(self._inside, "writing", False):
            raise RuntimeError("a write inside a write")
        result = self._thread.submit(self._write, work).result()
        if self._leave_no_trace:
            self._leave_no_trace = False
            self._thread.submit(self._empty_log).result()
        if not quiet:
            self.tell()
        return result

    def tell(self) -> None:
        """Wakes whoever waits for a commit."""
        for told in self.after_commit:
            told()

    def _write(self, work: Callable[[Session], T]) -> T:
        self._inside.writing = True
        try:
            with Session(self.writer, expire_on_commit=False) as session, session.begin():
                return work(session)
        finally:
            self._inside.writing = False

    def leave_no_trace(self) -> None:
        """After the running write the write-ahead log is emptied too: erased words are gone."""
        self._leave_no_trace = True

    def _empty_log(self) -> None:
        raw = self.writer.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()

    def read(self, work: Callable[[Session], T]) -> T:
        """Runs `work` on a read-only snapshot, in the calling thread."""
        with Session(self.reader, expire_on_commit=False) as session:
            return work(session)

    def close(self) -> None:
        """Waits for the running write and lets go of the file."""
        self._thread.shutdown(wait=True)
        self.writer.dispose()
        if self._reader is not None:
            self._reader.dispose()


def _writer_engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", pool_size=1, max_overflow=0, hide_parameters=True)

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
    engine = create_engine(address, pool_size=8, max_overflow=8, hide_parameters=True)

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
