"""Brings a database to the newest tables, and back; works from any folder (Alembic inside)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError

from storage.database import Database, file_of, is_file, open_database
from storage.schema import metadata

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import Script, ScriptDirectory

FOLDER = Path(__file__).resolve().parent / "migrations"

#: The revision that this program works with. Alembic is only loaded for a database that has
#: another one: it takes as long as a tenth of the start.
NEWEST = "0007"
#: Raised with every revision: what a schema's `oldest_binary` is compared with.
GENERATION = 7

REVISION, OLDEST_BINARY = "schema_revision", "oldest_binary"


class SchemaTooNew(Exception):
    """The database was made by a newer program that this one cannot work beside."""

    def __init__(self, revision: str, oldest_binary: int) -> None:
        super().__init__(revision)
        self.revision = revision
        self.oldest_binary = oldest_binary


class BrokenDatabase(Exception):
    """It cannot be opened, or is no database of ours; the argument says why."""


@dataclass(frozen=True)
class Schema:
    """Where a database stands: its revision (None before the first), the oldest program
    generation that may use it, and whether this program may use it without migrating."""

    revision: str | None
    oldest_binary: int
    usable: bool


def upgrade(address: str) -> str:
    """Brings a database to the newest revision, making a file when it is not there; returns that.

    One transaction: a failed step leaves the database as it was. A revision that only a newer
    program knows is left alone when its `oldest_binary` allows this program, else SchemaTooNew.
    Raises BrokenDatabase.
    """
    return _migrate(address, "head")


def downgrade(address: str, revision: str = "base") -> str | None:
    """Goes back to a revision, `base` meaning no tables at all; returns where it stands now.

    Raises SchemaTooNew when the database's own revision is not known here.
    """
    return _migrate(address, revision, back=True) or None


def standing(address: str) -> Schema:
    """Where a database stands, without changing it. A file that is not there has no revision.

    Raises BrokenDatabase.
    """
    if is_file(address) and not file_of(address).is_file():
        return Schema(None, 0, False)
    with _opened(address) as database, database.reader.connect() as connection:
        return _standing(connection)


def differences(address: str) -> list[object]:
    """What the tables of a database lack or have too much, against the models; empty is right."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with _opened(address) as database, database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = compare_metadata(context, metadata)
        return found


def configuration(connection: Connection | None = None) -> "Config":
    """Alembic's configuration, without a file and free of the current folder."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def revisions() -> "Iterator[Script]":
    """Every revision that this program knows, the newest first."""
    return _scripts().walk_revisions()


def _migrate(address: str, target: str, *, back: bool = False) -> str:
    with _opened(address) as database, database.whole() as connection:
        return move(connection, target, back=back)


def move(connection: Connection, target: str = "head", *, back: bool = False) -> str:
    """The same in a transaction that has begun: returns the revision, empty without tables."""
    if target == "head" and not back and revision_of(connection) == NEWEST:
        return NEWEST
    from alembic import command

    before = _standing(connection)
    if before.revision and not _known(before.revision):
        if back or before.oldest_binary > GENERATION:
            raise SchemaTooNew(before.revision, before.oldest_binary)
        return before.revision
    config = configuration(connection)
    (command.downgrade if back else command.upgrade)(config, target)
    return _mark(connection)


@contextmanager
def _opened(address: str) -> Iterator[Database]:
    database = open_database(address)
    try:
        with broken_if_not_opened():
            yield database
    finally:
        database.close()


@contextmanager
def broken_if_not_opened() -> Iterator[None]:
    """What the database library says of a database that is none becomes BrokenDatabase."""
    try:
        yield
    except DatabaseError as error:
        raise BrokenDatabase(str(error.orig)) from error


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(configuration())


def _known(revision: str) -> bool:
    return revision in {one.revision for one in revisions()}


def revision_of(connection: Connection) -> str | None:
    """Where the tables stand; None when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _standing(connection: Connection) -> Schema:
    revision = revision_of(connection)
    if revision is None:
        return Schema(None, 0, False)
    oldest = connection.execute(
        text("SELECT value FROM marks WHERE name = :name"), {"name": OLDEST_BINARY}
    ).scalar()
    needs = int(oldest or 0)
    usable = revision == NEWEST or (not _known(revision) and needs <= GENERATION)
    return Schema(revision, needs, usable)


def _mark(connection: Connection) -> str:
    """Writes the schema row in the transaction of the change."""
    revision = revision_of(connection)
    if revision is None:
        return ""
    module = _scripts().get_revision(revision).module
    for name, value in ((REVISION, revision), (OLDEST_BINARY, str(module.oldest_binary))):
        connection.execute(
            text(
                "INSERT INTO marks (name, value) VALUES (:name, :value)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            ),
            {"name": name, "value": value},
        )
    return revision
