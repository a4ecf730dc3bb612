"""Step 4: the result, proposals, tasks, the end (Bước 4; duty rows 38–41)."""

from procedure import actions as a
from procedure import entries_speaking as s
from procedure.codec import Prose
from procedure.decision import Asked, Decision, Notice, as_head, require
from procedure.errors import BadValue, Outdated, Refused, WrongStep
from procedure.merging import next_number
from procedure.obligations import manager
from procedure.parties import Party, Post, speaker
from procedure.rules_consult import no_press
from procedure.steps import missing_for_closing

HEAD = Party(Post.HEAD_OF_UNIT)
DUTY_OFFICER = Party(Post.DUTY_OFFICER)
LEADER = Party(Post.LEADER)
OFFICE = Party(Post.COMMITTEE_OFFICE)
NEXT_STEPS = frozenset({"watch", "speak_again", "close"})


def report_result(asked: Asked, action: a.ReportResult) -> Decision:
    """The spokesperson reports to the standing committee, through the department (row 38)."""
    _open(asked)
    incident = asked.incident
    one = speaker(incident, asked.organisation)
    require(asked.actor == one, "only_spokesperson_reports", one)
    if incident.official is None:
        raise WrongStep("nothing_spoken", who=one)
    if action.next_step not in NEXT_STEPS:
        raise BadValue("next_step_needed")
    for item in ("spoken", "remaining"):
        if not getattr(action, item).strip():
            raise BadValue("result_blank", item=item)
    if not action.proposals:
        raise BadValue("result_blank", item="proposals")
    fact = s.ResultReported(**vars(action))
    to = asked.people(HEAD) if incident.within else (*asked.people(LEADER), *asked.people(OFFICE))
    told = tuple(who for who in dict.fromkeys(to) if who != asked.actor)
    return Decision((fact,), (Notice("result_reported", told, {"by": one}),), "spokesperson")


def accept_proposal(asked: Asked, action: a.AcceptProposal) -> Decision:
    """An accepted proposal becomes a task with an owner (row 40)."""
    _open(asked)
    proposal = _proposal(asked, action.proposal)
    _may_manage(asked)
    _future(asked, action.due)
    _able(asked, action.owner)
    number = next_number(asked.incident, "tasks")
    task = s.TaskSet(task=number, what=proposal, owner=action.owner, due=action.due, remedy=False)
    facts = (s.ProposalAccepted(proposal=action.proposal, task=number), task)
    return Decision(facts, _task_notice(asked, number, action.owner, action.due), _as(asked))


def decline_proposal(asked: Asked, action: a.DeclineProposal) -> Decision:
    """Not every proposal becomes a task; the reason is kept."""
    _open(asked)
    _proposal(asked, action.proposal)
    _may_manage(asked)
    if len(action.reason.strip()) < 5:
        raise BadValue("reason_needed")
    fact = s.ProposalDeclined(proposal=action.proposal, reason=action.reason)
    return Decision((fact,), (), _as(asked))


def set_task(asked: Asked, action: a.SetTask) -> Decision:
    """Who, what, when; remedies are kept apart (row 33)."""
    _open(asked)
    _may_manage(asked)
    _future(asked, action.due)
    _able(asked, action.owner)
    number = next_number(asked.incident, "tasks")
    fact = s.TaskSet(
        task=number, what=action.what, owner=action.owner, due=action.due, remedy=action.remedy
    )
    return Decision((fact,), _task_notice(asked, number, action.owner, action.due), _as(asked))


def finish_task(asked: Asked, action: a.FinishTask) -> Decision:
    """The owner says that it is done, with what came of it."""
    found = next((one for one in asked.incident.tasks if one.id == action.task), None)
    if found is None or found.done_at:
        raise Outdated("task_settled")
    allowed = asked.acts_for(found.owner) or asked.department_has_part()
    require(allowed, "not_your_task", found.owner)
    fact = s.TaskDone(task=action.task, note=action.note)
    to = {found.set_by, *asked.people(manager(asked.incident))}
    told = tuple(sorted(who for who in to if who and who != asked.actor))
    return Decision((fact,), (Notice("task_done", told, {"task": action.task}),), "owner")


def close_incident(asked: Asked, action: a.CloseIncident) -> Decision:
    """The department's head closes, within authority the unit's head; nothing may be open."""
    _open(asked)
    incident = asked.incident
    if incident.within:
        head = asked.organisation.head(incident.unit)
        require(_acts_as(asked, head), "only_head_closes", head)
    else:
        first = asked.organisation.head(incident.department)
        require(_acts_as(asked, first), "only_department_head_closes", first)
    missing = missing_for_closing(incident)
    if missing:
        raise Refused("not_ready_to_close", missing=missing)
    if not action.opinion.strip():
        raise BadValue("opinion_needed")
    told = Notice("incident_ended", asked.others(), {"by": asked.actor})
    return Decision((s.IncidentClosed(opinion=action.opinion),), (told,), _as(asked))


def _acts_as(asked: Asked, head: int | None) -> bool:
    return head is not None and asked.acts_for(head)


def reopen_incident(asked: Asked, action: a.ReopenIncident) -> Decision:
    """Reopening keeps everything (row 41)."""
    if asked.incident.closed_at is None:
        raise Outdated("still_open")
    allowed = asked.is_department() or asked.is_head()
    require(allowed, "only_department_reopens", asked.who(LEADER))
    if len(action.reason.strip()) < 5:
        raise BadValue("reason_needed")
    told = Notice("incident_again", asked.others(), {"by": asked.actor})
    return Decision((s.IncidentReopened(reason=action.reason),), (told,), _as(asked))


def _proposal(asked: Asked, number: int) -> Prose:
    found = next((one for one in asked.incident.proposals if one.id == number), None)
    if found is None or found.accepted is not None:
        raise Outdated("proposal_settled")
    return found.text


def _task_notice(asked: Asked, number: int, owner: int, due: object) -> tuple[Notice, ...]:
    if owner == asked.actor:
        return ()
    about = {"task": number, "due": due, "by": asked.actor}
    key = f"O1:task:{number}:{{person}}"
    return (Notice("task_set", (owner,), about, rings=True, duty=key),)


def _may_manage(asked: Asked) -> None:
    if asked.incident.within:
        require(asked.is_head(), "only_head_manages", asked.who(HEAD))
    else:
        require(asked.is_department(), "only_department_manages", asked.who(DUTY_OFFICER))


def _able(asked: Asked, owner: int) -> None:
    if owner not in asked.organisation.people:
        raise BadValue("unknown_person")
    no_press(asked, owner)


def _future(asked: Asked, due: object) -> None:
    if due <= asked.now:  # type: ignore[operator]
        raise BadValue("due_in_past")


def _as(asked: Asked) -> str:
    return as_head(asked) or "department"


def _open(asked: Asked) -> None:
    if asked.incident.closed_at:
        raise WrongStep("incident_closed", at=asked.incident.closed_at)
