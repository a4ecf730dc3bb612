"""Which figures are about one thing, which of them differ, and which may be used (row 20)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from procedure.facts import Figure, Settlement
from procedure.incident import Incident
from procedure.parties import Party, Post
from procedure.text import fold

#: More digits than any count or measure has.
LONGEST = 18


def written(value: Decimal) -> str:
    """A number as the register keeps it: digits, a point before decimals, no idle noughts."""
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def is_number(value: str) -> bool:
    """Whether `value` is a number just as `written` gives it, not below nought."""
    whole, _, part = value.partition(".")
    digits = (whole + part).isdecimal() and (whole + part).isascii() and bool(whole)
    return digits and len(value) <= LONGEST and written(Decimal(value)) == value


@dataclass(frozen=True)
class Thing:
    """One thing that is counted or measured, as its figures stand now.

    `standing` is each unit's newest figure that nobody has set aside; `set_aside` are those
    that were not chosen, or were measured anew. `opened` is the figure by which the numbers
    came to differ, None while they agree, and `since` when that was; `measuring` says that a new
    measurement is awaited.
    """

    standing: tuple[Figure, ...]
    set_aside: tuple[Figure, ...] = ()
    opened: Figure | None = None
    since: datetime | None = None
    measuring: bool = False

    @property
    def values(self) -> tuple[Figure, ...]:
        """The first figure of each number that stands."""
        return tuple({one.value: one for one in reversed(self.standing)}.values())[::-1]


@dataclass(frozen=True)
class Conflict:
    """Numbers for one thing that differ; `id` is the figure by which they came to differ."""

    id: int
    figures: tuple[Figure, ...]
    values: tuple[Figure, ...]
    since: datetime
    measuring: bool

    @property
    def ids(self) -> tuple[int, ...]:
        """The numbers of its figures."""
        return tuple(one.id for one in self.figures)


def thing_key(figure: Figure) -> tuple[str, str]:
    """What makes two figures figures of one thing: the same words and the same unit."""
    return figure.topic or fold(figure.what), fold(figure.unit)


def things(incident: Incident) -> tuple[Thing, ...]:
    """Every thing of the register, worked out from the figures and choices in their order.

    Figures that came with another incident agreed or differed there first; at the merge the
    two registers become one, and what differs only then differs from that moment on.
    """
    figures, choices = list(incident.figures), list(incident.settlements)
    joins: list[_Join] = []
    for record in incident.live_merged:
        numbers = set(record.numbers.get("figures", {}).values())
        if not numbers:
            continue
        there = [one for one in choices if set(one.figures) <= numbers and one.at < record.at]
        brought = _register([one for one in figures if one.id in numbers], there)
        joins.append(_Join(max(numbers), record.at, brought))
        figures = [one for one in figures if one.id not in numbers]
        choices = [one for one in choices if one not in there]
    return tuple(teller.thing() for teller in _register(figures, choices, joins).tellers.values())


def conflicts(incident: Incident) -> tuple[Conflict, ...]:
    """The numbers that differ now, the oldest difference first; derived, never stored."""
    found = [
        Conflict(
            id=thing.opened.id,
            figures=thing.standing,
            values=thing.values,
            since=thing.since or thing.opened.at,
            measuring=thing.measuring,
        )
        for thing in things(incident)
        if thing.opened
    ]
    return tuple(sorted(found, key=lambda one: one.id))


def unusable(incident: Incident) -> tuple[Figure, ...]:
    """The figures that no statement may use: contested ones, and those that were not chosen.

    A number that stands undisputed for something else ("07 hộ" moved, where 07 and 09 are
    said to be affected) may be used, since somebody has signed for it.
    """
    every = things(incident)
    sure = {_said(one) for thing in every if not thing.opened for one in thing.standing}
    barred = [one for thing in every if thing.opened for one in thing.standing]
    barred += [one for thing in every for one in thing.set_aside]
    return tuple(one for one in barred if _said(one) not in sure)


def thing_of(incident: Incident, figure: Figure) -> Thing:
    """The thing that a figure of this incident is about."""
    return next(
        thing
        for thing in things(incident)
        if any(one.id == figure.id for one in thing.standing + thing.set_aside)
    )


def settler(incident: Incident) -> Party:
    """Who owes the choice: the focal point, before him the duty officer, the head (conduct §10)."""
    if incident.focal_point:
        return Party(Post.FOCAL_POINT)
    sent = incident.submitted_at and not incident.within
    return Party(Post.DUTY_OFFICER if sent else Post.HEAD_OF_UNIT)


def _said(figure: Figure) -> tuple[str, str]:
    return figure.value, fold(figure.unit)


def _register(
    figures: Sequence[Figure], choices: Sequence[Settlement], joins: Sequence["_Join"] = ()
) -> "_Register":
    """All told in order: each choice after the last figure that was known when it was made."""
    events: list[tuple[int, int, Figure | Settlement | _Join]] = [
        *((one.id, 0, one) for one in figures),
        *((one.last, 0, one) for one in joins),
        *((one.after, 1, one) for one in choices),
    ]
    register = _Register()
    for _, _, event in sorted(events, key=lambda one: one[:2]):
        register.hears(event)
    return register


@dataclass(frozen=True)
class _Join:
    """The register of another incident as it stood when it came; `last` is its last number."""

    last: int
    at: datetime
    register: "_Register"


@dataclass
class _Register:
    """The tellers of all things, by what each is about and by the figures told."""

    tellers: dict[tuple[str, str], "_Teller"] = field(default_factory=dict)
    of_figure: dict[int, "_Teller"] = field(default_factory=dict)

    def hears(self, event: Figure | Settlement | _Join) -> None:
        """One event more."""
        if isinstance(event, _Join):
            self._joins(event)
        elif isinstance(event, Figure):
            self._teller(thing_key(event), event.id).reported(event)
        elif event.figures and event.figures[0] in self.of_figure:
            self.of_figure[event.figures[0]].settled(event)

    def _joins(self, join: _Join) -> None:
        told = join.register
        for key, teller in told.tellers.items():
            numbers = [number for number, one in told.of_figure.items() if one is teller]
            self._teller(key, *numbers).joined(teller, join.at)

    def _teller(self, key: tuple[str, str], *numbers: int) -> "_Teller":
        teller = self.tellers.setdefault(key, _Teller())
        self.of_figure |= dict.fromkeys(numbers, teller)
        return teller


@dataclass
class _Teller:
    """Tells how one thing stands, event by event."""

    standing: dict[int, Figure] = field(default_factory=dict)
    set_aside: list[Figure] = field(default_factory=list)
    opened: Figure | None = None
    since: datetime | None = None
    measuring: bool = False

    def reported(self, figure: Figure) -> None:
        """A unit's newest word takes the place of its own older one, or is the first of a new
        measurement."""
        if self.measuring:
            self._keep(figure.value, among=set(self.standing))
            self.measuring = False
        self.standing.pop(figure.of_unit, None)
        self.standing[figure.of_unit] = figure
        self._weigh(figure, figure.at)

    def settled(self, choice: Settlement) -> None:
        """What was not chosen is set aside, or a new measurement is awaited."""
        if choice.chosen is None:
            self.measuring = bool(self.opened)
            return
        chosen = next((f for f in self.standing.values() if f.id == choice.chosen), None)
        if chosen is None:
            return
        weighed = {f.of_unit for f in self.standing.values() if f.id in choice.figures}
        self._keep(chosen.value, among=weighed)
        self.measuring = False
        self._weigh(chosen, choice.at)

    def joined(self, other: "_Teller", at: datetime) -> None:
        """What stands in the other register stands here too; of one unit the newer word."""
        for unit, figure in other.standing.items():
            mine = self.standing.get(unit)
            if mine is None or mine.at <= figure.at:
                self.standing.pop(unit, None)
                self.standing[unit] = figure
        self.set_aside += other.set_aside
        if self.opened is None:
            self.opened, self.since = other.opened, other.since
        self._weigh(max(other.standing.values(), key=lambda one: one.id), at)
        self.measuring = bool(self.opened) and (self.measuring or other.measuring)

    def thing(self) -> Thing:
        """How it stands now."""
        return Thing(
            standing=tuple(self.standing.values()),
            set_aside=tuple(self.set_aside),
            opened=self.opened,
            since=self.since,
            measuring=self.measuring,
        )

    def _keep(self, value: str, among: set[int]) -> None:
        """Sets aside the figures of these units that say another number."""
        for unit in among:
            if self.standing[unit].value != value:
                self.set_aside.append(self.standing.pop(unit))

    def _weigh(self, newest: Figure, at: datetime) -> None:
        if len({figure.value for figure in self.standing.values()}) < 2:
            self.opened = self.since = None
        elif self.opened is None:
            self.opened, self.since = newest, at
