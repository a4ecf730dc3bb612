"""The fold of further reports, and of incidents merged into one file and split off again."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from procedure import entries_merge as m
from procedure.entries import Entry, Fact
from procedure.facts_merge import FurtherReport, Merged, Pause, Yielded
from procedure.incident import Incident
from procedure.merging import PARTS, apart, live

KNOWN = ("details", "acknowledged", "working", "extensions", "rung")


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
    fields |= {name: {**getattr(incident, name), **getattr(carried, name)} for name in KNOWN}
    pauses = incident.pauses
    if incident.yielded:
        pauses = (*pauses, Pause(since=incident.yielded.at, until=entry.at))
    return replace(incident, yielded=None, pauses=pauses, **fields)


MERGING: Mapping[type[Fact], Callable[[Incident, Any, Entry], Incident]] = {
    m.FurtherReportAdded: _report,
    m.IncidentMerged: _merged,
    m.IncidentYielded: _yielded,
    m.IncidentSplit: _split,
    m.IncidentRestored: _restored,
}
