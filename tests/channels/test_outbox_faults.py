"""Whatever Telegram answers: each line ends sent, stale or set aside with a reason, each chat
stays in order, and nothing is sent twice but after an answer that was lost."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import timedelta
from math import inf
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select
from telegram.error import TelegramError

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.client import Client
from bot.channels.telegram.mark import Marker, Posted, Ready
from bot.channels.telegram.pace import ALLOWED, NO_LIMITS, Pacer
from bot.channels.telegram.send import AT_ONCE, IN_FLIGHT, LOOK_FRESH, Look, Sender
from bot.settings import Settings
from storage import accounts, chats
from storage.away import DatabaseAway
from storage.chats import FAILED, SENT, STALE, Prompt
from storage.database import News, Session
from storage.tables import ChatRow, MessageRow
from tests.botapi.driver import TOKEN
from tests.channels.scripted import FAULTS, Scripted
from tests.town import Town

pytestmark = pytest.mark.sqlite

PEOPLE = (1, 2, 3)
TOLD, ANSWER = "notices/incident_ended#text", "answers#nothing_to_cancel"


def in_time(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Runs it to its end, or fails after ten seconds."""
    asyncio.run(asyncio.wait_for(work(), 10))


class Reachable(Town):
    """The sample province with Telegram as a channel, whose server is a script."""

    def settings(self, folder: Path) -> Settings:
        """As the sample, with a token."""
        return Settings(data_dir=folder, telegram_token=TOKEN, _env_file=None)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Reachable(tmp_path_factory.mktemp("faults"))
    yield made
    made.close()


def queued(town: Town, lines: list[tuple[int, bool]]) -> dict[int, int]:
    """Puts lines into the chats of people, and their numbers with their chats' accounts."""

    def work(session: Session) -> dict[int, int]:
        found = {}
        for person, answer in lines:
            chat = chats.chat_of(session, "telegram", str(7_000_000 + person), person)
            accounts.unreachable(session, chat, None)
            told = Prompt(template=TOLD, facts={"by": 1}, stream="incident-1")
            prompt = Prompt(template=ANSWER) if answer else told
            line = chats.enqueue(session, chat, prompt, at=town.world.now())
            assert line is not None
            found[line] = int(chat.external)
        return found

    return town.world.db.write(work)


def played(town: Town, bot: Scripted, sender: Sender, clock: list[float]) -> None:
    """Rounds until nothing waits, the clock going on from one moment to the next."""

    async def whole() -> None:
        for _ in range(400):
            with contextlib.suppress(TelegramError):
                await sender.round()
            if not len(sender.lanes):
                return
            if sender.rests_until() == inf:
                continue
            clock[0] = max(clock[0], sender.rests_until())
        raise AssertionError("it never came to an end")

    asyncio.run(whole())


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(st.tuples(st.sampled_from(PEOPLE), st.booleans()), min_size=1, max_size=8),
    script=st.lists(st.sampled_from(["", *FAULTS]), max_size=14),
)
def test_every_line_ends_and_none_is_lost_doubled_or_out_of_order(
    town: Town, lines: list[tuple[int, bool]], script: list[str]
) -> None:
    town.clock += timedelta(hours=2)
    clock = [0.0]
    bot = Scripted(lambda: clock[0], iter(script))
    sender = Sender(town.world, cast(Client, bot), Pacer(clock[0], ALLOWED), lambda: clock[0])
    mine = queued(town, lines)
    played(town, bot, sender, clock)

    def ended(session: Session) -> list[MessageRow]:
        query = select(MessageRow).join(ChatRow, col(ChatRow.id) == col(MessageRow.chat))
        query = query.where(ChatRow.channel == "telegram", col(MessageRow.id) >= min(mine))
        return list(session.exec(query.order_by(col(MessageRow.id))).all())

    rows = town.world.db.read(ended)
    for row in rows:
        assert row.state == SENT or (row.state in (STALE, FAILED) and row.why), row
    sent = [row for row in rows if row.state == SENT]
    for account in set(mine.values()):
        taken = [one for one in bot.taken if one.chat == account]
        once = [one for one in taken if not one.unheard]
        told = [row for row in sent if row.person + 7_000_000 == account]
        assert [row.text for row in told] == [one.words for one in once], "each once, in order"
    unheard = sum(one.unheard for one in bot.taken)
    assert unheard == script[: len(bot.asked)].count("lost after"), "no other is repeated"


