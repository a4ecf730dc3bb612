"""What came in: stored and committed before it is confirmed, handled once, never lost."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select, bindparam, exists, insert, update
from sqlalchemy import select as raw_select
from sqlmodel import Session, col, select

from storage import files
from storage.prepared import Prepared
from storage.tables import InboxRow, SecretStopRow, is_one_of, metadata

#: FETCH: its files are still on the messenger's server. ASIDE: kept for the operators.
NEW, DONE, ASIDE, FETCH = "new", "done", "aside", "fetch"
WAITING = (NEW, FETCH)
TRIES = 3
_ROWS = metadata.tables["inbox"]


class Waiting(NamedTuple):
    """An update that is to be handled."""

    id: int
    channel: str
    external: str
    lane: str
    person: int
    body: str
    received_at: datetime
    album: str | None


_WAITING = tuple(_ROWS.c[name] for name in Waiting._fields)
_PUT = Prepared(
    insert(_ROWS).values({one.name: bindparam(one.name) for one in _ROWS.c if one.name != "id"})
)
_DONE = Prepared(
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
) -> None:
    """Stores an update that was not here before.

    The parts of one `album` are handled together, when the last of them is ready.
    """
    _PUT.run(
        session,
        channel=channel,
        external=external,
        lane=lane,
        person=person,
        body=body,
        received_at=at,
        handled_at=None,
        state=state,
        tries=0,
        album=album,
        ready_at=ready_at,
    )
    if album:
        for part in _parts(session, channel, lane, album):
            part.ready_at = ready_at
            session.add(part)
        session.flush()


def album_of(session: Session, row: Waiting) -> list[Waiting]:
    """The unhandled parts of a row's album, itself among them, in order; alone without one."""
    if row.album is None:
        return [row]
    parts = _parts(session, row.channel, row.lane, row.album)
    return [Waiting(*(getattr(part, name) for name in Waiting._fields)) for part in parts]


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


def next_new(session: Session, now: datetime) -> Waiting | None:
    """The oldest unhandled update that may be handled now.

    In a lane nothing overtakes: what waits for its files or for the rest of its album holds
    up what came behind it. It is nobody else's until the transaction ends, and what another
    process has in hand is passed over: the lock is the lease of its lane.
    """
    return _NEXT_MINE.first(session, now=now)


def _in_turn(query: Select[Any]) -> Select[Any]:
    earlier, part, kept = _ROWS.alias(), _ROWS.alias(), _ROWS.c
    before = exists().where(
        earlier.c.channel == kept.channel,
        earlier.c.lane == kept.lane,
        is_one_of(earlier.c.state, *WAITING),
        earlier.c.id < kept.id,
    )
    unready = exists().where(
        part.c.channel == kept.channel,
        part.c.lane == kept.lane,
        part.c.album == kept.album,
        is_one_of(part.c.state, *WAITING),
        is_one_of(part.c.state, FETCH),
    )
    now: BindParameter[datetime] = bindparam("now", type_=kept.received_at.type)
    return (
        query.where(
            is_one_of(kept.state, NEW),
            kept.ready_at.is_(None)
            | (kept.ready_at <= now)
            # It came in the future: the clock has gone back, and nothing of it is still to come.
            | (kept.received_at > now),
            ~before,
            ~unready,
        )
        .order_by(kept.id)
        .limit(1)
    )


#: On SQLite the lock is no part of the statement: there is one writer.
_NEXT_MINE = Prepared(
    _in_turn(raw_select(*_WAITING)).with_for_update(of=_ROWS, skip_locked=True), Waiting
)


def next_ready(session: Session) -> datetime | None:
    """When the next album that is still being gathered will be whole, or None."""
    found: datetime | None = _NEXT_READY.value(session)
    return found


_NEXT_READY = Prepared(
    raw_select(_ROWS.c.ready_at)
    .where(is_one_of(_ROWS.c.state, NEW), _ROWS.c.ready_at.is_not(None))
    .order_by(_ROWS.c.ready_at)
    .limit(1)
)


_ANY_TO_FETCH = Prepared(
    raw_select(_ROWS.c.id)
    .where(
        is_one_of(_ROWS.c.state, *WAITING),
        _ROWS.c.channel == bindparam("channel"),
        is_one_of(_ROWS.c.state, FETCH),
    )
    .limit(1)
)


def to_fetch(session: Session, channel: str, limit: int = 20) -> list[InboxRow]:
    """Updates whose files are still to be fetched, oldest first."""
    if _ANY_TO_FETCH.first(session, channel=channel) is None:
        return []
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


def done(session: Session, row: Waiting, at: datetime) -> None:
    """Handled, in the transaction of its effects."""
    _DONE.run(session, one=row.id, at=at)


def failed(session: Session, id: int, at: datetime) -> bool:
    """One more failed try, of the whole album; True when it is now set aside for the operators."""
    first = session.get_one(InboxRow, id)
    album = first.album
    rows = _parts(session, first.channel, first.lane, album) if album else [first]
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
