"""The fold of conclusions, assignments, statements, the result report and tasks."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from procedure import entries_speaking as s
from procedure.entries import Entry, Fact
from procedure.evolve_tools import changed
from procedure.facts import (
    Assignment,
    Conclusion,
    Enquiry,
    Proposal,
    ResultReport,
    Spoken,
    Statement,
    Task,
)
from procedure.incident import Incident


def _concluded(incident: Incident, fact: s.ConclusionDrafted, entry: Entry) -> Incident:
    conclusion = Conclusion(
        text=fact.text,
        analysis=fact.analysis,
        forecast=fact.forecast,
        options=fact.options,
        chosen=fact.chosen,
        forms=fact.forms,
        focal_point=fact.focal_point,
        spokesperson=fact.spokesperson,
        stand_in=fact.stand_in,
        tasks=fact.tasks,
        authority=incident.authority,
        drafted_by=entry.actor,
        drafted_at=entry.at,
    )
    return replace(incident, conclusion=conclusion)


def _confirmed(incident: Incident, fact: s.ConclusionConfirmed, entry: Entry) -> Incident:
    if incident.conclusion is None:
        return incident
    done = replace(incident.conclusion, confirmed_by=entry.actor, confirmed_at=entry.at)
    return replace(incident, conclusion=done)


def _spokesperson(incident: Incident, fact: s.SpokespersonAssigned, entry: Entry) -> Incident:
    former = incident.former_spokespersons
    statements = incident.statements
    if incident.spokesperson:
        former = (*former, replace(incident.spokesperson, ended_at=entry.at))
    if incident.spokesperson and incident.spokesperson.person != fact.person:
        statements = _withdraw_unspoken(incident)
    now = Assignment(
        person=fact.person,
        stand_in=fact.stand_in,
        authority=fact.by_authority,
        reason=fact.reason,
        by=entry.actor,
        at=entry.at,
    )
    return replace(
        incident,
        spokesperson=now,
        former_spokespersons=former,
        statements=statements,
        members=_with(incident, fact.person),
    )


def _withdraw_unspoken(incident: Incident) -> tuple[Statement, ...]:
    said = {spoken.version for spoken in incident.spoken}
    return tuple(
        item if item.version in said else replace(item, void=True) for item in incident.statements
    )


def _focal(incident: Incident, fact: s.FocalPointAssigned, entry: Entry) -> Incident:
    now = Assignment(
        person=fact.person,
        stand_in=None,
        authority=fact.by_authority,
        reason=fact.reason,
        by=entry.actor,
        at=entry.at,
    )
    return replace(incident, focal_point=now, members=_with(incident, fact.person))


def _drafted(incident: Incident, fact: s.StatementDrafted, entry: Entry) -> Incident:
    draft = Statement(
        version=fact.statement,
        holding=fact.holding,
        text=fact.text,
        sha256=fact.sha256,
        author=entry.actor,
        drafted_at=entry.at,
    )
    earlier = tuple(
        item if item.approved_at else replace(item, void=True) for item in incident.statements
    )
    return replace(incident, statements=(*earlier, draft))


def _agreed(incident: Incident, fact: s.StatementAgreed, entry: Entry) -> Incident:
    statements = changed(
        incident.statements, fact.statement, agreed_by=entry.actor, agreed_at=entry.at
    )
    return replace(incident, statements=statements)


def _approved(incident: Incident, fact: s.StatementApproved, entry: Entry) -> Incident:
    earlier = tuple(
        item if item.version == fact.statement else replace(item, void=True)
        for item in incident.statements
    )
    statements = changed(earlier, fact.statement, approved_by=entry.actor, approved_at=entry.at)
    return replace(incident, statements=statements)


def _returned(incident: Incident, fact: s.StatementReturned, entry: Entry) -> Incident:
    statements = changed(
        incident.statements, fact.statement, returned_reason=fact.reason, returned_at=entry.at
    )
    return replace(incident, statements=statements)


def _spoken(incident: Incident, fact: s.StatementSpoken, entry: Entry) -> Incident:
    version = next(item for item in incident.statements if item.version == fact.statement)
    said = Spoken(
        version=fact.statement,
        holding=version.holding,
        form=fact.form,
        at=fact.spoken_at,
        where=fact.where,
        to_whom=fact.to_whom,
        links=fact.links,
        by=entry.actor,
        recorded_at=entry.at,
    )
    return replace(incident, spoken=(*incident.spoken, said))


def _enquiry(incident: Incident, fact: s.EnquiryRecorded, entry: Entry) -> Incident:
    enquiry = Enquiry(
        id=fact.enquiry, outlet=fact.outlet, question=fact.question, by=entry.actor, at=entry.at
    )
    return replace(incident, enquiries=(*incident.enquiries, enquiry))


def _enquiry_answered(incident: Incident, fact: s.EnquiryAnswered, entry: Entry) -> Incident:
    enquiries = changed(incident.enquiries, fact.enquiry, answer=fact.answer, answered_at=entry.at)
    return replace(incident, enquiries=enquiries)


def _result(incident: Incident, fact: s.ResultReported, entry: Entry) -> Incident:
    result = ResultReport(
        spoken=fact.spoken,
        coverage=fact.coverage,
        questions=fact.questions,
        deviation=fact.deviation,
        reaction=fact.reaction,
        remaining=fact.remaining,
        next_step=fact.next_step,
        by=entry.actor,
        at=entry.at,
    )
    first = len(incident.proposals) + 1
    new = tuple(Proposal(id=first + n, text=text) for n, text in enumerate(fact.proposals))
    return replace(incident, result=result, proposals=incident.proposals + new)


def _accepted(incident: Incident, fact: s.ProposalAccepted, entry: Entry) -> Incident:
    proposals = changed(
        incident.proposals, fact.proposal, accepted=True, decided_at=entry.at, task=fact.task
    )
    return replace(incident, proposals=proposals)


def _declined(incident: Incident, fact: s.ProposalDeclined, entry: Entry) -> Incident:
    proposals = changed(
        incident.proposals, fact.proposal, accepted=False, decided_at=entry.at, reason=fact.reason
    )
    return replace(incident, proposals=proposals)


def _task(incident: Incident, fact: s.TaskSet, entry: Entry) -> Incident:
    task = Task(
        id=fact.task,
        what=fact.what,
        owner=fact.owner,
        due=fact.due,
        remedy=fact.remedy,
        set_at=entry.at,
        set_by=entry.actor,
    )
    return replace(incident, tasks=(*incident.tasks, task), members=_with(incident, fact.owner))


def _task_done(incident: Incident, fact: s.TaskDone, entry: Entry) -> Incident:
    tasks = changed(incident.tasks, fact.task, done_at=entry.at, note=fact.note)
    return replace(incident, tasks=tasks)


def _closed(incident: Incident, fact: s.IncidentClosed, entry: Entry) -> Incident:
    return replace(incident, closed_at=entry.at, closed_by=entry.actor)


def _reopened(incident: Incident, fact: s.IncidentReopened, entry: Entry) -> Incident:
    return replace(incident, closed_at=None, closed_by=None, reopened_at=entry.at)


def _with(incident: Incident, person: int) -> tuple[int, ...]:
    return incident.members if person in incident.members else (*incident.members, person)


SPEAKING: Mapping[type[Fact], Callable[[Incident, Any, Entry], Incident]] = {
    s.ConclusionDrafted: _concluded,
    s.ConclusionConfirmed: _confirmed,
    s.SpokespersonAssigned: _spokesperson,
    s.FocalPointAssigned: _focal,
    s.StatementDrafted: _drafted,
    s.StatementAgreed: _agreed,
    s.StatementApproved: _approved,
    s.StatementReturned: _returned,
    s.StatementSpoken: _spoken,
    s.EnquiryRecorded: _enquiry,
    s.EnquiryAnswered: _enquiry_answered,
    s.ResultReported: _result,
    s.ProposalAccepted: _accepted,
    s.ProposalDeclined: _declined,
    s.TaskSet: _task,
    s.TaskDone: _task_done,
    s.IncidentClosed: _closed,
    s.IncidentReopened: _reopened,
}
