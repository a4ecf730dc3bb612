"""The webhook: updates are posted, one after another in a chat, until the bot has taken them."""

import asyncio
import contextlib

import httpx

from tests.botapi.state import State
from tests.botapi.updates import Update, Webhook

LONGEST_PAUSE = 60.0
PATIENCE = 10.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Courier:
    """Posts pending updates while a webhook is set; `retry_seconds` is its first pause."""

    def __init__(self, state: State, retry_seconds: float) -> None:
        self.state = state
        self.retry_seconds = retry_seconds
        self.lanes: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until it is cancelled."""
        news = asyncio.Event()
        loop = asyncio.get_running_loop()
        self.state.updates.listeners.append(lambda: loop.call_soon_threadsafe(news.set))
        news.set()
        try:
            while True:
                await news.wait()
                news.clear()
                self._send_out()
        finally:
            for lane in self.lanes.values():
                lane.cancel()
            await asyncio.gather(*self.lanes.values(), return_exceptions=True)

    def _send_out(self) -> None:
        updates = self.state.updates
        if updates.webhook is None:
            return
        with self.state.lock:
            wanted = {update.lane for update in updates.pending}
        for lane in wanted:
            if lane not in self.lanes or self.lanes[lane].done():
                self.lanes[lane] = asyncio.create_task(self._walk(lane))

    def _next(self, lane: int) -> Update | None:
        with self.state.lock:
            self.state.updates.expire()
            return next((one for one in self.state.updates.pending if one.lane == lane), None)

    async def _walk(self, lane: int) -> None:
        pause = self.retry_seconds
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            while (hook := self.state.updates.webhook) is not None:
                update = self._next(lane)
                if update is None:
                    return
                wait = await self._post(client, hook, update)
                if wait is None:
                    pause = self.retry_seconds
                    continue
                await asyncio.sleep(wait or pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _post(self, client: httpx.AsyncClient, hook: Webhook, update: Update) -> float | None:
        """None when the bot has taken it; else the pause it asked for, or 0."""
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        update.sent += 1
        try:
            answer = await client.post(hook.url, json=update.full(), headers=headers)
        except httpx.HTTPError as error:
            self._failed(hook, str(error) or type(error).__name__)
            return 0.0
        if answer.is_success:
            with self.state.lock:
                self.state.updates.confirm(update)
            return None
        self._failed(
            hook,
            f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}",
        )
        with contextlib.suppress(ValueError):
            return float(answer.headers.get("retry-after", 0))
        return 0.0

    def _failed(self, hook: Webhook, reason: str) -> None:
        hook.last_error, hook.last_error_at = reason, self.state.clock()
