"""The organisation of the day as a value: units, people, what they hold (domain.md §3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from typing import Any, ClassVar

from procedure.arrangements import PASSES_ON, Absence, Delegation, Roster
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

    Who has `left` holds nothing any more; what he did stands under his name. Of whom was `blanked`
    nothing is kept but his number, his unit and his code; he is called what an administrator's
    templates call all of those.
    """

    #: His own words: in the journal they stand apart and can be erased.
    apart: ClassVar[tuple[str, ...]] = (
        "name",
        "short",
        "address",
        "post",
        "phone",
        "rank",
        "email",
    )
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
    blanked: bool = False

    @property
    def key(self) -> str:
        """What he is called by in a register."""
        return self.code or str(self.id)

    def unnamed(self, name: str, post: str, address: str) -> "Person":
        """He without anything of his own, called as all who were blanked."""
        words: dict[str, Any] = dict.fromkeys(self.apart, "")
        words |= {"name": name, "short": name, "post": post, "address": address}
        return replace(self, **words, blanked=True)


@dataclass(frozen=True)
class Holding:
    """A role held in a unit, from its first local day up to and with its last; None: open.

    It is the same holding whatever its days are.
    """

    person: int
    role: Role
    unit: int
    since: date | None = field(default=None, compare=False)
    until: date | None = field(default=None, compare=False)

    @property
    def days(self) -> tuple[date | None, date | None]:
        """Its first and its last day."""
        return self.since, self.until

    def on(self, day: date) -> bool:
        """Whether it is held on a day."""
        return not self.over(day) and (self.since is None or self.since <= day)

    def over(self, day: date) -> bool:
        """Whether its last day is past."""
        return self.until is not None and self.until < day

    def meets(self, other: "Holding") -> bool:
        """Whether there is a day on which both are held."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return first <= last

    @property
    def first(self) -> date:
        """Its first day; of an open one the first there is."""
        return self.since or date.min

    @property
    def last(self) -> date:
        """Its last day; of an open one the last there is."""
        return self.until or date.max


@dataclass(frozen=True)
class Proposal:
    """A role that a second administrator has still to confirm, who has proposed it, and for which
    days."""

    person: int
    role: Role
    unit: int
    by: int
    since: date | None = None
    until: date | None = None

    @property
    def holding(self) -> Holding:
        """What it comes to once it is confirmed."""
        return Holding(self.person, self.role, self.unit, self.since, self.until)


@dataclass(frozen=True)
class Organisation:
    """Everything the rules ask about people; unknown ids raise KeyError.

    `away`, `on_shift` and `day` are of one moment (`at`): who is away and who acts for him; who is
    on duty in a unit by its roster; which local day it is, where a role begins or ends by its day.
    `holdings` are all that were given and not ended, `held` those of the day.
    """

    units: Mapping[int, Unit] = field(default_factory=dict)
    people: Mapping[int, Person] = field(default_factory=dict)
    holdings: tuple[Holding, ...] = ()
    proposed: tuple[Proposal, ...] = ()
    #: By unit the last quarter ("2026-Q4") for which its head confirmed who speaks for it.
    confirmed: Mapping[int, str] = field(default_factory=dict)
    delegations: tuple[Delegation, ...] = ()
    absences: tuple[Absence, ...] = ()
    rosters: Mapping[int, Roster] = field(default_factory=dict)
    away: Mapping[int, int] = field(default_factory=dict)
    on_shift: Mapping[int, int] = field(default_factory=dict)
    day: date | None = None

    def at(self, now: datetime, zone: tzinfo) -> "Organisation":
        """As it stands at a moment (UTC): stand-ins act, duty is as the rosters say, and roles are
        held by their days in the zone."""
        today = self.on(now.astimezone(zone).date())
        away = {one.person: one.stand_in for one in self.absences if one.holds_at(now)}
        on_shift: dict[int, int] = {}
        for unit, roster in self.rosters.items():
            person = roster.on_duty(now, zone)
            if person is not None and self.is_here(person):
                on_shift[unit] = person
        if away == self.away and on_shift == self.on_shift:
            return today
        return replace(today, away=away, on_shift=on_shift)

    def on(self, day: date) -> "Organisation":
        """The same with the roles that are held on a local day; itself where none has days."""
        if not self._turning or self.day == day:
            return self
        return replace(self, day=day)

    def until(self, now: datetime, zone: tzinfo) -> datetime:
        """Until when (UTC) what `at` said of a moment is true, but for what is arranged anew."""
        marks = [mark for one in self.absences for mark in (one.since, one.until)]
        marks += [one.change_after(now, zone) for one in self.rosters.values()]
        marks += [
            datetime.combine(day, time(), zone).astimezone(UTC)
            for one in self._turning
            for day in (one.since, one.until and one.until + timedelta(days=1))
            if day
        ]
        return min((one for one in marks if one > now), default=datetime.max.replace(tzinfo=UTC))

    def in_own_names(self) -> "Organisation":
        """The same as if nobody acted for anybody who is away."""
        return replace(self, away={}) if self.away else self

    def is_here(self, person: int) -> bool:
        """Whether a person is registered and has not left for good."""
        return person in self.people and not self.people[person].left

    @cached_property
    def posts(self) -> dict[tuple[Any, ...], tuple[int, ...]]:
        """Who holds which post, as `parties.resolve` has found it; it changes with this value."""
        return {}

    @cached_property
    def ladders(self) -> dict[tuple[Any, ...], Ladder]:
        """Who stands above whom, as `parties.ladder` has found it; it changes with this value."""
        return {}

    @cached_property
    def dated(self) -> tuple[Holding, ...]:
        """The holdings that begin or end by their day."""
        return tuple(one for one in self.holdings if one.since or one.until)

    @cached_property
    def _turning(self) -> tuple[Holding, ...]:
        """The same with what is proposed for certain days."""
        return (*self.dated, *(one.holding for one in self.proposed if one.since or one.until))

    @property
    def waiting(self) -> tuple[Proposal, ...]:
        """What is proposed and not for days that are past."""
        day = self.day
        if day is None:
            return self.proposed
        return tuple(one for one in self.proposed if not one.holding.over(day))

    @cached_property
    def held(self) -> tuple[Holding, ...]:
        """What is held on the day; all that was given where no day is meant."""
        day = self.day
        return self.holdings if day is None else tuple(one for one in self.holdings if one.on(day))

    @cached_property
    def given(self) -> tuple[Holding, ...]:
        """What is held on the day and what begins later."""
        day = self.day
        if day is None:
            return self.holdings
        return tuple(one for one in self.holdings if not one.over(day))

    @cached_property
    def _by_unit(self) -> Mapping[tuple[Role, int], tuple[int, ...]]:
        table: dict[tuple[Role, int], tuple[int, ...]] = {}
        for held in self.held:
            key = (held.role, held.unit)
            table[key] = (*table.get(key, ()), held.person)
        return table

    @cached_property
    def _by_person(self) -> Mapping[int, tuple[Holding, ...]]:
        return _each(self.held)

    @cached_property
    def _given_by_person(self) -> Mapping[int, tuple[Holding, ...]]:
        return self._by_person if self.given == self.held else _each(self.given)

    def holders(self, role: Role, unit: int) -> tuple[int, ...]:
        """The people who hold `role` in `unit`, or in the body that it was merged into.

        Whoever acts for somebody who is away comes before him, and who is on duty by the roster
        before all others of this role.
        """
        unit = self.standing(unit)
        found = self._by_unit.get((role, unit), ())
        shift = self.on_shift.get(unit) if role is Role.ON_DUTY else None
        if shift is None and not (self.away and role in PASSES_ON):
            return found
        if shift is not None:
            found = (shift, *found)
        whole = (one for held in found for one in self._with_stand_in(held))
        return tuple(dict.fromkeys(whole))

    def _with_stand_in(self, person: int) -> tuple[int, ...]:
        acts = self.acting(person)
        return (acts, person) if acts != person else (person,)

    def acting(self, person: int) -> int:
        """Who acts for a person now: himself, or while he is away the one who stands in."""
        seen = {person}
        found = person
        while (following := self.away.get(found)) is not None and following not in seen:
            found = following
            seen.add(found)
        return found if self.is_here(found) else person

    def acts_for(self, actor: int, person: int) -> bool:
        """Whether `actor` is this person, or acts for him now."""
        return actor == person or (bool(self.away) and self.acting(person) == actor)

    def absent(self, stand_in: int) -> tuple[int, ...]:
        """The people for whom somebody acts now."""
        return tuple(one for one in self.away if self.acting(one) == stand_in)

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

    def given_to(self, person: int) -> tuple[Holding, ...]:
        """Everything that `person` holds, and what begins later."""
        return self._given_by_person.get(person, ())

    def keeps_alone(self, person: int) -> bool:
        """Whether he keeps the organisation and nobody else does without a last day."""
        others = (one for one in self.held if one.role is Role.ADMIN and one.person != person)
        return person in self.admins and all(one.until for one in others)

    @cached_property
    def admins(self) -> tuple[int, ...]:
        """Who keeps the organisation and the rooms, each once, by rising id."""
        return tuple(sorted({one.person for one in self.held if one.role is Role.ADMIN}))

    def head(self, unit: int) -> int | None:
        """The head of a unit, here or away; None while the post is empty."""
        heads = self._by_unit.get((Role.HEAD, self.standing(unit)), ())
        return heads[0] if heads else None

    def unit_of(self, person: int) -> Unit:
        """The unit in which a person works."""
        return self.units[self.people[person].unit]

    def first_of_kind(self, kind: UnitKind) -> Unit | None:
        """The first unit of a function, for bodies of which there is one; who is gone, last."""
        found = [unit for unit in self.units.values() if unit.kind is kind]
        return min(found, key=lambda unit: unit.gone, default=None)


def _each(held: Iterable[Holding]) -> Mapping[int, tuple[Holding, ...]]:
    """By person what he holds."""
    table: dict[int, tuple[Holding, ...]] = {}
    for one in held:
        table[one.person] = (*table.get(one.person, ()), one)
    return table
