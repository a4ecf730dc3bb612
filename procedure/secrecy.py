"""Stamps of state secrecy in what people send (domain.md §1.7): found before anything is kept.

The word lists are data. This module knows only how a stamp stands in a text: with marks or
without, in capitals, alone on its line, in brackets, before a number, in a file name, or with
its letters apart.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procedure.text import (
    Phrase,
    Phrases,
    Word,
    fold,
    longest,
    phrase,
    phrases,
    says,
    without_unseen,
    words_of,
)

_NUMBERED = re.compile(r"\s*[0-9]+\s*[-/]\s*\w*[^\W\d_]{2}")
_BREAKS = re.compile(r"[\n\r,;:!?()\[\]{}<>«»\"“”*|]|[.…](?=\s)|\s[-–—]\s")
_OPENERS = '([{<«"“*|'
_LONGEST_ENDING = 40
_CLOSERS = ')]}>»"”*|'


@dataclass(frozen=True, slots=True)
class SecrecyWords:
    """The word lists of the secrets stop; each is explained beside its data."""

    strong: Phrases
    weak: Phrases
    marked: Phrases
    joined: tuple[Word, ...]
    stamp: Word
    other_words: Phrases
    lost_words: Phrases
    gone_words: Phrases
    house_lost: Phrases
    names: Phrases
    other_leads: Phrases
    file_endings: frozenset[str]
    #: What every stamp begins with, folded: most texts hold none of these words.
    firsts: frozenset[str]


def read_secrecy_words(mapping: Mapping[str, Any]) -> SecrecyWords:
    """The word lists from their data file; a missing list raises KeyError."""
    listed = {name: phrases(mapping[name]) for name in ("strong", "weak", "marked")}
    joined = tuple(phrase(spelled).words[0] for spelled in mapping["joined"])
    stamp = phrase(mapping["stamp"]).words[0]
    firsts = {stamp.folded, *(one.folded for one in joined)}.union(
        *(one.firsts for one in listed.values())
    )
    return SecrecyWords(
        **listed,
        joined=joined,
        stamp=stamp,
        firsts=frozenset(firsts),
        other_words=phrases(mapping["other_words"]),
        lost_words=phrases(mapping["lost_words"]),
        gone_words=phrases(mapping["gone_words"]),
        house_lost=phrases(mapping["house_lost"]),
        names=phrases(mapping["names"]),
        other_leads=phrases(mapping["other_leads"]),
        file_endings=frozenset(mapping["file_endings"]),
    )


def stamp_of_secrecy(*texts: str, words: SecrecyWords) -> str | None:
    """The listed stamp that one of the texts carries, as the list spells it; None when none does.

    Give the text, the caption and the file names of one message. The answer never holds a word
    of the message itself, so it may be kept and logged.
    """
    for text in texts:
        found = _Reading(text, words).stamp()
        if found is not None:
            return found
    return None


class _Reading:
    """One text, cut into words and into the phrases between its breaks."""

    def __init__(self, text: str, words: SecrecyWords) -> None:
        self.text = without_unseen(unicodedata.normalize("NFKC", text))
        self.lists = words
        found = words_of(self.text)
        self.words = _joined_letters(tuple(w for w in found if w.typed.isalnum()))
        ending = self.text.rpartition(".")[2]
        is_short = len(ending) <= _LONGEST_ENDING
        self.is_file = is_short and fold(ending) in words.file_endings

    def stamp(self) -> str | None:
        for at, word in enumerate(self.words):
            if word.folded not in self.lists.firsts:
                continue
            found = self._joined(word) or self._phrase(at)
            if found is not None:
                return found
            if word.folded == self.lists.stamp.folded and self._stands_alone(at):
                return self.lists.stamp.typed
        return None

    def _joined(self, word: Word) -> str | None:
        """A whole stamp written as one run of letters."""
        listed = next((one for one in self.lists.joined if says(one, word)), None)
        return listed.typed if listed else None

    def _phrase(self, at: int) -> str | None:
        """A listed phrase from word `at` on."""
        lists = self.lists
        for listed in (lists.strong, lists.weak, lists.marked):
            found = longest(listed, self.words, at)
            if found is not None and self._means_it(found, at, listed):
                return found.spelled
        return None

    def _means_it(self, found: Phrase, at: int, listed: Phrases) -> bool:
        end = at + len(found.words)
        said = self.words[at:end]
        # The word that decides is the stamp's own; phrases without it are long enough to trust.
        key = next((w for w in said if w.folded == self.lists.stamp.folded), None)
        if key is None:
            return True
        if said[-1] is key and self._followed_by(self.lists.other_words, end):
            return False
        if not key.bare:
            return True
        if listed is self.lists.marked or self._broken(at, end):
            return False
        if listed is not self.lists.strong:
            return self._stamped(at, end) and not self._followed_by(self.lists.lost_words, end)
        other = self.lists.gone_words if said[-1] is key else self.lists.house_lost
        return not self._followed_by(other, end)

    def _followed_by(self, listed: Phrases, end: int) -> bool:
        """Whether the same phrase of the text goes on with one of the listed words."""
        found = longest(listed, self.words, end)
        return found is not None and not self._broken(end - 1, end + 1)

    def _preceded_by(self, listed: Phrases, at: int) -> bool:
        for one in listed:
            begin = at - len(one.words)
            if begin >= 0 and one.begins(self.words, begin) and not self._broken(begin, at + 1):
                return True
        return False

    def _between(self, left: int) -> str:
        """What stands between word `left` and the next; an end of the text is a line break."""
        if left < 0 or left + 1 >= len(self.words):
            return "\n"
        return self.text[self.words[left].end : self.words[left + 1].start]

    def _broken(self, begin: int, end: int) -> bool:
        """Whether a comma, a bracket or the like parts the words `begin` to `end`."""
        return any(
            _BREAKS.search(between)
            for between in map(self._between, range(begin, end - 1))
            if between != "\n"
        )

    def _ends(self, last: int) -> bool:
        """Whether a phrase of the text ends with word `last`."""
        if self.is_file and last + 2 == len(self.words):
            return True
        return _BREAKS.search(self._between(last)) is not None

    def _starts(self, first: int) -> bool:
        return _BREAKS.search(self._between(first - 1)) is not None

    def _stamped(self, at: int, end: int) -> bool:
        """Whether words without marks stand where a stamp would."""
        follower = self.words[end] if end < len(self.words) else None
        if self._ends(end - 1) or (follower is not None and self._numbered(end - 1)):
            return True
        island = all(w.typed.isupper() for w in self.words[at:end])
        return island and not self._in_capitals(at, end)

    def _numbered(self, last: int) -> bool:
        """Whether the number of a document follows word `last`."""
        return _NUMBERED.match(self.text, self.words[last].end) is not None or (
            self.is_file and self._only_numbers_after(last)
        )

    def _only_numbers_after(self, last: int) -> bool:
        return all(w.is_number for w in self.words[last + 1 : -1])

    def _in_capitals(self, at: int, end: int) -> bool:
        """Whether the words around are in capitals too."""
        around = (*self.words[max(0, at - 2) : at], *self.words[end : end + 2])
        letters = [w for w in around if w.is_letters and len(w.typed) > 1]
        return bool(letters) and all(w.typed.isupper() for w in letters)

    def _stands_alone(self, at: int) -> bool:
        """Whether the stamp's one word is a stamp here and not a name or another word."""
        word, lists = self.words[at], self.lists
        capitals = word.typed.isupper()
        if word.bare:
            return self._bare_stamp(at)
        if not says(lists.stamp, word):
            return False
        if self._bracketed(at) or len(self.words) == 1 or self._own_line(at):
            return True
        if not capitals or self._followed_by(lists.other_words, at + 1):
            return False
        if self._preceded_by(lists.names, at) or self._preceded_by(lists.other_leads, at):
            return False
        if (self._starts(at) and self._ends(at)) or self._numbered(at) or self.is_file:
            return True
        return not self._in_capitals(at, at + 1)

    def _bare_stamp(self, at: int) -> bool:
        """Capitals without marks: trusted only alone, spelled out, or by a document's number."""
        word = self.words[at]
        if len(word.typed) != word.end - word.start:
            return True  # letters written apart on purpose
        if not word.typed.isupper():
            return False
        if self.is_file:
            return self._only_numbers_after(at)
        return self._bracketed(at) or self._own_line(at) or self._numbered(at)

    def _bracketed(self, at: int) -> bool:
        before, after = self._between(at - 1).strip(), self._between(at).strip()
        if at == 0:
            before = self.text[: self.words[0].start].strip()
        if at + 1 == len(self.words):
            after = self.text[self.words[-1].end :].strip()
        return before[-1:] in _OPENERS and after[:1] in _CLOSERS and bool(before and after)

    def _own_line(self, at: int) -> bool:
        return all(set("\n\r") & set(self._between(side)) for side in (at - 1, at))


def _joined_letters(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words, with letters that were written apart ("T O I") put together again."""
    joined: list[Word] = []
    run: list[Word] = []
    for word in words:
        if len(word.folded) == 1 and word.is_letters:
            run.append(word)
            continue
        joined += _one(run)
        run = []
        joined.append(word)
    return (*joined, *_one(run))


def _one(run: list[Word]) -> list[Word]:
    if len(run) < 3:
        return run
    whole = words_of("".join(word.typed for word in run))[0]
    return [Word(whole.typed, whole.folded, whole.sounded, run[0].start, run[-1].end)]
