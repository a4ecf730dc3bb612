"""The fold of the meeting of Step 2."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from procedure import entries as e
from procedure import entries_meeting as m
from procedure.entries import Entry, Fact
from procedure.evolve_tools import joined
from procedure.facts import Invitee, Meeting, Minutes
from procedure.incident import Incident

Move = Callable[[Incident, Any, Entry], Incident]


def _called(incident: Incident, fact: e.MeetingCalled, entry: Entry) -> Incident:
    pairs = zip(fact.invitees, fact.units, strict=True)
    meeting = Meeting(
        id=fact.meeting,
        at=fact.starts_at,
        place=fact.place,
        chair=fact.chair,
        invitees=tuple(Invitee(person=person, unit=unit) for person, unit in pairs),
        agenda=fact.agenda,
        called_at=entry.at,
        called_by=entry.actor,
    )
    return joined(replace(incident, meeting=meeting), fact.chair, *fact.invitees)


def _prepares(incident: Incident, fact: m.PreparationAsked, entry: Entry) -> Incident:
    return _places(incident, {fact.person: {"preparation": fact.what}})


def _answered(incident: Incident, fact: e.InvitationAnswered, entry: Entry) -> Incident:
    """A stand-in who stays away gives the place back; an invitee who comes takes it back."""
    if not incident.meeting:
        return incident
    answer: dict[str, Any] = {"answer": fact.answer, "answered_at": entry.at}
    back: dict[str, Any] = {"stand_in": None, "answer": None, "answered_at": None}
    told: dict[int, dict[str, Any]] = {}
    who = fact.place or entry.actor
    for one in incident.meeting.invitees:
        if one.goes == who:
            gives_back = one.stand_in and fact.answer == "no"
            told[one.person] = back | {"asked_at": entry.at} if gives_back else answer
        elif one.person == who:
            told[one.person] = answer | {"stand_in": None}
    return _places(incident, told)


def _sent(incident: Incident, fact: m.StandInSent, entry: Entry) -> Incident:
    place: dict[str, Any] = {"stand_in": fact.person, "asked_at": entry.at}
    place |= {"answer": None, "answered_at": None}
    sender = fact.place or entry.actor
    return joined(_places(incident, {sender: place}), fact.person)


def _places(incident: Incident, told: Mapping[int, Mapping[str, Any]]) -> Incident:
    """The incident in which the places of these invitees carry these fields."""
    if incident.meeting is None:
        return incident
    invitees = tuple(replace(one, **told.get(one.person, {})) for one in incident.meeting.invitees)
    return replace(incident, meeting=replace(incident.meeting, invitees=invitees))


def _reminded(incident: Incident, fact: e.MeetingReminded, entry: Entry) -> Incident:
    return _meeting(incident, fact.meeting, reminded_at=entry.at)


def _moved(incident: Incident, fact: m.MeetingMoved, entry: Entry) -> Incident:
    """Everybody's answer is asked for again; who stands in for whom stays."""
    meeting = incident.meeting
    if meeting is None or meeting.id != fact.meeting:
        return incident
    anew = tuple(
        replace(one, answer=None, answered_at=None, asked_at=None) for one in meeting.invitees
    )
    return _meeting(
        incident,
        fact.meeting,
        at=fact.starts_at,
        place=fact.place,
        invitees=anew,
        asked_at=entry.at,
        reminded_at=None,
        moves=meeting.moves + 1,
        moved_by=entry.actor,
        was_at=meeting.at,
        why_changed=fact.reason,
    )


def _cancelled(incident: Incident, fact: m.MeetingCancelled, entry: Entry) -> Incident:
    meeting = incident.meeting
    if meeting is None or meeting.id != fact.meeting:
        return incident
    ended = replace(
        meeting, cancelled_at=entry.at, cancelled_by=entry.actor, why_changed=fact.reason
    )
    former = (*incident.cancelled_meetings, ended)
    return replace(incident, meeting=None, cancelled_meetings=former)


def _attended(incident: Incident, fact: m.AttendanceRecorded, entry: Entry) -> Incident:
    return _meeting(incident, fact.meeting, present=fact.present, present_at=entry.at)


def _minuted(incident: Incident, fact: m.MinutesRecorded, entry: Entry) -> Incident:
    if incident.meeting is None:
        return incident
    more = Minutes(text=fact.text, files=fact.files, by=entry.actor, at=entry.at)
    return _meeting(incident, fact.meeting, minutes=(*incident.meeting.minutes, more))


def _meeting(incident: Incident, id: int, **fields: Any) -> Incident:
    if incident.meeting is None or incident.meeting.id != id:
        return incident
    return replace(incident, meeting=replace(incident.meeting, **fields))


MEETING: Mapping[type[Fact], Move] = {
    e.MeetingCalled: _called,
    e.InvitationAnswered: _answered,
    e.MeetingReminded: _reminded,
    m.PreparationAsked: _prepares,
    m.StandInSent: _sent,
    m.MeetingMoved: _moved,
    m.MeetingCancelled: _cancelled,
    m.AttendanceRecorded: _attended,
    m.MinutesRecorded: _minuted,
}
