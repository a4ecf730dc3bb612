"""The chain: whatever is changed is found, and what may be erased can be erased."""

import hashlib
import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from procedure.codec import canonical
from procedure.entries import FIRST_HASH, chain_hash
from procedure.evolve import fold
from storage import incidents, journal
from storage.database import Database, Session
from storage.tables import ContentRow, EntryRow
from tests.procedure import village as v
from tests.storage import shelf
from tests.storage.shelf import STREAM, faults, looking, sql

WALK = v.closed()
LENGTH = len(WALK.history)
TRIES = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
COLUMNS = ("stream", "seq", "kind", "at", "actor", "channel", "body", "hash")


def rows(db: Database) -> list[EntryRow]:
    return db.read(lambda session: list(session.exec(select(EntryRow).order_by("seq")).all()))


def test_a_chain_that_nobody_touched_holds(told: Database) -> None:
    assert faults(told) == []


def test_the_copies_are_what_the_body_says_and_every_body_names_the_one_before(
    told: Database,
) -> None:
    previous = FIRST_HASH
    for row in rows(told):
        body = json.loads(row.body)
        assert canonical(body) == row.body and body["previous"] == previous
        assert (body["stream"], body["seq"], body["kind"]) == (row.stream, row.seq, row.kind)
        assert (body["actor"], body["channel"]) == (row.actor, row.channel)
        previous = row.hash


def test_what_is_read_is_what_was_written(told: Database) -> None:
    entries = told.read(lambda session: journal.read(session, STREAM))
    assert entries == WALK.history and fold(STREAM, entries) == WALK.incident
    later = told.read(lambda session: journal.read(session, STREAM, after=LENGTH - 2))
    assert later == WALK.history[-2:]


def test_prose_stands_apart_under_a_salted_hash(told: Database) -> None:
    bodies = "".join(row.body for row in rows(told))
    assert v.WORDS not in bodies and hashlib.sha256(v.WORDS.encode()).hexdigest() in bodies, (
        "only the statement's own hash is of the bare text"
    )
    contents = told.read(lambda session: list(session.exec(select(ContentRow)).all()))
    assert len({row.salt for row in contents}) == len(contents)


@pytest.mark.sqlite
@given(seq=st.integers(1, LENGTH), at=st.integers(0, 10_000), change=st.integers(1, 127))
@TRIES
def test_any_byte_of_any_body_changed_is_found(
    told: Database, seq: int, at: int, change: int
) -> None:
    def tamper(session: Session) -> None:
        body = bytearray(
            sql(session, "SELECT body FROM entries WHERE seq = ?", seq).scalar_one().encode()
        )
        place = at % len(body)
        body[place] = (body[place] ^ change) & 0x7F
        text = bytes(body).decode()
        sql(session, "UPDATE entries SET body = ? WHERE seq = ?", text, seq)

    assert looking(told, tamper)


@pytest.mark.sqlite
@given(
    seq=st.integers(1, LENGTH),
    column=st.sampled_from(COLUMNS),
    at=st.integers(0, 200),
    to=st.sampled_from("0189afTxZ -:+."),
)
@TRIES
def test_any_letter_of_any_copy_changed_is_found(
    told: Database, seq: int, column: str, at: int, to: str
) -> None:
    changed: list[bool] = []

    def tamper(session: Session) -> None:
        text = str(sql(session, f"SELECT {column} FROM entries WHERE seq = ?", seq).scalar_one())
        place = at % len(text)
        new = text[:place] + to + text[place + 1 :]
        same = new == text or (column in ("seq", "actor") and _number(new) == int(text))
        taken = column == "seq" and _number(new) in range(1, LENGTH + 1)
        changed.append(not same and not taken)
        if changed[-1]:
            sql(session, f"UPDATE entries SET {column} = ? WHERE seq = ?", new, seq)

    found = looking(told, tamper)
    assert bool(found) == changed[-1]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _forged(session: Session, seq: int, **fields: object) -> None:
    """An entry rewritten with a hash that fits it."""
    body = json.loads(sql(session, "SELECT body FROM entries WHERE seq = ?", seq).scalar_one())
    text = canonical(body | fields)
    sql(
        session,
        "UPDATE entries SET body = ?, hash = ? WHERE seq = ?",
        text,
        chain_hash(text),
        seq,
    )


def _rehashed(session: Session, text: str) -> None:
    sql(
        session,
        "UPDATE entries SET body = ?, hash = ? WHERE seq = 3",
        text,
        chain_hash(text),
    )


