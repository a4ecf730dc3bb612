"""The database, spoken to synchronously: writes in one transaction each, reads on a snapshot.

What stands here is the same for both kinds; storage.sqlite and storage.postgres say how each
keeps it (design.md §2e).
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Flag, auto
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session as Session

from storage.away import DatabaseAway, is_away

T = TypeVar("T")


class News(Flag):
    """What a commit has made, for those who look again then."""

    NONE = 0
    #: Updates came in.
    UPDATES = auto()
    #: All else: what updates came to, what is to be sent, what falls due.
    REST = auto()
    ALL = UPDATES | REST


#: What a write is news of, by what it made.
Tells = Callable[[T], News]
SQLITE, POSTGRESQL = "sqlite:///", "postgresql+psycopg://"


@dataclass
class InARow(Generic[T]):
    """Alike pieces of work: `work` again and again until it returns None, `most` times at the most.

    What it does is `news`; nothing that was not done.
    """

    work: Callable[[Session], T | None]
    most: int
    news: News
    #: What shared the commits of the writes before it, and whether nothing more is there.
    shared: tuple[list[T], bool] | None = None

    def add(self, made: list[T], ended: bool) -> None:
        """So much more has shared a commit."""
        before = self.shared[0] if self.shared else []
        self.shared = [*before, *made], ended


def _of_all(_result: object) -> News:
    return News.ALL


def quietly(_result: object) -> News:
    """Nobody is woken."""
    return News.NONE


class Database(ABC):
    """One database, at `address`; `writer` and `reader` are its engines, the second only reads."""

    writer: Engine
    #: Whether rows get rising numbers in the order in which they can be seen.
    in_order = True

    def __init__(self, address: str) -> None:
        self.address = address
        self._inside = threading.local()
        self.after_commit: list[Callable[[News], None]] = []
        #: Transactions that were committed by this process.
        self.commits = 0

    def write(self, work: Callable[[Session], T], tells: Tells[T] = _of_all) -> T:
        """Runs `work` in one transaction; what it raises rolls it back.

        Nothing counts as done before this returns. Where another writer came in between it is
        run again from the start, so it changes nothing outside the session. Who waits for commits
        is woken by what it `tells` of. Raises DatabaseAway.
        """
        with self._outside():
            result = self._commit(work, tells)
        self.tell(tells(result))
        return result

    def write_each(self, row: InARow[T]) -> tuple[list[T], bool]:
        """Does what comes in a row, each piece whole or nothing, as in `write`.

        Returns what those returned that are done, in order, and whether the last one said that
        there is nothing more. It may stop earlier. What one raises is raised when none was done
        before it; else the next call meets it. What is done already with the write before
        (`sees_to`) is returned at once. Raises DatabaseAway.
        """
        shared, row.shared = row.shared, None
        if shared is not None:
            return shared
        made, ended = self._each(row)
        if made:
            self.tell(row.news)
        return made, ended

    def _each(self, row: InARow[T]) -> tuple[list[T], bool]:
        made: list[T] = []
        while len(made) < row.most:
            try:
                with self._outside():
                    one = self._commit(
                        row.work, lambda made: News.NONE if made is None else row.news
                    )
            except Exception:
                if made:
                    break
                raise
            if one is None:
                return made, True
            made.append(one)
        return made, False

    def read(self, work: Callable[[Session], T]) -> T:
        """Runs `work` on a read-only snapshot, in the calling thread. Raises DatabaseAway."""
        with self._reached():
            return self._read(work)

    @contextmanager
    def _outside(self) -> Iterator[None]:
        if getattr(self._inside, "writing", False):
            raise RuntimeError("a write inside a write")
        with self._reached():
            yield

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if is_away(error):
                raise DatabaseAway(str(error.orig)) from error
            raise

    def tell(self, news: News = News.ALL) -> None:
        """Wakes whoever waits for a commit."""
        if news and news != self.next_here()[0]:
            for told in self.after_commit:
                told(news)

    @contextmanager
    def sees_to(self, news: News, row: InARow[Any] | None = None) -> Iterator[None]:
        """What this thread commits meanwhile and is news of that alone wakes nobody of this
        process: the thread sees to it itself, next, with `write_each(row)`. Where it can, the
        database does so in the same commit."""
        self._inside.seen_to, self._inside.row = news, row
        try:
            yield
        finally:
            self._inside.seen_to, self._inside.row = News.NONE, None

    def next_here(self) -> tuple[News, InARow[Any] | None]:
        """What this thread sees to itself next, and by which row."""
        return getattr(self._inside, "seen_to", News.NONE), getattr(self._inside, "row", None)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._inside.writing = True
        try:
            yield
        finally:
            self._inside.writing = False

    @property
    @abstractmethod
    def reader(self) -> Engine:
        """Gives snapshots and refuses every change."""

    @abstractmethod
    def _commit(self, work: Callable[[Session], T], tells: Tells[T]) -> T: ...

    @abstractmethod
    def _read(self, work: Callable[[Session], T]) -> T: ...

    def listen(self) -> None:
        """From now on commits of other processes wake those who wait for commits here too."""
        return None

    @abstractmethod
    def leave_no_trace(self) -> None:
        """After the running write what it erased is gone from the database's own log too."""

    def settle(self) -> None:
        """Brings everything into one place, where a database is a file to be moved."""
        return None

    @abstractmethod
    def alone(self, name: str, owner: str, seconds: float) -> bool:
        """Whether `owner` holds the lease of this name for so long from now; asks for it anew."""

    @abstractmethod
    def let_go(self, name: str, owner: str) -> None:
        """Gives the lease back, if it is his."""

    @abstractmethod
    @contextmanager
    def whole(self) -> Iterator[Connection]:
        """One transaction for a change of the tables, nobody else's at the same time.

        On a server all that this thread writes and reads meanwhile is part of it.
        """

    @abstractmethod
    def close(self) -> None:
        """Waits for the running write and lets go of every connection."""


def open_database(address: str) -> Database:
    """The database of this address: `sqlite:///PATH` or `postgresql+psycopg://…`."""
    if address.startswith(SQLITE):
        from storage.sqlite import Sqlite

        return Sqlite(Path(address.removeprefix(SQLITE)))
    from storage.postgres import Postgres

    return Postgres(address)


def is_file(address: str) -> bool:
    """Whether the database is one file of this machine."""
    return address.startswith(SQLITE)


def file_of(address: str) -> Path:
    """The file of a database that is one."""
    return Path(address.removeprefix(SQLITE))
