"""For a while the database takes no write, on Telegram: nothing is set aside, nothing is said
twice, and nothing is made twice."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlmodel import select

from bot.turn import turn_all
from storage.away import DatabaseAway
from storage.sqlite import Sqlite
from storage.tables import InboxRow
from tests.room_town import ADMIN, THREE, RoomTown

pytestmark = pytest.mark.sqlite

MORE_THAN_TRIES = 5
MOST_PAGES = 2**30


@pytest.fixture
def town(tmp_path: Path) -> Iterator[RoomTown]:
    made = RoomTown(tmp_path / "town")
    made.world.strict = False
    yield made
    made.holds()
    made.close()


@contextlib.contextmanager
def unwritable(town: RoomTown) -> Iterator[None]:
    """The database itself refuses every write, as one on a disk that has turned read-only."""
    _told(town, "PRAGMA query_only=ON")
    try:
        yield
    finally:
        _told(town, "PRAGMA query_only=OFF")


@contextlib.contextmanager
def full(town: RoomTown) -> Iterator[None]:
    """The database may not grow: what changes no more than a word still goes through."""
    pages = _told(town, "PRAGMA page_count")
    _told(town, f"PRAGMA max_page_count={pages}")
    try:
        yield
    finally:
        _told(town, f"PRAGMA max_page_count={MOST_PAGES}")


def _told(town: RoomTown, statement: str) -> object:
    """On the connection that writes, which is held while nothing has gone wrong with it."""
    database = cast(Sqlite, town.world.db)
    held = database._writes
    connection = held.connection.connection if held else database.writer.raw_connection()
    row = connection.cursor().execute(statement).fetchone()
    if held is None:
        connection.close()
    return row[0] if row else None


def test_an_update_waits_and_is_not_set_aside(town: RoomTown) -> None:
    town.api.send_text(town.account("Thí Dụ"), "dai " * 1000)
    town.runs(town.telegram.receiver.poll(0))
    with full(town):
        for _ in range(MORE_THAN_TRIES):
            with pytest.raises(DatabaseAway):
                turn_all(town.world)
    row = town.world.db.read(lambda session: session.exec(select(InboxRow)).all())[-1]
    assert (row.state, row.tries) == ("new", 0)
    town.settles()
    town.hears("Thí Dụ", "answers#never_guessed")


def test_what_was_sent_and_could_not_be_marked_is_not_sent_again(town: RoomTown) -> None:
    town.api.send_text(town.account("Thí Dụ"), "/baocao")
    town.runs(town.telegram.receiver.poll(0))
    turn_all(town.world)
    with unwritable(town):
        for _ in range(MORE_THAN_TRIES):
            town.ahead += 61
            with pytest.raises(DatabaseAway):
                town.runs(town.telegram.sender.round())
    town.ahead += 61
    town.settles()
    assert len(town.screen("Thí Dụ")) == 1
    town.hears("Thí Dụ", "forms/report_incident#line")


def test_a_topic_and_its_card_that_could_not_be_noted_are_not_made_again(town: RoomTown) -> None:
    forum = town.founds("Diễn đàn", THREE, forum=True)
    town.writes(ADMIN, forum, "/phong")
    town.taps(ADMIN, "Làm diễn đàn thường trực")
    town.clock += timedelta(minutes=2)
    town.says("Thí Dụ", "/baocao")
    town.says("Thí Dụ", "sat lo ap tre dong roi, mat cai lo, 7 nha")
    town.api.tap(town.account("Thí Dụ"), _newest(town), "Chưa ghi nhận")
    town.runs(town.telegram.receiver.poll(0))
    turn_all(town.world)
    _fails_to_note(town)
    topics = town.api.state.groups[forum].topics
    assert len(topics) == 1
    town.runs(town.telegram.keeper._topics())
    _fails_to_note(town)
    town.settles()
    assert len(topics) == 1 and len(town.api.pinned(forum, next(iter(topics)))) == 1
    said = [one.text for one in town.api.chat(forum, next(iter(topics))) if "Bước 1" in one.text]
    assert len(said) == 1, "one card"
    town.skips()


def _newest(town: RoomTown) -> int:
    shown = town.api.last(town.account("Thí Dụ"))
    assert shown is not None
    return shown.id


def _fails_to_note(town: RoomTown) -> None:
    with unwritable(town):
        for _ in range(MORE_THAN_TRIES):
            town.ahead += 61
            with pytest.raises(DatabaseAway):
                town.runs(town.telegram.keeper.round())


def test_a_loop_goes_on_when_even_the_operators_cannot_be_told(town: RoomTown) -> None:
    """An outage of both, for longer than the operators are left in peace."""
    telegram, tries = town.telegram, []

    async def work() -> int:
        tries.append(1)
        if len(tries) > 1:
            return 7
        telegram._down_since = town.clock - timedelta(minutes=3)
        raise DatabaseAway("away")

    async def goes_on() -> int:
        return await telegram._until_done("send", work)

    with unwritable(town), pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.channels.telegram.channel._PAUSES", (0.0,))
        assert town.runs(goes_on()) == 7
    assert len(tries) == 2 and telegram.health() == "ok"
