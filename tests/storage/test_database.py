"""One writer, many readers: all or nothing, nothing lost, one state of things for a reader."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import select

from procedure import actions as a
from procedure.entries_speaking import SpokespersonAssigned
from procedure.errors import Outdated, Refused
from storage import incidents, journal, marks
from storage.away import DatabaseAway
from storage.database import Database, News, Session, open_database, quietly
from storage.tables import CounterRow, IncidentRow, MarkRow
from tests.procedure import village as v
from tests.storage import shelf
from tests.storage.shelf import STREAM, faults, keep, perform


def test_a_write_that_fails_leaves_nothing_of_itself(db: Database) -> None:
    def work(session: Session) -> None:
        incidents.next_number(session, "incident")
        marks.mark(session, "colour", "red")
        perform(session, v.REPORTER, v.opening(), v.START)
        raise ValueError("the last line of the turn")

    with pytest.raises(ValueError, match="the last line"):
        db.write(work)
    for table in (CounterRow, MarkRow, IncidentRow):
        left = db.read(lambda session, table=table: session.exec(select(table)).all())
        assert [row for row in left if getattr(row, "name", "") in ("incident", "colour", "")] == []
    assert db.read(journal.heads) == []


def test_a_broken_constraint_rolls_everything_back_and_the_writer_lives_on(db: Database) -> None:
    def twice(session: Session) -> None:
        marks.mark(session, "colour", "red")
        for _ in range(2):
            session.add(
                IncidentRow(
                    stream=STREAM,
                    code="VV",
                    seq=0,
                    step=1,
                    severity="",
                    unit=1,
                    opened_at=v.START,
                    folded="",
                    state="",
                )
            )

    with pytest.raises(IntegrityError):
        db.write(twice)
    assert db.read(lambda session: marks.marked(session, "colour")) is None
    db.write(lambda session: marks.mark(session, "colour", "blue"))
    assert db.read(lambda session: marks.marked(session, "colour")) == "blue"


def test_what_a_write_returns_is_there_for_every_reader(db: Database) -> None:
    for n in range(20):
        db.write(lambda session, n=n: marks.mark(session, "n", str(n)))
        assert db.read(lambda session: marks.marked(session, "n")) == str(n)


def test_a_write_inside_a_write_is_refused_and_not_waited_for(db: Database) -> None:
    def inside(session: Session) -> None:
        db.write(lambda other: None)

    with pytest.raises(RuntimeError, match="inside a write"):
        db.write(inside)


def test_whoever_listens_is_told_after_the_commit_and_not_of_a_failure(db: Database) -> None:
    seen: list[str | None] = []
    news: list[News] = []
    db.after_commit.append(lambda _: seen.append(db.read(lambda s: marks.marked(s, "colour"))))
    db.after_commit.append(news.append)
    db.write(lambda session: marks.mark(session, "colour", "red"))
    with pytest.raises(ValueError, match="no"):
        db.write(_fails)
    assert seen == ["red"] and news == [News.ALL]
    db.write(lambda session: None, quietly)
    db.write(lambda session: None, lambda _: News.UPDATES)
    assert news == [News.ALL, News.UPDATES]


@pytest.mark.sqlite
def test_what_is_written_to_a_closed_database_is_refused_and_holds_up_no_end(db: Database) -> None:
    db.write(lambda session: marks.mark(session, "colour", "red"))
    db.close()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="closed"):
            db.write(lambda session: marks.mark(session, "colour", "blue"))
    db.close()


def _fails(session: Session) -> None:
    raise ValueError("no")


def test_no_update_is_lost_between_parallel_writers(db: Database) -> None:
    with ThreadPoolExecutor(8) as crowd:
        numbers = list(
            crowd.map(
                lambda _: db.write(lambda session: incidents.next_number(session, "n")), range(80)
            )
        )
    assert sorted(numbers) == list(range(1, 81))


def test_no_update_is_lost_between_two_programs_on_one_file(db: Database) -> None:
    other = open_database(db.address)
    try:
        with ThreadPoolExecutor(4) as crowd:
            both = [db, other] * 20
            numbers = list(
                crowd.map(
                    lambda one: one.write(lambda session: incidents.next_number(session, "n")), both
                )
            )
    finally:
        other.close()
    assert sorted(numbers) == list(range(1, 41))


def hand_over(db: Database, actor: int, person: int, start: threading.Barrier) -> str:
    """Somebody names a speaker by what he saw on his screen: that the head speaks."""
    action = a.AssignSpokesperson(
        person=person, expected=v.HEAD, by_authority=v.REASON, reason=v.REASON
    )
    start.wait()
    try:
        db.write(lambda session: perform(session, actor, action, v.START + v.DAY))
    except Refused as refused:
        assert isinstance(refused, Outdated)
        return refused.key
    return "done"


def test_of_concurrent_edits_of_the_speaker_exactly_one_stands(db: Database) -> None:
    """T32: two active speakers are impossible, also when two programs write at once."""
    keep(db, v.concluded())
    other = open_database(db.address)
    start = threading.Barrier(4)
    edits = [
        (db, v.LEADER, v.EXPERT),
        (other, v.SECOND, v.DEPUTY),
        (db, v.DUTY, v.PARTY_HEAD),
        (other, v.LEADER, v.SECOND),
    ]
    with ThreadPoolExecutor(4) as crowd:
        ends = list(crowd.map(lambda edit: hand_over(*edit, start), edits))
    other.close()
    assert sorted(ends) == ["done", *["spokesperson_moved"] * 3]
    incident = db.read(lambda session: incidents.get(session, STREAM))
    assert incident.spokesperson is not None
    assert incident.spokesperson.person == edits[ends.index("done")][2]
    history = db.read(lambda session: journal.read(session, STREAM))
    named = [entry.fact for entry in history if isinstance(entry.fact, SpokespersonAssigned)]
    assert [fact.previous for fact in named] == [None, v.HEAD] and faults(db) == []


def test_a_reader_sees_one_state_of_things_however_long_he_looks(db: Database) -> None:
    db.write(lambda session: marks.mark(session, "colour", "red"))

    def work(session: Session) -> list[str | None]:
        first = marks.marked(session, "colour")
        db.write(lambda other: marks.mark(other, "colour", "blue"))
        session.expire_all()
        return [first, marks.marked(session, "colour")]

    assert db.read(work) == ["red", "red"]
    assert db.read(lambda session: marks.marked(session, "colour")) == "blue"


@pytest.mark.parametrize(
    "work",
    [
        lambda session: marks.mark(session, "colour", "red"),
        lambda session: shelf.sql(session, "DELETE FROM marks"),
    ],
)
def test_a_reader_cannot_write(db: Database, work: Callable[[Session], None]) -> None:
    with pytest.raises((DatabaseAway, DBAPIError)):
        db.read(work)


@pytest.mark.sqlite
def test_the_file_is_kept_as_safe_as_it_can_be(db: Database) -> None:
    def pragma(session: Session) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        return [shelf.sql(session, f"PRAGMA {name}").scalar_one() for name in names]

    assert db.write(pragma) == ["wal", 2, 1, 1]


def test_a_closed_database_can_be_opened_again(tmp_path: Path) -> None:
    first = shelf.made(tmp_path)
    first.write(lambda session: marks.mark(session, "colour", "red"))
    first.close()
    second = open_database(first.address)
    assert second.read(lambda session: marks.marked(session, "colour")) == "red"
    second.close()


def test_a_moment_without_its_zone_is_refused(db: Database) -> None:
    walk = v.opened()
    naive = v.START.replace(tzinfo=None)
    with pytest.raises(Exception, match="zone"):
        db.write(lambda session: incidents.save(session, walk.incident, naive))
