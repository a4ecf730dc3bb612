"""A backup of a server's database is a file: it goes back onto the server, or into a folder."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.alone import LEASE
from bot.cli import app
from storage import journal, marks
from storage.database import Database, open_database
from tests import databases

pytestmark = pytest.mark.postgresql


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The sample on a server, as the settings of this process name it."""
    folder = tmp_path / "data"
    databases.begin(folder)
    address = databases.settings_in(folder).database
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATA_DIR", str(folder))
    monkeypatch.setenv("BOT_DATABASE_URL", address)
    return address


def bot(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def state(address: str) -> tuple[object, str | None]:
    db = open_database(address)
    try:
        return db.read(journal.heads), db.read(lambda session: marks.marked(session, "colour"))
    finally:
        db.close()


def paint(db: Database, colour: str) -> None:
    db.write(lambda session: marks.mark(session, "colour", colour))


def test_there_and_back_again_it_is_what_it_was(server: str, tmp_path: Path) -> None:
    db = open_database(server)
    paint(db, "red")
    before = state(server)
    made = bot("backup", "a.tar")
    assert made.exit_code == 0, made.output
    into = bot("restore", "a.tar", "--into", str(tmp_path / "into"))
    assert into.exit_code == 0, into.output
    assert state(f"sqlite:///{tmp_path}/into/motdaumoi.db") == before
    paint(db, "blue")
    assert state(server) != before
    back = bot("restore", "a.tar")
    assert back.exit_code == 0, back.output
    assert state(server) == before
    (aside,) = (tmp_path / "data").glob("before-restore-*/database.sqlite")
    assert state(f"sqlite:///{aside}")[1] == "blue"
    db.close()


def test_under_a_replica_that_leads_nothing_is_put_back(server: str) -> None:
    assert bot("backup", "a.tar").exit_code == 0
    db = open_database(server)
    paint(db, "blue")
    assert db.alone(LEASE, "somebody", 60.0)
    refused = bot("restore", "a.tar")
    assert refused.exit_code == 1 and len(refused.output.splitlines()) == 1
    assert state(server)[1] == "blue"
    db.close()
