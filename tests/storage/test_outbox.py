"""What waits to be sent: what came since the last look, found by the small index."""

import time
from datetime import UTC, datetime

import pytest

from storage import chats, outbox
from storage.chats import Prompt
from storage.database import Database, Session
from tests.storage.asked import heard

NOW = datetime(2026, 10, 12, tzinfo=UTC)
MANY = 50_000


def told(session: Session, external: str, template: str, **more: object) -> int:
    chat = chats.chat_of(session, "telegram", external, 1)
    line = chats.enqueue(session, chat, Prompt(template=template, **more), at=NOW)  # type: ignore[arg-type]
    assert line is not None
    return line


def test_only_what_is_new_is_read(db: Database) -> None:
    first = db.write(lambda s: told(s, "7", "answers#x"))
    second = db.write(lambda s: told(s, "8", "answers#x"))
    db.write(
        lambda s: chats.enqueue(s, chats.chat_of(s, "web", "1", 1), Prompt(template="x"), at=NOW)
    )
    found = db.read(lambda s: outbox.queued(s, "telegram"))
    assert [(one.id, one.external) for one in found] == [(first, "7"), (second, "8")]
    assert [one.id for one in db.read(lambda s: outbox.queued(s, "telegram", first))] == [second]


def test_a_ring_is_first_until_the_chat_has_been_rung_about_the_same(db: Database) -> None:
    duties = [("incident-1", "O2")]
    ids = [
        db.write(lambda s, t=template, e=external: told(s, e, t, about="a", duties=duties))  # type: ignore[misc]
        for template, external in (
            ("notices/x#text", "7"),
            ("rings/owner#x", "7"),
            ("rings/owner#x", "7"),
            ("rings/owner#x", "8"),
        )
    ]
    found = {one.id: one.first for one in db.read(lambda s: outbox.queued(s, "telegram"))}
    assert [bool(found[id]) for id in ids] == [True, True, False, True]


@pytest.fixture
def crowded(db: Database) -> Database:
    """Fifty thousand lines wait."""

    def work(session: Session) -> None:
        told(session, "7", "answers#x")
        raw = session.connection()
        raw.exec_driver_sql(
            "WITH RECURSIVE n(x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM n WHERE x < ?) "
            "INSERT INTO messages (chat, seq, person, sender, state, template, facts, choices, "
            "text, files, duties, rings, drill, superseded, created_at) "
            "SELECT 1, x, 1, 'bot', 'queued', 'notices/x#text', '{}', '[]', '', '[]', '[]', "
            "0, 0, 0, '2026-10-12T00:00:00.000000+00:00' FROM n",
            (MANY,),
        )

    db.write(work)
    return db


@pytest.mark.sqlite
def test_fifty_thousand_waiting_lines_cost_a_look_nothing(crowded: Database) -> None:
    def look(session: Session) -> list[outbox.Queued]:
        return outbox.queued(session, "telegram", MANY - 10)

    with heard(crowded.reader) as asked:
        assert len(crowded.read(look)) == 10
    (one,) = [statement for statement in asked if statement.startswith("SELECT")]
    with crowded.reader.connect() as connection:
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", tuple(asked[one]))
        plans = [row[3] for row in found]
    assert plans[0] == "SEARCH messages USING INDEX ix_messages_waiting (state=? AND rowid>?)"
    begun = time.perf_counter()
    for _ in range(10):
        crowded.read(lambda s: outbox.queued(s, "telegram", MANY))
    assert time.perf_counter() - begun < 1.0, "a hundredth of a second each, with room to spare"
