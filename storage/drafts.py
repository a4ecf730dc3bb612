"""Forms in progress: the words typed and when (design.md §2f).

Every turn comes by here, so these statements go past the models (docs/benchmarks.md).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select, update
from sqlmodel import Session

from procedure.codec import canonical
from storage.tables import metadata

_ROWS = metadata.tables["drafts"]
_KEPT = _ROWS.c
_HERE, _ONE, _CURRENT = (
    _KEPT.chat == bindparam("of"),
    _KEPT.id == bindparam("one"),
    _KEPT.current.is_(True),
)
_NEWEST_FIRST = (_KEPT.touched_at.desc(), _KEPT.id.desc())
_GET = select(_ROWS).where(_ONE)
_FIND_CURRENT = select(_ROWS).where(_HERE, _CURRENT)
_FIND_PARKED = select(_ROWS).where(_HERE, _KEPT.current.is_(False)).order_by(*_NEWEST_FIRST)
_OF_PERSON = select(_ROWS).where(_KEPT.person == bindparam("of")).order_by(_KEPT.id)
_SAME = select(_ROWS).where(
    _HERE,
    _KEPT.form == bindparam("form"),
    _KEPT.stream.is_not_distinct_from(bindparam("stream")),
    _KEPT.args == bindparam("args"),
)
_BEGIN = insert(_ROWS)
_PARK = update(_ROWS).where(_HERE, _CURRENT).values(current=False)
_WAKE = update(_ROWS).where(_ONE).values(current=True, touched_at=bindparam("at"))
_SAVE = (
    update(_ROWS)
    .where(_ONE)
    .values(answers=bindparam("said"), revision=_KEPT.revision + 1, touched_at=bindparam("at"))
)
_DROP = delete(_ROWS).where(_ONE)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One form in progress. `answers` maps a field to {said, at, files, option, skip}."""

    id: int
    chat: int
    person: int
    form: str
    stream: str | None
    args: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    revision: int = 0
    touched_at: datetime | None = None


def current(session: Session, chat: int) -> Draft | None:
    """The one draft that a line typed now answers, or None."""
    return _first(session, _FIND_CURRENT, of=chat)


def parked(session: Session, chat: int) -> list[Draft]:
    """The drafts put aside, newest first."""
    return _all(session, _FIND_PARKED, of=chat)


def get(session: Session, id: int) -> Draft | None:
    """The draft with this id, or None when it is finished or cancelled."""
    return _first(session, _GET, one=id)


def of_person(session: Session, person: int) -> list[Draft]:
    """Every draft of a person, in all his chats."""
    return _all(session, _OF_PERSON, of=person)


def start(
    session: Session,
    *,
    chat: int,
    person: int,
    form: str,
    stream: str | None,
    args: Mapping[str, Any],
    at: datetime,
) -> Draft:
    """Makes a form current; the same form on the same subject goes on where it was."""
    park(session, chat)
    subject = {"form": form, "stream": stream, "args": canonical(args)}
    known = _first(session, _SAME, of=chat, **subject)
    if known is not None:
        return _woken(session, known.id, at)
    hand = session.connection()
    new = {"answers": "{}", "current": True, "revision": 0, "touched_at": at}
    made = hand.execute(_BEGIN, {"chat": chat, "person": person, **subject, **new})
    key = made.inserted_primary_key
    assert key is not None
    return _there(session, int(key[0]))


def save(
    session: Session, draft: Draft, answers: Mapping[str, Mapping[str, Any]], at: datetime
) -> Draft:
    """Keeps new answers; the revision rises, so that older buttons go stale."""
    said = {"one": draft.id, "said": canonical(answers), "at": at}
    session.connection().execute(_SAVE, said)
    return _there(session, draft.id)


def park(session: Session, chat: int) -> None:
    """Puts the current draft aside."""
    session.connection().execute(_PARK, {"of": chat})


def resume(session: Session, id: int, at: datetime) -> Draft | None:
    """Brings a parked draft back."""
    draft = get(session, id)
    if draft is None:
        return None
    park(session, draft.chat)
    return _woken(session, id, at)


def drop(session: Session, id: int) -> None:
    """Ends a draft: finished or cancelled."""
    session.connection().execute(_DROP, {"one": id})


def _woken(session: Session, id: int, at: datetime) -> Draft:
    session.connection().execute(_WAKE, {"one": id, "at": at})
    return _there(session, id)


def _there(session: Session, id: int) -> Draft:
    found = get(session, id)
    assert found is not None
    return found


def _first(session: Session, query: Select[Any], **given: Any) -> Draft | None:
    row = session.connection().execute(query, given).mappings().first()
    return _draft(row) if row else None


def _all(session: Session, query: Select[Any], **given: Any) -> list[Draft]:
    return [_draft(row) for row in session.connection().execute(query, given).mappings()]


def _draft(row: Mapping[Any, Any]) -> Draft:
    return Draft(
        id=row["id"],
        chat=row["chat"],
        person=row["person"],
        form=row["form"],
        stream=row["stream"],
        args=json.loads(row["args"]),
        answers=json.loads(row["answers"]),
        revision=row["revision"],
        touched_at=row["touched_at"],
    )
