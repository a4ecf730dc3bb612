"""Keeps the screen true: buttons go when a prompt is answered or moved on, one button when it
alone is spent, stopped messages go, and the menu follows the person's roles."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import structlog

from bot import room_people
from bot.buttons import label_of, shown
from bot.channels.telegram.client import (
    BadRequest,
    ChatMigrated,
    Client,
    Forbidden,
    RetryAfter,
)
from bot.channels.telegram.compose import keyboard
from bot.channels.telegram.menus import Menus
from bot.channels.telegram.places import NoSuchPlace, place_of
from bot.channels.telegram.receive import CHANNEL
from bot.channels.telegram.send import Sender
from bot.channels.telegram.text import MOST, escaped, pieces, units
from bot.stage import Stage
from bot.world import World
from storage import inbox, outbox, postings
from storage.database import Session, quietly
from storage.outbox import Addressed

log = structlog.get_logger()
#: So many edits may be on their way at a time.
_AT_ONCE = 4
#: So many are noted in one transaction.
_TOGETHER = 20


@dataclass(frozen=True)
class End:
    """How a prompt shall stand on the screen: its last piece without buttons."""

    message: int
    place: str
    externals: Sequence[str]
    words: str


@dataclass(frozen=True)
class Trim:
    """Which buttons shall be left under a prompt that waits on, without the choices `taken`."""

    message: int
    place: str
    externals: Sequence[str]
    taken: str
    left: str | None


class Tidier:
    """What may wait until the messages are out."""

    def __init__(self, world: World, client: Client, sender: Sender) -> None:
        self.world = world
        self.client = client
        self.sender = sender
        self._until = inf
        self.menus = Menus(world, client)

    async def round(self) -> int:
        """Takes away what must go and edits what has ended; returns how many things it did.

        Raises TelegramError when Telegram cannot be reached.
        """
        return await self._delete_stopped() + await self._end_prompts() + await self.menus.round()

    # What was stopped for secrecy

    async def _delete_stopped(self) -> int:
        rows = await asyncio.to_thread(
            self.world.db.read, lambda session: inbox.undeleted_stops(session, CHANNEL)
        )
        for row in rows:
            if row.place and row.message and row.id:
                stays = await self._stays(row.place, row.message)
                await asyncio.to_thread(self._deleted, row.id, stays)
        return len(rows)

    async def _stays(self, place: str, message: str) -> bool:
        """Takes a message away; True when it is there still and may not be taken."""
        try:
            await self.sender.poster.delete(place, message)
        except (BadRequest, Forbidden, NoSuchPlace, ChatMigrated) as refused:
            # The sender was asked to take it back himself; here nothing more can be done.
            log.warning("stopped_message_stays", why=str(refused))
            return "not found" not in str(refused)
        return False

    def _deleted(self, id: int, stays: bool) -> None:
        now = self.world.now()

        def work(session: Session) -> None:
            row = inbox.stop_deleted(session, id, now)
            if stays and str(row.place).startswith("-"):
                room_people.message_stays(Stage(self.world, session, now, CHANNEL), row)

        self.world.db.write(work)

    # Prompts that have ended

    async def _end_prompts(self) -> int:
        self._until = inf
        lines = await asyncio.to_thread(
            self.world.db.read, lambda session: postings.untidy(session, CHANNEL)
        )
        places = {place: self._may_now(place) for place in {place for _, place in lines}}
        may = [id for id, place in lines if places[place]]
        if not may:
            return 0
        wanted = await asyncio.to_thread(
            self.world.db.read, lambda session: self._wanted(session, may)
        )
        some = (wanted[at : at + _TOGETHER] for at in range(0, len(wanted), _TOGETHER))
        return sum([await self._edit_some(ones) for ones in some])

    async def _edit_some(self, ones: Sequence[End | Trim]) -> int:
        """Several at once, noted together. Raises the first fault, after what came through."""
        few = asyncio.Semaphore(_AT_ONCE)

        async def edited(one: End | Trim) -> bool:
            async with few:
                return await self._edit_all(one)

        tries = await asyncio.gather(*map(edited, ones), return_exceptions=True)
        shown = [one for one, made in zip(ones, tries, strict=True) if made is True]
        if shown:
            await asyncio.to_thread(self._tidied, shown)
        for made in tries:
            if isinstance(made, BaseException):
                raise made
        return len(shown)

    def rests_until(self) -> float:
        """When the next edit that had to wait may be made, by the pacer's clock; inf for none."""
        return self._until

    async def _edit_all(self, one: End | Trim) -> bool:
        """False when the budget of the chat leaves nothing for edits now."""
        for external in one.externals:
            try:
                if not self._may(one.place):
                    return False
                if isinstance(one, End):
                    await self.sender.poster.edit(one.place, external, one.words)
                else:
                    await self.sender.poster.trim(one.place, external, one.left)
            except RetryAfter as told:
                self.sender.rest(place_of(one.place), told)
                self._until = min(
                    self._until, self.sender.pacer.when(place_of(one.place), self.sender.clock())
                )
                return False
            except (BadRequest, Forbidden, NoSuchPlace) as refused:
                log.info("prompt_not_edited", message=one.message, why=str(refused))
        return True

    def _may(self, external: str) -> bool:
        """Counts an edit, if the chat may have one now."""
        if not self._may_now(external):
            return False
        self.sender.pacer.spend(place_of(external), self.sender.clock(), edit=True)
        return True

    def _may_now(self, external: str) -> bool:
        """Messages come first: an edit takes what they leave of the budget."""
        try:
            place = place_of(external)
        except NoSuchPlace:
            return True  # It is noted as done: there is no screen any more.
        now = self.sender.clock()
        when = self.sender.pacer.when_edit(place, now, self.sender.waiting(external))
        if when > now:
            self._until = min(self._until, when)
            return False
        return True

    def _wanted(self, session: Session, ids: Sequence[int]) -> list[End | Trim]:
        """How these prompts shall stand on the screen."""
        stage = Stage(self.world, session, self.world.now(), CHANNEL)
        found: list[End | Trim] = []
        for id in ids:
            line = outbox.line(session, id)
            row = line.line
            ended = row.superseded or row.answered is not None
            made = self._as_end if ended else self._as_trim
            found.append(made(stage, line))
        return found

    def _as_trim(self, stage: Stage, line: Addressed) -> Trim:
        row = line.line
        left = keyboard(shown(row, stage.scene(row.person, row.stream)), row.id)
        externals = postings.ends(stage.session, row.id) if line.reached else ()
        return Trim(row.id, line.external, externals, row.taken, left)

    def _as_end(self, stage: Stage, line: Addressed) -> End:
        row = line.line
        last = (pieces(row.text) or [""])[-1]
        scene = stage.scene(row.person, row.stream)
        label = label_of(row, row.answered, scene) if row.answered else None
        if label:
            facts = {"text": last, "label": label}
            chosen = self.world.renderer.text("words#answered_with", facts, scene)
            last = chosen if units(chosen) <= MOST else last
        stands = line.reached and last
        externals = postings.ends(stage.session, row.id) if stands else ()
        return End(row.id, line.external, externals, escaped(last))

    def _tidied(self, shown: Sequence[End | Trim]) -> None:
        def work(session: Session) -> None:
            for one in shown:
                if isinstance(one, End):
                    postings.tidy(session, one.message)
                else:
                    postings.trimmed(session, one.message, one.taken)

        self.world.db.write(work, quietly)
