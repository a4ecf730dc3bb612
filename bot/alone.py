"""What one replica does alone: it ticks, polls and sends. The others stand by to take over.

A lease in the database says whose turn it is; it is asked for again well before it ends. Who
could not do so stops by his own clock, before another one may begin (design.md §2d).
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

import structlog

from bot.world import World
from storage.database import Database, News

if TYPE_CHECKING:
    from bot.channels.telegram.channel import Telegram

log = structlog.get_logger()
LEASE = "alone"
#: The lease lasts so long, is asked for so often, and is given up so long before its end, seconds.
LASTS, ASKED, MARGIN = 7.0, 1.5, 1.0


class Clock(Protocol):
    """The scheduler that ticks."""

    def shutdown(self, wait: bool = True) -> None:
        """Ends it; with `wait` after the tick that runs."""
        ...


class Lease:
    """Whether this process is the one. `clock` counts seconds and never goes back."""

    def __init__(self, db: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self.db = db
        self.clock = clock
        self.owner = uuid4().hex
        self._until = float("-inf")

    def holds(self) -> bool:
        """By our own clock, also when the database is not heard of any more."""
        return self.clock() < self._until

    def ask(self) -> bool:
        """Asks for it anew; one round trip."""
        asked = self.clock()
        if self.db.alone(LEASE, self.owner, LASTS):
            self._until = asked + LASTS - MARGIN
        return self.holds()

    def let_go(self) -> None:
        """Gives it back, so that another one begins at once."""
        self._until = float("-inf")
        self.db.let_go(LEASE, self.owner)


class Alone:
    """The clock and the messenger of one service, while its lease holds."""

    def __init__(
        self,
        world: World,
        lease: Lease,
        start_clock: Callable[[World, Callable[[], bool]], Clock],
        messenger: "Callable[[Callable[[], bool]], Telegram | None]",
    ) -> None:
        self.world = world
        self.lease = lease
        self._start_clock = start_clock
        self._messenger = messenger
        self._telegram = messenger(lease.holds)
        #: It was stopped, and another one is to be made before we do anything again.
        self._spent = False
        self._ending = asyncio.Event()

    def heard(self, news: News) -> None:
        """Something was committed; called in any thread."""
        if self._telegram is not None:
            self._telegram.heard(news)

    def stop(self) -> None:
        """The service ends."""
        self._ending.set()
        if self._telegram is not None:
            self._telegram.stop()

    async def run(self) -> None:
        """Until `stop`: stands by, takes over, gives back; what goes wrong is tried again."""
        while not self._ending.is_set():
            try:
                await self._round()
            except Exception:
                log.exception("leading_failed")
                await self._rest()
        await asyncio.to_thread(self.lease.let_go)

    async def _round(self) -> None:
        if self._spent:
            self._telegram = self._messenger(self.lease.holds)
            self._spent = False
        if await asyncio.to_thread(self.lease.ask):
            await self._lead()
        else:
            await self._stand_by()

    async def _stand_by(self) -> None:
        if self._telegram is not None and not self._telegram.polls:
            # By webhook every replica takes updates in; what comes of a tap it answers itself.
            await self._telegram.sign_in()
        await self._rest()

    async def _lead(self) -> None:
        log.info("leads")
        clock = await asyncio.to_thread(self._start_clock, self.world, self.lease.holds)
        telegram = self._telegram
        work = asyncio.create_task(telegram.run()) if telegram else None
        try:
            while not self._ending.is_set():
                await self._rest()
                if not await asyncio.to_thread(self.lease.ask):
                    log.warning("leads_no_more")
                    break
        finally:
            try:
                if telegram is not None and work is not None:
                    self._spent = True
                    telegram.stop()
                    await work
            finally:
                await asyncio.to_thread(clock.shutdown, wait=True)

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), ASKED)
