"""From the words of a text to the parts of a moment: what is said, not yet when it is."""

from datetime import timedelta

from handlers.reading.moment_words import (
    PARTS,
    Clock,
    Date,
    Day,
    Item,
    Listed,
    MomentWords,
    Now,
    Part,
    Said,
    Span,
    Week,
    Weekday,
)
from procedure.text import Word, words_of

_LONGEST_NUMBER = 4
_WORDS = (
    "lunar", "weeks", "weekdays", "days", "now", "just", "parts", "estimates",
    "since", "within", "after", "noise",
)  # fmt: skip


def scan(text: str, words: MomentWords) -> Said:
    """What `text` says of time; `unknown` when a word is left that says nothing of it."""
    return _Scan(words_of(text), words).said()


class _Scan:
    def __init__(self, text: tuple[Word, ...], words: MomentWords) -> None:
        self.text = text
        self.words = words
        self.at = 0
        self.items: list[Item] = []
        self.second: list[Item] | None = None
        self.toward: str | None = None
        self.estimated = self.lunar = self.unknown = False

    def said(self) -> Said:
        while self.at < len(self.text):
            if not (self._number_led() or self._half_led() or self._word_led()):
                self.unknown = self.unknown or self._typed(self.at) not in self.words.signs
                self.at += 1
        readings = (tuple(self.items),) if self.second is None else (
            tuple(self.items), tuple(self.second),
        )  # fmt: skip
        return Said(readings, self.estimated, self.lunar, self.unknown or self.toward == "after")

    def _typed(self, at: int) -> str:
        return self.text[at].typed if at < len(self.text) else ""

    def _says(self, name: str, at: int) -> int:
        return self.words.says(name, self.text, at)

    def _add(self, item: Item, other: Item | None = None) -> None:
        """Keep an item; `other` is what else the same words may say."""
        if other is not None and self.second is None:
            self.second = list(self.items)
        self.items.append(item)
        if self.second is not None:
            self.second.append(other or item)

    # Numbers.

    def _digits(self, at: int) -> int | None:
        """The number in digits at word `at`."""
        typed = self._typed(at)
        if typed.isdecimal() and len(typed) <= _LONGEST_NUMBER:
            return int(typed)
        return None

    def _spelled(self, at: int) -> tuple[int, int, bool] | None:
        """The number in words at `at`: its value, the next word, whether it has a ten."""
        first = self.words.find("numbers", self.text, at)
        begin = at + 1 if first else at
        if not self._says("tens", begin):
            if first is None or (self._says("numbers_marked", at) and self.text[at].bare):
                return None
            return first.value, begin, False
        last = self.words.find("numbers", self.text, begin + 1)
        value = (first.value if first else 1) * 10
        # After a ten, "sau" before a unit of time is six; before a number it is "after".
        return (value + last.value, begin + 2, True) if last else (value, begin + 1, True)

    def _number(self, at: int) -> tuple[int, int] | None:
        """The number at word `at`, in digits or before a unit in words, and the next word."""
        digits = self._digits(at)
        if digits is not None:
            return digits, at + 1
        spelled = self._spelled(at)
        if spelled is None:
            return None
        units = ("hour", "long_hour", "minute", "half", "day", "week")
        follows = any(self._says(unit, spelled[1]) for unit in units)
        return spelled[:2] if follows else None

    def _minutes(self, at: int) -> tuple[int, int] | None:
        """The minutes after an hour: their number and the next word; a date is none."""
        digits = self._digits(at)
        if digits is not None and len(self._typed(at)) <= 2:
            if self._typed(at + 1) == "/" or self._says("month", at + 1):
                return None
            dated = self._typed(at + 1) in {"-", "."} and self._digits(at + 2) is not None
            if dated or self._says("hour", at + 1) or self._typed(at + 1) == ":":
                return None
            return digits, at + 1 + self._says("minute", at + 1)
        spelled = self._spelled(at)
        if spelled is None:
            return None
        value, end, compound = spelled
        unit = self._says("minute", end)
        return (value, end + unit) if unit or compound else None

    def _number_led(self) -> bool:
        dated = self._says("date", self.at)
        if dated and self._dated(self.at + dated, named=True):
            return True
        if self._dated(self.at, named=False) or self._range():
            return True
        number = None if self._now_first() else self._number(self.at)
        return number is not None and (self._clock(*number) or self._length(*number))

    def _now_first(self) -> bool:
        """Whether words that may be "now" or "seven o'clock" are not surely the clock."""
        now = self._says("now", self.at)
        end = self.at + now
        goes_on = self._says("half", end) or self._says("less", end) or self._minutes(end)
        return bool(now and not goes_on)

    # Dates.

    def _dated(self, at: int, *, named: bool) -> bool:
        """A date in digits at word `at`; after the word for "day" shorter forms will do."""
        first = self._digits(at)
        if first is None or not self._date_digits(at):
            return False
        sign = self._typed(at + 1)
        second, third = self._digits(at + 2), self._digits(at + 4)
        if sign in {"/", "-", "."} and second is not None:
            if third is not None and self._typed(at + 3) == sign:
                return self._whole_date(at, first, second, third)
            if (sign == "/" or named) and self._typed(at + 3) != "/":
                return self._date(Date(first, second, None), at + 3)
            return False
        month = self._says("month", at + 1)
        if month and (second := self._digits(at + 1 + month)) is not None:
            return self._with_year(first, second, at + 2 + month)
        units = ("hour", "long_hour", "minute", "half", "day", "week")
        if named and sign != ":" and not any(self._says(unit, at + 1) for unit in units):
            return self._date(Date(first, None, None), at + 1)
        return False

    def _date_digits(self, at: int) -> bool:
        """Whether the digits are grouped as in a date; a telephone number is not."""
        sizes = [len(self._typed(at + n)) for n in (0, 2, 4) if self._digits(at + n) is not None]
        return sizes[0] <= 2 or (sizes[0] == 4 and len(sizes) == 3 and max(sizes[1:]) <= 2)

    def _whole_date(self, at: int, first: int, second: int, third: int) -> bool:
        if len(self._typed(at)) == 4:
            first, third = third, first
        elif len(self._typed(at + 4)) == 2:
            third += 2000
        return self._date(Date(first, second, third), at + 5)

    def _with_year(self, day: int, month: int, at: int) -> bool:
        year = self._says("year", at)
        said = self._digits(at + year) if year else None
        return self._date(Date(day, month, said), at + year + 1 if said is not None else at)

    def _date(self, date: Date, end: int) -> bool:
        self._add(date)
        self.at = end
        return True

    # Clocks and lengths of time.

    def _range(self) -> bool:
        """Two numbers with a dash before one unit: two times, which is for the caller to refuse."""
        first, second = self._digits(self.at), self._digits(self.at + 2)
        if first is None or second is None or self._typed(self.at + 1) not in {"-", "–"}:
            return False
        units = ("hour", "long_hour", "minute")
        unit = next((n for name in units if (n := self._says(name, self.at + 3))), 0)
        if unit:
            self._add(Clock(first, 0, True))
            self._add(Clock(second, 0, True))
            self.at += 3 + unit
        return unit > 0

    def _clock(self, hour: int, at: int) -> bool:
        """An hour, from the word after its number on; or a length of so many hours."""
        sure = self._typed(self.at).startswith("0") or hour > 12
        if self._typed(at) == ":":
            minute = self._digits(at + 1)
            if minute is None or len(self._typed(at + 1)) != 2:
                return False
            return self._time(hour, minute, sure, at + 2)
        if half := self._says("half", at):
            return self._time(hour, 30, sure, at + half)
        # "Giờ đồng hồ" begins with the word for an hour, and is a length.
        unit = self._says("hour", at)
        if not unit or self._says("long_hour", at):
            return False
        at += unit
        if half := self._says("half", at):
            return self._time(hour, 30, sure, at + half, hours=True)
        if less := self._says("less", at):
            minutes = self._minutes(at + less) or self._one_word(at + less)
            if minutes is None:
                return False
            return self._time((hour - 1) % 24, 60 - minutes[0], sure, minutes[1])
        minutes = self._minutes(at)
        if minutes is None:
            return self._time(hour, 0, sure, at, hours=True)
        return self._time(hour, minutes[0], sure, minutes[1], hours=True)

    def _one_word(self, at: int) -> tuple[int, int] | None:
        spelled = self._spelled(at)
        return spelled[:2] if spelled else None

    def _time(self, hour: int, minute: int, sure: bool, end: int, *, hours: bool = False) -> bool:
        """Keep a clock, or a length of time where the words around it say so."""
        clock = Clock(hour, minute, sure or hour == 0)
        length = timedelta(hours=hour, minutes=minute)
        ahead = self._ahead(end, hours=True) if hours else None
        if ahead is not None:
            self._span(length, ahead, end)
        elif hours and self.toward == "after":
            self._add(Span(length, True), clock)
            self.at, self.toward = end, None
        else:
            self._add(clock)
            self.at, self.toward = end, None
        return True

    def _length(self, count: int, at: int) -> bool:
        """A length of time in hours, minutes, days or weeks."""
        for name, minutes in (("long_hour", 60), ("minute", 1), ("day", 1440), ("week", 10080)):
            unit = self._says(name, at)
            if not unit:
                continue
            end = at + unit
            length = timedelta(minutes=count * minutes)
            if name == "long_hour" and (half := self._says("half", end)):
                length, end = length + timedelta(minutes=30), end + half
            elif name == "long_hour" and (more := self._minutes(end)):
                length, end = length + timedelta(minutes=more[0]), more[1]
            ahead = self._ahead(end)
            if minutes < 1440:
                return self._span(length, ahead, end)
            return ahead is not None and self._days(length.days, ahead, end)
        return False

    def _half_led(self) -> bool:
        """Half an hour; the word is the same sound as "more", so a unit must follow."""
        half = self._says("more", self.at)
        unit = half and (self._says("long_hour", self.at + 1) or self._says("hour", self.at + 1))
        if not unit:
            return False
        end = self.at + half + unit
        return self._span(timedelta(minutes=30), self._ahead(end), end)

    def _ahead(self, end: int, *, hours: bool = False) -> bool | None:
        """The direction said before or right after a length that ends before word `end`.

        "After" before so many `hours` may mean the hour of the day: then it says no direction.
        """
        if self.toward == "since" or self._says("ago", end):
            return False
        if self.toward == "within" or self._says("more", end):
            return True
        return True if self.toward == "after" and not hours else None

    def _turn_end(self, end: int) -> int:
        """The word after those that give a length its direction."""
        return end + (self._says("more", end) or self._says("ago", end))

    def _span(self, length: timedelta, ahead: bool | None, end: int) -> bool:
        self._add(Span(length, ahead))
        self.at, self.toward = self._turn_end(end), None
        return True

    def _days(self, count: int, ahead: bool, end: int) -> bool:
        self._add(Day(count if ahead else -count))
        self.at, self.toward = self._turn_end(end), None
        return True

    # Words.

    def _word_led(self) -> bool:
        if self._after_part() or self._marked_day():
            return True
        found = [(name, self.words.find(name, self.text, self.at)) for name in _WORDS]
        known = [(name, one) for name, one in found if one is not None]
        if not known:
            return False
        name, best = max(known, key=lambda pair: len(pair[1].phrase.words))
        begin, self.at = self.at, self.at + len(best.phrase.words)
        self._keep(name, best, begin)
        return True

    def _keep(self, name: str, found: Listed, begin: int) -> None:
        match name:
            case "weeks":
                self._add(Week(found.value))
            case "weekdays":
                self._weekday(found.value)
            case "days":
                self._add(Day(found.value))
            case "parts":
                self._add(Part(PARTS[found.value]))
            case "now" | "just":
                self._add(Now(name == "just", self.text[begin].bare and self._seven(begin)))
            case "estimates":
                self.estimated = True
            case "lunar":
                self.lunar = True
            case "since" | "within" | "after":
                self.toward = name

    def _seven(self, at: int) -> bool:
        """Whether the words for "now", typed without marks, may say seven o'clock too."""
        spelled = self._spelled(at)
        return spelled is not None and bool(self._says("hour", spelled[1]))

    def _after_part(self) -> bool:
        if not self.items or not isinstance(self.items[-1], Part):
            return False
        found = self.words.find("days_after_part", self.text, self.at)
        longer = self._says("days", self.at)
        if found is None or longer > len(found.phrase.words):
            return False
        self._add(Day(found.value))
        self.at += len(found.phrase.words)
        return True

    def _marked_day(self) -> bool:
        found = self.words.find("days_marked", self.text, self.at)
        if found is None or self.text[self.at].bare:
            return False
        self._add(Day(found.value))
        self.at += len(found.phrase.words)
        return True

    def _weekday(self, number: int) -> None:
        turn = self.words.find("weekday_turns", self.text, self.at)
        if turn is None:
            self._add(Weekday(number, None))
            return
        bare = self.text[self.at].bare
        part = self.words.find("parts", self.text, self.at) if bare else None
        self.at += len(turn.phrase.words)
        self._add(Weekday(number, turn.value), Weekday(number, None) if part else None)
        # Without marks the same word may be "evening": then that is the second reading.
        if part and self.second is not None:
            self.second.append(Part(PARTS[part.value]))
