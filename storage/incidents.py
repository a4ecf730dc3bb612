"""Incidents: the projection row, kept in the transaction that appends to the journal."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, insert, update
from sqlalchemy import select as raw_select
from sqlmodel import Session, col, select

from procedure.codec import canonical, dump, load
from procedure.evolve import fold
from procedure.incident import Incident
from procedure.steps import step
from procedure.text import fold as fold_text
from storage import journal
from storage.prepared import Prepared, asked
from storage.tables import CounterRow, FileUseRow, IncidentRow, metadata

_ROWS = metadata.tables["incidents"]
#: Asked for at every line of a report.
_RECENT = Prepared(
    raw_select(_ROWS.c.state)
    .where(_ROWS.c.is_open, _ROWS.c.opened_at >= bindparam("start"))
    .order_by(_ROWS.c.opened_at.desc())
)


class Coming(NamedTuple):
    """An incident in which something is to be rung: its last entry, and when (UTC)."""

    stream: str
    seq: int
    at: datetime


class Rung(NamedTuple):
    """What changes in the row of an incident in which the clock rang."""

    of: str
    seq: int
    next_ring_at: datetime | None
    state: str


_RUNG = update(_ROWS).where(_ROWS.c.stream == bindparam("of"))


def get(session: Session, stream: str) -> Incident:
    """The incident as its row has it. Raises KeyError when there is none."""
    state = _states(session, _ROWS.c.stream == stream)
    if not state:
        raise KeyError(stream)
    return read(state[0])


def states(session: Session, streams: Sequence[str]) -> dict[str, str]:
    """The projections of these streams as they lie in their rows, by stream, in one question."""
    query = raw_select(_ROWS.c.stream, _ROWS.c.state).where(_ROWS.c.stream.in_(streams))
    return dict(map(tuple, session.connection().execute(query))) if streams else {}


def by_code(session: Session, code: str) -> Incident | None:
    """The incident with this code, or None."""
    state = _states(session, _ROWS.c.code == code)
    return read(state[0]) if state else None


def listed(session: Session, *, only_open: bool = True) -> list[Incident]:
    """Incidents, newest first."""
    query = select(IncidentRow.state).order_by(col(IncidentRow.opened_at).desc())
    if only_open:
        query = query.where(col(IncidentRow.is_open))
    return [read(state) for state in session.exec(query).all()]


def opened_since(session: Session, start: datetime) -> list[Incident]:
    """Open incidents opened at `start` (UTC) or later, newest first."""
    hour = start.replace(minute=0, second=0, microsecond=0)
    name = f"opened since {hour.isoformat()}"
    known = asked(session).get(name)
    if known is None:
        known = [read(state) for state in _RECENT.values(session, start=hour)]
        asked(session)[name] = known
    return [one for one in known if one.opened_at and one.opened_at >= start]


def searched(session: Session, words: str, limit: int = 20) -> list[Incident]:
    """Incidents, open or closed, whose code, title or place holds the words, without marks."""
    query = select(IncidentRow.state).order_by(col(IncidentRow.opened_at).desc())
    for word in fold_text(words).split():
        query = query.where(col(IncidentRow.folded).contains(word, autoescape=True))
    return [read(state) for state in session.exec(query.limit(limit)).all()]


def due(session: Session, now: datetime, limit: int = 10_000) -> list[str]:
    """Streams of which something is to be rung by `now`, those of one unit together.

    When there are more than `limit`, those that have waited longest.
    """
    kept = _ROWS.c
    query = raw_select(kept.unit, kept.id, kept.stream).where(kept.next_ring_at <= now)
    rows = session.connection().execute(query.order_by(kept.next_ring_at, kept.id).limit(limit))
    return [stream for _, _, stream in sorted(map(tuple, rows))]


def coming(session: Session, after: datetime, until: datetime, limit: int) -> list[Coming]:
    """What is to be rung next after one moment and by another, the soonest first."""
    kept = _ROWS.c
    query = raw_select(kept.stream, kept.seq, kept.next_ring_at)
    within = query.where(kept.next_ring_at > after, kept.next_ring_at <= until)
    ordered = within.order_by(kept.next_ring_at, kept.id).limit(limit)
    return [Coming(*row) for row in session.connection().execute(ordered)]


def next_ring(session: Session) -> datetime | None:
    """The earliest moment at which anything is to be rung."""
    return session.exec(
        select(IncidentRow.next_ring_at)
        .where(col(IncidentRow.next_ring_at).is_not(None))
        .order_by(col(IncidentRow.next_ring_at))
        .limit(1)
    ).first()


def save(session: Session, incident: Incident, next_ring_at: datetime | None) -> None:
    """Writes the projection; call it in the transaction of the entries."""
    assert incident.opened_at is not None
    values = {
        "code": incident.code,
        "unit": incident.unit,
        "opened_at": incident.opened_at,
        "seq": incident.seq,
        "step": int(step(incident)),
        "severity": incident.severity.value,
        "drill": incident.drill,
        "is_open": incident.closed_at is None and incident.yielded is None,
        "next_ring_at": next_ring_at,
        "folded": fold_text(f"{incident.code} {incident.title} {incident.detail('place')}"),
        "state": canonical(dump(incident)),
    }
    connection = session.connection()
    mine = update(_ROWS).where(_ROWS.c.stream == incident.stream)
    if connection.execute(mine.values(values)).rowcount == 0:
        connection.execute(insert(_ROWS).values(stream=incident.stream, **values))
    _use_files(session, incident)
    session.flush()
    asked(session).clear()


def save_rung(session: Session, rung: Sequence[Rung]) -> None:
    """Writes the projections of incidents in which the clock rang, with their next ring.

    A ring moves neither step nor words nor files: nothing else of the row changes.
    """
    rows = [one._asdict() for one in rung]
    if rows:
        session.connection().execute(_RUNG, rows)
        asked(session).clear()


def _use_files(session: Session, incident: Incident) -> None:
    """Whoever may see the incident may see its files, and no longer those that have left it."""
    stands = {file.sha256 for file in incident.all_files}
    rows = session.exec(select(FileUseRow).where(FileUseRow.stream == incident.stream)).all()
    for row in rows:
        if row.sha256 not in stands:
            session.delete(row)
    for sha256 in sorted(stands - {row.sha256 for row in rows}):
        session.add(FileUseRow(sha256=sha256, stream=incident.stream))


def refold(session: Session, stream: str) -> Incident:
    """The incident folded anew from its journal, for checks and after an erasure."""
    return fold(stream, journal.read(session, stream))


def next_number(session: Session, name: str) -> int:
    """The next value of a counter, from 1."""
    row = session.get(CounterRow, name) or CounterRow(name=name, value=0)
    row.value += 1
    session.add(row)
    session.flush()
    return row.value


def row_of(session: Session, stream: str) -> IncidentRow | None:
    """The projection row of a stream, or None."""
    query = select(IncidentRow).where(IncidentRow.stream == stream)
    # Rows are written past the session's own memory of them.
    return session.exec(query.execution_options(populate_existing=True)).first()


def _states(session: Session, which: ColumnElement[bool]) -> Sequence[str]:
    return session.connection().execute(raw_select(_ROWS.c.state).where(which)).scalars().all()


@lru_cache(maxsize=256)
def read(state: str) -> Incident:
    """The incident of a projection. The same text is the same incident, and nobody changes one: a
    broadcast reads it once."""
    return load(Incident, json.loads(state))
