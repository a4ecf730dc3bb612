"""Roles held from a day until a day: what counts when, two heads in a row, what is told in time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from procedure.arrangement_reminders import About, endings
from procedure.arrangements import Absence
from procedure.entries_organisation import RoleEnded, RoleGiven, RoleProposed
from procedure.errors import Refused
from procedure.evolve_organisation import changed
from procedure.gaps import ending
from procedure.organisation import Holding, Organisation, Proposal
from procedure.register import PersonLine, table
from procedure.rules_staff import confirmed, manage
from procedure.rules_units import Change, change
from procedure.staff_actions import EndRole, GiveRole, MergeUnit
from procedure.staffing import Plan, plan
from procedure.words import Role
from tests.procedure import test_rules_staff as s
from tests.procedure import village as v
from tests.procedure.test_staffing import BASE, NOW, PEOPLE, TODAY, after, made, person, standing

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)
NEXT = date(2027, 1, 1)


def head(whole: Organisation, day: date) -> int | None:
    """Who heads the commune on a day."""
    return whole.on(day).head(s.COMMUNE)


def holding(*dated: Holding) -> Organisation:
    """The commune with other heads."""
    others = tuple(one for one in s.HELD if one.role is not Role.HEAD)
    return replace(s.HERE, holdings=(*others, *dated), proposed=())


IN_A_ROW = holding(
    Holding(s.HEAD, Role.HEAD, s.COMMUNE, until=LAST),
    Holding(s.ANYBODY, Role.HEAD, s.COMMUNE, since=NEXT),
)


def test_a_role_counts_from_its_first_day_up_to_and_with_its_last() -> None:
    assert [head(IN_A_ROW, LAST + timedelta(days=n)) for n in (-99, 0, 1, 99)] == [
        *[s.HEAD] * 2,
        *[s.ANYBODY] * 2,
    ]
    alone = holding(Holding(s.HEAD, Role.HEAD, s.COMMUNE, FIRST, LAST))
    days = (FIRST - timedelta(days=1), FIRST, LAST, NEXT)
    assert [head(alone, day) for day in days] == [None, s.HEAD, s.HEAD, None]
    assert [bool(alone.on(day).held_by(s.HEAD)) for day in days] == [False, True, True, False]
    assert [bool(alone.on(day).given_to(s.HEAD)) for day in days] == [True, True, True, False]


def test_days_are_local_and_the_next_midnight_at_which_one_begins_or_ends_is_known() -> None:
    eve = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
    midnight = datetime(2026, 12, 31, 17, tzinfo=UTC)
    assert IN_A_ROW.at(eve, v.ZONE).head(s.COMMUNE) == s.HEAD
    assert IN_A_ROW.until(eve, v.ZONE) == midnight
    assert IN_A_ROW.at(midnight, v.ZONE).head(s.COMMUNE) == s.ANYBODY
    assert IN_A_ROW.until(midnight, v.ZONE).year == 9999
    first = holding(Holding(s.HEAD, Role.HEAD, s.COMMUNE, FIRST, LAST))
    before = datetime(2026, 11, 30, 16, 59, tzinfo=UTC)
    assert first.until(before, v.ZONE) == datetime(2026, 11, 30, 17, tzinfo=UTC)


def test_where_nothing_has_days_nothing_is_made_anew() -> None:
    now = datetime(2026, 12, 31, tzinfo=UTC)
    assert s.HERE.at(now, v.ZONE) is s.HERE
    assert s.HERE.held is s.HERE.given is s.HERE.holdings
    seen = IN_A_ROW.at(now, v.ZONE)
    assert seen.at(now + timedelta(hours=1), v.ZONE) is seen


def test_in_own_names_it_is_the_same_day() -> None:
    away = Absence(id=1, person=s.HEAD, stand_in=s.ADMIN, since=NOW, until=NOW + timedelta(days=99))
    whole = replace(IN_A_ROW, absences=(replace(away, accepted_at=NOW),))
    moment = datetime(2027, 1, 2, tzinfo=UTC)
    assert whole.at(moment, v.ZONE).in_own_names().head(s.COMMUNE) == s.ANYBODY


def gives(whole: Organisation, who: int, role: Role, until: date | None, today: date) -> Any:
    """What comes of an administrator's word, or why nothing does."""
    action = GiveRole(person=who, role=role, unit=s.COMMUNE, until=until)
    try:
        (fact,) = manage(whole.on(today), action, s.ADMIN, today)
    except Refused as refused:
        return refused.key
    return fact