def test_one_chat_that_fails_holds_up_no_other(town: Town) -> None:
    town.clock += timedelta(hours=2)
    clock = [0.0]
    bot = Scripted(lambda: clock[0], iter(["500"]))
    sender = Sender(town.world, cast(Client, bot), Pacer(-100.0), lambda: clock[0])
    queued(town, [(1, True), (2, True), (3, True)])
    asyncio.run(sender.round())
    assert len(bot.taken) == 2, "the two others"
    assert sender.rests_until() == 1.0, "the pause of the one"
    played(town, bot, sender, clock)
    assert {one.chat for one in bot.taken} == {7_000_001, 7_000_002, 7_000_003}
    assert bot.taken[-1].at == 1.0


def test_pauses_grow_and_end_with_the_first_answer(town: Town) -> None:
    town.clock += timedelta(hours=2)
    clock = [0.0]
    bot = Scripted(lambda: clock[0], iter(["500"] * 4 + ["", "500"]))
    sender = Sender(town.world, cast(Client, bot), Pacer(-100.0), lambda: clock[0])
    queued(town, [(1, True), (1, True)])
    played(town, bot, sender, clock)
    gaps = [b - a for a, b in zip(bot.asked, bot.asked[1:], strict=False)]
    assert gaps == pytest.approx([1.0, 2.0, 5.0, 10.0, 0.0, 1.0])


def test_after_a_start_anew_it_goes_on_where_it_was(town: Town) -> None:
    town.clock += timedelta(hours=2)
    clock = [0.0]
    bot = Scripted(lambda: clock[0], iter(["", "lost before"]))
    queued(town, [(1, True), (1, True), (1, True)])
    first = Sender(town.world, cast(Client, bot), Pacer(-100.0), lambda: clock[0])
    asyncio.run(first.round())
    assert len(bot.taken) == 1
    second = Sender(town.world, cast(Client, bot), Pacer(clock[0]), lambda: clock[0])
    played(town, bot, second, clock)
    assert len(bot.taken) == 3


class Noting:
    """Notes of what was sent wait until so many calls have been answered that none is noted of."""

    def __init__(self, many: int) -> None:
        self.many = many
        self.full = threading.Event()
        self.noted = self.most = 0

    def answered(self, taken: int) -> None:
        """So many calls have been answered by now."""
        self.most = max(self.most, taken - self.noted)
        if self.most >= self.many:
            self.full.set()

    def notes(self, marker: Marker, several: Sequence[Posted]) -> list[None]:
        """In place of the marker's own."""
        assert self.full.wait(10)
        made = _POSTED(marker, several)
        self.noted += len(several)
        return made


_POSTED = Marker.posted


