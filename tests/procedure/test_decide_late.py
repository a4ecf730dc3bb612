"""More time, help, "not mine", work handed on, decisions by telephone: rule by rule."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from procedure import actions as a
from procedure.codec import Prose
from procedure.obligations import find
from procedure.policy import Policy
from procedure.words import Role
from tests.procedure import village as v
from tests.procedure.village import Walk

NOTHING = Prose("")
ORDER, TASK = "O5:1", "task:1"


def ordered() -> Walk:
    """The outsider, of another unit, is to verify."""
    walk = v.directed()
    walk.does(v.HEAD, a.OrderVerification(people=(v.OUTSIDER,), units=(v.AGENCY,), what=v.WORDS))
    return walk


def tasked() -> Walk:
    """The duty officer has given the outsider a task; he has received it."""
    walk = v.concluded()
    walk.does(v.DUTY, a.SetTask(what=v.WORDS, owner=v.OUTSIDER, due=walk.now + 4 * v.HOUR))
    return walk


def extended() -> Walk:
    return ordered().all([(v.OUTSIDER, a.ExtendDuty(duty=ORDER, minutes=30))])


def wished() -> Walk:
    return extended().all([(v.OUTSIDER, a.AskMoreTime(duty=ORDER, minutes=30))])


def disowned() -> Walk:
    return ordered().all([(v.OUTSIDER, not_mine(v.WATCH))])


def offered() -> Walk:
    return ordered().all([(v.OUTSIDER, offer(v.WATCH))])


def phoned(**fields: Any) -> Walk:
    walk = v.submitted()
    walk.does(v.REPORTER, said(walk, **fields))
    return walk


def confirmed() -> Walk:
    return phoned().all([(v.HEAD, a.ConfirmPhoneDecision(decision=1))])


def not_mine(whose: int | None, text: str = "", duty: str = ORDER) -> a.SayNotMine:
    return a.SayNotMine(duty=duty, whose=whose, text=Prose(text))


def offer(to: int, duty: str = ORDER) -> a.OfferTask:
    return a.OfferTask(duty=duty, to=to)


def give(to: int, expected: int = v.OUTSIDER, duty: str = ORDER) -> a.ReassignDuty:
    return a.ReassignDuty(duty=duty, to=to, expected=expected)


def said(walk: Walk, **fields: Any) -> a.RecordPhoneDecision:
    usual: dict[str, Any] = {"decider": v.HEAD, "heard_by": v.DEPUTY, "words": v.WORDS}
    return a.RecordPhoneDecision(**usual | {"at": walk.now} | fields)


MORE, LATER = a.AskMoreTime(duty=ORDER, minutes=30), a.DeclineMoreTime(duty=ORDER)
SEEN = a.SeeHelp(duty=ORDER, asker=v.OUTSIDER)
KEEP, ACCEPT = a.KeepWithOwner(duty=ORDER), a.AcceptOffer(duty=ORDER)
DECLINE, WITHDRAW = a.DeclineOffer(duty=ORDER), a.WithdrawOffer(duty=ORDER)
MINE, MINE_NOT = (
    a.ConfirmPhoneDecision(decision=1),
    a.CorrectPhoneDecision(decision=1, words=v.REASON),
)
Action = a.Action | Callable[[Walk], a.Action]

REFUSALS: list[tuple[Callable[[], Walk], int, Action, str]] = [
    (v.submitted, v.OUTSIDER, MORE, "duty_met"),
    (v.submitted, v.HEAD, a.AskMoreTime(duty="O14", minutes=30), "legal_clock"),
    (ordered, v.EXPERT, MORE, "not_your_duty"),
    (ordered, v.OUTSIDER, a.AskMoreTime(duty=ORDER, minutes=0), "minutes_needed"),
    (wished, v.OUTSIDER, MORE, "wish_waits"),
    (v.within, v.HEAD, a.AskMoreTime(duty="O12", minutes=30), "nobody_above"),
    (v.within, v.HEAD, a.AskHelp(duty="O12", need="people"), "nobody_above"),
    (v.within, v.HEAD, not_mine(v.DEPUTY, duty="O12"), "nobody_above"),
    (extended, v.OUTSIDER, a.ExtendDuty(duty=ORDER, minutes=30), "head_extends"),
    (extended, v.DUTY, a.ExtendDuty(duty=ORDER, minutes=30), "not_your_duty"),
    (extended, v.EXPERT, LATER, "wish_settled"),
    (wished, v.DUTY, LATER, "another_decides"),
    (ordered, v.HEAD, SEEN, "another_decides"),
    (ordered, v.EXPERT, a.SeeHelp(duty=ORDER, asker=v.HEAD), "duty_met"),
    (lambda: ordered().all([(v.EXPERT, SEEN)]), v.EXPERT, SEEN, "answer_stands"),
    (ordered, v.OUTSIDER, not_mine(None, "  "), "whose_needed"),
    (ordered, v.OUTSIDER, not_mine(v.STRANGER), "unknown_person"),
    (ordered, v.OUTSIDER, not_mine(v.JOURNALIST), "press_in_room"),
    (ordered, v.OUTSIDER, not_mine(v.OUTSIDER), "somebody_else"),
    (disowned, v.OUTSIDER, not_mine(v.DEPUTY), "not_mine_waits"),
    (ordered, v.EXPERT, KEEP, "not_mine_settled"),
    (disowned, v.OUTSIDER, KEEP, "another_decides"),
    (ordered, v.HEAD, give(v.WATCH, expected=v.WATCH), "owner_moved"),
    (ordered, v.HEAD, give(v.OUTSIDER), "owner_stands"),
    (ordered, v.HEAD, give(v.JOURNALIST), "press_in_room"),
    (ordered, v.HEAD, give(v.STRANGER), "unknown_person"),
    (ordered, v.EXPERT, give(v.WATCH), "giver_moves_work"),
    (ordered, v.WATCH, give(v.WATCH), "giver_moves_work"),
    (tasked, v.HEAD, give(v.WATCH, duty=TASK), "giver_moves_work"),
    (ordered, v.HEAD, give(v.DEPUTY, v.HEAD, "O14"), "speech_by_form"),
    (
        lambda: v.concluded().all([(v.REPORTER, a.LogClaim(text=v.WORDS))]),
        v.LEADER,
        give(v.DEPUTY, v.EXPERT, "O16_check:1"),
        "facts_by_form",
    ),
    (v.beyond, v.DUTY, give(v.DEPUTY, v.HEAD, "O2"), "post_keeps_duty"),
    (v.beyond, v.HEAD, offer(v.DEPUTY, "O2"), "post_keeps_duty"),
    (ordered, v.EXPERT, offer(v.WATCH), "not_your_duty"),
    (ordered, v.OUTSIDER, offer(v.OUTSIDER), "somebody_else"),
    (ordered, v.OUTSIDER, offer(v.JOURNALIST), "press_in_room"),
    (offered, v.OUTSIDER, offer(v.WATCH), "offer_waits"),
    (ordered, v.WATCH, ACCEPT, "offer_gone"),
    (ordered, v.WATCH, DECLINE, "offer_gone"),
    (ordered, v.OUTSIDER, WITHDRAW, "offer_gone"),
    (offered, v.DEPUTY, ACCEPT, "offer_to_another"),
    (offered, v.DEPUTY, DECLINE, "offer_to_another"),
    (offered, v.DEPUTY, WITHDRAW, "not_your_duty"),
    (v.closed, v.REPORTER, said, "incident_closed"),
    (v.submitted, v.OUTSIDER, said, "not_in_incident"),
    (v.submitted, v.JOURNALIST, said, "press_reports_elsewhere"),
    (v.submitted, v.REPORTER, lambda w: said(w, decider=v.STRANGER), "unknown_person"),
    (v.submitted, v.REPORTER, lambda w: said(w, heard_by=v.JOURNALIST), "press_in_room"),
    (v.submitted, v.HEAD, said, "decides_himself"),
    (v.submitted, v.REPORTER, lambda w: said(w, heard_by=v.HEAD), "decides_himself"),
    (v.submitted, v.REPORTER, lambda w: said(w, at=w.now + v.DAY), "time_ahead"),
    (v.submitted, v.REPORTER, lambda w: said(w, words=NOTHING), "words_of_decision"),
    (v.submitted, v.REPORTER, lambda w: said(w, about="O2"), "duty_met"),
    (v.received, v.SECRETARY, lambda w: said(w, decider=v.MEMBER), "not_in_incident"),
    (v.received, v.DUTY, lambda w: said(w, decider=v.MEMBER), "direction_by_form"),
    (v.received, v.DUTY, lambda w: said(w, about="O8"), "direction_by_form"),
    (v.concluded, v.REPORTER, lambda w: said(w, about="speaker"), "speaker_by_form"),
    (
        lambda: v.concluded().all([(v.REPORTER, a.DraftStatement(text=v.WORDS, holding=False))]),
        v.REPORTER,
        lambda w: said(w, decider=v.LEADER, about="O14b:1"),
        "approval_by_hand",
    ),
    (v.submitted, v.HEAD, MINE, "phone_decision_settled"),
    (confirmed, v.HEAD, MINE_NOT, "phone_decision_settled"),
    (phoned, v.DEPUTY, MINE, "only_who_decided"),
    (
        phoned,
        v.HEAD,
        a.CorrectPhoneDecision(decision=1, words=NOTHING),
        "words_of_decision",
    ),
]


@pytest.mark.parametrize(("stage", "actor", "action", "key"), REFUSALS)
def test_what_the_rules_of_the_late_and_the_absent_refuse(
    stage: Callable[[], Walk], actor: int, action: Action, key: str
) -> None:
    walk = stage()
    asked = action if isinstance(action, a.Action) else action(walk)
    refused = v.refusal(walk, actor, asked)
    assert refused is not None and refused.key == key


# More time


@pytest.mark.parametrize(("share", "most"), [(50, 120), (25, 60), (100, 240)])
def test_an_owners_own_share_is_the_policys(
    share: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = v.POLICY_FILE.read_text(encoding="utf-8")
    policy = Policy.read(text.replace("extension_share = 50", f"extension_share = {share}"))
    monkeypatch.setattr(v, "TERMS", replace(v.TERMS, policy=policy))
    walk = ordered()
    refused = v.refusal(walk, v.OUTSIDER, a.ExtendDuty(duty=ORDER, minutes=most + 1))
    assert refused is not None and refused.facts["minutes"] == most
    walk.does(v.OUTSIDER, a.ExtendDuty(duty=ORDER, minutes=most))


def test_a_wish_moves_nothing_until_the_head_grants_it() -> None:
    walk = extended()
    before = find(walk.incident, v.TERMS, ORDER)
    decision = walk.does(v.OUTSIDER, MORE)
    assert v.told(decision) == {"more_time_asked": (v.EXPERT, v.DUTY)}
    assert find(walk.incident, v.TERMS, ORDER) == before
    decision = walk.does(v.EXPERT, a.ExtendDuty(duty=ORDER, minutes=30))
    after = find(walk.incident, v.TERMS, ORDER)
    assert before and after and after.due - before.due == 30 * v.MINUTE
    assert v.told(decision) == {"time_granted": (v.OUTSIDER, v.DUTY)}
    assert not walk.incident.time_wishes


def test_a_wish_that_is_declined_leaves_the_clock_as_it_was() -> None:
    walk = wished()
    before = find(walk.incident, v.TERMS, ORDER)
    assert v.told(walk.does(v.EXPERT, LATER)) == {"more_time_declined": (v.OUTSIDER, v.DUTY)}
    assert find(walk.incident, v.TERMS, ORDER) == before
    walk.does(v.OUTSIDER, MORE)


def test_for_a_head_the_duty_officer_decides_and_only_what_he_was_asked() -> None:
    walk = v.beyond()
    assert v.refusal(walk, v.DUTY, a.ExtendDuty(duty="O2", minutes=15)) is not None
    walk.does(v.HEAD, a.ExtendDuty(duty="O2", minutes=15))
    decision = walk.does(v.HEAD, a.AskMoreTime(duty="O2", minutes=15))
    assert v.told(decision) == {"more_time_asked": (v.DUTY,)}
    walk.does(v.DUTY, a.ExtendDuty(duty="O2", minutes=15))
    assert len(walk.incident.extensions["O2"]) == 2


def test_where_nobody_stands_above_a_head_he_decides_himself() -> None:
    walk = v.within()
    walk.all([(v.HEAD, a.ExtendDuty(duty="O12", minutes=5))] * 2)
    assert len(walk.incident.extensions["O12"]) == 2


def test_the_department_head_asks_the_duty_officer_and_he_asks_her() -> None:
    walk = v.met()
    decision = walk.does(v.DUTY, a.AskMoreTime(duty="O12", minutes=30))
    assert v.told(decision)["more_time_asked"] == (v.LEADER,)
    walk = v.concluded()
    walk.draft()
    decision = walk.does(v.LEADER, a.AskMoreTime(duty="O14b:1", minutes=30))
    assert v.told(decision)["more_time_asked"] == (v.DUTY,)


# Help


def test_who_asked_for_help_hears_that_it_is_seen() -> None:
    walk = ordered()
    decision = walk.does(v.OUTSIDER, a.AskHelp(duty=ORDER, need="people", text=v.WORDS))
    assert v.told(decision) == {"help_asked": (v.EXPERT, v.DUTY)}
    for one in (v.EXPERT, v.DUTY):
        assert v.told(walk.does(one, SEEN)) == {"help_seen": (v.OUTSIDER,)}


def test_what_is_said_to_be_anothers_stays_until_somebody_above_decides() -> None:
    walk = ordered()
    decision = walk.does(v.OUTSIDER, not_mine(None, "U5"))
    assert v.told(decision) == {"not_mine_said": (v.EXPERT, v.DUTY)}
    assert walk.incident.orders[0].person == v.OUTSIDER
    assert v.told(walk.does(v.EXPERT, KEEP)) == {"duty_kept": (v.OUTSIDER, v.DUTY)}
    assert not walk.incident.not_mine


def test_given_to_another_it_is_his_with_the_same_time_and_a_receipt_of_his_own() -> None:
    walk = disowned()
    before = find(walk.incident, v.TERMS, ORDER)
    walk.does(v.OUTSIDER, a.AcknowledgeDuty(duty=ORDER, working=True))
    decision = walk.does(v.DUTY, give(v.WATCH))
    assert v.told(decision) == {
        "verification_ordered": (v.WATCH,),
        "handed_on": (v.OUTSIDER, v.HEAD),
    }
    after, receipt = (find(walk.incident, v.TERMS, key) for key in (ORDER, "O1:order:1:14"))
    assert before and after and (after.start, after.due) == (before.start, before.due)
    assert after.owner.person == v.WATCH and receipt and receipt.start == walk.now
    assert ORDER not in walk.incident.working and not walk.incident.not_mine
    assert walk.incident.orders[0].unit == v.COMMUNE


def test_a_head_may_give_to_another_of_his_own_people() -> None:
    walk = tasked()
    walk.does(v.EXPERT, give(v.EXPERT, duty=TASK))
    assert walk.incident.tasks[0].owner == v.EXPERT


# Handing on


def test_the_owner_stays_the_owner_until_the_other_accepts() -> None:
    walk = tasked()
    before = find(walk.incident, v.TERMS, TASK)
    assert v.told(walk.does(v.OUTSIDER, offer(v.WATCH, TASK))) == {"task_offered": (v.WATCH,)}
    assert find(walk.incident, v.TERMS, TASK) == before
    assert v.WATCH in walk.incident.members
    decision = walk.does(v.WATCH, a.AcceptOffer(duty=TASK))
    assert v.told(decision) == {"handed_on": (v.OUTSIDER, v.DUTY)}
    assert walk.incident.tasks[0].owner == v.WATCH and not walk.incident.offers
    assert find(walk.incident, v.TERMS, "O1:task:1:14") is None, "he has just said so"
    walk.does(v.WATCH, a.FinishTask(task=1, note=v.WORDS))


def test_a_second_offer_replaces_the_first_and_the_first_is_told() -> None:
    walk = offered()
    decision = walk.does(v.OUTSIDER, offer(v.DEPUTY))
    assert v.told(decision) == {"task_offered": (v.DEPUTY,), "offer_withdrawn": (v.WATCH,)}
    refused = v.refusal(walk, v.WATCH, ACCEPT)
    assert refused is not None and refused.key == "offer_to_another"


def test_a_declined_or_withdrawn_offer_leaves_everything() -> None:
    for actor, action, told in (
        (v.WATCH, a.DeclineOffer(duty=ORDER, reason=v.REASON), {"offer_declined": (v.OUTSIDER,)}),
        (v.OUTSIDER, WITHDRAW, {"offer_withdrawn": (v.WATCH,)}),
    ):
        walk = offered()
        assert v.told(walk.does(actor, action)) == told
        assert walk.incident.orders[0].person == v.OUTSIDER and not walk.incident.offers


def test_an_offer_is_over_when_the_work_is_done_or_has_gone_elsewhere() -> None:
    walk = offered().all([(v.OUTSIDER, a.ReportVerification(order=1, result=v.WORDS))])
    refused = v.refusal(walk, v.WATCH, ACCEPT)
    assert refused is not None and refused.key == "duty_met"
    walk = offered().all([(v.DUTY, give(v.DEPUTY))])
    refused = v.refusal(walk, v.WATCH, ACCEPT)
    assert refused is not None and refused.key == "offer_gone"


def test_the_lead_goes_with_the_order() -> None:
    walk = offered().all([(v.WATCH, ACCEPT), (v.REPORTER, a.LogClaim(text=v.WORDS))])
    duty = find(walk.incident, v.TERMS, "O16_check:1")
    assert duty is not None
    assert walk.incident.orders[0].lead and walk.incident.orders[0].person == v.WATCH
    walk.does(v.WATCH, a.ReportVerification(order=1, result=v.WORDS))


# Decisions by telephone


def test_a_decision_by_telephone_is_told_and_confirmed_once() -> None:
    walk = v.submitted()
    decision = walk.does(v.REPORTER, said(walk, about="O6"))
    assert v.told(decision) == {
        "phone_decision_to_confirm": (v.HEAD,),
        "phone_decision_recorded": (v.DEPUTY, v.DUTY),
    }
    walk.does(v.HEAD, MINE)
    assert walk.incident.phone_decisions[0].confirmed_at == walk.now


def test_his_own_words_stand_beside_those_written_down_and_all_hear_again() -> None:
    walk = phoned()
    decision = walk.does(v.HEAD, MINE_NOT)
    assert v.told(decision) == {"phone_decision_corrected": (v.REPORTER, v.DEPUTY, v.DUTY)}
    kept = walk.incident.phone_decisions[0]
    assert (kept.words, kept.corrected) == (v.WORDS, v.REASON)


def test_before_the_report_has_gone_up_the_province_hears_nothing_of_it() -> None:
    walk = v.beyond()
    decision = walk.does(v.REPORTER, said(walk, about="O2"))
    assert v.told(decision)["phone_decision_recorded"] == (v.DEPUTY,)


def test_a_record_does_nothing_of_what_it_tells() -> None:
    walk = v.beyond()
    before = walk.incident
    walk.does(v.REPORTER, said(walk, about="O2", words=Prose("The deputy sends it for me")))
    after = walk.incident
    assert after.submitted_at is None and after.spokesperson == before.spokesperson
    assert after.directions == () and find(after, v.TERMS, "O2") is not None


# One speaker, whoever is first


def test_the_second_of_two_hand_overs_is_told_who_by_whom_and_when() -> None:
    walk = v.concluded()
    why: dict[str, Any] = {"by_authority": v.REASON, "reason": v.REASON}
    walk.does(v.LEADER, a.AssignSpokesperson(person=v.EXPERT, expected=v.HEAD, **why))
    at = walk.now
    refused = v.refusal(
        walk, v.SECOND, a.AssignSpokesperson(person=v.DEPUTY, expected=v.HEAD, **why)
    )
    assert refused is not None and refused.key == "spokesperson_moved"
    assert refused.facts == {"person": v.EXPERT, "by": v.LEADER, "at": at}
    walk.does(v.LEADER, a.AssignFocalPoint(person=v.OUTSIDER, expected=v.EXPERT, **why))
    refused = v.refusal(
        walk, v.SECOND, a.AssignFocalPoint(person=v.DEPUTY, expected=v.EXPERT, **why)
    )
    assert refused is not None and refused.facts["by"] == v.LEADER


def test_without_a_duty_officer_a_lone_department_head_has_nobody_above() -> None:
    walk = v.concluded()
    walk.draft()
    walk.organisation = v.without((v.DUTY, Role.ON_DUTY), (v.SECOND, Role.DEPUTY))
    refused = v.refusal(walk, v.LEADER, a.AskMoreTime(duty="O14b:1", minutes=30))
    assert refused is not None and refused.key == "nobody_above"
