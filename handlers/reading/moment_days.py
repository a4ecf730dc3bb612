"""From the parts of a moment to the times that it may mean, all in the zone of the people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from handlers.reading.moment_words import Clock, Date, Day, Item, Now, Part, Span, Week, Weekday

Want = Literal["future", "past", "any"]

_YEARS = range(2000, 2100)
_LONGEST = timedelta(days=366)
_NIGHT_IS_OVER = 5
_SMALL_HOURS = range(1, 6)


class NotAMoment(ValueError):
    """A text that says no one time.

    `why` is unreadable, no_time, two_times, impossible, ambiguous, after_midnight, past (the
    future was wanted) or future (the past was wanted); `options` are the times it may mean, in
    UTC, soonest first, each of the kind that was wanted.
    """

    def __init__(self, why: str, options: tuple[datetime, ...] = ()) -> None:
        super().__init__(why)
        self.why = why
        self.options = options


@dataclass(frozen=True, slots=True)
class Hour:
    """One reading of an hour: its time, and how many days after the day that was named."""

    shift: int
    at: time


def hours(clock: Clock, part: str | None) -> tuple[Hour, ...]:
    """The readings of an hour in a part of the day, the likeliest first.

    Raises NotAMoment: `impossible` for an hour or minute that no clock shows or that this part of
    the day does not have, `ambiguous` for twelve in the morning.
    """
    hour, minute = clock.hour, clock.minute
    if not (0 <= hour <= 24 and 0 <= minute <= 59) or (hour == 24 and minute):
        raise NotAMoment("impossible")
    if part is None:
        if hour == 24:
            return (_hour(1, 0, 0),)
        if clock.sure or hour == 12:
            return (_hour(0, hour, minute),)
        return _hour(0, hour, minute), _hour(0, hour + 12, minute)
    if part == "morning" and hour == 12:
        raise NotAMoment("ambiguous")
    if part in {"night", "midnight"} and hour in _SMALL_HOURS:
        return _hour(0, hour, minute), _hour(1, hour, minute)
    if part in {"evening", "night", "midnight"} and hour in {0, 12, 24}:
        return (_hour(1, 0, minute),)
    plain, later = _HOURS[part]
    if hour in plain:
        return (_hour(0, hour, minute),)
    if hour in later:
        return (_hour(0, hour + 12, minute),)
    raise NotAMoment("impossible")


#: For each part of the day the hours said as they are, and those said twelve too low.
_HOURS = {
    "dawn": (range(0, 7), range(0)),
    "morning": (range(0, 12), range(0)),
    "noon": (range(10, 15), range(1, 3)),
    "afternoon": (range(12, 20), range(1, 8)),
    "evening": (range(17, 24), range(5, 12)),
    "night": (range(20, 24), range(8, 12)),
    "midnight": (range(23, 24), range(11, 12)),
}


def _hour(shift: int, hour: int, minute: int) -> Hour:
    return Hour(shift, time(hour, minute))


@dataclass(frozen=True, slots=True)
class Parts:
    """The items of one reading, each kind once."""

    clock: Clock | None
    span: Span | None
    part: str | None
    day: Day | None
    weekday: Weekday | None
    week: Week | None
    date: Date | None
    now: Now | None


def parts(items: Iterable[Item]) -> Parts:
    """One reading, sorted by kind. Raises NotAMoment `two_times` for two of a kind."""
    kinds: dict[type, Item] = {}
    for item in items:
        if kinds.setdefault(type(item), item) != item:
            raise NotAMoment("two_times")
        if isinstance(item, Clock | Span) and item is not kinds[type(item)]:
            raise NotAMoment("two_times")
    found = {kind: kinds.get(kind) for kind in (Clock, Span, Part, Day, Weekday, Week, Date, Now)}
    clock, span, part, day, weekday, week, date_, now = found.values()
    return Parts(
        clock=clock if isinstance(clock, Clock) else None,
        span=span if isinstance(span, Span) else None,
        part=part.name if isinstance(part, Part) else None,
        day=day if isinstance(day, Day) else None,
        weekday=weekday if isinstance(weekday, Weekday) else None,
        week=week if isinstance(week, Week) else None,
        date=date_ if isinstance(date_, Date) else None,
        now=now if isinstance(now, Now) else None,
    )


@dataclass(frozen=True, slots=True)
class Said:
    """When and where a text was said, and which side of that moment is wanted."""

    at: datetime
    zone: ZoneInfo
    want: Want

    @property
    def local(self) -> datetime:
        return self.at.astimezone(self.zone)

    @property
    def today(self) -> date:
        return self.local.date()

    @property
    def in_the_night(self) -> bool:
        """Between midnight and five, when the word for "tomorrow" has two meanings."""
        return self.local.hour < _NIGHT_IS_OVER

    def on(self, day: date, hour: Hour) -> datetime:
        """The time of this hour, counted from this day."""
        return datetime.combine(day + timedelta(days=hour.shift), hour.at, self.zone)

    def fits(self, at: datetime) -> bool:
        if self.want == "any":
            return True
        return at > self.at if self.want == "future" else at <= self.at

    def fitting(self, times: Iterable[datetime]) -> tuple[datetime, ...]:
        return tuple(sorted({at for at in times if self.fits(at)}))

    def wrong_side(self, options: Iterable[datetime] = ()) -> NotAMoment:
        """The refusal of a time on the side of now that is not wanted."""
        why = "future" if self.want == "past" else "past"
        return NotAMoment(why, self.fitting(options))


def days_of_date(named: Date, said: Said) -> tuple[date, ...]:
    """The days that a date may be, nearest to today first. Raises NotAMoment `impossible`."""
    today = said.today
    if named.month is None:
        months = [today.replace(day=15) + timedelta(days=30 * n) for n in (-2, -1, 0, 1, 2)]
        found = [_day(month.year, month.month, named.day) for month in months]
    else:
        years = (
            (today.year - 1, today.year, today.year + 1) if named.year is None else (named.year,)
        )
        found = [_day(year, named.month, named.day) for year in years]
    known = {day for day in found if day is not None}
    if not known:
        raise NotAMoment("impossible")
    return tuple(sorted(known, key=lambda day: (abs(day - today), day)))


def _day(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def days_of_weekday(weekday: Weekday, week: Week | None, said: Said) -> tuple[date, ...]:
    """The days that a weekday may be; today counts, on either side of now."""
    today = said.today
    monday = today - timedelta(days=today.weekday())
    this_week = monday + timedelta(days=weekday.number - 1)
    if week is not None:
        return (this_week + timedelta(weeks=week.offset),)
    ahead = this_week if this_week > today else this_week + timedelta(weeks=1)
    back = this_week if this_week < today else this_week - timedelta(weeks=1)
    if weekday.turn is not None:
        return ((back, this_week, ahead)[weekday.turn + 1],)
    today_too = (today,) if this_week == today else ()
    sides = {"future": (*today_too, ahead), "past": (*today_too, back)}
    return sides.get(said.want, (back, *today_too, ahead))


def offset_day(said: Said, offset: int, base: int = 0) -> date:
    """The day `offset` days from today, or from `base` days off today."""
    if abs(offset) > _LONGEST.days:
        raise NotAMoment("impossible")
    return said.today + timedelta(days=offset + base)


def after_span(span: Span, said: Said) -> datetime:
    """The time that a length of time leads to. Raises NotAMoment."""
    if span.ahead is None:
        raise NotAMoment("unreadable")
    if span.length > _LONGEST:
        raise NotAMoment("impossible")
    at = said.local + (span.length if span.ahead else -span.length)
    at = at.replace(second=0, microsecond=0)
    if not said.fits(at):
        raise said.wrong_side()
    return at
