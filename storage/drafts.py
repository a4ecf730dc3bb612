"""Forms in progress: the words typed and when (design.md §2f).

Every turn comes by here, so these statements go past the models (docs/benchmarks.md).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Session

from procedure.codec import canonical
from storage.prepared import Prepared, PreparedInsert
from storage.tables import metadata

_ROWS = metadata.tables["drafts"]
_KEPT = _ROWS.c
_HERE, _ONE, _CURRENT = (
    _KEPT.chat == bindparam("of"),
    _KEPT.id == bindparam("one"),
    _KEPT.current.is_(True),
)
_ASKED = select(
    _KEPT.id,
    _KEPT.chat,
    _KEPT.person,
    _KEPT.form,
    _KEPT.stream,
    _KEPT.args,
    _KEPT.answers,
    _KEPT.revision,
    _KEPT.touched_at,
)
_NEWEST_FIRST = (_KEPT.touched_at.desc(), _KEPT.id.desc())
_GET = Prepared(_ASKED.where(_ONE))
_FIND_CURRENT = Prepared(_ASKED.where(_HERE, _CURRENT))
_FIND_PARKED = Prepared(_ASKED.where(_HERE, _KEPT.current.is_(False)).order_by(*_NEWEST_FIRST))
_OF_PERSON = Prepared(_ASKED.where(_KEPT.person == bindparam("of")).order_by(_KEPT.id))
_SAME = Prepared(
    _ASKED.where(
        _HERE,
        _KEPT.form == bindparam("form"),
        _KEPT.stream.is_not_distinct_from(bindparam("stream")),
        _KEPT.args == bindparam("args"),
    )
)
_BEGIN = PreparedInsert(_ROWS)
_PARK = Prepared(update(_ROWS).where(_HERE, _CURRENT).values(current=False))
_WAKE = Prepared(update(_ROWS).where(_ONE).values(current=True, touched_at=bindparam("at")))
_SAVE = Prepared(
    update(_ROWS)
    .where(_ONE)
    .values(answers=bindparam("said"), revision=_KEPT.revision + 1, touched_at=bindparam("at"))
)
_DROP = Prepared(delete(_ROWS).where(_ONE))


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
    new = {"answers": "{}", "current": True, "revision": 0, "touched_at": at}
    made = _BEGIN.put(session, chat=chat, person=person, **subject, **new)
    return _there(session, made)


def save(
    session: Session, draft: Draft, answers: Mapping[str, Mapping[str, Any]], at: datetime
) -> Draft:
    """Keeps new answers; the revision rises, so that older buttons go stale."""
    said = canonical(answers)
    _SAVE.run(session, one=draft.id, said=said, at=at)
    return replace(draft, answers=json.loads(said), revision=draft.revision + 1, touched_at=at)


def park(session: Session, chat: int) -> None:
    """Puts the current draft aside."""
    _PARK.run(session, of=chat)


def resume(session: Session, id: int, at: datetime) -> Draft | None:
    """Brings a parked draft back."""
    draft = get(session, id)
    if draft is None:
        return None
    park(session, draft.chat)
    return _woken(session, id, at)


def drop(session: Session, id: int) -> None:
    """Ends a draft: finished or cancelled."""
    _DROP.run(session, one=id)


def _woken(session: Session, id: int, at: datetime) -> Draft:
    _WAKE.run(session, one=id, at=at)
    return _there(session, id)


def _there(session: Session, id: int) -> Draft:
    found = get(session, id)
    assert found is not None
    return found


def _first(session: Session, query: Prepared[Any], **given: Any) -> Draft | None:
    row = query.first(session, **given)
    return _draft(*row) if row else None


def _all(session: Session, query: Prepared[Any], **given: Any) -> list[Draft]:
    return [_draft(*row) for row in query.all(session, **given)]


def _draft(
    id: int,
    chat: int,
    person: int,
    form: str,
    stream: str | None,
    args: str,
    answers: str,
    revision: int,
    touched_at: datetime | None,
) -> Draft:
    return Draft(
        id=id,
        chat=chat,
        person=person,
        form=form,
        stream=stream,
        args=json.loads(args),
        answers=json.loads(answers),
        revision=revision,
        touched_at=touched_at,
    )
