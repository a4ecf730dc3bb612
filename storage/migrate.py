"""Brings a database to the newest tables, and back; works from any folder (Alembic inside)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from storage.database import Database
from storage.tables_rooms import metadata

FOLDER = Path(__file__).resolve().parent / "migrations"

#: Raised with every revision: what a schema's `oldest_binary` is compared with.
GENERATION = 3

REVISION, OLDEST_BINARY = "schema_revision", "oldest_binary"


class SchemaTooNew(Exception):
    """The database was made by a newer program that this one cannot work beside."""

    def __init__(self, revision: str, oldest_binary: int) -> None:
        super().__init__(revision)
        self.revision = revision
        self.oldest_binary = oldest_binary


class BrokenDatabase(Exception):
    """The file cannot be opened, or is no database of ours; the argument says why."""


@dataclass(frozen=True)
class Schema:
    """Where a database stands: its revision (None before the first), the oldest program
    generation that may use it, and whether this program may use it without migrating."""

    revision: str | None
    oldest_binary: int
    usable: bool


def upgrade(database_path: Path) -> str:
    """Brings the file to the newest revision, making it when it is not there; returns that.

    One transaction: a failed step leaves the database as it was. A revision that only a newer
    program knows is left alone when its `oldest_binary` allows this program, else SchemaTooNew.
    Raises BrokenDatabase.
    """
    return _migrate(database_path, "head")


def downgrade(database_path: Path, revision: str = "base") -> str | None:
    """Goes back to a revision, `base` meaning no tables at all; returns where it stands now.

    Raises SchemaTooNew when the database's own revision is not known here.
    """
    return _migrate(database_path, revision, back=True) or None


def standing(database_path: Path) -> Schema:
    """Where a database stands, without changing it. A file that is not there has no revision.

    Raises BrokenDatabase.
    """
    if not database_path.is_file():
        return Schema(None, 0, False)
    with _opened(database_path) as database, database.reader.connect() as connection:
        return _standing(connection)


def differences(database_path: Path) -> list[object]:
    """What the tables of a database lack or have too much, against the models; empty is right."""
    with _opened(database_path) as database, database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = compare_metadata(context, metadata)
        return found


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file and free of the current folder."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def revisions() -> Iterator[Script]:
    """Every revision that this program knows, the newest first."""
    return _scripts().walk_revisions()


def _migrate(database_path: Path, target: str, *, back: bool = False) -> str:
    with _opened(database_path) as database, database.writer.begin() as connection:
        before = _standing(connection)
        if before.revision and not _known(before.revision):
            if back or before.oldest_binary > GENERATION:
                raise SchemaTooNew(before.revision, before.oldest_binary)
            return before.revision
        config = configuration(connection)
        (command.downgrade if back else command.upgrade)(config, target)
        return _mark(connection)


@contextmanager
def _opened(database_path: Path) -> Iterator[Database]:
    database = Database(database_path)
    try:
        yield database
    except DatabaseError as error:
        raise BrokenDatabase(str(error.orig)) from error
    finally:
        database.close()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(configuration())


def _known(revision: str) -> bool:
    return revision in {one.revision for one in revisions()}


def _standing(connection: Connection) -> Schema:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        return Schema(None, 0, False)
    oldest = connection.execute(
        text("SELECT value FROM marks WHERE name = :name"), {"name": OLDEST_BINARY}
    ).scalar()
    needs = int(oldest or 0)
    newer = not _known(revision) and needs <= GENERATION
    return Schema(revision, needs, newer or revision == _scripts().get_current_head())


def _mark(connection: Connection) -> str:
    """Writes the schema row in the transaction of the change."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        return ""
    module = _scripts().get_revision(revision).module
    for name, value in ((REVISION, revision), (OLDEST_BINARY, str(module.oldest_binary))):
        connection.execute(
            text("INSERT OR REPLACE INTO marks (name, value) VALUES (:name, :value)"),
            {"name": name, "value": value},
        )
    return revision


def settle(database_path: Path) -> None:
    """Brings everything of a database that nobody has open into its one file, to be moved."""
    with _opened(database_path) as database:
        connection = database.writer.raw_connection()  # a checkpoint stands in no transaction
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
