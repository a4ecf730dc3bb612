"""The Telegram channel of a running service: its loops, its health, its clean end."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from math import inf
from typing import Any

import structlog

from bot.channels.telegram.at_once import Turns
from bot.channels.telegram.client import Client, Conflict, InvalidToken, RetryAfter, TelegramError
from bot.channels.telegram.fetch import Fetcher
from bot.channels.telegram.keep_rooms import RoomKeeper
from bot.channels.telegram.pace import ALLOWED, Allowed, Pacer
from bot.channels.telegram.receive import CHANNEL, Receiver
from bot.channels.telegram.send import Look, Sender
from bot.channels.telegram.tidy import Tidier
from bot.deliver import tell_operators
from bot.stage import WEB, Stage
from bot.world import World
from storage import marks
from storage.database import News, Session

log = structlog.get_logger()
#: How long one question for updates stays open, seconds.
LONG_POLL = 25
WEBHOOK_PATH = "/telegram/webhook"
_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
#: The operators hear of an outage that lasts longer than this.
_TOLD_AFTER = timedelta(minutes=2)
#: Sends that fail are the chats' own affair while others came through this lately, seconds.
_ALL_FAILS = 3.0
#: Looked for again this often though nothing was committed, seconds.
_LOOK_ANYWAY = 20.0
#: Each kind of work is looked for at most this often, seconds.
_CALMLY = {"fetch": 0.05, "tidy": 0.25, "rooms": 0.25}
#: What may wait must not take the time of those who answer: it is looked for once nothing was
#: committed for that long, and at the latest after this, seconds.
_AT_LATEST = {"fetch": 0.3, "tidy": 2.0, "rooms": 2.0}


class Telegram:
    """One per service. `run` returns when `stop` was called; nothing is sent unless it `may`.

    `turns` handles updates that wait, in the calling thread, and says whether more may wait.
    """

    def __init__(
        self,
        world: World,
        client: Client | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        allowed: Allowed = ALLOWED,
        may: Callable[[], bool] = lambda: True,
        turns: Turns | None = None,
    ) -> None:
        self.world = world
        self.client = client or Client(world.settings)
        self.receiver = Receiver(world, self.client, turns)
        self.fetcher = Fetcher(world, self.client)
        pacer = Pacer(clock(), allowed)
        self.sender = Sender(world, self.client, pacer, clock, may)
        self.tidier = Tidier(world, self.client, self.sender)
        self.keeper = RoomKeeper(world, self.client, self.sender)
        self._clock = clock
        self._reached = clock()
        self._faults: dict[str, str] = {}
        self._down_since: Any = None
        self._woken: list[tuple[News, asyncio.Event]] = []
        #: When something was committed last, by the loop's clock.
        self._news_at = -inf
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._confirming: set[asyncio.Task[None]] = set()
        self._stopping = False

    @property
    def polls(self) -> bool:
        """Whether we ask for updates; else Telegram calls us."""
        return self.world.settings.telegram_mode == "polling"

    def health(self) -> str:
        """ "ok", or what is wrong, in one word."""
        return "down" if self._faults else "ok"

    async def run(self) -> None:
        """Signs in, then receives, fetches and sends until stopped."""
        loops: list[tuple[str, Callable[[], Awaitable[int]], News]] = [
            ("fetch", self.fetcher.round, News.UPDATES),
            ("tidy", self.tidier.round, News.REST),
            ("rooms", self.keeper.round, News.REST),
        ]
        self._loop = asyncio.get_running_loop()
        started = asyncio.create_task(self._starting())
        self._tasks = [started]
        with contextlib.suppress(asyncio.CancelledError):
            await started
        if self._stopping:
            return
        self._tasks = [
            asyncio.create_task(self._rounds(name, work, self._event(news)))
            for name, work, news in loops
        ]
        self._tasks.append(asyncio.create_task(self._sending()))
        if self.polls:
            self._tasks.append(asyncio.create_task(self._polling()))
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(TelegramError):
            await self.client.stop()

    async def sign_in(self) -> None:
        """Only who we are: enough to take updates in by webhook and to answer taps."""
        with contextlib.suppress(TelegramError):
            await self.client.start()

    async def called(self, update: Mapping[str, Any]) -> None:
        """One update by webhook; committed when this returns."""
        tap = await asyncio.to_thread(self.receiver.called, update)
        if tap:
            task = asyncio.create_task(self.receiver.confirm(tap))
            self._confirming.add(task)
            task.add_done_callback(self._confirming.discard)

    def heard(self, news: News) -> None:
        """Something was committed; called in any thread, by whoever has done it. Where the sender
        waits for just that, what is to be sent is looked for at once: to wake him for it takes as
        long as to look."""
        if self._loop is None:
            return
        look = None
        if news & News.REST and self.sender.is_idle():
            with contextlib.suppress(Exception):  # He meets it himself.
                look = self.sender.look()
        with contextlib.suppress(RuntimeError):  # The loop has ended.
            self._loop.call_soon_threadsafe(self.wake, news, look)

    def wake(self, news: News = News.ALL, look: Look | None = None) -> None:
        """Something was committed, after which somebody may have had a `look`; called on the
        service's loop."""
        self._news_at = asyncio.get_running_loop().time()
        if look is not None:
            self.sender.found(look)
        elif news & News.REST:
            self.sender.wake()
        for wanted, event in self._woken:
            if news & wanted:
                event.set()

    def stop(self) -> None:
        """Ends every loop at once: what was not marked as done is done again later."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()

    def _event(self, news: News) -> asyncio.Event:
        """Set now and by every commit of such news."""
        event = asyncio.Event()
        event.set()
        self._woken.append((news, event))
        return event

    async def _starting(self) -> None:
        await self._until_done("start", self._start)
        log.info("telegram_started", polling=self.polls)

    async def _start(self) -> int:
        settings = self.world.settings
        name = await self.client.start()
        await asyncio.to_thread(
            self.world.db.write, lambda session: marks.mark(session, marks.TELEGRAM_BOT, name)
        )
        if self.polls:
            await self.client.to_polling()
        else:
            secret = settings.telegram_webhook_secret
            assert secret is not None
            await self.client.to_webhook(settings.address + WEBHOOK_PATH, secret.get_secret_value())
        return 1

    async def _polling(self) -> None:
        while not self._stopping:
            await self._until_done("poll", lambda: self.receiver.poll(LONG_POLL))

    async def _rounds(
        self, name: str, work: Callable[[], Awaitable[int]], woken: asyncio.Event
    ) -> None:
        while not self._stopping:
            woken.clear()
            if not await self._until_done(name, work):
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), self._pause(name))
            await self._calm(_CALMLY[name], _AT_LATEST[name])

    async def _calm(self, seconds: float, most: float) -> None:
        """A breath of so many seconds, and more up to `most` while there is news all the time."""
        loop = asyncio.get_running_loop()
        until = loop.time() + most
        await asyncio.sleep(seconds)
        while self._news_at + seconds > loop.time() and loop.time() < until:
            await asyncio.sleep(seconds)

    def _pause(self, name: str) -> float:
        """Until the next look; sooner where an edit only waits for its moment."""
        rests = {"tidy": self.tidier.rests_until, "rooms": self.keeper.rests_until}
        rest = rests[name]() if name in rests else inf
        return min(_LOOK_ANYWAY, max(0.05, rest - self._clock()))

    async def _sending(self) -> None:
        telling: set[asyncio.Task[None]] = set()

        def heard(fault: Exception | None) -> None:
            """One chat alone may fail; when nothing comes through, the channel is down."""
            now = self._clock()
            if fault is None:
                self._reached = now
                self._well("send")
            elif now - self._reached >= _ALL_FAILS:
                task = asyncio.create_task(self._fault("send", fault))
                telling.add(task)
                task.add_done_callback(telling.discard)

        async def sending() -> int:
            await self.sender.run(heard)
            return 0

        await self._until_done("send", sending)

    async def _until_done(self, name: str, work: Callable[[], Awaitable[int]]) -> int:
        """One round; what goes wrong is tried again with growing pauses, for ever."""
        attempt = 0
        while True:
            try:
                done = await work()
            except RetryAfter as told:
                span = told.retry_after
                rest = span.total_seconds() if isinstance(span, timedelta) else float(span)
                await asyncio.sleep(rest)
            except Exception as error:
                await self._fault(name, error)
                await asyncio.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])
                attempt += 1
            else:
                self._well(name)
                return done

    async def _fault(self, name: str, error: Exception) -> None:
        why = type(error).__name__
        known = isinstance(error, TelegramError)
        log.log(
            30 if known else 40,
            "telegram_fault",
            loop=name,
            error=why,
            why=str(error) if known else "",
            exc_info=None if known else error,
        )
        self._down_since = self._down_since or self.world.now()
        self._faults[name] = why
        lasting = self.world.now() - self._down_since >= _TOLD_AFTER
        if lasting or isinstance(error, (Conflict, InvalidToken)):
            try:
                await asyncio.to_thread(self._tell_operators)
            except Exception:  # The loop that failed goes on in any case; they are told next time.
                log.exception("operators_not_told")

    def _well(self, name: str) -> None:
        self._faults.pop(name, None)
        if not self._faults:
            self._down_since = None

    def _tell_operators(self) -> None:
        """A word on the web, once an outage."""
        since = self._down_since.isoformat()
        facts = {"channel": CHANNEL, "since": since}

        def work(session: Session) -> None:
            stage = Stage(self.world, session, self.world.now(), WEB)
            tell_operators(stage, "answers#channel_down", facts, f"{CHANNEL}:{since}")

        self.world.db.write(work)
