"""A notice to a thousand people and fifty rooms, against a server in another process that
enforces its limits; meanwhile people press buttons. Real time, real HTTP."""

import asyncio
import io
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlmodel import col, func, select

from bot.channels.telegram.channel import Telegram
from bot.sample import load_sample
from bot.service import Worker, from_any_thread, set_up_logging
from bot.settings import Settings
from bot.turn import turn_all
from bot.web.app import make_web
from bot.world import World, make_world
from procedure.entries_organisation import PersonRegistered
from storage import accounts, chats, inbox, people
from storage.database import News, Session
from storage.migrate import upgrade
from storage.tables import ChatRow, MessageRow
from tests.bench import table
from tests.bench.table import Row
from tests.botapi.driver import TOKEN
from tests.botapi.limits import Limits

PEOPLE, ROOMS, TAPS = 1000, 50, 24
FIRST, ACCOUNT = 10_001, 8_000_000
NOTICE = "notices/incident_ended#text"
#: Calls that the server's limits count.
COUNTED = ("sendmessage", "editmessagetext", "editmessagereplymarkup")
#: The bounds: times the limit's own time, the share of 429, the 95th percentile of an answer.
SLOWEST, FLOODED, ANSWERED = 1.05, 0.005, 1.0
#: Seconds in which the menus of all are set and every budget is full again.
SETTLED = 90.0


@dataclass(frozen=True)
class Measured:
    """What was seen: seconds, and how many."""

    took: float
    limit: float
    calls: int
    flooded: int
    answers: list[float]
    states: dict[str, int]

    def rows(self, peer: str) -> Iterator[Row]:
        """The rows of the table; `peer` is what became of the same by other means."""
        share = self.flooded / max(1, self.calls)
        sent, ratio = self.states.get("sent", 0), self.took / self.limit
        p95 = table.share(self.answers, 0.95)
        what = f"a notice to {PEOPLE} people and {ROOMS} rooms"
        left = {state: count for state, count in self.states.items() if state != "sent"}
        yield Row(
            f"{what}, times the limit's own time",
            f"{ratio:.3f} ({self.took:.1f} s, with {len(self.answers)} answers in between)",
            peer,
            f"≤ {SLOWEST}",
            ratio <= SLOWEST,
        )
        yield Row(
            "the same, arrived; answered 429",
            f"{sent} of {PEOPLE + ROOMS}{f', {left}' if left else ''}; "
            f"{self.flooded} of {self.calls}",
            "–",
            f"all; ≤ {FLOODED:.1%}",
            sent == PEOPLE + ROOMS and share <= FLOODED,
        )
        yield Row(
            "a button pressed meanwhile, to its answer, p95, s",
            f"{p95:.2f} (worst {max(self.answers):.2f})",
            "–",
            f"< {ANSWERED:.0f}, all {TAPS} answered",
            p95 < ANSWERED and len(self.answers) == TAPS,
        )


class Server:
    """The strict server in another process."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.botapi", "--port", "0", "--limits"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[2].removesuffix("/bot")
        self.client = httpx.Client(base_url=self.url, trust_env=False, timeout=30)

    def do(self, verb: str, **args: Any) -> Any:
        """What users do and tests see."""
        answer = self.client.post(f"/control/{verb}", json=args)
        answer.raise_for_status()
        return answer.json()["result"]

    def close(self) -> None:
        """Ends it."""
        self.client.close()
        self.process.terminate()
        self.process.wait()


def prepared(folder: Path, server: Server) -> tuple[World, list[int]]:
    """A thousand people with their chats, and the chats of fifty rooms."""
    settings = Settings(
        data_dir=folder,
        telegram_token=TOKEN,
        telegram_api_url=f"{server.url}/bot",
        telegram_file_url=f"{server.url}/file/bot",
        _env_file=None,
    )
    upgrade(settings.database)
    world = make_world(settings)
    load_sample(world)
    world.present.set_to(datetime.now(UTC))
    model = world.db.read(world.organisation).people[1]
    registered = [
        PersonRegistered(person=replace(model, id=FIRST + n, name=f"Người {n}", phone=f"09{n:08}"))
        for n in range(PEOPLE)
    ]
    for n in range(PEOPLE):
        server.do("user", id=ACCOUNT + n, first_name=f"Người {n}")
        server.do("start", user=ACCOUNT + n)
    groups = [server.do("create_supergroup", title=f"R{n}", owner=ACCOUNT) for n in range(ROOMS)]
    for group in groups:
        server.do("promote_bot", chat=group)

    def work(session: Session) -> list[int]:
        now = world.now()
        people.record(session, registered, at=now, actor=1, channel="bench")
        rows = [
            accounts.link(session, "telegram", str(ACCOUNT + n), FIRST + n, now)
            for n in range(PEOPLE)
        ]
        rows += [chats.chat_of(session, "telegram", str(group), 0) for group in groups]
        return [row.id or 0 for row in rows]

    return world, world.db.write(work)


@contextmanager
def quiet_updates(server: Server) -> Iterator[None]:
    """What the preparation left behind is not the bot's concern."""
    pending = server.do("pending")
    if pending:
        last = pending[-1]["update_id"]
        server.client.get(f"/bot{TOKEN}/getUpdates", params={"offset": last + 1, "timeout": 0})
    yield


