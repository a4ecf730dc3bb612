"""Single values of the database: whether it is a sample, the rehearsal clock, the last tick."""

from datetime import timedelta

from sqlalchemy import bindparam, select, text
from sqlmodel import Session

from storage.prepared import Prepared
from storage.tables import metadata

_ROWS = metadata.tables["marks"]
_FIND = Prepared(select(_ROWS.c.value).where(_ROWS.c.name == bindparam("name")))
_SET = Prepared(
    text(
        "INSERT INTO marks (name, value) VALUES (:name, :value)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    )
)

SAMPLE = "sample"
CLOCK_AHEAD = "clock_ahead"
LAST_TICK = "last_tick"
HEADS_LOGGED = "heads_logged"
HEADS_BEHIND = "heads_behind"
FILES_RELEASED = "files_released"
FILES_ERASED = "files_erased"
LINES_ERASED = "lines_erased"
#: How often words of the organisation's journal were erased.
REGISTER_ERASED = "register_erased"
SPEAKERS_ASKED = "speakers_asked"
TELEGRAM_BOT = "telegram_bot"
TELEGRAM_OFFSET = "telegram_offset"
TELEGRAM_ROOM_MENU = "telegram_room_menu"


def mark(session: Session, name: str, value: str) -> None:
    """Sets a mark."""
    _SET.run(session, name=name, value=value)


def marked(session: Session, name: str) -> str | None:
    """The value of a mark, or None."""
    found: str | None = _FIND.value(session, name=name)
    return found


def clock_ahead(session: Session) -> timedelta:
    """How far the clock of a rehearsal is wound; nothing in a real database."""
    return timedelta(seconds=float(marked(session, CLOCK_AHEAD) or 0))
