"""What would change if the rows of a register were true.

Every faulty row is named with its reason; while there is one, nothing is to be written. What no
row speaks of stays as it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from procedure.organisation import Former, Holding, Organisation, Person, Unit
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
    staff = _People(organisation, bodies.after, made, today)
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
    def __init__(
        self, organisation: Organisation, units: Mapping[int, Unit], made: Plan, today: date
    ) -> None:
        self.made = made
        self.today = today
        self.before = organisation
        self.units = units
        self.unit_ids = {unit.key.casefold(): unit.id for unit in units.values()}
        self.ids = {one.key.casefold(): one.id for one in organisation.people.values()}
        self.phones = {
            digits(one.phone): one.id for one in organisation.people.values() if not one.blanked
        }
        self.following = max(organisation.people, default=0) + 1
        #: What everybody holds once the rows are true, by itself: other days are kept in its place.
        self.held = {one: one for one in organisation.holdings}
        self.had = _by_person(organisation.holdings)
        self.waited = _by_person(one.holding for one in organisation.proposed)
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
            elif any(row.repeats(line) for row in self.rows[id]):
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
        wanted = {} if person.left else self._wanted(person, rows)
        have, waits = self.had.get(person.id, {}), self.waited.get(person.id, {})
        spoken_of = {self.unit_ids[row.unit.casefold()] for row in rows}
        if old is not None and (person.left or old.unit != person.unit):
            spoken_of |= {one.unit for one in have}
        for one in sorted(have.keys() - wanted.keys(), key=_order):
            if one.unit in spoken_of and not have[one].over(self.today):
                self._ends(person, one)
        for one in sorted(waits.keys(), key=_order):
            if one.unit in spoken_of and one not in wanted and not waits[one].over(self.today):
                self._rejects(person, one)
        for one in sorted(wanted, key=_order):
            held, waiting = have.get(one), waits.get(one)
            if waiting is not None and waiting.days == one.days:
                continue
            if held is None or held.days != one.days:
                self._gives(person, one, again=held is not None)
            elif waiting is not None:
                self._rejects(person, one)

    def _wanted(self, person: Person, rows: Sequence[PersonLine]) -> dict[Holding, Holding]:
        """The roles of his rows, by itself each: those whose days are past are none."""
        found = {}
        for row in rows:
            for role in row.roles:
                one = Holding(person.id, role, self.unit_ids[row.unit.casefold()])
                one = self._days(row, one)
                if not one.over(self.today):
                    found[one] = one
        return found

    def _days(self, row: PersonLine, one: Holding) -> Holding:
        """With what a row says; of what it has no column for, with what stands or waits."""
        known = self.waited.get(one.person, {}).get(one) or self.held.get(one) or one
        since = known.since if "since" in row.silent else row.since
        until = known.until if "until" in row.silent else row.until
        if since and until and since > until:
            self._fault(row, "days_crossed", since=since, until=until)
        return replace(one, since=since, until=until)

    @staticmethod
    def _kind(person: Person, old: Person | None) -> str:
        if old is None:
            return "person_new"
        if person.left and not old.left:
            return "person_left"
        return "person_moved" if old.unit != person.unit else "person_changed"

    def _of(self, person: Person) -> dict[str, Any]:
        return {"name": person.name, "unit": self.units[person.unit].name}

    def _ends(self, person: Person, one: Holding) -> None:
        self.held.pop(one, None)
        self.made.facts.append(RoleEnded(person=person.id, role=one.role, unit=one.unit))
        self._role_changes("role_ended", person, one)

    def _rejects(self, person: Person, one: Holding) -> None:
        self.made.facts.append(RoleProposalRejected(person=person.id, role=one.role, unit=one.unit))
        self._role_changes("role_rejected", person, one)

    def _gives(self, person: Person, one: Holding, *, again: bool) -> None:
        guarded = is_guarded(one.role, self.units.get(one.unit))
        kind = RoleProposed if guarded else RoleGiven
        if not guarded:
            self.held.pop(one, None)
            self.held[one] = one
        fact = kind(
            person=person.id, role=one.role, unit=one.unit, since=one.since, until=one.until
        )
        self.made.facts.append(fact)
        given = "role_dated" if again else "role_given"
        self._role_changes("role_waits" if guarded else given, person, one)

    def _role_changes(self, key: str, person: Person, one: Holding) -> None:
        facts = {
            "name": person.name,
            "role": one.role.value,
            "unit": self.units[one.unit].name,
            "since": one.since,
            "until": one.until,
        }
        self.made.changes.append(Change(key, facts))

    def _one_head(self, lines: Iterable[PersonLine]) -> None:
        """A locality is two joined units, each with its own head (conduct §11)."""
        heads: dict[int, list[Holding]] = {}
        for one in sorted(self.held.values(), key=_order):
            if one.role is Role.HEAD and not one.over(self.today):
                heads.setdefault(one.unit, []).append(one)
        for line in lines:
            here = self.unit_ids.get(line.unit.casefold(), 0)
            if Role.HEAD not in line.roles or len(heads.get(here, ())) < 2:
                continue
            mine = next((id for id, rows in self.rows.items() if line in rows), None)
            own = [one for one in heads[here] if one.person == mine] or heads[here][:1]
            others = [one for one in heads[here] if one.person != mine and one.meets(own[0])]
            if others:
                named = {**self.before.people, **self.after}[others[0].person].name
                self._fault(line, "two_heads", unit=self.units[here].name, name=named)

    def _fault(self, line: PersonLine, key: str, **facts: Any) -> None:
        self.made.faults.append(RowFault(PEOPLE, line.row, key, facts))


def _by_person(held: Iterable[Holding]) -> dict[int, dict[Holding, Holding]]:
    found: dict[int, dict[Holding, Holding]] = {}
    for one in held:
        found.setdefault(one.person, {})[one] = one
    return found


def _order(one: Holding) -> tuple[int, int, str]:
    return one.unit, one.person, one.role.value
