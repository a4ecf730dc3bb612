"""What says only that nothing can be written or read now, and what is an error of ours."""

import errno
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage.away import is_away

pytestmark = pytest.mark.sqlite


def refused(path: Path, statement: str, *before: str) -> Exception:
    """What the database library raises for a statement."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 0})
    try:
        with engine.begin() as connection:
            for one in before:
                connection.execute(text(one))
            connection.execute(text(statement))
    except (OperationalError, IntegrityError) as error:
        return error
    finally:
        engine.dispose()
    raise AssertionError("it went through")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "db") as made:
        made.execute("CREATE TABLE t (x PRIMARY KEY)")
        made.execute("INSERT INTO t VALUES (1)")
    made.close()
    return tmp_path / "db"


def test_read_only_and_full_is_away(path: Path) -> None:
    add = "INSERT INTO t VALUES (zeroblob(100000))"
    assert is_away(refused(path, add, "PRAGMA query_only=ON"))
    assert is_away(refused(path, add, "PRAGMA max_page_count=3"))


def test_locked_is_away(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert is_away(refused(path, "INSERT INTO t VALUES (2)"))
    other.close()


def test_no_file_to_open_is_away(tmp_path: Path) -> None:
    assert is_away(refused(tmp_path / "none" / "db", "SELECT 1"))


def test_an_error_of_ours_is_not(path: Path) -> None:
    assert not is_away(refused(path, "SELECT nothing FROM t"))
    assert not is_away(refused(path, "INSERT INTO t VALUES (1)"))
    assert not is_away(ValueError("x"))


@pytest.mark.parametrize(
    ("number", "away"),
    [(errno.ENOSPC, True), (errno.EROFS, True), (errno.ENOENT, False), (errno.EACCES, False)],
)
def test_a_file_that_cannot_be_written_is_away_too(number: int, away: bool) -> None:
    assert is_away(OSError(number, "x")) is away
