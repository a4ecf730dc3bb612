"""What comes in alone is handled by the thread that took it in, and nobody is woken for it."""

import threading
from typing import Any

import pytest

from bot import updates
from bot.channels.telegram.at_once import AtOnce
from bot.channels.telegram.receive import Receiver
from bot.turn import Batch, turn_all
from storage import inbox, marks
from storage.database import Database, News
from tests.channels.pictures import png
from tests.telegram_town import TelegramTown


def heard_of(db: Database) -> list[News]:
    """What is told from now on."""
    found: list[News] = []
    db.after_commit.append(found.append)
    return found


def comes_in(db: Database) -> None:
    """A commit that is news of updates."""
    db.write(lambda session: marks.mark(session, "came", "in"), lambda _: News.UPDATES)


def receiver_of(town: TelegramTown) -> Receiver:
    """One that handles what it takes in."""

    def turns(first: Batch) -> bool:
        return turn_all(town.world, 32, first) >= 32

    return Receiver(town.world, town.telegram.client, turns)


def sent(town: TelegramTown, text: str) -> dict[str, Any]:
    """The update that a message of the clerk makes."""
    town.api.send_text(town.account("Thí Dụ"), text)
    found: dict[str, Any] = town.runs(town.telegram.client.updates(0, 0))[-1]
    return found


@pytest.mark.parametrize("more", [False, True])
def test_others_are_woken_only_when_more_waits(town: TelegramTown, more: bool) -> None:
    db, turns = town.world.db, []
    at_once, heard = AtOnce(town.world, lambda _: bool(turns.append(1)) or more), heard_of(db)
    with at_once():
        comes_in(db)
        assert not turns and not heard
    assert turns == [1]
    assert heard == ([News.UPDATES] if more else [])
    comes_in(db)
    assert heard[-1] is News.UPDATES


def test_what_else_is_told_meanwhile_is_told(town: TelegramTown) -> None:
    heard = heard_of(town.world.db)
    with AtOnce(town.world, lambda _: False)():
        town.world.db.write(lambda session: marks.mark(session, "a", "b"))
    assert heard == [News.ALL]


def test_that_nothing_could_be_handled_is_no_fault_of_the_taking_in(town: TelegramTown) -> None:
    def fails(_batch: Batch) -> bool:
        raise OSError("no disk")

    heard = heard_of(town.world.db)
    with AtOnce(town.world, fails)():
        comes_in(town.world.db)
    assert heard == [News.UPDATES]


def test_who_finds_another_one_at_it_wakes_those_whose_work_it_is(town: TelegramTown) -> None:
    goes_on, at_it = threading.Event(), threading.Event()

    def turns(_batch: Batch) -> bool:
        at_it.set()
        assert goes_on.wait(10)
        return False

    db = town.world.db
    at_once, heard = AtOnce(town.world, turns), heard_of(db)

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
    receiver = receiver_of(town)
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


@pytest.mark.sqlite
def test_a_message_and_what_it_comes_to_are_one_commit_and_told_once(town: TelegramTown) -> None:
    update = sent(town, "/baocao")
    heard, before = heard_of(town.world.db), town.world.db.commits
    receiver_of(town).called(update)
    assert (town.world.db.commits - before, heard) == (1, [News.REST])
    assert town.world.db.read(inbox.oldest_new) is None
    town.settles()
    town.hears("Thí Dụ", "forms/report_incident#line")


def test_a_message_that_cannot_be_handled_is_taken_in_all_the_same(
    town: TelegramTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object) -> None:
        raise ZeroDivisionError

    town.world.strict = False
    update = sent(town, "/baocao")
    with monkeypatch.context() as broken:
        broken.setattr(updates, "handle", fails)
        receiver_of(town).called(update)
        assert town.world.db.read(inbox.oldest_new) is None, "it was tried as often as it may be"
    town.settles()
    town.hears("Thí Dụ", "answers#set_aside")
    town.skips()  # The operators are told too.
    receiver_of(town).called(update)
    town.settles()
    town.is_quiet()


def test_the_same_message_again_comes_to_nothing(town: TelegramTown) -> None:
    update = sent(town, "/baocao")
    for _ in range(2):
        receiver_of(town).called(update)
    town.settles()
    town.hears("Thí Dụ", "forms/report_incident#line")
    town.is_quiet()