def test_a_role_is_given_until_a_day_and_goes_on_to_another() -> None:
    fact = gives(s.HERE, s.ANYBODY, Role.OFFICE, LAST, FIRST)
    assert isinstance(fact, RoleGiven) and (fact.since, fact.until) == (None, LAST)
    assert gives(s.HERE, s.ANYBODY, Role.OFFICE, FIRST - timedelta(days=1), FIRST) == (
        "role_days_over"
    )
    assert isinstance(gives(s.HERE, s.ANYBODY, Role.OFFICE, FIRST, FIRST), RoleGiven)
    now = changed(s.HERE, [fact], s.ADMIN, NOW)
    assert gives(now, s.ANYBODY, Role.OFFICE, LAST, FIRST) == "role_held"
    more = gives(now, s.ANYBODY, Role.OFFICE, NEXT, FIRST)
    assert (more.since, more.until) == (None, NEXT)
    (kept,) = changed(now, [more], s.ADMIN, NOW).given_to(s.ANYBODY)
    assert kept.until == NEXT
    assert isinstance(gives(now, s.ANYBODY, Role.OFFICE, None, NEXT), RoleGiven), "it was over"


def test_one_head_on_each_day() -> None:
    assert gives(IN_A_ROW, s.CLERK, Role.HEAD, None, FIRST) == "two_heads"
    only = holding(Holding(s.ANYBODY, Role.HEAD, s.COMMUNE, since=NEXT))
    assert isinstance(gives(only, s.CLERK, Role.HEAD, LAST, FIRST), RoleGiven)
    assert gives(only, s.CLERK, Role.HEAD, NEXT, FIRST) == "two_heads"
    over = holding(Holding(s.HEAD, Role.HEAD, s.COMMUNE, until=LAST))
    assert gives(over, s.CLERK, Role.HEAD, None, LAST) == "two_heads"
    assert isinstance(gives(over, s.CLERK, Role.HEAD, None, NEXT), RoleGiven)


def test_the_last_administrator_without_a_last_day_stays() -> None:
    others = tuple(one for one in s.HELD if one.person != s.SECOND)
    second = Holding(s.SECOND, Role.ADMIN, s.COMMUNE, until=LAST)
    whole = replace(s.HERE, holdings=(*others, second)).on(FIRST)
    ends = EndRole(person=s.ADMIN, role=Role.ADMIN, unit=s.COMMUNE)
    with pytest.raises(Refused, match="last_admin"):
        manage(whole, ends, s.SECOND, FIRST)
    dated = Proposal(s.ADMIN, Role.ADMIN, s.COMMUNE, s.SECOND, until=LAST)
    with pytest.raises(Refused, match="last_admin"):
        confirmed(whole, dated)
    two = replace(s.HERE, proposed=(dated,)).on(FIRST)
    assert confirmed(two, dated) == RoleGiven(
        person=s.ADMIN, role=Role.ADMIN, unit=s.COMMUNE, until=LAST
    )


def test_a_guarded_role_is_proposed_with_its_days_and_given_with_them() -> None:
    fact = gives(s.HERE, s.HEAD, Role.ADMIN, LAST, FIRST)
    assert isinstance(fact, RoleProposed)
    now = changed(s.HERE, [fact], s.ADMIN, NOW)
    found = next(one for one in now.proposed if one.person == s.HEAD)
    assert (found.by, found.until) == (s.ADMIN, LAST)
    assert confirmed(now, found).until == LAST


