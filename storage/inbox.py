"""What came in: stored and committed before it is confirmed, handled once, never lost."""

from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import files
from storage.tables import InboxRow, SecretStopRow, is_one_of, metadata

#: FETCH: its files are still on the messenger's server. ASIDE: kept for the operators.
NEW, DONE, ASIDE, FETCH = "new", "done", "aside", "fetch"
WAITING = (NEW, FETCH)
TRIES = 3
T = TypeVar("T")
_ROWS = metadata.tables["inbox"]
_PUT = insert(_ROWS)
_DONE = (
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("one"))
    .values(state=DONE, handled_at=bindparam("at"))
)


def accept(
    session: Session,
    *,
    channel: str,
    external: str,
    lane: str,
    person: int,
    body: str,
    at: datetime,
    state: str = NEW,
    album: str | None = None,
    ready_at: datetime | None = None,
) -> bool:
    """Stores an update once per (channel, external id). False when it was there before.

    The parts of one `album` are handled together, when the last of them is ready.
    """
    if files.update_known(session, channel, external):
        return False
    row = {
        "channel": channel,
        "external": external,
        "lane": lane,
        "person": person,
        "body": body,
        "received_at": at,
        "handled_at": None,
        "state": state,
        "tries": 0,
        "album": album,
        "ready_at": ready_at,
    }
    session.connection().execute(_PUT, row)
    if album:
        for part in _parts(session, channel, lane, album):
            part.ready_at = ready_at
            session.add(part)
        session.flush()
    return True


def album_of(session: Session, row: InboxRow) -> list[InboxRow]:
    """The unhandled parts of a row's album, itself among them, in order; alone without one."""
    return [row] if row.album is None else _parts(session, row.channel, row.lane, row.album)


def _parts(session: Session, channel: str, lane: str, album: str) -> list[InboxRow]:
    rows = session.exec(
        select(InboxRow)
        .where(
            InboxRow.channel == channel,
            InboxRow.lane == lane,
            InboxRow.album == album,
            is_one_of(InboxRow.state, *WAITING),
        )
        .order_by(col(InboxRow.id))
    ).all()
    return list(rows)


def stopped(
    session: Session,
    *,
    channel: str,
    external: str,
    person: int,
    at: datetime,
    place: str | None = None,
    message: str | None = None,
    album: str | None = None,
) -> None:
    """Records that a message was stopped for secrecy; nothing of its body.

    `place` and `message` say where the messenger still shows it, so that it can be taken away.
    """
    session.add(
        SecretStopRow(
            channel=channel,
            external=external,
            person=person,
            at=at,
            place=place,
            message=message,
            album=album,
        )
    )
    session.flush()


def take_away(
    session: Session, channel: str, place: str, message: str, *, person: int, at: datetime
) -> None:
    """A messenger still shows, in this place, what was erased: it is to be taken away there."""
    stopped(
        session,
        channel=channel,
        external=f"{files.ERASED}{place}:{message}",
        person=person,
        at=at,
        place=place,
        message=message,
    )


def drop_album(session: Session, channel: str, lane: str, album: str) -> list[InboxRow]:
    """Takes away the waiting parts of an album one part of which was stopped.

    Returns all its parts that are known, those that were handled before among them.
    """
    rows = session.exec(
        select(InboxRow).where(
            InboxRow.channel == channel,
            InboxRow.lane == lane,
            InboxRow.album == album,
        )
    ).all()
    for row in rows:
        if row.state in WAITING:
            session.delete(row)
    session.flush()
    return list(rows)


def next_new(session: Session, now: datetime) -> InboxRow | None:
    """The oldest unhandled update that may be handled now.

    In a lane nothing overtakes: what waits for its files or for the rest of its album holds
    up what came behind it. It is nobody else's until the transaction ends, and what another
    process has in hand is passed over: the lock is the lease of its lane.
    """
    return session.exec(_next_mine(), params={"now": now}).first()


def is_any_ready(session: Session, now: datetime) -> bool:
    """Whether an unhandled update may be handled now."""
    return session.connection().execute(_next_ids(), {"now": now}).first() is not None


