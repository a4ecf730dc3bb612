"""Who may change units and people, row by row, and what can never come of any changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure.entries_organisation import (
    PersonRegistered,
    RoleEnded,
    RoleProposalRejected,
    UnitRegistered,
)
from procedure.errors import Refused
from procedure.evolve_organisation import changed
from procedure.organisation import Former, Holding, Organisation, Person, Proposal, Unit
from procedure.parties import heads
from procedure.rules_staff import manage
from procedure.rules_units import Change, change
from procedure.staff_actions import (
    ChangePerson,
    CloseUnit,
    GiveRole,
    MergeUnit,
    MoveUnit,
    RegisterPerson,
    RegisterUnit,
    RenameUnit,
    StaffAction,
)
from procedure.words import Role, UnitKind

TODAY = date(2026, 11, 29)
NOW = datetime(2026, 11, 29, 5, tzinfo=UTC)
COMMITTEE, DEPARTMENT, COMMUNE, OTHER, EMPTY, GONE, SHUT = range(1, 8)
ADMIN, CLERK, HEAD, NEW_HEAD, ANYBODY, LEFT = range(1, 7)


def unit(id: int, kind: UnitKind = UnitKind.LOCALITY, **more: Any) -> Unit:
    given = {"reports_to": COMMITTEE, "department": DEPARTMENT, **more}
    return Unit(id=id, name=f"Xã {id}", short=f"X{id}", kind=kind, code=f"DV{id}", **given)


UNITS = {
    COMMITTEE: unit(COMMITTEE, UnitKind.STANDING_COMMITTEE, reports_to=None, department=None),
    DEPARTMENT: unit(DEPARTMENT, UnitKind.PROPAGANDA_DEPARTMENT, department=None),
    COMMUNE: unit(COMMUNE, places=("ấp Một", "ấp Hai")),
    OTHER: unit(OTHER, places=("ấp Hai",)),
    EMPTY: unit(EMPTY, reports_to=OTHER),
    GONE: unit(GONE, into=OTHER),
    SHUT: unit(SHUT, closed=date(2026, 1, 1)),
}


def person(id: int, at: int = COMMUNE, **more: Any) -> Person:
    given = {"address": "ông", "post": "cán bộ", "phone": f"09{id:08}", **more}
    return Person(id=id, name=f"Người {id}", short=f"N{id}", unit=at, **given)


PEOPLE = {
    one.id: one
    for one in (
        person(ADMIN, DEPARTMENT),
        person(CLERK),
        person(HEAD),
        person(NEW_HEAD, OTHER),
        person(ANYBODY),
        person(LEFT, left=True),
    )
}
HELD = (
    Holding(ADMIN, Role.ADMIN, DEPARTMENT),
    Holding(CLERK, Role.OFFICE, COMMUNE),
    Holding(HEAD, Role.HEAD, COMMUNE),
    Holding(NEW_HEAD, Role.HEAD, OTHER),
    Holding(ANYBODY, Role.SPOKESPERSON, COMMUNE),
)
WAITS = (Proposal(ANYBODY, Role.ADMIN, COMMUNE, by=ADMIN),)
HERE = Organisation(UNITS, PEOPLE, HELD, WAITS)


def put(
    action: StaffAction, actor: int = ADMIN, of: Organisation = HERE, **more: Any
) -> Organisation:
    """The organisation after an action. Raises Refused."""
    return changed(of, change(Change(of, actor, TODAY, **more), action), actor, NOW)


def registered(**more: Any) -> RegisterUnit:
    given = {"name": "Xã Mới", "short": "Mới", "kind": UnitKind.LOCALITY, "reports_to": COMMITTEE}
    return RegisterUnit(**{**given, **more})


def somebody(**more: Any) -> RegisterPerson:
    given = {"name": "Hồ Thị Mới", "address": "bà", "post": "cán bộ", "phone": "0911 111 111"}
    return RegisterPerson(**{**given, "unit": COMMUNE, **more})


def renamed(seen: Unit = UNITS[COMMUNE], name: str = "Phường Ba", short: str = "P3") -> RenameUnit:
    return RenameUnit(seen=seen, name=name, short=short)


REFUSED: list[tuple[StaffAction, int, str]] = [
    (registered(), CLERK, "only_admin_units"),
    (registered(), ANYBODY, "only_admin_units"),
    (renamed(), CLERK, "only_admin_units"),
    (MoveUnit(seen=UNITS[COMMUNE], reports_to=OTHER), HEAD, "only_admin_units"),
    (MergeUnit(seen=UNITS[COMMUNE], into=OTHER), CLERK, "only_admin_units"),
    (CloseUnit(seen=UNITS[EMPTY]), CLERK, "only_admin_units"),
    (registered(name="xa 3"), ADMIN, "unit_name_taken"),
    (registered(reports_to=SHUT), ADMIN, "unit_gone"),
    (registered(reports_to=GONE), ADMIN, "unit_gone"),
    (renamed(name="XÃ 4"), ADMIN, "unit_name_taken"),
    (renamed(name="Xã 3", short="X3"), ADMIN, "unit_as_it_was"),
    (renamed(UNITS[GONE]), ADMIN, "unit_gone"),
    (renamed(UNITS[SHUT]), ADMIN, "unit_gone"),
    (renamed(replace(UNITS[COMMUNE], name="Xã Cũ")), ADMIN, "unit_moved_on"),
    (MoveUnit(seen=UNITS[COMMUNE], reports_to=COMMITTEE), ADMIN, "unit_as_it_was"),
    (MoveUnit(seen=UNITS[COMMUNE], reports_to=COMMUNE), ADMIN, "unit_circle"),
    (MoveUnit(seen=UNITS[OTHER], reports_to=EMPTY), ADMIN, "unit_circle"),
    (MoveUnit(seen=UNITS[COMMUNE], reports_to=SHUT), ADMIN, "unit_gone"),
    (MergeUnit(seen=UNITS[COMMUNE], into=COMMUNE), ADMIN, "unit_circle"),
    (MergeUnit(seen=UNITS[COMMUNE], into=GONE), ADMIN, "unit_gone"),
    (MergeUnit(seen=UNITS[OTHER], into=EMPTY), ADMIN, "unit_circle"),
    (MergeUnit(seen=UNITS[COMMUNE], into=COMMITTEE), ADMIN, "unit_of_other_kind"),
    (MergeUnit(seen=UNITS[DEPARTMENT], into=OTHER), ADMIN, "unit_of_other_kind"),
    (CloseUnit(seen=UNITS[COMMUNE]), ADMIN, "unit_has_people"),
    (CloseUnit(seen=UNITS[SHUT]), ADMIN, "unit_gone"),
    (somebody(), HEAD, "only_admin_people"),
    (somebody(unit=OTHER), CLERK, "only_admin_people"),
    (somebody(unit=SHUT), ADMIN, "unit_gone"),
    (somebody(phone="+84 9 0000 0003"), ADMIN, "phone_taken"),
    (ChangePerson(person=ANYBODY, phone="090.0000.003"), ADMIN, "phone_taken"),
    (ChangePerson(person=ANYBODY, post="phó"), HEAD, "only_admin_people"),
    (ChangePerson(person=HEAD, phone="0922222222"), CLERK, "only_admin_people"),
    (ChangePerson(person=ANYBODY, unit=OTHER), CLERK, "only_admin_people"),
    (ChangePerson(person=ADMIN, post="phó"), CLERK, "only_admin_people"),
    (ChangePerson(person=ANYBODY, unit=GONE), ADMIN, "unit_gone"),
    (ChangePerson(person=LEFT, post="phó"), ADMIN, "person_has_left"),
    (ChangePerson(person=ANYBODY, post="cán bộ"), ADMIN, "person_as_he_was"),
    (ChangePerson(person=ADMIN, unit=COMMUNE), ADMIN, "last_admin"),
]


@pytest.mark.parametrize(("action", "actor", "key"), REFUSED)
def test_what_cannot_stand_is_refused_with_its_reason(
    action: StaffAction, actor: int, key: str
) -> None:
    with pytest.raises(Refused) as refused:
        put(action, actor)
    assert refused.value.key == key


def test_a_new_unit_has_a_free_code_and_the_propaganda_body_of_its_superior() -> None:
    taken = {**UNITS, SHUT: replace(UNITS[SHUT], code="DV8")}
    made = put(registered(reports_to=OTHER), of=replace(HERE, units=taken)).units[8]
    assert (made.code, made.reports_to, made.department) == ("DV9", OTHER, DEPARTMENT)
    assert put(registered(reports_to=None)).units[8].department == DEPARTMENT
    assert put(registered(name="Xã 7")).units[8].name == "Xã 7", "a closed one's name is free"


def test_a_renamed_unit_keeps_its_old_name_with_its_last_day() -> None:
    made = put(renamed()).units[COMMUNE]
    assert (made.name, made.short) == ("Phường Ba", "P3")
    assert made.former == (Former(name="Xã 3", until=TODAY),)
    only_short = put(renamed(name="Xã 3", short="Ba")).units[COMMUNE]
    assert (only_short.short, only_short.former) == ("Ba", ())


def test_a_merged_unit_s_people_keep_what_they_hold_and_the_other_one_keeps_its_head() -> None:
    made = put(MergeUnit(seen=UNITS[COMMUNE], into=OTHER))
    assert made.units[COMMUNE].into == OTHER and made.units[COMMUNE].name == "Xã 3"
    assert {made.people[one].unit for one in (CLERK, HEAD, ANYBODY)} == {OTHER}
    assert made.people[LEFT].unit == COMMUNE
    assert made.units[OTHER].places == ("ấp Hai", "ấp Một"), "it knows the places of both"
    assert made.holders(Role.HEAD, COMMUNE) == (NEW_HEAD,) and made.held_by(HEAD) == ()
    assert made.holders(Role.SPOKESPERSON, COMMUNE) == (ANYBODY,)
    assert made.holders(Role.OFFICE, OTHER) == (CLERK,)
    assert made.proposed == (), "what was proposed there is proposed anew where it is wanted"


def test_whoever_came_and_whoever_was_there_work_where_the_old_unit_lives_on() -> None:
    made = put(MergeUnit(seen=UNITS[COMMUNE], into=OTHER))
    assert all(made.works_at(one, COMMUNE) for one in (ANYBODY, HEAD, NEW_HEAD))
    assert made.works_at(ANYBODY, OTHER) and not made.works_at(ADMIN, COMMUNE)
    assert not HERE.works_at(NEW_HEAD, COMMUNE)
    joined = replace(HERE, units={**UNITS, COMMUNE: replace(UNITS[COMMUNE], partner=GONE)})
    assert joined.works_at(NEW_HEAD, COMMUNE), "the joined body lives on in his"


def test_a_head_comes_along_to_a_unit_that_has_none() -> None:
    made = put(MergeUnit(seen=UNITS[COMMUNE], into=EMPTY))
    assert made.head(EMPTY) == HEAD


def test_the_last_administrator_stays_one_when_his_unit_is_merged() -> None:
    other = {8: unit(8, UnitKind.PROPAGANDA_DEPARTMENT)}
    of = replace(HERE, units={**UNITS, **other})
    made = put(MergeUnit(seen=UNITS[DEPARTMENT], into=8), of=of)
    assert made.admins == (ADMIN,) and made.people[ADMIN].unit == 8
    first = made.first_of_kind(UnitKind.PROPAGANDA_DEPARTMENT)
    assert first is not None and first.id == 8, "what stands comes before what is gone"


def test_a_unit_is_closed_only_when_nobody_and_nothing_needs_it() -> None:
    made = put(CloseUnit(seen=UNITS[EMPTY]))
    assert made.units[EMPTY].closed == TODAY and made.units[EMPTY].gone
    hindered: tuple[tuple[dict[str, Any], str], ...] = (
        ({"busy": {EMPTY}}, "unit_has_incident"),
        ({"of": replace(HERE, holdings=(*HELD, Holding(ADMIN, Role.ON_DUTY, EMPTY)))}, "people"),
        ({"of": replace(HERE, proposed=(Proposal(ADMIN, Role.HEAD, EMPTY, 1),))}, "people"),
        ({"of": replace(HERE, units={**UNITS, 8: unit(8, reports_to=EMPTY)})}, "needed"),
        ({"of": replace(HERE, units={**UNITS, 8: unit(8, department=EMPTY)})}, "needed"),
    )
    for more, key in hindered:
        with pytest.raises(Refused, match=key):
            put(CloseUnit(seen=UNITS[EMPTY]), **more)


def test_whoever_reported_to_a_merged_unit_bars_the_closing_of_its_heir() -> None:
    units = {**UNITS, GONE: replace(UNITS[GONE], into=EMPTY), 8: unit(8, reports_to=GONE)}
    with pytest.raises(Refused, match="unit_is_needed"):
        put(CloseUnit(seen=units[EMPTY]), of=replace(HERE, units=units))


def test_the_body_joined_to_a_closed_one_stands_alone() -> None:
    units = {**UNITS, 8: unit(8, partner=EMPTY)}
    made = put(CloseUnit(seen=units[EMPTY]), of=replace(HERE, units=units))
    assert made.units[8].partner is None


def test_nobody_is_given_a_role_in_a_unit_that_is_no_more() -> None:
    for gone in (GONE, SHUT):
        with pytest.raises(Refused, match="unit_gone"):
            manage(HERE, GiveRole(person=ANYBODY, role=Role.STAFF, unit=gone), ADMIN)


@pytest.mark.parametrize("actor", [ADMIN, CLERK])
def test_somebody_new_is_registered_by_an_administrator_or_the_clerk_of_the_unit(
    actor: int,
) -> None:
    made = put(somebody(), actor).people[7]
    assert (made.name, made.short, made.unit, made.left) == (
        "Hồ Thị Mới",
        "Thị Mới",
        COMMUNE,
        False,
    )
    assert put(ChangePerson(person=ANYBODY, post="phó"), actor).people[ANYBODY].post == "phó"


def test_who_has_left_has_no_phone_any_more() -> None:
    assert put(somebody(phone=PEOPLE[LEFT].phone)).people[7].phone == PEOPLE[LEFT].phone


def test_who_moves_to_another_unit_leaves_what_he_holds_there() -> None:
    held = (*HELD, Holding(ANYBODY, Role.SECRETARY, COMMITTEE))
    of = replace(HERE, holdings=held)
    facts = change(Change(of, ADMIN, TODAY), ChangePerson(person=ANYBODY, unit=OTHER))
    assert facts == [
        PersonRegistered(person=replace(PEOPLE[ANYBODY], unit=OTHER)),
        RoleEnded(person=ANYBODY, role=Role.SPOKESPERSON, unit=COMMUNE),
        RoleProposalRejected(person=ANYBODY, role=Role.ADMIN, unit=COMMUNE),
    ]


def test_every_fact_about_a_unit_is_a_whole_unit() -> None:
    for action in (renamed(), MoveUnit(seen=UNITS[COMMUNE], reports_to=OTHER)):
        (fact,) = change(Change(HERE, ADMIN, TODAY), action)
        assert isinstance(fact, UnitRegistered) and fact.unit.id == COMMUNE


Edit = Callable[[Organisation, int, int], StaffAction]
EDITS: tuple[Edit, ...] = (
    lambda of, one, other: registered(name=f"Xã mới {one} {other}", reports_to=one),
    lambda of, one, other: renamed(of.units[one], f"Tên {other}", f"T{other}"),
    lambda of, one, other: MoveUnit(seen=of.units[one], reports_to=other),
    lambda of, one, other: MergeUnit(seen=of.units[one], into=other),
    lambda of, one, other: CloseUnit(seen=of.units[one]),
    lambda of, one, other: somebody(phone=f"0933{one:03}{other:03}", unit=one),
    lambda of, one, other: ChangePerson(person=other % len(of.people) + 1, unit=one),
    lambda of, one, other: GiveRole(person=other % len(of.people) + 1, role=Role.HEAD, unit=one),
)
STEPS = st.lists(
    st.tuples(st.integers(0, len(EDITS) - 1), st.integers(0, 40), st.integers(0, 40)), max_size=25
)


@given(STEPS)
def test_whatever_is_edited_no_circle_results_and_no_unit_has_two_heads(
    steps: list[tuple[int, int, int]],
) -> None:
    now = HERE
    for which, one, other in steps:
        ids = sorted(now.units)
        action = EDITS[which](now, ids[one % len(ids)], ids[other % len(ids)])
        try:
            if isinstance(action, GiveRole):
                now = changed(now, manage(now, action, ADMIN), ADMIN, NOW)
            else:
                now = put(action, of=now)
        except Refused:
            continue
        sound(now)


def sound(now: Organisation) -> None:
    """What must hold whatever was edited."""
    for one in now.units:
        seen = [now.standing(one)]
        while (above := now.units[seen[-1]].reports_to) is not None:
            seen.append(now.standing(above))
            assert seen.count(seen[-1]) == 1, "a circle of superiors"
        heir = now.units[now.standing(one)]
        assert heir.into is None, "a circle of mergers"
        assert len(now.holders(Role.HEAD, one)) <= 1
        assert heads(one, now) == tuple(dict.fromkeys(heads(one, now)))
    gone = {one.id for one in now.units.values() if one.gone}
    working = {one.unit for one in now.people.values() if not one.left}
    assert not gone & (working | {held.unit for held in now.holdings})
    assert now.admins == (ADMIN,)
    phones = [one.phone for one in now.people.values() if not one.left]
    assert len(phones) == len(set(phones))
    codes = [one.key for one in now.units.values()]
    assert len(codes) == len(set(codes))
