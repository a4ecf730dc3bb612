"""What has an end: bodies of handled updates, sign-ins and invitations. Never the journal."""

from datetime import datetime

from sqlalchemy import literal_column
from sqlmodel import Session, col, delete, or_, select

from storage.inbox import DONE
from storage.tables import InboxRow, InviteRow, SessionRow, is_one_of

#: What is left of a body: that the update came, when and from whom stays in its row.
EMPTY = "{}"


def empty_inbox(session: Session, before: datetime, limit: int) -> int:
    """Takes the bodies of updates handled before a moment away; returns how many.

    The rows stay: they are how the same update is known when it comes again. Those set aside
    for the operators keep their bodies.
    """
    rows = session.exec(
        select(InboxRow)
        .where(
            is_one_of(InboxRow.state, DONE),
            col(InboxRow.handled_at) < before,
            InboxRow.body != literal_column(f"'{EMPTY}'"),
        )
        .limit(limit)
    ).all()
    for row in rows:
        row.body = EMPTY
        session.add(row)
    return len(rows)


def drop_sessions(session: Session, before: datetime) -> int:
    """Forgets sign-ins that ended and invitations that were spent or ran out before a moment."""
    ended = delete(SessionRow).where(
        or_(col(SessionRow.until) < before, col(SessionRow.ended_at) < before)
    )
    spent = delete(InviteRow).where(
        or_(col(InviteRow.until) < before, col(InviteRow.spent_at) < before)
    )
    return sum(session.exec(one).rowcount for one in (ended, spent))
