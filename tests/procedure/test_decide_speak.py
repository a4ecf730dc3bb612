"""Step 3, rule by rule: one spokesperson, one text, the press."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from procedure import actions as a
from procedure.arrangements import Absence
from procedure.codec import Prose
from procedure.entries import text_hash
from procedure.words import Role, StatementForm
from tests.procedure import village as v
from tests.procedure.village import Walk

SHORT = Prose("no")
OFFICIAL = a.DraftStatement(text=v.WORDS, holding=False)
HOLDING = a.DraftStatement(text=v.WORDS, holding=True)
AGREE = a.AgreeStatement(statement=1)
APPROVE = a.ApproveStatement(statement=1, sha256=text_hash(v.WORDS))
RETURN = a.ReturnStatement(statement=1, reason=v.REASON)
SPEAK = v.speaking(1, v.START)
ENQUIRY = a.RecordEnquiry(outlet=v.WORDS, question=v.WORDS)
ANSWER = a.AnswerEnquiry(enquiry=1, answer=v.WORDS)


def name(
    person: int, expected: int | None = v.HEAD, reason: str = v.REASON
) -> a.AssignSpokesperson:
    return a.AssignSpokesperson(
        person=person, expected=expected, by_authority=v.REASON, reason=Prose(reason)
    )


def keep(person: int, expected: int | None = v.EXPERT) -> a.AssignFocalPoint:
    return a.AssignFocalPoint(
        person=person, expected=expected, by_authority=v.REASON, reason=v.REASON
    )


def handed() -> Walk:
    return v.concluded().all([(v.LEADER, name(v.EXPERT))])


def led_by_the_speaker() -> Walk:
    """The department's head himself speaks, and has handed over."""
    walk = v.met()
    walk.does(v.LEADER, v.conclusion(spokesperson=v.SECOND))
    walk.does(v.LEADER, name(v.HEAD, v.SECOND))
    return walk


def awaiting() -> Walk:
    walk = v.concluded()
    walk.draft()
    return walk


def holding() -> Walk:
    walk = v.submitted()
    walk.draft(holding=True)
    return walk


def agreed() -> Walk:
    return holding().all([(v.HEAD, AGREE)])


def own_holding() -> Walk:
    walk = v.within()
    walk.draft(holding=True, by=v.HEAD)
    return walk


def within_awaiting() -> Walk:
    walk = v.settled_within()
    walk.draft()
    return walk


def lost_direction() -> Walk:
    """A text was drafted, then the unit's own incident went beyond its authority."""
    walk = within_awaiting()
    walk.does(v.HEAD, a.DecideAuthority(beyond=True, reason=v.REASON))
    return walk


def handed_over() -> Walk:
    walk = v.approved()
    given = {"by_authority": v.REASON, "reason": v.REASON}
    walk.does(v.LEADER, a.AssignSpokesperson(person=v.EXPERT, expected=v.HEAD, **given))
    return walk


def lost_after_approval() -> Walk:
    walk = within_awaiting()
    walk.approve(by=v.HEAD)
    walk.does(v.HEAD, a.DecideAuthority(beyond=True, reason=v.REASON))
    return walk


def enquired() -> Walk:
    return v.concluded().all([(v.WATCH, ENQUIRY)])


def answered() -> Walk:
    return enquired().all([(v.HEAD, ANSWER)])


def expert_away() -> Walk:
    """The expert is away; whoever acts for him does not matter."""
    walk = v.concluded()
    away = Absence(
        id=1, person=v.EXPERT, stand_in=v.LEADER, since=v.START, until=v.START + 9 * v.DAY,
        accepted_at=v.START,
    )  # fmt: skip
    walk.organisation = replace(walk.organisation, absences=(away,)).at(walk.now, v.ZONE)
    return walk


def post_ended() -> Walk:
    """The spokesperson's post was ended after his text was approved."""
    walk = v.approved()
    kept = tuple(one for one in walk.organisation.holdings if one.person != v.HEAD)
    walk.organisation = replace(walk.organisation, holdings=kept)
    return walk


