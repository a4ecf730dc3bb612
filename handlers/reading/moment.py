"""When a person means: "mai 8h30", "14h chiều thứ 6", "sau 2 giờ nữa", with marks or without.

A time is read only when it has one meaning; else the caller gets the meanings and asks. Between
midnight and five the words for today and tomorrow always have two (conduct.md §14).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.reading.moment_days import (
    Hour,
    NotAMoment,
    Parts,
    Said,
    Want,
    after_span,
    days_of_date,
    days_of_weekday,
    hours,
    offset_day,
    parts,
)
from handlers.reading.moment_scan import scan
from handlers.reading.moment_words import (
    Clock,
    Date,
    Item,
    MomentWords,
    Now,
    Weekday,
    read_moment_words,
)

__all__ = [
    "Moment",
    "MomentWords",
    "NotAMoment",
    "Want",
    "read_moment",
    "read_moment_words",
    "when_line",
]

_FRESH = timedelta(hours=3)
_HALF_A_DAY = timedelta(hours=12)
_SOON = timedelta(hours=18)
#: With a day, an hour from here to noon is the morning's; below it, both halves are as likely.
_MORNING = 7


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as understood: aware, in UTC; `estimated` when it was said to be about then."""

    at: datetime
    estimated: bool = False


def read_moment(
    text: str, said_at: datetime, zone: ZoneInfo, words: MomentWords, *, want: Want = "future"
) -> Moment:
    """The one moment that `text` means, said at `said_at` (aware) by a person in `zone`.

    `want` is the side of `said_at` on which it must lie: `future` is strictly later, `past` is
    then or earlier. Raises NotAMoment for everything else, and nothing but NotAMoment.
    """
    said = Said(said_at, zone, want)
    found = scan(text, words)
    if found.lunar:
        raise NotAMoment("ambiguous")
    times: list[datetime] = []
    refusals: list[NotAMoment] = []
    for reading in found.readings:
        try:
            times.append(_resolve(reading, said, unknown=found.unknown))
        except NotAMoment as refusal:
            refusals.append(refusal)
    options = {at.astimezone(UTC) for at in times}
    refused = [option for refusal in refusals for option in refusal.options if times]
    options.update(option.astimezone(UTC) for option in refused)
    if len(options) == 1:
        return Moment(options.pop(), found.estimated or _just(found.readings[0]))
    if options:
        raise NotAMoment("ambiguous", tuple(sorted(options)))
    raise NotAMoment(refusals[-1].why, tuple(at.astimezone(UTC) for at in refusals[-1].options))


def when_line(
    text: str, said_at: datetime, zone: ZoneInfo, words: MomentWords
) -> dict[str, str | None]:
    """How a text is understood where a time ahead is wanted, for a program to read.

    `at` is the ISO time in `zone`, or null with the reason in `why`.
    """
    try:
        moment = read_moment(text, said_at, zone, words)
    except NotAMoment as refusal:
        return {"text": text, "at": None, "why": refusal.why}
    return {"text": text, "at": moment.at.astimezone(zone).isoformat(), "why": None}


def _just(reading: tuple[Item, ...]) -> bool:
    """Whether it was said to be "just now", with no clock beside it."""
    clock = any(isinstance(item, Clock) for item in reading)
    return not clock and any(isinstance(item, Now) and item.just for item in reading)


def _resolve(reading: tuple[Item, ...], said: Said, *, unknown: bool) -> datetime:
    found = parts(reading)
    if unknown or not reading:
        raise NotAMoment("unreadable")
    if found.now is not None:
        seven = Clock(7, 0, False)
        if found.now.or_seven and found.clock is None and _has_day(found):
            return _timed(found, seven, said)
        if found.clock is None and found.span is None and not _has_day(found):
            return _now(said)
        if not found.now.just:
            raise NotAMoment("two_times")
    if found.span is not None:
        if found.clock is not None or _has_day(found):
            raise NotAMoment("two_times")
        return after_span(found.span, said)
    if found.clock is None and found.part != "midnight":
        raise NotAMoment("no_time")
    return _timed(found, found.clock or Clock(24, 0, True), said)


def _now(said: Said) -> datetime:
    at = said.local.replace(second=0, microsecond=0)
    if not said.fits(at):
        raise said.wrong_side()
    return at


def _has_day(found: Parts) -> bool:
    """Whether a day or a part of the day was said."""
    named = (found.part, found.day, found.weekday, found.week, found.date)
    return any(one is not None for one in named)


def _timed(found: Parts, clock: Clock, said: Said) -> datetime:
    """The time of a clock on the day that was said with it, or on the likeliest day."""
    readings = hours(clock, found.part)
    if found.date is not None:
        return _on_date(found, found.date, readings, said)
    if found.weekday is not None:
        return _on_weekday(found, found.weekday, readings, said)
    if found.week is not None:
        raise NotAMoment("ambiguous")
    if found.day is not None:
        return _on_day(found, found.day.offset, readings, said)
    if found.part is not None or len(readings) == 1:
        return _on_nearest(readings, said, part=found.part is not None)
    return _bare_past(readings, said) if said.want == "past" else _bare(readings, said)


def _choose(day: date, readings: tuple[Hour, ...], said: Said) -> datetime:
    """The one reading of an hour on a known day. Raises NotAMoment."""
    times = [said.on(day, hour) for hour in readings]
    fitting = said.fitting(times)
    if not fitting:
        raise said.wrong_side()
    morning = readings[0].shift == readings[-1].shift and readings[0].at.hour >= _MORNING
    if len(times) == 1 or (morning and said.fits(times[0])):
        return times[0]
    if morning or len(fitting) > 1:
        raise NotAMoment("ambiguous", fitting)
    return fitting[0]