def test_whoever_comes_with_a_merged_unit_keeps_his_days_and_takes_no_head_s_day() -> None:
    comes = Holding(s.ANYBODY, Role.HEAD, s.OTHER, since=LAST)
    clerk = Holding(s.ANYBODY, Role.OFFICE, s.OTHER, until=LAST)
    gone = Holding(s.CLERK, Role.DEPUTY, s.OTHER, until=FIRST - timedelta(days=1))
    whole = replace(IN_A_ROW, holdings=(*IN_A_ROW.holdings, comes, clerk, gone)).on(FIRST)
    facts = change(
        Change(whole, s.ADMIN, FIRST), MergeUnit(seen=whole.units[s.OTHER], into=s.COMMUNE)
    )
    given = [one for one in facts if isinstance(one, RoleGiven)]
    assert [(one.role, one.until) for one in given] == [(Role.OFFICE, LAST)]
    ended = [one.role for one in facts if isinstance(one, RoleEnded)]
    assert sorted(ended) == [Role.HEAD, Role.OFFICE], "what was over has no end any more"


def rows(*people: PersonLine, of: Organisation | None = None, today: date = TODAY) -> Plan:
    """What these rows change on a day."""
    return plan(of or standing(), [], people, today)


A, B = PEOPLE[0], replace(person(9, "n", "X1", Role.HEAD), since=NEXT)


def test_two_heads_in_a_row_stand_in_one_file_and_overlapping_ones_do_not() -> None:
    found = rows(replace(A, until=LAST), B)
    assert not found.faults
    kinds = ["role_dated", "role_dated", "person_new", "role_given"]
    assert [one.key for one in found.changes] == kinds
    now, x1 = after(standing(), found.facts), 3
    led = [now.on(day).head(x1) for day in (TODAY, LAST, NEXT)]
    names = [now.people[one].code if one else None for one in led]
    assert names == ["a", "a", "n"]
    for first, second in ((A, B), (replace(A, until=NEXT), B), (B, replace(B, until=NEXT))):
        wrong = rows(replace(first, row=2), replace(second, row=9, code="m", phone="0911111111"))
        assert [(one.key, one.row) for one in wrong.faults if one.row == 9] == [("two_heads", 9)]


def test_columns_that_are_not_there_leave_the_days_as_they_are() -> None:
    now = after(standing(), rows(replace(A, until=LAST)).facts)
    silent = frozenset({"since", "until"})
    assert rows(replace(A, silent=silent), of=now).facts == []
    assert [one.key for one in rows(A, of=now).changes] == ["role_dated", "role_dated"]
    half = rows(replace(A, since=NEXT, silent=frozenset({"until"})), of=now)
    assert {one.key for one in half.faults} == {"days_crossed"}


def test_roles_of_other_days_have_rows_of_their_own_and_come_out_as_they_went_in() -> None:
    more = replace(A, row=9, roles=(Role.DEPUTY,), since=FIRST, until=LAST)
    now = after(standing(), rows(A, more).facts)
    units, people = table(now.on(TODAY))
    mine = [one for one in people if one.code == "a"]
    assert [(one.roles, one.since, one.until) for one in mine] == [
        ((Role.HEAD, Role.SPOKESPERSON), None, None),
        ((Role.DEPUTY,), FIRST, LAST),
    ]
    assert made(units, people, now).facts == []
    again = rows(A, replace(more, roles=(Role.DEPUTY, Role.HEAD)))
    assert [one.key for one in again.faults] == ["person_twice"]


