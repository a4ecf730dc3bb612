"""Incidents on the console: the list, one card with its timeline, one journal as JSON."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.cli_words import say
from bot.view import IncidentView
from bot.world import World
from procedure.codec import Prose, dump, instant
from procedure.entries import Entry
from procedure.entries_speaking import FocalPointAssigned, SpokespersonAssigned
from procedure.incident import Incident
from procedure.organisation import Organisation, Person
from procedure.steps import step
from storage import incidents, journal, people

_SHORT = re.compile(r"(VV|DT)-?(\d{1,6})", re.IGNORECASE)


def rows(world: World, *, only_open: bool) -> list[dict[str, Any]]:
    """One mapping for each incident, newest first; times are UTC."""
    listed = world.db.read(lambda session: incidents.listed(session, only_open=only_open))
    organisation = world.db.read(people.organisation)
    return [_row(world, organisation, one) for one in listed]


def list_lines(world: World, found: Sequence[dict[str, Any]]) -> list[str]:
    """The same for people."""
    if not found:
        return [say("no_incidents")]
    return [
        say(
            "incident_line",
            code=row["code"],
            opened=_local(world, datetime.fromisoformat(row["opened_at"])),
            severity=say(f"severity_{row['severity']}"),
            step=say(f"step_{row['step']}"),
            title=row["title"],
        )
        for row in found
    ]


def found(world: World, code: str) -> Incident | None:
    """The incident of a code; "VV-01" is the newest whose number is 1."""
    exact = world.db.read(lambda session: incidents.by_code(session, code.strip().upper()))
    short = _SHORT.fullmatch(code.strip())
    if exact or not short:
        return exact
    prefix, number = short[1].upper(), int(short[2])
    listed = world.db.read(lambda session: incidents.listed(session, only_open=False))
    for one in listed:
        parts = one.code.split("-")
        if parts[0] == prefix and int(parts[-1]) == number:
            return one
    return None


def state(incident: Incident) -> Any:
    """The fold of an incident as JSON data."""
    return {**dump(incident), "step": int(step(incident))}


def journal_of(world: World, incident: Incident) -> dict[str, Any]:
    """The journal of an incident with its texts, and the head under which it verifies."""
    entries = world.db.read(lambda session: journal.read(session, incident.stream))
    heads = world.db.read(journal.heads)
    head = next(one for one in heads if one.stream == incident.stream)
    return {
        "code": incident.code,
        "stream": incident.stream,
        "head": {"seq": head.seq, "hash": head.hash},
        "entries": [_entry(one) for one in entries],
    }


def card_lines(world: World, incident: Incident) -> list[str]:
    """The card of an incident and its timeline, for people."""
    organisation = world.db.read(people.organisation)
    view = _view(world, organisation, incident)
    lines = [
        say("incident_title", code=incident.code, title=incident.title),
        say(
            "incident_unit",
            unit=view.unit_here.name,
            severity=say(f"severity_{incident.severity}"),
            step=say(f"step_{view.step_number}"),
        ),
    ]
    if incident.detail("place"):
        lines.append(say("incident_place", place=incident.detail("place")))
    told = (("ball", view.ball_person), ("speaker", view.speaker), ("keeper", view.keeper))
    lines += [_person_line(f"incident_{name}", person) for name, person in told if person]
    lines.append(say("incident_timeline"))
    entries = world.db.read(lambda session: journal.read(session, incident.stream))
    return lines + [_timeline_line(world, organisation, entry) for entry in entries]


def _person_line(block: str, person: Person) -> str:
    return say(block, name=person.name, post=person.post, phone=person.phone)


def _timeline_line(world: World, organisation: Organisation, entry: Entry) -> str:
    person = organisation.people.get(entry.actor)
    return say(
        "timeline_line",
        at=_local(world, entry.at),
        who=person.name if person else say("the_clock"),
        did=say("did", kind=entry.kind),
        text=next(_texts(organisation, entry), ""),
    )


#: Entries of which the console says to whom rather than why.
_NAMING = (SpokespersonAssigned, FocalPointAssigned)


def _texts(organisation: Organisation, entry: Entry) -> Iterator[str]:
    """Whom an assignment names, or the free texts of an entry, the first of which says most."""
    fact = entry.fact
    if isinstance(fact, _NAMING) and fact.person in organisation.people:
        yield organisation.people[fact.person].name
    for value in vars(fact).values():
        if isinstance(value, Prose) and value.strip():
            yield str(value)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": instant(entry.at),
        "kind": entry.kind,
        "version": entry.fact.version,
        "actor": entry.actor,
        "authority": entry.authority,
        "channel": entry.channel,
        "data": dump(entry.fact),
    }


def _row(world: World, organisation: Organisation, incident: Incident) -> dict[str, Any]:
    view = _view(world, organisation, incident)
    ball = None if incident.closed_at else view.ball_person
    assert incident.opened_at is not None
    return {
        "code": incident.code,
        "title": str(incident.title),
        "severity": incident.severity.value,
        "step": view.step_number,
        "drill": incident.drill,
        "unit": incident.unit,
        "opened_at": instant(incident.opened_at),
        "closed_at": instant(incident.closed_at) if incident.closed_at else None,
        "ball": ball.id if ball else None,
    }


def _view(world: World, organisation: Organisation, incident: Incident) -> IncidentView:
    terms = world.db.read(lambda session: world.terms(session, incident.policy))
    return IncidentView(incident, organisation, terms, world.now())


def _local(world: World, at: datetime) -> str:
    return f"{at.astimezone(world.settings.zone):%H:%M %d/%m/%Y}"
