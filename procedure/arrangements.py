"""Who acts for whom, and until when: papers to speak, absences, rosters (domain.md §1, §3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from procedure.codec import Prose
from procedure.facts import FileRef
from procedure.words import Role

#: What goes over to a stand-in. Nobody keeps the organisation, sits on the standing committee or
#: speaks in another's stead: that wants a second administrator, a vote, a paper.
PASSES_ON = frozenset({Role.HEAD, Role.DEPUTY, Role.ON_DUTY, Role.OFFICE, Role.SECRETARY})
_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Delegation:
    """A signed paper by which a person may speak for a unit: of one incident, or of one field.

    Good from `since` until `until` (UTC) once the head has `confirmed` it; he may end it.
    """

    id: int
    person: int
    unit: int
    document: Prose
    dated: date
    since: datetime
    until: datetime
    #: The incident, or the kind of incidents, that it is about.
    stream: str | None = None
    field: str | None = None
    paper: tuple[FileRef, ...] = ()
    by: int = 0
    confirmed_by: int | None = None
    ended_at: datetime | None = None

    def covers(self, stream: str, kind: str | None) -> bool:
        """Whether an incident of this kind is in its scope."""
        return self.stream == stream or (self.field is not None and self.field == kind)

    def why_not(self, now: datetime) -> str | None:
        """Why it is not good at a moment (UTC): waits, ended, not_yet, over; None where it is."""
        if self.ended_at is not None:
            return "ended"
        if self.confirmed_by is None:
            return "waits"
        if now < self.since:
            return "not_yet"
        return "over" if now >= self.until else None


@dataclass(frozen=True, kw_only=True)
class Absence:
    """A person is away from `since` until `until` (UTC); a stand-in who accepted acts for him."""

    id: int
    person: int
    stand_in: int
    since: datetime
    until: datetime
    by: int = 0
    accepted_at: datetime | None = None
    ended_at: datetime | None = None

    def stands(self) -> bool:
        """Whether nobody has ended or declined it."""
        return self.ended_at is None

    def holds_at(self, now: datetime) -> bool:
        """Whether the stand-in acts at a moment (UTC)."""
        return self.stands() and self.accepted_at is not None and self.since <= now < self.until


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A turn of duty that comes every week: from a local weekday (0: Monday) on, `start` minutes
    after midnight."""

    weekday: int
    start: int
    hours: int
    person: int

    @property
    def begins(self) -> time:
        """The local time at which it begins."""
        return time(self.start // 60, self.start % 60)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One stretch of duty (UTC) that somebody takes over from whom the week names."""

    since: datetime
    until: datetime
    person: int


@dataclass(frozen=True)
class Shift:
    """One turn of duty in time (UTC), and whose it is; None: nobody's."""

    since: datetime
    until: datetime
    person: int | None


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Who is on duty in a unit: the same every week, but for what others took over."""

    unit: int
    turns: tuple[Turn, ...] = ()
    taken: tuple[Taken, ...] = ()

    def on_duty(self, now: datetime, zone: tzinfo) -> int | None:
        """Whose turn it is at a moment (UTC); None: nobody's."""
        return _whose(now, self._stretches(now, now, zone))

    def shifts(self, since: datetime, until: datetime, zone: tzinfo) -> Iterator[Shift]:
        """The turns between two moments (UTC), in order; where nobody is on duty too."""
        known = self._stretches(since, until, zone)
        inside = {mark for one in known for mark in (one.since, one.until) if since < mark < until}
        marks = [since, *sorted(inside), until]
        for begins, ends in pairwise(marks):
            yield Shift(begins, ends, _whose(begins, known))

    def change_after(self, at: datetime, zone: tzinfo) -> datetime:
        """The next moment (UTC) at which duty may pass to somebody else."""
        known = self._stretches(at, at + _WEEK, zone)
        marks = (mark for one in known for mark in (one.since, one.until) if mark > at)
        return min(marks, default=at + _WEEK)

    def _stretches(self, since: datetime, until: datetime, zone: tzinfo) -> list[Taken]:
        """What may hold between two moments (UTC), what counts more before what counts less: the
        stretches taken over, the last one first, then the turns of the week."""
        found = list(reversed(self.taken))
        first, last = since.astimezone(zone).date() - _WEEK, until.astimezone(zone).date()
        for one in self.turns:
            day = first + timedelta(days=(one.weekday - first.weekday()) % 7)
            while day <= last:
                begins = datetime.combine(day, one.begins, zone).astimezone(since.tzinfo)
                ends = begins + timedelta(hours=one.hours)
                found.append(Taken(since=begins, until=ends, person=one.person))
                day += _WEEK
        return found


def _whose(now: datetime, stretches: list[Taken]) -> int | None:
    return next((one.person for one in stretches if one.since <= now < one.until), None)
