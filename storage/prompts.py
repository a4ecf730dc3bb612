"""What becomes of prompts: seen, answered in one chat for all, settled, taken back."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, false, literal_column, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from procedure.codec import canonical
from storage.chats import BOT, HELD, MERGED, SENT, STALE, open_choices, taken_of
from storage.lines import LINES
from storage.prepared import Prepared
from storage.tables import ChatRow, MessageRow


def unshown(session: Session, since: datetime) -> list[MessageRow]:
    """Prompts that ask something of a person and that he has not been seen to see.

    Created after `since`, not yet looked at whether another channel must tell them too.
    """
    rows = session.exec(
        select(MessageRow)
        .where(
            MessageRow.sender == BOT,
            # As the small index of what nobody has seen says it.
            MessageRow.duties != literal_column("'[]'"),
            col(MessageRow.passed_on) == false(),
            col(MessageRow.shown_at).is_(None),
            col(MessageRow.superseded) == false(),
            col(MessageRow.answered).is_(None),
            MessageRow.taken == "[]",
            col(MessageRow.state).not_in((STALE, HELD, MERGED)),
            col(MessageRow.created_at) >= since,
        )
        .order_by(col(MessageRow.created_at), col(MessageRow.id))
    ).all()
    return list(rows)


def copies(session: Session, row: MessageRow) -> list[MessageRow]:
    """The copies of one thing on all channels, itself among them."""
    return list(session.exec(_copies(), params={"first": row.origin or row.id}).all())


@cache
def _copies() -> SelectOfScalar[MessageRow]:
    first: BindParameter[int] = bindparam("first")
    return select(MessageRow).where(
        (col(MessageRow.id) == first) | (col(MessageRow.origin) == first)
    )


_SETTLE_COPIES = Prepared(
    update(LINES)
    .where(
        (LINES.c.id == bindparam("first")) | (LINES.c.origin == bindparam("first")),
        LINES.c.id != bindparam("one"),
        LINES.c.answered.is_(None),
    )
    .values(superseded=True)
)


def settle_copies(session: Session, row: MessageRow) -> None:
    """One copy was answered: the others ask no more."""
    first = row.origin or row.id
    _SETTLE_COPIES.run(session, first=first, one=row.id)
    for other in session.identity_map.values():
        same = isinstance(other, MessageRow) and first in (other.id, other.origin)
        if same and other is not row:
            session.expire(other, ["superseded"])


def shown(session: Session, chat: ChatRow, seq: int, at: datetime) -> int:
    """His page has shown everything up to `seq`. Returns how many that is news for."""
    rows = session.exec(
        select(MessageRow).where(
            MessageRow.chat == chat.id,
            MessageRow.sender == BOT,
            col(MessageRow.seq) <= seq,
            col(MessageRow.shown_at).is_(None),
            MessageRow.state == SENT,
        )
    ).all()
    for row in rows:
        row.shown_at = at
        session.add(row)
    chat.shown_seq = max(chat.shown_seq, min(seq, chat.last_seq))
    chat.seen_at = at
    session.add(chat)
    return len(rows)


def duty_of(do: Mapping[str, Any]) -> tuple[str, str] | None:
    """The (stream, key) of the duty that a receipt or a call for help speaks of, else None."""
    if do.get("act") == "AcknowledgeDuty":
        return do["stream"], do["data"]["duty"]
    if do.get("open") == "help_wanted":
        return do["stream"], do["args"]["duty"]
    return None


def take(session: Session, row: MessageRow, numbers: Collection[int]) -> None:
    """Takes single choices away from a prompt and its copies; the others wait on."""
    for one in copies(session, row):
        _take(session, one, numbers)
    session.flush()


def _take(session: Session, row: MessageRow, numbers: Collection[int]) -> None:
    before = taken_of(row)
    gone = before.union(numbers)
    if gone != before:
        row.taken, row.trim = canonical(sorted(gone)), True
        session.add(row)


def settle(session: Session, stream: str, *, standing: frozenset[str]) -> None:
    """Takes the buttons off every live prompt of an incident none of whose duties stands.

    Of a prompt that has a duty left, only what asks for one that is met.
    """
    rows = session.exec(
        select(MessageRow).where(
            MessageRow.stream == stream,
            MessageRow.duties != "[]",
            col(MessageRow.answered).is_(None),
            col(MessageRow.superseded).is_(False),
        )
    ).all()
    for row in rows:
        keys = {key for of, key in json.loads(row.duties) if of == stream}
        others = [of for of, _ in json.loads(row.duties) if of != stream]
        if keys and not keys & standing and not others:
            row.superseded = True
            session.add(row)
            continue
        asked = {n: duty_of(one["do"]) for n, one in open_choices(row)}
        met = [n for n, of in asked.items() if of and of[0] == stream and of[1] not in standing]
        _take(session, row, met)
    session.flush()


def withdraw(session: Session, stream: str) -> None:
    """Takes the buttons off every live prompt of an incident that lies in another file now.

    A ring about duties of several incidents keeps them, for the sake of the others.
    """
    rows = session.exec(
        select(MessageRow).where(
            MessageRow.stream == stream,
            MessageRow.choices != "[]",
            col(MessageRow.answered).is_(None),
            col(MessageRow.superseded).is_(False),
        )
    ).all()
    for row in rows:
        if all(of == stream for of, _ in json.loads(row.duties)):
            row.superseded = True
            session.add(row)
    session.flush()
