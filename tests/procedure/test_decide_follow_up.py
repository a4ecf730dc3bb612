"""Step 4, rule by rule: the result, proposals, tasks, the end."""

from collections.abc import Callable

import pytest

from procedure import actions as a
from procedure.codec import Prose
from procedure.steps import missing_for_closing
from tests.procedure import village as v
from tests.procedure.village import Walk

SHORT = Prose("no")
LATER = v.START + 7 * v.DAY
ACCEPT = a.AcceptProposal(proposal=1, owner=v.EXPERT, due=LATER)
DECLINE = a.DeclineProposal(proposal=1, reason=v.REASON)
TASK = a.SetTask(what=v.WORDS, owner=v.EXPERT, due=LATER)
FINISH = a.FinishTask(task=1, note=v.WORDS)
CLOSE = a.CloseIncident(opinion=v.WORDS)
REOPEN = a.ReopenIncident(reason=v.REASON)


def tasked() -> Walk:
    return v.concluded().all([(v.DUTY, TASK)])


def finished() -> Walk:
    return tasked().all([(v.EXPERT, FINISH)])


def said_within() -> Walk:
    walk = v.settled_within()
    walk.draft()
    walk.approve(by=v.HEAD)
    walk.speak()
    return walk


def ready_within() -> Walk:
    return said_within().all([(v.HEAD, v.result()), (v.HEAD, DECLINE)])


def tasked_within() -> Walk:
    """A task of a unit's own authority."""
    return v.within().all([(v.HEAD, TASK)])


REFUSALS: list[tuple[Callable[[], Walk], int, a.Action, str]] = [
    (v.closed, v.HEAD, v.result(), "incident_closed"),
    (v.spoken, v.LEADER, v.result(), "only_spokesperson_reports"),
    (v.approved, v.HEAD, v.result(), "nothing_spoken"),
    (v.spoken, v.HEAD, v.result(next_step="sleep"), "next_step_needed"),
    (v.spoken, v.HEAD, v.result(spoken=SHORT[:0]), "result_blank"),
    (v.spoken, v.HEAD, v.result(remaining=Prose(" ")), "result_blank"),
    (v.spoken, v.HEAD, v.result(proposals=()), "result_blank"),
    (v.closed, v.LEADER, ACCEPT, "incident_closed"),
    (v.spoken, v.LEADER, ACCEPT, "proposal_settled"),
    (v.ready, v.LEADER, ACCEPT, "proposal_settled"),
    (v.reported, v.HEAD, ACCEPT, "only_department_manages"),
    (
        v.reported,
        v.LEADER,
        a.AcceptProposal(proposal=1, owner=v.EXPERT, due=v.START),
        "due_in_past",
    ),
    (
        v.reported,
        v.LEADER,
        a.AcceptProposal(proposal=1, owner=v.STRANGER, due=LATER),
        "unknown_person",
    ),
    (v.ready, v.LEADER, DECLINE, "proposal_settled"),
    (v.reported, v.HEAD, DECLINE, "only_department_manages"),
    (v.reported, v.LEADER, a.DeclineProposal(proposal=1, reason=SHORT), "reason_needed"),
    (v.within, v.DUTY, TASK, "only_head_manages"),
    (v.concluded, v.HEAD, TASK, "only_department_manages"),
    (v.concluded, v.DUTY, a.SetTask(what=v.WORDS, owner=v.HEAD, due=v.START), "due_in_past"),
    (v.concluded, v.DUTY, a.SetTask(what=v.WORDS, owner=v.STRANGER, due=LATER), "unknown_person"),
    (v.concluded, v.DUTY, a.SetTask(what=v.WORDS, owner=v.JOURNALIST, due=LATER), "press_in_room"),
    (
        v.reported,
        v.LEADER,
        a.AcceptProposal(proposal=1, owner=v.JOURNALIST, due=LATER),
        "press_in_room",
    ),
    (tasked_within, v.DUTY, FINISH, "not_your_task"),
    (v.concluded, v.EXPERT, FINISH, "task_settled"),
    (finished, v.EXPERT, FINISH, "task_settled"),
    (tasked, v.HEAD, FINISH, "not_your_task"),
    (v.closed, v.LEADER, CLOSE, "incident_closed"),
    (ready_within, v.DEPUTY, CLOSE, "only_head_closes"),
    (v.ready, v.SECOND, CLOSE, "only_department_head_closes"),
    (v.reported, v.LEADER, CLOSE, "not_ready_to_close"),
    (v.ready, v.LEADER, a.CloseIncident(opinion=Prose(" ")), "opinion_needed"),
    (v.ready, v.LEADER, REOPEN, "still_open"),
    (v.closed, v.REPORTER, REOPEN, "only_department_reopens"),
    (v.closed, v.LEADER, a.ReopenIncident(reason=SHORT), "reason_needed"),
]


