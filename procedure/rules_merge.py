"""One event, one file, one voice: further reports, merging and splitting back (conduct §2).

The department merges: the incident that yields keeps its journal and all that it was, owes
nothing and takes nothing; what was open in it is owed in the file that is kept, under new
numbers. Splitting back brings everything home with the answers got meanwhile. Its own terms
stood still in between, but for the legal clock; terms that somebody set for a task, an order or
a supplement ran on, since those were owed all the time.

Figures, offers, wishes for time and telephone decisions go along under the numbers of the kept
file, and what waits for an answer is asked there again, since the old buttons are gone.
"""

from collections.abc import Iterator
from typing import Any

from procedure import actions as a
from procedure import entries_merge as m
from procedure.decision import Asked, Beside, Decision, Notice, require
from procedure.errors import BadValue, Outdated, Refused, WrongStep
from procedure.evolve_merge import with_fact
from procedure.facts_merge import Carried
from procedure.incident import Incident
from procedure.merging import apart, come_home, handed_over, live, next_number
from procedure.parties import Party, Post, everyone, fact_keeper, heads, speaker
from procedure.rules_carried import carried_told, meeting_ended, restored_told
from procedure.words import Casualties, Duty, Role

HEAD = Party(Post.HEAD_OF_UNIT)
DUTY_OFFICER = Party(Post.DUTY_OFFICER)


def add_report(asked: Asked, action: a.AddReport) -> Decision:
    """Another unit saw it too: its report joins the file, its people have a part in it."""
    _open(asked)
    incident, organisation = asked.incident, asked.organisation
    if asked.is_unit():
        raise WrongStep("own_unit_amends", who=asked.who(HEAD))
    if not action.line.strip() and not action.files:
        raise BadValue("report_blank")
    home = organisation.people[asked.actor].unit
    number = next_number(incident, "reports")
    fact = m.FurtherReportAdded(
        report=number, unit=home, line=action.line, files=action.files, happened=action.happened
    )
    own = tuple(one for one in heads(home, organisation)[:1] if one != asked.actor)
    up = asked.people(HEAD) + (asked.people(DUTY_OFFICER) if incident.submitted_at else ())
    told = tuple(one for one in dict.fromkeys(up) if one not in (asked.actor, *own))
    facts = {"report": number, "reporter": asked.actor}
    notices = (
        Notice("further_report", told, facts, rings=True),
        Notice("unit_joined", own, facts, rings=True),
    )
    return Decision((fact,), notices, "registered")


def merge_incidents(asked: Asked, action: a.MergeIncidents) -> Decision:
    """`action.absorbed` is the other incident as it stands; both are written in one turn."""
    _open(asked)
    require(asked.is_department(), "only_department_merges", asked.who(DUTY_OFFICER))
    incident, other = asked.incident, _fit_to_yield(asked, action)
    numbers, carried = handed_over(other, incident)
    ended, uninvited = meeting_ended(asked, other, action.reason)
    people = everyone(other, asked.organisation)
    fact = m.IncidentMerged(
        other=other.stream,
        code=other.code,
        unit=other.unit,
        people=people,
        severity=max(incident.severity, other.severity, key=lambda one: one.rank),
        casualties=max(incident.casualties, other.casualties, key=list(Casualties).index),
        numbers=numbers,
        carried=carried,
    )
    yields = m.IncidentYielded(into=incident.stream, code=incident.code)
    after = with_fact(incident, fact, asked.actor, asked.now)
    notices = (
        *_merge_notices(asked, other, people),
        *_now_yours(asked, other, carried),
        *carried_told(asked, after, carried),
    )
    beside = Beside(other.stream, (*ended, yields), uninvited)
    return Decision((fact,), notices, "department", (beside,))


def _fit_to_yield(asked: Asked, action: a.MergeIncidents) -> Incident:
    """The other incident. Raises Refused when it cannot lie in this file."""
    incident, other = asked.incident, action.absorbed
    if other is None or other.opened_at is None or other.stream != action.other:
        raise Refused("no_incident")
    if other.stream == incident.stream:
        raise BadValue("merge_with_itself")
    if other.yielded:
        raise Outdated("merged_into", into=other.yielded.into, code=other.yielded.code)
    if other.closed_at:
        raise WrongStep("incident_closed", at=other.closed_at)
    if other.drill != incident.drill:
        raise BadValue("drill_is_apart")
    department = asked.organisation.head(other.department)
    require(other.department == incident.department, "only_department_merges", department)
    for one in (incident, other):
        if not one.submitted_at:
            raise WrongStep("merge_not_sent_up", who=_head(asked, one), code=one.code)
    if other.official:
        raise WrongStep("spoken_is_kept", code=other.code)
    return other


