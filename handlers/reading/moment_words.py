"""The words of time, and the parts of a moment that they say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from procedure.text import Phrase, Word, phrase


@dataclass(frozen=True, slots=True)
class Listed:
    """A phrase of a word list with what it means."""

    phrase: Phrase
    value: int


@dataclass(frozen=True, slots=True)
class MomentWords:
    """All word lists of the moment reader, by name; longest phrase first in each."""

    lists: Mapping[str, tuple[Listed, ...]]
    signs: frozenset[str]

    def find(self, name: str, text: tuple[Word, ...], at: int) -> Listed | None:
        """The longest phrase of list `name` that the text says from word `at` on."""
        return next((one for one in self.lists[name] if one.phrase.begins(text, at)), None)

    def says(self, name: str, text: tuple[Word, ...], at: int) -> int:
        """How many words of the text, from `at` on, are one of list `name`; 0 for none."""
        found = self.find(name, text, at)
        return len(found.phrase.words) if found else 0


#: The parts of a day, in the order in which the data names them.
PARTS = ("dawn", "morning", "noon", "afternoon", "evening", "night", "midnight")
_UNITS = (
    "hour", "long_hour", "minute", "day", "week", "month", "year", "half", "more", "less", "date",
)  # fmt: skip
_DIRECTIONS = ("after", "within", "since", "ago")
_VALUED = (
    "days", "days_after_part", "days_marked", "weekdays", "weekday_turns", "weeks", "numbers",
)  # fmt: skip


def read_moment_words(mapping: Mapping[str, Any]) -> MomentWords:
    """The word lists from their data file; a missing list raises KeyError."""
    lists: dict[str, tuple[Listed, ...]] = {
        "noise": _plain(mapping["noise"]),
        "now": _plain(mapping["now"]["exact"]),
        "just": _plain(mapping["now"]["just"]),
        "parts": _sorted(
            Listed(phrase(one), number)
            for number, part in enumerate(PARTS)
            for one in mapping["parts"][part]
        ),
    }
    for name in ("estimates", "lunar", "tens", "numbers_marked"):
        lists[name] = _plain(mapping[name]["words"])
    for name in _UNITS:
        lists[name] = _plain(mapping["units"][name])
    for name in _DIRECTIONS:
        lists[name] = _plain(mapping["direction"][name])
    for name in _VALUED:
        lists[name] = _sorted(Listed(phrase(one), n) for one, n in mapping[name].items())
    return MomentWords(lists, frozenset(mapping["signs"]))


def _plain(spelled: Iterable[str]) -> tuple[Listed, ...]:
    return _sorted(Listed(phrase(one), 0) for one in spelled)


def _sorted(listed: Iterable[Listed]) -> tuple[Listed, ...]:
    return tuple(sorted(listed, key=lambda one: -len(one.phrase.words)))


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour and a minute as said; `sure` when the hour has one reading (07, 0, 13 to 24)."""

    hour: int
    minute: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time from now, ahead or back (negative); None when no direction was said."""

    length: timedelta
    ahead: bool | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day, one of PARTS."""

    name: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day counted from the day on which it is said."""

    offset: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """Monday is 1; `turn` is 1 for the coming one, 0 for this week's, -1 for the last one."""

    number: int
    turn: int | None


@dataclass(frozen=True, slots=True)
class Week:
    """A week counted from this one; weeks begin on Monday."""

    offset: int


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the month, perhaps with its month and year."""

    day: int
    month: int | None
    year: int | None


@dataclass(frozen=True, slots=True)
class Now:
    """This very moment; `or_seven` when, without marks, seven o'clock may be meant."""

    just: bool
    or_seven: bool


Item = Clock | Span | Part | Day | Weekday | Week | Date | Now


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says of time. Each of `readings` is one way to understand it."""

    readings: tuple[tuple[Item, ...], ...]
    estimated: bool
    lunar: bool
    unknown: bool
