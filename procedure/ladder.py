"""The ladder of one duty: at which moments who is rung, until the duty is met.

A schedule is a value worked out from the start, the due moment, the pattern, the calendar
and the levels that reach somebody new. It never ends. Nothing here knows what was sent:
the caller keeps the index of the last rung that he rang, and asks for the one due now.

An index is a place in the pattern, not in the list of those who can be reached: a level
that appears or falls away moves no number. A rung that would ring nobody is not given,
so the indexes rise but may skip.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count, pairwise
from operator import attrgetter
from typing import Literal, NamedTuple

from procedure.calendar import Calendar
from procedure.policy_rows import Pattern
from procedure.words import Level, Severity

Kind = Literal["before", "due", "overdue", "climb", "tail", "breach"]

#: The kind of a rung that is several things at once: the first of these.
_FIRST: tuple[Kind, ...] = ("breach", "due", "before", "climb", "overdue")
_RANKS = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True)
class Rung:
    """One ring: whom it reaches and when. ``at`` is UTC.

    ``share`` is the percent of the allowance used, where the pattern counts so; ``left``
    the time until due, None once it has passed.
    """

    index: int
    at: datetime
    kind: Kind
    rings_owner: bool
    #: lowest first; more than one when levels share a moment or an outage is made good
    levels: tuple[Level, ...]
    share: int | None
    left: timedelta | None

    @property
    def level(self) -> Level | None:
        """The highest level that hears this rung, beside the owner."""
        return self.levels[-1] if self.levels else None


class _Moment(NamedTuple):
    at: datetime
    kind: Kind
    owner: bool = False
    levels: tuple[Level, ...] = ()
    share: int | None = None


class _Fixed(NamedTuple):
    """A rung before the tail, whenever it is."""

    kind: Kind
    owner: bool
    levels: tuple[Level, ...]
    share: int | None


class _Shape(NamedTuple):
    """The rungs before the tail, with their times from due (before it negative), rising."""

    times: tuple[timedelta, ...]
    rungs: tuple[_Fixed, ...]
    #: Two rungs are a minute apart, and what is one rung is of one moment.
    is_apart: bool


_AT = attrgetter("at")
_MINUTE, _NOTHING = timedelta(minutes=1), timedelta(0)
#: So many shapes are kept of a pattern.
_SHAPES = 256


@dataclass(frozen=True)
class Schedule:
    """All rungs of one duty. ``start`` and ``due`` are aware datetimes.

    ``levels`` are those that reach somebody new, in order; what the pattern does not
    climb to by itself is passed over, and a level that is not there gives its moment to
    the next. A pattern that spares its owner is never left without anybody: with no
    level at all it keeps its own, and whoever stands for them must be found by the caller.
    """

    start: datetime
    due: datetime
    pattern: Pattern
    calendar: Calendar
    levels: tuple[Level, ...]

    @cached_property
    def climbing(self) -> tuple[Level, ...]:
        """The levels that the clock reaches here, each once, in the order given."""
        automatic = self.pattern.automatic
        found = tuple(dict.fromkeys(one for one in self.levels if one in automatic))
        return automatic if self.pattern.spares_owner and not found else found

    @cached_property
    def _shape(self) -> "_Shape":
        """Its rungs before the tail, which may be those of every schedule of this length.

        They are when no rung waits for an hour of the day and none falls into the same minute as
        another by chance: then they stand at the same times from due, whenever that is.
        """
        known, key = self.pattern.shapes, (self.due - self.start, self.climbing)
        found = known.get(key)
        if found is None:
            found = self._worked_out()
            if self.pattern.by_the_clock and found.is_apart:
                if len(known) >= _SHAPES:
                    known.clear()
                known[key] = found
        return found

    def _worked_out(self) -> "_Shape":
        """What falls into each minute before the tail; the index of a rung is a place here.

        A last moment that reaches nobody new repeats as the tail does: else the silence
        before the tail would be longer than the tail allows.
        """
        together: dict[datetime, list[_Moment]] = {}
        for moment in sorted(self._moments(), key=_AT):
            minute = moment.at.replace(second=0, microsecond=0)
            together.setdefault(minute, []).append(moment)
        is_apart = all(same[0].at == same[-1].at for same in together.values())
        found = list(together.values())
        if found and not _ring(found[-1]) and found[-1][-1].at >= self.due:
            at = found.pop()[-1].at
            at = self.calendar.next_office_time(at) if self.pattern.tail_in_office else at
            found.append([_Moment(at, "tail")])
        due = self._due
        return _Shape(
            tuple(same[-1].at - due for same in found),
            tuple(self._fixed(same) for same in found),
            is_apart and all(b[0].at - a[0].at >= _MINUTE for a, b in pairwise(found)),
        )

    def _fixed(self, same: Sequence[_Moment]) -> "_Fixed":
        """One rung of all that falls into one minute, at the last of its moments."""
        if same[-1].kind == "tail":
            return _Fixed("tail", not self.pattern.spares_owner, self._repeated, None)
        kinds = {moment.kind for moment in same if moment.owner or moment.levels}
        shares = [moment.share for moment in same if moment.share is not None]
        return _Fixed(
            kind=next((kind for kind in _FIRST if kind in kinds), "climb"),
            owner=any(moment.owner for moment in same),
            levels=_in_order(level for moment in same for level in moment.levels),
            share=max(shares, default=None),
        )

    @cached_property
    def _due(self) -> datetime:
        return self.due.astimezone(UTC)

    def fixed(self, index: int) -> Rung:
        """A rung before the tail, also one that rings nobody."""
        one, away = self._shape.rungs[index], self._shape.times[index]
        is_late = away > _NOTHING or one.kind == "tail"
        left = None if is_late else -away
        return Rung(index, self._due + away, one.kind, one.owner, one.levels, one.share, left)

    def __iter__(self) -> Iterator[Rung]:
        """Every rung that rings somebody, in time, for ever."""
        rungs = self._shape.rungs
        yield from (self.fixed(index) for index, one in enumerate(rungs) if one.owner or one.levels)
        for n, at in enumerate(self._tail()):
            yield self._repeat(len(rungs) + n, at)

    def latest(self, now: datetime) -> Rung | None:
        """The newest rung at or before ``now``, also one that rings nobody."""
        times = self._shape.times
        passed = bisect_right(times, now - self._due)
        if passed == len(times):
            n, at = self._tail_reached(now)
            if n >= 0 and at is not None:
                return self._repeat(passed + n, at)
        return self.fixed(passed - 1) if passed else None

    def passed(self, since: int, latest: Rung) -> list[Rung]:
        """The rungs above the index ``since`` up to ``latest`` that ring somebody."""
        until = min(latest.index, len(self._shape.rungs))
        skipped = [self.fixed(index) for index in range(since + 1, until)]
        return [rung for rung in (*skipped, latest) if rung.rings_owner or rung.levels]

    def after(self, index: int) -> Rung:
        """The first rung above ``index`` that rings somebody."""
        rungs = self._shape.rungs
        for one in range(index + 1, len(rungs)):
            if rungs[one].owner or rungs[one].levels:
                return self.fixed(one)
        n = max(0, index + 1 - len(rungs))
        return self._repeat(len(rungs) + n, self._tail_at(n))

    def _moments(self) -> Iterator[_Moment]:
        yield from self._before()
        at = self.due
        for _ in range(self.pattern.most):
            at = self._placed(at + self.pattern.repeat)
            yield _Moment(at, "overdue", owner=True)
        levels = iter(self.climbing)
        for at, share in self._climb_times():
            level = next(levels, None)
            reached = () if level is None else (level,)
            yield _Moment(at, "climb", levels=reached, share=share)

    def _before(self) -> Iterator[_Moment]:
        heard = tuple(one for one in self.pattern.together if one in self.climbing)
        allowance = self.due - self.start
        for share in self.pattern.shares:
            if share == 100:
                yield _Moment(self._placed(self.due), "due", owner=True, levels=heard, share=100)
                continue
            at = self._placed(self.start + allowance * share // 100)
            if self.start < at < self.due:
                yield _Moment(at, "before", owner=True, levels=heard, share=share)
        for left in self.pattern.lefts:
            at = self._placed(self.due - left)
            if self.start < at < self.due:
                yield _Moment(at, "before", owner=True, levels=heard)
        if self.pattern.breach:
            yield _Moment(self.due.astimezone(UTC), "breach", owner=True, levels=heard)

    def _climb_times(self) -> Iterator[tuple[datetime, int | None]]:
        """The moments of the pattern's climb, whoever takes them, never falling.

        Each stands as long after the one before as the pattern says, so that a night
        outside the window does not bring two levels at once.
        """
        at, since = self.due.astimezone(UTC), timedelta(0)
        for climb in self.pattern.climb:
            if climb.left is not None:
                moment = max(self._placed(self.due - climb.left), self.start.astimezone(UTC))
                yield min(moment, self.due.astimezone(UTC)), None
                continue
            if climb.share is not None:
                over = (self.due - self.start) * (climb.share - 100) // 100
                at = max(at, self._placed(self.due + over))
            elif climb.after is not None and climb.after.working_days:
                at = max(at, self._placed(climb.after.after(self.due, self.calendar)))
            elif climb.after is not None:
                at, since = self._placed(at + climb.after.clock - since), climb.after.clock
            yield at, climb.share

    def _placed(self, at: datetime) -> datetime:
        """A moment where the pattern lets it stand: at its hour, or in its window; UTC."""
        pattern = self.pattern
        if pattern.daily_at is not None:
            return self.calendar.on_day(at, pattern.daily_at)
        if pattern.window is not None:
            return self.calendar.into_window(at, *pattern.window)
        return at.astimezone(UTC)

    @cached_property
    def _anchor(self) -> datetime:
        """The moment from which the tail counts: the last fixed rung, or due."""
        times = self._shape.times
        return self._due + max(_NOTHING, times[-1]) if times else self._due

    @cached_property
    def _growing(self) -> tuple[timedelta, ...]:
        """The gaps of the tail that are still below its cap."""
        gaps, gap = [], 2 * self.pattern.repeat
        while gap < self.pattern.tail_cap:
            gaps.append(gap)
            gap *= 2
        return tuple(gaps)

    def _tail(self) -> Iterator[datetime]:
        """The moments of the tail, for ever; in office hours where the pattern says so."""
        local, calendar = self.calendar.local(self._anchor), self.calendar
        in_office = self.pattern.tail_in_office
        for n in count():
            local += self._growing[n] if n < len(self._growing) else self.pattern.tail_cap
            local = calendar.next_office_local(local) if in_office else local
            yield calendar.utc(local)

    def _tail_at(self, n: int) -> datetime:
        if self.pattern.tail_in_office:
            return next(at for k, at in enumerate(self._tail()) if k == n)
        grown = self._growing[: n + 1]
        capped = n + 1 - len(grown)
        return self._anchor + sum(grown, timedelta(0)) + capped * self.pattern.tail_cap

    def _tail_reached(self, now: datetime) -> tuple[int, datetime | None]:
        """The number and moment of the newest tail rung at ``now``; -1 when none is yet."""
        if self.pattern.tail_in_office:
            reached: tuple[int, datetime | None] = (-1, None)
            for n, at in enumerate(self._tail()):
                if at > now:
                    return reached
                reached = (n, at)
        passed, n = now - self._anchor, -1
        for gap in self._growing:
            if passed < gap:
                break
            passed, n = passed - gap, n + 1
        else:
            n += max(0, passed // self.pattern.tail_cap)
        return n, self._tail_at(n) if n >= 0 else None

    def _repeat(self, index: int, at: datetime) -> Rung:
        spared = self.pattern.spares_owner
        return Rung(index, at, "tail", not spared, self._repeated, None, None)

    @property
    def _repeated(self) -> tuple[Level, ...]:
        """Who hears the tail beside the owner: the highest, or all where the owner is spared."""
        return _in_order(self.climbing if self.pattern.spares_owner else self.climbing[-1:])


def _ring(same: Sequence[_Moment]) -> bool:
    return any(moment.owner or moment.levels for moment in same)


def _in_order(levels: Iterator[Level] | Sequence[Level]) -> tuple[Level, ...]:
    return tuple(sorted(set(levels), key=_RANKS.__getitem__))


def rungs(
    start: datetime,
    due: datetime,
    pattern: Pattern,
    calendar: Calendar,
    levels: Sequence[Level],
) -> Iterator[Rung]:
    """The rungs of a duty from aware ``start`` and ``due``: strictly rising, without end."""
    return iter(Schedule(start, due, pattern, calendar, tuple(levels)))


def due_rung(schedule: Schedule, now: datetime, last_index: int) -> Rung | None:
    """The one rung to ring at ``now`` after having rung up to ``last_index`` (-1: none).

    After an outage it is the latest only, but it carries every level that the skipped ones
    would have reached, and rings the owner when one of them would have. None when nothing
    new has come, also when the clock went back.
    """
    latest = schedule.latest(now)
    if latest is None or latest.index <= last_index:
        return None
    ringing = schedule.passed(last_index, latest)
    if not ringing:
        return None
    return replace(
        ringing[-1],
        rings_owner=any(rung.rings_owner for rung in ringing),
        levels=_in_order([level for rung in ringing for level in rung.levels]),
    )


def next_rung_at(schedule: Schedule, last_index: int) -> datetime:
    """When the first rung above ``last_index`` rings, UTC; it may have passed already."""
    return schedule.after(last_index).at


def sound(
    severity: Severity,
    at: datetime,
    calendar: Calendar,
    *,
    on_duty: bool,
    owes_step_one: bool,
) -> bool:
    """Whether a message may ring at ``at``, for a person on duty or owing Step 1.

    Quiet hours concern only the sound (conduct §3): an ordinary matter is silent then, a
    serious one rings for people on duty and for the unit that owes Step 1, a grave one
    for all.
    """
    if not calendar.is_quiet(at) or severity is Severity.GRAVE:
        return True
    return severity is Severity.SERIOUS and (on_duty or owes_step_one)
