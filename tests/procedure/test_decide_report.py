"""Step 1, rule by rule: who may, what is refused and in which words, who hears of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from procedure import actions as a
from procedure.codec import Prose
from procedure.facts import Moment
from procedure.words import Authority, Casualties, Severity, Verdict
from tests.procedure import village as v
from tests.procedure.village import Walk

SHORT = Prose("no")
SUBMIT = a.SubmitReport(through=v.DEPARTMENT, to=v.COMMITTEE)
WRITE = a.SubmitReport(through=v.DEPARTMENT, to=v.COMMITTEE, written=True)
AMEND = a.AmendReport(item="known", text=v.WORDS)
UP = a.DecideAuthority(beyond=True, reason=v.REASON)
DOWN = a.DecideAuthority(beyond=False, reason=v.REASON)
CLAIM = a.LogClaim(text=v.WORDS)
CHECK = a.CheckClaim(claim=1, verdict=Verdict.FALSE, evidence=v.REASON)
ORDER = a.OrderVerification(people=(v.OUTSIDER,), units=(v.AGENCY,), what=v.WORDS)
MORE = a.RequestSupplement(items=v.WORDS, due=v.START + v.DAY)
STARRED = ("known", "unknown", "why_beyond", "ask")


def claimed() -> Walk:
    return v.opened().all([(v.REPORTER, CLAIM)])


def checked() -> Walk:
    return claimed().all([(v.REPORTER, CHECK)])


def ordered() -> Walk:
    return v.beyond().all([(v.HEAD, ORDER)])


def verified() -> Walk:
    return ordered().all([(v.OUTSIDER, a.ReportVerification(order=1, result=v.WORDS))])


def asked() -> Walk:
    return v.received().all([(v.DUTY, MORE)])


def supplied() -> Walk:
    return asked().all([(v.REPORTER, a.ProvideSupplement(supplement=1, text=v.WORDS))])


def written() -> Walk:
    walk = v.submitted()
    walk.does(v.REPORTER, a.AmendReport(item="happened", moment=Moment(at=v.START)))
    for item in STARRED:
        walk.does(v.REPORTER, a.AmendReport(item=item, text=v.WORDS))
    walk.does(v.HEAD, WRITE)
    return walk


def claimed_within() -> Walk:
    """A claim about what a unit keeps within its own authority."""
    return v.within().all([(v.REPORTER, CLAIM)])


def left() -> Walk:
    """Whoever reported it has left the service since."""
    walk = v.opened()
    gone = replace(walk.organisation.people[v.REPORTER], left=True)
    people = {**walk.organisation.people, v.REPORTER: gone}
    return replace(walk, organisation=replace(walk.organisation, people=people))


REFUSALS: list[tuple[Callable[[], Walk], int, a.Action, str]] = [
    (Walk, v.STRANGER, v.opening(), "stranger"),
    (Walk, v.CLOCK, v.opening(), "stranger"),
    (Walk, v.JOURNALIST, v.opening(), "press_reports_elsewhere"),
    (left, v.REPORTER, AMEND, "stranger"),
    (v.within, v.DUTY, AMEND, "not_in_incident"),
    (claimed_within, v.DUTY, CHECK, "not_claim_checker"),
    (v.opened, v.HEAD, replace(ORDER, people=(v.JOURNALIST,)), "press_in_room"),
    (Walk, v.REPORTER, AMEND, "no_incident"),
    (v.opened, v.REPORTER, v.opening(), "already_open"),
    (v.closed, v.REPORTER, AMEND, "incident_closed"),
    (v.opened, v.OUTSIDER, AMEND, "not_in_incident"),
    (v.opened, v.JOURNALIST, AMEND, "press_reports_elsewhere"),
    (v.opened, v.REPORTER, a.AmendReport(item="weather", text=v.WORDS), "unknown_item"),
    (
        v.opened,
        v.OUTSIDER,
        a.ReportCasualties(casualties=Casualties.INJURED),
        "not_in_incident",
    ),
    (v.opened, v.OUTSIDER, CLAIM, "not_in_incident"),
    (v.opened, v.REPORTER, CHECK, "claim_settled"),
    (checked, v.REPORTER, CHECK, "claim_settled"),
    (claimed, v.OUTSIDER, CHECK, "not_claim_checker"),
    (
        claimed,
        v.REPORTER,
        a.CheckClaim(claim=1, verdict=Verdict.FALSE, evidence=SHORT),
        "evidence_needed",
    ),
    (v.opened, v.REPORTER, UP, "only_head_decides"),
    (v.opened, v.DUTY, DOWN, "only_head_decides"),
    (v.submitted, v.HEAD, DOWN, "already_sent_up"),
    (v.within, v.HEAD, DOWN, "authority_stands"),
    (v.within, v.HEAD, a.DecideAuthority(beyond=True, reason=SHORT), "reason_needed"),
    (v.opened, v.DUTY, a.DecideAuthority(beyond=True, reason=SHORT), "reason_needed"),
    (
        lambda: v.opened(suggested_authority=Authority.BEYOND),
        v.HEAD,
        a.DecideAuthority(beyond=False, reason=SHORT),
        "reason_needed",
    ),
    (
        v.opened,
        v.OUTSIDER,
        a.ChangeSeverity(severity=Severity.GRAVE, reason=v.REASON),
        "not_in_incident",
    ),
    (
        v.opened,
        v.REPORTER,
        a.ChangeSeverity(severity=Severity.SERIOUS, reason=v.REASON),
        "severity_stands",
    ),
    (
        v.opened,
        v.HEAD,
        a.ChangeSeverity(severity=Severity.ORDINARY, reason=v.REASON),
        "only_department_lowers",
    ),
    (
        v.opened,
        v.DUTY,
        a.ChangeSeverity(severity=Severity.ORDINARY, reason=SHORT),
        "reason_needed",
    ),
    (v.beyond, v.REPORTER, SUBMIT, "only_head_submits"),
    (v.beyond, v.DUTY, SUBMIT, "only_head_submits"),
    (v.beyond, v.HEAD, a.SubmitReport(through=v.AGENCY, to=v.COMMITTEE), "past_the_line"),
    (v.beyond, v.HEAD, a.SubmitReport(through=v.DEPARTMENT, to=v.PARTY), "past_the_line"),
    (v.within, v.HEAD, SUBMIT, "kept_within"),
    (v.submitted, v.HEAD, SUBMIT, "already_submitted"),
    (written, v.HEAD, WRITE, "already_submitted"),
    (v.opened, v.HEAD, SUBMIT, "report_incomplete"),
    (v.submitted, v.HEAD, WRITE, "report_incomplete"),
    (v.beyond, v.REPORTER, ORDER, "only_head_orders"),
    (v.beyond, v.HEAD, a.OrderVerification(people=(), units=(), what=v.WORDS), "nobody_chosen"),
    (
        v.beyond,
        v.HEAD,
        a.OrderVerification(people=(v.OUTSIDER,), units=(), what=v.WORDS),
        "nobody_chosen",
    ),
    (
        v.beyond,
        v.HEAD,
        a.OrderVerification(people=(v.STRANGER,), units=(v.AGENCY,), what=v.WORDS),
        "unknown_person",
    ),
    (
        v.beyond,
        v.HEAD,
        a.OrderVerification(
            people=(v.OUTSIDER,), units=(v.AGENCY,), what=v.WORDS, due=v.START - v.HOUR
        ),
        "due_in_past",
    ),
    (v.opened, v.OUTSIDER, a.ReportVerification(order=1, result=v.WORDS), "order_settled"),
    (verified, v.OUTSIDER, a.ReportVerification(order=1, result=v.WORDS), "order_settled"),
    (ordered, v.HEAD, a.ReportVerification(order=1, result=v.WORDS), "not_your_order"),
    (v.submitted, v.HEAD, a.ReceiveReport(), "only_duty_officer"),
    (v.beyond, v.DUTY, a.ReceiveReport(), "not_sent_up"),
    (v.received, v.DUTY, a.ReceiveReport(), "already_received"),
    (v.received, v.HEAD, MORE, "only_duty_officer"),
    (v.beyond, v.DUTY, MORE, "not_sent_up"),
    (
        v.received,
        v.DUTY,
        a.RequestSupplement(items=v.WORDS, due=v.START - v.HOUR),
        "due_in_past",
    ),
    (
        supplied,
        v.REPORTER,
        a.ProvideSupplement(supplement=1, text=v.WORDS),
        "supplement_settled",
    ),
    (asked, v.DUTY, a.ProvideSupplement(supplement=1, text=v.WORDS), "not_in_unit"),
]


@pytest.mark.parametrize(("stage", "actor", "action", "key"), REFUSALS)
def test_what_the_rules_of_step_one_refuse(
    stage: Callable[[], Walk], actor: int, action: a.Action, key: str
) -> None:
    refused = v.refusal(stage(), actor, action)
    assert refused is not None and refused.key == key


def test_anyone_registered_opens_and_the_head_hears_at_once() -> None:
    walk = Walk()
    decision = walk.does(v.OUTSIDER, v.opening())
    assert v.told(decision) == {"incident_opened": (v.HEAD,)}
    assert walk.incident.opened_by == v.OUTSIDER and walk.incident.code == "VV-2026-001"


def test_death_or_missing_persons_reach_the_duty_officer_before_the_head_has_acted() -> None:
    walk = Walk()
    decision = walk.does(v.REPORTER, v.opening(casualties=Casualties.DEAD_OR_MISSING))
    assert v.told(decision)["unconfirmed_report"] == (v.DUTY,)


def test_casualties_that_become_grave_ring_once() -> None:
    walk = v.opened()
    grave = a.ReportCasualties(casualties=Casualties.DEAD_OR_MISSING)
    assert v.told(walk.does(v.REPORTER, grave)) == {"casualties_reported": (v.DUTY, v.HEAD)}
    assert not walk.does(v.REPORTER, grave).notices


def test_an_item_of_the_report_keeps_who_said_it() -> None:
    walk = v.opened().all([(v.WATCH, AMEND)])
    assert walk.incident.details["known"].by == v.WATCH


def test_a_claim_goes_to_whoever_answers_for_facts_and_its_verdict_to_the_speaker() -> None:
    walk = ordered()
    assert v.told(walk.does(v.REPORTER, CLAIM)) == {"claim_to_check": (v.OUTSIDER,)}
    assert v.told(walk.does(v.OUTSIDER, CHECK)) == {"claim_checked": (v.HEAD,)}
    assert walk.incident.claims[0].checked_by == v.OUTSIDER


def test_the_head_decides_the_authority_and_an_override_keeps_its_reason() -> None:
    walk = v.opened(suggested_authority=Authority.BEYOND)
    decision = walk.does(v.HEAD, DOWN)
    assert walk.incident.within and decision.authority == "head"
    assert v.told(decision) == {"kept_within": (v.REPORTER,)}


def test_the_department_takes_an_incident_up_with_a_reason() -> None:
    walk = v.within()
    decision = walk.does(v.DUTY, UP)
    assert walk.incident.beyond and decision.authority == "department"


def test_also_what_a_unit_keeps_is_lowered_by_the_department_alone() -> None:
    walk = v.within(severity=Severity.GRAVE)
    lower = a.ChangeSeverity(severity=Severity.ORDINARY, reason=v.REASON)
    assert v.refused_by(walk, v.HEAD, lower) == "only_department_lowers"
    walk.does(v.DUTY, lower)
    assert walk.incident.severity is Severity.ORDINARY


def test_anyone_raises_the_level_and_the_department_lowers_it() -> None:
    walk = v.submitted()
    raised = walk.does(v.REPORTER, a.ChangeSeverity(severity=Severity.GRAVE, reason=Prose("")))
    assert raised.notices[0].rings and v.REPORTER not in raised.notices[0].to
    lowered = walk.does(v.DUTY, a.ChangeSeverity(severity=Severity.ORDINARY, reason=v.REASON))
    assert not lowered.notices[0].rings and lowered.authority == "department"


def test_raising_the_level_does_not_move_the_authority() -> None:
    walk = v.within()
    walk.does(v.REPORTER, a.ChangeSeverity(severity=Severity.GRAVE, reason=Prose("")))
    assert walk.incident.within


@pytest.mark.parametrize(
    ("actor", "authority", "told"),
    [
        (v.HEAD, "head", {"head_informed": (v.PARTY_HEAD,)}),
        (v.DEPUTY, "for_head", {"head_informed": (v.PARTY_HEAD,), "submitted_for_you": (v.HEAD,)}),
        (v.PARTY_HEAD, "for_head", {"submitted_for_you": (v.HEAD,)}),
    ],
)
def test_the_head_or_whoever_stands_for_him_sends_step_one_up(
    actor: int, authority: str, told: dict[str, tuple[int, ...]]
) -> None:
    walk = v.beyond()
    decision = walk.does(actor, SUBMIT)
    assert decision.authority == authority
    usual = {"report_arrived": (v.DUTY,), "report_went_up": (v.REPORTER,)}
    assert v.told(decision) == usual | told


def test_sending_an_undecided_incident_up_decides_that_it_is_beyond() -> None:
    walk = v.complete(v.opened())
    walk.does(v.HEAD, SUBMIT)
    assert walk.incident.beyond and walk.incident.submitted_by == v.HEAD


def test_the_starred_items_gate_only_the_written_report() -> None:
    refused = v.refusal(v.submitted(), v.HEAD, WRITE)
    assert refused is not None and refused.facts["missing"] == ("happened", *STARRED)
    assert written().incident.written_at


def test_of_several_verifiers_the_first_leads_and_each_is_told_apart() -> None:
    walk = v.beyond()
    two = a.OrderVerification(
        people=(v.OUTSIDER, v.HEAD), units=(v.AGENCY, v.COMMUNE), what=v.WORDS
    )
    decision = walk.does(v.HEAD, two)
    assert [order.lead for order in walk.incident.orders] == [True, False]
    assert [notice.to for notice in decision.notices] == [(v.OUTSIDER,)]
    walk.does(v.HEAD, ORDER)
    assert [order.lead for order in walk.incident.orders] == [True, False, False]


def test_a_result_of_verification_goes_to_the_head_and_to_whoever_runs_step_two() -> None:
    walk = ordered()
    decision = walk.does(v.OUTSIDER, a.ReportVerification(order=1, result=v.WORDS))
    assert v.told(decision) == {"verification_reported": (v.HEAD, v.DUTY)}


def test_the_sender_hears_that_his_report_was_received() -> None:
    walk = v.submitted()
    assert v.told(walk.does(v.DUTY, a.ReceiveReport())) == {"report_received": (v.HEAD,)}


def test_asking_for_more_is_not_sending_back() -> None:
    walk = asked()
    assert walk.incident.received_at and walk.incident.submitted_at
    text = a.ProvideSupplement(supplement=1, text=v.WORDS)
    assert v.told(walk.does(v.REPORTER, text)) == {"supplement_provided": (v.DUTY,)}
    assert walk.incident.detail("supplement_1") == v.WORDS


def test_an_order_without_a_term_takes_the_one_of_the_policy() -> None:
    walk = ordered()
    order = walk.incident.orders[0]
    assert order.due - order.ordered_at > timedelta(0)
