"""Keeps the rooms of Telegram true: topics, the pinned card, and errands of the room's watch.

One card per place, edited in place; the last state wins. Whatever is gone there (the message,
the pin, the topic, the group) is noticed when it is touched, and mended or told.
"""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from functools import partial
from math import inf

import structlog
from telegram import LinkPreviewOptions
from telegram.constants import ParseMode

from bot import room_people, rooms
from bot.channels.telegram.client import (
    BadRequest,
    ChatMigrated,
    Client,
    Forbidden,
    NetworkError,
    RetryAfter,
)
from bot.channels.telegram.errands import BREATH, Errands
from bot.channels.telegram.loss import kind_of_loss, says
from bot.channels.telegram.places import Place, place_of
from bot.channels.telegram.receive import CHANNEL
from bot.channels.telegram.send import Sender
from bot.channels.telegram.text import escaped
from bot.channels.telegram.wanted import COLOURS, LONGEST_NAME, SIGNS, Wanted, called
from bot.stage import Stage
from bot.world import World
from procedure.words import Severity
from storage import places
from storage.database import Session
from storage.tables_rooms import PlaceRow

log = structlog.get_logger()
#: A pin is looked after this long after it was put there.
PIN_LASTS = timedelta(hours=6)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_NO_MESSAGE = ("message to edit not found", "message can't be edited", "message to pin not found")

#: The mark by which an emoji is shown as a picture; signs are compared without it.
_VARIANT = "\ufe0f"


