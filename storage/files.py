"""Kept files and the stops for secrecy: who may fetch what, and what was let through once."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from storage import loose_files
from storage.tables import ChatRow, FileRow, FileUseRow, MessageRow, SecretStopRow

PASS_LASTS = timedelta(hours=24)
#: The updates of such rows were not stopped; they are of what was erased later.
ERASED = "erased:"


def kept(session: Session, sha256: str) -> FileRow | None:
    """The row of a kept file, or None."""
    return session.get(FileRow, sha256)


def keep(session: Session, row: FileRow) -> None:
    """Notes a kept file; the first owner of the same bytes stays, the last moment counts."""
    loose_files.came_again(session, row.sha256)
    known = session.get(FileRow, row.sha256)
    if known is not None:
        known.kept_at = row.kept_at
    session.add(known or row)
    session.flush()


def streams_with(session: Session, sha256: str) -> list[str]:
    """The incidents in which a file stands."""
    return list(session.exec(select(FileUseRow.stream).where(FileUseRow.sha256 == sha256)).all())


def stands_in_chat_of(session: Session, sha256: str, person: int) -> bool:
    """Whether a message of this person's own chats carries the file: he sent it or was sent it."""
    row = session.exec(
        select(MessageRow.id)
        .join(ChatRow, col(ChatRow.id) == col(MessageRow.chat))
        .where(
            ChatRow.person == person,
            MessageRow.files != "[]",
            col(MessageRow.files).contains(sha256, autoescape=True),
        )
        .limit(1)
    ).first()
    return row is not None


def album_stopped(session: Session, channel: str, place: str, album: str) -> bool:
    """Whether a part of this album was stopped: then the whole is."""
    return (
        session.exec(
            select(SecretStopRow.id)
            .where(
                SecretStopRow.channel == channel,
                SecretStopRow.place == place,
                SecretStopRow.album == album,
            )
            .limit(1)
        ).first()
        is not None
    )


def stops(session: Session) -> int:
    """How many messages were ever stopped for secrecy."""
    stopped = ~col(SecretStopRow.external).startswith(ERASED)
    return int(session.exec(select(func.count(col(SecretStopRow.id))).where(stopped)).one())


def open_pass(session: Session, person: int, now: datetime) -> SecretStopRow | None:
    """The unspent one-time pass of a person; it lasts 24 hours from the stop."""
    return session.exec(
        select(SecretStopRow)
        .where(
            SecretStopRow.person == person,
            col(SecretStopRow.passed),
            col(SecretStopRow.at) > now - PASS_LASTS,
        )
        .order_by(col(SecretStopRow.id).desc())
        .limit(1)
    ).first()


def let_through(session: Session, stop: int) -> bool:
    """The duty officer lets the sender of a stopped message send again, once. False: no such."""
    row = session.get(SecretStopRow, stop)
    if row is None:
        return False
    row.passed = True
    session.add(row)
    return True


def spend_pass(session: Session, row: SecretStopRow) -> None:
    """The pass is used up by the message that it let through."""
    row.passed = False
    session.add(row)


def newest_stop(session: Session, channel: str, external: str) -> int | None:
    """The id of the stop of this very update, or None."""
    return session.exec(
        select(SecretStopRow.id)
        .where(SecretStopRow.channel == channel, SecretStopRow.external == external)
        .order_by(col(SecretStopRow.id).desc())
    ).first()
