"""Step 2, rule by rule: brief, direction, conclusion."""

from collections.abc import Callable

import pytest

from procedure import actions as a
from procedure.codec import Prose
from procedure.facts import TaskDraft
from procedure.steps import step
from procedure.words import Step
from tests.procedure import village as v
from tests.procedure.village import Walk

SHORT = Prose("no")
BRIEF = a.SubmitBrief(
    summary=v.WORDS,
    timeline=(1, 2),
    forecast=v.WORDS,
    options=v.WORDS,
    proposals=v.WORDS,
    ask=v.WORDS,
)
WAIVE = a.WaiveDirection(reason=v.REASON, member=v.MEMBER, means="phone")
NO_MEETING = a.WaiveMeeting(reason=v.REASON)
CONFIRM = a.ConfirmConclusion()


def directs(**fields: object) -> Callable[[Walk], a.Action]:
    return lambda walk: v.direction(walk, **fields)  # type: ignore[arg-type]


def entered() -> Walk:
    walk = v.received()
    walk.does(v.SECRETARY, v.direction(walk))
    return walk


def corrected() -> Walk:
    walk = entered()
    walk.does(v.SECRETARY, v.direction(walk, corrects=1))
    return walk


Said = a.Action | Callable[[Walk], a.Action]
REFUSALS: list[tuple[Callable[[], Walk], int, Said, str]] = [
    (v.received, v.HEAD, BRIEF, "only_duty_officer"),
    (v.submitted, v.DUTY, BRIEF, "receive_first"),
    (
        v.received,
        v.DUTY,
        a.SubmitBrief(**{**vars(BRIEF), "timeline": (1, 99)}),
        "timeline_invented",
    ),
    (v.beyond, v.DUTY, BRIEF, "not_sent_up"),
    (v.within, v.DUTY, BRIEF, "kept_within"),
    (v.closed, v.DUTY, BRIEF, "incident_closed"),
    (v.received, v.MEMBER, directs(member=v.LEADER), "not_a_member"),
    (v.received, v.LEADER, directs(), "only_committee_directs"),
    (v.received, v.MEMBER_TOO, directs(), "only_committee_directs"),
    (v.received, v.MEMBER, directs(given_at=v.START + v.DAY), "time_ahead"),
    (v.received, v.MEMBER, directs(corrects=1), "direction_moved_on"),
    (corrected, v.MEMBER, directs(corrects=1), "direction_moved_on"),
    (v.received, v.MEMBER, a.ConfirmDirection(direction=1), "direction_moved_on"),
    (v.directed, v.MEMBER, a.ConfirmDirection(direction=1), "direction_moved_on"),
    (corrected, v.MEMBER, a.ConfirmDirection(direction=1), "direction_moved_on"),
    (entered, v.MEMBER_TOO, a.ConfirmDirection(direction=1), "only_the_member"),
    (entered, v.SECRETARY, a.ConfirmDirection(direction=1), "only_the_member"),
    (v.received, v.DUTY, WAIVE, "only_leader_waives"),
    (
        v.received,
        v.LEADER,
        a.WaiveDirection(reason=v.REASON, member=v.HEAD, means="phone"),
        "not_a_member",
    ),
    (
        v.received,
        v.LEADER,
        a.WaiveDirection(reason=SHORT, member=v.MEMBER, means="phone"),
        "reason_needed",
    ),
    (v.met, v.DUTY, v.conclusion(focal_point=v.JOURNALIST), "press_in_room"),
    (v.met, v.DUTY, v.conclusion(stand_in=v.JOURNALIST), "press_in_room"),
    (v.received, v.DUTY, NO_MEETING, "only_leader_waives"),
    (v.received, v.LEADER, a.WaiveMeeting(reason=SHORT), "reason_needed"),
    (v.closed, v.DUTY, v.conclusion(), "incident_closed"),
    (v.within, v.DUTY, v.conclusion(), "only_head_manages"),
    (v.met, v.HEAD, v.conclusion(), "only_duty_officer"),
    (v.directed, v.DUTY, v.conclusion(), "meeting_first"),
    (v.concluded, v.DUTY, v.conclusion(), "already_concluded"),
    (v.met, v.DUTY, v.conclusion(forms=()), "form_needed"),
    *(
        (v.met, v.DUTY, v.conclusion(**{item: Prose(" ")}), "conclusion_blank")
        for item in ("text", "analysis", "forecast", "chosen")
    ),
    *(
        (v.met, v.DUTY, v.conclusion(**{post: v.STRANGER}), "unknown_person")
        for post in ("spokesperson", "focal_point", "stand_in")
    ),
    (v.met, v.DUTY, v.conclusion(stand_in=v.HEAD), "stand_in_is_speaker"),
    (
        v.met,
        v.DUTY,
        v.conclusion(tasks=(TaskDraft(what=v.WORDS, owner=v.HEAD, due=v.START),)),
        "due_in_past",
    ),
    (
        v.met,
        v.DUTY,
        v.conclusion(tasks=(TaskDraft(what=v.WORDS, owner=v.STRANGER, due=v.START + v.DAY),)),
        "unknown_person",
    ),
    (v.met, v.LEADER, v.conclusion(spokesperson=v.OUTSIDER), "not_fit_to_speak"),
    (v.met, v.LEADER, CONFIRM, "already_concluded"),
    (v.concluded, v.LEADER, CONFIRM, "already_concluded"),
    (v.drafted, v.DUTY, CONFIRM, "only_chair_confirms"),
    (v.drafted, v.HEAD, CONFIRM, "only_chair_confirms"),
]


