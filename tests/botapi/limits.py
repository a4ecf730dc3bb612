"""Flood limits: how many messages a second, and a minute in a group, Telegram takes from a bot."""

import math
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.botapi.refusal import flooded

MINUTE = timedelta(minutes=1)


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
class Minute:
    """What a group has had within the last minute, all its topics together."""

    most: int
    times: deque[datetime] = field(default_factory=deque)

    def short(self, now: datetime, count: int) -> float:
        """Seconds until `count` messages fit; 0 when they fit now."""
        while self.times and self.times[0] + MINUTE <= now:
            self.times.popleft()
        over = len(self.times) + min(count, self.most) - self.most
        return (self.times[over - 1] + MINUTE - now).total_seconds() if over > 0 else 0.0


@dataclass
class Limits:
    """1 message a second in a private chat with a small burst, 20 a minute in a group, 30 a
    second over all chats. Sends, edits and pins count the same, an album counts each file."""

    chat: Rate = Rate(1.0, 3.0)
    overall: Rate = Rate(30.0, 30.0)
    group: int = 20
    buckets: dict[int | None, Bucket] = field(default_factory=dict)
    minutes: dict[int, Minute] = field(default_factory=dict)

    def spend(self, chat: int, now: datetime, count: int = 1) -> None:
        """Takes `count` messages; raises the 429 with the true wait, and then takes nothing."""
        overall = self._bucket(None, self.overall, now)
        if chat < 0:
            minute = self.minutes.setdefault(chat, Minute(self.group))
            alone = minute.short(now, count)
        else:
            bucket = self._bucket(chat, self.chat, now)
            alone = bucket.short(count)
        wait = max(overall.short(count), alone)
        if wait > 1e-6:
            raise flooded(math.ceil(wait))
        overall.left -= count
        if chat < 0:
            minute.times.extend([now] * count)
        else:
            bucket.left -= count

    def _bucket(self, key: int | None, rate: Rate, now: datetime) -> Bucket:
        bucket = self.buckets.setdefault(key, Bucket(rate, rate.burst, now))
        bucket.fill(now)
        return bucket
