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
    "timeout",
    "timeout_after",
    "drop",
    "slow",
    "garbage",
)


@dataclass
class Fault:
    """One fault, for the next `times` fitting calls.

    `args`: `retry_after` (429, seconds), `description` (400, 401, 403, 409, 500), `seconds`
    (slow), `after` (drop, garbage: True when the call is carried out first).
    """

    method: str
    kind: str
    times: int = 1
    chat: int | None = None
    args: dict[str, Any] = field(default_factory=dict)

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
        """The first fault that fits this call; it is used up once."""
        for fault in self.waiting:
            if fault.fits(method, chat):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None
