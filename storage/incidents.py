"""Incidents: the projection row, kept in the transaction that appends to the journal."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlmodel import Session, col, select

from procedure.codec import canonical, dump, load
from procedure.entries import Entry
from procedure.evolve import evolve, fold
from procedure.incident import Incident
from procedure.steps import step
from procedure.text import fold as fold_text
from storage import journal
from storage.tables import CounterRow, FileUseRow, IncidentRow


def get(session: Session, stream: str) -> Incident:
    """The incident as its row has it. Raises KeyError when there is none."""
    row = row_of(session, stream)
    if row is None:
        raise KeyError(stream)
    return _incident(row)


def by_code(session: Session, code: str) -> Incident | None:
    """The incident with this code, or None."""
    row = session.exec(select(IncidentRow).where(IncidentRow.code == code)).first()
    return _incident(row) if row else None


def listed(session: Session, *, only_open: bool = True) -> list[Incident]:
    """Incidents, newest first."""
    query = select(IncidentRow).order_by(col(IncidentRow.opened_at).desc())
    if only_open:
        query = query.where(col(IncidentRow.is_open))
    return [_incident(row) for row in session.exec(query).all()]


def opened_since(session: Session, start: datetime) -> list[Incident]:
    """Open incidents opened at `start` (UTC) or later, newest first."""
    query = select(IncidentRow).where(col(IncidentRow.is_open), IncidentRow.opened_at >= start)
    rows = session.exec(query.order_by(col(IncidentRow.opened_at).desc())).all()
    return [_incident(row) for row in rows]


def searched(session: Session, words: str, limit: int = 20) -> list[Incident]:
    """Incidents, open or closed, whose code, title or place holds the words, without marks."""
    query = select(IncidentRow).order_by(col(IncidentRow.opened_at).desc())
    for word in fold_text(words).split():
        query = query.where(col(IncidentRow.folded).contains(word, autoescape=True))
    return [_incident(row) for row in session.exec(query.limit(limit)).all()]


def due(session: Session, now: datetime, limit: int = 200) -> list[Incident]:
    """Open incidents of which something is to be rung by `now`, in order of id."""
    rows = session.exec(
        select(IncidentRow)
        .where(col(IncidentRow.next_ring_at) <= now)
        .order_by(col(IncidentRow.id))
        .limit(limit)
    ).all()
    return [_incident(row) for row in rows]


def next_ring(session: Session) -> datetime | None:
    """The earliest moment at which anything is to be rung."""
    return session.exec(
        select(IncidentRow.next_ring_at)
        .where(col(IncidentRow.next_ring_at).is_not(None))
        .order_by(col(IncidentRow.next_ring_at))
        .limit(1)
    ).first()


def advanced(incident: Incident, entries: Sequence[Entry]) -> Incident:
    """The incident after entries that were just appended."""
    for entry in entries:
        incident = evolve(incident, entry)
    return incident


def save(session: Session, incident: Incident, next_ring_at: datetime | None) -> None:
    """Writes the projection; call it in the transaction of the entries."""
    row = row_of(session, incident.stream)
    assert incident.opened_at is not None
    if row is None:
        row = IncidentRow(
            stream=incident.stream,
            code=incident.code,
            seq=0,
            step=0,
            severity="",
            unit=incident.unit,
            opened_at=incident.opened_at,
            folded="",
            state="",
        )
    row.seq = incident.seq
    row.step = int(step(incident))
    row.severity = incident.severity.value
    row.drill = incident.drill
    row.is_open = incident.closed_at is None and incident.yielded is None
    row.next_ring_at = next_ring_at
    row.folded = fold_text(f"{incident.code} {incident.title} {incident.detail('place')}")
    row.state = canonical(dump(incident))
    session.add(row)
    _use_files(session, incident)
    session.flush()


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
    return session.exec(select(IncidentRow).where(IncidentRow.stream == stream)).first()


def _incident(row: IncidentRow) -> Incident:
    return _read(row.state)


@lru_cache(maxsize=32)
def _read(state: str) -> Incident:
    """The same text is the same incident, and nobody changes one: a broadcast reads it once."""
    return load(Incident, json.loads(state))
