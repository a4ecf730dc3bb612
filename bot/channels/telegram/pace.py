"""How fast Telegram may be written to: a pure account of what was sent where, and when.

Telegram takes about 30 messages a second over all chats, one a second in a private chat (a few
at once are forgiven) and 20 a minute in a group, its topics together. Edits and pins count like
messages, an album counts each of its files. `now` is in seconds of a clock that never goes back.
"""

from collections import deque
from dataclasses import dataclass, field
from math import inf

from bot.channels.telegram.places import Place

_GRAIN = 1e-9


@dataclass(frozen=True)
class Allowed:
    """The limits that are kept to, a little on the safe side of what Telegram takes."""

    #: Messages in any window of one second, over all chats.
    a_second: float = 30
    #: The steady pace over all chats, messages a second, and how many may go at once: a busy
    #: machine that comes some tenths of a second late must not lose its turn.
    pace: float = 29.9
    at_once: float = 12
    #: Of those, kept free for answers to what somebody has just written or tapped.
    for_replies: float = 2
    #: In one private chat: messages a second, and how many at once.
    private: float = 1.0
    private_at_once: float = 2
    #: In one group: messages in any window of `window` seconds. Telegram counts 60 seconds by its
    #: own clock, which sees a message a moment later than ours.
    group: float = 20
    window: float = 61.0
    #: Edits of cards in one group within such a window.
    edits: float = 6
    #: While messages wait for the group, a card is left alone this long, seconds.
    apart: float = 15.0


ALLOWED = Allowed()
#: For tests of other things: only what Telegram itself says is obeyed.
NO_LIMITS = Allowed(inf, inf, inf, 0, inf, inf, inf, 1.0, inf, 0.0)
#: More than `retry_after`, which is given in whole seconds by another clock.
_AFTER = 0.25
#: So many chats told to wait within these seconds mean that all of it was too fast.
_SEVERAL, _TOGETHER = 3, 3.0
_HOLD, _SLOW_FOR, _SLOWER = 1.0, 30.0, 0.8
#: The most that a machine is late, seconds; what is later has not been waiting.
_LATE = 0.1
_MOST_KEPT = 5000


@dataclass
class Bucket:
    """A pace with a small store: `depth` at once, then as it fills."""

    depth: float
    left: float
    at: float

    def fill(self, now: float, rate: float) -> None:
        """Lets the time since the last look fill it."""
        if now > self.at:
            self.left = min(self.depth, self.left + (now - self.at) * rate)
            self.at = now

    def short(self, count: float, rate: float) -> float:
        """Seconds until `count` fit; more than it holds fit when it is full."""
        missing = min(count, self.depth) - self.left
        return missing / rate if missing > _GRAIN else 0.0


@dataclass
class Window:
    """At most `most` within any `span` seconds."""

    span: float
    most: float
    times: deque[float] = field(default_factory=deque)

    def when(self, now: float, count: float = 1) -> float:
        """The earliest moment at which `count` more fit; of too many, when all are forgotten."""
        while self.times and self.times[0] + self.span <= now:
            self.times.popleft()
        over = len(self.times) + min(count, self.most) - self.most
        return now if over <= 0 else self.times[int(over) - 1] + self.span

    def add(self, now: float, count: int = 1) -> None:
        """Counts `count` more."""
        if self.most != inf:
            self.times.extend([now] * count)

    def drop(self, at: float, count: int) -> None:
        """Forgets `count` of the moment `at`, which came to nothing."""
        for _ in range(count):
            if at in self.times:
                self.times.remove(at)


@dataclass
class Group:
    """What one group has had lately."""

    spent: Window
    edits: Window
    last: float = -inf


@dataclass(frozen=True)
class Spent:
    """What was taken from the budgets, so that it can be given back."""

    place: Place
    at: float
    count: int
    #: When it counts for the budget over all chats.
    stamp: float


