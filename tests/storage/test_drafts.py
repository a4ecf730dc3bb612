"""Forms in progress: one is current, the others wait, and all of them survive a restart."""

from typing import Any

from storage import drafts
from storage.database import Database
from storage.drafts import Draft
from tests.procedure import village as v

CHAT = 1


def start(db: Database, form: str, minutes: int = 0, **fields: Any) -> Draft:
    """A person of this chat begins a form."""
    usual: dict[str, Any] = {"chat": CHAT, "person": v.HEAD, "stream": None, "args": {}}
    at = v.START + minutes * v.MINUTE
    return db.write(lambda s: drafts.start(s, form=form, at=at, **usual | fields))


def current(db: Database, chat: int = CHAT) -> str | None:
    found = db.read(lambda session: drafts.current(session, chat))
    return found.form if found else None


def parked(db: Database) -> list[str]:
    return [one.form for one in db.read(lambda session: drafts.parked(session, CHAT))]


def test_starting_another_form_parks_the_first(db: Database) -> None:
    assert current(db) is None
    for minute, form in enumerate(("brief", "meeting", "task")):
        start(db, form, minute)
    assert current(db) == "task" and parked(db) == ["meeting", "brief"]


def test_the_same_form_on_the_same_subject_goes_on_where_it_was(db: Database) -> None:
    first = start(db, "brief", stream="incident-1", args={"a": 1, "b": 2})
    said = {"summary": {"said": "a bank"}}
    db.write(lambda session: drafts.save(session, first, said, v.START))
    start(db, "meeting")
    again = start(db, "brief", stream="incident-1", args={"b": 2, "a": 1})
    assert again.id == first.id and again.answers == said and parked(db) == ["meeting"]
    other = start(db, "brief", stream="incident-2")
    assert other.id != first.id and other.answers == {}


def test_every_answer_raises_the_revision_so_that_older_buttons_go_stale(db: Database) -> None:
    draft = start(db, "brief")
    for revision in (1, 2):
        draft = db.write(lambda s, d=draft: drafts.save(s, d, {"x": {"said": "y"}}, v.START))
        assert draft.revision == revision


def test_a_parked_form_comes_back_with_its_words(db: Database) -> None:
    first = start(db, "brief")
    db.write(lambda session: drafts.save(session, first, {"x": {"said": "y"}}, v.START))
    start(db, "meeting")
    back = db.write(lambda session: drafts.resume(session, first.id, v.START))
    assert back is not None and back.answers == {"x": {"said": "y"}}
    assert current(db) == "brief" and parked(db) == ["meeting"]
    assert db.write(lambda session: drafts.resume(session, 99, v.START)) is None


def test_a_finished_form_is_gone_and_may_be_finished_twice(db: Database) -> None:
    draft = start(db, "brief")
    for _ in range(2):
        db.write(lambda session: drafts.drop(session, draft.id))
    assert current(db) is None
    assert db.read(lambda session: drafts.get(session, draft.id)) is None


def test_each_chat_has_its_own_current_form(db: Database) -> None:
    start(db, "brief")
    start(db, "meeting", chat=2)
    assert (current(db), current(db, 2)) == ("brief", "meeting")
    found = db.read(lambda session: drafts.of_person(session, v.HEAD))
    assert {one.form for one in found} == {"brief", "meeting"}
    db.write(lambda session: drafts.park(session, CHAT))
    assert (current(db), current(db, 2)) == (None, "meeting")
