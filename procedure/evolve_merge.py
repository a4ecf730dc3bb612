"""The fold of further reports, and of incidents merged into one file and split off again."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from procedure import entries_merge as m
from procedure.entries import Entry, Fact
from procedure.evolve_tools import joined
from procedure.facts_merge import FurtherReport, Merged, Pause, Yielded
from procedure.incident import Incident
from procedure.merging import ASKED_BY_KEY, KEPT_BY_KEY, PARTS, apart, is_about_item, live

KNOWN = ("details", *KEPT_BY_KEY, *ASKED_BY_KEY)
#: What has ended in the kept file does not come back at a split.
AS_IT_IS = ("working", *ASKED_BY_KEY)


def _report(incident: Incident, fact: m.FurtherReportAdded, entry: Entry) -> Incident:
    report = FurtherReport(
        id=fact.report,
        unit=fact.unit,
        person=entry.actor,
        line=fact.line,
        at=entry.at,
        files=fact.files,
        happened=fact.happened,
    )
    return replace(incident, reports=(*incident.reports, report))


def _merged(incident: Incident, fact: m.IncidentMerged, entry: Entry) -> Incident:
    record = Merged(
        stream=fact.other,
        code=fact.code,
        unit=fact.unit,
        at=entry.at,
        by=entry.actor,
        people=fact.people,
        numbers=fact.numbers,
    )
    carried: Any = fact.carried
    fields: dict[str, Any] = {
        part: getattr(incident, part) + getattr(carried, part) for part in PARTS
    }
    fields |= {name: {**getattr(incident, name), **getattr(carried, name)} for name in KNOWN}
    return replace(
        incident,
        merged=(*incident.merged, record),
        severity=fact.severity,
        casualties=fact.casualties,
        settlements=incident.settlements + fact.carried.settlements,
        **fields,
    )


def _yielded(incident: Incident, fact: m.IncidentYielded, entry: Entry) -> Incident:
    there = Yielded(into=fact.into, code=fact.code, at=entry.at, by=entry.actor)
    return replace(incident, yielded=there)


def _split(incident: Incident, fact: m.IncidentSplit, entry: Entry) -> Incident:
    record = live(incident, fact.other)
    return apart(incident, record, entry.at) if record else incident


def _restored(incident: Incident, fact: m.IncidentRestored, entry: Entry) -> Incident:
    carried: Any = fact.carried
    fields: dict[str, Any] = {part: getattr(carried, part) for part in PARTS}
    for name in KNOWN:
        own = getattr(incident, name)
        if name in AS_IT_IS:
            own = {key: one for key, one in own.items() if not is_about_item(key)}
        fields[name] = {**own, **getattr(carried, name)}
    pauses = incident.pauses
    if incident.yielded:
        pauses = (*pauses, Pause(since=incident.yielded.at, until=entry.at))
    back = replace(
        incident,
        yielded=None,
        pauses=pauses,
        settlements=fact.carried.settlements,
        **fields,
    )
    return joined(back, *_given_to(back))


def _given_to(incident: Incident) -> tuple[int, ...]:
    """Who has a piece of its work, or was asked for an answer about it, meanwhile."""
    owners = [one.owner for one in incident.tasks] + [one.person for one in incident.orders]
    owners += [one.to for one in incident.offers.values()]
    return (*owners, *(one.decides for one in incident.time_wishes.values()))


def with_fact(incident: Incident, fact: Fact, by: int, at: datetime) -> Incident:
    """How the incident will stand once this fact of merging is written."""
    entry = Entry(
        stream=incident.stream,
        seq=incident.seq + 1,
        at=at,
        actor=by,
        authority="",
        channel="",
        fact=fact,
    )
    return MERGING[type(fact)](incident, fact, entry)


MERGING: Mapping[type[Fact], Callable[[Incident, Any, Entry], Incident]] = {
    m.FurtherReportAdded: _report,
    m.IncidentMerged: _merged,
    m.IncidentYielded: _yielded,
    m.IncidentSplit: _split,
    m.IncidentRestored: _restored,
}
