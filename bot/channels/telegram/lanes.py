"""Whose turn it is: one lane per chat, in order; answers first, then the gravest, then by age."""

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from math import inf
from typing import Any

from procedure.words import Severity
from storage.outbox import Queued

#: The pauses after a time-out or a fault of the server, for the one chat, seconds.
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
#: One turn in so many goes to who has waited longest, whatever he waits for.
_FAIR = 8
#: So many settled lines are remembered for looks that are still under way.
_REMEMBERED = 4096
#: What the bot says of its own accord; anything else answers what somebody wrote or tapped.
TOLD = ("notices/", "rings/", "rooms#")


class Rank(IntEnum):
    """How soon a line is sent, before its age is asked."""

    REPLY = 0
    GRAVE = 1
    SERIOUS = 2
    ORDINARY = 3
    REST = 4


_FIRST = {
    Severity.GRAVE.value: Rank.GRAVE,
    Severity.SERIOUS.value: Rank.SERIOUS,
    Severity.ORDINARY.value: Rank.ORDINARY,
}


def rank(row: Queued) -> Rank:
    """Answers, then what first tells of a duty, the gravest incident first, then the rest."""
    if not row.template.startswith(TOLD):
        return Rank.REPLY
    return _FIRST.get(row.severity or "", Rank.REST) if row.first else Rank.REST


@dataclass
class Lane:
    """One chat. What stands behind a line waits for it; the most urgent one pulls all along."""

    chat: int
    external: str
    rows: deque[Queued] = field(default_factory=deque)
    #: How many lines of each rank are in `rows`.
    ranks: list[int] = field(default_factory=lambda: [0] * len(Rank))
    busy: bool = False
    asleep: bool = False
    #: Time-outs and faults of the server in a row.
    failures: int = 0
    #: Messages that the next call will count as, where it is known.
    cost: int = 1
    #: What is half sent, to be gone on with as it was begun.
    begun: Any = None
    #: Messages that Telegram has taken and that could not be noted yet: never sent again.
    unmarked: Sequence[str] | None = None
    turn: int = 0
    #: Lines that were popped since the lane was picked.
    settled: set[int] = field(default_factory=set)

    @property
    def rank(self) -> Rank:
        """That of its most urgent line."""
        return next(one for one in Rank if self.ranks[one])

    def add(self, row: Queued) -> None:
        """Puts a line at the end."""
        self.rows.append(row)
        self.ranks[rank(row)] += 1

    def pop(self) -> None:
        """The first line is settled."""
        row = self.rows.popleft()
        self.ranks[rank(row)] -= 1
        self.settled.add(row.id)
        self.begun, self.unmarked, self.cost, self.failures = None, None, 1, 0


class Lanes:
    """All that waits, in memory; `when` and `overall` of the calls below are the pacer's."""

    def __init__(self) -> None:
        self._lanes: dict[int, Lane] = {}
        self._known: set[int] = set()
        self._ranked: list[tuple[Any, ...]] = []
        self._oldest: list[tuple[Any, ...]] = []
        self._asleep: list[tuple[float, int, int]] = []
        self._turns = self._stamps = 0
        #: Lines that were settled lately, and when: a look that had begun before shows them still.
        self._settled: dict[int, int] = {}
        #: The highest number ever put in, to look only for what is newer.
        self.newest = 0

    def __len__(self) -> int:
        return len(self._lanes)

    @property
    def chats(self) -> set[int]:
        """The chats for which something is in here."""
        return set(self._lanes)

    def waiting(self, external: str) -> int:
        """How many lines wait for one chat of Telegram, its topics together."""
        whole = _whole(external)
        fitting = (one for one in self._lanes.values() if _whole(one.external) == whole)
        return sum(len(lane.rows) for lane in fitting)

    @property
    def moment(self) -> int:
        """A moment in the order in which lines are settled."""
        return self._stamps

    def add(self, rows: Iterable[Queued], began: int | None = None) -> None:
        """Puts lines in, oldest first, as a look has found them that `began` at a moment; one that
        is in already, or was settled meanwhile, stays as it is."""
        began = self.moment if began is None else began
        for row in rows:
            if row.id in self._known or self._settled.get(row.id, -1) > began:
                continue
            self._known.add(row.id)
            self.newest = max(self.newest, row.id)
            lane = self._lanes.setdefault(row.chat, Lane(row.chat, row.external))
            idle = not lane.rows
            before = None if idle else lane.rank
            lane.add(row)
            if idle or (lane.rank != before and not lane.busy and not lane.asleep):
                self._queue(lane)

    def pick(
        self,
        now: float,
        when: Callable[[Lane, float], float],
        overall: Callable[[bool, int, float], float],
    ) -> tuple[Lane | None, float]:
        """The lane whose turn it is, taken out until `back`; else None and when to ask again."""
        self._wake(now)
        while True:
            best = self._head(self._ranked)
            if best is None:
                return None, self._asleep[0][0] if self._asleep else inf
            fair = self._turns % _FAIR == _FAIR - 1
            oldest = self._head(self._oldest) if fair else None
            lane = oldest if oldest and overall(False, oldest.cost, now) <= now else best
            may = overall(lane.rank is Rank.REPLY, lane.cost, now)
            if may > now:
                return None, min(may, self._asleep[0][0] if self._asleep else inf)
            rested = when(lane, now)
            if rested > now:
                self._sleep(lane, rested)
                continue
            self._turns += 1
            self._stamp(lane)
            lane.busy = True
            return lane, now

    def back(self, lane: Lane, until: float = -inf) -> None:
        """A lane that was picked may have its next turn, not before `until`."""
        lane.busy = False
        self._stamps += 1
        self._known -= lane.settled
        self._settled.update(dict.fromkeys(lane.settled, self._stamps))
        while len(self._settled) > _REMEMBERED:
            del self._settled[next(iter(self._settled))]
        lane.settled.clear()
        if not lane.rows:
            del self._lanes[lane.chat]
        elif until > -inf:
            self._sleep(lane, until)
        else:
            self._queue(lane)

    def _stamp(self, lane: Lane) -> None:
        """Where the lane stood before counts no more."""
        self._stamps += 1
        lane.turn, lane.asleep = self._stamps, False

    def _queue(self, lane: Lane) -> None:
        self._stamp(lane)
        first = lane.rows[0]
        heapq.heappush(self._ranked, (lane.rank, first.created_at, first.id, lane.chat, lane.turn))
        heapq.heappush(self._oldest, (first.created_at, first.id, lane.chat, lane.turn))

    def _head(self, heap: list[tuple[Any, ...]]) -> Lane | None:
        while heap:
            *_, chat, turn = heap[0]
            lane = self._lanes.get(chat)
            if lane is not None and lane.turn == turn and not lane.busy:
                return lane
            heapq.heappop(heap)
        return None

    def _sleep(self, lane: Lane, until: float) -> None:
        self._stamp(lane)
        lane.asleep = True
        heapq.heappush(self._asleep, (until, lane.chat, lane.turn))

    def _wake(self, now: float) -> None:
        while self._asleep and self._asleep[0][0] <= now:
            _, chat, turn = heapq.heappop(self._asleep)
            lane = self._lanes.get(chat)
            if lane is not None and lane.turn == turn and not lane.busy:
                self._queue(lane)


def _whole(external: str) -> str:
    return external.partition(":")[0]
