"""A number as people type it: "07 hộ", "khoang 30m", "3.100 lượt", "chưa có"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from procedure.text import Phrase, Phrases, Word, legible, longest, phrase, phrases, words_of

_LONGEST_UNIT = 4
_LONGEST_NUMBER = 15
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]{1,2}")


class NotAFigure(ValueError):
    """A text that is not one number.

    `why` is range ("2-3 nhà"), two_figures, vague ("vài"), ambiguous ("3,100") or unreadable.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, the unit as typed (empty when none was), and whether it was said to be about."""

    value: Decimal
    unit: str = ""
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """The words of numbers ("bảy") and of what multiplies them ("chục", "triệu")."""

    ones: tuple[tuple[Phrase, int], ...]
    scales: tuple[tuple[Phrase, int], ...]


def read_numbers(mapping: Mapping[str, Any]) -> Numbers:
    """The tables `numbers` and `scales` of a data file; a missing one raises KeyError."""
    return Numbers(
        ones=tuple((phrase(one), n) for one, n in mapping["numbers"].items()),
        scales=tuple((phrase(one), n) for one, n in mapping["scales"].items()),
    )


@dataclass(frozen=True, slots=True)
class FigureWords:
    """The word lists of the figure reader; each is explained beside its data."""

    none: Phrases
    estimates: Phrases
    ranges: Phrases
    vague: Phrases
    noise: Phrases
    numbers: Numbers


def read_figure_words(mapping: Mapping[str, Any]) -> FigureWords:
    """The word lists from their data file; a missing list raises KeyError."""
    return FigureWords(
        none=phrases(mapping["none"]),
        estimates=phrases(mapping["estimates"]),
        ranges=phrases(mapping["ranges"]),
        vague=phrases(mapping["vague"]),
        noise=phrases(mapping["noise"]),
        numbers=read_numbers(mapping),
    )


def read_figure(text: str, words: FigureWords) -> Figure:
    """The one number that `text` says. Raises NotAFigure, and nothing else.

    A point before three digits parts thousands, a comma parts decimals; a number that could be
    either is asked back, as is every range.
    """
    said = _without(words.noise, words_of(text))
    if any(one.begins(said, 0) and len(one.words) == len(said) for one in words.none):
        return Figure(Decimal(0))
    at, estimated = _estimates(said, 0, words)
    if longest(words.vague, said, at):
        raise NotAFigure("vague")
    number = number_at(said, at, words.numbers)
    if number is None:
        raise NotAFigure("unreadable")
    value, end = number
    between = longest(words.ranges, said, end)
    spelled = not any(word.typed.isdecimal() for word in said[at:end])
    second = end + len(between.words) if between else end
    if (between or spelled) and number_at(said, second, words.numbers):
        raise NotAFigure("range")
    return Figure(value, _unit(text, said[end:], words), estimated)


def _estimates(said: tuple[Word, ...], at: int, words: FigureWords) -> tuple[int, bool]:
    begin = at
    while found := longest(words.estimates, said, at):
        at += len(found.words)
    return at, at > begin


def _without(listed: Phrases, said: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words without those at either end that add nothing."""
    at, end = 0, len(said)
    while found := longest(listed, said, at):
        at += len(found.words)
    while end > at and (
        said[end - 1].typed in ".!," or any(one.begins(said[:end], end - 1) for one in listed)
    ):
        end -= 1
    return said[at:end] or said


def number_at(said: tuple[Word, ...], at: int, numbers: Numbers) -> tuple[Decimal, int] | None:
    """The number that begins at word `at`, and the word after it; None when there is none.

    Raises NotAFigure `ambiguous` or `unreadable` for digits that are not one plain number.
    """
    if at >= len(said):
        return None
    if not said[at].typed.isdecimal():
        found = [(one, n) for one, n in numbers.ones if one.begins(said, at)]
        return _scaled(Decimal(found[0][1]), said, at + 1, numbers) if found else None
    end = at + 1
    while (
        end + 1 < len(said)
        and said[end].typed in {".", ","}
        and said[end + 1].typed.isdecimal()
        and said[end].start == said[end - 1].end
        and said[end + 1].start == said[end].end
    ):
        end += 2
    return _scaled(_value("".join(word.typed for word in said[at:end])), said, end, numbers)


def _value(digits: str) -> Decimal:
    if len(digits) > _LONGEST_NUMBER:
        raise NotAFigure("unreadable")
    if digits.isdecimal():
        return Decimal(int(digits))
    if _THOUSANDS.fullmatch(digits):
        return Decimal(digits.replace(".", "").replace(",", "."))
    if _DECIMAL.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    raise NotAFigure("ambiguous")


def _scaled(
    value: Decimal, said: tuple[Word, ...], end: int, numbers: Numbers
) -> tuple[Decimal, int]:
    for one, scale in numbers.scales:
        if one.begins(said, end):
            return value * scale, end + 1
    return value, end


def _unit(text: str, rest: tuple[Word, ...], words: FigureWords) -> str:
    """The unit as typed. Raises NotAFigure when the rest of the text is more than a unit."""
    if not rest:
        return ""
    if any(
        number_at(rest, at, words.numbers) for at in range(len(rest)) if rest[at].typed.isdecimal()
    ):
        raise NotAFigure("two_figures")
    if len(rest) > _LONGEST_UNIT or not all(w.is_letters or w.typed in "%²³/" for w in rest):
        raise NotAFigure("unreadable")
    return legible(text)[rest[0].start : rest[-1].end]
