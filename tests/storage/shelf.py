"""A real database in a temporary folder, and an incident performed on it through the rules."""

import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from procedure import actions as a
from procedure.decide import decide
from procedure.evolve import advanced
from procedure.incident import Incident
from procedure.ringing import next_ring_at
from storage import incidents, journal
from storage.database import Database, Session, open_database
from storage.migrate import upgrade
from tests import databases
from tests.procedure import village as v

STREAM = "incident-1"


def made(folder: Path) -> Database:
    """An empty migrated database."""
    address = databases.empty(folder)
    upgrade(address)
    return open_database(address)


def perform(session: Session, actor: int, action: a.Action, at: datetime) -> Incident:
    """What a turn does: look, decide, append, save, in one transaction. Raises Refused."""
    try:
        before = incidents.get(session, STREAM)
    except KeyError:
        before = Incident(stream=STREAM)
    decision = decide(before, action, actor, at, v.ORGANISATION, v.TERMS)
    entries = journal.append(
        session,
        STREAM,
        decision.facts,
        at=at,
        actor=actor,
        authority=decision.authority,
        channel="test",
    )
    after = advanced(before, entries)
    incidents.save(session, after, next_ring_at(after, v.TERMS, v.ORGANISATION))
    return after


def keep(db: Database, walk: v.Walk) -> Incident:
    """Writes a walked incident into the database, each entry with its own time."""

    def work(session: Session) -> Incident:
        incident = Incident(stream=STREAM)
        for entry in walk.history:
            written = journal.append(
                session,
                STREAM,
                [entry.fact],
                at=entry.at,
                actor=entry.actor,
                authority=entry.authority,
                channel=entry.channel,
            )
            incident = advanced(incident, written)
        incidents.save(session, incident, next_ring_at(incident, v.TERMS, v.ORGANISATION))
        return incident

    return db.write(work)


def faults(db: Database) -> list[str]:
    """What the check of the journal finds, by its reason."""
    return [fault.why for fault in db.read(lambda session: list(journal.verify(session)))]


def sql(session: Session, statement: str, *values: Any) -> Any:
    """A bare statement, as somebody with the file in his hands would make it."""
    connection = session.connection()
    if connection.dialect.paramstyle != "qmark":
        statement = statement.replace("?", "%s")
    return connection.exec_driver_sql(statement, values)


class Undone(Exception):
    """Takes a change back that a test only looked at."""


def looking(db: Database, change: Callable[[Session], object]) -> list[str]:
    """What the check would find after a change, which is then taken back."""
    found: list[str] = []

    def work(session: Session) -> None:
        change(session)
        session.expire_all()
        found.extend(fault.why for fault in journal.verify(session))
        raise Undone

    with contextlib.suppress(Undone):
        db.write(work)
    return found
