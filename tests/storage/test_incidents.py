"""The projection: always the fold of the journal, written with it or not at all."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from sqlmodel import select

from procedure import actions as a
from procedure.codec import Prose, canonical, dump
from procedure.errors import Outdated
from procedure.evolve import advanced
from procedure.facts import FileRef
from procedure.incident import Incident
from procedure.steps import step
from storage import chats, erasure, incidents, journal
from storage.database import Database, Session
from storage.tables import FileUseRow, IncidentRow, MessageRow
from tests.procedure import village as v
from tests.storage.shelf import STREAM, faults, keep, perform

STAGES = [v.opened, v.within, v.drafted, v.approved, v.spoken, v.reported, v.closed]


def row_of(db: Database) -> IncidentRow:
    return db.read(lambda session: session.exec(select(IncidentRow)).one())


@pytest.mark.parametrize("stage", STAGES)
def test_the_row_is_the_fold_of_the_journal_at_every_stage(
    db: Database, stage: Callable[[], v.Walk]
) -> None:
    walk = stage()
    keep(db, walk)
    assert db.read(lambda session: incidents.get(session, STREAM)) == walk.incident
    assert db.read(lambda session: incidents.refold(session, STREAM)) == walk.incident
    row = row_of(db)
    assert row.state == canonical(dump(walk.incident)) and row.seq == len(walk.history)
    assert (row.step, row.severity) == (int(step(walk.incident)), walk.incident.severity.value)
    assert row.is_open == (walk.incident.closed_at is None) and row.code == walk.incident.code
    assert (row.next_ring_at is None) == (walk.incident.closed_at is not None)


def test_performing_through_the_database_is_what_performing_in_memory_is(db: Database) -> None:
    walk = v.concluded()
    before = Incident(stream=STREAM)
    for entry in walk.history:
        written = db.write(
            lambda session, entry=entry: journal.append(
                session,
                STREAM,
                [entry.fact],
                at=entry.at,
                actor=entry.actor,
                authority=entry.authority,
                channel=entry.channel,
            )
        )
        before = advanced(before, written)
    assert before == walk.incident


def test_a_refused_action_leaves_nothing_behind(db: Database) -> None:
    keep(db, v.concluded())
    before = (row_of(db).state, db.read(lambda session: journal.head_seq(session, STREAM)))
    with pytest.raises(Outdated):
        db.write(lambda session: perform(session, v.LEADER, a.ConfirmConclusion(), v.START + v.DAY))
    assert before == (row_of(db).state, db.read(lambda s: journal.head_seq(s, STREAM)))


def test_an_unknown_incident_is_told_as_such(db: Database) -> None:
    with pytest.raises(KeyError):
        db.read(lambda session: incidents.get(session, "incident-9"))
    assert db.read(lambda session: incidents.by_code(session, "VV-2026-009")) is None


def opened_too(session: Session, number: int, at: datetime, title: str) -> Incident:
    """A second, third … incident beside the first."""
    stream = f"incident-{number}"
    walk = v.Walk(incident=Incident(stream=stream), now=at)
    walk.does(v.REPORTER, v.opening(code=f"VV-2026-{number:03d}", title=Prose(title)))
    incidents.save(session, walk.incident, at)
    return walk.incident


def test_incidents_are_listed_newest_first_and_the_closed_ones_on_request(db: Database) -> None:
    keep(db, v.closed())
    db.write(lambda session: opened_too(session, 2, v.START + v.DAY, "Fish"))
    db.write(lambda session: opened_too(session, 3, v.START + v.HOUR, "A ferry"))

    def codes(*, only_open: bool) -> list[str]:
        found = db.read(lambda session: incidents.listed(session, only_open=only_open))
        return [one.code[-1] for one in found]

    assert codes(only_open=True) == ["2", "3"] and codes(only_open=False) == ["2", "3", "1"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("sat lo", ["2"]),
        ("SẠT LỞ bờ", ["2"]),
        ("vv-2026-003", ["3"]),
        ("hamlet", ["1"]),
        ("sat do", []),
        ("%", []),
        ("_", []),
    ],
)
def test_words_find_an_incident_without_their_marks(
    db: Database, words: str, found: list[str]
) -> None:
    keep(db, v.beyond())
    db.write(lambda session: opened_too(session, 2, v.START, "Sạt lở bờ kênh"))
    db.write(lambda session: opened_too(session, 3, v.START, "Cá chết"))
    got = db.read(lambda session: incidents.searched(session, words))
    assert [one.code[-1] for one in got] == found


def test_what_is_to_be_rung_by_now_is_found_and_the_earliest_moment_is_known(db: Database) -> None:
    assert db.read(incidents.next_ring) is None
    for number, hours in ((2, 3), (3, 1), (4, 2)):
        at = v.START + hours * v.HOUR
        db.write(lambda session, n=number, at=at: opened_too(session, n, at, "x"))
    assert db.read(incidents.next_ring) == v.START + v.HOUR
    due = db.read(lambda session: incidents.due(session, v.START + 2 * v.HOUR))
    assert due == ["incident-3", "incident-4"]
    assert len(db.read(lambda s: incidents.due(s, v.START + v.DAY, limit=1))) == 1


def test_a_file_of_an_incident_is_noted_once(db: Database) -> None:
    file = FileRef(sha256="a" * 64, media_type="image/jpeg", size=1, name=Prose("x.jpg"))
    walk = v.opened(files=(file,))
    walk.does(v.REPORTER, a.AmendReport(item="files", files=(file,)))
    keep(db, walk)
    uses = db.read(lambda session: list(session.exec(select(FileUseRow)).all()))
    assert [(use.sha256, use.stream) for use in uses] == [("a" * 64, STREAM)]


def test_a_file_that_has_left_an_incident_is_no_longer_seen_through_it(db: Database) -> None:
    files = [
        FileRef(sha256=one * 64, media_type="image/jpeg", size=1, name=Prose("x.jpg"))
        for one in "ab"
    ]
    walk = v.opened(files=tuple(files))
    keep(db, walk)
    left = replace(walk.incident, files=(files[0],))
    db.write(lambda session: incidents.save(session, left, None))
    uses = db.read(lambda session: list(session.exec(select(FileUseRow)).all()))
    assert [use.sha256 for use in uses] == ["a" * 64]


def test_counters_only_rise_and_each_counts_for_itself(db: Database) -> None:
    def work(session: Session) -> list[int]:
        names = ("VV-2026", "VV-2026", "DT-2026", "VV-2026")
        return [incidents.next_number(session, name) for name in names]

    assert db.write(work) == [1, 2, 1, 3]


def said(session: Session, words: str) -> MessageRow:
    """A line that a person wrote in his chat."""
    chat = chats.chat_of(session, "web", "1", v.REPORTER)
    return session.get_one(MessageRow, chats.said(session, chat, words, at=v.START))


def test_erased_words_are_gone_from_the_journal_the_state_and_the_search(db: Database) -> None:
    walk = v.beyond()
    walk.does(v.REPORTER, a.AmendReport(item="known", text=Prose("Somebody by name is ill")))
    keep(db, walk)
    before = row_of(db)
    db.write(lambda s: erasure.erase_message(s, said(s, "hamlet 5"), at=walk.now))
    after = db.read(lambda session: incidents.get(session, STREAM))
    assert after.detail("place") == "" and after.detail("known") == "Somebody by name is ill"
    assert "hamlet" not in row_of(db).folded + row_of(db).state
    assert row_of(db).next_ring_at == before.next_ring_at
    assert db.read(lambda session: incidents.refold(session, STREAM)) == after
    assert faults(db) == []


@pytest.mark.sqlite
def test_the_bytes_of_erased_words_leave_the_file(db: Database) -> None:
    walk = v.opened()
    walk.does(v.REPORTER, a.AmendReport(item="known", text=Prose("unmistakable-words")))
    keep(db, walk)

    def work(session: Session) -> None:
        erasure.erase_message(session, said(session, "unmistakable-words"), at=walk.now)
        db.leave_no_trace()

    db.write(work)
    left = [one for one in db.path.parent.iterdir() if b"unmistakable-words" in one.read_bytes()]
    assert left == []


def test_the_state_is_canonical_so_that_two_programs_write_the_same(db: Database) -> None:
    keep(db, v.closed())
    state = row_of(db).state
    assert canonical(json.loads(state)) == state


def test_what_was_opened_lately_is_known_as_soon_as_it_is_written(db: Database) -> None:
    first = v.opened().incident
    at = first.opened_at
    assert at is not None
    second = first.but(stream="incident-9", code="VV-2026-009", opened_at=at + 10 * v.MINUTE)

    def work(session: Session) -> list[list[str]]:
        def since(start: datetime) -> list[str]:
            return [one.code for one in incidents.opened_since(session, start)]

        found = [since(at)]
        for one in (first, second):
            incidents.save(session, one, None)
            found.append(since(at))
        return [
            *found,
            since(at + v.MINUTE),
            since(at - 100 * v.MINUTE),
            since(at + 1000 * v.MINUTE),
        ]

    both = [second.code, first.code]
    assert db.write(work) == [[], [first.code], both, [second.code], both, []]