def test_while_what_was_sent_is_noted_others_are_called_and_never_more_than_may_be_repeated(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.clock += timedelta(hours=2)
    noting = Noting(IN_FLIGHT)
    monkeypatch.setattr(Marker, "posted", lambda self, several: noting.notes(self, several))
    many = IN_FLIGHT + AT_ONCE

    class Counted(Scripted):
        """Tells how many calls it has answered."""

        async def call(self, method: str, **given: Any) -> Any:
            """One message."""
            made = await super().call(method, **given)
            noting.answered(len(self.taken))
            return made

    bot = Counted(lambda: 0.0)
    sender = Sender(town.world, cast(Client, bot), Pacer(-100.0, NO_LIMITS), lambda: 0.0)

    def work(session: Session) -> None:
        for n in range(many):
            chat = chats.chat_of(session, "telegram", str(7_100_000 + n), 1)
            chats.enqueue(session, chat, Prompt(template=ANSWER), at=town.world.now())

    town.world.db.write(work)
    assert asyncio.run(sender.round()) == many
    assert len({one.chat for one in bot.taken}) == len(bot.taken) == many
    assert noting.most == IN_FLIGHT


@pytest.mark.parametrize("passes", [0.0, LOOK_FRESH])
def test_what_a_look_has_found_ready_is_sent_so_only_at_once(
    town: Town, monkeypatch: pytest.MonkeyPatch, passes: float
) -> None:
    """What has waited for its turn may have been met or replaced in the meantime."""
    town.clock += timedelta(hours=2)
    now = [0.0]

    def clock() -> float:
        now[0] += passes
        return now[0]

    made_anew: list[int] = []
    prepare = Marker.prepare

    def prepared(self: Marker, ids: Sequence[int]) -> list[Ready | None]:
        made_anew.extend(ids)
        return prepare(self, ids)

    monkeypatch.setattr(Marker, "prepare", prepared)
    bot = Scripted(lambda: 0.0)
    sender = Sender(town.world, cast(Client, bot), Pacer(-100.0, NO_LIMITS), clock)
    lines = queued(town, [(1, True), (2, True)])
    asyncio.run(sender.round())
    assert len(bot.taken) == 2
    assert sorted(made_anew) == (sorted(lines) if passes else [])


def test_where_a_look_fails_what_is_under_way_goes_on_and_so_does_the_next_call(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.clock += timedelta(hours=2)
    answers = asyncio.Event()

    class Slow(Scripted):
        """Answers once it is told to."""

        async def call(self, method: str, **given: Any) -> Any:
            """One message."""
            await answers.wait()
            return await super().call(method, **given)

    bot = Slow(lambda: 0.0)
    sender = Sender(town.world, cast(Client, bot), Pacer(-100.0, NO_LIMITS), time.monotonic)
    lines = queued(town, [(1, True), (1, False), (2, True), (3, True)])
    look, looks = sender._look, []

    async def fails() -> None:
        looks.append(len(sender._flying))
        if len(looks) == 2:
            raise DatabaseAway("no server")
        await look()

    monkeypatch.setattr(sender, "_look", fails)

    async def whole() -> None:
        task = asyncio.create_task(sender.run(lambda fault: None))
        while not sender._flying:
            await asyncio.sleep(0)
        sender.wake()
        with pytest.raises(DatabaseAway):
            await task
        answers.set()
        again = asyncio.create_task(sender.run(lambda fault: None))
        while len(sender.lanes):
            await asyncio.sleep(0)
        again.cancel()
        await asyncio.gather(again, return_exceptions=True)

    in_time(whole)
    assert looks[1] == 3, "it failed while messages were under way"
    assert sorted(one.chat for one in bot.taken) == sorted(lines.values())


def test_while_he_looks_himself_nobody_else_does(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is committed meanwhile he looks for anew, once."""
    bot = Scripted(lambda: 0.0)
    telegram = Telegram(town.world, cast(Client, bot), allowed=NO_LIMITS)
    sender, looked = telegram.sender, []
    look, begun, goes_on = sender.look, threading.Event(), threading.Event()

    def slow() -> Look:
        looked.append(threading.current_thread().name)
        begun.set()
        assert goes_on.wait(10)
        return look()

    monkeypatch.setattr(sender, "look", slow)

    async def whole() -> None:
        telegram._loop = asyncio.get_running_loop()
        task = asyncio.create_task(sender.run(lambda fault: None))
        await asyncio.to_thread(begun.wait)
        assert not sender.is_idle()
        await asyncio.to_thread(telegram.heard, News.REST)
        assert len(looked) == 1
        goes_on.set()
        while not sender.is_idle():
            await asyncio.sleep(0.001)
        assert len(looked) == 2
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    in_time(whole)


def test_whoever_commits_while_the_sender_waits_looks_for_him(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In his own thread, and what he has found goes out; while it does, the sender looks."""
    town.clock += timedelta(hours=2)
    bot = Scripted(lambda: 0.0)
    telegram = Telegram(town.world, cast(Client, bot), allowed=NO_LIMITS)
    sender, looked = telegram.sender, []
    look = sender.look

    def noted() -> Look:
        looked.append(threading.current_thread().name)
        return look()

    monkeypatch.setattr(sender, "look", noted)

    async def until(done: Callable[[], bool]) -> None:
        while not done():
            await asyncio.sleep(0.001)

    async def whole() -> None:
        telegram._loop = asyncio.get_running_loop()
        task = asyncio.create_task(sender.run(lambda fault: None))
        await until(sender.is_idle)
        looked.clear()
        town.world.db.after_commit.append(telegram.heard)
        writer = threading.Thread(target=queued, args=(town, [(1, True)]), name="writer")
        writer.start()
        await until(lambda: len(bot.taken) == 1 and not sender._flying)
        writer.join()
        town.world.db.after_commit.remove(telegram.heard)
        assert looked == ["writer"]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert not sender.is_idle()

    in_time(whole)
