"""What is done in the groups of Telegram besides messages: people put out or let in, a look at
who runs a group, a card taken down, and whether a card is still pinned."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from telegram.constants import ParseMode

from bot import room_people
from bot.channels.telegram.client import (
    BadRequest,
    ChatMigrated,
    Client,
    Forbidden,
    NetworkError,
    RetryAfter,
)
from bot.channels.telegram.groups import person, rights
from bot.channels.telegram.loss import says
from bot.channels.telegram.places import Place
from bot.channels.telegram.receive import CHANNEL
from bot.channels.telegram.send import Sender
from bot.channels.telegram.text import escaped
from bot.stage import Stage
from bot.world import World
from storage import places
from storage.database import Session
from storage.tables_rooms import ErrandRow, PlaceRow

log = structlog.get_logger()
#: A pinned card is looked for this often, seconds; nobody tells us when a pin is taken away.
LOOK_AFTER = 600.0
#: A messenger that cannot be reached is tried again after so many seconds.
BREATH = 5.0
#: What Telegram says when there is nothing left to do.
_DONE = (
    *("user_already_participant", "hide_requester_missing", "not modified"),
    *("message to edit not found", "message to unpin not found", "supergroup and channel chats"),
)


@dataclass(frozen=True)
class Pinned:
    """A card that ought to be pinned, looked for by itself."""

    id: int
    place: Place
    card: str


class Errands:
    """Done once each, in order; what Telegram did not take for now is tried again."""

    def __init__(self, world: World, client: Client, sender: Sender) -> None:
        self.world = world
        self.client = client
        self.sender = sender
        self._looked: dict[int, float] = {}
        #: When it is worth trying again, by the clock of the pacer.
        self.until = 0.0

    def _pause(self, place: Place) -> bool:
        """Whether a group must be left alone now."""
        now = self.sender.clock()
        when = max(self.sender.pacer.when(place, now, 1), self.until)
        return when > now

    async def round(self) -> int:
        """Does what waits; returns how many errands came to an end."""
        waiting = await asyncio.to_thread(
            self.world.db.read, lambda session: list(places.errands(session, CHANNEL))
        )
        done = 0
        for row in waiting:
            if not self._pause(Place(int(json.loads(row.data)["group"]))):
                done += await self._one(row)
        return done

    async def _one(self, row: ErrandRow) -> int:
        data = json.loads(row.data)
        try:
            await self._run(row.kind, data)
        except RetryAfter as told:
            self.sender.rest(Place(int(data["group"])), told)
            return 0
        except ChatMigrated as moved:
            await asyncio.to_thread(self._moved, row.id or 0, data, moved.new_chat_id)
            return 1
        except (BadRequest, Forbidden) as refused:
            why = str(refused)
            log.warning("errand_refused", kind=row.kind, why=why)
            await asyncio.to_thread(self._ended, row.id or 0, row.kind, data, why)
            return 1
        except NetworkError as fault:
            log.info("errand_not_through", kind=row.kind, why=str(fault))
            self.until = self.sender.clock() + BREATH
            return 0
        await asyncio.to_thread(self._ended, row.id or 0, row.kind, data, "")
        return 1

    async def _run(self, kind: str, data: Mapping[str, Any]) -> None:
        bot, group = self.client.bot, int(data["group"])
        if kind == places.BAN:
            # Removed, not barred for ever: who is let in later may come back.
            account = int(data["account"])
            await bot.ban_chat_member(group, account)
            try:
                await bot.unban_chat_member(group, account, only_if_banned=True)
            except BadRequest as refused:
                if not says(refused, _DONE):  # A basic group bars nobody.
                    raise
        elif kind == places.APPROVE:
            await bot.approve_chat_join_request(group, int(data["account"]))
        elif kind == places.DECLINE:
            await bot.decline_chat_join_request(group, int(data["account"]))
        elif kind == places.LOOK:
            await self._look(group)
        elif kind == places.UNPIN:
            await self._take_down(group, data)

    async def _look(self, group: int) -> None:
        found = await self.client.bot.get_chat_administrators(group)
        raw = [one.to_dict() for one in found]
        own = next((one for one in raw if one["user"]["id"] == self.client.me.id), None)
        run_by = [person(one["user"]) for one in raw if not one["user"]["is_bot"]]
        may = rights(own) if own else []

        def work(session: Session) -> None:
            room_people.looked(self._stage(session), CHANNEL, str(group), run_by, may)

        await asyncio.to_thread(self.world.db.write, work)

    async def _take_down(self, group: int, data: Mapping[str, Any]) -> None:
        card = int(data["card"])
        try:
            await self.client.bot.edit_message_text(
                escaped(data["text"]), chat_id=group, message_id=card, parse_mode=ParseMode.HTML
            )
        except BadRequest as refused:
            if not says(refused, _DONE):
                raise
        await self.client.bot.unpin_chat_message(group, card)

    def _ended(self, id: int, kind: str, data: Mapping[str, Any], why: str) -> None:
        def work(session: Session) -> None:
            places.ran(session, id, self.world.now(), why)
            if kind == places.BAN and why:
                room_people.guest_stays(self._stage(session), CHANNEL, data)

        self.world.db.write(work)

    def _moved(self, id: int, data: Mapping[str, Any], to: int) -> None:
        """The group has another id: the errand is done there."""
        body = {"type": "room_moved", "group": str(data["group"]), "to": str(to)}

        def work(session: Session) -> None:
            room_people.handle(self._stage(session), CHANNEL, body)
            row = session.get_one(ErrandRow, id)
            places.ran(session, id, self.world.now(), "moved")
            places.ask(session, CHANNEL, row.kind, {**data, "group": str(to)}, row.made_at)

        self.world.db.write(work)

    # Pins

    async def look_for_pins(self) -> int:
        """Puts cards up again that somebody took down; returns how many calls that took.

        In a group its newest pin is asked for first. Of the topics of a forum nothing can be
        asked: a card that is pinned there already is pinned once more, which changes nothing.
        """
        found = await asyncio.to_thread(self.world.db.read, self._pinned)
        now, calls = self.sender.clock(), 0
        for one in found:
            due = self._looked.setdefault(one.id, now) + LOOK_AFTER
            if due > now or self._pause(one.place):
                continue
            self._looked[one.id] = now
            calls += 1
            try:
                await self._look_for(one)
            except RetryAfter as told:
                self.sender.rest(one.place, told)
            except (BadRequest, Forbidden, ChatMigrated) as refused:
                log.info("pin_not_found", place=one.id, why=str(refused))
                await asyncio.to_thread(self._put_up, one.id, "not found" in str(refused))
            except NetworkError as fault:
                log.info("pin_not_looked_for", place=one.id, why=str(fault))
        return calls

    async def _look_for(self, one: Pinned) -> None:
        bot = self.client.bot
        if one.place.topic is None:
            there = (await bot.get_chat(one.place.chat)).pinned_message
            if there is not None and str(there.message_id) == one.card:
                return
        await bot.pin_chat_message(one.place.chat, int(one.card), disable_notification=True)

    def _pinned(self, session: Session) -> list[Pinned]:
        return [
            Pinned(row.id or 0, Place(*map(int, row.external.split(":"))), row.card)
            for row in places.standing(session, CHANNEL)
            if row.card and row.pinned_at
        ]

    def _put_up(self, id: int, anew: bool) -> None:
        """The next look at the place mends what this one met; `anew` where the card is gone."""

        def work(session: Session) -> None:
            row = session.get_one(PlaceRow, id)
            row.untold, row.pinned_at = True, None
            row.card = None if anew else row.card
            session.add(row)

        self.world.db.write(work)

    def _stage(self, session: Session) -> Stage:
        return Stage(self.world, session, self.world.now(), CHANNEL)