def _head(asked: Asked, incident: Incident) -> int | None:
    return next(iter(heads(incident.unit, asked.organisation)), None)


def _merge_notices(asked: Asked, other: Incident, people: tuple[int, ...]) -> tuple[Notice, ...]:
    incident, organisation = asked.incident, asked.organisation
    facts = {"code": other.code, "unit": other.unit, "by": asked.actor}
    was, now = speaker(other, organisation), speaker(incident, organisation)
    silenced = (was,) if was and was != now else ()
    both = dict.fromkeys((*asked.others(*silenced), *people))
    left_out = {asked.actor, *silenced, *_members(asked, other)}
    to = tuple(one for one in both if one not in left_out)
    notices = [Notice("incidents_merged", to, facts)]
    if silenced:
        notices.append(Notice("voice_yielded", silenced, facts, rings=True))
    return tuple(notices)


def _now_yours(asked: Asked, other: Incident, carried: Carried) -> Iterator[Notice]:
    """Open questions and claims come to the one speaker and the one keeper of facts."""
    incident, organisation = asked.incident, asked.organisation
    speaks, keeps = speaker(incident, organisation), fact_keeper(incident)
    for enquiry in carried.enquiries:
        if enquiry.answered_at is None and speaks != speaker(other, organisation):
            about: dict[str, Any] = {"enquiry": enquiry.id, "by": enquiry.by}
            key = f"{Duty.PRESS_ENQUIRY.value}:{enquiry.id}"
            yield Notice("enquiry_arrived", (speaks,), about, rings=True, duty=key)
    for claim in carried.claims:
        if claim.verdict is None and keeps != fact_keeper(other):
            due = asked.terms.after(Duty.CLAIM_CHECK, incident.severity, claim.at)
            about = {"claim": claim.id, "due": due, "by": claim.by}
            key = f"{Duty.CLAIM_CHECK.value}:{claim.id}"
            yield Notice("claim_to_check", (keeps,), about, rings=True, duty=key)


def _members(asked: Asked, incident: Incident) -> tuple[int, ...]:
    """The members of the standing committee hear through their office (conduct §4, §9)."""
    return asked.organisation.holders(Role.COMMITTEE_MEMBER, incident.committee)


def split_incident(asked: Asked, action: a.SplitIncident) -> Decision:
    """Two events after all: each goes on by itself, nothing that was answered is lost."""
    _open(asked)
    require(asked.is_department(), "only_department_merges", asked.who(DUTY_OFFICER))
    incident, other = asked.incident, action.absorbed
    record = live(incident, action.other)
    yields = other.yielded if other and other.stream == action.other else None
    if record is None or other is None or yields is None or yields.into != incident.stream:
        raise Outdated("already_apart")
    home = m.IncidentRestored(
        kept=incident.stream,
        code=incident.code,
        carried=come_home(incident, record, other),
    )
    left_out = {asked.actor, *_members(asked, other)}
    people = everyone(other, asked.organisation)
    told = tuple(one for one in people if one not in left_out)
    by = {"by": asked.actor}
    back = Notice("incident_restored", told, by | {"code": incident.code})
    alone = apart(incident, record, asked.now)
    rest = tuple(one for one in everyone(alone, asked.organisation) if one not in people)
    left_out |= set(_members(asked, incident))
    here = tuple(one for one in rest if one not in left_out)
    notice = Notice("incident_split", here, by | {"code": record.code})
    again = restored_told(asked, with_fact(other, home, asked.actor, asked.now))
    beside = Beside(other.stream, (home,), (back, *again))
    return Decision((m.IncidentSplit(other=other.stream),), (notice,), "department", (beside,))


def _open(asked: Asked) -> None:
    if asked.incident.closed_at:
        raise WrongStep("incident_closed", at=asked.incident.closed_at)
