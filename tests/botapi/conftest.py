"""A fresh server for each test, asked by plain HTTP or by python-telegram-bot."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import telegram
from telegram.request import HTTPXRequest

from tests.botapi.driver import BotApi

AN, BINH, STRANGER = 7, 8, 9
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
        server.state.updates.fetch(server.state.updates.next_id, 1)
        yield server


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
