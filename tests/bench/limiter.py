"""A notice to a thousand chats by python-telegram-bot's own rate limiter, at its defaults, against
the same server that enforces its limits."""

import asyncio
import logging
import time
from dataclasses import dataclass

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter, ExtBot

from tests.bench.broadcast import ACCOUNT, PEOPLE, Server
from tests.botapi.driver import TOKEN
from tests.botapi.limits import Limits


@dataclass(frozen=True)
class Limited:
    """How many arrived, how many were dropped, and how long it took in times of the limit's own."""

    arrived: int
    dropped: int
    ratio: float


async def _sent(url: str) -> tuple[int, int, float]:
    limiter = AIORateLimiter()
    # Each message that it drops would print a traceback.
    logging.getLogger("telegram.ext.AIORateLimiter").setLevel(logging.CRITICAL)
    begun = time.monotonic()
    async with ExtBot(TOKEN, base_url=f"{url}/bot", rate_limiter=limiter) as bot:
        calls = [bot.send_message(ACCOUNT + n, "Thông báo thử") for n in range(PEOPLE)]
        made = await asyncio.gather(*calls, return_exceptions=True)
    dropped = sum(isinstance(one, RetryAfter) for one in made)
    arrived = sum(not isinstance(one, BaseException) for one in made)
    return arrived, dropped, time.monotonic() - begun


def limited() -> Limited:
    """One notice by the peer."""
    server = Server()
    try:
        for n in range(PEOPLE):
            server.do("user", id=ACCOUNT + n, first_name=f"Người {n}")
            server.do("start", user=ACCOUNT + n)
        arrived, dropped, took = asyncio.run(_sent(server.url))
    finally:
        server.close()
    rate = Limits().overall
    return Limited(arrived, dropped, took / ((PEOPLE - rate.burst) / rate.per_second))
