"""The Bot API as we call it: one `Bot`, its time limits, its proxy, and its errors sorted."""

import json
import os
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlencode

# The library warns at every 429 until its own change of type is taken up.
os.environ.setdefault("PTB_TIMEDELTA", "true")

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.incoming import Me
from bot.channels.telegram.transport import Patience, Transport
from bot.settings import Settings

__all__ = [
    "BadRequest",
    "ChatMigrated",
    "Client",
    "Conflict",
    "Forbidden",
    "InvalidToken",
    "NetworkError",
    "RetryAfter",
    "TelegramError",
    "TimedOut",
]

#: Seconds. A send must end before the lease of its lane would (design.md §2d).
CONNECT, READ, WRITE = 10.0, 20.0, 60.0
#: Connections for all but asking.
_CALLS = 32
#: All that is asked for; kinds unknown to us still come and are passed over.
ALLOWED = (
    *("message", "edited_message", "callback_query", "message_reaction"),
    *("my_chat_member", "chat_member", "chat_join_request"),
)


class Client:
    """Telegram's side of the line. Every call may raise TelegramError."""

    def __init__(self, settings: Settings) -> None:
        assert settings.telegram_token is not None
        patience = Patience(CONNECT, READ, WRITE)
        self._asking = Transport(1, patience, settings.telegram_proxy)
        #: How everything goes but the asking for updates.
        self.calls = Transport(_CALLS, patience, settings.telegram_proxy)
        #: Who the bot is; known once it has signed in.
        self.me = Me()
        self.bot = Bot(
            settings.telegram_token.get_secret_value(),
            base_url=settings.telegram_api_url,
            base_file_url=settings.telegram_file_url,
            request=self.calls,
            get_updates_request=self._asking,
        )

    async def start(self) -> str:
        """Signs in; returns the bot's user name. Raises InvalidToken."""
        await self.bot.initialize()
        self.me = Me(self.bot.username, self.bot.id)
        return self.bot.username

    async def stop(self) -> None:
        """Closes the connections."""
        await self.bot.shutdown()

    async def updates(self, offset: int | None, seconds: int) -> Sequence[dict[str, Any]]:
        """Raw updates from `offset` on, which confirms all before it; waits up to `seconds`.

        As raw JSON: one malformed update must not stick the rest.
        """
        asked: dict[str, Any] = {"timeout": seconds, "limit": 100}
        asked["allowed_updates"] = json.dumps(ALLOWED)
        if offset is not None:
            asked["offset"] = offset
        address = f"{self.bot.base_url}/getUpdates?{urlencode(asked)}"
        found = await self._asking.post(address, read_timeout=seconds + READ)
        return cast(Sequence[dict[str, Any]], found)

    async def call(self, method: str, **given: str | int | None) -> Any:
        """One call of the Bot API by its name in small letters; the answer as it came.

        The library's own methods make objects of all that they send and get, which costs more
        than the sending (docs/benchmarks.md). What is None is left out.
        """
        told = {name: value for name, value in given.items() if value is not None}
        return await self.calls.tell(f"{self.bot.base_url}/{method}", told)

    async def to_webhook(self, address: str, secret: str) -> None:
        """Lets Telegram call us."""
        await self.bot.set_webhook(address, secret_token=secret, allowed_updates=ALLOWED)

    async def to_polling(self) -> None:
        """Lets us ask; what waits is kept."""
        await self.bot.delete_webhook(drop_pending_updates=False)

    async def download(self, file: str) -> bytes:
        """The bytes of a file of at most 20 MB."""
        found = await self.bot.get_file(file)
        return bytes(await found.download_as_bytearray())
