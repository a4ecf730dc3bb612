"""What waits to be sent, as little of each line as decides its turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, case, exists, func, or_, update
from sqlalchemy import select as raw_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from procedure.codec import canonical
from storage.chats import BOT, HELD, QUEUED, SENT
from storage.lines import CHATS as _CHATS
from storage.lines import COLUMNS, AnyLine, Line
from storage.lines import LINES as _LINES
from storage.prepared import Prepared, made_in
from storage.tables import ChatRow, IncidentRow, MessageRow, is_one_of, metadata

_HELD = is_one_of(MessageRow.state, HELD)
_WAITING = is_one_of(MessageRow.state, QUEUED)
#: More than any policy allows in an hour.
_MANY = 2000
#: How far apart lines may lie, on the average, that are read in one go.
_APART = 20
_RING = "rings/"
_NOTICE = "notices/"


@dataclass(frozen=True)
class Queued:
    """One line that waits: `severity` is its incident's (None without one), `first` says that it
    is the first to tell this chat of a duty, a notice or a ring."""

    id: int
    chat: int
    external: str
    template: str
    severity: str | None
    first: bool
    created_at: datetime


def queued(session: Session, channel: str, after: int = 0) -> list[Queued]:
    """The lines of a channel that wait, with a number above `after`, oldest first.

    Lines get rising numbers in the order of the commits, so what came since the last look is all
    that a later one has to read.
    """
    return _query().all(session, channel=channel, after=after)


class Addressed(NamedTuple):
    """A line and where it goes; `reached` unless nothing can be sent there, `begun` where some
    message of the messenger shows a part of it."""

    line: Line
    external: str
    reached: bool
    begun: bool


_ADDRESSED = raw_select(
    *COLUMNS,
    _CHATS.c.external,
    _CHATS.c.unreachable_at,
    exists().where(metadata.tables["postings"].c.message == _LINES.c.id),
).join(_CHATS, _CHATS.c.id == _LINES.c.chat)
_LINE = Prepared(_ADDRESSED.where(_LINES.c.id == bindparam("one")))
#: Their numbers lie close together, mostly: what was said in between is passed over.
_NEAR = Prepared(
    _ADDRESSED.where(
        _LINES.c.id >= bindparam("first"),
        _LINES.c.id <= bindparam("last"),
        _LINES.c.state == QUEUED,
    )
)


def line(session: Session, id: int) -> Addressed:
    """One line with its chat. Raises LookupError."""
    return _addressed(*_LINE.one(session, one=id))


def lines(session: Session, ids: Sequence[int]) -> list[Addressed]:
    """Those of some lines that wait, with their chats, in rising order."""
    if not ids:
        return []
    wanted, first, last = set(ids), min(ids), max(ids)
    if last - first > _APART * len(wanted):
        found = [line(session, id) for id in sorted(wanted)]
        return [one for one in found if one.line.state == QUEUED]
    near = [_addressed(*row) for row in _NEAR.all(session, first=first, last=last)]
    return sorted((one for one in near if one.line.id in wanted), key=lambda one: one.line.id)


def _addressed(*told: Any) -> Addressed:
    *values, external, unreachable_at, begun = told
    return Addressed(Line(*values), external, unreachable_at is None, bool(begun))


_SENT = Prepared(
    update(_LINES)
    .where(_LINES.c.id == bindparam("one"))
    .values(text=bindparam("said"), state=SENT, sent_at=bindparam("at"))
    .returning(_LINES.c.superseded, _LINES.c.answered, _LINES.c.trim)
)


def sent(session: Session, id: int, text: str, at: datetime) -> bool:
    """A line stands on the messenger's screen with this text.

    Returns whether it was answered, replaced or trimmed while it was on its way.
    """
    superseded, answered, trim = _SENT.one(session, one=id, said=text, at=at)
    return bool(superseded or answered is not None or trim)


def waiting(
    session: Session, channel: str, limit: int = 100, *, mine: bool = False
) -> list[MessageRow]:
    """Queued prompts of a channel in the order of their chats' sequence.

    With `mine` their chats are nobody else's until the transaction ends, and chats that another
    process has in hand are passed over as a whole: order per chat holds.
    """
    query = (
        select(MessageRow)
        .join(ChatRow, col(ChatRow.id) == col(MessageRow.chat))
        .where(_WAITING, ChatRow.channel == channel)
        .order_by(col(MessageRow.id))
        .limit(limit)
    )
    if mine:
        query = query.with_for_update(of=ChatRow, skip_locked=True)
    return list(session.exec(query).all())


def is_waiting(session: Session, channel: str) -> bool:
    """Whether any prompt of a channel waits."""
    return _ANY.first(session, channel=channel) is not None


_ANY = Prepared(
    raw_select(_LINES.c.id)
    .join(_CHATS, _CHATS.c.id == _LINES.c.chat)
    .where(is_one_of(_LINES.c.state, QUEUED), _CHATS.c.channel == bindparam("channel"))
    .limit(1)
)


def queued_in(session: Session, chat: ChatRow) -> list[MessageRow]:
    """What waits to be sent into one chat, in order."""
    rows = session.exec(
        select(MessageRow).where(_WAITING, MessageRow.chat == chat.id).order_by(col(MessageRow.seq))
    ).all()
    return list(rows)


def enqueued(session: Session) -> list[int]:
    """What this transaction has queued and not taken back, in order."""
    return sorted(made_in(session))


@cache
def _query() -> Prepared[Queued]:
    """Put together once: it is asked many times a second."""
    earlier = aliased(MessageRow)
    # Asked of the chat's own lines: some subjects stand in a thousand chats.
    rung = exists().where(
        col(earlier.chat) == MessageRow.chat,
        col(earlier.seq) < MessageRow.seq,
        col(earlier.about) == MessageRow.about,
        col(earlier.template).startswith(_RING),
    )
    first = case(
        (col(MessageRow.duties) == "[]", False),
        (col(MessageRow.template).startswith(_NOTICE), True),
        (and_(col(MessageRow.template).startswith(_RING), ~rung), True),
        else_=False,
    )
    found: Select[Any] = (
        select(  # type: ignore[call-overload]
            MessageRow.id,
            MessageRow.chat,
            ChatRow.external,
            MessageRow.template,
            IncidentRow.severity,
            first,
            MessageRow.created_at,
        )
        .join(ChatRow, col(ChatRow.id) == col(MessageRow.chat))
        .outerjoin(IncidentRow, col(IncidentRow.stream) == col(MessageRow.stream))
        .where(
            _WAITING,
            ChatRow.channel == bindparam("channel"),
            col(MessageRow.id) > bindparam("after"),
        )
        .order_by(col(MessageRow.id))
    )
    return Prepared(found, Queued)


def told_since(
    session: Session, person: int, since: datetime, templates: Sequence[str]
) -> list[str | None]:
    """The keys of what was sent to a person since a moment by templates that begin so.

    The same thing on several channels is one.
    """
    query = (
        select(func.min(MessageRow.key))
        .where(
            col(MessageRow.chat).in_(_chats(person)),
            MessageRow.sender == BOT,
            MessageRow.state == SENT,
            col(MessageRow.sent_at) > since,
            or_(*(col(MessageRow.template).startswith(one) for one in templates)),
        )
        .group_by(func.coalesce(MessageRow.origin, MessageRow.id))
        .limit(_MANY)
    )
    return list(session.exec(query).all())


def was_told(session: Session, row: AnyLine, stream: str, key: str) -> bool:
    """Whether a person has been told of a duty by anything but a prompt and its copies."""
    same = row.origin or row.id
    pair = canonical([stream, key])
    query = select(MessageRow.id).where(
        col(MessageRow.chat).in_(_chats(row.person)),
        MessageRow.sender == BOT,
        MessageRow.state == SENT,
        col(MessageRow.duties).contains(pair, autoescape=True),
        MessageRow.id != same,
        or_(col(MessageRow.origin).is_(None), col(MessageRow.origin) != same),
    )
    return session.exec(query.limit(1)).first() is not None


def held(session: Session, person: int) -> list[MessageRow]:
    """What waits to be merged for one person, oldest first."""
    query = select(MessageRow).where(_HELD, MessageRow.person == person)
    return list(session.exec(query.order_by(col(MessageRow.id))).all())


def held_people(session: Session) -> list[int]:
    """For whom something waits to be merged."""
    return list(session.exec(select(MessageRow.person).where(_HELD).distinct()).all())


def _chats(person: int) -> Any:
    return select(ChatRow.id).where(ChatRow.person == person)
