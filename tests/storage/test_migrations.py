"""Migrations: the tables they make are the models' tables, there and back."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, create_engine

from storage import migrate
from storage.tables import MarkRow, metadata

pytestmark = pytest.mark.sqlite


def at(path: Path) -> str:
    return f"sqlite:///{path}"


def tables(path: Path) -> set[str]:
    found = rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")
    return {name for (name,) in found if not name.startswith("sqlite_")}


def marks(path: Path) -> dict[str, str]:
    return dict(rows(path, "SELECT name, value FROM marks"))


def rows(path: Path, statement: str) -> list[Any]:
    """What one statement gives; its change is kept."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(statement).fetchall()
        connection.commit()
        return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bot.db"


def test_the_tables_that_the_migrations_make_are_those_of_the_models(path: Path) -> None:
    migrate.upgrade(at(path))
    assert migrate.differences(at(path)) == []
    assert tables(path) == {*metadata.tables, "alembic_version"}


def test_the_columns_are_those_of_the_models_down_to_their_types(path: Path) -> None:
    migrate.upgrade(at(path))
    other = path.with_name("models.db")
    engine = create_engine(f"sqlite:///{other}")
    metadata.create_all(engine)
    engine.dispose()
    for name in metadata.tables:
        told = f"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{name}')"
        assert rows(path, told) == rows(other, told), name


def test_up_down_and_up_again_comes_to_the_same_place(path: Path) -> None:
    first = migrate.upgrade(at(path))
    before = tables(path)
    assert migrate.downgrade(at(path)) is None
    assert tables(path) == {"alembic_version"}
    assert migrate.standing(at(path)) == migrate.Schema(None, 0, False)
    assert migrate.upgrade(at(path)) == first
    assert tables(path) == before


def test_a_second_upgrade_changes_nothing_and_keeps_what_is_there(path: Path) -> None:
    first = migrate.upgrade(at(path))
    rows(path, "INSERT INTO marks (name, value) VALUES ('kept', 'yes')")
    assert migrate.upgrade(at(path)) == first
    assert marks(path)["kept"] == "yes"


def test_migrating_works_from_any_folder(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    migrate.upgrade("sqlite:///here.db")
    assert migrate.differences(at(tmp_path / "here.db")) == []


def test_a_migrated_database_says_its_revision_and_the_oldest_program_that_may_use_it(
    path: Path,
) -> None:
    revision = migrate.upgrade(at(path))
    assert marks(path)[migrate.REVISION] == revision
    oldest = int(marks(path)[migrate.OLDEST_BINARY])
    assert oldest <= migrate.GENERATION
    assert migrate.standing(at(path)) == migrate.Schema(revision, oldest, True)


def test_a_file_that_is_not_there_stands_nowhere_and_is_not_made(path: Path) -> None:
    assert migrate.standing(at(path)) == migrate.Schema(None, 0, False)
    assert not path.exists()


def test_a_newer_database_that_allows_this_program_is_left_as_it_is(path: Path) -> None:
    migrate.upgrade(at(path))
    rows(path, "UPDATE alembic_version SET version_num = 'from_the_future'")
    assert migrate.upgrade(at(path)) == "from_the_future"
    oldest = int(marks(path)[migrate.OLDEST_BINARY])
    assert migrate.standing(at(path)) == migrate.Schema("from_the_future", oldest, True)


def test_a_newer_database_that_bars_this_program_is_refused_and_left_as_it_is(path: Path) -> None:
    migrate.upgrade(at(path))
    rows(path, "UPDATE alembic_version SET version_num = 'from_the_future'")
    rows(path, f"UPDATE marks SET value = '999' WHERE name = '{migrate.OLDEST_BINARY}'")
    before = marks(path)
    with pytest.raises(migrate.SchemaTooNew) as caught:
        migrate.upgrade(at(path))
    assert (caught.value.revision, caught.value.oldest_binary) == ("from_the_future", 999)
    assert marks(path) == before


def test_a_file_that_is_no_database_is_said_so_and_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("x" * 5000)
    with pytest.raises(migrate.BrokenDatabase, match="not a database"):
        migrate.upgrade(at(path))
    with pytest.raises(migrate.BrokenDatabase, match="not a database"):
        migrate.standing(at(path))
    assert path.read_text() == "x" * 5000


def test_every_revision_says_which_program_it_needs_and_none_needs_a_newer_one() -> None:
    revisions = list(migrate.revisions())
    assert revisions and revisions[0].revision == migrate.NEWEST
    for revision in revisions:
        assert 1 <= revision.module.oldest_binary <= migrate.GENERATION == len(revisions)


def test_rows_of_the_models_are_kept_and_read_in_a_migrated_database(path: Path) -> None:
    migrate.upgrade(at(path))
    engine = create_engine(f"sqlite:///{path}")
    with Session(engine) as session:
        session.add(MarkRow(name="one", value="1"))
        session.commit()
        assert session.get_one(MarkRow, "one").value == "1"
    engine.dispose()
