"""What goes past the session comes to the same as what goes through it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from storage import chats, marks
from storage.chats import Prompt
from storage.database import Database
from storage.lines import COLUMNS, LINES, Line
from storage.prepared import Prepared, PreparedModel, undone_if_refused
from storage.tables import ChatRow, MessageRow, metadata

NOW = datetime(2026, 10, 12, 2, 30, 15, 123456, tzinfo=UTC)
CHATS = metadata.tables["chats"]
BY_KEY = Prepared(select(*COLUMNS).where(LINES.c.key == bindparam("key")), Line)
MODEL = PreparedModel(MessageRow, LINES.c.key == bindparam("key"))
TWICE = Prepared(
    insert(CHATS).values(
        channel=bindparam("channel"),
        external=bindparam("external"),
        person=1,
        last_seq=0,
        shown_seq=0,
    )
)


class Refused(Exception):
    """What a rule says no with."""


def put(session: Session, key: str = "a", at: datetime = NOW) -> int:
    """A line with everything that has a type of its own."""
    chat = chats.chat_of(session, "web", "1", 1)
    prompt = Prompt(template="notices/x#text", key=key, rings=True, duties=[("s", "d")])
    made = chats.enqueue(session, chat, prompt, at=at)
    assert made is not None
    return made


def test_a_row_has_the_values_that_the_session_gives(db: Database) -> None:
    def work(session: Session) -> tuple[Line | None, MessageRow]:
        return BY_KEY.first(session, key="a"), session.get_one(MessageRow, put(session, "b"))

    db.write(put)
    line, row = db.write(work)
    assert line is not None and line.created_at == row.created_at == NOW
    assert line.created_at.tzinfo is UTC and row.created_at.tzinfo is UTC
    assert (line.rings, line.superseded, line.answered) == (True, False, None)
    same = {name: getattr(row, name) for name in Line._fields} | {"id": line.id, "key": "a"}
    assert line._asdict() == same | {"seq": line.seq}


def test_a_moment_of_another_zone_is_kept_in_utc_and_a_naive_one_is_refused(db: Database) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=7)))
    db.write(lambda session: put(session, at=there))
    line = db.read(lambda session: BY_KEY.one(session, key="a"))
    assert line.created_at == NOW and line.created_at.tzinfo is UTC
    with pytest.raises(ValueError, match="zone"):
        db.write(lambda session: put(session, "b", NOW.replace(tzinfo=None)))


def test_a_missing_value_is_an_error_and_a_missing_row_says_so(db: Database) -> None:
    with pytest.raises(KeyError):
        db.read(lambda session: BY_KEY.first(session))
    with pytest.raises(LookupError):
        db.read(lambda session: BY_KEY.one(session, key="none"))
    assert db.read(lambda session: BY_KEY.first(session, key="none")) is None
    assert db.read(lambda session: marks.marked(session, "none")) is None


def test_the_session_s_own_changes_are_seen(db: Database) -> None:
    def work(session: Session) -> Line:
        row = session.get_one(MessageRow, put(session))
        row.text = "đã đổi"
        session.add(row)
        return BY_KEY.one(session, key="a")

    assert db.write(work).text == "đã đổi"


def test_a_model_is_the_one_that_the_session_has_in_hand(db: Database) -> None:
    def work(session: Session) -> str:
        row = MODEL.first(session, key="a")
        assert row is not None and row is MODEL.first(session, key="a")
        assert row is session.get(MessageRow, row.id) and row not in session.dirty
        row.text = "qua mô hình"
        session.add(row)
        return str(row.template)

    db.write(put)
    assert db.write(work) == "notices/x#text"
    assert db.read(lambda session: BY_KEY.one(session, key="a")).text == "qua mô hình"
    assert db.read(lambda session: MODEL.first(session, key="none")) is None


def test_errors_are_those_of_the_session_and_nothing_stays(db: Database) -> None:
    def twice(session: Session) -> None:
        put(session)
        for _ in range(2):
            TWICE.run(session, channel="web", external="7")

    with pytest.raises(IntegrityError) as caught:
        db.write(twice)
    assert isinstance(caught.value, DBAPIError) and caught.value.orig is not None
    assert db.read(lambda session: BY_KEY.first(session, key="a")) is None


def test_what_is_refused_is_undone_and_what_was_before_stays(db: Database) -> None:
    def work(session: Session) -> tuple[int, list[Line | None]]:
        put(session, "before")
        chat = chats.chat_of(session, "web", "1", 1)
        row = session.get_one(MessageRow, put(session, "changed"))
        with pytest.raises(Refused), undone_if_refused(session):
            put(session, "inside")
            row.text = "inside"
            session.add(row)
            new = ChatRow(channel="web", external="9", person=9)
            session.add(new)
            with undone_if_refused(session):
                put(session, "deeper")
            raise Refused
        with undone_if_refused(session):
            put(session, "after")
        assert row.text == "" and new not in session
        return chat.last_seq, [
            one for one in ("inside", "deeper") if BY_KEY.first(session, key=one)
        ]

    assert db.write(work) == (3, [])
    kept = db.read(lambda s: [BY_KEY.one(s, key=one).seq for one in ("before", "changed", "after")])
    assert kept == [1, 2, 3]


def test_an_error_of_the_database_inside_is_undone_too(db: Database) -> None:
    def work(session: Session) -> None:
        put(session, "before")
        TWICE.run(session, channel="web", external="7")
        with pytest.raises(IntegrityError), undone_if_refused(session):
            TWICE.run(session, channel="web", external="7")
        put(session, "after")

    db.write(work)
    assert db.read(lambda session: BY_KEY.first(session, key="after")) is not None


def test_a_session_of_several_transactions_is_no_trap(db: Database) -> None:
    with Session(db.reader) as session:
        assert Prepared(text("SELECT 1")).value(session) == 1
        session.rollback()
        assert Prepared(text("SELECT 2")).value(session) == 2
