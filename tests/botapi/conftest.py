"""A fresh server for each test, asked by plain HTTP or by python-telegram-bot."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
import telegram
from telegram.request import HTTPXRequest

from tests.botapi.driver import BotApi

AN, BINH, STRANGER = 7, 8, 9
SERVICES = (
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "group_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "pinned_message",
)
START = datetime(2026, 11, 2, 2, 36, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def passes(self, **span: float) -> None:
        """Time goes by."""
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    """The clock of the server."""
    return Clock()


@pytest.fixture
def api(clock: Clock) -> Iterator[BotApi]:
    """A server with An and Binh, who have written to the bot, and a stranger, who has not."""
    with BotApi(clock=clock, retry_seconds=0.05) as server:
        server.user(AN, "An", "Nguyễn", "an")
        server.user(BINH, "Bình")
        server.user(STRANGER, "Lạ")
        for user in (AN, BINH):
            server.start(user)
        forget(server)
        yield server


@pytest.fixture
def crew(api: BotApi) -> int:
    """A supergroup of An and Binh with the bot as its administrator; nothing waits."""
    group = api.create_supergroup("Tổ ứng phó", AN, [BINH])
    api.promote_bot(group)
    forget(api)
    return group


@pytest.fixture
def forum(api: BotApi) -> int:
    """The same with topics."""
    group = api.create_supergroup("Tổ ứng phó", AN, [BINH], forum=True)
    api.promote_bot(group)
    forget(api)
    return group


def forget(api: BotApi) -> None:
    """Confirms every update so far."""
    api.state.updates.fetch(api.state.updates.next_id, 1)


def kinds(api: BotApi) -> list[str]:
    """The kinds of the updates that wait; of a message, what it tells."""
    found = []
    for one in api.pending():
        kind = next(key for key in one if key != "update_id")
        message = one[kind] if kind in ("message", "edited_message") else {}
        found.append(next((name for name in SERVICES if name in message), kind))
    return found


@dataclass
class Asker:
    """Asks the server by plain HTTP."""

    api: BotApi
    client: httpx.Client

    def __call__(self, method: str, **args: Any) -> dict[str, Any]:
        """The JSON answer to a JSON request."""
        answer = self.client.post(f"{self.api.base_url}{self.api.token}/{method}", json=args)
        body: dict[str, Any] = answer.json()
        assert body["ok"] == (answer.status_code == 200)
        assert body.get("error_code", 200) == answer.status_code
        return body

    def no(self, method: str, **args: Any) -> str:
        """The description of a refusal."""
        body = self(method, **args)
        assert not body["ok"], body
        return str(body["description"])

    def yes(self, method: str, **args: Any) -> Any:
        """The result of a call that is granted."""
        body = self(method, **args)
        assert body["ok"], body
        return body["result"]


@pytest.fixture
def ask(api: BotApi) -> Iterator[Asker]:
    """Plain HTTP."""
    with httpx.Client(trust_env=False, timeout=10, verify=False) as client:
        yield Asker(api, client)


def ptb(api: BotApi) -> telegram.Bot:
    """A Bot of python-telegram-bot that talks to the server."""
    request = HTTPXRequest(httpx_kwargs={"trust_env": False, "verify": False})
    return telegram.Bot(
        api.token, base_url=api.base_url, base_file_url=api.base_file_url, request=request
    )


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library warns of every duration that it gives as a number, a RetryAfter's too."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest_asyncio.fixture
async def bot(api: BotApi, spans: None) -> AsyncIterator[telegram.Bot]:
    """The library's Bot, initialised."""
    async with ptb(api) as made:
        yield made


async def fetch(bot: telegram.Bot, **args: Any) -> list[dict[str, Any]]:
    """Raw updates; written small, the library does not warn that it has a method of its own."""
    found: list[dict[str, Any]] = await bot.do_api_request("getupdates", api_kwargs=args)
    return found
