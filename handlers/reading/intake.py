"""What a line such as "sat lo ap tre dong roi, mat cai lo, 7 nha, dang di doi" says.

The parts come back with their labels in full spelling; the sentence is a template's. What stands
in no word list is quoted as typed: words are never guessed. Hearsay makes the whole line a claim.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from handlers.reading.figure import NotAFigure, number_at
from handlers.reading.lexicon import (
    Entry,
    Lexicon,
    longest_begin,
    longest_fit,
    read_lexicon,
)
from procedure.text import Phrase, Word, legible, phrase, words_of
from procedure.words import Severity

__all__ = ["Lexicon", "Part", "Understanding", "read_lexicon", "understand"]

_STOPS = frozenset(",;.!?…")
_DASHES = frozenset("-–")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was said: its key and label, and its number where one was said.

    Label, count and unit read in this order ("đã di dời" 5 "hộ", "sập" 7 "nhà").
    Among casualties the key `none` says that nobody was hurt so far.
    """

    key: str
    label: str
    count: Decimal | None = None
    estimated: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Understanding:
    """The parts of a line. With `claim`, each of them is hearsay and no fact."""

    kind: str | None = None
    kind_label: str | None = None
    #: All places named, and the narrowest; None when none or several of one rank were.
    places: tuple[str, ...] = ()
    place: str | None = None
    effects: tuple[Part, ...] = ()
    states: tuple[Part, ...] = ()
    casualties: tuple[Part, ...] = ()
    claim: bool = False
    #: What no list knows, as typed.
    quoted: tuple[str, ...] = ()
    #: The level to suggest, and those of the five checks that are plain; a person decides.
    severity: Severity | None = None
    check: Mapping[str, bool] = field(default_factory=dict)


def understand(text: str, lexicon: Lexicon, places: Iterable[str]) -> Understanding:
    """The parts of one line of a report; `places` are the full names of the sender's places.

    Never raises. In a claim only the kind of incident suggests a severity, not the deaths.
    """
    return _understood(text, lexicon, tuple(places))


@lru_cache(maxsize=16)
def _understood(text: str, lexicon: Lexicon, places: tuple[str, ...]) -> Understanding:
    """One turn asks several times what its line says."""
    return _Line(text, lexicon, places).understanding()