def _on_date(found: Parts, named: Date, readings: tuple[Hour, ...], said: Said) -> datetime:
    """On a date of the month; the words for a weekday or for tomorrow must agree with it."""
    days = days_of_date(named, said)
    if named.month is None:
        days = tuple(sorted(days, key=lambda day: not _some_fits(day, readings, said)))
    day = days[0]
    if not _some_fits(day, readings, said):
        raise said.wrong_side()
    agrees = found.weekday is None or day.isoweekday() == found.weekday.number
    if found.day is not None:
        bases = (-1, 0) if said.in_the_night else (0,)
        agrees = agrees and day in {offset_day(said, found.day.offset, base) for base in bases}
    if not agrees:
        raise NotAMoment("ambiguous", said.fitting([said.on(day, readings[0])]))
    return _choose(day, readings, said)


def _some_fits(day: date, readings: tuple[Hour, ...], said: Said) -> bool:
    return any(said.fits(said.on(day, hour)) for hour in readings)


def _on_weekday(found: Parts, weekday: Weekday, readings: tuple[Hour, ...], said: Said) -> datetime:
    """On a weekday; said on that very weekday it may be today or a week off, so it is asked."""
    days = days_of_weekday(weekday, found.week, said)
    if found.day is not None:
        bases = (-1, 0) if said.in_the_night else (0,)
        agreed = {offset_day(said, found.day.offset, base) for base in bases}
        days = tuple(day for day in sorted(agreed) if day.isoweekday() == weekday.number)
        if not days:
            raise NotAMoment("ambiguous")
    if len(days) == 1:
        return _choose(days[0], readings, said)
    times = said.fitting(said.on(day, hour) for day in days for hour in _likely(readings))
    today = [at for at in times if at.date() == said.today]
    if said.want != "any" and said.today in days and not today:
        raise said.wrong_side(times)
    raise NotAMoment("ambiguous", times)


def _on_day(found: Parts, offset: int, readings: tuple[Hour, ...], said: Said) -> datetime:
    """On a day counted from today."""
    by_day = offset == 0 and found.part in {"dawn", "morning", "noon", "afternoon"}
    if said.in_the_night and not by_day:
        raise _after_midnight(offset, readings, said)
    day = offset_day(said, offset)
    small = readings[0].shift != readings[-1].shift
    if small and offset <= 0:
        readings = readings[1:]  # "Two at night, yesterday night" is this morning's two o'clock.
    try:
        return _choose(day, readings, said)
    except NotAMoment as refusal:
        if refusal.options or offset:
            raise
        step = -1 if said.want == "past" else 1
        raise said.wrong_side([said.on(day + timedelta(days=step), readings[0])]) from None


def _after_midnight(offset: int, readings: tuple[Hour, ...], said: Said) -> NotAMoment:
    """Both days that the word may mean before dawn, those on the wanted side of now."""
    days = [offset_day(said, offset, base) for base in (-1, 0)]
    options = said.fitting(said.on(day, hour) for day in days for hour in _likely(readings))
    return NotAMoment("after_midnight", options) if options else said.wrong_side()


def _likely(readings: tuple[Hour, ...]) -> tuple[Hour, ...]:
    """The readings of an hour that are worth an option: from seven on, the morning alone."""
    return readings[:1] if readings[0].at.hour >= _MORNING else readings


def _around(readings: tuple[Hour, ...], said: Said) -> list[datetime]:
    """The times of these hours on the days around today, soonest first."""
    days = [said.today + timedelta(days=n) for n in range(-2, 3)]
    return sorted({said.on(day, hour) for day in days for hour in readings})


def _on_nearest(readings: tuple[Hour, ...], said: Said, *, part: bool) -> datetime:
    """An hour with one reading and no day: today's, or the nearest when that is near enough."""
    if said.want == "any":
        today = [said.on(said.today, Hour(shift, readings[0].at)) for shift in (0, 1)]
        if readings[0].shift:
            raise NotAMoment("ambiguous", tuple(today))
        return today[0]
    around = said.fitting(_around(readings, said))
    nearest = around[0] if said.want == "future" else around[-1]
    distance = abs(nearest - said.local)
    near = _SOON if part and said.want == "future" else _HALF_A_DAY
    midnight = nearest.hour == 0
    crosses = said.want == "future" and not part and not midnight
    if nearest.date() == said.today or (distance <= near and not crosses):
        return nearest
    if midnight and said.want == "future":
        return nearest
    raise NotAMoment("past" if said.want == "future" else "ambiguous", (nearest,))


def _bare_past(readings: tuple[Hour, ...], said: Said) -> datetime:
    """An hour with two readings, looking back: the fresh one, or today's only one."""
    since = said.local - timedelta(days=1)
    times = [at for at in said.fitting(_around(readings, said)) if at > since]
    today = [at for at in times if at.date() == said.today]
    if said.local - times[-1] <= _FRESH or len(today) == 1:
        return times[-1]
    raise NotAMoment("ambiguous", tuple(times))


def _bare(readings: tuple[Hour, ...], said: Said) -> datetime:
    """An hour with two readings, looking ahead; by day "7h" is the morning, "3h" the afternoon."""
    early, late = (said.on(said.today, hour) for hour in readings)
    hour = readings[0].at.hour
    if said.want == "any":
        raise NotAMoment("ambiguous", (early, late))
    if said.fits(early) and hour >= 5:
        return early
    if said.fits(early):
        raise NotAMoment("ambiguous", (early, late))
    if said.fits(late) and hour <= 5 and not said.in_the_night:
        return late
    tomorrow = [h + timedelta(days=1) for h in ((early, late) if hour < _MORNING else (early,))]
    if said.fits(late):
        tomorrow = tomorrow[:1]
    raise NotAMoment("ambiguous", said.fitting([late, *tomorrow]))
