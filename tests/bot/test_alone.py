"""What one replica does alone goes on after any fault of the database, and so do its workers."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from bot import alone, service
from bot.alone import Alone, Lease
from bot.channels.telegram.channel import Telegram
from bot.web.hub import Hub
from bot.web.meters import Meters
from bot.web.state import Web
from storage.away import DatabaseAway
from storage.database import News


class Ours:
    """A lease that is lost once, in the midst of leading."""

    def __init__(self) -> None:
        self.asked = 0
        self.given_back = False

    def holds(self) -> bool:
        return True

    def ask(self) -> bool:
        self.asked += 1
        return self.asked != 2

    def let_go(self) -> None:
        self.given_back = True


class Messenger:
    """Runs until it is stopped."""

    polls = True

    def __init__(self) -> None:
        self.ran = False
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        self.ran = True
        await self._stopped.wait()

    def stop(self) -> None:
        self._stopped.set()

    def wake(self) -> None: ...


class Clock:
    """Counts how many run."""

    running = 0

    def __init__(self) -> None:
        Clock.running += 1

    def shutdown(self, wait: bool = True) -> None:
        Clock.running -= 1


async def test_it_leads_again_though_the_database_was_away_when_it_stood_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alone, "ASKED", 0.0)
    made: list[Messenger] = []
    faults = [DatabaseAway("no server"), DatabaseAway("no server")]

    def messenger(may: Callable[[], bool]) -> Telegram:
        if made and faults:
            raise faults.pop()
        made.append(Messenger())
        return cast(Telegram, made[-1])

    def start_clock(world: Any, may: Callable[[], bool]) -> Clock:
        return Clock()

    lease = Ours()
    one = Alone(cast(Any, None), cast(Lease, lease), start_clock, messenger)
    running = asyncio.create_task(one.run())
    async with asyncio.timeout(10):
        while len(made) < 2 or not made[1].ran:
            await asyncio.sleep(0)
        one.stop()
        await running
    assert faults == []
    assert Clock.running == 0
    assert lease.given_back


class Watched:
    """Of the whole web only what a worker needs: whether it ends, and what is counted."""

    def __init__(self) -> None:
        self.stopping = False
        self.meters = Meters()


async def test_a_worker_goes_on_though_it_cannot_ask_when_to_look_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched = Watched()
    waits: list[int] = []

    def wait() -> float:
        waits.append(len(waits))
        if len(waits) == 1:
            raise DatabaseAway("no server")
        watched.stopping = True
        return 0.0

    monkeypatch.setattr(service, "_PAUSE", 0.0)
    worker = service.Worker(cast(Hub, watched), "turns", lambda: 0, News.ALL, wait=wait)
    async with asyncio.timeout(10):
        await worker.run(cast(Web, watched))
    assert waits == [0, 1]
