"""Writes that share a commit: each whole or nothing, and a fault of one is not the others'."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import delete

from storage import marks
from storage.away import DatabaseAway
from storage.database import Database, InARow, News, Session, quietly
from storage.prepared import asked, made_in
from storage.sqlite import Sqlite
from storage.tables import MarkRow


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes in a row is not cut off by the time that it takes."""
    monkeypatch.setattr("storage.sqlite._LONGEST", 60.0)


def marking(name: str, *, fails: bool = False) -> Callable[[Session], str]:
    def work(session: Session) -> str:
        marks.mark(session, name, "yes")
        session.flush()
        if fails:
            raise ValueError(name)
        return name

    return work


def at_the_same_time(db: Database, works: list[Callable[[Session], Any]]) -> list[Future[Any]]:
    """All wait while the writer is busy, in this order; the outcome of each."""
    held, goes_on = threading.Event(), threading.Event()

    def holds(session: Session) -> None:
        held.set()
        assert goes_on.wait(10)

    with ThreadPoolExecutor(len(works) + 1) as pool:
        first = pool.submit(db.write, holds)
        assert held.wait(10)
        made = []
        for n, work in enumerate(works):
            made.append(pool.submit(db.write, work))
            while isinstance(db, Sqlite) and len(db._jobs) <= n:
                pass
        goes_on.set()
        first.result(10)
    return made


def standing(db: Database, name: str) -> bool:
    return db.read(lambda session: marks.marked(session, name)) is not None


@pytest.mark.sqlite
def test_what_waits_at_the_same_time_shares_a_commit(db: Database) -> None:
    before = db.commits
    made = at_the_same_time(db, [marking(f"m{n}") for n in range(20)])
    assert [one.result() for one in made] == [f"m{n}" for n in range(20)]
    assert all(standing(db, f"m{n}") for n in range(20))
    assert db.commits == before + 2


@given(fails=st.lists(st.booleans(), min_size=1, max_size=12))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_fault_of_one_is_its_own(db: Database, fails: list[bool]) -> None:
    db.write(lambda session: session.exec(delete(MarkRow)))
    names = [f"m{n}" for n in range(len(fails))]
    works = [marking(name, fails=bad) for name, bad in zip(names, fails, strict=True)]
    for name, bad, one in zip(names, fails, at_the_same_time(db, works), strict=True):
        assert isinstance(one.exception(), ValueError) if bad else one.result() == name
        assert standing(db, name) is not bad


@pytest.mark.sqlite
def test_a_transaction_that_sqlite_gives_up_underway_loses_nobody_s_write(db: Database) -> None:
    """As a full disk does: the fault is caught inside the work, and the whole is gone."""
    gone = []

    def gives_up(session: Session) -> str:
        if not gone:
            raw = session.connection().connection.dbapi_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.execute("ROLLBACK")
            gone.append(True)
        return "went on"

    works = [marking("before"), gives_up, marking("after")]
    made = at_the_same_time(db, works)
    assert [one.exception() for one in made] == [None, None, None]
    assert standing(db, "before") and standing(db, "after")


@pytest.mark.sqlite
def test_who_waits_for_a_file_that_another_holds_is_told_once_for_all(db: Database) -> None:
    tries = []

    def held(session: Session) -> None:
        tries.append(1)
        fault = sqlite3.OperationalError("database is locked")
        fault.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise OperationalError("", {}, fault)

    made = at_the_same_time(db, [marking("before"), held, marking("after")])
    assert [type(one.exception()) for one in made] == [DatabaseAway] * 3
    assert len(tries) == 1
    assert not standing(db, "before") and not standing(db, "after")


def counting(upto: int, wrong: int | None = None) -> Callable[[Session], int | None]:
    """The next number, each time it is run, up to the last; one of them goes wrong."""

    def work(session: Session) -> int | None:
        n = int(marks.marked(session, "number") or 0) + 1
        if n > upto:
            return None
        marks.mark(session, "number", str(n))
        session.flush()
        if n == wrong:
            raise ValueError(n)
        return n

    return work


def test_what_comes_in_a_row_ends_with_the_last_or_when_there_were_enough(db: Database) -> None:
    assert db.write_each(InARow(counting(5), 3, News.REST)) == ([1, 2, 3], False)
    assert db.write_each(InARow(counting(5), 9, News.REST)) == ([4, 5], True)
    assert db.write_each(InARow(counting(5), 9, News.REST)) == ([], True)


def test_in_a_row_those_before_a_fault_are_done_and_the_next_call_meets_it(db: Database) -> None:
    assert db.write_each(InARow(counting(9, wrong=4), 9, News.REST)) == ([1, 2, 3], False)
    for _ in range(2):
        with pytest.raises(ValueError, match="4"):
            db.write_each(InARow(counting(9, wrong=4), 9, News.REST))
    assert db.write_each(InARow(counting(9), 2, News.REST)) == ([4, 5], False)