@pytest.mark.parametrize(("stage", "actor", "said", "key"), REFUSALS)
def test_what_the_rules_of_step_two_refuse(
    stage: Callable[[], Walk], actor: int, said: Said, key: str
) -> None:
    assert v.refused_by(stage(), actor, said) == key


def test_a_brief_goes_to_the_committees_office() -> None:
    walk = v.received()
    assert v.told(walk.does(v.DUTY, BRIEF)) == {"brief_submitted": (v.SECRETARY,)}


def test_a_member_directs_himself_and_nothing_is_left_to_confirm() -> None:
    walk = v.received()
    decision = walk.does(v.MEMBER, v.direction(walk))
    assert decision.authority == "committee" and walk.incident.directions[0].confirmed_at
    assert v.told(decision) == {"direction_given": (v.DUTY, v.LEADER, v.HEAD)}


def test_a_direction_entered_by_the_secretary_waits_for_the_members_own_tap() -> None:
    walk = v.received()
    decision = walk.does(v.SECRETARY, v.direction(walk))
    assert v.told(decision)["direction_to_confirm"] == (v.MEMBER,)
    assert walk.incident.directions[0].confirmed_at is None
    walk.does(v.MEMBER, a.ConfirmDirection(direction=1))
    assert walk.incident.directions[0].confirmed_at


def test_a_correction_is_a_new_direction_and_the_old_one_stays_to_be_read() -> None:
    walk = corrected()
    first, second = walk.incident.directions
    assert first.corrected_by == 2 and walk.incident.current_direction == second


def test_the_waived_direction_names_the_member_who_agreed() -> None:
    walk = v.received()
    decision = walk.does(v.SECOND, WAIVE)
    assert walk.incident.direction_waiver is not None
    assert walk.incident.direction_waiver.member == v.MEMBER
    assert v.told(decision) == {"direction_waived": (v.DUTY, v.SECRETARY)}


def test_the_leader_waives_the_meeting_with_a_reason() -> None:
    walk = v.received()
    assert v.told(walk.does(v.LEADER, NO_MEETING)) == {"meeting_waived": (v.DUTY,)}
    walk.does(v.LEADER, v.conclusion())
    assert walk.incident.conclusion is not None and walk.incident.conclusion.confirmed_at


def test_a_conclusion_drafted_by_the_duty_officer_waits_for_the_chair() -> None:
    walk = v.met()
    assert v.told(walk.does(v.DUTY, v.conclusion())) == {"conclusion_to_confirm": (v.LEADER,)}
    assert walk.incident.spokesperson is None
    walk.does(v.SECOND, CONFIRM)
    assert walk.incident.spokesperson is not None and walk.incident.spokesperson.person == v.HEAD


def test_a_confirmed_conclusion_names_speaker_and_focal_point_and_sets_its_tasks() -> None:
    walk = v.met()
    task = TaskDraft(what=v.WORDS, owner=v.OUTSIDER, due=walk.now + v.DAY, remedy=True)
    decision = walk.does(v.LEADER, v.conclusion(tasks=(task,)))
    assert walk.incident.focal_point is not None and walk.incident.tasks[0].remedy
    told = v.told(decision)
    assert told["spokesperson_assigned"] == (v.HEAD,) and told["task_set"] == (v.OUTSIDER,)
    assert v.MEMBER not in told["redirect_line"] and step(walk.incident) is Step.SPEAK


def test_a_direction_that_names_everything_serves_as_both() -> None:
    walk = v.received()
    walk.does(v.SECRETARY, v.direction(walk, names_everything=True))
    walk.does(v.DUTY, v.conclusion())
    assert step(walk.incident) is Step.SPEAK


@pytest.mark.parametrize("actor", [v.HEAD, v.DEPUTY, v.PARTY_HEAD])
def test_within_authority_the_heads_word_concludes(actor: int) -> None:
    walk = v.within()
    walk.does(actor, v.conclusion())
    assert step(walk.incident) is Step.SPEAK


def test_a_draft_of_the_department_may_be_confirmed_by_the_head_who_took_it_back() -> None:
    walk = v.drafted()
    refused = v.refusal(walk, v.HEAD, CONFIRM)
    assert refused is not None and refused.facts["who"] == v.LEADER
