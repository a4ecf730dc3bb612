"""The event stream: everything once, in order, and every change of what has been told."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.web.session import Viewer
from bot.web.state import Web
from bot.web.stream import Stream
from storage import access, chats, pages
from storage.chats import Prompt
from tests.bot.webtown import (
    DUTY,
    NOW,
    REPORTER,
    buttons,
    change,
    report,
    sample_world,
    say,
    web_over,
)

ASKED = Prompt(template="x", choices=buttons("back"))


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    """A rehearsal whose hub is running."""
    world = sample_world(tmp_path)
    made = web_over(world)
    world.db.after_commit.append(made.hub.notify)
    looking = asyncio.create_task(made.hub.run())
    await asyncio.sleep(0.05)
    yield made
    made.hub.stop()
    await looking
    world.db.close()


@dataclass
class CountedStream(Stream):
    """Counts how often it has told all that it read and begun to wait."""

    waits: int = 0
    waiting: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def _woken(self, signal: asyncio.Event) -> bool:
        async with self.waiting:
            self.waits += 1
            self.waiting.notify_all()
        return await super()._woken(signal)


class Page:
    """One open page: the events it has heard."""

    def __init__(self, web: Web, after: dict[int, int], viewer: Viewer | None = None) -> None:
        self.hub = web.hub
        self.stream = CountedStream(web, viewer or Viewer(None, None, True), dict(after))
        self.heard: list[tuple[str, Any]] = []

    async def settle(self) -> None:
        """Until the page has heard of everything that was committed before this call.

        A reading under way, the signal that it has not yet seen, and a look of the hub that began
        too early may each end in a wait that proves nothing; the fourth wait does.
        """
        for _ in range(4):
            async with asyncio.timeout(20.0), self.stream.waiting:
                waits = self.stream.waits
                self.hub.notify()
                while self.stream.waits == waits:
                    await self.stream.waiting.wait()

    async def listen(self) -> None:
        async with aclosing(self.stream.events()) as events:  # type: ignore[type-var]
            async for one in events:
                name, _, data = one.strip().partition("\n")
                if name.startswith("event: "):
                    data = data.removeprefix("data: ")
                    self.heard.append((name.removeprefix("event: "), json.loads(data)))

    def messages(self, person: int = REPORTER) -> list[tuple[int, int | None, bool]]:
        return [
            (one["seq"], one["answered"], one["superseded"])
            for name, one in self.heard
            if name == "message" and one["person"] == person
        ]

    def seqs(self, person: int = REPORTER) -> list[int]:
        return [seq for seq, _, _ in self.messages(person)]

    def last(self, name: str) -> Any:
        return next(data for heard, data in reversed(self.heard) if heard == name)


@asynccontextmanager
async def opened(
    web: Web, after: dict[int, int] | None = None, viewer: Viewer | None = None
) -> AsyncIterator[Page]:
    page = Page(web, after or {REPORTER: 0}, viewer)
    task = asyncio.create_task(page.listen())
    await page.settle()
    yield page
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def write(web: Web, *prompts: Prompt, person: int = REPORTER, sent: bool = True) -> Any:
    return await asyncio.to_thread(say, web.world, person, *prompts, sent=sent)


async def alter(web: Web, id: int | None, **values: Any) -> None:
    await asyncio.to_thread(change, web.world, id, **values)


async def test_a_page_hears_all_behind_what_it_has_and_then_all_that_comes(web: Web) -> None:
    await write(web, *[ASKED] * 3)
    async with opened(web, {REPORTER: 1}) as page:
        assert page.seqs() == [2, 3]
        await write(web, ASKED)
        await page.settle()
        assert page.seqs() == [2, 3, 4]


async def test_a_page_that_comes_back_misses_nothing_and_hears_nothing_twice(web: Web) -> None:
    heard: list[int] = []
    for round in range(3):
        async with opened(web, {REPORTER: heard[-1] if heard else 0}) as page:
            await write(web, *[ASKED] * 2)
            await page.settle()
            heard += page.seqs()
        await write(web, *[ASKED] * (round + 1))
    async with opened(web, {REPORTER: heard[-1]}) as page:
        heard += page.seqs()
    assert heard == list(range(1, 13))


async def test_a_later_message_waits_for_a_prompt_that_is_still_queued(web: Web) -> None:
    (queued,) = await write(web, ASKED, sent=False)
    async with opened(web) as page:
        await write(web, Prompt(template="x"))
        await page.settle()
        assert page.seqs() == []
        await alter(web, queued.id, state=chats.SENT)
        await page.settle()
        assert page.seqs() == [1, 2]


async def test_a_prompt_that_is_answered_or_replaced_is_told_again_once(web: Web) -> None:
    one, two = await write(web, ASKED, ASKED)
    async with opened(web) as page:
        await alter(web, one.id, answered=1)
        await page.settle()
        await alter(web, two.id, superseded=True)
        await page.settle()
        await write(web, Prompt(template="x"))
        await page.settle()
    assert page.messages() == [
        (1, None, False),
        (2, None, False),
        (1, 1, False),
        (2, None, True),
        (3, None, False),
    ]


async def test_a_line_whose_words_were_erased_is_told_again_once_without_them(web: Web) -> None:
    one, two = await write(web, ASKED, Prompt(template="x"))
    async with opened(web) as page:
        for line in (one, two):
            await alter(web, line.id, text="")
        ids = [one.id, two.id]
        await asyncio.to_thread(web.world.db.write, lambda s: pages.note_erased(s, ids))
        for _ in range(2):
            await page.settle()
    told = [(one["seq"], one["text"]) for name, one in page.heard if name == "message"]
    assert told == [(1, "text 1"), (2, "text 2"), (1, ""), (2, "")]


async def test_a_prompt_that_loses_one_button_is_told_again_once_with_the_others(
    web: Web,
) -> None:
    one, _ = await write(web, Prompt(template="x", choices=buttons("back", "skip")), ASKED)
    async with opened(web) as page:
        for taken in ("[1]", "[1]"):
            await alter(web, one.id, taken=taken)
            await page.settle()
        await write(web, Prompt(template="x"))
        await page.settle()
        assert page.messages() == [
            (1, None, False),
            (2, None, False),
            (1, None, False),
            (3, None, False),
        ]
        left = [data["choices"] for name, data in page.heard if name == "message"][2]
        assert [choice["n"] for choice in left] == [2]
        await alter(web, one.id, answered=2)
        await page.settle()
        assert page.messages()[-1] == (1, 2, False)


async def test_a_button_lost_between_reading_and_opening_the_stream_is_told(web: Web) -> None:
    async with opened(web):
        pass  # the first look at what there is is over
    (one,) = await write(web, Prompt(template="x", choices=buttons("back", "skip")))
    await alter(web, one.id, taken="[2]")
    async with opened(web, {REPORTER: 1}) as page:
        assert page.messages() == [(1, None, False)]


async def test_a_change_between_reading_and_opening_the_stream_is_not_lost(web: Web) -> None:
    (one,) = await write(web, ASKED)
    await alter(web, one.id, answered=1)  # the page has read the chat just before
    async with opened(web, {REPORTER: 1}) as page:
        assert page.messages() == [(1, 1, False)]


async def test_a_prompt_answered_before_its_first_push_is_told_once(web: Web) -> None:
    async with opened(web) as page:
        (one,) = await write(web, ASKED, sent=False)
        await alter(web, one.id, state=chats.SENT, answered=1)
        await page.settle()
    assert page.messages() == [(1, 1, False)]


async def test_changes_in_the_chats_of_others_are_not_told(web: Web) -> None:
    (one,) = await write(web, ASKED, person=DUTY)
    async with opened(web) as page:
        await alter(web, one.id, answered=1)
        await page.settle()
    assert page.messages(DUTY) == []


async def test_two_pages_hear_the_same(web: Web) -> None:
    async with opened(web) as first, opened(web, {REPORTER: 0, DUTY: 0}) as second:
        await write(web, ASKED)
        await write(web, ASKED, person=DUTY)
        await first.settle()
        await second.settle()
        assert (first.seqs(), second.seqs(), second.seqs(DUTY)) == ([1], [1], [1])
        assert first.seqs(DUTY) == []


async def test_in_any_order_of_sending_and_answering_the_page_ends_with_the_truth(
    web: Web,
) -> None:
    chance = random.Random(7)
    async with opened(web) as page:
        rows: list[Any] = []
        still_open: list[Any] = []  # a prompt is closed once, for good
        for _ in range(40):
            if still_open and chance.random() < 0.5:
                row = still_open.pop(chance.randrange(len(still_open)))
                how = chance.choice([{"answered": 1}, {"superseded": True}])
                await alter(web, row.id, **how)
            else:
                rows += await write(web, ASKED)
                still_open.append(rows[-1])
        await page.settle()
    first_time = [seq for n, seq in enumerate(page.seqs()) if seq not in page.seqs()[:n]]
    assert first_time == list(range(1, len(rows) + 1))
    told = {seq: (answered, superseded) for seq, answered, superseded in page.messages()}
    truth = web.world.db.read(
        lambda session: {
            row.seq: (row.answered, row.superseded)
            for row in chats.thread(session, rows[0].chat, 0, 100)
        }
    )
    assert told == truth


async def test_the_page_hears_the_clock_what_waits_and_whose_turn_it_is(web: Web) -> None:
    async with opened(web) as page:
        assert page.last("clock")["clock_text"] == "02:35 thứ Hai, ngày 12/10"
        assert page.last("waiting") == {"waiting": [], "next": None}
        before = page.last("board")
        await asyncio.to_thread(report, web.world)
        await write(web, ASKED)
        await page.settle()
        waiting = page.last("waiting")
        assert waiting["next"]["persona"] == 3
        assert {"persona": REPORTER, "count": 1} in waiting["waiting"]
        assert page.last("board") != before


async def test_nothing_is_told_again_while_nothing_changes(web: Web) -> None:
    async with opened(web) as page:
        heard = len(page.heard)
        for _ in range(3):
            await page.settle()
        assert len(page.heard) == heard


async def test_every_stream_ends_when_the_service_stops(web: Web) -> None:
    page = Page(web, {REPORTER: 0})
    task = asyncio.create_task(page.listen())
    await page.settle()
    web.hub.stop()
    await asyncio.wait_for(task, 20.0)
    assert web.hub.open_streams == 0


async def test_a_stream_ends_with_the_session_that_opened_it(tmp_path: Path) -> None:
    world = sample_world(tmp_path, rehearsal=False)
    web = web_over(world)
    world.db.after_commit.append(web.hub.notify)
    looking = asyncio.create_task(web.hub.run())
    token = world.db.write(lambda session: access.sign_in(session, REPORTER, NOW))
    page = Page(web, {REPORTER: 0}, Viewer(REPORTER, token, False))
    task = asyncio.create_task(page.listen())
    await page.settle()
    assert not task.done()
    assert [name for name, _ in page.heard] == ["waiting", "board"]
    await asyncio.to_thread(world.db.write, lambda session: access.sign_out(session, token, NOW))
    await asyncio.wait_for(task, 20.0)
    web.hub.stop()
    await looking
    world.db.close()
