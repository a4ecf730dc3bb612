"""Where an incident stands, and what still bars the next step."""

from collections.abc import Callable

import pytest

from procedure import actions as a
from procedure.incident import Incident
from procedure.steps import (
    has_conclusion,
    has_direction,
    missing_for_closing,
    missing_for_speaking,
    result_is_due,
    step,
)
from procedure.words import Step
from tests.procedure import village as v
from tests.procedure.village import Walk

UP = a.DecideAuthority(beyond=True, reason=v.REASON)
DOWN = a.DecideAuthority(beyond=False, reason=v.REASON)
ALL = ("direction", "conclusion", "focal_point", "spokesperson")


def waived() -> Walk:
    walk = v.received()
    walk.does(v.LEADER, a.WaiveDirection(reason=v.REASON, member=v.MEMBER, means="phone"))
    return walk


def concluded_undirected() -> Walk:
    walk = v.received()
    walk.does(v.LEADER, a.WaiveMeeting(reason=v.REASON))
    walk.does(v.LEADER, v.conclusion())
    return walk


def gone_beyond() -> Walk:
    return v.settled_within().all([(v.HEAD, UP)])


def back_within() -> Walk:
    return gone_beyond().all([(v.HEAD, DOWN)])


@pytest.mark.parametrize(
    ("stage", "reached", "missing"),
    [
        (v.opened, Step.REPORT, ("authority", *ALL)),
        (v.beyond, Step.REPORT, ("report", *ALL)),
        (v.within, Step.CONSULT, ALL),
        (v.submitted, Step.CONSULT, ALL),
        (v.received, Step.CONSULT, ALL),
        (v.directed, Step.CONSULT, ALL[1:]),
        (waived, Step.CONSULT, ALL[1:]),
        (v.drafted, Step.CONSULT, ALL[1:]),
        (concluded_undirected, Step.CONSULT, ("direction",)),
        (v.concluded, Step.SPEAK, ()),
        (v.settled_within, Step.SPEAK, ()),
        (gone_beyond, Step.REPORT, ("report", "direction", "conclusion")),
        (back_within, Step.SPEAK, ()),
        (v.approved, Step.SPEAK, ()),
        (v.spoken, Step.FOLLOW_UP, ()),
        (v.closed, Step.CLOSED, ()),
    ],
)
def test_the_step_is_what_the_facts_say_and_the_gates_are_named(
    stage: Callable[[], Walk], reached: Step, missing: tuple[str, ...]
) -> None:
    incident = stage().incident
    assert step(incident) is reached
    assert missing_for_speaking(incident) == missing


def test_a_direction_that_comes_after_the_conclusion_opens_step_three() -> None:
    walk = concluded_undirected()
    walk.does(v.MEMBER, v.direction(walk))
    assert step(walk.incident) is Step.SPEAK


def test_a_holding_statement_is_no_step_three() -> None:
    walk = v.submitted()
    walk.draft(holding=True)
    walk.does(v.HEAD, a.AgreeStatement(statement=1))
    walk.approve(by=v.DUTY)
    walk.speak()
    assert step(walk.incident) is Step.CONSULT and walk.incident.official is None


def test_within_authority_the_heads_conclusion_is_the_direction() -> None:
    assert not has_direction(v.within().incident)
    assert has_direction(v.settled_within().incident)


def test_a_conclusion_counts_only_under_the_authority_in_force() -> None:
    assert has_conclusion(v.settled_within().incident)
    assert not has_conclusion(gone_beyond().incident)
    assert has_conclusion(back_within().incident)


@pytest.mark.parametrize(
    ("stage", "missing"),
    [
        (v.opened, ("statement", "result")),
        (v.concluded, ("statement", "result")),
        (v.spoken, ("result",)),
        (v.reported, ("proposals",)),
        (v.ready, ()),
    ],
)
def test_what_bars_the_end_is_named(stage: Callable[[], Walk], missing: tuple[str, ...]) -> None:
    assert missing_for_closing(stage().incident) == missing


def test_the_result_is_due_again_when_something_was_said_after_it() -> None:
    walk = v.reported()
    assert not result_is_due(walk.incident)
    walk.speak()
    assert result_is_due(walk.incident)


def test_an_incident_that_nobody_opened_is_at_its_first_step() -> None:
    assert step(Incident(stream="incident-1")) is Step.REPORT