Said = a.Action | Callable[[Walk], a.Action]
REFUSALS: list[tuple[Callable[[], Walk], int, Said, str]] = [
    (v.closed, v.LEADER, name(v.EXPERT), "incident_closed"),
    (v.concluded, v.LEADER, name(v.EXPERT, None), "spokesperson_moved"),
    (handed, v.LEADER, name(v.DEPUTY), "spokesperson_moved"),
    (v.within, v.DUTY, name(v.HEAD, None), "only_head_manages"),
    (v.beyond, v.LEADER, name(v.HEAD, None), "not_sent_up"),
    (v.drafted, v.LEADER, name(v.HEAD, None), "conclude_first"),
    (v.concluded, v.REPORTER, name(v.EXPERT), "only_department_assigns"),
    (v.settled_within, v.HEAD, name(v.DEPUTY), "speaker_hands_himself"),
    (led_by_the_speaker, v.SECOND, name(v.SECOND), "speaker_takes_back"),
    (led_by_the_speaker, v.SECOND, SPEAK, "speech_handed_over"),
    (v.concluded, v.LEADER, name(v.HEAD), "spokesperson_stands"),
    (v.concluded, v.LEADER, name(v.OUTSIDER), "not_fit_to_speak"),
    (v.concluded, v.LEADER, name(v.JOURNALIST), "press_in_room"),
    (expert_away, v.LEADER, name(v.EXPERT), "speaker_is_away"),
    (post_ended, v.HEAD, SPEAK, "speaking_right_over"),
    (v.concluded, v.LEADER, keep(v.JOURNALIST), "press_in_room"),
    (v.concluded, v.LEADER, name(v.STRANGER), "unknown_person"),
    (v.concluded, v.LEADER, name(v.EXPERT, reason="no"), "reason_needed"),
    (v.concluded, v.LEADER, keep(v.HEAD, None), "focal_point_moved"),
    (v.concluded, v.LEADER, keep(v.EXPERT), "focal_point_stands"),
    (v.concluded, v.LEADER, keep(v.STRANGER), "unknown_person"),
    (v.concluded, v.OUTSIDER, OFFICIAL, "not_in_incident"),
    (v.concluded, v.JOURNALIST, OFFICIAL, "press_reports_elsewhere"),
    (v.met, v.REPORTER, OFFICIAL, "gates_shut"),
    (v.concluded, v.REPORTER, HOLDING, "holding_is_over"),
    (lost_direction, v.REPORTER, HOLDING, "holding_is_over"),
    (v.concluded, v.REPORTER, a.DraftStatement(text=SHORT[:0], holding=False), "statement_blank"),
    (v.submitted, v.HEAD, AGREE, "statement_moved_on"),
    (agreed, v.HEAD, AGREE, "statement_moved_on"),
    (awaiting, v.HEAD, AGREE, "approve_instead"),
    (holding, v.DUTY, AGREE, "only_head_agrees"),
    (own_holding, v.HEAD, AGREE, "author_approves"),
    (v.concluded, v.LEADER, APPROVE, "statement_moved_on"),
    (
        awaiting,
        v.LEADER,
        a.ApproveStatement(statement=1, sha256="0" * 64),
        "statement_moved_on",
    ),
    (awaiting, v.DUTY, APPROVE, "only_leader_approves"),
    (within_awaiting, v.LEADER, APPROVE, "only_head_approves"),
    (agreed, v.HEAD, APPROVE, "only_department_approves"),
    (holding, v.DUTY, APPROVE, "head_agrees_first"),
    (lost_direction, v.LEADER, APPROVE, "gates_shut"),
    (v.concluded, v.LEADER, RETURN, "statement_moved_on"),
    (awaiting, v.HEAD, RETURN, "only_leader_approves"),
    (awaiting, v.LEADER, a.ReturnStatement(statement=1, reason=SHORT), "reason_needed"),
    (v.closed, v.HEAD, SPEAK, "incident_closed"),
    (v.approved, v.LEADER, SPEAK, "only_spokesperson"),
    (handed_over, v.HEAD, SPEAK, "speech_handed_over"),
    (awaiting, v.HEAD, SPEAK, "statement_moved_on"),
    (v.approved, v.HEAD, v.speaking(1, v.START + v.DAY), "time_ahead"),
    (v.approved, v.HEAD, v.speaking(1, v.START), "spoken_before_approval"),
    (lost_after_approval, v.HEAD, lambda walk: v.speaking(1, walk.now), "gates_shut"),
    (v.concluded, v.OUTSIDER, ENQUIRY, "not_in_incident"),
    (v.concluded, v.HEAD, ANSWER, "enquiry_settled"),
    (answered, v.HEAD, ANSWER, "enquiry_settled"),
    (enquired, v.WATCH, ANSWER, "only_spokesperson"),
]


@pytest.mark.parametrize(("stage", "actor", "said", "key"), REFUSALS)
def test_what_the_rules_of_step_three_refuse(
    stage: Callable[[], Walk], actor: int, said: Said, key: str
) -> None:
    assert v.refused_by(stage(), actor, said) == key


def test_the_author_is_told_who_may_approve_in_his_place() -> None:
    walk = v.concluded()
    walk.draft(by=v.LEADER)
    refused = v.refusal(walk, v.LEADER, APPROVE)
    assert refused is not None and refused.key == "author_approves"
    assert refused.facts["who"] == v.SECOND
    walk.approve(by=v.SECOND)


