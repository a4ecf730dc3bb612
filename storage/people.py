"""The organisation of the day: a projection of the stream `organisation`."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam, delete, insert, text, update
from sqlmodel import Session, select

from procedure.codec import canonical, dump, load
from procedure.entries import Entry, Fact
from procedure.entries_organisation import (
    ORGANISATION,
    PersonBlanked,
    PersonRegistered,
    PolicyAdopted,
    RoleEnded,
    RoleGiven,
    RoleProposalRejected,
    RoleProposed,
    SpeakersConfirmed,
    UnitRegistered,
)
from procedure.organisation import Holding, Organisation, Person, Proposal, Unit
from procedure.words import Role
from storage import arrangements, journal, marks
from storage.prepared import Prepared, asked
from storage.tables import PersonRow, PolicyRow, UnitRow, metadata

IN_FORCE = "policy"
#: The roles that wait for a second administrator, as [person, role, unit, proposed by, first day,
#: last day]; those that were proposed before roles had days lack the last two.
_PROPOSED = "proposed_roles"
#: For which quarter each unit's head has last confirmed who speaks for it, by unit.
_CONFIRMED = "speakers_confirmed"


_PUT_UNIT = Prepared(
    text(
        "INSERT INTO units (id, body) VALUES (:id, :body)"
        " ON CONFLICT (id) DO UPDATE SET body = excluded.body"
    )
)
_PUT_PERSON = Prepared(
    text(
        "INSERT INTO people (id, body) VALUES (:id, :body)"
        " ON CONFLICT (id) DO UPDATE SET body = excluded.body"
    )
)
_ROWS = metadata.tables["holdings"]
_ITSELF = [_ROWS.c[name] == bindparam(name) for name in ("person", "role", "unit")]
_GIVEN = Prepared(
    sqlalchemy.select(
        *(_ROWS.c[name] for name in ("person", "role", "unit", "since", "until"))
    ).order_by(_ROWS.c.id),
    lambda person, role, *more: Holding(person, Role(role), *more),
)
_GIVE = Prepared(
    insert(_ROWS).values({c.name: bindparam(c.name) for c in _ROWS.c if c.name != "id"})
)
#: Other days keep its place among the others: who is asked first stays so.
_DATE = Prepared(
    update(_ROWS)
    .where(*_ITSELF)
    .values(since=bindparam("since"), until=bindparam("until"))
    .returning(_ROWS.c.id)
)
_END = Prepared(delete(_ROWS).where(*_ITSELF))
#: Asked for at the beginning of every piece of work.
_VERSION = Prepared(
    text(
        "SELECT coalesce((SELECT hash FROM entries WHERE stream = :stream"
        " ORDER BY seq DESC LIMIT 1), ''),"
        " coalesce((SELECT value FROM marks WHERE name = :name), '')"
    ),
    lambda *both: both,
)


def version(session: Session) -> str:
    """What no other state of the organisation has in common with this one: its journal's last
    entry, and how often words of it were erased."""
    known = asked(session)
    if "version" not in known:
        found = _VERSION.one(session, stream=ORGANISATION, name=marks.REGISTER_ERASED)
        known["version"] = "/".join(found)
    return str(known["version"])


def organisation(session: Session) -> Organisation:
    """Units, people and all roles that were given and not ended, of whatever days."""
    units = {row.id: load(Unit, json.loads(row.body)) for row in session.exec(select(UnitRow))}
    people = {row.id: load(Person, json.loads(row.body)) for row in session.exec(select(PersonRow))}
    holdings = tuple(_GIVEN.all(session))
    waits = tuple(proposed(session))
    found = Organisation(units, people, holdings, waits, _confirmed(session))
    return arrangements.with_arrangements(session, found)


def record(
    session: Session,
    facts: Sequence[Fact],
    *,
    at: datetime,
    actor: int,
    channel: str,
    authority: str = "admin",
) -> list[Entry]:
    """Appends facts to the organisation's journal and brings its projection up to them."""
    written = journal.append(
        session,
        ORGANISATION,
        facts,
        at=at,
        actor=actor,
        authority=authority,
        channel=channel,
    )
    project(session, written)
    return written