class _Line:
    def __init__(self, text: str, lexicon: Lexicon, places: tuple[str, ...]) -> None:
        self.text = legible(text)
        self.words = words_of(text)
        self.lexicon = lexicon
        self.full = [(name, phrase(name)) for name in places]
        self.short = _short_names(self.full, lexicon)
        self.read = [False] * len(self.words)
        self.claim = False
        self.places: list[str] = []
        #: What was said, in order, by the list that knows it.
        self.said: dict[str, list[tuple[Entry, Part]]] = {
            "kinds": [], "effects": [], "states": [], "casualties": [],
        }  # fmt: skip

    def understanding(self) -> Understanding:
        at = 0
        while at < len(self.words):
            at += self._take(at)
        kinds = {entry.key: entry for entry, _ in self.said["kinds"]}
        kind, *others = kinds.values() or [None]
        places = tuple(dict.fromkeys(self.places))
        also = tuple(Part(one.key, one.label) for one in others if one is not None)
        return Understanding(
            kind=kind.key if kind else None,
            kind_label=self._label(kind) if kind else None,
            places=places,
            place=self._narrowest(places),
            effects=self._parts("effects") + also,
            states=self._parts("states"),
            casualties=self._parts("casualties"),
            claim=self.claim,
            quoted=self._quoted(),
            severity=self._severity(kind),
            check=self._check(kind),
        )

    def _parts(self, name: str) -> tuple[Part, ...]:
        return tuple(dict.fromkeys(part for _, part in self.said[name]))

    def _label(self, kind: Entry) -> str:
        return (kind.claim_label if self.claim else None) or kind.label

    def _check(self, kind: Entry | None) -> dict[str, bool]:
        """What is plain from the kind; of a rumour only what the rumour itself makes plain."""
        if kind is None:
            return {}
        hearsay = kind.claim_check if self.claim else None
        return dict(kind.check if hearsay is None else hearsay)

    def _severity(self, kind: Entry | None) -> Severity | None:
        levels = [kind.severity] if kind else []
        if self.claim:
            levels = [kind.claim_severity or kind.severity] if kind else []
        else:
            levels += [e.severity for name in self.said for e, _ in self.said[name]]
        return max((one for one in levels if one), key=lambda one: one.rank, default=None)

    # One step through the words.

    def _take(self, at: int) -> int:
        """How many words are done with from word `at` on; those understood are marked as read."""
        if shield := longest_fit(self.lexicon.shields, self.words, at):
            return shield
        for taken in (self._place(at), self._number(at), self._hearsay(at)):
            if taken:
                return self._mark(at, taken)
        name, entry, size = self._entry(at)
        negator = longest_begin(self.lexicon.negators, self.words, at)
        if negator >= size and negator:
            return negator + self._entry(at + negator)[2]
        if entry is None:
            return 1
        unit = entry.unit if name == "effects" else ""
        part, more = Part(entry.key, entry.label, unit=unit), 0
        if name in {"casualties", "states"} and entry.key != "none":
            part, more = self._with_count(part, at + size)
        self.said[name].append((entry, part))
        return self._mark(at, size + more)

    def _mark(self, at: int, size: int) -> int:
        self.read[at : at + size] = [True] * size
        return size

    def _entry(self, at: int, *, counted: bool = False) -> tuple[str, Entry | None, int]:
        """The entry of any list that takes most words from `at` on."""
        lexicon = self.lexicon
        found = (
            ("casualties", *lexicon.casualties.best(self.words, at)),
            ("states", *lexicon.states.best(self.words, at)),
            ("kinds", *lexicon.kinds.best(self.words, at)),
            ("effects", *lexicon.effects.best(self.words, at, counted=counted)),
        )
        return max(found, key=lambda one: one[2])

    def _hearsay(self, at: int) -> int:
        size = longest_fit(self.lexicon.hearsay, self.words, at)
        longer = self._entry(at)[2]
        if size <= longer:
            return 0
        self.claim = True
        return size

    # Places.

    def _place(self, at: int) -> int:
        """A place of the sender's unit: its full name, or after a lead or in capitals its own."""
        fitting = [(len(p.words), name) for name, p in self.full if p.begins(self.words, at)]
        fitting += [
            (len(p.words), name)
            for name, p in self.short
            if p.begins(self.words, at) and self._is_name(p, at)
        ]
        if not fitting:
            return 0
        size, name = max(fitting)
        self.places.append(name)
        return size

    def _is_name(self, short: Phrase, at: int) -> bool:
        """Whether words that are a place's own name stand as a name here."""
        said = self.words[at : at + len(short.words)]
        if all(word.typed[0].isupper() for word in said):
            return True
        leads = self.lexicon.place_leads
        return any(
            at >= len(one.words) and one.begins(self.words, at - len(one.words)) for one in leads
        )

    def _narrowest(self, places: tuple[str, ...]) -> str | None:
        ranks = {name: self._rank(spelled) for name, spelled in self.full if name in places}
        narrow = [name for name in places if ranks[name] == min(ranks.values())]
        return narrow[0] if len(narrow) == 1 else None

    def _rank(self, place: Phrase) -> int:
        """How broad the kind of a place is; 0 for the narrowest and for an unknown kind."""
        listed = enumerate(self.lexicon.place_words)
        return next((n for n, one in listed if longest_fit(one, place.words, 0)), 0)

    # Numbers.

    def _number(self, at: int) -> int:
        """A number with what it counts; a range or a number of something unknown is left."""
        begin = at
        while about := longest_fit(self.lexicon.about, self.words, at):
            at += about
        number = self._digits(at)
        if number is None:
            return 0
        count, end = number
        name, entry, size = self._counted(end)
        if entry is None or (begin and self.words[begin - 1].typed in _DASHES):
            return 0
        self.said[name].append((entry, Part(entry.key, entry.label, count, at > begin, entry.unit)))
        return end + size - begin

    def _digits(self, at: int) -> tuple[Decimal, int] | None:
        """A number in digits, or in words with their marks, that is not part of a range."""
        try:
            number = number_at(self.words, at, self.lexicon.numbers)
        except NotAFigure:
            return None
        if number is None or number[1] >= len(self.words):
            return None
        marked = self.words[at].is_number or any(not word.bare for word in self.words)
        ranged = self.words[number[1]].typed in _DASHES
        return number if marked and not ranged else None

    def _counted(self, at: int) -> tuple[str, Entry | None, int]:
        """What is counted: people who were hurt, or a quantity."""
        hurt, size = self.lexicon.casualties.best(self.words, at)
        skip = longest_begin(self.lexicon.people, self.words, at)
        while hurt is None and skip:
            hurt, size = self.lexicon.casualties.best(self.words, at + skip)
            size += skip
            link = longest_begin(self.lexicon.links, self.words, at + skip)
            skip = skip + link if link else 0
        if hurt is not None and hurt.key != "none":
            return "casualties", hurt, size
        entry, size = self.lexicon.effects.best(self.words, at)
        return "effects", entry, size

    def _with_count(self, part: Part, at: int) -> tuple[Part, int]:
        """The part with a number said right after it ("chết 3 người", "đã di dời 5 hộ")."""
        begin = at
        while about := longest_fit(self.lexicon.about, self.words, at):
            at += about
        number = self._digits(at)
        if number is None:
            return part, 0
        count, end = number
        unit, size = self.lexicon.effects.best(self.words, end)
        people = longest_begin(self.lexicon.people, self.words, end)
        if unit is None and not people:
            return part, 0
        said = Part(part.key, part.label, count, at > begin, self._unit(unit, people, end))
        return said, end + max(size, people) - begin

    def _unit(self, unit: Entry | None, people: int, at: int) -> str:
        """What a number counts, in full spelling; people of any sort as the first listed word."""
        if unit is not None and unit.unit:
            return unit.unit
        return self.lexicon.person if people else ""

    # What is left.

    def _quoted(self) -> tuple[str, ...]:
        """The runs of words that were not understood, as typed, without the small words around."""
        runs: list[tuple[int, int]] = []
        for at, word in enumerate(self.words):
            if self.read[at] or self._stops(at, word):
                continue
            if runs and runs[-1][1] == at:
                runs[-1] = (runs[-1][0], at + 1)
            else:
                runs.append((at, at + 1))
        trimmed = (self._trimmed(begin, end) for begin, end in runs)
        return tuple(quote for quote in trimmed if quote)

    def _stops(self, at: int, word: Word) -> bool:
        """Whether a sign ends a part of the line; inside a number or a link it does not."""
        if word.typed not in _STOPS:
            return False
        return at + 1 == len(self.words) or self.words[at + 1].start > word.end

    def _trimmed(self, begin: int, end: int) -> str:
        while begin < end:
            size = longest_begin(self.lexicon.noise, self.words[:end], begin)
            if not size and self._is_sign(begin):
                size = 1
            if not size:
                break
            begin += size
        while end > begin and (size := self._noise_before(begin, end)):
            end -= size
        if begin == end or self._says_nothing(begin, end):
            return ""
        return self.text[self.words[begin].start : self.words[end - 1].end]

    def _says_nothing(self, at: int, end: int) -> bool:
        """Whether only small words are left."""
        small, said = (self.lexicon.fillers, self.lexicon.noise), self.words[:end]
        while at < end and (size := max(longest_begin(one, said, at) for one in small)):
            at += size
        return at == end

    def _noise_before(self, begin: int, end: int) -> int:
        """How many words right before word `end` are small words; none right after a number."""
        if self._is_sign(end - 1):
            return 1
        said = self.words[:end]
        fitting = [
            len(one.words)
            for one in self.lexicon.noise
            if end - len(one.words) >= begin and one.begins(said, end - len(one.words))
        ]
        size = max(fitting, default=0)
        after_number = end - size > begin and self.words[end - size - 1].is_number
        return 0 if after_number else size

    def _is_sign(self, at: int) -> bool:
        return not self.words[at].typed[0].isalnum()


def _short_names(full: list[tuple[str, Phrase]], lexicon: Lexicon) -> list[tuple[str, Phrase]]:
    """The places' own names without the word for their kind, where two words or more are left.

    A name that two places share is left out.
    """
    names: dict[str, list[tuple[str, Phrase]]] = {}
    for name, spelled in full:
        size = max(longest_fit(rank, spelled.words, 0) for rank in lexicon.place_words)
        own = spelled.words[size:]
        if size and len(own) > 1:
            short = Phrase(name, own)
            names.setdefault(" ".join(word.folded for word in own), []).append((name, short))
    return [found[0] for found in names.values() if len(found) == 1]
