"""T8: the report of units without a valid spokesperson is exact, for any organisation."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure.gaps import NEEDED, gaps, lacking, valid_speakers
from procedure.organisation import Holding, Organisation, Person, Unit
from procedure.words import Role, UnitKind
from tests.procedure import village as v

#: Most of them speak, most bodies must: else most examples would show nothing.
ROLES = (*3 * [Role.SPOKESPERSON], Role.HEAD, Role.DEPUTY, Role.ON_DUTY, Role.STAFF)
SPEAK = (UnitKind.LOCALITY, UnitKind.DEPARTMENT, UnitKind.ESTABLISHMENT)
PHONES = ("0912 000 001", "", "  ")


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    """Any few units, merged or not, with people who stay or left, with a telephone or none."""
    size = draw(st.integers(1, 3))
    into = [draw(st.one_of(st.none(), st.integers(1, size))) for _ in range(size)]
    units = {
        id: Unit(
            id=id,
            name=f"U{id}",
            short=f"U{id}",
            kind=draw(st.sampled_from([*2 * SPEAK, *UnitKind])),
            into=into[id - 1] if into[id - 1] != id else None,
        )
        for id in range(1, size + 1)
    }
    people = {
        id: Person(
            id=id,
            name=f"P{id}",
            short=f"P{id}",
            address="ông",
            post="",
            phone=draw(st.sampled_from(PHONES)),
            unit=draw(st.integers(1, size)),
            left=draw(st.booleans()),
        )
        for id in range(1, draw(st.integers(0, 6)) + 1)
    }
    # Person 9 is registered nowhere.
    held = st.builds(
        Holding,
        st.sampled_from([*people, 9]),
        st.sampled_from(ROLES),
        st.integers(1, size),
    )
    return Organisation(units, people, tuple(draw(st.lists(held, max_size=12, unique=True))))


def without_speaker(organisation: Organisation) -> set[int]:
    """The naive second computation: unit by unit, holding by holding."""
    found = set()
    for unit in organisation.units.values():
        if unit.into is not None or unit.kind not in SPEAK:
            continue
        can = False
        for holding in organisation.holdings:
            if holding.unit == unit.id and holding.role == "spokesperson":
                person = organisation.people.get(holding.person)
                if person is not None and not person.left and person.phone.split():
                    can = True
        if not can:
            found.add(unit.id)
    return found


@pytest.mark.duty("T8")
@given(organisations())
def test_the_report_of_units_without_a_valid_speaker_is_exact(organisation: Organisation) -> None:
    reported = {one.unit for one in gaps(organisation, {}) if Role.SPOKESPERSON in one.roles}
    assert reported == without_speaker(organisation)


@given(organisations())
def test_every_other_role_is_lacking_when_nobody_registered_and_present_holds_it(
    organisation: Organisation,
) -> None:
    for unit in organisation.units.values():
        if unit.into is not None:
            continue
        holds = {
            one.role
            for one in organisation.holdings
            if one.unit == unit.id
            and one.person in organisation.people
            and not organisation.people[one.person].left
        }
        wanted = set(NEEDED[unit.kind]) - {Role.SPOKESPERSON}
        assert set(lacking(organisation, unit)) - {Role.SPOKESPERSON} == wanted - holds


@pytest.mark.parametrize(("phone", "valid"), [("0912 000 001", True), ("", False), (" ", False)])
def test_a_speaker_without_a_telephone_is_none_though_he_may_head_the_unit(
    phone: str, valid: bool
) -> None:
    person = replace(v.ORGANISATION.people[v.HEAD], phone=phone)
    now = replace(v.ORGANISATION, people={**v.ORGANISATION.people, v.HEAD: person})
    held = {one.role for one in now.held_by(v.HEAD) if one.unit == v.COMMUNE}
    assert {Role.HEAD, Role.SPOKESPERSON} <= held
    assert valid_speakers(now, v.COMMUNE) == ((v.HEAD,) if valid else ())
    missing = lacking(now, now.units[v.COMMUNE])
    assert (Role.SPOKESPERSON not in missing) is valid and Role.HEAD not in missing


def test_a_quarter_that_its_head_has_not_confirmed_is_a_gap_of_who_must_speak_only() -> None:
    now = replace(v.ORGANISATION, confirmed={v.COMMUNE: "2026-Q4"})
    waits = {one.unit for one in gaps(now, {}, "2026-Q4") if one.unconfirmed}
    assert v.COMMUNE not in waits and v.COMMITTEE not in waits
    assert {one.unit for one in gaps(now, {}, "2027-Q1") if one.unconfirmed} == {v.COMMUNE, *waits}
    assert not any(one.unconfirmed for one in gaps(now, {}))
