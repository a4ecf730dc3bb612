"""Single values of the database: whether it is a sample, the rehearsal clock, the last tick."""

from sqlmodel import Session

from storage.tables import MarkRow

SAMPLE = "sample"
CLOCK_AHEAD = "clock_ahead"
LAST_TICK = "last_tick"
HEADS_LOGGED = "heads_logged"
HEADS_BEHIND = "heads_behind"
FILES_RELEASED = "files_released"
TELEGRAM_BOT = "telegram_bot"
TELEGRAM_OFFSET = "telegram_offset"
TELEGRAM_ROOM_MENU = "telegram_room_menu"


def mark(session: Session, name: str, value: str) -> None:
    """Sets a mark."""
    session.merge(MarkRow(name=name, value=value))
    session.flush()


def marked(session: Session, name: str) -> str | None:
    """The value of a mark, or None."""
    row = session.get(MarkRow, name)
    return row.value if row else None
