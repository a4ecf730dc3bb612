"""What came in: stored once, handled in order, set aside after three tries, never lost."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage import arrivals, files, inbox
from storage.database import Database, Session
from storage.tables import InboxRow
from tests.procedure import village as v

NOW = v.START + 60 * v.MINUTE


def accept(db: Database, external: str, lane: str = "web:3", minute: int = 0, **more: Any) -> None:
    db.write(
        lambda session: inbox.accept(
            session,
            channel="web",
            external=external,
            lane=lane,
            person=v.HEAD,
            body="{}",
            at=v.START + minute * v.MINUTE,
            **more,
        )
    )


def waiting(db: Database) -> str | None:
    row = db.write(lambda session: inbox.next_new(session, NOW))
    return row.external if row else None


def test_an_update_is_stored_once_for_its_channel_and_id(db: Database) -> None:
    accept(db, "a")
    accept(db, "b")
    with pytest.raises(IntegrityError):
        accept(db, "a")
    assert db.read(lambda session: arrivals.arrival(session, "web", "a").stored)
    assert not db.read(lambda session: arrivals.arrival(session, "telegram", "a").was_here)


def test_in_a_lane_nothing_overtakes_what_waits_for_its_files(db: Database) -> None:
    accept(db, "a", "telegram:3", state=inbox.FETCH)
    accept(db, "b", "telegram:3")
    assert waiting(db) is None
    accept(db, "c", "telegram:4")
    assert waiting(db) == "c"
    assert db.write(lambda session: inbox.fetched(session, 1, "{}"))
    assert waiting(db) == "a"


def test_an_album_is_handled_when_its_last_part_is_ready(db: Database) -> None:
    for name, ready in (("a", 1), ("b", 2)):
        accept(db, name, state=inbox.FETCH, album="x", ready_at=v.START + ready * v.MINUTE)
    db.write(lambda session: inbox.fetched(session, 1, "{}"))
    assert waiting(db) is None, "its second part is still being fetched"
    db.write(lambda session: inbox.fetched(session, 2, "{}"))
    early = v.START + 1.5 * v.MINUTE
    assert db.write(lambda session: inbox.next_new(session, early)) is None
    assert db.read(inbox.next_ready) == v.START + 2 * v.MINUTE
    assert waiting(db) == "a"
    rows = db.read(lambda session: inbox.album_of(session, session.get_one(InboxRow, 1)))
    assert [row.external for row in rows] == ["a", "b"]


def test_an_album_does_not_wait_for_a_clock_that_was_put_back(db: Database) -> None:
    accept(db, "a", album="x", ready_at=v.START + v.MINUTE)
    before = v.START - 60 * v.MINUTE
    found = db.write(lambda session: inbox.next_new(session, before))
    assert found is not None and found.external == "a"


def test_an_album_fails_and_is_set_aside_as_one(db: Database) -> None:
    for name in "ab":
        accept(db, name, album="x", ready_at=v.START)
    tries = [db.write(lambda session: inbox.failed(session, 1, v.START)) for _ in range(3)]
    assert tries == [False, False, True] and waiting(db) is None


def test_an_album_one_part_of_which_was_stopped_is_dropped(db: Database) -> None:
    accept(db, "a", album="x", ready_at=v.START)
    accept(db, "b", album="y", ready_at=v.START)
    gone = db.write(lambda session: inbox.drop_album(session, "web", "web:3", "x"))
    assert [row.external for row in gone] == ["a"] and waiting(db) == "b"
    assert not db.write(lambda session: inbox.fetched(session, 1, "{}"))


def test_what_is_handled_comes_no_more(db: Database) -> None:
    accept(db, "a", minute=1)
    accept(db, "b", minute=2)
    assert db.read(inbox.oldest_new) == v.START + v.MINUTE

    def work(session: Session) -> None:
        row = inbox.next_new(session, NOW)
        assert row is not None
        inbox.done(session, row, v.START)

    db.write(work)
    assert waiting(db) == "b" and db.read(inbox.oldest_new) == v.START + 2 * v.MINUTE


def test_after_three_tries_an_update_is_set_aside_and_kept(db: Database) -> None:
    accept(db, "a")
    tries = [db.write(lambda session: inbox.failed(session, 1, v.START)) for _ in range(3)]
    assert tries == [False, False, True] and waiting(db) is None
    kept = db.read(lambda session: session.get_one(InboxRow, 1))
    assert (kept.state, kept.tries, kept.handled_at) == (inbox.ASIDE, 3, v.START)


def test_of_a_stopped_message_only_the_fact_is_kept(db: Database) -> None:
    db.write(
        lambda session: inbox.stopped(
            session, channel="web", external="s", person=v.HEAD, at=v.START
        )
    )
    assert waiting(db) is None and db.read(files.stops) == 1
    assert db.read(lambda session: arrivals.arrival(session, "web", "s").stopped)
    assert not db.read(lambda session: arrivals.arrival(session, "web", "t").was_here)


def test_a_pass_lets_one_message_through_within_a_day(db: Database) -> None:
    db.write(
        lambda session: inbox.stopped(
            session, channel="web", external="s", person=v.HEAD, at=v.START
        )
    )

    def has_pass(hours: int) -> bool:
        at = v.START + hours * v.HOUR
        return db.read(lambda session: files.open_pass(session, v.HEAD, at)) is not None

    assert not has_pass(1)
    assert db.write(lambda session: files.let_through(session, 1))
    assert not db.write(lambda session: files.let_through(session, 9))
    assert has_pass(1) and not has_pass(24)

    def spend(session: Session) -> None:
        row = files.open_pass(session, v.HEAD, v.START + v.HOUR)
        assert row is not None
        files.spend_pass(session, row)

    db.write(spend)
    assert not has_pass(1)
