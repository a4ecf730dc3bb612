"""Where a text says a figure, and what is left of it without those sentences (row 20)."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from procedure.facts import Figure
from procedure.figures import unusable, written
from procedure.incident import Incident
from procedure.text import Word, fold, words_of

_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_COMMA_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+")
#: Behind a unit these make another unit of it: "35 m/s", "35 m2".
_GOES_ON = {"/", "^"}
_END = re.compile(r"(?:[.!?…]+[\"”')]*(?=\s|$)|\n+)\s*")
#: Capitals up to this many before a stop are a word cut short, which ends no sentence.
_SHORT_FORM = 3


def readings(digits: str) -> frozenset[str]:
    """Every number that a run of digits with points and commas may mean, as the register has it."""
    found = set()
    if digits.isdecimal():
        found.add(digits)
    if _THOUSANDS.fullmatch(digits):
        found.add(digits.replace(".", "").replace(",", "."))
    if _COMMA_THOUSANDS.fullmatch(digits):
        found.add(digits.replace(",", ""))
    if _DECIMAL.fullmatch(digits):
        found.add(digits.replace(",", "."))
    return frozenset(written(Decimal(one)) for one in found)


def says(text: str, figure: Figure) -> bool:
    """Whether a text says this number in digits with its unit; without one, with its words."""
    words = words_of(text)
    units = [_folded(one) for one in (figure.unit, *figure.spellings) if one.strip()]
    for numbers, end in _numbers(words):
        if figure.value not in numbers:
            continue
        if not units and fold(figure.what) in fold(text):
            return True
        if any(_stands(words, end, unit) for unit in units):
            return True
    return False


def barred(incident: Incident, text: str) -> tuple[Figure, ...]:
    """The figures in a text that no statement may use now."""
    listed = unusable(incident)
    return tuple(one for one in listed if any(says(sentence, one) for sentence in sentences(text)))


def sentences(text: str) -> tuple[str, ...]:
    """The text in sentences, each with the blanks behind it; together they are the text."""
    found, begin = [], 0
    for end in _END.finditer(text):
        if not _is_cut_short(text[begin : end.end()]):
            found.append(text[begin : end.end()])
            begin = end.end()
    return tuple(one for one in (*found, text[begin:]) if one)


def _is_cut_short(text: str) -> bool:
    last = (text.split() or [""])[-1]
    word = last.removesuffix(".")
    return word != last and word.isalpha() and word.isupper() and len(word) <= _SHORT_FORM


def without(text: str, figures: Iterable[Figure]) -> str:
    """The text without the sentences that say any of these figures; may be empty."""
    listed = tuple(figures)
    kept = (one for one in sentences(text) if not any(says(one, figure) for figure in listed))
    return "".join(kept).strip()


def _folded(unit: str) -> tuple[str, ...]:
    return tuple(word.folded for word in words_of(unit))


def _stands(words: tuple[Word, ...], at: int, unit: tuple[str, ...]) -> bool:
    """Whether this unit, and no longer one, stands from word `at` on."""
    end = at + len(unit)
    if tuple(word.folded for word in words[at:end]) != unit:
        return False
    if end == len(words):
        return True
    touches = words[end].start == words[end - 1].end
    return not (touches and (words[end].is_number or words[end].typed in _GOES_ON))


def _numbers(words: tuple[Word, ...]) -> Iterator[tuple[frozenset[str], int]]:
    """What each number of a text may mean, and the word after it."""
    at = 0
    while at < len(words):
        if not words[at].is_number:
            at += 1
            continue
        end = at + 1
        while (
            end + 1 < len(words)
            and words[end].typed in {".", ","}
            and words[end + 1].is_number
            and words[end].start == words[end - 1].end
            and words[end + 1].start == words[end].end
        ):
            end += 2
        yield readings("".join(word.typed for word in words[at:end])), end
        at = end
