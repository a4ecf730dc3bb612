"""The room of an incident as its readers on the web know it: what each has read, what is said."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, func, or_, select

from storage import chats, pages
from storage.places import NOBODY, WEB, stream_of
from storage.tables import ChatRow, MessageRow

#: A chat of this channel holds no message: it remembers what one person has read of one room.
READING = "reading"


def thread_of(session: Session, stream: str) -> ChatRow | None:
    """The thread of a room on the web; None while nothing has been said in it."""
    external = f"room:{stream}"
    return pages.chats_on(session, WEB, [external]).get(external)


def stream_of_thread(session: Session, chat: int) -> str | None:
    """The incident whose room's thread a chat is; None for every other chat."""
    row = session.get(ChatRow, chat)
    return stream_of(row.external) if row and row.channel == WEB else None


def read_up_to(session: Session, stream: str, person: int) -> int:
    """The number of the last line of a room that this person's page has shown."""
    external = _mark(stream, person)
    row = pages.chats_on(session, READING, [external]).get(external)
    return row.shown_seq if row else 0


def has_read(session: Session, stream: str, person: int, seq: int, at: datetime) -> int:
    """His page has shown the room up to `seq`, or further before. Returns how far it has."""
    row = chats.chat_of(session, READING, _mark(stream, person), NOBODY)
    row.shown_seq, row.seen_at = max(row.shown_seq, seq), at
    session.add(row)
    return row.shown_seq


def unread(session: Session, chat: ChatRow, person: int, after: int) -> int:
    """How many lines behind `after` others have said, people or the bot."""
    found: int = session.exec(
        select(func.count())
        .select_from(MessageRow)
        .where(
            MessageRow.chat == chat.id,
            col(MessageRow.seq) > after,
            MessageRow.state == chats.SENT,
            or_(col(MessageRow.sender) == chats.BOT, col(MessageRow.person) != person),
        )
    ).one()
    return found


def last_line(session: Session, chat: ChatRow) -> MessageRow | None:
    """What was said last."""
    return session.exec(
        select(MessageRow)
        .where(MessageRow.chat == chat.id, MessageRow.state == chats.SENT)
        .order_by(col(MessageRow.seq).desc())
        .limit(1)
    ).first()


def lines_about(session: Session, chat: ChatRow, about: Collection[str]) -> list[MessageRow]:
    """What people said in a room that went on record under these names, in order."""
    rows = session.exec(
        select(MessageRow)
        .where(MessageRow.chat == chat.id, col(MessageRow.about).in_(about))
        .order_by(col(MessageRow.seq))
    ).all()
    return list(rows)


def streams_with_file(session: Session, sha256: str) -> list[str]:
    """The incidents in whose rooms on the web a line carries this file."""
    rows = session.exec(
        select(ChatRow.external)
        .join(MessageRow, col(MessageRow.chat) == col(ChatRow.id))
        .where(
            ChatRow.channel == WEB,
            col(ChatRow.external).startswith("room:"),
            col(MessageRow.files).contains(sha256, autoescape=True),
        )
        .distinct()
    ).all()
    return [stream for stream in map(stream_of, rows) if stream]


def _mark(stream: str, person: int) -> str:
    return f"{stream}:{person}"
