"""Who may change units and the people in them, and what follows for the roles held there."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from procedure.decision import require
from procedure.entries import Fact
from procedure.entries_organisation import (
    PersonRegistered,
    RoleEnded,
    RoleGiven,
    RoleProposalRejected,
    UnitRegistered,
)
from procedure.errors import BadValue, Outdated
from procedure.organisation import Former, Holding, Organisation, Person, Unit
from procedure.rules_staff import cares_for, clerk_in, other_admin
from procedure.soundness import goes_round, whose_phone
from procedure.staff_actions import (
    ChangePerson,
    CloseUnit,
    MergeUnit,
    MoveUnit,
    RegisterPerson,
    RegisterUnit,
    RenameUnit,
    StaffAction,
    UnitAction,
)
from procedure.text import fold
from procedure.words import Role, UnitKind

#: Bodies whose function no other kind of body has: they are merged among themselves only.
_OWN = {UnitKind.PROPAGANDA_DEPARTMENT, UnitKind.STANDING_COMMITTEE, UnitKind.PRESS}
#: A code that is made up: these letters and a free number.
CODE = "DV"


@dataclass(frozen=True)
class Change:
    """The question put to the rules: who asks, on which day, about which organisation.

    `busy` are the units that an open incident needs: who reports it, who directs it.
    """

    organisation: Organisation
    actor: int
    today: date
    busy: Set[int] = frozenset()


def change(asked: Change, action: StaffAction) -> list[Fact]:
    """What follows from it. Raises NotYours, BadValue, Outdated."""
    if isinstance(action, RegisterUnit | UnitAction):
        who = other_admin(asked.organisation, asked.actor)
        require(asked.actor in asked.organisation.admins, "only_admin_units", who)
    if isinstance(action, UnitAction):
        _as_seen(asked, action.seen)
    return _RULES[type(action)](asked, action)


def _as_seen(asked: Change, seen: Unit) -> None:
    now = asked.organisation.units[seen.id]
    _stands(asked.organisation, now.id)
    if now != seen:
        raise Outdated("unit_moved_on", unit=now.id)


def _stands(organisation: Organisation, unit: int) -> None:
    if organisation.units[unit].gone:
        raise BadValue("unit_gone", unit=unit, into=organisation.standing(unit))


def _register(asked: Change, action: RegisterUnit) -> list[Fact]:
    organisation = asked.organisation
    _free_name(organisation, action.name)
    above = organisation.units[action.reports_to] if action.reports_to else None
    if above:
        _stands(organisation, above.id)
    first = organisation.first_of_kind(UnitKind.PROPAGANDA_DEPARTMENT)
    id = max(organisation.units, default=0) + 1
    unit = Unit(
        id=id,
        name=action.name,
        short=action.short,
        kind=action.kind,
        reports_to=action.reports_to,
        department=(above and above.department) or (first.id if first else None),
        code=_free_code(organisation, id),
    )
    return [UnitRegistered(unit=unit)]


def _free_name(organisation: Organisation, name: str, but: int = 0) -> None:
    for one in organisation.units.values():
        if not one.gone and one.id != but and fold(one.name) == fold(name):
            raise BadValue("unit_name_taken", unit=one.id)


def _free_code(organisation: Organisation, number: int) -> str:
    taken = {one.key.casefold() for one in organisation.units.values()}
    while f"{CODE}{number}".casefold() in taken:
        number += 1
    return f"{CODE}{number}"


def _rename(asked: Change, action: RenameUnit) -> list[Fact]:
    unit = action.seen
    if (action.name, action.short) == (unit.name, unit.short):
        raise BadValue("unit_as_it_was", unit=unit.id)
    _free_name(asked.organisation, action.name, but=unit.id)
    former = unit.former
    if action.name != unit.name:
        former = (*former, Former(name=unit.name, until=asked.today))
    return [UnitRegistered(unit=replace(unit, name=action.name, short=action.short, former=former))]


def _move(asked: Change, action: MoveUnit) -> list[Fact]:
    if action.reports_to == action.seen.reports_to:
        raise BadValue("unit_as_it_was", unit=action.seen.id)
    _stands(asked.organisation, action.reports_to)
    moved = replace(action.seen, reports_to=action.reports_to)
    _no_circle(asked.organisation, moved)
    return [UnitRegistered(unit=moved)]


def _no_circle(organisation: Organisation, unit: Unit) -> None:
    if goes_round({**organisation.units, unit.id: unit}, unit.id):
        raise BadValue("unit_circle", unit=unit.id)


def _merge(asked: Change, action: MergeUnit) -> list[Fact]:
    """Its people work in the other unit and keep what they hold; that unit keeps its head, and
    answers for the places of both."""
    organisation, unit, into = asked.organisation, action.seen, action.into
    _stands(organisation, into)
    merged, heir = replace(unit, into=into), organisation.units[into]
    if unit.kind is not heir.kind and _OWN & {unit.kind, heir.kind}:
        raise BadValue("unit_of_other_kind", unit=unit.id, into=into)
    _no_circle(organisation, merged)
    facts: list[Fact] = [UnitRegistered(unit=merged)]
    places = tuple(dict.fromkeys((*heir.places, *unit.places)))
    if places != heir.places:
        facts.append(UnitRegistered(unit=replace(heir, places=places)))
    for person in organisation.people.values():
        if person.unit == unit.id and not person.left:
            facts.append(PersonRegistered(person=replace(person, unit=into)))
    return [*facts, *_roles_moved(organisation, unit, heir)]


def _roles_moved(organisation: Organisation, unit: Unit, into: Unit) -> Iterator[Fact]:
    there = [one for one in organisation.given if one.unit == into.id]
    for held in organisation.given:
        if held.unit != unit.id:
            continue
        yield RoleEnded(person=held.person, role=held.role, unit=unit.id)
        moved = replace(held, unit=into.id)
        if moved in there or (held.role is Role.HEAD and _has_head(there, moved)):
            continue
        yield RoleGiven(
            person=held.person,
            role=held.role,
            unit=into.id,
            since=held.since,
            until=held.until,
        )
    yield from _proposals_ended(organisation, unit.id)


def _has_head(held: Iterable[Holding], coming: Holding) -> bool:
    return any(one.role is Role.HEAD and one.meets(coming) for one in held)


def _proposals_ended(
    organisation: Organisation, unit: int, person: int | None = None
) -> Iterator[Fact]:
    for one in organisation.proposed:
        if one.unit == unit and person in (None, one.person):
            yield RoleProposalRejected(person=one.person, role=one.role, unit=unit)


def _close(asked: Change, action: CloseUnit) -> list[Fact]:
    """Only when nobody and nothing is left there: whoever is asked later must be found."""
    organisation, unit = asked.organisation, action.seen
    if unit.id in asked.busy:
        raise BadValue("unit_has_incident", unit=unit.id)
    works = [one.id for one in organisation.people.values() if one.unit == unit.id]
    works = [one for one in works if not organisation.people[one].left]
    works += [one.person for one in organisation.given if one.unit == unit.id]
    works += [one.person for one in organisation.waiting if one.unit == unit.id]
    if works:
        raise BadValue("unit_has_people", unit=unit.id, person=works[0], people=len(set(works)))
    others = [one for one in organisation.units.values() if not one.gone and one.id != unit.id]
    needs = next((one for one in others if _needs(organisation, one, unit.id)), None)
    if needs is not None:
        raise BadValue("unit_is_needed", unit=unit.id, other=needs.id)
    joined = [one for one in others if _is(organisation, one.partner, unit.id)]
    alone = [UnitRegistered(unit=replace(one, partner=None)) for one in joined]
    return [UnitRegistered(unit=replace(unit, closed=asked.today)), *alone]


def _needs(organisation: Organisation, one: Unit, unit: int) -> bool:
    """Whether a unit is led or advised by another one."""
    return any(_is(organisation, named, unit) for named in (one.reports_to, one.department))


def _is(organisation: Organisation, named: int | None, unit: int) -> bool:
    return named is not None and organisation.standing(named) == unit


def _register_person(asked: Change, action: RegisterPerson) -> list[Fact]:
    organisation = asked.organisation
    _staffs(asked, clerk_in(organisation, asked.actor, action.unit))
    _stands(organisation, action.unit)
    _own_phone(organisation, action.phone)
    person = Person(
        id=max(organisation.people, default=0) + 1,
        name=action.name,
        short=" ".join(action.name.split()[-2:]),
        address=action.address,
        post=action.post,
        phone=action.phone,
        unit=action.unit,
    )
    return [PersonRegistered(person=person)]


def _staffs(asked: Change, as_clerk: bool) -> None:
    """An administrator everywhere, a clerk where he is one."""
    allowed = as_clerk or asked.actor in asked.organisation.admins
    require(allowed, "only_admin_people", other_admin(asked.organisation, asked.actor))


def _own_phone(organisation: Organisation, phone: str, but: int = 0) -> None:
    other = whose_phone(organisation, phone, but)
    if other is not None:
        raise BadValue("phone_taken", person=other.id)


def _change_person(asked: Change, action: ChangePerson) -> list[Fact]:
    organisation = asked.organisation
    old = organisation.people[action.person]
    _staffs(asked, action.unit is None and cares_for(organisation, asked.actor, old))
    if old.left:
        raise BadValue("person_has_left", person=old.id)
    if action.phone is not None:
        _own_phone(organisation, action.phone, but=old.id)
    given = {"post": action.post, "phone": action.phone, "unit": action.unit}
    new: dict[str, Any] = {name: one for name, one in given.items() if one is not None}
    changed = replace(old, **new)
    if changed == old:
        raise BadValue("person_as_he_was", person=old.id)
    return [PersonRegistered(person=changed), *_left_behind(organisation, old, changed.unit)]


def _left_behind(organisation: Organisation, person: Person, unit: int) -> Iterator[Fact]:
    """Who moves to another unit leaves what he holds in the old one."""
    if unit == person.unit:
        return
    _stands(organisation, unit)
    for held in organisation.given_to(person.id):
        if held.unit != person.unit:
            continue
        if held.role is Role.ADMIN and organisation.keeps_alone(person.id):
            raise BadValue("last_admin")
        yield RoleEnded(person=person.id, role=held.role, unit=held.unit)
    yield from _proposals_ended(organisation, person.unit, person.id)


_RULES: Mapping[type[StaffAction], Callable[[Change, Any], list[Fact]]] = {
    RegisterUnit: _register,
    RenameUnit: _rename,
    MoveUnit: _move,
    MergeUnit: _merge,
    CloseUnit: _close,
    RegisterPerson: _register_person,
    ChangePerson: _change_person,
}