@pytest.mark.parametrize(("stage", "actor", "action", "key"), REFUSALS)
def test_what_the_rules_of_step_four_refuse(
    stage: Callable[[], Walk], actor: int, action: a.Action, key: str
) -> None:
    refused = v.refusal(stage(), actor, action)
    assert refused is not None and refused.key == key


def test_the_result_goes_through_the_department_to_the_committees_office() -> None:
    walk = v.spoken()
    decision = walk.does(v.HEAD, v.result())
    assert v.told(decision) == {"result_reported": (v.LEADER, v.SECRETARY)}
    assert [one.id for one in walk.incident.proposals] == [1]


def test_within_authority_the_result_goes_to_the_units_own_head() -> None:
    walk = said_within()
    walk.does(v.HEAD, v.result(), after=v.HOUR)
    walk = v.within()
    walk.does(v.HEAD, v.conclusion(spokesperson=v.DEPUTY))
    walk.draft()
    walk.approve(by=v.HEAD)
    walk.speak(by=v.DEPUTY)
    assert v.told(walk.does(v.DEPUTY, v.result())) == {"result_reported": (v.HEAD,)}


def test_an_accepted_proposal_becomes_a_task_with_an_owner() -> None:
    walk = v.reported()
    assert v.told(walk.does(v.LEADER, ACCEPT)) == {"task_set": (v.EXPERT,)}
    task = walk.incident.tasks[0]
    assert (task.what, task.owner, task.due) == ("Watch the bank", v.EXPERT, LATER)
    assert walk.incident.proposals[0].task == task.id


def test_a_declined_proposal_keeps_the_reason() -> None:
    assert v.ready().incident.proposals[0].reason == v.REASON


def test_a_finished_task_is_told_to_whoever_set_it() -> None:
    walk = v.concluded().all([(v.LEADER, TASK)])
    assert v.told(walk.does(v.EXPERT, FINISH)) == {"task_done": (v.DUTY, v.LEADER)}


def test_a_second_statement_asks_for_a_second_result_report() -> None:
    walk = v.ready()
    walk.draft("The road is open again.")
    walk.approve(by=v.LEADER)
    walk.speak()
    assert missing_for_closing(walk.incident) == ("result",)


def test_the_departments_head_closes_with_the_committees_opinion() -> None:
    walk = v.ready()
    decision = walk.does(v.LEADER, CLOSE)
    assert walk.incident.closed_by == v.LEADER
    told = v.told(decision)["incident_ended"]
    assert v.HEAD in told and v.LEADER not in told and v.MEMBER not in told


def test_within_authority_the_units_head_closes() -> None:
    walk = ready_within()
    walk.does(v.HEAD, CLOSE)
    assert walk.incident.closed_at


def test_reopening_keeps_everything() -> None:
    walk = v.closed()
    before = walk.incident
    walk.does(v.HEAD, REOPEN)
    assert walk.incident.closed_at is None and walk.incident.result == before.result


def test_a_direction_that_a_second_member_has_not_confirmed_bars_the_end() -> None:
    walk = v.received()
    walk.does(v.SECRETARY, v.direction(walk, member=v.MEMBER_TOO))
    walk.does(v.MEMBER, v.direction(walk))
    walk.all([(v.LEADER, a.WaiveMeeting(reason=v.REASON)), (v.LEADER, v.conclusion())])
    walk.draft()
    walk.approve(by=v.SECOND)
    walk.speak()
    walk.all([(v.HEAD, v.result()), (v.LEADER, DECLINE)])
    assert missing_for_closing(walk.incident) == ("direction_confirmation",)
    walk.does(v.MEMBER_TOO, a.ConfirmDirection(direction=1))
    walk.does(v.LEADER, CLOSE)


def test_an_incident_that_went_beyond_after_the_unit_spoke_owes_step_two_before_the_end() -> None:
    walk = ready_within()
    walk.does(v.HEAD, a.DecideAuthority(beyond=True, reason=v.REASON))
    assert missing_for_closing(walk.incident) == ("report", "direction", "conclusion")
    v.complete(walk).does(v.HEAD, a.SubmitReport(through=v.DEPARTMENT, to=v.COMMITTEE))
    refused = v.refusal(walk, v.LEADER, CLOSE)
    assert refused is not None and refused.facts["missing"] == ("direction", "conclusion")
    walk.does(v.MEMBER, v.direction(walk))
    walk.does(v.LEADER, a.WaiveMeeting(reason=v.REASON))
    walk.does(v.LEADER, v.conclusion())
    walk.does(v.LEADER, CLOSE)
