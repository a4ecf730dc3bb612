"""Refusals: each names a sentence (a key) and its facts; templates hold the sentence."""

from typing import Any


class Refused(Exception):
    """An action that the rules do not allow. `key` names the sentence in refusals.j2."""

    def __init__(self, key: str, **facts: Any) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


class NotYours(Refused):
    """The person may not do this; `who` (a person id or None) can."""


class WrongStep(Refused):
    """The procedure is not there yet, or is past it."""


class Outdated(Refused):
    """What the person answered has moved on since it was shown."""


class BadValue(Refused):
    """A value that cannot stand."""
