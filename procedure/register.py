"""The register of units and people as rows: one for each unit, one for each person in a unit."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from procedure.organisation import Holding, Organisation, Person
from procedure.words import Role, UnitKind


@dataclass(frozen=True, kw_only=True)
class UnitLine:
    """A row about a unit; other units are named by their codes, empty for none."""

    row: int
    code: str
    name: str
    short: str
    kind: UnitKind
    reports_to: str = ""
    department: str = ""
    partner: str = ""
    phone: str = ""
    places: tuple[str, ...] = ()
    into: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """A row about a person in a unit. Who has more than one post has a row for each."""

    row: int
    code: str
    name: str
    short: str
    address: str
    post: str
    phone: str
    email: str
    unit: str
    rank: str
    roles: tuple[Role, ...]
    left: bool = False


def table(organisation: Organisation) -> tuple[list[UnitLine], list[PersonLine]]:
    """The rows that an organisation is, in which every one is named by its key.

    A role that waits for a second administrator stands in them like one that is held. Whoever was
    blanked has no row.
    """
    keys = {unit.id: unit.key for unit in organisation.units.values()}
    units = [
        UnitLine(
            row=0,
            code=unit.key,
            name=unit.name,
            short=unit.short,
            kind=unit.kind,
            phone=unit.phone,
            places=unit.places,
            **{
                name: keys.get(getattr(unit, name) or 0, "")
                for name in ("reports_to", "department", "partner", "into")
            },
        )
        for unit in organisation.units.values()
    ]
    named = [one for one in organisation.people.values() if not one.blanked]
    people = [row for one in named for row in _rows(organisation, one, keys)]
    return units, people


def _rows(
    organisation: Organisation, person: Person, keys: Mapping[int, str]
) -> Iterator[PersonLine]:
    waits = [
        Holding(one.person, one.role, one.unit)
        for one in organisation.proposed
        if one.person == person.id
    ]
    held = (*organisation.held_by(person.id), *waits)
    elsewhere = dict.fromkeys(one.unit for one in held if one.unit != person.unit)
    for unit in (person.unit, *elsewhere):
        yield PersonLine(
            row=0,
            code=person.key,
            name=person.name,
            short=person.short,
            address=person.address,
            post=person.post,
            phone=person.phone,
            email=person.email,
            unit=keys[unit],
            rank=person.rank,
            roles=_held_in(held, unit),
            left=person.left,
        )


def _held_in(held: Iterable[Holding], unit: int) -> tuple[Role, ...]:
    return tuple(one.role for one in held if one.unit == unit)