def test_a_text_of_the_head_is_approved_by_his_deputy_or_the_party_secretary() -> None:
    walk = v.settled_within()
    walk.draft(by=v.HEAD)
    refused = v.refusal(walk, v.HEAD, APPROVE)
    assert refused is not None and refused.facts["who"] == v.DEPUTY
    walk.approve(by=v.PARTY_HEAD)


def test_of_two_edits_made_on_one_screen_the_second_is_outdated() -> None:
    walk = v.concluded()
    first, second = name(v.EXPERT), name(v.DEPUTY)
    walk.does(v.LEADER, first)
    refused = v.refusal(walk, v.SECOND, second)
    assert refused is not None and refused.key == "spokesperson_moved"
    assert refused.facts["person"] == v.EXPERT
    assert walk.incident.spokesperson is not None
    assert walk.incident.spokesperson.person == v.EXPERT


def test_a_hand_over_is_told_to_the_old_speaker_and_to_everyone_else() -> None:
    walk = v.approved()
    decision = walk.does(v.LEADER, name(v.EXPERT))
    told = v.told(decision)
    assert told["spokesperson_replaced"] == (v.HEAD,)
    assert told["spokesperson_assigned"] == (v.EXPERT,)
    assert not {v.HEAD, v.EXPERT, v.LEADER, v.MEMBER} & set(told["redirect_line"])
    assert walk.incident.approved_statement is None, "the old speaker's text is locked"
    assert walk.incident.former_spokespersons[0].ended_at == walk.now


def test_the_focal_point_moves_and_the_old_one_hears() -> None:
    walk = v.concluded()
    decision = walk.does(v.LEADER, keep(v.OUTSIDER))
    assert v.told(decision) == {
        "focal_point_assigned": (v.OUTSIDER,),
        "focal_point_replaced": (v.EXPERT,),
    }


def test_an_official_text_goes_to_the_leader_and_a_holding_one_to_the_head() -> None:
    walk = v.concluded()
    assert v.told(walk.does(v.REPORTER, OFFICIAL)) == {"statement_to_approve": (v.LEADER,)}
    walk = v.submitted()
    assert v.told(walk.does(v.REPORTER, HOLDING)) == {"statement_to_agree": (v.HEAD,)}


def test_a_holding_text_is_released_by_the_head_then_agreed_by_the_duty_officer() -> None:
    walk = holding()
    assert v.told(walk.does(v.HEAD, AGREE)) == {"holding_to_approve": (v.DUTY,)}
    walk.approve(by=v.DUTY)
    walk.speak()
    assert walk.incident.spoken[0].holding and walk.incident.official is None


def test_within_authority_the_heads_release_of_a_holding_text_is_its_approval() -> None:
    walk = v.within()
    walk.draft(holding=True)
    walk.does(v.HEAD, AGREE)
    assert walk.incident.statements[0].approved_by == v.HEAD


def test_an_approved_text_is_the_speakers_to_give_byte_for_byte() -> None:
    walk = awaiting()
    assert v.told(walk.does(v.LEADER, APPROVE)) == {"statement_approved": (v.HEAD,)}
    text = walk.incident.statements[0]
    assert text.sha256 == text_hash(v.WORDS) and text.text == v.WORDS
    decision = walk.does(v.HEAD, v.speaking(1, walk.now))
    assert v.HEAD not in v.told(decision)["statement_in_force"]
    assert walk.incident.official is not None
    assert walk.incident.official.form is StatementForm.PORTAL


def test_a_returned_text_goes_back_to_its_author_with_the_reason() -> None:
    walk = awaiting()
    assert v.told(walk.does(v.LEADER, RETURN)) == {"statement_returned": (v.REPORTER,)}
    assert walk.incident.pending_statement is None


def test_a_correction_is_a_new_version_and_the_old_one_is_no_longer_in_force() -> None:
    walk = v.approved()
    version = walk.draft("Eight households were moved.")
    walk.approve(by=v.LEADER)
    text = walk.incident.approved_statement
    assert version == 2 and text is not None and text.version == 2
    assert walk.incident.statements[0].void


def test_an_enquiry_lands_with_the_spokesperson_alone() -> None:
    walk = v.concluded()
    assert v.told(walk.does(v.WATCH, ENQUIRY)) == {"enquiry_arrived": (v.HEAD,)}
    walk.does(v.HEAD, ANSWER)
    assert walk.incident.enquiries[0].answer == v.WORDS


def test_before_step_two_the_units_standing_spokesperson_answers_the_press() -> None:
    walk = v.opened().all([(v.REPORTER, ENQUIRY), (v.HEAD, ANSWER)])
    assert walk.incident.enquiries[0].answered_at


def test_without_a_duty_officer_the_leader_agrees_to_the_holding_text() -> None:
    walk = holding()
    walk.organisation = v.without((v.DUTY, Role.ON_DUTY))
    assert v.told(walk.does(v.HEAD, AGREE)) == {"holding_to_approve": (v.LEADER,)}