async def running(world: World, telegram: Telegram) -> list[asyncio.Task[Any]]:
    """The loops of a service: turns, and the channel; woken by every commit."""
    web = make_web(world, tick=lambda _: 0)

    def turns() -> int:
        return 0 if world.db.read(inbox.oldest_new) is None else turn_all(world, 50)

    worker = Worker(web.hub, "turns", turns, News.UPDATES, most=50)
    world.db.after_commit += [worker.waker(), from_any_thread(telegram.wake)]
    return [asyncio.create_task(worker.run(web)), asyncio.create_task(telegram.run())]


def broadcast(world: World, rows: list[int]) -> None:
    """One notice into every chat, in one transaction."""

    def work(session: Session) -> None:
        prompt = chats.Prompt(template=NOTICE, facts={"by": 1}, stream="incident-1")
        for id in rows:
            chats.enqueue(session, session.get_one(ChatRow, id), prompt, at=world.now())

    world.db.write(work)


def waits(world: World) -> int:
    """How many notices are not settled yet."""
    return world.db.read(
        lambda session: session.exec(
            select(func.count()).where(MessageRow.state == "queued", MessageRow.template == NOTICE)
        ).one()
    )


async def settled(server: Server) -> None:
    """Everybody has his menu and every budget is full, as in a service that has run for a while."""
    until, count = time.monotonic() + SETTLED, -1
    while time.monotonic() < until:
        await asyncio.sleep(4.0)
        calls = await asyncio.to_thread(server.do, "calls", method="setMyCommands")
        if len(calls) in (PEOPLE, count):
            break
        count = len(calls)
    await asyncio.sleep(4.0)


async def played(world: World, server: Server, rows: list[int]) -> tuple[datetime, dict[int, Any]]:
    """The broadcast, and in its midst a tap every so often; when it began, and every tap."""
    tappers = [ACCOUNT + 7 + 41 * n for n in range(TAPS)]
    for account in tappers:
        await asyncio.to_thread(server.do, "send_text", user=account, text="sat lo ap tre dong")
    await settled(server)
    asked = {one: await asyncio.to_thread(server.do, "last", user=one) for one in tappers}
    await asyncio.to_thread(broadcast, world, rows)
    begun = datetime.now(UTC)
    taps: dict[int, Any] = {}
    for account in tappers:
        await asyncio.sleep(1.3)
        taps[account] = datetime.now(UTC)
        label = "Báo vụ việc mới"
        await asyncio.to_thread(
            server.do, "tap", user=account, message_id=asked[account]["id"], what=label
        )
    until = time.monotonic() + 90
    while await asyncio.to_thread(waits, world) and time.monotonic() < until:
        await asyncio.sleep(0.1)
    await asyncio.sleep(1.0)
    return begun, taps


def measured(world: World, server: Server, begun: datetime, taps: dict[int, Any]) -> Measured:
    """Reads the server's own list of calls."""
    calls = [one for one in server.do("calls") if one["method"].lower() in COUNTED]
    for one in calls:
        one["at"] = datetime.fromisoformat(one["at"])
    calls = [one for one in calls if one["at"] >= begun]
    told = [
        one for one in calls if one["status"] == 200 and "kết thúc" in one["args"].get("text", "")
    ]
    ended = max(one["at"] for one in told)
    within = [one for one in calls if one["at"] <= ended and one["status"] == 200]
    answers = []
    for account, at in taps.items():
        mine = [
            one["at"]
            for one in calls
            if one["method"].lower() == "sendmessage"
            and one["args"]["chat_id"] == str(account)
            and one["at"] > at
            and "kết thúc" not in one["args"]["text"]
            and one["status"] == 200
        ]
        answers += [(min(mine) - at).total_seconds()] if mine else []
    found = world.db.read(
        lambda session: session.exec(
            select(MessageRow.state, func.count())
            .where(col(MessageRow.template) == NOTICE)
            .group_by(col(MessageRow.state))
        ).all()
    )
    burst, pace = Limits().overall.burst, Limits().overall.per_second
    return Measured(
        took=(ended - begun).total_seconds(),
        limit=(len(within) - burst) / pace,
        calls=len(calls),
        flooded=sum(one["status"] == 429 for one in calls),
        answers=answers,
        states=dict(found),
    )


async def whole(world: World, server: Server, rows: list[int]) -> Measured:
    """The service runs, the broadcast goes out, the service ends."""
    telegram = Telegram(world)
    tasks = await running(world, telegram)
    begun, taps = await played(world, server, rows)
    telegram.stop()
    tasks[0].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return await asyncio.to_thread(measured, world, server, begun, taps)


def notice() -> Measured:
    """The whole of it, from nothing."""
    set_up_logging("INFO")  # As the service does: a line for each send.
    log = logging.getLogger().handlers[0]
    assert isinstance(log, logging.StreamHandler)
    log.setStream(io.StringIO())
    server = Server()
    try:
        with tempfile.TemporaryDirectory() as folder:
            world, rows_ = prepared(Path(folder), server)
            with quiet_updates(server):
                found = asyncio.run(whole(world, server, rows_))
            world.db.close()
    finally:
        server.close()
    return found


def rows() -> Iterator[Row]:
    """Ours beside python-telegram-bot's rate limiter."""
    from tests.bench.limiter import limited

    other = limited()
    peer = f"{other.ratio:.3f}; {other.arrived} of {PEOPLE} arrived, {other.dropped} dropped"
    yield from notice().rows(f"{peer} (AIORateLimiter)")
