"""Whether one message about several incidents rings."""

from collections.abc import Iterable
from typing import TypeVar

from bot.ring_facts import Card, Item
from bot.stage import Stage
from procedure.ringing import bell

T = TypeVar("T", Item, Card)


def is_aloud(stage: Stage, person: int, told: Iterable[T]) -> tuple[bool, tuple[T, int] | None]:
    """Whether a person may be rung now: where he may about one thing of a message, he is.

    Else who is rung in his place, and about which of them (conduct §3).
    """
    watched = None
    for one in told:
        incident = stage.incident(one.incident.stream)
        terms = stage.terms(incident)
        aloud, watch = bell(incident, terms, stage.organisation, person, stage.now)
        if aloud:
            return True, None
        if watch and watched is None:
            watched = one, watch[0]
    return False, watched
