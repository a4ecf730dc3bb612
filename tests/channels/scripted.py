"""A stand-in for the library's Bot: every call meets what a script says, by a moved clock."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

FAULTS: dict[str, Callable[[], Exception]] = {
    "429": lambda: RetryAfter(3),
    "400": lambda: BadRequest("Bad Request: strange"),
    "no chat": lambda: BadRequest("Chat not found"),
    "403": lambda: Forbidden("Forbidden: bot was blocked by the user"),
    "500": lambda: NetworkError("Internal Server Error"),
    "lost before": lambda: TimedOut(),
    "lost after": lambda: TimedOut(),
}


@dataclass
class Taken:
    """A message that Telegram took: when, where, what; and whether its answer was lost."""

    at: float
    chat: int
    topic: int | None
    words: str
    unheard: bool


@dataclass
class Scripted:
    """`script` gives a fault's name or "" for each call; after its end all goes well."""

    clock: Callable[[], float]
    script: Iterator[str] = field(default_factory=lambda: iter(()))
    taken: list[Taken] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)

    @property
    def bot(self) -> "Scripted":
        """As Client has it."""
        return self

    async def send_message(
        self, chat: int, words: str, *, message_thread_id: int | None = None, **more: Any
    ) -> Any:
        """One message."""
        fault = next(self.script, "")
        self.asked.append(self.clock())
        if fault in ("", "lost after"):
            unheard = fault == "lost after"
            self.taken.append(Taken(self.clock(), chat, message_thread_id, words, unheard))
        if fault:
            raise FAULTS[fault]()
        return SimpleNamespace(message_id=len(self.taken))
