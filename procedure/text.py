"""How typed Vietnamese is compared: with marks, without marks, and with marks put elsewhere.

People type "sat lo", "sạt lở", "SẠT LỞ" and decomposed letters for the same two words, so a
word list is never compared with the letters as typed. Nothing here knows a Vietnamese word.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

# The five tone marks; hook and tilde count as one, since half of the country writes them so.
_TONES = {"\u0300": "1", "\u0301": "2", "\u0309": "3", "\u0303": "3", "\u0323": "4"}
_D_WITH_STROKE = str.maketrans({"\u0111": "d", "\u00f0": "d"})
_WORD = re.compile(r"[0-9]+|(?:[^\W\d_][\u0300-\u036f]*)+|\S")
_UNSEEN = {"Mn", "Cf", "Sk"}


def fold(text: str) -> str:
    """The text in lower case without marks, `đ` as `d`, runs of white space as one space.

    Characters that nobody sees (zero-width ones, variation selectors) are dropped too. Folding
    twice changes nothing; the result is what the search columns hold.
    """
    apart = unicodedata.normalize("NFD", text.lower())
    seen = "".join(c for c in apart if unicodedata.category(c) not in _UNSEEN)
    return " ".join(seen.translate(_D_WITH_STROKE).split())


def sound(text: str) -> str:
    """The text in lower case, keeping its marks but not their place or their style.

    The tone goes to the end of its word, so that both ways to write "hoà" are one, and hook and
    tilde are one tone. Two words with equal `sound` are the same word to a reader.
    """
    apart = unicodedata.normalize("NFD", text.lower().replace("\u00f0", "\u0111"))
    sounded = []
    for word in apart.split():
        tones = "".join(_TONES[c] for c in word if c in _TONES)
        letters = (c for c in word if c not in _TONES)
        sounded.append("".join(c for c in letters if unicodedata.category(c) != "Cf") + tones)
    return " ".join(sounded)


class Word(NamedTuple):
    """One word, number or sign of a text, with the forms in which it is compared."""

    typed: str
    folded: str
    sounded: str
    #: Offsets in the `legible` form of the text that `words_of` was given.
    start: int
    end: int

    @property
    def bare(self) -> bool:
        """True when it was typed without any mark, so that several words may be meant."""
        return self.folded == self.sounded

    @property
    def is_number(self) -> bool:
        """True for a run of digits."""
        return self.typed.isdigit()

    @property
    def is_letters(self) -> bool:
        """True for a run of letters."""
        return self.typed[0].isalpha()


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text in order: runs of letters, runs of digits, and each other sign.

    White space and unseen characters are left out; letters and digits that touch are apart
    ("8h30" is three words).
    """
    found = (
        Word(m[0], *_compared(m[0]), m.start(), m.end()) for m in _WORD.finditer(legible(text))
    )
    return tuple(word for word in found if word.folded)


@lru_cache(maxsize=4096)
def _compared(typed: str) -> tuple[str, str]:
    """One word in the two forms in which it is compared; people use few different ones."""
    return fold(typed), sound(typed)


def legible(text: str) -> str:
    """The text with composed letters (NFC) and without format characters.

    The offsets of `words_of` count in this text, so that words can be quoted as typed.
    """
    return without_unseen(unicodedata.normalize("NFC", text))


def without_unseen(text: str) -> str:
    """The text without format characters."""
    # What can be printed holds none; to ask each letter for its kind takes fifty times as long.
    if text.replace("\n", "").isprintable():
        return text
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A listed phrase of one or more words, as full spelling gives it."""

    spelled: str
    words: tuple[Word, ...]

    def begins(self, text: tuple[Word, ...], at: int) -> bool:
        """Whether the text says this phrase from word `at` on.

        A word typed without marks may stand for any spelling; a word typed with marks must be
        the very word, so that a marked "mất" is never taken for another word of these letters.
        """
        if at + len(self.words) > len(text):
            return False
        return all(says(word, text[at + n]) for n, word in enumerate(self.words))


def says(listed: Word, typed: Word) -> bool:
    """Whether a typed word may stand for a listed one."""
    if listed.folded != typed.folded:
        return False
    return typed.bare or typed.sounded == listed.sounded


@lru_cache(maxsize=4096)
def phrase(spelled: str) -> Phrase:
    """A phrase of a word list."""
    return Phrase(spelled, words_of(spelled))


class Phrases(tuple[Phrase, ...]):
    """The phrases of a word list, longest first; found by the word with which they begin."""

    def __init__(self, listed: Iterable[Phrase]) -> None:
        self._by_first: dict[str, list[Phrase]] = {}
        self._by_last: dict[str, list[Phrase]] = {}
        for one in self:
            self._by_first.setdefault(one.words[0].folded, []).append(one)
            self._by_last.setdefault(one.words[-1].folded, []).append(one)

    @property
    def firsts(self) -> Collection[str]:
        """The words with which they begin, folded."""
        return self._by_first.keys()

    def beginning(self, text: tuple[Word, ...], at: int) -> Sequence[Phrase]:
        """Those whose first word may be the word `at` of the text, longest first."""
        return self._by_first.get(text[at].folded, ()) if at < len(text) else ()

    def ending(self, text: tuple[Word, ...]) -> Sequence[Phrase]:
        """Those whose last word may be the last of the text, longest first."""
        return self._by_last.get(text[-1].folded, ()) if text else ()


def phrases(spelled: Iterable[str]) -> Phrases:
    """The phrases of a word list, longest first, so that the first that fits is the best."""
    read = (phrase(one) for one in spelled)
    return Phrases(sorted(read, key=lambda one: -len(one.words)))


def longest(listed: Phrases, text: tuple[Word, ...], at: int) -> Phrase | None:
    """The first of the listed phrases that the text says from word `at` on."""
    return next((one for one in listed.beginning(text, at) if one.begins(text, at)), None)
