"""What every turn, send and tick asks is found by an index, however long the history is."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.clock import tick
from storage.sqlite import Sqlite
from tests.storage.asked import heard
from tests.story import briefed, opened, received, reported
from tests.telegram_town import TelegramTown
from tests.town import Town, local

pytestmark = pytest.mark.sqlite
#: These grow with the years.
GROWING = ("inbox", "messages", "postings", "entries", "contents", "incidents")
_SELECTED = re.compile(r"SELECT .*?\sFROM", re.DOTALL)
_WHOLE = re.compile(rf"^SCAN ({'|'.join(GROWING)})(?:_\d+)?(?! USING (?:COVERING )?INDEX ix_)")


def scans(database: Sqlite, asked: dict[str, Any]) -> list[str]:
    """Statements that go through the whole of a table that grows."""
    found = []
    with database.reader.connect() as connection:
        for statement, given in asked.items():
            if statement.split()[0] not in ("SELECT", "UPDATE", "DELETE"):
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(given))
            whole = [row[3] for row in plan if _WHOLE.match(row[3])]
            if whole:
                found.append(f"{whole}: {statement}")
    return found


def test_a_turn_and_a_tick_on_the_page_look_at_no_whole_table(tmp_path: Path) -> None:
    town = Town(tmp_path, local("10/10 21:05"))
    opened(town)
    with heard(town.world.db.writer, town.world.db.reader) as asked:
        reported(town)
        received(town)
        briefed(town)
        tick(town.world)
    assert isinstance(town.world.db, Sqlite) and len(asked) > 50
    assert not (found := scans(town.world.db, asked)), "\n".join(found)
    town.close()


def test_a_turn_a_send_and_a_tidied_prompt_on_telegram_look_at_no_whole_table(
    tmp_path: Path,
) -> None:
    town = TelegramTown(tmp_path, local("10/10 21:05"))
    try:
        opened(town)
        with heard(town.world.db.writer, town.world.db.reader) as asked:
            reported(town)
            received(town)
            tick(town.world)
            town.settles()
        assert isinstance(town.world.db, Sqlite) and len(asked) > 50
        assert not (found := scans(town.world.db, asked)), "\n".join(found)
    finally:
        town.close()
