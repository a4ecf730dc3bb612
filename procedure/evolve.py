"""`evolve(incident, entry) -> Incident`: the fold; it never refuses and never asks the time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from procedure import entries as e
from procedure.codec import Prose
from procedure.entries import Entry, Fact
from procedure.evolve_figures import FIGURES
from procedure.evolve_guidance import GUIDANCE
from procedure.evolve_late import LATE, without
from procedure.evolve_meeting import MEETING
from procedure.evolve_merge import MERGING
from procedure.evolve_rooms import KEEPING, ROOMS
from procedure.evolve_speaking import SPEAKING
from procedure.evolve_tools import changed, joined
from procedure.facts import (
    Brief,
    Call,
    Claim,
    Detail,
    Direction,
    Extension,
    Rung,
    Supplement,
    VerificationOrder,
    Waiver,
)
from procedure.incident import Incident
from procedure.words import Authority

Move = Callable[[Incident, Any, Entry], Incident]


def evolve(incident: Incident, entry: Entry) -> Incident:
    """The incident after `entry`. Raises KeyError on a kind that nothing knows."""
    moved = MOVES[type(entry.fact)](incident, entry.fact, entry)
    members = moved.members
    takes_part = entry.actor and not isinstance(entry.fact, KEEPING)
    if takes_part and entry.actor not in members:
        members = (*members, entry.actor)
    acted = moved.acted
    if takes_part:
        acted = {**acted, str(entry.actor): entry.at}
    return moved.but(seq=entry.seq, members=members, acted=acted)


def fold(stream: str, history: Iterable[Entry]) -> Incident:
    """The incident that a whole journal tells."""
    return advanced(Incident(stream=stream), history)


def advanced(incident: Incident, entries: Iterable[Entry]) -> Incident:
    """The incident after entries that follow. Raises KeyError on a kind that nothing knows."""
    return reduce(evolve, entries, incident)


def _opened(incident: Incident, fact: e.IncidentOpened, entry: Entry) -> Incident:
    return replace(
        incident,
        code=fact.code,
        drill=fact.drill,
        unit=fact.unit,
        department=fact.department,
        committee=fact.committee,
        policy=fact.policy,
        title=fact.title,
        line=fact.line,
        incident_kind=fact.incident_kind,
        opened_by=entry.actor,
        opened_at=entry.at,
        casualties=fact.casualties,
        detected=fact.detected,
        suggested_authority=fact.suggested_authority,
        severity=fact.severity,
        files=fact.files,
    )


def _amended(incident: Incident, fact: e.ReportAmended, entry: Entry) -> Incident:
    detail = Detail(text=fact.text, by=entry.actor, at=entry.at)
    told = bool(fact.text or fact.moment)
    details = {**incident.details, fact.item: detail} if told else incident.details
    files = incident.files + tuple(f for f in fact.files if f not in incident.files)
    moments: dict[str, Any] = {}
    if fact.moment and fact.item in ("happened", "detected"):
        moments[fact.item] = fact.moment
    if fact.item == "title":
        moments["title"] = fact.text
    return replace(incident, details=details, files=files, **moments)


def _casualties(incident: Incident, fact: e.CasualtiesReported, entry: Entry) -> Incident:
    return replace(incident, casualties=fact.casualties)


def _claim_logged(incident: Incident, fact: e.ClaimLogged, entry: Entry) -> Incident:
    claim = Claim(id=fact.claim, text=fact.text, by=entry.actor, at=entry.at)
    files = incident.files + tuple(f for f in fact.files if f not in incident.files)
    return replace(incident, claims=(*incident.claims, claim), files=files)


def _claim_checked(incident: Incident, fact: e.ClaimChecked, entry: Entry) -> Incident:
    claims = changed(
        incident.claims,
        fact.claim,
        verdict=fact.verdict,
        evidence=fact.evidence,
        checked_by=entry.actor,
        checked_at=entry.at,
    )
    return replace(incident, claims=claims)


def _authority(incident: Incident, fact: e.AuthorityDecided, entry: Entry) -> Incident:
    authority = Authority.BEYOND if fact.beyond else Authority.WITHIN
    went = entry.at if fact.beyond and incident.within else incident.went_beyond_at
    return replace(
        incident, authority=authority, authority_decided_at=entry.at, went_beyond_at=went
    )


def _severity(incident: Incident, fact: e.SeverityChanged, entry: Entry) -> Incident:
    return replace(incident, severity=fact.severity)


def _submitted(incident: Incident, fact: e.ReportSubmitted, entry: Entry) -> Incident:
    first: dict[str, Any] = {}
    if incident.submitted_at is None:
        first = {"submitted_at": entry.at, "submitted_by": entry.actor}
        if incident.authority is not Authority.BEYOND:
            first |= {"authority": Authority.BEYOND, "authority_decided_at": entry.at}
    if fact.written:
        first["written_at"] = entry.at
    return replace(incident, department=fact.through, committee=fact.to, **first)


def _ordered(incident: Incident, fact: e.VerificationOrdered, entry: Entry) -> Incident:
    order = VerificationOrder(
        id=fact.order,
        unit=fact.unit,
        person=fact.person,
        lead=fact.lead,
        what=fact.what,
        due=fact.due,
        ordered_at=entry.at,
    )
    return joined(replace(incident, orders=(*incident.orders, order)), fact.person)


def _verified(incident: Incident, fact: e.VerificationReported, entry: Entry) -> Incident:
    orders = changed(incident.orders, fact.order, result=fact.result, reported_at=entry.at)
    return replace(incident, orders=orders)


def _received(incident: Incident, fact: e.ReportReceived, entry: Entry) -> Incident:
    return replace(incident, received_at=entry.at, received_by=entry.actor)


def _supplement(incident: Incident, fact: e.SupplementRequested, entry: Entry) -> Incident:
    asked = Supplement(id=fact.supplement, items=fact.items, due=fact.due, asked_at=entry.at)
    return replace(incident, supplements=(*incident.supplements, asked))


def _supplied(incident: Incident, fact: e.SupplementProvided, entry: Entry) -> Incident:
    supplements = changed(incident.supplements, fact.supplement, provided_at=entry.at)
    detail = Detail(text=fact.text, by=entry.actor, at=entry.at)
    details = {**incident.details, f"supplement_{fact.supplement}": detail}
    return replace(incident, supplements=supplements, details=details)


def _brief(incident: Incident, fact: e.BriefSubmitted, entry: Entry) -> Incident:
    brief = Brief(
        summary=fact.summary,
        timeline=fact.timeline,
        forecast=fact.forecast,
        options=fact.options,
        proposals=fact.proposals,
        ask=fact.ask,
        by=entry.actor,
        at=entry.at,
    )
    return replace(incident, brief=brief)


def _direction(incident: Incident, fact: e.DirectionGiven, entry: Entry) -> Incident:
    direction = Direction(
        id=fact.direction,
        text=fact.text,
        member=fact.member,
        means=fact.means,
        given_at=fact.given_at,
        entered_by=entry.actor,
        at=entry.at,
        confirmed_at=entry.at if entry.actor == fact.member else None,
        names_everything=fact.names_everything,
    )
    earlier = incident.directions
    if fact.corrects is not None:
        earlier = changed(earlier, fact.corrects, corrected_by=fact.direction)
    return joined(replace(incident, directions=(*earlier, direction)), fact.member)


def _direction_confirmed(incident: Incident, fact: e.DirectionConfirmed, entry: Entry) -> Incident:
    directions = changed(incident.directions, fact.direction, confirmed_at=entry.at)
    return replace(incident, directions=directions)


def _direction_waived(incident: Incident, fact: e.DirectionWaived, entry: Entry) -> Incident:
    waiver = Waiver(
        reason=fact.reason, by=entry.actor, at=entry.at, member=fact.member, means=fact.means
    )
    return replace(incident, direction_waiver=waiver)


def _meeting_waived(incident: Incident, fact: e.MeetingWaived, entry: Entry) -> Incident:
    waiver = Waiver(reason=fact.reason, by=entry.actor, at=entry.at)
    return replace(incident, meeting_waiver=waiver)


def _rung(incident: Incident, fact: e.DutyRung, entry: Entry) -> Incident:
    now = Rung(
        start=fact.start,
        round=fact.round,
        index=fact.rung,
        at=entry.at,
        people=fact.people,
        level=fact.level,
    )
    return joined(incident.but(rung={**incident.rung, fact.duty: now}), *fact.people)


def _rung_ahead(incident: Incident, fact: e.DutyRungAhead, entry: Entry) -> Incident:
    last = incident.rung.get(fact.duty)
    if last is None or last.start != fact.start:
        # Nothing of this duty has been rung: the moment before its start counts as the last.
        last = Rung(start=fact.start, round=fact.round, index=-1, at=fact.start, people=())
    told = replace(last, ahead=fact.ahead)
    return incident.but(rung={**incident.rung, fact.duty: told})


def _undelivered(incident: Incident, fact: e.RingUndelivered, entry: Entry) -> Incident:
    last = incident.rung.get(fact.duty)
    if last is None or fact.person in last.undelivered:
        return incident
    missed = replace(last, undelivered=(*last.undelivered, fact.person))
    return incident.but(rung={**incident.rung, fact.duty: missed})


def _acknowledged(incident: Incident, fact: e.DutyAcknowledged, entry: Entry) -> Incident:
    acknowledged = {**incident.acknowledged, fact.duty: entry.at}
    working = {**incident.working, fact.duty: entry.at} if fact.working else incident.working
    return replace(incident, acknowledged=acknowledged, working=working)


def _extended(incident: Incident, fact: e.DutyExtended, entry: Entry) -> Incident:
    more = Extension(minutes=fact.minutes, by=entry.actor, at=entry.at)
    have = incident.extensions.get(fact.duty, ())
    return replace(
        incident,
        extensions={**incident.extensions, fact.duty: (*have, more)},
        time_wishes=without(incident.time_wishes, fact.duty),
    )


def _help(incident: Incident, fact: e.HelpAsked, entry: Entry) -> Incident:
    return replace(incident, working={**incident.working, fact.duty: entry.at})


def _call(incident: Incident, fact: e.CallMade, entry: Entry) -> Incident:
    note: Prose | None = fact.note or None
    call = Call(
        duty=fact.duty, to=fact.to, by=entry.actor, at=entry.at, reached=fact.reached, note=note
    )
    acknowledged = incident.acknowledged
    if fact.reached:
        acknowledged = {**acknowledged, fact.duty: entry.at}
    return replace(incident, calls=(*incident.calls, call), acknowledged=acknowledged)


MOVES: Mapping[type[Fact], Move] = {
    e.IncidentOpened: _opened,
    e.ReportAmended: _amended,
    e.CasualtiesReported: _casualties,
    e.ClaimLogged: _claim_logged,
    e.ClaimChecked: _claim_checked,
    e.AuthorityDecided: _authority,
    e.SeverityChanged: _severity,
    e.ReportSubmitted: _submitted,
    e.VerificationOrdered: _ordered,
    e.VerificationReported: _verified,
    e.ReportReceived: _received,
    e.SupplementRequested: _supplement,
    e.SupplementProvided: _supplied,
    e.BriefSubmitted: _brief,
    e.DirectionGiven: _direction,
    e.DirectionConfirmed: _direction_confirmed,
    e.DirectionWaived: _direction_waived,
    e.MeetingWaived: _meeting_waived,
    e.DutyRung: _rung,
    e.DutyRungAhead: _rung_ahead,
    e.RingUndelivered: _undelivered,
    e.DutyAcknowledged: _acknowledged,
    e.DutyExtended: _extended,
    e.HelpAsked: _help,
    e.CallMade: _call,
    **MEETING,
    **SPEAKING,
    **FIGURES,
    **LATE,
    **MERGING,
    **ROOMS,
    **GUIDANCE,
}
