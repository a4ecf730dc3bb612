"""Moving from a file to a server: everything comes along, or nothing does."""

from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings
from bot.setup import ready
from bot.world import make_world
from storage import incidents, journal, people
from storage.database import open_database
from storage.tables import ContentRow
from tests import databases

pytestmark = pytest.mark.postgresql


@pytest.fixture
def old(tmp_path: Path) -> str:
    """The sample in a file."""
    settings = Settings(data_dir=tmp_path / "old", _env_file=None)
    ready(settings)
    return settings.database


def moved(source: str, target: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.setenv("BOT_DATABASE_URL", target)
    result = CliRunner().invoke(app, ["migrate", "--from", source])
    return result.exit_code, result.output


def test_all_of_it_comes_along_and_goes_on_being_numbered(
    old: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    new = databases.empty(tmp_path / "new")
    code, said = moved(old, new, monkeypatch)
    assert code == 0, said
    before, after = open_database(old), open_database(new)
    assert before.read(journal.heads) == after.read(journal.heads) != []
    assert before.read(people.organisation) == after.read(people.organisation)
    listed = [db.read(lambda s: incidents.listed(s, only_open=False)) for db in (before, after)]
    assert listed[0] == listed[1] != []
    before.close()
    after.close()
    world = make_world(Settings(data_dir=tmp_path / "new", database_url=new, _env_file=None))
    assert world.is_sample()
    there = world.db.read(lambda s: [one.id for one in s.exec(select(ContentRow)).all()])
    row = ContentRow(stream="x", salt="x", text="x")
    world.db.write(lambda s: s.add(row))
    assert row.id is not None and row.id > max(one or 0 for one in there)
    world.db.close()
    again, why = moved(old, new, monkeypatch)
    assert again == 1 and "đã có dữ liệu" in why


def test_from_nowhere_nothing_is_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = moved(
        f"sqlite:///{tmp_path / 'none.db'}", databases.empty(tmp_path / "n"), monkeypatch
    )
    assert code == 1 and "chưa có" in said
