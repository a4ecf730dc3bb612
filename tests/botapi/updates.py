"""The queue of updates: which are kept, delivered, confirmed and delivered again."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.botapi.names import names

#: Update kinds that a bot gets only when `allowed_updates` names them.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
KNOWN = names(
    "message edited_message channel_post edited_channel_post inline_query "
    "chosen_inline_result callback_query shipping_query pre_checkout_query poll poll_answer "
    "my_chat_member chat_member chat_join_request chat_boost removed_chat_boost "
    "message_reaction message_reaction_count business_connection business_message "
    "edited_business_message deleted_business_messages purchased_paid_media managed_bot "
    "guest_message"
)
FIRST_ID = 700_000_001
KEPT = timedelta(hours=24)
FUTURE = 10  # an offset further ahead than this is taken for a mistake


@dataclass
class Update:
    """One update. `again`: delivered once more whatever the offset says."""

    id: int
    body: dict[str, Any]
    lane: int
    at: datetime
    sent: int = 0
    again: bool = False

    def full(self) -> dict[str, Any]:
        """As the bot gets it."""
        return {"update_id": self.id, **self.body}


@dataclass
class Webhook:
    """Where updates are posted instead of being fetched."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error_at: datetime | None = None
    last_error: str = ""


@dataclass
class Updates:
    """All updates of the bot; `listeners` are called, from any thread, when something is new."""

    clock: Callable[[], datetime]
    next_id: int = FIRST_ID
    pending: list[Update] = field(default_factory=list)
    confirmed: list[Update] = field(default_factory=list)
    allowed: frozenset[str] | None = None
    webhook: Webhook | None = None
    listeners: list[Callable[[], object]] = field(default_factory=list)

    @property
    def confirmed_offset(self) -> int:
        """One more than the highest update that the bot has confirmed; 0 at first."""
        return max((one.id + 1 for one in self.confirmed), default=0)

    def add(self, body: dict[str, Any], lane: int) -> int | None:
        """Queues an update; None when the bot has not asked for its kind."""
        kinds = set(body) & KNOWN
        if kinds and not all(self._wanted(kind) for kind in kinds):
            return None
        update = Update(self.next_id, body, lane, self.clock())
        self.next_id += 1
        self.pending.append(update)
        self.wake()
        return update.id

    def _wanted(self, kind: str) -> bool:
        return kind not in ON_REQUEST if self.allowed is None else kind in self.allowed

    def allow(self, kinds: list[Any] | None) -> None:
        """Remembers `allowed_updates`: None changes nothing, an empty list is the default."""
        if kinds is None or not all(isinstance(kind, str) for kind in kinds):
            return
        known = frozenset(kind.lower() for kind in kinds) & KNOWN
        self.allowed = known or None

    def fetch(self, offset: int, limit: int) -> list[Update]:
        """What getUpdates answers; an offset confirms every update before it."""
        self.expire()
        if offset < 0:
            keep = self.pending[offset:]
            self._confirm([one for one in self.pending if one not in keep])
        elif 0 < offset <= self.next_id + FUTURE:
            self._confirm([one for one in self.pending if one.id < offset and not one.again])
        answer = self.pending[:limit]
        for one in answer:
            one.sent += 1
            one.again = False
        return answer

    def expire(self) -> None:
        """Forgets what nobody has fetched for a day."""
        old = [one for one in self.pending if self.clock() - one.at > KEPT and not one.again]
        self.pending = [one for one in self.pending if one not in old]

    def _confirm(self, updates: list[Update]) -> None:
        for one in updates:
            self.confirm(one)

    def confirm(self, update: Update) -> None:
        """Takes one update out of the queue for good."""
        if update in self.pending:
            self.pending.remove(update)
        update.again = False
        if update not in self.confirmed:
            self.confirmed.append(update)

    def repeat(self, count: int) -> int:
        """Puts the last `count` confirmed updates before all others, once more; how many."""
        last = self.confirmed[-count:] if count > 0 else []
        for one in last:
            one.again = True
        self.confirmed = self.confirmed[: len(self.confirmed) - len(last)]
        self.pending[:0] = last
        self.wake()
        return len(last)

    def shuffle(self) -> None:
        """Turns the order of the pending updates round."""
        self.pending.reverse()
        self.wake()

    def wake(self) -> None:
        """Tells the pollers and the courier that there may be something to deliver."""
        for listener in list(self.listeners):
            with contextlib.suppress(RuntimeError):  # its loop has ended meanwhile
                listener()
