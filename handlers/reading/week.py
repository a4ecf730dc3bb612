"""A week of duty as officials write it: "T2-T6: Võ Thị Thí Dụ; T7, CN 7h-19h: Lê Văn Thử"."""

import re
from collections.abc import Callable, Iterator

from procedure.arrangements import Turn
from procedure.text import fold

_DAYS = {
    "2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5, "hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4,
    "bay": 5, "cn": 6, "chu nhat": 6,
}  # fmt: skip
_DAY = r"(?:(?:thu|t)\s*(?:[2-7]|hai|ba|tu|nam|sau|bay)|cn|chu nhat)"
_SPAN = re.compile(rf"(?P<first>{_DAY})(?:\s*(?:-|–|den)\s*(?P<last>{_DAY}))?")
_CLOCK = r"(\d{1,2})(?:\s*(?:h|:|g|gio)\s*(\d{2})?)"
_HOURS = re.compile(rf"{_CLOCK}\s*(?:-|–|den)\s*{_CLOCK}")
_WHOLE = re.compile(r"\b(?:ca tuan|hang ngay|hang tuan|moi ngay)\b")
#: "thứ 2, 4, 6": the days after the first one stand alone.
_BARE = re.compile(r"(?:,|\+|\bva\b)\s*(?=[2-7]\b(?!\s*(?:h|g|:)))")
#: Duty passes at this local time unless another one is written.
CHANGE = 7 * 60
DAY = 24


class NotAWeek(Exception):
    """Why a line is not read: "line", or "hours" where there is no such time."""

    def __init__(self, why: str, line: str) -> None:
        super().__init__(why)
        self.why, self.line = why, line


def read_week(text: str, named: Callable[[str], int]) -> tuple[Turn, ...]:
    """The turns of a week; `named` finds a person by his name, and may raise what it likes.

    Each line, or part before a semicolon, is days, hours where they are not 07:00 to 07:00, a
    colon, a name. Raises NotAWeek.
    """
    lines = [one.strip() for one in re.split(r"[\n;]", text) if one.strip()]
    if not lines:
        raise NotAWeek("line", "")
    return tuple(turn for line in lines for turn in _turns(line, named))


def _turns(line: str, named: Callable[[str], int]) -> Iterator[Turn]:
    when, colon, name = line.rpartition(":")
    folded = fold(when)
    days = list(dict.fromkeys(_days(folded)))
    if not colon or not days or not name.strip() or name.strip()[0].isdigit():
        raise NotAWeek("line", line)
    start, hours = _hours(folded, line)
    person = named(name)
    for day in days:
        yield Turn(weekday=day, start=start, hours=hours, person=person)


def _days(words: str) -> Iterator[int]:
    if _WHOLE.search(words):
        yield from range(7)
    words = _BARE.sub(", t", words)
    for span in _SPAN.finditer(words):
        first = _day(span["first"])
        last = _day(span["last"]) if span["last"] else first
        yield from ((first + n) % 7 for n in range((last - first) % 7 + 1))


def _day(words: str) -> int:
    if words in _DAYS:
        return _DAYS[words]
    return _DAYS[re.sub(r"^(?:thu|t)\s*", "", words)]


def _hours(words: str, line: str) -> tuple[int, int]:
    """Minutes after midnight, and for how many hours."""
    found = _HOURS.search(words)
    if found is None:
        return CHANGE, DAY
    first, since, last, until = (int(one or 0) for one in found.groups())
    if first >= DAY or last > DAY or since >= 60 or until >= 60:
        raise NotAWeek("hours", line)
    start, end = first * 60 + since, last * 60 + until
    return start, round((end - start) / 60) % DAY or DAY
