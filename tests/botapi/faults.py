"""Faults on command: what the next calls of a method meet instead of, or around, an answer."""

from dataclasses import dataclass, field
from typing import Any

KINDS = (
    "400",
    "401",
    "403",
    "409",
    "429",
    "500",
    "502",
    "503",
    "504",
    "timeout",
    "timeout_after",
    "drop",
    "slow",
    "garbage",
)


@dataclass
class Fault:
    """One fault, for `times` fitting calls, beginning with the `nth` next one.

    `args`: `retry_after` (429, seconds), `description` (400, 401, 403, 409, 500), `migrate_to`
    (400: the id of the supergroup), `seconds` (slow), `after` (all but slow: True when the call
    is carried out first and its message stands; `timeout_after` is the same for a timeout).
    """

    method: str
    kind: str
    times: int = 1
    chat: int | None = None
    args: dict[str, Any] = field(default_factory=dict)
    nth: int = 1

    def fits(self, method: str, chat: int | None) -> bool:
        """Whether a call meets it; method "*" is every method but getUpdates."""
        named = self.method.lower()
        every = named == "*" and method.lower() != "getupdates"
        return (every or named == method.lower()) and self.chat in (None, chat)


class Faults:
    """The faults that still wait for a call."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Raises ValueError for a kind that is not known."""
        if fault.kind not in KINDS:
            raise ValueError(f"unknown fault {fault.kind!r}; known: {', '.join(KINDS)}")
        self.waiting.append(fault)

    def take(self, method: str, chat: int | None) -> Fault | None:
        """The first fault that fits this call, when its turn has come; it is used up once. Every
        fitting fault whose turn has not come counts the call."""
        met = None
        for fault in list(self.waiting):
            if not fault.fits(method, chat):
                continue
            if fault.nth > 1:
                fault.nth -= 1
            elif met is None:
                met = fault
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
        return met
