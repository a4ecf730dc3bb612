"""One-time links and sessions; codes and tokens are kept only as hashes (conduct §15)."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from storage.tables import InviteRow, SessionRow

INVITE_LASTS = timedelta(days=7)
SESSION_LASTS = timedelta(days=180)
RENEW_AFTER = timedelta(days=1)


def digest(secret: str) -> str:
    """What is kept of a code or a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invite(session: Session, person: int, now: datetime) -> str:
    """Makes a one-time code for a person: 7 days, one use. Returns it; only its hash stays."""
    code = secrets.token_urlsafe(18)
    session.add(
        InviteRow(code_hash=digest(code), person=person, made_at=now, until=now + INVITE_LASTS)
    )
    return code


def invited(session: Session, code: str, now: datetime) -> int | None:
    """Whom an unspent, unexpired code is for; looking does not spend it."""
    return invited_by(session, digest(code), now)


def invited_by(session: Session, code_hash: str, now: datetime) -> int | None:
    """The same by what is kept of the code: a messenger's update never keeps the code itself."""
    row = session.get(InviteRow, code_hash)
    if row is None or row.spent_at or row.until <= now:
        return None
    return row.person


def spend_digest(session: Session, code_hash: str, now: datetime) -> int | None:
    """Spends a code; whose it was, or None when it is no good."""
    person = invited_by(session, code_hash, now)
    if person is None:
        return None
    row = session.get_one(InviteRow, code_hash)
    row.spent_at = now
    session.add(row)
    return person


def spend(session: Session, code: str, now: datetime) -> tuple[int, str] | None:
    """Spends a code: the person and a fresh session token, or None when it is no good."""
    person = spend_digest(session, digest(code), now)
    if person is None:
        return None
    return person, sign_in(session, person, now)


def sign_in(session: Session, person: int, now: datetime) -> str:
    """A new session of a person. Returns its token; only its hash stays."""
    token = secrets.token_urlsafe(32)
    session.add(
        SessionRow(token_hash=digest(token), person=person, made_at=now, until=now + SESSION_LASTS)
    )
    return token


def signed_in(session: Session, token: str, now: datetime) -> int | None:
    """Whose session a token is, or None."""
    row = session.get(SessionRow, digest(token))
    if row is None or row.ended_at or row.until <= now:
        return None
    return row.person


def wants_renewal(session: Session, token: str, now: datetime) -> bool:
    """Whether use should lengthen the session; at most once a day."""
    row = session.get(SessionRow, digest(token))
    return bool(row and not row.ended_at and now < row.until < now + SESSION_LASTS - RENEW_AFTER)


def renew(session: Session, token: str, now: datetime) -> None:
    """Use lengthens a session to its full 180 days."""
    row = session.get(SessionRow, digest(token))
    if row and not row.ended_at:
        row.until = now + SESSION_LASTS
        session.add(row)


def sign_out(session: Session, token: str, now: datetime) -> None:
    """Ends one session."""
    row = session.get(SessionRow, digest(token))
    if row:
        row.ended_at = now
        session.add(row)


def withdraw(session: Session, person: int, now: datetime) -> None:
    """Codes that a person has not used are no good any more."""
    rows = session.exec(
        select(InviteRow).where(col(InviteRow.person) == person, col(InviteRow.spent_at).is_(None))
    ).all()
    for row in rows:
        row.spent_at = now
        session.add(row)


def people_signed_in(session: Session, now: datetime) -> frozenset[int]:
    """Who has a page open, or can open it without a new link."""
    found = session.exec(
        select(SessionRow.person)
        .where(col(SessionRow.ended_at).is_(None), col(SessionRow.until) > now)
        .distinct()
    )
    return frozenset(found.all())


def end_all(session: Session, person: int, now: datetime) -> int:
    """Ends every session of a person (a lost phone). Returns how many."""
    rows = session.exec(
        select(SessionRow).where(
            col(SessionRow.person) == person, col(SessionRow.ended_at).is_(None)
        )
    ).all()
    for row in rows:
        row.ended_at = now
        session.add(row)
    return len(rows)
