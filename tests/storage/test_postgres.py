"""PostgreSQL: one lease at a time, news from other processes, nothing kept where it is away."""

import queue
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.alone import LASTS, LEASE, MARGIN, Lease
from storage import marks
from storage.away import DatabaseAway
from storage.database import Database, InARow, News, Session, open_database, quietly
from storage.postgres import _BESIDE, ALONE_FROM

pytestmark = pytest.mark.postgresql


@pytest.fixture
def other(db: Database) -> Iterator[Database]:
    """Another process on the same database, as far as the server can tell."""
    made = open_database(db.address)
    yield made
    made.close()


def test_only_one_holds_a_lease_and_may_hold_it_on(db: Database, other: Database) -> None:
    assert db.alone(LEASE, "a", 60.0)
    assert not other.alone(LEASE, "b", 60.0)
    assert db.alone(LEASE, "a", 60.0)
    assert other.alone("another thing", "b", 60.0)


def test_a_lease_that_was_given_back_is_the_next_one_s_at_once(
    db: Database, other: Database
) -> None:
    assert db.alone(LEASE, "a", 60.0)
    other.let_go(LEASE, "b")
    assert not other.alone(LEASE, "b", 60.0), "nobody gives back what is another's"
    db.let_go(LEASE, "a")
    assert other.alone(LEASE, "b", 60.0)


def test_a_lease_that_ran_out_is_taken_over(db: Database, other: Database) -> None:
    assert db.alone(LEASE, "a", 0.0)
    assert other.alone(LEASE, "b", 60.0)
    assert not db.alone(LEASE, "a", 60.0)


def test_who_hears_nothing_of_the_database_stops_before_the_lease_ends(db: Database) -> None:
    now = 100.0
    lease = Lease(db, lambda: now)
    assert not lease.holds() and lease.ask()
    now += LASTS - MARGIN - 0.1
    assert lease.holds()
    now += 0.2
    assert not lease.holds()
    assert lease.ask(), "nobody else has taken it"
    lease.let_go()
    assert not lease.holds()


def test_of_two_the_second_takes_over_what_the_first_gave_back(
    db: Database, other: Database
) -> None:
    first, second = Lease(db), Lease(other)
    assert first.ask() and not second.ask()
    first.let_go()
    assert second.ask() and not first.ask()


def listening(db: Database) -> queue.Queue[News]:
    """What a process hears from now on."""
    heard: queue.Queue[News] = queue.Queue()
    db.listen()
    db.after_commit.append(heard.put)
    assert heard.get(timeout=10) is News.ALL, "who begins to listen looks at what there is"
    return heard


def test_a_commit_wakes_whoever_waits_in_another_process_and_a_quiet_one_nobody(
    db: Database, other: Database
) -> None:
    heard = listening(other)
    db.write(lambda session: marks.mark(session, "colour", "red"))
    assert heard.get(timeout=10) is News.ALL
    db.write(lambda session: marks.mark(session, "colour", "blue"), quietly)
    db.read(lambda session: marks.marked(session, "colour"))
    assert db.write_each(InARow(lambda session: None, 3, News.ALL)) == ([], True)
    db.write(lambda session: marks.mark(session, "colour", "pink"), lambda _: News.UPDATES)
    assert heard.get(timeout=10) is News.UPDATES
    green = InARow(lambda session: marks.mark(session, "colour", "green") or "done", 1, News.REST)
    db.write_each(green)
    assert heard.get(timeout=10) is News.REST
    assert heard.empty()


def test_a_process_of_an_older_version_that_says_only_who_it_is_is_heard(
    db: Database, other: Database
) -> None:
    heard = listening(other)
    with db.writer.begin() as connection:
        connection.execute(text("SELECT pg_notify('motdaumoi_news', 'somebody')"))
    assert heard.get(timeout=10) is News.ALL


def test_a_server_that_is_not_there_is_said_so() -> None:
    away = open_database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseAway):
        away.write(lambda session: marks.mark(session, "colour", "red"))
    with pytest.raises(DatabaseAway):
        away.read(lambda session: marks.marked(session, "colour"))
    assert not away.alone(LEASE, "a", 60.0)
    away.close()


def test_a_write_that_others_overtake_again_and_again_is_let_through_alone(
    db: Database, other: Database
) -> None:
    tried: list[bool] = []

    def others_may_write() -> bool:
        try:
            with other.writer.begin() as connection:
                connection.execute(text("SET LOCAL lock_timeout = 10"))
                connection.execute(_BESIDE)
        except OperationalError:
            return False
        return True

    def work(session: Session) -> None:
        found = marks.marked(session, "count") or "0"
        tried.append(others_may_write())
        if tried[-1]:
            other.write(lambda theirs: marks.mark(theirs, "count", str(len(tried))))
        marks.mark(session, "count", f"{found} and ours")

    db.write(work)
    assert tried == [True] * (ALONE_FROM - 1) + [False]
    assert db.read(lambda session: marks.marked(session, "count")) == f"{ALONE_FROM - 1} and ours"
    assert others_may_write()
