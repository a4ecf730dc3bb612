"""Flood limits: how many messages a second Telegram takes from a bot."""

import math
from dataclasses import dataclass, field
from datetime import datetime

from tests.botapi.refusal import flooded


@dataclass(frozen=True)
class Rate:
    """`burst` messages at once, then `per_second`."""

    per_second: float
    burst: float


@dataclass
class Bucket:
    """What is left of a rate for one chat, or for all."""

    rate: Rate
    left: float
    at: datetime

    def fill(self, now: datetime) -> None:
        """Lets the time since the last look fill it; a clock put back changes nothing."""
        gone = max(0.0, (now - self.at).total_seconds())
        self.left = min(self.rate.burst, self.left + gone * self.rate.per_second)
        self.at = max(now, self.at)

    def short(self, count: int) -> float:
        """Seconds until `count` messages fit; 0 when they fit now."""
        return max(0.0, min(count, self.rate.burst) - self.left) / self.rate.per_second


@dataclass
class Limits:
    """1 message a second in a private chat with a small burst, 30 a second over all chats."""

    chat: Rate = Rate(1.0, 3.0)
    overall: Rate = Rate(30.0, 30.0)
    buckets: dict[int | None, Bucket] = field(default_factory=dict)

    def spend(self, chat: int, now: datetime, count: int = 1) -> None:
        """Takes `count` messages; raises the 429 with the true wait, and then takes nothing."""
        both = [self._bucket(None, self.overall, now), self._bucket(chat, self.chat, now)]
        wait = max(bucket.short(count) for bucket in both)
        if wait > 1e-6:
            raise flooded(math.ceil(wait))
        for bucket in both:
            bucket.left -= count

    def _bucket(self, key: int | None, rate: Rate, now: datetime) -> Bucket:
        bucket = self.buckets.setdefault(key, Bucket(rate, rate.burst, now))
        bucket.fill(now)
        return bucket
