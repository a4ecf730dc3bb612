"""Where a message goes on Telegram: a private chat, a group, or a topic of a forum."""

import re
from dataclasses import dataclass

_NAME = re.compile(r"(-?\d+)|(-\d+):(\d+)")


class NoSuchPlace(ValueError):
    """The chat has no place on Telegram any more: its account is somebody else's now."""


@dataclass(frozen=True)
class Place:
    """A chat by its number there, and the topic in it; all topics of a forum are one chat."""

    chat: int
    topic: int | None = None

    @property
    def is_group(self) -> bool:
        """Whether many read there; only groups have negative numbers."""
        return self.chat < 0


def place_of(external: str) -> Place:
    """The place that a ChatRow's `external` names: "7000001", "-100123" or "-100123:77".

    Raises NoSuchPlace for "7000001:55": a private chat that was put aside when its account
    changed hands; what was meant for the one must never reach the other.
    """
    found = _NAME.fullmatch(external)
    if found is None:
        raise NoSuchPlace(external)
    private, group, topic = found.groups()
    return Place(int(private)) if private else Place(int(group), int(topic))
