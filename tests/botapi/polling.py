"""getUpdates: the long poll, and the refusal of a second one."""

import asyncio
from typing import Any

from tests.botapi import rules
from tests.botapi.refusal import Refused
from tests.botapi.rules import Query
from tests.botapi.state import State

WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
LONGEST_WAIT = 50  # seconds


class Poller:
    """At most one request waits for updates; the newest one wins."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.waiting: asyncio.Future[None] | None = None

    def open(self) -> None:
        """Listens for updates that come from any thread."""
        loop = asyncio.get_running_loop()
        self.state.updates.listeners.append(lambda: loop.call_soon_threadsafe(self.woken))

    def woken(self) -> None:
        """Something is new."""
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(None)

    def end(self, error: Refused | None) -> None:
        """Ends the request that waits: with a refusal, or with nothing to deliver."""
        if self.waiting is not None and not self.waiting.done():
            if error is None:
                self.waiting.cancel()
            else:
                self.waiting.set_exception(error)
        self.waiting = None

    async def get(self, query: Query) -> list[dict[str, Any]]:
        """What getUpdates answers."""
        if self.state.updates.webhook is not None:
            raise Refused(409, WEBHOOK_ACTIVE)
        with self.state.lock:
            self.state.updates.allow(rules.allowed_updates(query))
        offset = query.number("offset", 0, -(2**31), 2**31)
        limit = query.number("limit", 100, 1, 100)
        wait = query.number("timeout", 0, 0, LONGEST_WAIT)
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while True:
            with self.state.lock:
                found = [one.full() for one in self.state.updates.fetch(offset, limit)]
            left = until - loop.time()
            if found or left <= 0 or not await self._wait(left):
                return found

    async def _wait(self, seconds: float) -> bool:
        """Whether something came in time; raises the refusal that ended the wait."""
        self.end(Refused(409, OTHER_POLLER))
        mine = self.waiting = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(mine, seconds)
        except TimeoutError:
            return False
        except asyncio.CancelledError:
            if mine.cancelled():
                return False
            raise
        finally:
            if self.waiting is mine:
                self.waiting = None
        return True
