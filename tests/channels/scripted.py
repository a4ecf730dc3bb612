"""A stand-in for Client: every call meets what a script says, by a moved clock."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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

    async def call(
        self,
        method: str,
        *,
        chat_id: int,
        text: str,
        message_thread_id: int | None = None,
        **more: Any,
    ) -> Any:
        """One message, as Client sends it."""
        assert method == "sendmessage"
        fault = next(self.script, "")
        self.asked.append(self.clock())
        if fault in ("", "lost after"):
            unheard = fault == "lost after"
            self.taken.append(Taken(self.clock(), chat_id, message_thread_id, text, unheard))
        if fault:
            raise FAULTS[fault]()
        return {"message_id": len(self.taken)}