class RoomKeeper:
    """What a room of Telegram needs besides its messages."""

    def __init__(self, world: World, client: Client, sender: Sender) -> None:
        self.world = world
        self.client = client
        self.sender = sender
        self.errands = Errands(world, client, sender)
        self._until = inf
        #: The numbers of the signs at Telegram, asked for once.
        self._signs: dict[str, str] | None = None
        #: What Telegram has made and could not be noted yet: topics and cards by their place.
        self._topics_made: dict[int, tuple[str, str]] = {}
        self._cards_sent: dict[int, tuple[str, str]] = {}

    def rests_until(self) -> float:
        """When what had to wait may be done, by the pacer's clock; inf when nothing waits."""
        return self._until

    def _may(self, place: Place, calls: int = 1, *, card: bool = True) -> bool:
        """Messages come first; a card takes what they leave of the group's budget."""
        if not self._could(place, calls, card=card):
            return False
        self.sender.pacer.spend(place, self.sender.clock(), calls, edit=card)
        return True

    def _could(self, place: Place, calls: int = 1, *, card: bool = True) -> bool:
        """The same without spending it: asked before anything is read or written in words."""
        pacer, now = self.sender.pacer, self.sender.clock()
        waiting = self.sender.waiting(str(place.chat))
        when = pacer.when_edit(place, now, waiting) if card else pacer.when(place, now, calls)
        if when > now:
            self._until = min(self._until, when)
        return when <= now

    async def round(self) -> int:
        """Does what waits; returns how many things it did. Raises TelegramError."""
        self._until = inf
        done = await self._topics()
        done += await self.errands.round()
        done += await self._places()
        return done + await self.errands.look_for_pins()

    # Topics

    async def _topics(self) -> int:
        """Opens a topic for every incident that waits for one in the standing forum."""
        wanted = await asyncio.to_thread(self.world.db.read, self._new_topics)
        opened = 0
        for id, group in wanted:
            if group is None:
                await asyncio.to_thread(self._not_opened, id, "")
                continue
            if id in self._topics_made:
                await self._note_topic(id)
                continue
            if not self._may(Place(group), card=False):
                break
            name, severity = await asyncio.to_thread(self.world.db.read, partial(self._named, id))
            try:
                made = await self.client.bot.create_forum_topic(
                    group,
                    name,
                    icon_color=COLOURS[severity],
                    icon_custom_emoji_id=await self._sign(severity),
                )
            except RetryAfter as told:
                self.sender.rest(Place(group), told)
                break
            except (BadRequest, Forbidden) as refused:
                log.warning("topic_not_opened", place=id, why=str(refused))
                await asyncio.to_thread(self._not_opened, id, str(refused))
                break
            except NetworkError as fault:
                # Topics alone wait; the cards of other rooms go on.
                log.info("topic_not_reached", place=id, why=str(fault))
                self._until = min(self._until, self.sender.clock() + BREATH)
                break
            external = f"{group}:{made.message_thread_id}"
            self._topics_made[id] = (external, called(name, severity))
            await self._note_topic(id)
            opened += 1
        return opened

    async def _note_topic(self, id: int) -> None:
        await asyncio.to_thread(self._opened, id, *self._topics_made[id])
        del self._topics_made[id]

    async def _sign(self, severity: Severity) -> str | None:
        """The number of the sign of a severity at Telegram; None when it offers none."""
        if self._signs is None:
            offered = await self.client.bot.get_forum_topic_icon_stickers()
            self._signs = {
                (one.emoji or "").rstrip(_VARIANT): one.custom_emoji_id or "" for one in offered
            }
        return self._signs.get(SIGNS[severity]) or None

    def _named(self, id: int, session: Session) -> tuple[str, Severity]:
        name, severity, _ = self._name(self._stage(session), session.get_one(PlaceRow, id))
        return name, severity

    def _new_topics(self, session: Session) -> list[tuple[int, int | None]]:
        """What waits for its topic; without a group when it needs none any more."""
        found = []
        for row in places.standing(session, CHANNEL):
            if row.kind == places.TOPIC and row.external.startswith("wait:") and row.forum:
                forum = session.get_one(PlaceRow, row.forum)
                incident = self._stage(session).incident(str(row.stream))
                over = forum.ended_at or incident.closed_at or incident.yielded
                found.append((row.id or 0, None if over else int(forum.external)))
        return found

    def _not_opened(self, id: int, why: str) -> None:
        """Without `why` none is needed any more; else Telegram has refused it."""

        def work(session: Session) -> None:
            row, stage = session.get_one(PlaceRow, id), self._stage(session)
            kind = kind_of_loss(why)
            if kind and row.forum:
                room_people.lost(stage, session.get_one(PlaceRow, row.forum), kind)
            else:
                room_people.no_topic(stage, row, refused=bool(why))

        self.world.db.write(work)

    def _opened(self, id: int, external: str, named: str) -> None:
        def work(session: Session) -> None:
            row = session.get_one(PlaceRow, id)
            places.stands_as(session, row, external)
            row.named, row.untold = named, True
            session.add(row)
            rooms.topic_opened(self._stage(session), row)

        self.world.db.write(work)

    def _name(self, stage: Stage, row: PlaceRow) -> tuple[str, Severity, bool]:
        """What a topic is called, its severity, and whether it is closed with its incident."""
        assert row.stream is not None
        incident = stage.incident(row.stream)
        name = rooms.topic_name(stage, row)[:LONGEST_NAME]
        shut = incident.closed_at is not None
        return name, incident.severity, shut

    # Cards

    async def _places(self) -> int:
        found = await asyncio.to_thread(self.world.db.read, self._untold)
        full: set[int] = set()
        done = 0
        for id, place, has_card in found:
            if place.chat in full or not self._could(place, 1 if has_card else 2, card=has_card):
                full.add(place.chat)
                continue
            one = await asyncio.to_thread(self.world.db.read, partial(self._one, id))
            done += await self._place(one)
        return done

    def _untold(self, session: Session) -> list[tuple[int, Place, bool]]:
        rows = places.untold(session, CHANNEL, self.world.now())
        return [
            (row.id or 0, place_of(row.external), row.card is not None)
            for row in rows
            if not row.external.startswith("wait:")
        ]

    def _one(self, id: int, session: Session) -> Wanted:
        return self._wanted(self._stage(session), session.get_one(PlaceRow, id))

    def _wanted(self, stage: Stage, row: PlaceRow) -> Wanted:
        text, until = rooms.card(stage, row)
        name, severity, shut = self._name(stage, row)
        fresh = row.pinned_at is not None and self.world.now() - row.pinned_at < PIN_LASTS
        return Wanted(
            id=row.id or 0,
            external=row.external,
            kind=row.kind,
            name=name,
            named=row.named,
            severity=severity,
            shut=shut,
            is_shut=row.shut,
            card=row.card,
            text=text,
            shown=row.card_text,
            until=until,
            pinned=fresh,
        )

    async def _place(self, one: Wanted) -> int:
        """One place put right, in the order in which Telegram allows it."""
        if one.is_as_wanted:
            await asyncio.to_thread(self._told, one, one.card)
            return 0
        if not self._may(one.place, one.calls, card=one.card is not None):
            return 0
        try:
            if one.kind == places.TOPIC and not one.shut:
                await self._topic(one)
            card = await self._card(one)
            if one.kind == places.TOPIC and one.shut:
                await self._topic(one)
        except RetryAfter as told:
            self.sender.rest(one.place, told)
            return 0
        except ChatMigrated as moved:
            await asyncio.to_thread(self._migrated, one.group, moved.new_chat_id)
            return 1
        except (BadRequest, Forbidden) as refused:
            await asyncio.to_thread(self._gone, one.id, str(refused))
            return 1
        except NetworkError as fault:
            # This place alone waits; what was done is known, or done again.
            log.info("room_not_reached", place=one.id, why=str(fault))
            self._until = min(self._until, self.sender.clock() + BREATH)
            return 0
        await asyncio.to_thread(self._told, one, card)
        return int(card != one.card or one.text != one.shown)

    async def _rename(self, one: Wanted) -> None:
        assert one.topic is not None
        await self.client.bot.edit_forum_topic(
            one.group,
            one.topic,
            name=one.name,
            icon_custom_emoji_id=await self._sign(one.severity),
        )

    async def _topic(self, one: Wanted) -> None:
        assert one.topic is not None
        bot = self.client.bot
        if one.called != one.named:
            await _unless_so(self._rename(one))
        if one.shut and not one.is_shut:
            await _unless_so(bot.close_forum_topic(one.group, one.topic))
        elif one.is_shut and not one.shut:
            await _unless_so(bot.reopen_forum_topic(one.group, one.topic))

    async def _card(self, one: Wanted) -> str:
        """The message that shows how the incident stands; returns its id at Telegram."""
        if one.card is not None and one.text != one.shown:
            try:
                await self.client.bot.edit_message_text(
                    escaped(one.text),
                    chat_id=one.group,
                    message_id=int(one.card),
                    parse_mode=ParseMode.HTML,
                    link_preview_options=_NO_PREVIEW,
                )
            except BadRequest as refused:
                if "not modified" not in str(refused).lower():
                    if not says(refused, _NO_MESSAGE):
                        raise
                    return await self._new_card(one)
        if one.card is None:
            return await self._new_card(one)
        if not one.pinned:
            return await self._pinned(one, one.card)
        return one.card

    async def _new_card(self, one: Wanted) -> str:
        if one.id not in self._cards_sent:
            sent = await self.client.bot.send_message(
                one.group,
                escaped(one.text),
                message_thread_id=one.topic,
                parse_mode=ParseMode.HTML,
                disable_notification=True,
                link_preview_options=_NO_PREVIEW,
            )
            self._cards_sent[one.id] = (str(sent.message_id), one.text)
        card, text = self._cards_sent[one.id]
        # Known before it is pinned: whoever dies in between finds it and pins it.
        await asyncio.to_thread(self._carded, one, card, text)
        del self._cards_sent[one.id]
        return await self._pinned(one, card)

    def _carded(self, one: Wanted, card: str, text: str) -> None:
        def work(session: Session) -> None:
            row = session.get_one(PlaceRow, one.id)
            row.card, row.card_text, row.pinned_at = card, text, None
            row.card_at, row.untold = self.world.now(), True
            session.add(row)

        self.world.db.write(work)

    async def _pinned(self, one: Wanted, card: str) -> str:
        try:
            await self.client.bot.pin_chat_message(one.group, int(card), disable_notification=True)
        except BadRequest as refused:
            if says(refused, _NO_MESSAGE):
                return await self._new_card(one)
            log.info("card_not_pinned", place=one.id, why=str(refused))
        return card

    def _told(self, one: Wanted, card: str | None) -> None:
        now = self.world.now()

        def work(session: Session) -> None:
            row = session.get_one(PlaceRow, one.id)
            moved = row.card_text != one.text or row.card != card
            if card != one.card or not one.pinned:
                row.pinned_at = now
            row.card, row.card_text, row.card_until = card, one.text, one.until
            row.card_at = now if moved else row.card_at
            row.named, row.shut = one.called, one.shut if row.kind == places.TOPIC else False
            # What was committed meanwhile is looked at again.
            row.untold = rooms.card(self._stage(session), row)[0] != one.text
            session.add(row)

        self.world.db.write(work)

    # What is gone

    def _gone(self, id: int, why: str) -> None:
        def work(session: Session) -> None:
            row = session.get_one(PlaceRow, id)
            stage = self._stage(session)
            kind = kind_of_loss(why)
            if kind is None:
                log.error("room_not_kept", place=id, why=why)
                row.untold = False
                session.add(row)
            else:
                room_people.lost(stage, row, kind)

        self.world.db.write(work)

    def _migrated(self, group: int, to: int) -> None:
        body = {"type": "room_moved", "group": str(group), "to": str(to)}
        self.world.db.write(lambda session: room_people.handle(self._stage(session), CHANNEL, body))

    def _stage(self, session: Session) -> Stage:
        return Stage(self.world, session, self.world.now(), CHANNEL)


async def _unless_so(call: Awaitable[object]) -> None:
    """A call whose effect may be there already, from before a kill or a lost answer."""
    try:
        await call
    except BadRequest as refused:
        if "not_modified" not in str(refused).lower():
            raise
