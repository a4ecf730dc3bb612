"""Rings, receipts, extra time, help and calls, rule by rule."""

from collections.abc import Callable

import pytest

from procedure import actions as a
from procedure.obligations import find
from procedure.words import Role
from tests.procedure import village as v
from tests.procedure.village import Walk

RING = a.Ring(duty="O2", start=v.START, round=1, rung=2, level="head", people=(v.HEAD, v.DEPUTY))
AHEAD = a.RingAhead(duty="O2", start=v.START, round=1, ahead=3, person=v.HEAD)
MISSED = a.NoteUndelivered(duty="O2", person=v.HEAD)
SEEN = a.AcknowledgeDuty(duty="O2")
HELP = a.AskHelp(duty="O2", need="people")
CALL = a.RecordCall(duty="O2", to=v.HEAD, reached=True)


def longer(minutes: int, duty: str = "O2") -> a.ExtendDuty:
    return a.ExtendDuty(duty=duty, minutes=minutes)


def extended() -> Walk:
    return v.beyond().all([(v.HEAD, longer(10))])


def brief_extended() -> Walk:
    return v.received().all([(v.DUTY, longer(10, "O7"))])


REFUSALS: list[tuple[Callable[[], Walk], int, a.Action, str]] = [
    (v.beyond, v.HEAD, RING, "only_clock"),
    (v.beyond, v.HEAD, AHEAD, "only_clock"),
    (v.beyond, v.HEAD, MISSED, "only_clock"),
    (v.submitted, v.CLOCK, RING, "duty_met"),
    (v.submitted, v.CLOCK, AHEAD, "duty_met"),
    (v.submitted, v.HEAD, SEEN, "duty_met"),
    (v.closed, v.HEAD, longer(5), "duty_met"),
    (v.submitted, v.HEAD, HELP, "duty_met"),
    (v.submitted, v.HEAD, CALL, "duty_met"),
    (v.beyond, v.DUTY, SEEN, "not_your_duty"),
    (v.beyond, v.HEAD, longer(5, "O14"), "legal_clock"),
    (v.beyond, v.DUTY, longer(5), "not_your_duty"),
    (brief_extended, v.DUTY, longer(5, "O7"), "head_extends"),
    (v.beyond, v.HEAD, longer(0), "minutes_needed"),
    (v.beyond, v.HEAD, longer(24 * 60 + 1), "minutes_needed"),
    (v.beyond, v.HEAD, longer(31), "too_much_time"),
    (v.beyond, v.DUTY, HELP, "not_your_duty"),
    (v.beyond, v.HEAD, a.AskHelp(duty="O2", need="rest"), "need_unknown"),
    (v.beyond, v.OUTSIDER, CALL, "not_in_incident"),
    (v.beyond, v.JOURNALIST, CALL, "press_reports_elsewhere"),
]


@pytest.mark.parametrize(("stage", "actor", "action", "key"), REFUSALS)
def test_what_the_rules_of_ringing_refuse(
    stage: Callable[[], Walk], actor: int, action: a.Action, key: str
) -> None:
    refused = v.refusal(stage(), actor, action)
    assert refused is not None and refused.key == key


def test_the_clock_rings_and_tells_ahead_and_notes_what_nobody_has_seen() -> None:
    walk = v.beyond().all([(v.CLOCK, RING)])
    rung = walk.incident.rung["O2"]
    assert (rung.index, rung.level, rung.people, rung.at) == (
        2,
        "head",
        (v.HEAD, v.DEPUTY),
        walk.now,
    )
    walk.all([(v.CLOCK, AHEAD), (v.CLOCK, MISSED), (v.CLOCK, MISSED)])
    assert walk.incident.rung["O2"].ahead == 3
    assert walk.incident.rung["O2"].undelivered == (v.HEAD,)
    assert v.CLOCK not in walk.incident.members


def test_a_ring_told_ahead_before_any_rung_counts_none() -> None:
    walk = v.beyond().all([(v.CLOCK, AHEAD)])
    assert (walk.incident.rung["O2"].index, walk.incident.rung["O2"].ahead) == (-1, 3)


def test_a_receipt_spends_nothing() -> None:
    walk = v.beyond()
    before = find(walk.incident, v.TERMS, "O2")
    walk.does(v.HEAD, a.AcknowledgeDuty(duty="O2", working=True))
    assert find(walk.incident, v.TERMS, "O2") == before
    assert walk.incident.working["O2"] == walk.now


def test_an_owner_takes_up_to_half_his_time_once_and_his_head_any_more() -> None:
    walk = v.received()
    before = find(walk.incident, v.TERMS, "O7")
    assert before is not None
    walk.does(v.DUTY, longer(60, "O7"))
    decision = walk.does(v.LEADER, longer(90, "O7"))
    after = find(walk.incident, v.TERMS, "O7")
    assert after is not None and after.due - before.due == 150 * v.MINUTE
    assert decision.authority == "head"


def test_extra_time_of_an_owner_is_told_to_his_head_and_the_duty_officer() -> None:
    walk = v.directed()
    walk.does(v.HEAD, a.OrderVerification(people=(v.OUTSIDER,), units=(v.AGENCY,), what=v.WORDS))
    decision = walk.does(v.OUTSIDER, longer(5, "O5:1"))
    assert v.told(decision) == {"duty_extended": (v.EXPERT, v.DUTY)}


def test_help_goes_to_the_head_and_the_duty_officer_and_the_duty_stays() -> None:
    walk = v.met()
    decision = walk.does(v.DUTY, a.AskHelp(duty="O12", need="people"))
    assert v.told(decision) == {"help_asked": (v.LEADER,)}
    assert find(walk.incident, v.TERMS, "O12") and "O12" in walk.incident.working


def test_within_authority_the_province_hears_nothing_of_extra_time() -> None:
    walk = v.within()
    assert v.told(walk.does(v.HEAD, longer(5, "O12"))) == {"duty_extended": ()}


def test_a_call_that_reached_him_is_a_receipt_and_one_that_did_not_is_kept_too() -> None:
    walk = v.beyond()
    walk.does(v.DEPUTY, a.RecordCall(duty="O2", to=v.HEAD, reached=False, note=v.WORDS))
    assert "O2" not in walk.incident.acknowledged
    walk.does(v.WATCH, CALL)
    assert [call.reached for call in walk.incident.calls] == [False, True]
    assert walk.incident.acknowledged["O2"] == walk.now


def test_a_duty_of_a_post_that_nobody_holds_can_be_extended_by_nobody() -> None:
    walk = v.beyond()
    walk.organisation = v.without(
        (v.HEAD, Role.HEAD), (v.DEPUTY, Role.DEPUTY), (v.PARTY_HEAD, Role.HEAD)
    )
    refused = v.refusal(walk, v.DEPUTY, longer(5))
    assert refused is not None and refused.key == "not_your_duty"
    assert refused.facts["who"] is None
