"""What an open page reads: its chats in order without gaps, and what has changed in them.

A prompt takes its number when it is queued and is shown once it is sent, so a later number may
be ready earlier. A page therefore reads only up to the first number that is still queued.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlmodel import Session, col, func, or_, select

from storage import marks
from storage.chats import BOT, QUEUED, SENT
from storage.tables import ChatRow, IncidentRow, MessageRow, is_one_of

#: Answered, superseded, state, the choices taken away.
Status = tuple[int | None, bool, str, str]
_SLICE = 400
#: More than is erased while a page looks away.
_MOST_ERASED = 200


def chats_on(session: Session, channel: str, externals: Collection[str]) -> dict[str, ChatRow]:
    """The chats of a channel by their outer id; those not begun yet are absent."""
    rows = session.exec(
        select(ChatRow).where(ChatRow.channel == channel, col(ChatRow.external).in_(externals))
    ).all()
    return {row.external: row for row in rows}


def settled(session: Session, chat: ChatRow) -> int:
    """The number up to which every message of a chat has left the queue."""
    first = session.exec(
        select(func.min(MessageRow.seq)).where(
            MessageRow.chat == chat.id, is_one_of(MessageRow.state, QUEUED)
        )
    ).one()
    return chat.last_seq if first is None else first - 1


def page_of(session: Session, chat: ChatRow, after: int, limit: int) -> list[MessageRow]:
    """The first `limit` messages behind `after`, oldest first, none beyond a queued one."""
    return list(
        session.exec(
            select(MessageRow)
            .where(
                MessageRow.chat == chat.id,
                col(MessageRow.seq) > after,
                col(MessageRow.seq) <= settled(session, chat),
                MessageRow.state == SENT,
            )
            .order_by(col(MessageRow.seq))
            .limit(limit)
        ).all()
    )


def messages(session: Session, ids: Collection[int]) -> list[MessageRow]:
    """Sent messages by id, in order of id."""
    found: list[MessageRow] = []
    for part in _slices(ids):
        query = select(MessageRow).where(col(MessageRow.id).in_(part), MessageRow.state == SENT)
        found += session.exec(query.order_by(col(MessageRow.id))).all()
    return found


def statuses(session: Session, ids: Collection[int], since: int) -> dict[int, Status]:
    """What may change in prompts with choices: in those named, and in all newer than `since`."""
    found: dict[int, Status] = {}
    wanted = [col(MessageRow.id).in_(part) for part in _slices(ids)]
    for clause in [*wanted, col(MessageRow.id) > since]:
        query = select(  # type: ignore[call-overload]  # the library types four columns at most
            MessageRow.id,
            MessageRow.answered,
            MessageRow.superseded,
            MessageRow.state,
            MessageRow.taken,
        ).where(clause, MessageRow.sender == BOT, MessageRow.choices != "[]")
        for id, *status in session.exec(query).all():
            found[id] = tuple(status)
    return found


def note_erased(session: Session, ids: Iterable[int]) -> None:
    """Pages that are open show these lines anew: their words or files are gone."""
    marks.mark(session, marks.LINES_ERASED, json.dumps([*erased(session), *ids][-_MOST_ERASED:]))


def erased(session: Session) -> list[int]:
    """The lines that were erased last, the newest last."""
    found: list[int] = json.loads(marks.marked(session, marks.LINES_ERASED) or "[]")
    return found


def last_message(session: Session) -> int:
    """The highest id of a message, 0 when there is none."""
    return session.exec(select(func.max(MessageRow.id))).one() or 0


def open_prompt_ids(session: Session, limit: int) -> list[int]:
    """The newest prompts that still have their buttons, or are yet to be sent."""
    rows = session.exec(
        select(MessageRow.id)
        .where(
            MessageRow.sender == BOT,
            MessageRow.choices != "[]",
            col(MessageRow.answered).is_(None),
            col(MessageRow.superseded).is_(False),
            or_(MessageRow.state == SENT, MessageRow.state == QUEUED),
        )
        .order_by(col(MessageRow.id).desc())
        .limit(limit)
    ).all()
    return [id for id in rows if id is not None]


def waiting_counts(session: Session, people: Collection[int]) -> Mapping[int, int]:
    """How many sent prompts that ask for an act each of these people has not answered."""
    rows = session.exec(
        select(MessageRow.person, MessageRow.choices, MessageRow.taken).where(
            col(MessageRow.person).in_(people),
            MessageRow.sender == BOT,
            MessageRow.state == SENT,
            MessageRow.choices != "[]",
            col(MessageRow.answered).is_(None),
            col(MessageRow.superseded).is_(False),
        )
    ).all()
    return Counter(person for person, *under in rows if _asks_for_something(*under))


def _asks_for_something(choices: str, taken: str) -> bool:
    """Whether a button that is left does more than show or copy."""
    left = [one for n, one in enumerate(json.loads(choices), 1) if n not in json.loads(taken)]
    return any(not one["do"].keys() & {"view", "copy", "copy_block"} for one in left)


def journal_size(session: Session) -> int:
    """A number that rises with every change of an incident."""
    return session.exec(select(func.coalesce(func.sum(IncidentRow.seq), 0))).one()


def oldest_queued(session: Session) -> dict[str, datetime]:
    """By channel, when the oldest prompt was queued that waits to be sent.

    What is held back to become one line of a list is not waiting to be sent.
    """
    found = session.exec(
        select(ChatRow.channel, func.min(MessageRow.created_at))
        .join(MessageRow, col(MessageRow.chat) == col(ChatRow.id))
        .where(is_one_of(MessageRow.state, QUEUED))
        .group_by(ChatRow.channel)
    )
    return dict(found.all())


def recent_with(session: Session, template: str, since: datetime) -> int:
    """How many prompts of one template were queued since a moment."""
    return session.exec(
        select(func.count())
        .select_from(MessageRow)
        .where(MessageRow.template == template, col(MessageRow.created_at) >= since)
    ).one()


def _slices(ids: Collection[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _SLICE):
        yield ordered[start : start + _SLICE]
