"""What came in: stored once, handled in order, set aside after three tries, never lost."""

from storage import files, inbox
from storage.database import Database, Session
from storage.tables import InboxRow
from tests.procedure import village as v


def accept(db: Database, external: str, lane: str = "web:3", minute: int = 0) -> bool:
    return db.write(
        lambda session: inbox.accept(
            session,
            channel="web",
            external=external,
            lane=lane,
            person=v.HEAD,
            body="{}",
            at=v.START + minute * v.MINUTE,
        )
    )


def waiting(db: Database, *busy: str) -> str | None:
    row = db.read(lambda session: inbox.next_new(session, frozenset(busy)))
    return row.external if row else None


def test_an_update_is_stored_once_for_its_channel_and_id(db: Database) -> None:
    assert accept(db, "a") and not accept(db, "a") and accept(db, "b")
    assert db.read(lambda session: files.update_known(session, "web", "a"))
    assert not db.read(lambda session: files.update_known(session, "telegram", "a"))


def test_the_oldest_update_of_a_free_lane_comes_first(db: Database) -> None:
    accept(db, "a", "web:3")
    accept(db, "b", "web:3")
    accept(db, "c", "web:4")
    assert waiting(db) == "a" and waiting(db, "web:3") == "c"
    assert waiting(db, "web:3", "web:4") is None


def test_what_is_handled_comes_no_more(db: Database) -> None:
    accept(db, "a", minute=1)
    accept(db, "b", minute=2)
    assert db.read(inbox.oldest_new) == v.START + v.MINUTE

    def work(session: Session) -> None:
        row = inbox.next_new(session)
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
    assert db.read(lambda session: files.stop_known(session, "web", "s"))
    assert not db.read(lambda session: files.stop_known(session, "web", "t"))


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