class Pacer:
    """May this chat be written to now, else when; and what was spent.

    Begins half full: a service that is started again and again must not flood anybody.
    """

    def __init__(self, now: float, allowed: Allowed = ALLOWED) -> None:
        self.allowed = allowed
        self._begun = now
        self._even = Bucket(allowed.at_once, allowed.at_once / 2, now)
        self._second = Window(1.0, allowed.a_second, _half(allowed.a_second, now))
        self._private: dict[int, Bucket] = {}
        self._groups: dict[int, Group] = {}
        self._rests: dict[int, float] = {}
        self._told: deque[tuple[float, int]] = deque()
        self._hold = self._slow = self._promised = -inf

    def overall(self, now: float, count: int = 1, *, reply: bool = False) -> float:
        """When `count` messages fit into the budget over all chats; answers have a share kept."""
        kept = 0 if reply else self.allowed.for_replies
        self._even.fill(now, self._pace(now))
        even = now + self._even.short(count + kept, self._pace(now))
        second = self._second.when(now, count)
        if second > now:
            self._promised = second
        return max(even, second, self._hold)

    def when(self, place: Place, now: float, count: int = 1, *, reply: bool = False) -> float:
        """The earliest moment at which this chat may get `count` messages; `now` when it may."""
        return max(self.overall(now, count, reply=reply), self.alone(place, now, count))

    def alone(self, place: Place, now: float, count: int = 1) -> float:
        """The same for the chat alone, whatever goes elsewhere."""
        rest = self._rests.get(place.chat, -inf)
        if place.is_group:
            return max(rest, self._group(place).spent.when(now, count))
        bucket = self._bucket(place, now)
        return max(rest, now + bucket.short(count, self.allowed.private))

    def when_edit(self, place: Place, now: float, waiting: int) -> float:
        """When a card of this chat may be edited while `waiting` messages wait for the chat.

        Messages come first. In a group edits use what is left of the budget once all that waits
        has had its part, at most 6 a minute, and while messages wait never within 15 s of the
        last edit or message. In a private chat they wait until nothing else does. `inf` means:
        ask again when messages have gone.
        """
        if waiting and not place.is_group:
            return inf
        if not place.is_group:
            return self.when(place, now)
        group = self._group(place)
        if waiting + 1 > group.spent.most:
            return inf
        quiet = group.last + self.allowed.apart if waiting else -inf
        budget = max(group.spent.when(now, waiting + 1), group.edits.when(now))
        return max(self.when(place, now), budget, quiet)

    def spend(self, place: Place, now: float, count: int = 1, *, edit: bool = False) -> Spent:
        """Counts what is sent now: messages, each file of an album, edits, pins."""
        self._even.fill(now, self._pace(now))
        self._even.left -= count
        stamp = self._stamp(now)
        self._second.add(stamp, count)
        if place.is_group:
            group = self._group(place)
            group.spent.add(now, count)
            group.last = now
            if edit:
                group.edits.add(now)
        else:
            self._bucket(place, now).left -= count
        return Spent(place, now, count, stamp)

    def give_back(self, spent: Spent) -> None:
        """Nothing was asked of Telegram after all."""
        self._even.left += spent.count
        self._second.drop(spent.stamp, spent.count)
        if spent.place.is_group:
            self._group(spent.place).spent.drop(spent.at, spent.count)
        else:
            self._bucket(spent.place, spent.at).left += spent.count

    def rest(self, place: Place, now: float, seconds: float) -> None:
        """Telegram said how long to leave this chat alone (`retry_after`).

        Several chats told so at once mean that the whole was too fast: all slows down a little.
        """
        until = now + seconds + _AFTER
        self._rests[place.chat] = max(until, self._rests.get(place.chat, until))
        self._told.append((now, place.chat))
        while self._told[0][0] < now - _TOGETHER:
            self._told.popleft()
        if len({chat for _, chat in self._told}) >= _SEVERAL:
            self._hold, self._slow = now + _HOLD, now + _SLOW_FOR
            self._told.clear()

    def _stamp(self, now: float) -> float:
        """A message that waited for its moment and came a little late counts from that moment:
        else each second of a broadcast would begin later, by all the delays before it."""
        promised, self._promised = self._promised, -inf
        late = now - _LATE <= promised <= now
        last = self._second.times[-1] if self._second.times else -inf
        return max(promised, last) if late else now

    def _pace(self, now: float) -> float:
        return self.allowed.pace * (_SLOWER if now < self._slow else 1.0)

    def _bucket(self, place: Place, now: float) -> Bucket:
        if len(self._private) > _MOST_KEPT:
            self._forget(now)
        depth = self.allowed.private_at_once
        bucket = self._private.setdefault(place.chat, Bucket(depth, depth / 2, self._begun))
        bucket.fill(now, self.allowed.private)
        return bucket

    def _forget(self, now: float) -> None:
        """Chats that have their whole budget again need no place in memory."""
        for chat, bucket in list(self._private.items()):
            bucket.fill(now, self.allowed.private)
            if bucket.left >= bucket.depth:
                del self._private[chat]
        self._rests = {chat: until for chat, until in self._rests.items() if until > now}

    def _group(self, place: Place) -> Group:
        if place.chat not in self._groups:
            a = self.allowed
            spent = Window(a.window, a.group, _half(a.group, self._begun))
            edits = Window(a.window, a.edits, _half(a.edits, self._begun))
            self._groups[place.chat] = Group(spent, edits)
        return self._groups[place.chat]


def _half(most: float, now: float) -> deque[float]:
    return deque() if most == inf else deque([now] * int(most / 2))
