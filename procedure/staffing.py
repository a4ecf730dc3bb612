"""What would change if the rows of a register were true.

Every faulty row is named with its reason; while there is one, nothing is to be written. What no
row speaks of stays as it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from procedure.entries import Fact
from procedure.entries_organisation import (
    PersonRegistered,
    RoleEnded,
    RoleGiven,
    RoleProposalRejected,
    RoleProposed,
    UnitRegistered,
)
from procedure.organisation import Former, Organisation, Person, Unit
from procedure.register import PersonLine, UnitLine
from procedure.soundness import digits, goes_round
from procedure.words import Role, UnitKind


@dataclass(frozen=True)
class RowFault:
    """Why a row cannot stand: a key of the words, and its facts."""

    sheet: str
    row: int
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One thing that would change, for people to read: a key of the words, and its facts."""

    key: str
    facts: Mapping[str, Any]


@dataclass
class Plan:
    """What tables come to; `facts` are to be written together, and only when nothing is faulty."""

    facts: list[Fact] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


UNITS, PEOPLE = "units", "people"
_NAMED = ("reports_to", "department", "partner", "into")


def is_guarded(role: Role, unit: Unit | None) -> bool:
    """Whether two administrators must agree before it is given: to keep the organisation, and to
    sit on a standing committee."""
    return role is Role.ADMIN or (unit is not None and unit.kind is UnitKind.STANDING_COMMITTEE)


def plan(
    organisation: Organisation,
    units: Sequence[UnitLine],
    people: Sequence[PersonLine],
    today: date,
) -> Plan:
    """What these rows would change on this day."""
    made = Plan()
    bodies = _Units(organisation, made, today)
    bodies.take(units)
    staff = _People(organisation, bodies.after, made)
    staff.take(people)
    return made


class _Units:
    def __init__(self, organisation: Organisation, made: Plan, today: date) -> None:
        self.made = made
        self.today = today
        self.before = organisation.units
        #: All units as they would be.
        self.after: dict[int, Unit] = dict(organisation.units)
        self.ids = {unit.key.casefold(): unit.id for unit in self.after.values()}

    def take(self, lines: Sequence[UnitLine]) -> None:
        lines = list(self._once(lines))
        following = max(self.before, default=0) + 1
        for line in lines:
            if line.code.casefold() not in self.ids:
                self.ids[line.code.casefold()] = following
                following += 1
        for line in lines:
            unit = self._unit(line)
            if unit is not None:
                self.after[unit.id] = unit
        self._no_circles(lines)
        for line in lines:
            self._note(self.after.get(self.ids[line.code.casefold()]))

    def _once(self, lines: Sequence[UnitLine]) -> Iterator[UnitLine]:
        seen: dict[str, int] = {}
        for line in lines:
            first = seen.setdefault(line.code.casefold(), line.row)
            if first == line.row:
                yield line
            else:
                self._fault(line, "code_twice", code=line.code, first=first)

    def _unit(self, line: UnitLine) -> Unit | None:
        id = self.ids[line.code.casefold()]
        named = {
            name: self._named(line, name)
            for name in ("reports_to", "department", "partner", "into")
        }
        if any(one == 0 for one in named.values()):
            return None
        old = self.before.get(id)
        former = old.former if old else ()
        if old and old.name != line.name:
            former = (*former, Former(name=old.name, until=self.today))
        return Unit(
            id=id,
            name=line.name,
            short=line.short,
            kind=line.kind,
            phone=line.phone,
            places=line.places,
            code=line.code if old is None or old.code else old.code,
            former=former,
            closed=old.closed if old else None,
            **named,
        )

    def _named(self, line: UnitLine, which: str) -> int | None:
        """The unit that a row names; 0 when there is no such one, which is its fault."""
        code = str(getattr(line, which))
        if not code:
            return None
        found = self.ids.get(code.casefold())
        if found is None:
            self._fault(line, f"{which}_unknown", code=code)
            return 0
        if found == self.ids[line.code.casefold()]:
            self._fault(line, f"{which}_itself", code=code)
            return 0
        old = self.before.get(self.ids[line.code.casefold()])
        was = getattr(old, which) if old else None
        if found != was and found in self.before and self.before[found].closed:
            self._fault(line, "unit_closed", code=code)
            return 0
        return found

    def _no_circles(self, lines: Sequence[UnitLine]) -> None:
        for line in lines:
            id = self.ids[line.code.casefold()]
            if goes_round(self.after, id):
                self._fault(line, "circle", code=line.code)

    def _note(self, unit: Unit | None) -> None:
        if unit is None or unit == self.before.get(unit.id):
            return
        old = self.before.get(unit.id)
        self.made.facts.append(UnitRegistered(unit=unit))
        if old is None:
            key = "unit_new"
        elif unit.into is not None and old.into is None:
            key = "unit_merged"
        else:
            key = "unit_renamed" if old.name != unit.name else "unit_changed"
        into = self.after.get(unit.into or 0)
        facts = {
            "name": unit.name,
            "before": old.name if old else None,
            "into": into.name if into else None,
        }
        self.made.changes.append(Change(key, facts))

    def _fault(self, line: UnitLine, key: str, **facts: Any) -> None:
        self.made.faults.append(RowFault(UNITS, line.row, key, facts))


