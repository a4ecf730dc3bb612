"""Figures, rule by rule: signed for, conflicting, settled, and no statement with either (T20)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure import actions as a
from procedure.codec import Prose
from procedure.entries import text_hash
from procedure.errors import Refused
from procedure.facts import Moment
from procedure.figures import conflicts, things, unusable
from procedure.figures_in_text import barred
from procedure.obligations import find
from procedure.parties import resolve
from procedure.words import Severity
from tests.procedure import village as v
from tests.procedure.village import Walk

BLANK = Prose("  ")


def settle(chosen: int | None, *figures: int, reason: str = v.REASON) -> a.SettleFigure:
    return a.SettleFigure(figures=figures or (1, 2), chosen=chosen, reason=Prose(reason))


def differing(stage: Callable[..., Walk] = v.concluded, **fields: Any) -> Walk:
    """The commune says 35 m, the agency 38 m."""
    walk = stage(**fields)
    return walk.all([(v.REPORTER, v.figure("35")), (v.EXPERT, v.figure("38"))])


def chosen() -> Walk:
    return differing().all([(v.EXPERT, settle(2))])


def measuring() -> Walk:
    return differing().all([(v.EXPERT, settle(None))])


def within_differing() -> Walk:
    walk = v.within()
    order = a.OrderVerification(people=(v.EXPERT,), units=(v.AGENCY,), what=v.WORDS)
    return walk.all([(v.HEAD, order), (v.REPORTER, v.figure("35")), (v.EXPERT, v.figure("38"))])


def pending_then_differing() -> Walk:
    """A text with 38 m was drafted before anybody said 35 m."""
    walk = v.concluded()
    walk.does(v.EXPERT, v.figure("38"))
    walk.draft(v.length("38"))
    walk.does(v.REPORTER, v.figure("35"))
    return walk


def holding_then_differing() -> Walk:
    walk = v.submitted()
    walk.draft(v.length("35"), holding=True)
    order = a.OrderVerification(people=(v.EXPERT,), units=(v.AGENCY,), what=v.WORDS)
    walk.does(v.HEAD, order)
    return walk.all([(v.REPORTER, v.figure("35")), (v.EXPERT, v.figure("38"))])


def approve(value: str) -> a.ApproveStatement:
    return a.ApproveStatement(statement=1, sha256=text_hash(v.length(value)))


def say(value: str) -> a.DraftStatement:
    return a.DraftStatement(text=v.length(value), holding=False)


REFUSALS: list[tuple[Callable[[], Walk], int, a.Action, str]] = [
    (v.closed, v.REPORTER, v.figure("35"), "incident_closed"),
    (v.concluded, v.OUTSIDER, v.figure("35"), "not_in_incident"),
    (v.concluded, v.JOURNALIST, v.figure("35"), "press_reports_elsewhere"),
    (v.concluded, v.REPORTER, v.figure("35", what=BLANK), "figure_blank"),
    (v.concluded, v.REPORTER, v.figure("35", source=BLANK), "figure_blank"),
    (v.concluded, v.REPORTER, v.figure("035"), "figure_unreadable"),
    (v.concluded, v.REPORTER, v.figure("many"), "figure_unreadable"),
    (
        v.concluded,
        v.REPORTER,
        v.figure("35", measured=Moment(at=v.START + v.DAY)),
        "time_ahead",
    ),
    (v.closed, v.LEADER, settle(1), "incident_closed"),
    (v.concluded, v.EXPERT, settle(1), "figures_moved_on"),
    (differing, v.EXPERT, settle(1, 1), "figures_moved_on"),
    (differing, v.EXPERT, settle(7), "figures_moved_on"),
    (chosen, v.EXPERT, settle(1), "figures_moved_on"),
    (differing, v.REPORTER, settle(1), "only_focal_point_settles"),
    (differing, v.DUTY, settle(1), "only_focal_point_settles"),
    (within_differing, v.LEADER, settle(1), "only_focal_point_settles"),
    (differing, v.EXPERT, settle(1, reason="no"), "reason_needed"),
    (measuring, v.EXPERT, settle(None), "measured_again_already"),
    (differing, v.REPORTER, say("35"), "figure_contested"),
    (differing, v.REPORTER, say("38"), "figure_contested"),
    (measuring, v.REPORTER, say("38"), "figure_contested"),
    (chosen, v.REPORTER, say("35"), "figure_not_chosen"),
    (pending_then_differing, v.LEADER, approve("38"), "figure_contested"),
    (holding_then_differing, v.HEAD, a.AgreeStatement(statement=1), "figure_contested"),
]


@pytest.mark.parametrize(("stage", "actor", "action", "key"), REFUSALS)
def test_what_the_rules_of_figures_refuse(
    stage: Callable[[], Walk], actor: int, action: a.Action, key: str
) -> None:
    refused = v.refusal(stage(), actor, action)
    assert refused is not None and refused.key == key


def test_a_figure_keeps_who_signed_it_when_from_where_and_for_which_unit() -> None:
    walk = v.concluded()
    walk.does(v.REPORTER, v.figure("35", estimated=True))
    kept = walk.incident.figures[0]
    assert (kept.by, kept.at, kept.of_unit) == (v.REPORTER, walk.now, v.COMMUNE)
    assert (kept.value, kept.unit, kept.source, kept.estimated) == ("35", "m", v.WORDS, True)


def test_the_joined_body_speaks_for_the_same_unit() -> None:
    walk = v.concluded().all([(v.REPORTER, v.figure("35")), (v.PARTY_HEAD, v.figure("36"))])
    assert conflicts(walk.incident) == ()


#: What the commune and the agency say in turn, and whether it ends in a conflict.
SAID: list[tuple[list[tuple[int, str, str]], bool]] = [
    ([(v.REPORTER, "35", "m")], False),
    ([(v.REPORTER, "35", "m"), (v.EXPERT, "38", "m")], True),
    ([(v.REPORTER, "35", "m"), (v.EXPERT, "35", "m")], False),
    ([(v.REPORTER, "35", "m"), (v.REPORTER, "36", "m")], False),
    ([(v.REPORTER, "35", "m"), (v.HEAD, "36", "m")], False),
    ([(v.REPORTER, "35", "m"), (v.EXPERT, "38", "m"), (v.REPORTER, "38", "m")], False),
    ([(v.REPORTER, "35", "m"), (v.EXPERT, "38", "m"), (v.REPORTER, "36", "m")], True),
    ([(v.REPORTER, "35", "m"), (v.EXPERT, "38", "M")], True),
    ([(v.REPORTER, "7", "households"), (v.EXPERT, "29", "people")], False),
    ([(v.REPORTER, "35", "m"), (v.EXPERT, "35", "m"), (v.DUTY, "40", "m")], True),
]


@pytest.mark.parametrize(("said", "differ"), SAID)
def test_two_units_with_two_numbers_for_one_thing_are_a_conflict(
    said: list[tuple[int, str, str]], differ: bool
) -> None:
    walk = v.concluded()
    for person, value, unit in said:
        walk.does(person, v.figure(value, unit=Prose(unit)))
    assert bool(conflicts(walk.incident)) is differ


def test_the_same_words_without_marks_are_the_same_thing() -> None:
    walk = v.concluded()
    walk.does(v.REPORTER, v.figure("2.8", topic="", what=Prose("Oxy hòa tan"), unit=Prose("mg/l")))
    walk.does(v.EXPERT, v.figure("3.4", topic="", what=Prose("oxy hoa  TAN"), unit=Prose("mg/L")))
    assert len(conflicts(walk.incident)) == 1


@pytest.mark.parametrize(
    ("severity", "span"),
    [
        (Severity.ORDINARY, timedelta(hours=4)),
        (Severity.SERIOUS, timedelta(minutes=30)),
        (Severity.GRAVE, timedelta(minutes=15)),
    ],
)
def test_the_choice_is_owed_within_the_time_of_the_policy(
    severity: Severity, span: timedelta
) -> None:
    walk = differing(severity=severity)
    owed = find(walk.incident, v.TERMS, "conflict:2")
    assert owed is not None and owed.due - owed.start == span and owed.start == walk.now


OWNERS: list[tuple[Callable[[], Walk], int]] = [
    (differing, v.EXPERT),
    (lambda: ordered(v.submitted), v.DUTY),
    (lambda: ordered(v.beyond), v.HEAD),
    (within_differing, v.HEAD),
]


def ordered(stage: Callable[[], Walk]) -> Walk:
    """The agency has been asked to look before any focal point was named."""
    order = a.OrderVerification(people=(v.EXPERT,), units=(v.AGENCY,), what=v.WORDS)
    walk = stage().all([(v.HEAD, order)])
    return walk.all([(v.REPORTER, v.figure("35")), (v.EXPERT, v.figure("38"))])


@pytest.mark.parametrize(("stage", "owner"), OWNERS)
def test_the_choice_is_the_focal_points_before_him_the_duty_officers_before_him_the_heads(
    stage: Callable[[], Walk], owner: int
) -> None:
    walk = stage()
    found = conflicts(walk.incident)[0]
    owed = find(walk.incident, v.TERMS, f"conflict:{found.id}")
    assert owed is not None
    assert resolve(owed.owner, walk.incident, walk.organisation) == (owner,)
    walk.does(owner, settle(found.ids[0], *found.ids))
    assert conflicts(walk.incident) == ()


def test_the_owner_hears_of_it_and_the_suppliers_of_its_end() -> None:
    walk = v.concluded()
    assert v.told(walk.does(v.REPORTER, v.figure("35"))) == {}
    assert v.told(walk.does(v.SECOND, v.figure("38"))) == {"figure_conflict": (v.EXPERT,)}
    decision = walk.does(v.LEADER, settle(2))
    assert v.told(decision) == {"figure_settled": (v.REPORTER, v.SECOND)}
    assert decision.authority == "department"


def test_an_update_keeps_the_clock_of_the_conflict_running() -> None:
    walk = differing()
    since = walk.now
    walk.does(v.REPORTER, v.figure("36"))
    found = conflicts(walk.incident)[0]
    assert (found.id, found.since, found.ids) == (2, since, (2, 3))
    assert v.refusal(walk, v.EXPERT, settle(2)) is not None, "the old card has moved on"
    walk.does(v.EXPERT, settle(2, 2, 3))


def test_measuring_again_keeps_the_clock_and_the_next_figure_stands_alone() -> None:
    walk = differing()
    since = walk.now
    told = v.told(walk.does(v.EXPERT, settle(None)))
    assert told == {"figure_to_measure": (v.REPORTER,)}
    found = conflicts(walk.incident)[0]
    assert found.measuring and found.since == since
    walk.does(v.REPORTER, v.figure("36"))
    assert conflicts(walk.incident) == ()
    assert {one.value for one in unusable(walk.incident)} == {"35", "38"}
    walk.does(v.EXPERT, v.figure("37"))
    again = conflicts(walk.incident)[0]
    assert again.id == 4 and again.since == walk.now


def test_a_third_figure_opens_it_again_and_the_same_number_does_not() -> None:
    walk = chosen()
    walk.does(v.DUTY, v.figure("38"))
    assert conflicts(walk.incident) == ()
    walk.does(v.REPORTER, v.figure("40"))
    assert [one.value for one in conflicts(walk.incident)[0].values] == ["38", "40"]


def test_a_text_with_the_chosen_figure_passes_and_so_does_one_without_any() -> None:
    walk = chosen()
    walk.draft(v.length("38"))
    walk.approve(by=v.LEADER)
    assert walk.incident.approved_statement is not None
    differing().draft("Seven households, 35 of them old, 38 km away.")


def test_a_number_that_somebody_signed_for_something_else_may_be_said() -> None:
    walk = differing()
    fence = v.figure("35", topic="", what=Prose("Length of the fence"))
    walk.does(v.HEAD, fence)
    walk.draft("A fence of 35 m was put up.")
    assert v.refusal(walk, v.REPORTER, say("38")) is not None


def test_the_refusal_names_both_numbers_and_who_chooses() -> None:
    refused = v.refusal(differing(), v.REPORTER, say("35"))
    assert refused is not None
    assert refused.facts == {"figures": (1, 2), "who": v.EXPERT}
    refused = v.refusal(chosen(), v.REPORTER, say("35"))
    assert refused is not None
    assert (refused.facts["figure"], refused.facts["chosen"]) == (1, 2)


def test_the_speaker_hears_when_his_approved_text_becomes_contested_and_may_still_report() -> None:
    walk = v.concluded()
    walk.does(v.EXPERT, v.figure("38"))
    walk.draft(v.length("38"))
    walk.approve(by=v.LEADER)
    told = v.told(walk.does(v.REPORTER, v.figure("35")))
    assert told == {"figure_conflict": (v.EXPERT,), "statement_contested": (v.HEAD,)}
    assert "statement_contested" not in v.told(walk.does(v.REPORTER, v.figure("36")))
    walk.speak()
    assert walk.incident.official is not None


PEOPLE = (v.REPORTER, v.HEAD, v.EXPERT, v.DUTY, v.PARTY_HEAD)
MOVES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(PEOPLE), st.sampled_from(("35", "36", "38"))),
        st.tuples(st.just(v.LEADER), st.integers(-1, 2)),
    ),
    max_size=10,
)


@given(MOVES)
def test_what_is_settled_stays_settled_till_a_new_figure_comes_and_it_alone_is_usable(
    moves: list[tuple[int, str | int]],
) -> None:
    walk = v.concluded()
    for actor, move in moves:
        before = conflicts(walk.incident)
        if isinstance(move, str):
            walk.does(actor, v.figure(move))
        elif before:
            ids = before[0].ids
            pick = None if move < 0 else ids[move % len(ids)]
            try:
                walk.does(actor, settle(pick, *ids))
            except Refused as refused:
                assert refused.key == "measured_again_already"
                continue
            if pick is not None:
                assert conflicts(walk.incident) == ()
                value = walk.incident.figures[pick - 1].value
                assert {one.value for one in things(walk.incident)[0].standing} == {value}
                assert not barred(walk.incident, v.length(value))
        if walk.incident.figures:
            _consistent(walk)


def _consistent(walk: Walk) -> None:
    """One thing: its standing numbers differ exactly while a choice is owed, and none is usable."""
    thing = things(walk.incident)[0]
    differ = len({one.value for one in thing.standing}) > 1
    assert differ is bool(conflicts(walk.incident)) is bool(thing.opened)
    for one in thing.standing:
        assert bool(barred(walk.incident, v.length(one.value))) is differ
    assert len({one.of_unit for one in thing.standing}) == len(thing.standing)