@cache
def _next_mine() -> SelectOfScalar[InboxRow]:
    """On SQLite the lock is no part of the statement: there is one writer."""
    query = _in_turn(select(InboxRow))
    return query.with_for_update(of=InboxRow, skip_locked=True)


@cache
def _next_ids() -> SelectOfScalar[Any]:
    return _in_turn(select(col(InboxRow.id)))


def _in_turn(query: SelectOfScalar[T]) -> SelectOfScalar[T]:
    earlier, part = aliased(InboxRow), aliased(InboxRow)
    before = exists().where(
        col(earlier.channel) == col(InboxRow.channel),
        col(earlier.lane) == col(InboxRow.lane),
        is_one_of(earlier.state, *WAITING),
        col(earlier.id) < col(InboxRow.id),
    )
    unready = exists().where(
        col(part.channel) == col(InboxRow.channel),
        col(part.lane) == col(InboxRow.lane),
        col(part.album) == col(InboxRow.album),
        is_one_of(part.state, *WAITING),
        col(part.state) == FETCH,
    )
    return (
        query.where(
            is_one_of(InboxRow.state, NEW),
            col(InboxRow.ready_at).is_(None)
            | (col(InboxRow.ready_at) <= bindparam("now"))
            # It came in the future: the clock has gone back, and nothing of it is still to come.
            | (col(InboxRow.received_at) > bindparam("now")),
            ~before,
            ~unready,
        )
        .order_by(col(InboxRow.id))
        .limit(1)
    )


def next_ready(session: Session) -> datetime | None:
    """When the next album that is still being gathered will be whole, or None."""
    return session.exec(_next_ready()).first()


@cache
def _next_ready() -> SelectOfScalar[Any]:
    return (
        select(InboxRow.ready_at)
        .where(is_one_of(InboxRow.state, NEW), col(InboxRow.ready_at).is_not(None))
        .order_by(col(InboxRow.ready_at))
        .limit(1)
    )


def to_fetch(session: Session, channel: str, limit: int = 20) -> list[InboxRow]:
    """Updates whose files are still to be fetched, oldest first."""
    rows = session.exec(
        select(InboxRow)
        .where(
            is_one_of(InboxRow.state, *WAITING),
            InboxRow.channel == channel,
            InboxRow.state == FETCH,
        )
        .order_by(col(InboxRow.id))
        .limit(limit)
    ).all()
    return list(rows)


def fetched(session: Session, id: int, body: str) -> bool:
    """Its files are here, or will not come: it may be handled. False when it is gone."""
    row = session.get(InboxRow, id)
    if row is None or row.state != FETCH:
        return False
    row.body, row.state = body, NEW
    session.add(row)
    return True


def undeleted_stops(session: Session, channel: str, limit: int = 20) -> list[SecretStopRow]:
    """Stopped messages that the messenger may still show."""
    rows = session.exec(
        select(SecretStopRow)
        .where(
            SecretStopRow.channel == channel,
            col(SecretStopRow.message).is_not(None),
            col(SecretStopRow.deleted_at).is_(None),
        )
        .order_by(col(SecretStopRow.id))
        .limit(limit)
    ).all()
    return list(rows)


def stop_deleted(session: Session, id: int, at: datetime) -> SecretStopRow:
    """The messenger has taken a stopped message away, or says that it cannot; returns its row."""
    row = session.get_one(SecretStopRow, id)
    row.deleted_at = at
    session.add(row)
    return row


def done(session: Session, row: InboxRow, at: datetime) -> None:
    """Handled, in the transaction of its effects."""
    session.connection().execute(_DONE, {"one": row.id, "at": at})


def failed(session: Session, id: int, at: datetime) -> bool:
    """One more failed try, of the whole album; True when it is now set aside for the operators."""
    first = session.get_one(InboxRow, id)
    rows = album_of(session, first)
    for row in rows:
        row.tries = first.tries if row is not first else row.tries + 1
        if first.tries >= TRIES:
            row.state, row.handled_at = ASIDE, at
        session.add(row)
    return first.state == ASIDE


def oldest_new(session: Session) -> datetime | None:
    """When the oldest unhandled update came in, or None."""
    return session.exec(
        select(InboxRow.received_at)
        .where(is_one_of(InboxRow.state, *WAITING))
        .order_by(col(InboxRow.id))
        .limit(1)
    ).first()
