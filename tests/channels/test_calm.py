"""What may wait is looked for once it is calm, and at the latest after a while."""

import asyncio

import pytest

from bot.channels.telegram.channel import Telegram


@pytest.mark.parametrize(
    ("news_until", "looks_at"),
    [(0.0, 0.25), (0.3, 0.75), (1.0, 1.25), (99.0, 2.0)],
    ids=["nothing", "a moment", "a second", "all the time"],
)
async def test_it_waits_while_there_is_news(
    news_until: float, looks_at: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram, now = Telegram.__new__(Telegram), [0.0]
    telegram._news_at = -1.0

    async def sleep(seconds: float) -> None:
        now[0] += seconds
        telegram._news_at = min(now[0], news_until)

    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now[0])
    monkeypatch.setattr(asyncio, "sleep", sleep)
    await telegram._calm(0.25, 2.0)
    assert now[0] == pytest.approx(looks_at)
