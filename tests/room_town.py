"""Rooms on Telegram: groups and a forum of the sample province, and what everybody sees there."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import col, select

from bot import rooms
from bot.stage import Stage
from handlers.rooms import Line
from procedure.actions import ACTIONS
from procedure.codec import load
from storage import access, places
from storage.database import Session
from storage.tables import ChatRow, MessageRow
from storage.tables_rooms import PlaceRow
from tests.botapi.shown import Shown
from tests.telegram_town import TelegramTown

ADMIN = "Thử Nghiệm"
CLERK, HEAD, OFFICER = "Thí Dụ", "Ví Dụ", "Thử"
THREE = (CLERK, HEAD, OFFICER)
#: An account that nobody knows.
STRANGER = 8_000_001


class RoomTown(TelegramTown):
    """Telegram with groups; `group` is the one that a story is about."""

    def founds(self, title: str, members: Iterable[str | int], *, forum: bool = False) -> int:
        """The administrator founds a supergroup with these members and the bot in charge."""
        people = [self.account(one) for one in members]
        owner = self.account(ADMIN)
        group = self.api.create_supergroup(title, owner, people)
        if forum:
            self.api.make_forum(group)
        self.api.add_bot(group)
        self.api.promote_bot(group)
        self.settles()
        return group

    def writes(
        self, who: str | int, group: int, text: str, *, topic: int | None = None, **more: int
    ) -> int:
        """Somebody writes in a group; returns the message's number there."""
        sent = self.api.send_text(self.account(who), text, chat=group, topic=topic, **more)
        self.settles()
        return sent

    def presses_in(self, who: str | int, group: int, message: int, label: str) -> str:
        """Somebody taps a button in a group; what only he is shown for it."""
        query = self.api.tap(self.account(who), message, label, chat=group)
        self.settles()
        told = self.api.answered(query) or {}
        return str(told.get("url") or told.get("text") or "")

    def in_room(self, group: int, topic: int | None = None) -> list[Shown]:
        """What the bot shows in a group now, oldest first, without the pinned card."""
        pinned = set(self.api.pinned(group, topic))
        return [
            one
            for one in self.api.chat(group, topic)
            if one.from_bot and not one.deleted and not one.service and one.id not in pinned
        ]

    def card(self, group: int, topic: int | None = None) -> str:
        """The words of the pinned card."""
        pinned = self.api.pinned(group, topic)
        assert len(pinned) == 1, pinned
        return next(one.text for one in self.api.chat(group, topic) if one.id == pinned[0])

    def place(self, group: int, topic: int | None = None) -> PlaceRow | None:
        """The standing place of a group or of a topic in it."""
        external = f"{group}:{topic}" if topic else str(group)
        return self.world.db.read(lambda session: places.at(session, "telegram", external))

    def bound(self, title: str, members: Iterable[str | int]) -> int:
        """A group that is the room of the only open incident."""
        group = self.founds(title, members)
        self.writes(ADMIN, group, "/phong")
        self.hears(ADMIN, "binding#which")
        code = self.newest().code
        row = self.live(ADMIN)[0]
        label = next(one for one in self.labels(row) if one.startswith(code))
        self.taps(ADMIN, label)
        self.hears(ADMIN, "acts#BindRoom")
        return group

    def rows_in(self, group: int, topic: int | None = None) -> list[MessageRow]:
        """The lines of a place as the outbox has them, oldest first."""
        place = self.place(group, topic)
        assert place is not None
        query = select(MessageRow).where(MessageRow.chat == place.chat)
        return self.world.db.read(
            lambda session: list(session.exec(query.order_by(col(MessageRow.seq))))
        )

    def enters(self, account: int, who: str) -> None:
        """An account becomes a person's by his one-time link, within a chat of its own."""
        code = self.world.db.write(
            lambda session: access.invite(session, self.id(who), self.world.now())
        )
        self.api.start(account, code)
        self.settles()
        shown = self.api.last(account)
        assert shown is not None
        self.api.tap(account, shown.id, "Vào")
        self.settles()

    def queue_line(self, group: int) -> None:
        """The bot has something to say in a place, which nothing has sent yet."""
        place = self.place(group)
        assert place is not None and place.stream is not None

        def work(session: Session) -> None:
            stage = Stage(self.world, session, self.world.now(), "telegram")
            chat = session.get_one(ChatRow, place.chat)
            incident = stage.incident(str(place.stream))
            rooms.say(stage, chat, incident, Line(block="merged", facts={"code": "VV-9"}))

        self.world.db.write(work)

    def decides_in(self, stream: str, who: str, action: str, **data: Any) -> None:
        """Puts an action to the rules about this incident, past every form. Raises Refused."""

        def work(session: Session) -> None:
            stage = Stage(self.world, session, self.world.now(), self.channel)
            stage.perform(stream, self.id(who), load(ACTIONS[action], data))

        self.world.db.write(work)
        self.settles()