def test_what_is_over_stands_in_no_row_and_a_row_with_past_days_gives_nothing() -> None:
    now = after(standing(), rows(replace(A, until=LAST)).facts)
    units, people = table(now.on(NEXT))
    assert [one.roles for one in people if one.code == "a"] == [()]
    assert plan(now.on(NEXT), units, people, NEXT).facts == []
    assert plan(now.on(NEXT), BASE, [replace(A, until=LAST)], NEXT).facts == []
    ended = plan(standing(), [], [replace(A, until=TODAY - timedelta(days=1))], TODAY)
    assert [type(one) for one in ended.facts] == [RoleEnded, RoleEnded]


def test_other_days_of_a_guarded_role_are_proposed_once_and_can_be_taken_back() -> None:
    keeper = person(9, "n", "TG", Role.ADMIN)
    now = after(standing(), rows(keeper).facts)
    (waits,) = now.proposed
    now = after(now, [confirmed(now, waits)])
    dated = replace(keeper, until=LAST)
    found = rows(dated, of=now)
    assert [one.key for one in found.changes] == ["role_waits"]
    now = after(now, found.facts)
    assert [one.until for one in now.given_to(waits.person)] == [None], "it is held as it was"
    assert rows(dated, of=now).facts == []
    units, people = table(now)
    assert made(units, people, now).facts == []
    assert [one.key for one in rows(keeper, of=now).changes] == ["role_rejected"]


@pytest.mark.parametrize(
    ("local", "about"),
    [
        ((2027, 1, 1, 7), None),
        ((2027, 1, 1, 8), About.ROLE_ENDS_SOON),
        ((2027, 1, 3, 23), About.ROLE_ENDS_SOON),
        ((2027, 1, 4, 7), About.ROLE_ENDS_SOON),
        ((2027, 1, 4, 8), About.ROLE_ENDS_TODAY),
        ((2027, 1, 4, 23), About.ROLE_ENDS_TODAY),
        ((2027, 1, 5, 0), None),
    ],
)
def test_the_last_working_day_before_and_the_last_day_are_told(
    local: tuple[int, int, int, int], about: About | None
) -> None:
    monday = date(2027, 1, 4)
    calendar = replace(v.TERMS.calendar, holidays=frozenset(), extra_workdays=frozenset())
    whole = replace(
        v.ORGANISATION,
        holdings=(
            *v.ORGANISATION.holdings,
            Holding(v.REPORTER, Role.DEPUTY, v.COMMUNE, until=monday),
            Holding(v.DUTY, Role.OFFICE, v.AGENCY, since=monday, until=monday),
        ),
    )
    moment = datetime(*local, tzinfo=v.ZONE).astimezone(UTC)
    found = [
        one for one in endings(whole.at(moment, v.ZONE), moment, calendar) if one.of == v.COMMUNE
    ]
    assert [one.about for one in found] == ([about] if about else [])
    assert all(one.people == (v.REPORTER, v.WATCH) for one in found)
    assert all(one.key.endswith(f":{v.REPORTER}:deputy:{v.COMMUNE}:2027-01-04") for one in found)


def test_where_a_unit_has_no_clerk_the_administrators_are_told() -> None:
    last = Holding(v.REPORTER, Role.DEPUTY, v.AGENCY, until=LAST)
    whole = replace(v.ORGANISATION, holdings=(*v.ORGANISATION.holdings, last))
    moment = datetime(2026, 12, 31, 9, tzinfo=v.ZONE).astimezone(UTC)
    (found,) = endings(whole.at(moment, v.ZONE), moment, v.TERMS.calendar)
    assert found.people == (v.REPORTER, *whole.admins)
    assert found.about is About.ROLE_ENDS_TODAY and found.holding == last


def test_a_role_that_ends_within_a_fortnight_is_a_gap_to_come() -> None:
    assert ending(IN_A_ROW, LAST - timedelta(days=15)) == []
    assert [one.person for one in ending(IN_A_ROW, LAST - timedelta(days=14))] == [s.HEAD]
    assert ending(IN_A_ROW, NEXT) == []