def project(session: Session, entries: Sequence[Entry]) -> None:
    """Applies entries of the organisation to its tables."""
    for entry in entries:
        fact = entry.fact
        if isinstance(fact, UnitRegistered):
            _PUT_UNIT.run(session, id=fact.unit.id, body=canonical(dump(fact.unit)))
        elif isinstance(fact, PersonRegistered):
            _PUT_PERSON.run(session, id=fact.person.id, body=canonical(dump(fact.person)))
        elif isinstance(fact, PersonBlanked):
            _unname(session, fact)
        elif isinstance(fact, RoleGiven | RoleEnded | RoleProposed | RoleProposalRejected):
            _role(session, fact, entry.actor)
        elif isinstance(fact, PolicyAdopted):
            marks.mark(session, IN_FORCE, fact.policy)
        elif isinstance(fact, SpeakersConfirmed):
            known = {**_confirmed(session), fact.unit: fact.quarter}
            marks.mark(session, _CONFIRMED, canonical({str(id): q for id, q in known.items()}))
    arrangements.project(session, entries)
    session.flush()


def _role(
    session: Session, fact: RoleGiven | RoleEnded | RoleProposed | RoleProposalRejected, actor: int
) -> None:
    one = {"person": fact.person, "role": fact.role.value, "unit": fact.unit}
    if not isinstance(fact, RoleEnded):
        _settled(session, list(one.values()))
    if isinstance(fact, RoleEnded):
        _END.run(session, **one)
    elif isinstance(fact, RoleGiven):
        given = {**one, "since": fact.since, "until": fact.until}
        if not _DATE.all(session, **given):
            _GIVE.run(session, **given)
    elif isinstance(fact, RoleProposed):
        days = [day and day.isoformat() for day in (fact.since, fact.until)]
        waiting = [*_waiting(session), [*one.values(), actor, *days]]
        marks.mark(session, _PROPOSED, canonical(waiting))


def _unname(session: Session, fact: PersonBlanked) -> None:
    # Rows are written past the session's own memory of them: asked for by its column.
    body = session.exec(select(PersonRow.body).where(PersonRow.id == fact.person)).one()
    known = load(Person, json.loads(body))
    bare = replace(known.unnamed(fact.name, fact.post, fact.address), left=True)
    _PUT_PERSON.run(session, id=bare.id, body=canonical(dump(bare)))


def proposed(session: Session) -> list[Proposal]:
    """The roles that wait for a second administrator, oldest first."""
    return [
        Proposal(person, Role(role), unit, by, *(day and date.fromisoformat(day) for day in days))
        for person, role, unit, by, *days in _waiting(session)
    ]


def _waiting(session: Session) -> list[list[Any]]:
    found: list[list[Any]] = json.loads(marks.marked(session, _PROPOSED) or "[]")
    return found


def _confirmed(session: Session) -> dict[int, str]:
    kept = json.loads(marks.marked(session, _CONFIRMED) or "{}")
    return {int(unit): quarter for unit, quarter in kept.items()}


def _settled(session: Session, one: list[Any]) -> None:
    waits = _waiting(session)
    left = [other for other in waits if other[:3] != one]
    if left != waits:
        marks.mark(session, _PROPOSED, canonical(left))


def keep_policy(session: Session, version: str, text: str, calendar: str, since: datetime) -> None:
    """Keeps a policy text and its calendar for as long as an incident may name them."""
    if session.get(PolicyRow, version) is None:
        session.add(PolicyRow(version=version, text=text, calendar=calendar, since=since))
        session.flush()


def policy_kept(session: Session, version: str) -> tuple[str, str]:
    """The policy text and the calendar text of a version. Raises KeyError when never kept."""
    row = session.get(PolicyRow, version)
    if row is None:
        raise KeyError(version)
    return row.text, row.calendar


def policies_kept(session: Session) -> list[str]:
    """Every version that an incident may name."""
    return list(session.exec(select(PolicyRow.version)).all())


def policy_in_force(session: Session) -> str | None:
    """The version stamped on incidents that open now, or None in an empty database."""
    return marks.marked(session, IN_FORCE)
