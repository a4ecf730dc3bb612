"""Short answers and commands typed as words: "da nhan", "xong rồi", "viec cua toi".

Only a whole message counts, without its words of politeness; a longer sentence is never searched
for a word, so "không đồng ý" and "đã duyệt chưa?" are nothing here. Approvals are no intents.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from procedure.text import Phrase, Phrases, Word, fold, legible, longest, phrases, words_of

Key = TypeVar("Key")


class Intent(StrEnum):
    """What a short answer does; the prompt that it answers gives it its object."""

    RECEIPT = "receipt"  # đã nhận, rõ
    IN_PROGRESS = "in_progress"  # đang làm
    DONE = "done"  # xong rồi
    CANNOT = "cannot"  # chưa kịp, bận họp
    CANCEL = "cancel"  # hủy
    BACK = "back"  # quay lại
    SKIP = "skip"  # bỏ qua
    UNKNOWN = "unknown"  # không rõ
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, eq=False)
class IntentWords:
    """The word lists of short answers and commands; each is explained beside its data."""

    intents: Mapping[Intent, Phrases]
    commands: Mapping[str, Phrases]
    politeness: Phrases
    question_signs: frozenset[str]
    #: The same lists, by the words with which their phrases begin.
    intents_by_word: Mapping[str, Sequence[tuple[Intent, Phrases]]]
    commands_by_word: Mapping[str, Sequence[tuple[str, Phrases]]]


def read_intent_words(mapping: Mapping[str, Any]) -> IntentWords:
    """The word lists from their data file; a missing list raises KeyError."""
    intents = {intent: phrases(mapping["intents"][intent]) for intent in Intent}
    commands = {name: phrases(said) for name, said in mapping["commands"].items()}
    return IntentWords(
        intents=intents,
        commands=commands,
        politeness=phrases(mapping["politeness"]),
        question_signs=frozenset(mapping["question_signs"]),
        intents_by_word=_by_first_word(intents),
        commands_by_word=_by_first_word(commands),
    )


@lru_cache(maxsize=64)
def intent(text: str, words: IntentWords) -> Intent | None:
    """The intent of a whole message; None for a question and for every longer sentence."""
    return _found(text, words.intents_by_word, words)


def is_label(text: str, label: str, words: IntentWords) -> bool:
    """Whether a whole message is the words on a button, typed with or without their marks."""
    listed = _on_button(label)
    return any(_is_one(core, listed) for core in _said(text, words)) if listed else False


@lru_cache(maxsize=1024)
def _on_button(label: str) -> Phrases | None:
    wanted = _without_stops(words_of(label))
    return Phrases([Phrase(label, wanted)]) if wanted else None


@lru_cache(maxsize=64)
def _said(text: str, words: IntentWords) -> Sequence[tuple[Word, ...]]:
    """What a whole message may mean, with more and more politeness left out; not a question."""
    said = words_of(text)
    if any(word.typed in words.question_signs for word in said):
        return ()
    return tuple(_cores(_without_stops(said), words.politeness))


def command(text: str, words: IntentWords) -> str | None:
    """The command of a whole message, without its slash: "/baocao", "bao cao" or an alias.

    What follows a command with a slash is not looked at (see `command_rest`).
    """
    if legible(text).lstrip().startswith("/"):
        name = fold(legible(text).split()[0][1:].partition("@")[0])
        return name if name in words.commands else _alias(name, words)
    return _found(text, words.commands_by_word, words)


def command_rest(text: str) -> str:
    """What stands after the command in a message that begins with a slash; else nothing."""
    typed = legible(text).strip()
    return typed.partition(" ")[2].strip() if typed.startswith("/") else ""


def _alias(name: str, words: IntentWords) -> str | None:
    said = words_of(name.replace("_", " "))
    fitting = (key for key, listed in words.commands.items() if _is_one(said, listed))
    return next(fitting, None)


def _found(
    text: str, listed: Mapping[str, Sequence[tuple[Key, Phrases]]], words: IntentWords
) -> Key | None:
    """The key whose list holds the whole message, with as little politeness left out as can be.

    A message that two lists hold ("dung" without marks is đúng and dừng) has no key.
    """
    for core in _said(text, words):
        keys = [key for key, table in listed.get(core[0].folded, ()) if _is_one(core, table)]
        if keys:
            return keys[0] if len(keys) == 1 else None
    return None


def _by_first_word(listed: Mapping[Key, Phrases]) -> Mapping[str, Sequence[tuple[Key, Phrases]]]:
    """Which lists hold a phrase that begins with a word, as it is written without its marks."""
    found: dict[str, list[tuple[Key, Phrases]]] = {}
    for key, table in listed.items():
        for first in dict.fromkeys(one.words[0].folded for one in table):
            found.setdefault(first, []).append((key, table))
    return found


def _is_one(said: tuple[Word, ...], listed: Phrases) -> bool:
    return any(
        len(one.words) == len(said) and one.begins(said, 0) for one in listed.beginning(said, 0)
    )


def _without_stops(said: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words without stops and commas, which people type anywhere."""
    return tuple(word for word in said if word.typed not in ".,!…;:-")


def _cores(said: tuple[Word, ...], politeness: Phrases) -> Iterator[tuple[Word, ...]]:
    """The message, then the message with more and more politeness taken off its ends."""
    if said:
        yield said
    while True:
        polite = longest(politeness, said, 0)
        front = len(polite.words) if polite else 0
        if front and front < len(said):
            said = said[front:]
            yield said
            continue
        back = next((n for one in politeness.ending(said) if (n := _ending(one, said))), 0)
        if not back or back >= len(said):
            return
        said = said[:-back]
        yield said


def _ending(one: Phrase, said: tuple[Word, ...]) -> int:
    size = len(one.words)
    return size if size <= len(said) and one.begins(said, len(said) - size) else 0
