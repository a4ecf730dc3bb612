"""Forms in progress: the words typed and when (design.md §2f)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from procedure.codec import canonical
from storage.tables import DraftRow


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
    row = session.exec(select(DraftRow).where(DraftRow.chat == chat, col(DraftRow.current))).first()
    return _draft(row) if row else None


def parked(session: Session, chat: int) -> list[Draft]:
    """The drafts put aside, newest first."""
    rows = session.exec(
        select(DraftRow)
        .where(DraftRow.chat == chat, col(DraftRow.current).is_(False))
        .order_by(col(DraftRow.touched_at).desc(), col(DraftRow.id).desc())
    ).all()
    return [_draft(row) for row in rows]


def get(session: Session, id: int) -> Draft | None:
    """The draft with this id, or None when it is finished or cancelled."""
    row = session.get(DraftRow, id)
    return _draft(row) if row else None


def of_person(session: Session, person: int) -> list[Draft]:
    """Every draft of a person, in all his chats."""
    return [
        _draft(row) for row in session.exec(select(DraftRow).where(DraftRow.person == person)).all()
    ]


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
    wanted = canonical(args)
    row = session.exec(
        select(DraftRow).where(
            DraftRow.chat == chat,
            DraftRow.form == form,
            DraftRow.stream == stream,
            DraftRow.args == wanted,
        )
    ).first()
    if row is None:
        row = DraftRow(
            chat=chat, person=person, form=form, stream=stream, args=wanted, touched_at=at
        )
    row.current, row.touched_at = True, at
    session.add(row)
    session.flush()
    return _draft(row)


def save(
    session: Session, draft: Draft, answers: Mapping[str, Mapping[str, Any]], at: datetime
) -> Draft:
    """Keeps new answers; the revision rises, so that older buttons go stale."""
    row = session.get_one(DraftRow, draft.id)
    row.answers, row.revision, row.touched_at = canonical(answers), row.revision + 1, at
    session.add(row)
    session.flush()
    return _draft(row)


def park(session: Session, chat: int) -> None:
    """Puts the current draft aside."""
    rows = session.exec(select(DraftRow).where(DraftRow.chat == chat, col(DraftRow.current))).all()
    for row in rows:
        row.current = False
        session.add(row)
    session.flush()


def resume(session: Session, id: int, at: datetime) -> Draft | None:
    """Brings a parked draft back."""
    row = session.get(DraftRow, id)
    if row is None:
        return None
    park(session, row.chat)
    row.current, row.touched_at = True, at
    session.add(row)
    session.flush()
    return _draft(row)


def drop(session: Session, id: int) -> None:
    """Ends a draft: finished or cancelled."""
    row = session.get(DraftRow, id)
    if row is not None:
        session.delete(row)
        session.flush()


def _draft(row: DraftRow) -> Draft:
    assert row.id is not None
    return Draft(
        id=row.id,
        chat=row.chat,
        person=row.person,
        form=row.form,
        stream=row.stream,
        args=json.loads(row.args),
        answers=json.loads(row.answers),
        revision=row.revision,
        touched_at=row.touched_at,
    )
