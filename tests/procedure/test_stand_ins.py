"""What goes over to whoever acts for somebody who is away, and who may not give himself a post."""

from dataclasses import replace
from typing import Any

import pytest

from procedure import actions as act
from procedure import arrangement_actions as a
from procedure.arrangements import Absence, Roster, Turn
from procedure.confirming import confirm
from procedure.errors import NotYours, Refused
from procedure.organisation import Holding, Organisation
from procedure.rules_arrangements import arrange, takes_turns
from procedure.words import Role
from tests.procedure import village as v
from tests.procedure.test_decide_late import extended, offered
from tests.procedure.village import Walk

SPAN: dict[str, Any] = {"since": v.START, "until": v.START + 60 * v.DAY}
CLOSE = act.CloseIncident(opinion=v.WORDS)
ALL_WEEK = tuple(Turn(weekday=n, start=0, hours=24, person=v.WATCH) for n in range(7))
ROSTERED = replace(v.ORGANISATION, rosters={v.COMMUNE: Roster(unit=v.COMMUNE, turns=ALL_WEEK)})


def away(person: int, stand_in: int, whole: Organisation = v.ORGANISATION) -> Organisation:
    """Somebody is away from the first day on, and another acts for him."""
    one = Absence(id=1, person=person, stand_in=stand_in, accepted_at=v.START, **SPAN)
    return replace(whole, absences=(one,)).at(v.START, v.ZONE)


def while_away(walk: Walk, person: int, stand_in: int) -> Walk:
    """The same incident while he is away."""
    return replace(walk, organisation=away(person, stand_in), history=list(walk.history))


def test_whoever_acts_for_the_head_ends_the_incident() -> None:
    walk = v.ready()
    with pytest.raises(NotYours, match="only_department_head_closes"):
        walk.decide(v.SECOND, CLOSE)
    closed = while_away(walk, v.LEADER, v.SECOND).decide(v.SECOND, CLOSE)
    assert closed.authority == f"department/for:{v.LEADER}"


def test_whoever_acts_for_the_chair_moves_and_records_the_meeting() -> None:
    walk = v.directed()
    walk.does(v.DUTY, v.meeting(walk, chair=v.EXPERT))
    walk.now += 2 * v.HOUR
    minutes = act.RecordMinutes(meeting=1, text=v.WORDS)
    assert v.refused_by(walk, v.OUTSIDER, minutes) == "only_duty_officer"
    made = while_away(walk, v.EXPERT, v.OUTSIDER).decide(v.OUTSIDER, minutes)
    assert made.authority.endswith(f"/for:{v.EXPERT}")


def test_whoever_acts_for_an_owner_takes_back_his_offer() -> None:
    back = act.WithdrawOffer(duty="O5:1")
    assert v.refused_by(offered(), v.ADMIN, back) == "not_your_duty"
    assert v.refused_by(while_away(offered(), v.OUTSIDER, v.ADMIN), v.ADMIN, back) is None


def test_what_an_owner_took_by_himself_his_stand_in_does_not_take_again() -> None:
    walk = while_away(extended(), v.OUTSIDER, v.ADMIN)
    more = act.ExtendDuty(duty="O5:1", minutes=5)
    assert v.refused_by(walk, v.ADMIN, more) == "head_extends"


def test_nobody_approves_in_the_authors_stead_what_the_author_has_written() -> None:
    walk = v.concluded()
    walk.draft(by=v.LEADER)
    approval = v.approval(walk.incident)
    mere = while_away(walk, v.LEADER, v.DUTY)
    assert v.refused_by(mere, v.DUTY, approval) == "author_approves"
    refused = v.refusal(mere, v.DUTY, approval)
    assert refused is not None and refused.facts["who"] == v.SECOND
    assert v.refused_by(while_away(walk, v.LEADER, v.SECOND), v.SECOND, approval) is None
    within = v.settled_within()
    within.draft(by=v.HEAD)
    mere = while_away(within, v.HEAD, v.REPORTER)
    assert v.refused_by(mere, v.REPORTER, v.approval(within.incident)) == "author_approves"
    assert v.refused_by(mere, v.DEPUTY, v.approval(within.incident)) is None


