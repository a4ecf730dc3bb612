"""What the log tells of a turn and of a send: numbers, spans and outcomes; nobody's words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from secrets import token_hex
from time import perf_counter

import structlog

log = structlog.get_logger()


class Hand:
    """The update that a turn has in hand; None before it has one.

    A turn that goes wrong and comes again is another turn of the same update.
    """

    def __init__(self) -> None:
        self.turn = token_hex(4)
        self.began = now()
        self.update: int | None = None
        self.channel = ""

    @contextmanager
    def holds(self, update: int) -> Iterator[None]:
        """Every line logged meanwhile names the update (its number in the inbox) and the turn."""
        self.update = update
        with structlog.contextvars.bound_contextvars(update=update, turn=self.turn):
            yield


def turned(hand: Hand, enqueued: Sequence[int]) -> None:
    """One line for each turn: how long it took, and which prompts came of it."""
    log.info(
        "turn",
        update=hand.update,
        turn=hand.turn,
        channel=hand.channel,
        ms=since(hand.began),
        enqueued=list(enqueued),
    )


def sent(message: int, channel: str, ms: float, outcome: str) -> None:
    """One line for each send: "sent", or what became of it instead."""
    log.info("send", message=message, channel=channel, ms=ms, outcome=outcome)


def now() -> float:
    """A moment to measure from."""
    return perf_counter()


def since(began: float) -> float:
    """Milliseconds since such a moment."""
    return round((perf_counter() - began) * 1000, 1)
