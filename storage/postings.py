"""What stands on a messenger's screen: which of its messages shows which line of a chat."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, false, literal_column, text, update
from sqlalchemy import select as raw_select
from sqlmodel import Session, select

from procedure.entries_organisation import ORGANISATION
from storage import journal, pages
from storage.chats import BOT, SENT
from storage.prepared import Prepared
from storage.tables import ChatRow, MessageRow, PlatformFileRow, is_one_of, metadata

_KEPT_ONCE = Prepared(
    text(
        "INSERT INTO postings (chat, external, message, part)"
        " VALUES (:chat, :external, :message, :part) ON CONFLICT DO NOTHING"
    )
)
_ROWS = metadata.tables["postings"]
_SHOWN = Prepared(
    raw_select(_ROWS.c.message).where(
        _ROWS.c.chat == bindparam("of"), _ROWS.c.external == bindparam("external")
    )
)
_CHATS, _LINES = metadata.tables["chats"], metadata.tables["messages"]
_TIDY = Prepared(update(_LINES).where(_LINES.c.id == bindparam("one")).values(tidied=True))
State = tuple[int, int]
#: What a chat was looked at for last: its newest line then, and the state of things.
Look = tuple[int, State]


def post(session: Session, chat: int, message: int, externals: Sequence[str], part: int) -> None:
    """Notes the messenger's ids of one part of a line; an id seen before is left as it is."""
    for external in externals:
        _KEPT_ONCE.run(session, chat=chat, external=external, message=message, part=part)


def also(session: Session, chat: int, message: int, external: str) -> None:
    """One more message of the messenger shows the last part of a prompt of this chat."""
    row = session.get(MessageRow, message)
    if row is None or row.chat != chat:
        return
    shown = parts(session, message)
    post(session, chat, message, [external], shown[-1].part if shown else 0)


def ends(session: Session, message: int) -> list[str]:
    """The messages that show the last part of a line, where its buttons stand."""
    shown = parts(session, message)
    return [one.external for one in shown if one.part == shown[-1].part]


def message_of(session: Session, chat: int, external: str) -> int | None:
    """The line of the chat that a messenger's message shows, or None."""
    found: int | None = _SHOWN.value(session, of=chat, external=external)
    return found


def shown_parts(session: Session, message: int) -> frozenset[int]:
    """Which parts of a line stand on the messenger already."""
    return frozenset(one.part for one in parts(session, message))


class Shown(NamedTuple):
    """One message of a messenger, and which part of a line it shows."""

    external: str
    part: int


_PARTS = Prepared(
    raw_select(_ROWS.c.external, _ROWS.c.part)
    .where(_ROWS.c.message == bindparam("of"))
    .order_by(_ROWS.c.part, _ROWS.c.id),
    Shown,
)


def parts(session: Session, message: int) -> list[Shown]:
    """What shows a line, in the order of its parts."""
    return _PARTS.all(session, of=message)


def untidy(session: Session, channel: str, limit: int = 1000) -> list[tuple[int, str]]:
    """Prompts that still show buttons on the messenger though these are gone, all or some; each
    with the chat's own id there, the oldest first."""
    return _UNTIDY.all(session, channel=channel, most=limit)


_UNTIDY: Prepared[tuple[int, str]] = Prepared(
    raw_select(_LINES.c.id, _CHATS.c.external)
    .join(_CHATS, _CHATS.c.id == _LINES.c.chat)
    .where(
        _CHATS.c.channel == bindparam("channel"),
        _LINES.c.sender == BOT,
        # Written out as the small index of what is untidy says it, else each line is looked at.
        is_one_of(_LINES.c.state, SENT),
        _LINES.c.choices != literal_column("'[]'"),
        _LINES.c.tidied == false(),
        _LINES.c.superseded.is_(True) | _LINES.c.answered.is_not(None) | _LINES.c.trim.is_(True),
    )
    .order_by(_LINES.c.id)
    .limit(bindparam("most"))
)


def tidy(session: Session, message: int) -> None:
    """The messenger shows its end."""
    _TIDY.run(session, one=message)


def trimmed(session: Session, message: int, taken: str) -> None:
    """The messenger shows it without the choices `taken`; more may have gone meanwhile."""
    row = session.get_one(MessageRow, message)
    if row.taken == taken:
        row.trim = False
        session.add(row)


def known_file(session: Session, channel: str, sha256: str, kind: str) -> str | None:
    """Under which name a messenger knows a kept file of a kind (photo, document …), or None."""
    row = session.get(PlatformFileRow, (channel, sha256, kind))
    return row.external if row else None


def know_file(session: Session, channel: str, sha256: str, kind: str, external: str) -> None:
    """Remembers the name; the newest stands."""
    session.merge(PlatformFileRow(channel=channel, sha256=sha256, kind=kind, external=external))
    session.flush()


def chats_with_news(
    session: Session, channel: str, known: Mapping[int, Look], state: State, limit: int
) -> list[ChatRow]:
    """Chats of a channel with another last line than in `known` (by id), and in another `state`
    of all that is recorded: a notice to a thousand changes nothing for any of them."""
    found = session.exec(
        select(ChatRow.id, ChatRow.last_seq).where(ChatRow.channel == channel)
    ).all()
    fresh = [id for id, seq in found if id is not None and _is_news(known.get(id), seq, state)]
    return [session.get_one(ChatRow, id) for id in fresh[:limit]]


def state_of_things(session: Session) -> State:
    """Numbers that rise with every entry about an incident, and about the organisation."""
    return pages.journal_size(session), journal.head_seq(session, ORGANISATION)


def _is_news(look: Look | None, seq: int, state: State) -> bool:
    return look is None or (look[0] != seq and look[1] != state)
