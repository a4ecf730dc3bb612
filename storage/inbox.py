"""What came in: stored and committed before it is confirmed, handled once, never lost."""

from collections.abc import Set
from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import InboxRow, SecretStopRow

NEW, DONE, ASIDE = "new", "done", "aside"
TRIES = 3


def accept(
    session: Session,
    *,
    channel: str,
    external: str,
    lane: str,
    person: int,
    body: str,
    at: datetime,
) -> bool:
    """Stores an update once per (channel, external id). False when it was there before."""
    known = session.exec(
        select(InboxRow.id).where(InboxRow.channel == channel, InboxRow.external == external)
    ).first()
    if known is not None:
        return False
    session.add(
        InboxRow(
            channel=channel, external=external, lane=lane, person=person, body=body, received_at=at
        )
    )
    session.flush()
    return True


def stopped(session: Session, *, channel: str, external: str, person: int, at: datetime) -> None:
    """Records that a message was stopped for secrecy; nothing of its body."""
    session.add(SecretStopRow(channel=channel, external=external, person=person, at=at))


def next_new(session: Session, busy: Set[str] = frozenset()) -> InboxRow | None:
    """The oldest unhandled update whose lane is free."""
    query = select(InboxRow).where(InboxRow.state == NEW).order_by(col(InboxRow.id))
    if busy:
        query = query.where(col(InboxRow.lane).not_in(busy))
    return session.exec(query.limit(1)).first()


def done(session: Session, row: InboxRow, at: datetime) -> None:
    """Handled, in the transaction of its effects."""
    row.state, row.handled_at = DONE, at
    session.add(row)


def failed(session: Session, id: int, at: datetime) -> bool:
    """One more failed try; True when it is now set aside for the operators."""
    row = session.get_one(InboxRow, id)
    row.tries += 1
    if row.tries >= TRIES:
        row.state, row.handled_at = ASIDE, at
    session.add(row)
    return row.state == ASIDE


def oldest_new(session: Session) -> datetime | None:
    """When the oldest unhandled update came in, or None."""
    return session.exec(
        select(InboxRow.received_at)
        .where(InboxRow.state == NEW)
        .order_by(col(InboxRow.id))
        .limit(1)
    ).first()
