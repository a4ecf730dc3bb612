"""A copy of the whole database taken while others write, and whether a copy may be trusted.

What depends on the kind of database stands here and nowhere else: `take`, `prove` and `put`.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from storage import journal, leases, migrate, moving
from storage.away import DatabaseAway
from storage.database import SQLITE, file_of, is_file, open_database
from storage.journal import Fault, Head
from storage.tables import FileRow

KIND = "sqlite"
#: What the copy is called, in its folder and in an archive.
MEMBER = "database.sqlite"
_SIDES = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Taken:
    """A copy: where it lies, its schema, the heads of its journal, and its files (hash, size)."""

    path: Path
    kind: str
    schema: migrate.Schema
    heads: Sequence[Head]
    files: Sequence[tuple[str, int]]


class NotProved(Exception):
    """A copy that is not put in anybody's place: the argument is the key of the reason."""


class InUse(Exception):
    """Another process has the database open."""


def stands(address: str) -> bool:
    """Whether there is a database at all. Raises BrokenDatabase."""
    if is_file(address):
        return file_of(address).exists()
    return migrate.standing(address).revision is not None


def take(address: str, folder: Path) -> Taken:
    """Copies the database as it stands at one moment into a folder; nobody waits for it.

    The copy is a file whatever the database is, so that it can be put in the place of either.
    Raises BrokenDatabase, OSError.
    """
    to = folder / MEMBER
    if is_file(address):
        _take_file(file_of(address), to)
    else:
        _take_rows(address, to)
    return read(to)


def _take_file(path: Path, to: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(_read_only(path), uri=True)) as source,
            closing(sqlite3.connect(to)) as target,
        ):
            # In one step: it is one read transaction, and the log lets writers go on beside it.
            source.backup(target)
    except sqlite3.Error as error:
        raise migrate.BrokenDatabase(str(error)) from error


def _take_rows(address: str, to: Path) -> None:
    migrate.upgrade(f"{SQLITE}{to}")
    source, target = open_database(address), open_database(f"{SQLITE}{to}")
    try:
        moving.copy(source, target)
    finally:
        source.close()
        target.close()


def read(path: Path) -> Taken:
    """What stands in a copy. Raises BrokenDatabase."""
    schema = migrate.standing(f"{SQLITE}{path}")
    database = open_database(f"{SQLITE}{path}")
    try:
        heads = database.read(journal.heads)
        files = database.read(_files)
        database.settle()
    except DatabaseAway as broken:
        raise migrate.BrokenDatabase(str(broken)) from broken
    finally:
        database.close()
    return Taken(path, KIND, schema, heads, files)


def prove(path: Path) -> Taken:
    """Whether a copy may be used: whole, ours, its chains unbroken; brings it to the newest schema.

    Raises NotProved (`broken`, `foreign` or `chain`), SchemaTooNew.
    """
    _whole(path)
    try:
        schema = migrate.standing(f"{SQLITE}{path}")
        if schema.revision is None:
            raise NotProved("foreign")
        migrate.upgrade(f"{SQLITE}{path}")
        faults = _faults(path)
    except migrate.BrokenDatabase as broken:
        raise NotProved("broken") from broken
    if faults:
        raise NotProved("chain")
    return read(path)


def _whole(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as copy:
            said = copy.execute("PRAGMA integrity_check(1)").fetchone()
            # Ours has neither; one that was put in would act in our name.
            acting = copy.execute(
                "SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')"
            ).fetchone()
    except sqlite3.Error as error:
        raise NotProved("broken") from error
    if said != ("ok",):
        raise NotProved("broken")
    if acting != (0,):
        raise NotProved("foreign")


def _faults(path: Path) -> list[Fault]:
    database = open_database(f"{SQLITE}{path}")
    try:
        return database.read(lambda session: list(journal.verify(session)))
    except DatabaseAway as broken:
        raise NotProved("broken") from broken
    except (ValueError, LookupError, TypeError) as error:
        raise NotProved("chain") from error
    finally:
        database.close()


def _files(session: Session) -> list[tuple[str, int]]:
    query = select(FileRow.sha256, FileRow.size).order_by(col(FileRow.sha256))
    return list(session.exec(query).all())


def put(copy: Path, address: str, aside: Path) -> None:
    """Puts a proved copy in the place of the database, in one step; the old one goes to `aside`.

    A kill leaves the old one or the new one, whole. Raises InUse, BrokenDatabase, OSError.
    """
    if is_file(address):
        _put_file(copy, file_of(address), aside)
    else:
        _put_rows(copy, address, aside)


def _put_rows(copy: Path, address: str, aside: Path) -> None:
    """In one transaction; a replica that leads would go on with what it remembers."""
    migrate.upgrade(address)
    source, target = open_database(f"{SQLITE}{copy}"), open_database(address)
    try:
        if target.read(leases.held):
            raise InUse
        _take_rows(address, aside / MEMBER)
        moving.copy(source, target, replace=True)
    finally:
        source.close()
        target.close()


def _put_file(copy: Path, database_path: Path, aside: Path) -> None:
    _to_disk(copy)
    if not database_path.exists():
        os.replace(copy, database_path)
    else:
        with _nobody_else(database_path, aside):
            os.link(database_path, aside / database_path.name)
            _to_disk(aside)
            os.replace(copy, database_path)
    _to_disk(database_path.parent)


@contextmanager
def _nobody_else(path: Path, aside: Path) -> Iterator[None]:
    """Everything of a database lies in its one file, and nobody else may open it meanwhile."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=2.0)) as connection:
        try:
            # Only who is alone may leave the write-ahead log; it must not stay behind for another.
            if connection.execute("PRAGMA journal_mode=DELETE").fetchone() != ("delete",):
                raise InUse
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise InUse from error
            _sides_go(path, aside)
        except sqlite3.DatabaseError:
            _sides_go(path, aside)
        yield


def _sides_go(path: Path, aside: Path) -> None:
    """A broken database's log is kept with it, and would spoil the one that takes its place."""
    for side in _SIDES:
        if path.with_name(path.name + side).exists():
            os.replace(path.with_name(path.name + side), aside / (path.name + side))


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"
