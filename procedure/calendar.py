"""Working days, office hours and quiet hours of one place, as a value.

The days off come from outside (a library and a table, read by ``bot``): nothing here
knows a date of Tết. Every moment taken or given is an aware datetime; every moment
given is UTC. Windows of the day are local and half-open: 07:00 is in, 20:00 is out.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

Window = tuple[time, time]

_DAY = timedelta(days=1)
_SATURDAY = 5


def _inside(moment: time, window: Window) -> bool:
    """Whether a local time is in a window; a window may run over midnight."""
    start, end = window
    if start <= end:
        return start <= moment < end
    return moment >= start or moment < end


@dataclass(frozen=True)
class Calendar:
    """The days and hours of one zone.

    ``holidays`` are days off in the week, ``extra_workdays`` days worked to make up for
    them (these win, also over a weekend). ``office_hours`` are the spans of a working
    day in order, none over midnight. ``quiet`` are the hours in which a message makes no
    sound. Raises ValueError when there are no office hours or they run backwards.
    """

    zone: tzinfo
    holidays: frozenset[date]
    extra_workdays: frozenset[date]
    office_hours: tuple[Window, ...]
    quiet: Window

    def __post_init__(self) -> None:
        marks = [mark for span in self.office_hours for mark in span]
        if not marks or any(later <= sooner for sooner, later in pairwise(marks)):
            raise ValueError("office_hours must be non-empty spans in rising order")

    def is_workday(self, day: date) -> bool:
        """Whether offices are open on this local day."""
        if day in self.extra_workdays:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def is_office_time(self, at: datetime) -> bool:
        """Whether an office is open at this moment."""
        local = self.local(at)
        return self.is_workday(local.date()) and any(
            _inside(local.time(), span) for span in self.office_hours
        )

    def is_quiet(self, at: datetime) -> bool:
        """Whether this moment is in the quiet hours."""
        return _inside(self.local(at).time(), self.quiet)

    def next_office_time(self, at: datetime) -> datetime:
        """The first office moment not before ``at`` (itself when in office hours), UTC."""
        return self.utc(self.next_office_local(self.local(at)))

    def next_office_local(self, local: datetime) -> datetime:
        """The same as ``next_office_time`` in naive local time, for long walks."""
        day, moment = local.date(), local.time()
        if self.is_workday(day):
            for start, end in self.office_hours:
                if moment < end:
                    return local if moment >= start else datetime.combine(day, start)
        day += _DAY
        while not self.is_workday(day):
            day += _DAY
        return datetime.combine(day, self.office_hours[0][0])

    def office_minutes_after(self, at: datetime, minutes: int) -> datetime:
        """The moment when ``minutes`` of office time have passed since ``at``, UTC.

        Zero minutes give the next office moment. Raises ValueError when negative.
        """
        if minutes < 0:
            raise ValueError("office minutes cannot be negative")
        left = timedelta(minutes=minutes)
        local = self.next_office_local(self.local(at))
        while True:
            ends = (end for _, end in self.office_hours if local.time() < end)
            room = datetime.combine(local.date(), next(ends)) - local
            if left <= room:
                return self.utc(local + left)
            left -= room
            local = self.next_office_local(local + room)

    def add_working_days(self, at: datetime, days: int) -> datetime:
        """The same local time ``days`` working days later (earlier when negative), UTC.

        Counts only working days, so one day from a Friday is the next Monday, and one
        from a day off is the first working day (so a Saturday noon comes before the
        Friday evening before it). Zero days give ``at`` itself.
        """
        local = self.local(at)
        day, step = local.date(), _DAY if days > 0 else -_DAY
        for _ in range(abs(days)):
            day += step
            while not self.is_workday(day):
                day += step
        return self.utc(datetime.combine(day, local.time()))

    def into_window(self, at: datetime, start: time, end: time) -> datetime:
        """The first moment not before ``at`` inside a daily local window, UTC."""
        local = self.local(at)
        if _inside(local.time(), (start, end)):
            return at.astimezone(UTC)
        day = local.date() if local.time() < start else local.date() + _DAY
        return self.utc(datetime.combine(day, start))

    def on_day(self, at: datetime, moment: time) -> datetime:
        """The local time ``moment`` on the local day of ``at``, UTC."""
        return self.utc(datetime.combine(self.local(at).date(), moment))

    def local(self, at: datetime) -> datetime:
        """A moment as naive local time. Raises ValueError when ``at`` is naive."""
        if at.tzinfo is None:
            raise ValueError("an aware datetime is needed")
        return at.astimezone(self.zone).replace(tzinfo=None)

    def utc(self, local: datetime) -> datetime:
        """A naive local time as UTC."""
        return local.replace(tzinfo=self.zone).astimezone(UTC)
