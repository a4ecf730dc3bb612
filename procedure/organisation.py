"""The organisation of the day as a value: units, people, what they hold (domain.md §3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from procedure.words import Level, Role, UnitKind

#: The levels above an owner, each with its people.
Ladder = tuple[tuple[Level, tuple[int, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Former:
    """A name that a body had, up to and with this day."""

    name: str
    until: date


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A body. `reports_to` is its cấp ủy cấp trên, `department` the propaganda body in charge.

    Its people know it by `code`. One that was merged lives on in the body that it went `into`;
    one that is `closed` (its last day) has nobody any more. Both keep their name.
    """

    id: int
    name: str
    short: str
    kind: UnitKind
    reports_to: int | None = None
    department: int | None = None
    partner: int | None = None
    phone: str = ""
    places: tuple[str, ...] = ()
    code: str = ""
    former: tuple[Former, ...] = ()
    into: int | None = None
    closed: date | None = None

    @property
    def key(self) -> str:
        """What it is called by in a register."""
        return self.code or str(self.id)

    @property
    def gone(self) -> bool:
        """Whether nobody works there any more: it was merged, or closed."""
        return self.into is not None or self.closed is not None


@dataclass(frozen=True, kw_only=True)
class Person:
    """A registered person. `address` is how the press is told of him (ông, bà, anh, chị).

    Who has `left` holds nothing any more; what he did stands under his name.
    """

    id: int
    name: str
    short: str
    address: str
    post: str
    phone: str
    unit: int
    rank: str = ""
    code: str = ""
    email: str = ""
    left: bool = False

    @property
    def key(self) -> str:
        """What he is called by in a register."""
        return self.code or str(self.id)


@dataclass(frozen=True)
class Holding:
    """A role held in a unit."""

    person: int
    role: Role
    unit: int


@dataclass(frozen=True)
class Proposal:
    """A role that a second administrator has still to confirm, and who has proposed it."""

    person: int
    role: Role
    unit: int
    by: int


@dataclass(frozen=True)
class Organisation:
    """Everything the rules ask about people; unknown ids raise KeyError."""

    units: Mapping[int, Unit] = field(default_factory=dict)
    people: Mapping[int, Person] = field(default_factory=dict)
    holdings: tuple[Holding, ...] = ()
    proposed: tuple[Proposal, ...] = ()

    @cached_property
    def ladders(self) -> dict[tuple[Any, ...], Ladder]:
        """Who stands above whom, as `parties.ladder` has found it; it changes with this value."""
        return {}

    @cached_property
    def _by_unit(self) -> Mapping[tuple[Role, int], tuple[int, ...]]:
        table: dict[tuple[Role, int], tuple[int, ...]] = {}
        for held in self.holdings:
            key = (held.role, held.unit)
            table[key] = (*table.get(key, ()), held.person)
        return table

    @cached_property
    def _by_person(self) -> Mapping[int, tuple[Holding, ...]]:
        table: dict[int, tuple[Holding, ...]] = {}
        for held in self.holdings:
            table[held.person] = (*table.get(held.person, ()), held)
        return table

    def holders(self, role: Role, unit: int) -> tuple[int, ...]:
        """The people who hold `role` in `unit`, or in the body that it was merged into."""
        return self._by_unit.get((role, self.standing(unit)), ())

    def standing(self, unit: int) -> int:
        """The body in which a unit lives on: itself, or the one that it was merged into."""
        seen = {unit}
        while (known := self.units.get(unit)) and known.into is not None and known.into not in seen:
            unit = known.into
            seen.add(unit)
        return unit

    def works_at(self, person: int, unit: int) -> bool:
        """Whether a person works where a unit lives on, or in the body joined to it."""
        return self.standing(self.people[person].unit) in self.homes(unit)

    def homes(self, unit: int) -> frozenset[int]:
        """Where a unit lives on, and the body joined to it."""
        known = (self.units.get(unit), self.units.get(self.standing(unit)))
        near = {self.standing(one.id) for one in known if one}
        near |= {self.standing(one.partner) for one in known if one and one.partner}
        return frozenset(near)

    def held_by(self, person: int) -> tuple[Holding, ...]:
        """Everything that `person` holds."""
        return self._by_person.get(person, ())

    @property
    def admins(self) -> tuple[int, ...]:
        """Who keeps the organisation and the rooms, each once, by rising id."""
        return tuple(sorted({one.person for one in self.holdings if one.role is Role.ADMIN}))

    def head(self, unit: int) -> int | None:
        """The head of a unit, or None while the post is empty."""
        heads = self.holders(Role.HEAD, unit)
        return heads[0] if heads else None

    def unit_of(self, person: int) -> Unit:
        """The unit in which a person works."""
        return self.units[self.people[person].unit]

    def first_of_kind(self, kind: UnitKind) -> Unit | None:
        """The first unit of a function, for bodies of which there is one; who is gone, last."""
        found = [unit for unit in self.units.values() if unit.kind is kind]
        return min(found, key=lambda unit: unit.gone, default=None)