def test_who_speaks_for_a_unit_is_not_for_a_stand_in_to_confirm() -> None:
    called = replace(v.ORGANISATION.people[v.HEAD], phone="0912 000 001")
    here = replace(v.ORGANISATION, people={**v.ORGANISATION.people, v.HEAD: called})
    whole = away(v.HEAD, v.DEPUTY, here)
    assert confirm(whole, v.COMMUNE, "2026-Q4", v.HEAD).speakers
    with pytest.raises(NotYours, match="only_head_confirms") as refused:
        confirm(whole, v.COMMUNE, "2026-Q4", v.DEPUTY)
    assert refused.value.facts["who"] == v.HEAD


# Who gives himself a post


def asks(whole: Organisation, actor: int, action: a.ArrangementAction) -> str:
    """The authority under which it is done, or the key of the refusal."""
    try:
        return arrange(whole.at(v.START, v.ZONE), action, actor, v.START, v.ZONE).authority
    except Refused as refused:
        return refused.key


def test_who_has_left_and_a_newsroom_arrange_nothing() -> None:
    one = Absence(id=1, person=v.HEAD, stand_in=v.DEPUTY, **SPAN)
    left = replace(v.ORGANISATION.people[v.DEPUTY], left=True)
    people = {**v.ORGANISATION.people, v.DEPUTY: left}
    whole = replace(v.ORGANISATION, absences=(one,), people=people)
    assert asks(whole, v.DEPUTY, a.AcceptAbsence(absence=1)) == "stranger"
    himself = a.EnterAbsence(person=v.JOURNALIST, stand_in=v.HEAD, **SPAN)
    assert asks(whole, v.JOURNALIST, himself) == "press_reports_elsewhere"


def test_no_work_goes_over_to_a_newsroom() -> None:
    press = Holding(v.REPORTER, Role.PRESS, v.COMMUNE)
    whole = replace(ROSTERED, holdings=(*ROSTERED.holdings, press))
    turn = Turn(weekday=0, start=0, hours=8, person=v.REPORTER)
    roster = a.SetRoster(unit=v.COMMUNE, turns=(turn,))
    assert asks(whole, v.HEAD, roster) == "press_in_room"
    absence = a.EnterAbsence(person=v.WATCH, stand_in=v.REPORTER, **SPAN)
    assert asks(whole, v.WATCH, absence) == "press_in_room"


def test_a_clerk_does_not_make_himself_the_stand_in_of_another() -> None:
    kept = (one for one in v.ORGANISATION.holdings if one.role is not Role.DEPUTY)
    whole = replace(
        v.ORGANISATION,
        holdings=tuple(kept),
        units={
            **v.ORGANISATION.units,
            v.COMMUNE: replace(v.ORGANISATION.units[v.COMMUNE], partner=None),
        },
    )
    absence = a.EnterAbsence(person=v.HEAD, stand_in=v.WATCH, **SPAN)
    assert asks(whole, v.WATCH, absence) == "stand_in_enters"
    assert asks(whole, v.HEAD, absence) == "himself"
    assert asks(whole, v.WATCH, replace(absence, stand_in=v.REPORTER)) == "office"
    other = a.EnterAbsence(person=v.REPORTER, stand_in=v.HEAD, **SPAN)
    assert asks(whole, v.HEAD, other) == "head"


def test_only_one_of_those_on_duty_takes_a_shift_himself() -> None:
    span = {"since": v.START, "until": v.START + v.DAY}
    for who, said in (
        (v.WATCH, "himself"),
        (v.DEPUTY, "himself"),
        (v.PARTY_HEAD, "himself"),
        (v.REPORTER, "only_unit_rosters"),
    ):
        take = a.TakeShift(unit=v.COMMUNE, person=who, **span)
        assert asks(ROSTERED, who, take) == said, who
        assert takes_turns(ROSTERED, who, v.COMMUNE) is (said == "himself")
    by_head = a.TakeShift(unit=v.COMMUNE, person=v.REPORTER, **span)
    assert asks(ROSTERED, v.HEAD, by_head) == "head"
