"""What became of a thing told to several people: when each was sent it and was shown it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.tables import MessageRow


@dataclass(frozen=True)
class Told:
    """One message to one person; the copies on his other channels count with it. Times UTC."""

    person: int
    facts: Mapping[str, Any]
    sent_at: datetime | None
    shown_at: datetime | None


def told(session: Session, stream: str, template: str) -> list[Told]:
    """Everything told about an incident by one template, oldest first."""
    rows = session.exec(
        select(MessageRow)
        .where(MessageRow.stream == stream, MessageRow.template == template)
        .order_by(col(MessageRow.id))
    ).all()
    copies: dict[int, list[MessageRow]] = {}
    for row in rows:
        copies.setdefault(row.origin or row.id or 0, []).append(row)
    return [_one(each) for each in copies.values()]


def _one(copies: list[MessageRow]) -> Told:
    first = copies[0]
    sent = [row.sent_at for row in copies if row.sent_at]
    shown = [row.shown_at for row in copies if row.shown_at]
    return Told(
        person=first.person,
        facts=json.loads(first.facts),
        sent_at=min(sent, default=None),
        shown_at=min(shown, default=None),
    )
