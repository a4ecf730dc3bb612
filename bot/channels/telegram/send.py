"""Sends what the outbox holds for Telegram: in order per chat, at Telegram's pace and not above,
outside of any transaction.

A kill between the send and its mark repeats the message, and so does an answer that was lost;
nothing else does: where the mark cannot be written, it alone is tried again. What can be tried
again is tried again by its own chat alone.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from math import inf

import structlog

from bot import trace
from bot.channels.telegram.client import (
    BadRequest,
    ChatMigrated,
    Client,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from bot.channels.telegram.lanes import PAUSES, Lane, Lanes
from bot.channels.telegram.loss import kind_of_loss
from bot.channels.telegram.mark import Marker, Posted, Ready
from bot.channels.telegram.pace import Pacer, Spent
from bot.channels.telegram.places import NoSuchPlace, Place, place_of
from bot.channels.telegram.post import Poster
from bot.channels.telegram.receive import CHANNEL
from bot.together import Together
from bot.world import World
from storage import outbox
from storage.away import is_away
from storage.database import Session
from storage.outbox import Queued

log = structlog.get_logger()
#: Calls at the same time, and how many of them only answers may take.
AT_ONCE, FOR_REPLIES = 28, 4
#: Messages that are on their way or there and not noted yet: a kill repeats no more than these.
IN_FLIGHT = 2 * AT_ONCE
#: Looked for again this often though nothing was committed, and at most this often, seconds.
LOOK_ANYWAY, LOOK_AT_MOST = 20.0, 0.002
#: What a look has found ready is sent as it is within this time, seconds.
LOOK_FRESH = 0.02
#: What was sent is noted within this time, seconds: several at once.
_MARKS = 0.005
#: How many numbers behind the newest line another one can still come to light.
_BEHIND = 200
#: What Telegram says of a chat that will never take a message.
_NO_SUCH_CHAT = ("chat not found", "user is deactivated", "peer_id_invalid")
#: An error of our own is tried this often before the line is set aside.
_TRIES = 3


@dataclass(frozen=True)
class Outcome:
    """What came of a turn of a lane: lines settled, not before when it may go on, its fault."""

    settled: int = 0
    until: float = -inf
    fault: Exception | None = None
    #: Telegram has answered.
    reached: bool = False
    #: What became of the line, for the log; empty when nothing was tried.
    became: str = ""


@dataclass(frozen=True)
class Look:
    """What waited at a moment of the lanes, since the last look or in `whole`, and how some of it
    would be sent at once."""

    rows: list[Queued]
    early: dict[int, Ready]
    began: int
    whole: bool


class Sender:
    """The way out to Telegram, while it `may`. `clock` gives seconds and never goes back."""

    def __init__(
        self,
        world: World,
        client: Client,
        pacer: Pacer,
        clock: Callable[[], float],
        may: Callable[[], bool] = lambda: True,
    ) -> None:
        self.world = world
        self.pacer = pacer
        self.clock = clock
        self.may = may
        self.poster = Poster(world, client)
        self.marker = Marker(world)
        self._prepare = Together(self.marker.prepare)
        self._posted = Together(self.marker.posted, _MARKS)
        self.pauses = PAUSES
        self.lanes = Lanes()
        #: Turns that run, and the chats of those for which Telegram has not answered yet.
        self._flying: dict[asyncio.Task[Outcome], Lane] = {}
        self._calling: set[int] = set()
        self._done: deque[asyncio.Task[Outcome]] = deque()
        #: Set by news and by each turn that ends.
        self._stirred = asyncio.Event()
        self._news = True
        self._ends = False
        self._until = inf
        self._looked = self._looked_at_all = self._early_at = -inf
        self._runs = self._looking = False
        self._early: dict[int, Ready] = {}

    def wake(self) -> None:
        """Something may be there to be sent; called on the loop."""
        self._news = True
        self._stirred.set()

    async def round(self) -> int:
        """Sends what waits and may be sent now; returns how many prompts were settled.

        Raises TelegramError when nothing that was tried came through.
        """
        settled, faults, reached = 0, [], False
        self._stirred = asyncio.Event()  # Of the loop that runs now.
        while True:
            await self._look()
            self._until = self._start()
            if not self._flying:
                break
            await self._stir(LOOK_ANYWAY)
            for one in self._landed():
                settled += one.settled
                reached = reached or one.reached
                faults += [one.fault] if one.fault else []
        if faults and not reached:
            raise faults[-1]
        return settled

    async def run(self, heard: Callable[[Exception | None], object]) -> None:
        """Sends for ever, looking for new work whenever it was woken, also in mid-broadcast.

        `heard` is told of every answer of Telegram (None) and of every fault. Where a look fails it
        raises; what is under way goes on, and the next call goes on with it.
        """
        self._looked, self._runs = -inf, True
        self._stirred = asyncio.Event()
        try:
            while True:
                if self.clock() >= self._looked + (LOOK_AT_MOST if self._news else LOOK_ANYWAY):
                    self._news = False
                    await self._look()
                self._until = self._start()
                again = self._looked + (LOOK_AT_MOST if self._news else LOOK_ANYWAY)
                await self._stir(min(self._until, again) - self.clock())
                for one in self._landed():
                    if one.fault or one.reached:
                        heard(one.fault)
        except asyncio.CancelledError:
            self._ends, self._runs = True, False
            for task in self._flying:
                task.cancel()
            await asyncio.gather(*self._flying, return_exceptions=True)
            raise

    def is_idle(self) -> bool:
        """Whether it waits for news, and whoever has some may look for it; asked in any thread."""
        busy = self._looking or self._flying or self._news
        return self._runs and not busy and self.clock() >= self._looked + LOOK_AT_MOST

    def found(self, look: Look) -> None:
        """Sends what another one has looked for; called on the loop."""
        self._take(look)
        self._until = self._start()
        if len(self.lanes):
            self._stirred.set()

    def rests_until(self) -> float:
        """When the next chat may be written to, by the clock of the pacer; inf for none."""
        return self._until

    def waiting(self, external: str) -> int:
        """How many lines wait for one chat of Telegram."""
        return self.lanes.waiting(external)

    def rest(self, place: Place, told: RetryAfter) -> None:
        """Leaves a chat alone as long as Telegram says."""
        span = told.retry_after
        seconds = span.total_seconds() if isinstance(span, timedelta) else float(span)
        self.pacer.rest(place, self.clock(), seconds)
        log.warning("told_to_wait", chat=place.chat, seconds=seconds)

    async def _look(self) -> None:
        self._looking = True
        try:
            self._take(await asyncio.to_thread(self.look))
        finally:
            self._looking = False

    def _take(self, look: Look) -> None:
        self._early, self._early_at = look.early, self.clock()
        self._looked = self._early_at
        if look.whole:
            self._looked_at_all = self._early_at
        self.lanes.add(look.rows, look.began)

    def look(self) -> Look:
        """Looks at the outbox; called in any thread."""
        after, began = 0, self.lanes.moment
        if len(self.lanes) and self.clock() < self._looked_at_all + LOOK_ANYWAY:
            # Where several write at once, a line can become visible after one that is newer.
            after = self.lanes.newest - (0 if self.world.db.in_order else _BEHIND)
        read = partial(self._seen, after=after, most=AT_ONCE - len(self._calling))
        rows, early = self.world.db.read(read)
        return Look(rows, early, began, after == 0)

    def _seen(
        self, session: Session, after: int, most: int
    ) -> tuple[list[Queued], dict[int, Ready]]:
        """What came since the last look, and how some of it would be sent at once."""
        rows = self._fresh(session, after)
        firsts = {one.chat: one.id for one in reversed(rows)}
        ids = [id for chat, id in firsts.items() if chat not in self.lanes.chats]
        return rows, self.marker.ready_now(session, sorted(ids)[:most])

    def _fresh(self, session: Session, after: int) -> list[Queued]:
        """What came since the last look; of a topic that has just been opened, what waited too."""
        rows = outbox.queued(session, CHANNEL, after)
        topics = {one.chat for one in rows if ":" in one.external} - self.lanes.chats
        if not after or not topics:
            return rows
        waited = outbox.queued(session, CHANNEL)
        return [one for one in waited if one.id > after or one.chat in topics]

    def _start(self) -> float:
        """Begins every turn that may be begun now; returns when to ask again."""
        while self._is_room() and self.may():
            now = self.clock()
            lane, until = self.lanes.pick(now, self._alone, self._overall)
            if lane is None:
                return until
            place = _place(lane)
            spent = self.pacer.spend(place, now, lane.cost) if place else None
            self._calling.add(lane.chat)
            task = asyncio.create_task(self._turn(lane, spent))
            task.add_done_callback(self._ended)
            self._flying[task] = lane
        return inf

    def _is_room(self) -> bool:
        room = len(self._calling) < AT_ONCE and len(self._flying) < IN_FLIGHT
        return room and not self._ends

    def _answered(self, lane: Lane) -> None:
        """Telegram has answered: while that is noted down the next one may be called."""
        self._calling.discard(lane.chat)
        self._until = self._start()

    def _alone(self, lane: Lane, now: float) -> float:
        place = _place(lane)
        return self.pacer.alone(place, now, lane.cost) if place else -inf

    def _overall(self, reply: bool, count: int, now: float) -> float:
        if not reply and len(self._calling) >= AT_ONCE - FOR_REPLIES:
            return inf
        return self.pacer.overall(now, count, reply=reply)

    async def _stir(self, seconds: float) -> None:
        """Waits for a turn to end or for news, and for `seconds` at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, seconds)):
                await self._stirred.wait()
        self._stirred.clear()

    def _ended(self, task: asyncio.Task[Outcome]) -> None:
        self._done.append(task)
        self._stirred.set()

    def _landed(self) -> list[Outcome]:
        """What came of the turns that have ended."""
        made = []
        while self._done:
            task = self._done.popleft()
            lane = self._flying.pop(task)
            self._calling.discard(lane.chat)
            fault = task.exception()
            if isinstance(fault, Exception):
                made.append(self._paused(lane, fault))
            else:
                made.append(task.result())
            self.lanes.back(lane, made[-1].until)
        return made

    async def _turn(self, lane: Lane, spent: Spent | None) -> Outcome:
        """One call for the first line of a lane, or its end without one. Raises nothing."""
        id, began = lane.rows[0].id, trace.now()
        made = await self._tried(lane, spent)
        if made.became:
            trace.sent(id, CHANNEL, trace.since(began), made.became)
        return made

    async def _tried(self, lane: Lane, spent: Spent | None) -> Outcome:
        became = "lost"
        try:
            return await self._step(lane, spent)
        except NoSuchPlace:
            await asyncio.to_thread(self.marker.lost, lane.rows[0], "the account is another's")
        except RetryAfter as told:
            place = place_of(lane.external)
            self.rest(place, told)
            until = self.pacer.alone(place, self.clock())
            return Outcome(until=until, reached=True, became="told to wait")
        except ChatMigrated as moved:
            await asyncio.to_thread(self.marker.moved, lane.rows[0], moved.new_chat_id)
            lane.begun = None
            return Outcome(reached=True, became="moved")
        except Forbidden as refused:
            await asyncio.to_thread(self.marker.lost, lane.rows[0], str(refused))
        except BadRequest as refused:
            dead = any(words in str(refused).lower() for words in _NO_SUCH_CHAT)
            dead = dead or (
                lane.external.startswith("-") and kind_of_loss(str(refused)) is not None
            )
            mark, became = (self.marker.lost, "lost") if dead else (self.marker.refused, "refused")
            await asyncio.to_thread(mark, lane.rows[0], str(refused))
        except TelegramError as fault:
            return self._paused(lane, fault)
        except Exception as fault:
            if is_away(fault):
                log.warning("nothing_can_be_written", message=lane.rows[0].id)
                return self._paused(lane, fault)
            log.exception("send_failed", message=lane.rows[0].id)
            if lane.failures + 1 < _TRIES:
                return self._paused(lane, fault)
            await asyncio.to_thread(self.marker.refused, lane.rows[0], type(fault).__name__)
            became = "refused"
        lane.pop()
        return Outcome(settled=1, reached=True, became=became)

    def _paused(self, lane: Lane, fault: Exception) -> Outcome:
        """The chat rests with growing pauses; the others go on."""
        pause = self.pauses[min(lane.failures, len(self.pauses) - 1)]
        lane.failures += 1
        if isinstance(fault, NetworkError):
            log.info("send_not_through", chat=lane.chat, why=str(fault), pause=pause)
        return Outcome(until=self.clock() + pause, fault=fault, became="not through")

    async def _step(self, lane: Lane, spent: Spent | None) -> Outcome:
        ready = lane.begun or self._at_once(lane) or await self._prepare(lane.rows[0].id)
        if ready is None or ready.part is None:
            self._give_back(spent)
            if ready is not None:
                await self._posted(Posted(ready, (), True))
            lane.pop()
            return Outcome(settled=1, became="sent" if ready else "not sent")
        lane.external = ready.place
        if spent is None or ready.cost > spent.count:
            self._give_back(spent)
            lane.cost = ready.cost
            place_of(ready.place)  # Raises NoSuchPlace.
            return Outcome()
        if lane.unmarked is None:
            sent = await self.poster.post(ready.place, ready.part, silent=ready.silent)
            lane.begun, lane.unmarked = ready, sent
            self._answered(lane)
        rest = ready.after()
        await self._posted(Posted(ready, lane.unmarked, rest.part is None))
        if rest.part is None:
            lane.pop()
            return Outcome(settled=1, reached=True, became="sent")
        lane.begun, lane.unmarked, lane.cost, lane.failures = rest, None, rest.cost, 0
        return Outcome(reached=True, became="a part")

    def _at_once(self, lane: Lane) -> Ready | None:
        """As the last look found it, if that was just now."""
        ready = self._early.pop(lane.rows[0].id, None)
        return ready if self.clock() < self._early_at + LOOK_FRESH else None

    def _give_back(self, spent: Spent | None) -> None:
        if spent is not None:
            self.pacer.give_back(spent)


def _place(lane: Lane) -> Place | None:
    try:
        return place_of(lane.external)
    except NoSuchPlace:
        return None