def _swap(session: Session) -> None:
    sql(session, "UPDATE entries SET seq = -1 WHERE seq = 3")
    sql(session, "UPDATE entries SET seq = 3 WHERE seq = 4")
    sql(session, "UPDATE entries SET seq = 4 WHERE seq = -1")


@pytest.mark.parametrize(
    ("why", "change"),
    [
        ("gap", lambda session: sql(session, "DELETE FROM entries WHERE seq = 3")),
        ("gap", lambda session: sql(session, "DELETE FROM entries WHERE seq = 1")),
        ("chain", _swap),
        ("chain", lambda session: _forged(session, 3, authority="another")),
        ("copy", lambda session: _forged(session, 3, actor=99)),
        ("chain", lambda session: _forged(session, 3, previous=FIRST_HASH)),
        ("body", lambda session: _rehashed(session, "no JSON")),
        ("body", lambda session: _rehashed(session, "[]")),
        ("body", lambda session: _rehashed(session, "{}")),
        ("content_missing", lambda session: sql(session, "DELETE FROM contents WHERE id = 1")),
        (
            "content_missing",
            lambda session: sql(session, "UPDATE contents SET text = NULL WHERE id = 1"),
        ),
        (
            "content_changed",
            lambda session: sql(session, "UPDATE contents SET text = 'x' WHERE id = 1"),
        ),
        (
            "content_changed",
            lambda session: sql(session, "UPDATE contents SET salt = 'x' WHERE id = 1"),
        ),
        (
            "content_missing",
            lambda session: sql(session, "UPDATE contents SET stream = 'x' WHERE id = 1"),
        ),
    ],
)
def test_what_somebody_does_to_the_file_is_named(
    told: Database, why: str, change: Callable[[Session], object]
) -> None:
    assert why in looking(told, change)


def test_a_cut_tail_is_shown_by_the_heads_alone(db: Database) -> None:
    shelf.keep(db, WALK)
    (before,) = db.read(journal.heads)
    assert (before.stream, before.seq) == (STREAM, LENGTH)
    db.write(lambda session: sql(session, "DELETE FROM entries WHERE seq = ?", LENGTH))
    (after,) = db.read(journal.heads)
    assert faults(db) == [] and after.seq == LENGTH - 1 and after.hash != before.hash


def test_every_stream_has_its_own_chain_and_head(db: Database) -> None:
    shelf.keep(db, v.opened())
    db.write(
        lambda session: journal.append(
            session,
            "incident-2",
            [WALK.history[0].fact],
            at=v.START,
            actor=v.REPORTER,
            authority="registered",
            channel="test",
        )
    )
    found = db.read(journal.heads)
    assert [(head.stream, head.seq) for head in found] == [(STREAM, 1), ("incident-2", 1)]
    assert db.read(lambda session: journal.head_seq(session, "incident-2")) == 1
    assert db.read(lambda session: journal.head_seq(session, "incident-3")) == 0


@given(erased=st.sets(st.integers(1, 200), min_size=1, max_size=20))
@TRIES
def test_erased_contents_keep_the_chain_and_the_incident_folds_without_them(
    told: Database, erased: set[int]
) -> None:
    found: list[str] = []

    def work(session: Session) -> None:
        ids = [row.id for row in session.exec(select(ContentRow)).all() if row.id in erased]
        for id in ids:
            assert id is not None
            journal.erase(session, STREAM, id, at=WALK.now, why="asked for")
        session.flush()
        found.extend(fault.why for fault in journal.verify(session))
        again = incidents.refold(session, STREAM)
        assert again.seq == LENGTH and again.closed_at == WALK.incident.closed_at
        assert again.spokesperson is not None and again.spokesperson.person == v.HEAD
        raise shelf.Undone

    with pytest.raises(shelf.Undone):
        told.write(work)
    assert found == []


def test_an_erased_content_that_comes_back_changed_is_found(told: Database) -> None:
    def change(session: Session) -> None:
        journal.erase(session, STREAM, 1, at=WALK.now, why="asked for")
        session.flush()
        sql(session, "UPDATE contents SET text = 'other words' WHERE id = 1")

    assert looking(told, change) == ["content_changed"]


def test_a_content_is_erased_only_in_its_own_stream(told: Database) -> None:
    with pytest.raises(KeyError):
        told.write(
            lambda session: journal.erase(session, "incident-2", 1, at=WALK.now, why="asked")
        )


def test_two_entries_with_one_number_cannot_be(told: Database) -> None:
    copied = "INSERT INTO entries SELECT * FROM entries WHERE seq = 1"
    with pytest.raises(Exception, match=r"(?i)unique"):
        told.write(lambda session: sql(session, copied))
