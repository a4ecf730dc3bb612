"""Updates that come together: in order, in one commit; the fault of one is not the others'."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot import accept as door
from storage.away import DatabaseAway
from storage.database import Session
from storage.tables import InboxRow
from tests.telegram_town import TelegramTown

CLERK, HEAD, OFFICER = "Thí Dụ", "Ví Dụ", "Thử"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[TelegramTown]:
    made = TelegramTown(tmp_path / "town")
    yield made
    made.holds()
    made.close()


def typed(town: TelegramTown, *lines: tuple[str, str]) -> list[str]:
    """People type, and nobody has asked for it yet; the numbers of the updates."""
    for who, text in lines:
        town.api.send_text(town.account(who), text)
    return [str(one["update_id"]) for one in town.api.pending()]


def kept(town: TelegramTown) -> list[tuple[str, str]]:
    """Everything that was taken in and its state, in order."""

    def work(session: Session) -> list[tuple[str, str]]:
        rows = session.exec(select(InboxRow).order_by(col(InboxRow.id))).all()
        return [(row.external, row.state) for row in rows]

    return town.world.db.read(work)


LINES = ((CLERK, "/trogiup"), (HEAD, "/viec"), (CLERK, "/viec"), (OFFICER, "/trogiup"))


def test_lines_of_several_people_are_taken_in_by_one_commit_and_in_order(
    town: TelegramTown,
) -> None:
    before, commits = len(kept(town)), town.world.db.commits
    numbers = typed(town, *LINES)
    town.runs(town.telegram.receiver.poll(0))
    assert [external for external, _ in kept(town)[before:]] == numbers
    assert town.world.db.commits == commits + 2, "the lines, and how far Telegram was heard"
    town.settles()
    assert [len(town.screen(who)) for who in (CLERK, HEAD, OFFICER)] == [2, 1, 1]


def test_what_comes_again_with_something_new_is_taken_once(town: TelegramTown) -> None:
    before = len(kept(town))
    typed(town, *LINES[:2])
    raw = list(town.api.pending())
    town.telegram.receiver._take_each(raw)
    again = typed(town, *LINES[2:])
    town.telegram.receiver._take_each(list(town.api.pending()))
    assert [external for external, _ in kept(town)[before:]] == again
    town.settles()
    assert [len(town.screen(who)) for who in (CLERK, HEAD, OFFICER)] == [2, 1, 1]


def test_one_that_fails_is_tried_alone_and_the_others_are_there(
    town: TelegramTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(kept(town))
    numbers = typed(town, *LINES)
    take = door._take

    def breaks(world: Any, session: Session, update: door.Update) -> door.Accepted:
        if update.external == numbers[1]:
            raise ValueError("ours")
        return take(world, session, update)

    monkeypatch.setattr(door, "_take", breaks)
    with pytest.raises(ValueError, match="ours"):
        town.runs(town.telegram.receiver.poll(0))
    assert [external for external, _ in kept(town)[before:]] == numbers[:1]
    monkeypatch.setattr(door, "_take", take)
    town.settles()
    assert [external for external, _ in kept(town)[before:]] == numbers


def test_while_nothing_can_be_written_none_is_tried_alone(
    town: TelegramTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(town, *LINES)
    tries = []

    def away(*_: Any) -> door.Accepted:
        tries.append(1)
        raise DatabaseAway("away")

    with monkeypatch.context() as patch:
        patch.setattr(door, "_take", away)
        with pytest.raises(DatabaseAway):
            town.runs(town.telegram.receiver.poll(0))
    assert len(tries) == 1
    town.settles()
    assert [len(town.screen(who)) for who in (CLERK, HEAD, OFFICER)] == [2, 1, 1]
