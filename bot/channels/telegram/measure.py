"""How much is taken of what one account, or all strangers together, send by Telegram.

What waited at Telegram while we were away comes all at once, so a message counts by when it was
sent. A tap carries no time and counts by when it came.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels.telegram.incoming import Incoming
from bot.flood import GROUP, PERSON, STRANGER, STRANGERS, Answer, Gate

#: Of a group these count; who came and went, and what became of the group, always comes in.
_COUNTED_IN_GROUPS = frozenset({"room_said", "room_command", "room_edited", "room_tap"})
#: Whether the bot can still reach a person is known at any rate.
_NEVER_COUNTED = frozenset({"gone", "back"})
_ALL = "all"


@dataclass
class Measures:
    """The gates of one bot."""

    said: Gate = field(default_factory=lambda: Gate(PERSON))
    taps: Gate = field(default_factory=lambda: Gate(PERSON))
    stranger: Gate = field(default_factory=lambda: Gate(STRANGER))
    strangers: Gate = field(default_factory=lambda: Gate(STRANGERS))
    group: Gate = field(default_factory=lambda: Gate(GROUP))

    def ask(self, incoming: Incoming, known: bool, now: float) -> Answer:
        """Counts one update of a registered person (`known`) or of a stranger."""
        kind, account = incoming.body["type"], incoming.account
        if incoming.in_group and kind not in _COUNTED_IN_GROUPS:
            return Answer(taken=True)
        if known and kind in _NEVER_COUNTED:
            return Answer(taken=True)
        if known:
            return self.gate(incoming).ask(account, incoming.sent or now, incoming.album)
        own = self.stranger.ask(account, now)
        if not own.taken:
            return own
        if incoming.in_group:
            return self.group.ask(incoming.body["group"], now)
        return self.strangers.ask(_ALL, now)

    def gate(self, incoming: Incoming) -> Gate:
        """The gate at which a registered person's update counts."""
        return self.said if incoming.callback is None else self.taps


@dataclass(frozen=True)
class Seen:
    """An update that could be read."""

    update: Mapping[str, Any]
    number: int
    incoming: Incoming


@dataclass(frozen=True)
class Counted(Seen):
    """One that was counted against the measure of its sender, whose it is."""

    person: int | None
    #: None: within the measure. Else it is not taken; not empty: he is told the span in which.
    over: Mapping[str, str] | None = None

    @property
    def goes_alone(self) -> bool:
        """What is said in rooms is looked at one by one, and so is what is not taken."""
        return self.incoming.in_group or self.over is not None
