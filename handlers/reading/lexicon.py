"""The words of incidents that the first line of a report is read with; the lists are data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.reading.figure import Numbers, read_numbers
from procedure.text import Phrase, Phrases, Word, phrases
from procedure.words import Severity

#: The five questions of the check at intake (Quy định 887, opening sentence).
CHECKS = ("complex", "sensitive", "sectors", "beyond", "province")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a line may say, in whatever words."""

    key: str
    label: str
    says: Phrases
    #: The level that it suggests; a person decides.
    severity: Severity | None = None
    claim_label: str | None = None
    claim_severity: Severity | None = None
    #: Those of CHECKS whose answer is plain.
    check: Mapping[str, bool] = field(default_factory=dict)
    #: The same when the line is hearsay; None: as above.
    claim_check: Mapping[str, bool] | None = None
    #: It says something only with a number before it.
    counted: bool = False
    #: What its number counts, where the label does not say it.
    unit: str = ""


class Entries(tuple[Entry, ...]):
    """One list; its entries are found by the words with which their phrases begin."""

    def __init__(self, listed: Iterable[Entry]) -> None:
        self._by_first: dict[str, list[tuple[Entry, Phrase]]] = {}
        for entry in self:
            for one in entry.says:
                self._by_first.setdefault(one.words[0].folded, []).append((entry, one))

    def best(
        self, text: tuple[Word, ...], at: int, *, counted: bool = True
    ) -> tuple[Entry | None, int]:
        """The entry whose phrase takes most words of the text from `at` on, and how many.

        Without `counted` those are left out that say something only with a number before them.
        """
        best: Entry | None = None
        size = 0
        for entry, one in self._by_first.get(text[at].folded, ()) if at < len(text) else ():
            if len(one.words) > size and (counted or not entry.counted) and fits(one, text, at):
                best, size = entry, len(one.words)
        return best, size


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """All word lists of the first line; each is explained beside its data."""

    kinds: Entries
    effects: Entries
    states: Entries
    casualties: Entries
    hearsay: Phrases
    negators: Phrases
    noise: Phrases
    fillers: Phrases
    shields: Phrases
    about: Phrases
    people: Phrases
    #: The unit in which people are counted, in full spelling.
    person: str
    links: Phrases
    #: From the narrowest to the broadest kind of place.
    place_words: tuple[Phrases, ...]
    place_leads: Phrases
    numbers: Numbers


def read_lexicon(mapping: Mapping[str, Any]) -> Lexicon:
    """The word lists from their data file.

    Raises KeyError for a missing list and ValueError for an unknown severity or check.
    """
    return Lexicon(
        kinds=_entries(mapping["kinds"]),
        effects=_entries(mapping["effects"]),
        states=_entries(mapping["states"]),
        casualties=_entries(mapping["casualties"]),
        hearsay=phrases(mapping["hearsay"]),
        negators=phrases(mapping["negators"]),
        noise=phrases(mapping["noise"]),
        fillers=phrases(mapping["fillers"]),
        shields=phrases(mapping["shields"]),
        about=phrases(mapping["about"]),
        people=phrases(mapping["people"]),
        person=mapping["person"],
        links=phrases(mapping["links"]),
        place_words=tuple(phrases(one) for one in mapping["place_words"]),
        place_leads=phrases(mapping["place_leads"]),
        numbers=read_numbers(mapping),
    )


def _entries(rows: Iterable[Mapping[str, Any]]) -> Entries:
    return Entries(_entry(row) for row in rows)


def _entry(row: Mapping[str, Any]) -> Entry:
    check: Mapping[str, bool] = row.get("check", {})
    unknown = (set(check) | set(row.get("claim_check", ()))) - set(CHECKS)
    if unknown:
        raise ValueError(f"{row['key']}: no such check: {', '.join(sorted(unknown))}")
    return Entry(
        key=row["key"],
        label=row["label"],
        says=phrases(row["says"]),
        severity=_severity(row, "severity"),
        claim_label=row.get("claim_label"),
        claim_severity=_severity(row, "claim_severity"),
        check=check,
        claim_check=row.get("claim_check"),
        counted=row.get("counted", False),
        unit=row.get("unit", ""),
    )


def _severity(row: Mapping[str, Any], name: str) -> Severity | None:
    return Severity(row[name]) if name in row else None


def fits(listed: Phrase, text: tuple[Word, ...], at: int) -> bool:
    """Whether the text says a phrase from word `at` on; a single word must have its marks."""
    if not listed.begins(text, at):
        return False
    return len(listed.words) > 1 or listed.words[0].sounded == text[at].sounded


def longest_fit(listed: Phrases, text: tuple[Word, ...], at: int) -> int:
    """How many words of the text, from `at` on, the longest fitting phrase takes; 0 for none."""
    fitting = (one for one in listed.beginning(text, at) if fits(one, text, at))
    return max((len(one.words) for one in fitting), default=0)


def longest_begin(listed: Phrases, text: tuple[Word, ...], at: int) -> int:
    """As `longest_fit`, but a single word without marks counts too."""
    fitting = (one for one in listed.beginning(text, at) if one.begins(text, at))
    return max((len(one.words) for one in fitting), default=0)
