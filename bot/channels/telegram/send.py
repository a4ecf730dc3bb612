"""Sends what the outbox holds for Telegram: in order per chat, outside of any transaction.

A kill between the send and its mark repeats the message; nothing else does.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import reach
from bot.buttons import shown
from bot.channels.telegram.client import BadRequest, Client, Forbidden, RetryAfter
from bot.channels.telegram.compose import Part, parts
from bot.channels.telegram.post import Poster
from bot.channels.telegram.receive import CHANNEL
from bot.deliver import goes_stale, render
from bot.stage import Stage
from bot.world import World
from storage import chats, postings
from storage.database import Session
from storage.tables import ChatRow, MessageRow

log = structlog.get_logger()
BATCH = 200
AT_ONCE = 12
#: What Telegram says of a chat that will never take a message.
_NO_SUCH_CHAT = ("chat not found", "user is deactivated", "peer_id_invalid")


@dataclass(frozen=True)
class Ready:
    """A prompt about to be sent: where, its parts, and the text that is kept."""

    id: int
    chat: int
    place: str
    text: str
    parts: Sequence[Part]
    posted: frozenset[int]
    silent: bool


class Sender:
    """The way out to Telegram."""

    def __init__(self, world: World, client: Client) -> None:
        self.world = world
        self.poster = Poster(world, client)
        #: Chats that Telegram asked us to leave alone for a while, by id.
        self._later: dict[int, datetime] = {}

    async def round(self) -> int:
        """Sends what waits and may be sent now; returns how many prompts were settled.

        Raises TelegramError when Telegram cannot be reached.
        """
        waiting = await asyncio.to_thread(self._waiting)
        gate = asyncio.Semaphore(AT_ONCE)

        async def lane(rows: Sequence[int]) -> int:
            async with gate:
                return await self._lane(rows)

        done = await asyncio.gather(*map(lane, waiting), return_exceptions=True)
        for one in done:
            if isinstance(one, BaseException):
                raise one
        return sum(one for one in done if isinstance(one, int))

    def rests_until(self) -> datetime | None:
        """When the first chat that was to be left alone may be written to again, UTC."""
        return min(self._later.values(), default=None)

    def _waiting(self) -> list[list[int]]:
        now = self.world.now()
        self._later = {chat: until for chat, until in self._later.items() if until > now}
        lanes: dict[int, list[int]] = {}
        rows = self.world.db.read(lambda session: chats.waiting(session, CHANNEL, BATCH))
        for row in rows:
            if row.chat not in self._later and row.id is not None:
                lanes.setdefault(row.chat, []).append(row.id)
        return list(lanes.values())

    async def _lane(self, rows: Sequence[int]) -> int:
        """One chat, in order: what cannot go now holds up what stands behind it."""
        for n, row in enumerate(rows):
            ready = await asyncio.to_thread(self._prepare, row)
            if ready is None:
                continue
            try:
                await self._send(ready)
            except RetryAfter as told:
                self._rest(ready.chat, told)
                return n
            except Forbidden as refused:
                await asyncio.to_thread(self._lost, ready, str(refused))
                return n + 1
            except BadRequest as refused:
                await asyncio.to_thread(self._refused, ready, str(refused))
        return len(rows)

    def _rest(self, chat: int, told: RetryAfter) -> None:
        span = told.retry_after
        rest = span if isinstance(span, timedelta) else timedelta(seconds=span)
        self._later[chat] = self.world.now() + rest
        log.warning("told_to_wait", chat=chat, seconds=rest.total_seconds())

    def _prepare(self, id: int) -> Ready | None:
        """A prompt as it is sent now; one that has gone stale is marked and left out."""
        found = self.world.db.read(lambda session: self._ready(session, id))
        if found is None:
            self.world.db.write(lambda session: _stale(session, id))
        return found

    def _ready(self, session: Session, id: int) -> Ready | None:
        row = session.get_one(MessageRow, id)
        chat = session.get_one(ChatRow, row.chat)
        stage = Stage(self.world, session, self.world.now(), CHANNEL)
        if goes_stale(stage, row) or _moved_on(row):
            return None
        text = render(stage, row)
        under = shown(row, stage.scene(row.person, row.stream))
        return Ready(
            id=id,
            chat=row.chat,
            place=chat.external,
            text=text,
            parts=parts(text, under, json.loads(row.files), id, self.poster.client.me.name),
            posted=frozenset(one.part for one in postings.parts(session, id)),
            silent=_is_told(row),
        )

    async def _send(self, ready: Ready) -> None:
        last = len(ready.parts) - 1
        for n, part in enumerate(ready.parts):
            if n in ready.posted:
                continue
            externals = await self.poster.post(ready.place, part, silent=ready.silent)
            await asyncio.to_thread(self._posted, ready, externals, n, n == last)
        if last < 0 or last in ready.posted:
            await asyncio.to_thread(self._posted, ready, [], last, True)

    def _posted(self, ready: Ready, externals: Sequence[str], part: int, whole: bool) -> None:
        def work(session: Session) -> None:
            postings.post(session, ready.chat, ready.id, externals, part)
            if whole:
                row = session.get_one(MessageRow, ready.id)
                row.text, row.state, row.sent_at = ready.text, chats.SENT, self.world.now()
                session.add(row)

        self.world.db.write(work)

    def _lost(self, ready: Ready, why: str) -> None:
        def work(session: Session) -> int:
            stage = Stage(self.world, session, self.world.now(), CHANNEL)
            return reach.lose(stage, session.get_one(ChatRow, ready.chat))

        went = self.world.db.write(work)
        log.warning("chat_lost", chat=ready.chat, why=why, went_on=went)

    def _refused(self, ready: Ready, why: str) -> None:
        """Not tried again: set aside, and told on another channel when it asks for something."""
        if any(words in why.lower() for words in _NO_SUCH_CHAT):
            self._lost(ready, why)
            return
        log.error("send_refused", message=ready.id, why=why)

        def work(session: Session) -> None:
            row = session.get_one(MessageRow, ready.id)
            row.state = chats.FAILED
            session.add(row)
            stage = Stage(self.world, session, self.world.now(), CHANNEL)
            if row.template.startswith(("notices/", "rings/")):
                reach.pass_on(stage, row)

        self.world.db.write(work)


def _is_told(row: MessageRow) -> bool:
    """A notice that asks for nothing makes no sound unless it rings; an answer always may."""
    return not row.rings and row.template.startswith(("notices/", "rings/"))


def _moved_on(row: MessageRow) -> bool:
    """A newer one has taken its place before it could be sent."""
    return row.superseded and row.about is not None


def _stale(session: Session, id: int) -> None:
    row = session.get_one(MessageRow, id)
    row.state, row.superseded = chats.STALE, True
    session.add(row)