class _People:
    def __init__(self, organisation: Organisation, units: Mapping[int, Unit], made: Plan) -> None:
        self.made = made
        self.before = organisation
        self.units = units
        self.unit_ids = {unit.key.casefold(): unit.id for unit in units.values()}
        self.ids = {one.key.casefold(): one.id for one in organisation.people.values()}
        self.phones = {
            digits(one.phone): one.id for one in organisation.people.values() if not one.blanked
        }
        self.following = max(organisation.people, default=0) + 1
        self.held = {(one.person, one.role, one.unit) for one in organisation.holdings}
        self.after: dict[int, Person] = {}
        self.rows: dict[int, list[PersonLine]] = {}

    def take(self, lines: Sequence[PersonLine]) -> None:
        for line in lines:
            self._take(line)
        self._own_phones()
        for id, rows in self.rows.items():
            self._note(self.after[id], rows)
        self._one_head(lines)

    def _take(self, line: PersonLine) -> None:
        unit = self.unit_ids.get(line.unit.casefold())
        if unit is None:
            self._fault(line, "unit_unknown", code=line.unit)
            return
        if self.units[unit].closed and not line.left:
            self._fault(line, "unit_closed", code=line.unit)
            return
        id = self._id(line)
        if id in self.after:
            first = self.rows[id][0]
            if first.name != line.name:
                self._fault(line, "same_other_name", first=first.row, name=first.name)
            elif any(row.unit.casefold() == line.unit.casefold() for row in self.rows[id]):
                self._fault(line, "person_twice", first=first.row)
            else:
                self.rows[id].append(line)
            return
        old = self.before.people.get(id)
        if old is not None and old.blanked:
            self._fault(line, "person_blanked", code=line.code)
            return
        self.rows[id] = [line]
        self.after[id] = Person(
            id=id,
            name=line.name,
            short=line.short,
            address=line.address,
            post=line.post,
            phone=line.phone,
            unit=unit,
            rank=line.rank,
            code=line.code if old is None or old.code else old.code,
            email=line.email,
            left=line.left,
        )

    def _id(self, line: PersonLine) -> int:
        """Whom a row is about: by his code, without one by his phone."""
        key = line.code.casefold()
        known = self.ids.get(key) if key else self.phones.get(digits(line.phone))
        if known is None:
            known = self.following
            self.following += 1
            if key:
                self.ids[key] = known
            else:
                self.phones.setdefault(digits(line.phone), known)
        return known

    def _own_phones(self) -> None:
        """No two people share a phone: whoever is rung must be who is meant."""
        standing = {**self.before.people, **self.after}
        mine: dict[str, Person] = {}
        for person in sorted(standing.values(), key=lambda one: (one.id in self.after, one.id)):
            number = digits(person.phone)
            if person.left or not number:
                continue
            other = mine.setdefault(number, person)
            if other is not person and person.id in self.after:
                line = self.rows[person.id][0]
                self._fault(line, "phone_twice", phone=person.phone, name=other.name)

    def _note(self, person: Person, rows: Sequence[PersonLine]) -> None:
        old = self.before.people.get(person.id)
        if person != old:
            self.made.facts.append(PersonRegistered(person=person))
            self.made.changes.append(Change(self._kind(person, old), self._of(person)))
        wanted = {
            (role, self.unit_ids[row.unit.casefold()])
            for row in rows
            for role in (() if person.left else row.roles)
        }
        spoken_of = {self.unit_ids[row.unit.casefold()] for row in rows}
        if old is not None and (person.left or old.unit != person.unit):
            spoken_of |= {one.unit for one in self.before.held_by(person.id)}
        have = {(one.role, one.unit) for one in self.before.held_by(person.id)}
        for role, unit in sorted(have - wanted):
            if unit in spoken_of:
                self._ends(person, role, unit)
        waits = {(one.role, one.unit) for one in self.before.proposed if one.person == person.id}
        for role, unit in sorted(waits - wanted):
            if unit in spoken_of:
                self._rejects(person, role, unit)
        for role, unit in sorted(wanted - have - waits):
            self._gives(person, role, unit)

    @staticmethod
    def _kind(person: Person, old: Person | None) -> str:
        if old is None:
            return "person_new"
        if person.left and not old.left:
            return "person_left"
        return "person_moved" if old.unit != person.unit else "person_changed"

    def _of(self, person: Person) -> dict[str, Any]:
        return {"name": person.name, "unit": self.units[person.unit].name}

    def _ends(self, person: Person, role: Role, unit: int) -> None:
        self.held.discard((person.id, role, unit))
        self.made.facts.append(RoleEnded(person=person.id, role=role, unit=unit))
        facts = {"name": person.name, "role": role.value, "unit": self.units[unit].name}
        self.made.changes.append(Change("role_ended", facts))

    def _rejects(self, person: Person, role: Role, unit: int) -> None:
        self.made.facts.append(RoleProposalRejected(person=person.id, role=role, unit=unit))
        facts = {"name": person.name, "role": role.value, "unit": self.units[unit].name}
        self.made.changes.append(Change("role_rejected", facts))

    def _gives(self, person: Person, role: Role, unit: int) -> None:
        guarded = is_guarded(role, self.units.get(unit))
        kind = RoleProposed if guarded else RoleGiven
        if not guarded:
            self.held.add((person.id, role, unit))
        self.made.facts.append(kind(person=person.id, role=role, unit=unit))
        facts = {"name": person.name, "role": role.value, "unit": self.units[unit].name}
        self.made.changes.append(Change("role_waits" if guarded else "role_given", facts))

    def _one_head(self, lines: Iterable[PersonLine]) -> None:
        """A locality is two joined units, each with its own head (conduct §11)."""
        heads: dict[int, list[int]] = {}
        for person, role, unit in sorted(self.held, key=lambda one: (one[2], one[0])):
            if role is Role.HEAD:
                heads.setdefault(unit, []).append(person)
        for line in lines:
            here = self.unit_ids.get(line.unit.casefold(), 0)
            if Role.HEAD not in line.roles or len(heads.get(here, ())) < 2:
                continue
            mine = next((id for id, rows in self.rows.items() if line in rows), None)
            others = [one for one in heads[here] if one != mine]
            named = {**self.before.people, **self.after}[others[0]].name
            self._fault(line, "two_heads", unit=self.units[here].name, name=named)

    def _fault(self, line: PersonLine, key: str, **facts: Any) -> None:
        self.made.faults.append(RowFault(PEOPLE, line.row, key, facts))
