"""What comes in alone is handled by the thread that took it in, and nobody is woken for it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.telegram.at_once import AtOnce
from bot.channels.telegram.receive import Receiver
from bot.turn import turn_all
from storage import inbox, marks
from storage.database import Database, News, open_database
from storage.migrate import upgrade
from tests.channels.pictures import png
from tests.telegram_town import TelegramTown


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An empty database of its own."""
    address = f"sqlite:///{tmp_path / 'once.db'}"
    upgrade(address)
    made = open_database(address)
    yield made
    made.close()


def heard_of(db: Database) -> list[News]:
    """What is told from now on."""
    found: list[News] = []
    db.after_commit.append(found.append)
    return found


def comes_in(db: Database) -> None:
    """A commit that is news of updates."""
    db.write(lambda session: marks.mark(session, "came", "in"), lambda _: News.UPDATES)


@pytest.mark.parametrize("more", [False, True])
def test_others_are_woken_only_when_more_waits(db: Database, more: bool) -> None:
    at_once, turns, heard = AtOnce(db, lambda: bool(turns.append(1)) or more), [], heard_of(db)
    with at_once():
        comes_in(db)
        assert not turns and not heard
    assert turns == [1]
    assert heard == ([News.UPDATES] if more else [])
    comes_in(db)
    assert heard[-1] is News.UPDATES


def test_what_else_is_told_meanwhile_is_told(db: Database) -> None:
    heard = heard_of(db)
    with AtOnce(db, lambda: False)():
        db.write(lambda session: marks.mark(session, "a", "b"))
    assert heard == [News.ALL]


def test_that_nothing_could_be_handled_is_no_fault_of_the_taking_in(db: Database) -> None:
    def fails() -> bool:
        raise OSError("no disk")

    heard = heard_of(db)
    with AtOnce(db, fails)():
        comes_in(db)
    assert heard == [News.UPDATES]


def test_who_finds_another_one_at_it_wakes_those_whose_work_it_is(db: Database) -> None:
    goes_on, at_it = threading.Event(), threading.Event()

    def turns() -> bool:
        at_it.set()
        assert goes_on.wait(10)
        return False

    at_once, heard = AtOnce(db, turns), heard_of(db)

    def first() -> None:
        with at_once():
            comes_in(db)

    other = threading.Thread(target=first)
    other.start()
    assert at_it.wait(10) and not heard
    with at_once():
        comes_in(db)
    assert heard == [News.UPDATES]
    goes_on.set()
    other.join()


def test_a_message_is_handled_when_it_is_taken_in_and_a_photo_waits_to_be_fetched(
    town: TelegramTown,
) -> None:
    receiver = Receiver(town.world, town.telegram.client, lambda: turn_all(town.world) > 100)
    account, heard = town.account("Thí Dụ"), heard_of(town.world.db)
    town.api.send_text(account, "/baocao")
    town.runs(receiver.poll(0))
    assert heard and not any(news & News.UPDATES for news in heard)
    assert town.world.db.read(inbox.oldest_new) is None
    heard.clear()
    town.api.send_photo(account, png())
    town.runs(receiver.poll(0))
    assert News.ALL in heard
    town.settles()
    town.hears("Thí Dụ", "forms/report_incident#line")
