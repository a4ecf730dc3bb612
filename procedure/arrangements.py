"""Who acts for whom, and until when: papers to speak, absences, rosters (domain.md §1, §3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

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
        for one in reversed(self.taken):
            if one.since <= now < one.until:
                return one.person
        return next((one.person for one in self._week(now, zone) if one.since <= now), None)

    def shifts(self, since: datetime, until: datetime, zone: tzinfo) -> Iterator[Shift]:
        """The turns between two moments (UTC), in order; where nobody is on duty too."""
        at = since
        while at < until:
            end = min(self.change_after(at, zone), until)
            yield Shift(at, end, self.on_duty(at, zone))
            at = end

    def change_after(self, at: datetime, zone: tzinfo) -> datetime:
        """The next moment (UTC) at which duty may pass to somebody else."""
        marks = [mark for one in self.taken for mark in (one.since, one.until)]
        for start in (at, at + _WEEK):
            marks += [mark for one in self._around(start, zone) for mark in (one.since, one.until)]
        return min((one for one in marks if one > at), default=at + _WEEK)

    def _week(self, now: datetime, zone: tzinfo) -> Iterator[Taken]:
        return (one for one in self._around(now, zone) if one.until > now)

    def _around(self, now: datetime, zone: tzinfo) -> Iterator[Taken]:
        """Each turn of the week as it last began by a moment, and as it comes next."""
        local = now.astimezone(zone)
        for one in self.turns:
            back = timedelta(days=(local.weekday() - one.weekday) % 7)
            day = local.date() - back
            if datetime.combine(day, one.begins, zone) > local:
                day -= _WEEK
            for begins in (day, day + _WEEK):
                start = datetime.combine(begins, one.begins, zone)
                since = start.astimezone(now.tzinfo)
                yield Taken(
                    since=since, until=since + timedelta(hours=one.hours), person=one.person
                )
