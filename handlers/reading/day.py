"""A day in the calendar as officials write it: 12/10, 12.10.2026, ngày 5 tháng 3, hôm nay."""

import re
from datetime import date
from typing import Literal

from procedure.text import fold

_DAY = re.compile(
    r"(?:ngay )?(?P<day>\d{1,2})\s*(?:[/.-]|thang)\s*(?P<month>\d{1,2})"
    r"(?:\s*(?:[/.-]|nam)\s*(?P<year>\d{4}|\d{2}))?"
)
_TODAY = frozenset({"hom nay", "nay", "today"})


class NotADay(Exception):
    """Why no day is read: "unreadable", or "impossible" where the calendar has no such one."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read_day(text: str, today: date, want: Literal["past", "future", "written"] = "past") -> date:
    """The day that `text` means. Without a year: the latest one that is not after `today`, or in
    the `future` the first that is not before it; a `written` day has its year.

    Raises NotADay.
    """
    words = fold(text).strip()
    written = want == "written"
    if words in _TODAY and not written:
        return today
    found = _DAY.fullmatch(words)
    if found is None or (written and not found["year"]):
        raise NotADay("unreadable")
    day, month = int(found["day"]), int(found["month"])
    other = 1 if want == "future" else -1
    years = [_year(found["year"])] if found["year"] else [today.year, today.year + other]
    read = [one for one in (_made(year, month, day) for year in years) if one]
    if not read:
        raise NotADay("impossible")
    return next((one for one in read if (one - today).days * other >= 0), read[0])


def _year(said: str) -> int:
    return int(said) if len(said) == 4 else 2000 + int(said)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
