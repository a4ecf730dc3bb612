"""What a register would change: by table where a row is wrong, by property for any register."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure.entries import Fact
from procedure.entries_organisation import (
    RoleProposalRejected,
    RoleProposed,
)
from procedure.evolve_organisation import changed
from procedure.gaps import complete, gaps
from procedure.organisation import Organisation
from procedure.register import PersonLine, UnitLine, table
from procedure.staffing import Plan, plan
from procedure.words import Role, UnitKind

TODAY = date(2026, 11, 29)
NOW = datetime(2026, 11, 29, 5, tzinfo=UTC)


def unit(row: int, code: str, **more: Any) -> UnitLine:
    """A row about a commune."""
    given = {"name": f"Xã {code}", "short": code, "kind": UnitKind.LOCALITY, **more}
    return UnitLine(row=row, code=code, **given)


def person(row: int, code: str, at: str, *roles: Role, **more: Any) -> PersonLine:
    """A row about somebody in a unit."""
    given: dict[str, Any] = {
        "name": f"Người {code}",
        "short": code,
        "address": "ông",
        "post": "",
        "phone": f"09{row:08}",
        "email": "",
        "rank": "",
    }
    return PersonLine(row=row, code=code, unit=at, roles=roles, **{**given, **more})


def after(before: Organisation, facts: list[Fact]) -> Organisation:
    """The organisation once these facts stand in its journal."""
    return changed(before, facts, actor=1, at=NOW)


def made(units: list[UnitLine], people: list[PersonLine], of: Organisation | None = None) -> Plan:
    """The plan for these rows."""
    return plan(of or Organisation(), units, people, TODAY)


BASE = [
    unit(2, "TT", kind=UnitKind.STANDING_COMMITTEE),
    unit(3, "TG", kind=UnitKind.PROPAGANDA_DEPARTMENT, reports_to="TT"),
    unit(4, "X1", reports_to="TT", department="TG"),
    unit(5, "X2", reports_to="TT", department="TG"),
]
PEOPLE = [
    person(2, "a", "X1", Role.HEAD, Role.SPOKESPERSON),
    person(3, "b", "X2", Role.HEAD),
    person(4, "c", "TG", Role.ON_DUTY),
]


def standing() -> Organisation:
    """The base, written."""
    found = made(BASE, PEOPLE)
    assert not found.faults
    return after(Organisation(), found.facts)


WRONG: list[tuple[str, list[UnitLine], list[PersonLine], int]] = [
    ("code_twice", [unit(9, "N1"), unit(10, "n1")], [], 10),
    ("reports_to_unknown", [unit(9, "N1", reports_to="??")], [], 9),
    ("reports_to_itself", [unit(9, "N1", reports_to="N1")], [], 9),
    ("department_unknown", [unit(9, "N1", department="??")], [], 9),
    ("partner_unknown", [unit(9, "N1", partner="??")], [], 9),
    ("into_unknown", [unit(9, "X1", into="??")], [], 9),
    ("circle", [unit(9, "N1", reports_to="N2"), unit(10, "N2", reports_to="N1")], [], 9),
    ("circle", [unit(9, "X1", into="X2"), unit(10, "X2", into="X1")], [], 9),
    ("circle", [unit(9, "TT", kind=UnitKind.STANDING_COMMITTEE, reports_to="X1")], [], 9),
    ("unit_unknown", [], [person(9, "n", "??")], 9),
    ("same_other_name", [], [person(9, "n", "X1"), person(10, "n", "X2", name="Khác")], 10),
    ("person_twice", [], [person(9, "n", "X1"), person(10, "n", "x1")], 10),
    ("phone_twice", [], [person(9, "n", "X1", phone="0900 000 003")], 9),
    ("phone_twice", [], [person(9, "n", "X1", phone="+84 900000003")], 9),
    ("two_heads", [], [person(9, "n", "X1", Role.HEAD)], 9),
    ("two_heads", [], [person(9, "n", "TG", Role.HEAD), person(10, "m", "TG", Role.HEAD)], 9),
]


@pytest.mark.parametrize(("key", "units", "people", "row"), WRONG)
def test_a_faulty_row_is_named_with_its_reason(
    key: str, units: list[UnitLine], people: list[PersonLine], row: int
) -> None:
    found = made(units, people, standing())
    assert (key, row) in [(one.key, one.row) for one in found.faults]


def test_the_same_register_again_changes_nothing() -> None:
    before = standing()
    assert made(BASE, PEOPLE, before).facts == []
    units, people = table(before)
    assert made(units, people, before).facts == []


def test_what_no_row_speaks_of_stays() -> None:
    before = standing()
    found = made([], [replace(PEOPLE[0], post="Bí thư")], before)
    assert [one.key for one in found.changes] == ["person_changed"]
    assert after(before, found.facts).holdings == before.holdings


def test_a_renamed_unit_keeps_its_old_name_with_its_last_day() -> None:
    before = standing()
    now = after(before, made([replace(BASE[2], name="Phường Một")], [], before).facts)
    changed = next(one for one in now.units.values() if one.code == "X1")
    assert changed.name == "Phường Một"
    assert [(one.name, one.until) for one in changed.former] == [("Xã X1", TODAY)]


def test_of_a_merged_unit_whoever_holds_the_new_one_is_found() -> None:
    before = standing()
    ids = {one.code: one.id for one in before.units.values()}
    rows = [replace(PEOPLE[0], roles=())]
    found = made([replace(BASE[2], into="X2")], rows, before)
    assert not found.faults and "unit_merged" in [one.key for one in found.changes]
    now = after(before, found.facts)
    assert now.head(ids["X1"]) == now.head(ids["X2"]) == before.head(ids["X2"])
    assert now.units[ids["X1"]].name == "Xã X1", "its incidents are read under its own name"


def test_a_head_changes_in_one_file_and_who_moves_leaves_his_roles_behind() -> None:
    before = standing()
    rows = [
        replace(PEOPLE[0], unit="X2", roles=(Role.DEPUTY,)),
        person(9, "d", "X1", Role.HEAD),
    ]
    found = made([], rows, before)
    assert not found.faults
    now = after(before, found.facts)
    ids = {one.code: one.id for one in now.people.values()}
    assert now.head(4 - 1) == ids["d"]
    assert [(one.role, one.unit) for one in now.held_by(ids["a"])] == [(Role.DEPUTY, 4)]


def test_who_has_left_holds_nothing_and_frees_his_phone() -> None:
    before = standing()
    rows = [replace(PEOPLE[1], left=True), person(9, "d", "X2", Role.HEAD, phone=PEOPLE[1].phone)]
    found = made([], rows, before)
    assert not found.faults
    now = after(before, found.facts)
    gone = next(one for one in now.people.values() if one.code == "b")
    assert gone.left and now.held_by(gone.id) == ()


def test_guarded_roles_wait_and_are_proposed_once() -> None:
    before = standing()
    rows = [
        replace(PEOPLE[2], roles=(Role.ON_DUTY, Role.ADMIN)),
        person(9, "e", "TT", Role.COMMITTEE_MEMBER),
    ]
    found = made([], rows, before)
    assert [type(one) for one in found.facts if "Role" in type(one).__name__] == [RoleProposed] * 2
    now = after(before, found.facts)
    assert now.admins == () and len(now.proposed) == 2
    assert made([], rows, now).facts == []
    taken_back = made([], [PEOPLE[2]], now)
    assert [type(one) for one in taken_back.facts] == [RoleProposalRejected]


CODES = [f"N{n}" for n in range(6)]


@st.composite
def registers(draw: st.DrawFn) -> tuple[list[UnitLine], list[PersonLine]]:
    """Any register, right or wrong, of a few units and people."""
    near = st.sampled_from(["", *CODES])
    units = [
        unit(
            n,
            draw(st.sampled_from(CODES)),
            kind=draw(st.sampled_from(UnitKind)),
            reports_to=draw(near),
            into=draw(st.sampled_from(["", "", "", *CODES])),
        )
        for n in range(draw(st.integers(0, 6)))
    ]
    people = [
        person(
            n,
            draw(st.sampled_from(["p", "q", "r", "s", ""])),
            draw(st.sampled_from(CODES)),
            *draw(st.lists(st.sampled_from(Role), max_size=3, unique=True)),
            name="Người",
            phone=draw(st.sampled_from(["0900000001", "0900000002", "0900000003"])),
            left=draw(st.booleans()),
        )
        for n in range(draw(st.integers(0, 6)))
    ]
    return units, people


@given(several=st.lists(registers(), min_size=1, max_size=4))
def test_whatever_is_taken_in_no_circle_and_one_head_and_one_phone_each(
    several: list[tuple[list[UnitLine], list[PersonLine]]],
) -> None:
    now = Organisation()
    for units, people in several:
        found = made(units, people, now)
        if found.faults:
            continue
        now = after(now, found.facts)
        assert made(units, people, now).facts == [], "the same again changes nothing"
    for one in now.units.values():
        for which in ("reports_to", "into"):
            at, seen = one, {one.id}
            while (above := getattr(at, which)) is not None:
                assert above not in seen
                seen.add(above)
                at = now.units[above]
    for id in now.units:
        heads = [held for held in now.holdings if held.unit == id and held.role is Role.HEAD]
        assert len(heads) <= 1
    phones = [one.phone for one in now.people.values() if not one.left]
    assert len(phones) == len(set(phones))
    assert all(not now.held_by(one.id) for one in now.people.values() if one.left)
    units, people = table(now)
    assert made(units, people, now).facts == [], "what is written out comes in unchanged"


def test_gaps_name_each_unit_with_whom_it_lacks_and_whom_nothing_rings() -> None:
    now = standing()
    ids = {one.code: one.id for one in now.people.values()}
    on = {ids["a"]: frozenset({"web"}), ids["b"]: frozenset({"web", "telegram"})}
    found = {one.unit: one for one in gaps(now, on)}
    x1, x2 = found[3], found[4]
    assert x1.roles == (Role.ON_DUTY, Role.DEPUTY) and x1.only_web == (ids["a"],)
    assert x2.roles == (Role.SPOKESPERSON, Role.ON_DUTY, Role.DEPUTY)
    assert x2.unreached == x2.only_web == ()
    assert found[2].unreached == (ids["c"],) and Role.HEAD in found[2].roles
    assert complete(now, list(found.values())) == (0, 2)


def test_a_closed_unit_takes_nobody_and_stays_closed_when_the_same_file_comes_again() -> None:
    before = after(Organisation(), made(BASE, []).facts)
    x2 = next(one for one in before.units.values() if one.code == "X2")
    closed = replace(before, units={**before.units, x2.id: replace(x2, closed=TODAY)})
    again = made(BASE, [], closed)
    assert not again.faults and not again.facts
    moved = made([unit(2, "X1", reports_to="X2", department="TG")], [person(3, "1", "X2")], closed)
    assert [one.key for one in moved.faults] == ["unit_closed", "unit_closed"]


def test_a_superior_merged_into_its_subordinate_is_a_circle() -> None:
    rows = [unit(2, "A"), unit(3, "B", reports_to="A")]
    before = after(Organisation(), made(rows, []).facts)
    merged = made([unit(2, "A", into="B")], [], before)
    assert [one.key for one in merged.faults] == ["circle"]
    assert not made([unit(3, "B", reports_to="A", into="A")], [], before).faults
