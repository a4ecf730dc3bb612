"""The rows of a policy: allowances, patterns, duties, and what can be wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Literal

from procedure.calendar import Calendar, Window
from procedure.words import Level, Severity

Basis = Literal["house", "legal"]


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a policy: where it stands, the key of the sentence, its facts."""

    where: str
    key: str
    facts: Mapping[str, str | int]


class PolicyFault(Exception):
    """A policy text that cannot be used; ``faults`` names everything wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(f"{fault.where}: {fault.key}" for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Allowance:
    """A length of time: of the clock, or in working days; never both."""

    clock: timedelta = timedelta(0)
    working_days: int = 0

    @property
    def least(self) -> timedelta:
        """The shortest it can take by the clock: a working day is at least 24 hours."""
        return self.clock + timedelta(days=self.working_days)

    def after(self, start: datetime, calendar: Calendar) -> datetime:
        """The moment this long after an aware ``start``, UTC."""
        if self.working_days:
            return calendar.add_working_days(start, self.working_days)
        return start.astimezone(UTC) + self.clock

    def before(self, event: datetime, calendar: Calendar) -> datetime:
        """The moment this long before an aware ``event``, UTC."""
        if self.working_days:
            return calendar.add_working_days(event, -self.working_days)
        return event.astimezone(UTC) - self.clock


@dataclass(frozen=True)
class Climb:
    """One automatic step of a ladder. Exactly one of the three times is set."""

    level: Level
    #: time after due
    after: Allowance | None = None
    #: time left before due
    left: timedelta | None = None
    #: percent of the allowance, 100 or more
    share: int | None = None


@dataclass(frozen=True)
class Pattern:
    """How one kind of duty is reminded of. ``ladder.rungs`` turns it into moments."""

    name: str
    #: owner rings at these percents of the allowance; 100 is the due moment
    shares: tuple[int, ...]
    #: owner rings with this much time left
    lefts: tuple[timedelta, ...]
    #: these levels hear every ring up to due together with the owner
    together: tuple[Level, ...]
    #: a fixed ring at the due moment: the legal term is broken
    breach: bool
    #: gap and number of the owner's rings after due
    repeat: timedelta
    most: int
    #: rings fall only into this local window of the day
    window: Window | None
    #: rings stand at this local time of their day
    daily_at: time | None
    climb: tuple[Climb, ...]
    #: reached only when a person presses, never by the clock
    by_hand: tuple[Level, ...]
    #: after the last of all these: gaps double up to this one, for ever
    tail_cap: timedelta
    tail_in_office: bool
    #: repeat, window and tail are those of the severity
    tail_by_severity: bool
    #: the owner hears once, at due; the tail goes to all climbed levels, never to him
    spares_owner: bool

    @cached_property
    def automatic(self) -> tuple[Level, ...]:
        """The levels that the clock may reach, in order."""
        return tuple(one.level for one in self.climb)

    @cached_property
    def by_the_clock(self) -> bool:
        """Whether no rung of it waits for an hour, a window, an office or a working day."""
        waits = self.window is not None or self.daily_at is not None or self.tail_in_office
        return not waits and not any(one.after and one.after.working_days for one in self.climb)

    @cached_property
    def shapes(self) -> dict[Any, Any]:
        """What ladders of it were found to look like, by what decides that."""
        return {}


@dataclass(frozen=True)
class DutyRow:
    """One row of the table of obligations."""

    key: str
    label: str
    #: what starts its clock; with ``lead`` the event before which it must be done
    since: str
    lead: bool
    #: paragraph of the duty table of the regulation (1..41), or the key of a law
    clause: int | str
    allowances: Mapping[Severity, Allowance]
    #: name of a pattern, "level" (by severity) or "none" (no ladder)
    pattern: str
    basis: Basis
    basis_text: str | None
    confirmed: bool
    confirmed_on: date | None
    #: of a watch: gap between reports, how long it lasts, local times of the day
    every: Mapping[Severity, Allowance]
    lasts: Mapping[Severity, Allowance]
    at_times: Mapping[Severity, tuple[time, ...]]

    @property
    def legal_badge(self) -> bool:
        """Whether "hạn luật định" may be shown: law, and confirmed by a clerk."""
        return self.basis == "legal" and self.confirmed and self.confirmed_on is not None


@dataclass(frozen=True)
class Manners:
    """The numbers of conduct that are no deadline."""

    #: undelivered this long, a ring goes to the next channel
    patience: Mapping[Severity, timedelta]
    #: local hours without sound
    quiet: Window
    #: spans of a working day, local
    office_hours: tuple[Window, ...]
    #: local hours in which "mai", "hôm nay" are asked back
    after_midnight: Window
    messages_per_hour: int
    #: rings of one person this close become one message
    merge_within: timedelta
    #: photos and lines of one person this close are one answer
    intake_within: timedelta
    extension_choices: tuple[timedelta, ...]
    #: percent of the allowance which the owner may add by himself
    extension_share: int


#: Nothing that has an end is forgotten sooner: answers come late, and are asked about later.
LEAST_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Retention:
    """How long is kept what is neither in the journal nor in a case file."""

    #: the body of an update, after it was handled
    inbox: timedelta = timedelta(days=180)
    #: a sign-in or an invitation, after its end
    sessions: timedelta = timedelta(days=90)