@pytest.mark.sqlite
def test_a_row_that_takes_long_is_cut_off_and_goes_on_with_the_next_call(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite._LONGEST", 0.0)
    assert db.write_each(InARow(counting(5), 3, News.REST)) == ([1], False)
    assert db.write_each(InARow(counting(5), 3, News.REST)) == ([2], False)


def test_a_row_wakes_who_waits_for_commits_once_it_is_done(db: Database) -> None:
    told = []
    db.after_commit.append(lambda news: told.append((news, standing(db, "number"))))
    before = db.commits
    db.write_each(InARow(counting(0), 3, News.REST))
    assert told == []
    if db.in_order:
        assert db.commits == before, "nothing was done, and nothing committed"
    db.write_each(InARow(counting(3), 3, News.REST))
    assert told and all(news is News.REST and number for news, number in told)


def next_after(db: Database, row: InARow[int], news: News = News.UPDATES) -> list[News]:
    """Writes what `row` comes after; what was told of it."""
    told: list[News] = []
    db.after_commit.append(told.append)
    try:
        with db.sees_to(News.UPDATES, row):
            assert db.write(marking("before"), lambda _: news) == "before"
    finally:
        db.after_commit.clear()
    return told


def test_what_comes_next_is_done_in_the_same_commit_and_told_once(db: Database) -> None:
    row, before = InARow(counting(2), 9, News.REST), db.commits
    told = next_after(db, row)
    if db.in_order:
        assert (db.commits - before, told) == (1, [News.REST]), "where the database can"
        assert standing(db, "number")
    assert db.write_each(row) == ([1, 2], True)
    assert db.write_each(row) == ([], True), "what was done is not done again"


@pytest.mark.sqlite
def test_a_fault_of_what_comes_next_takes_nothing_from_what_was_before(db: Database) -> None:
    row = InARow(counting(9, wrong=3), 9, News.REST)
    assert next_after(db, row) == []
    assert standing(db, "before") and not standing(db, "number")
    assert db.write_each(row) == ([1, 2], False)
    with pytest.raises(ValueError, match="3"):
        db.write_each(row)


def test_where_the_write_itself_fails_nothing_follows(db: Database) -> None:
    row = InARow(counting(9), 9, News.REST)
    with pytest.raises(ValueError, match="wrong"), db.sees_to(News.UPDATES, row):
        db.write(marking("wrong", fails=True), lambda _: News.UPDATES)
    assert row.shared is None and not standing(db, "number")


@pytest.mark.parametrize("news", [News.ALL, News.REST, News.NONE])
def test_nothing_follows_what_is_no_such_news(db: Database, news: News) -> None:
    row = InARow(counting(9), 9, News.REST)
    assert next_after(db, row, news) == ([news] if news else [])
    assert not standing(db, "number")


@pytest.mark.sqlite
def test_after_several_writes_all_that_was_done_with_them_is_returned(db: Database) -> None:
    row = InARow(counting(4), 1, News.REST)
    told: list[News] = []
    db.after_commit.append(told.append)
    with db.sees_to(News.UPDATES, row):
        for name in ("one", "two"):
            db.write(marking(name), lambda _: News.UPDATES)
            db.write(marking("beside"), quietly)
    assert told == [News.REST, News.REST]
    assert db.write_each(row) == ([1, 2], False)
    assert db.write_each(row) == ([3], False)


def test_afterwards_a_write_is_followed_by_nothing_even_a_quiet_one(db: Database) -> None:
    row = InARow(counting(9), 2, News.REST)
    next_after(db, row)
    assert db.write_each(row) == ([1, 2], False)
    db.write(marking("later"), quietly)
    assert row.shared is None


@pytest.mark.sqlite
def test_what_others_write_meanwhile_is_followed_by_nothing(db: Database) -> None:
    row = InARow(counting(9), 9, News.REST)
    with db.sees_to(News.UPDATES, row), ThreadPoolExecutor(1) as pool:
        pool.submit(db.write, marking("other"), lambda _: News.UPDATES).result(10)
    assert not standing(db, "number")


def test_in_a_row_no_write_stands_inside_a_write(db: Database) -> None:
    def work(session: Session) -> None:
        db.write_each(InARow(counting(1), 1, News.REST))

    with pytest.raises(RuntimeError, match="inside"):
        db.write(work)


@pytest.mark.sqlite
def test_one_session_serves_one_transaction_after_the_other_with_nothing_in_hand(
    db: Database,
) -> None:
    hands: list[Session] = []
    kept: list[MarkRow] = []

    def work(session: Session) -> None:
        assert not session.identity_map.keys() and not made_in(session) and not asked(session)
        hands.append(session)
        row = MarkRow(name=f"m{len(hands)}", value="1")
        session.add(row)
        kept.append(row)
        session.flush()
        made_in(session).append(1)
        asked(session)["what"] = "that"

    db.write(work)
    db.write(work)
    assert hands[0] is hands[1]
    assert db.read(lambda session: session.get(MarkRow, "m2")) is not None


@pytest.mark.sqlite
def test_after_a_fault_another_session_takes_its_place(db: Database) -> None:
    def fails(session: Session) -> None:
        marks.mark(session, "half", "done")
        session.add(MarkRow(name="half", value="twice"))
        session.flush()

    with pytest.raises(IntegrityError):
        db.write(fails)
    with pytest.raises(OperationalError):
        db.read(lambda session: session.connection().exec_driver_sql("SELECT nothing"))
    db.write(marking("whole"))
    assert db.read(lambda session: marks.marked(session, "half")) is None
    assert db.read(lambda session: marks.marked(session, "whole")) == "yes"


@pytest.mark.sqlite
def test_who_reads_while_another_one_reads_has_a_session_of_his_own(db: Database) -> None:
    def outer(session: Session) -> bool:
        before = marks.marked(session, "new")
        db.write(marking("new"))
        inner = db.read(lambda other: (other is session, marks.marked(other, "new")))
        return (before, inner, marks.marked(session, "new")) == (None, (False, "yes"), None)

    assert db.read(outer)
