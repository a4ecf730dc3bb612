"""What the log tells of a turn and of a send: numbers, spans and outcomes; nobody's words."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from secrets import token_hex
from time import perf_counter
from typing import TypeVar

import structlog

from storage.database import Session

T = TypeVar("T")
log = structlog.get_logger()


@contextmanager
def handling(update: int) -> Iterator[None]:
    """Every line that is logged meanwhile names the update (its number in the inbox) and the turn.

    A turn that goes wrong and comes again is another turn of the same update.
    """
    with structlog.contextvars.bound_contextvars(update=update, turn=token_hex(4)):
        yield


def carried(work: Callable[[Session], T]) -> Callable[[Session], T]:
    """The same work for the writer thread, whose lines name the update and the turn too."""
    context = copy_context()
    return lambda session: context.run(work, session)


def turned(channel: str, began: float, enqueued: Sequence[int]) -> None:
    """One line for each turn: how long it took, and which prompts came of it."""
    log.info("turn", channel=channel, ms=since(began), enqueued=list(enqueued))


def sent(message: int, channel: str, ms: float, outcome: str) -> None:
    """One line for each send: "sent", or what became of it instead."""
    log.info("send", message=message, channel=channel, ms=ms, outcome=outcome)


def now() -> float:
    """A moment to measure from."""
    return perf_counter()


def since(began: float) -> float:
    """Milliseconds since such a moment."""
    return round((perf_counter() - began) * 1000, 1)
