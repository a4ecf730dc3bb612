"""Takes updates in: stored and committed before they are confirmed, and never twice."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.accept import Accepted, accept
from bot.channels.telegram.client import Client, TelegramError
from bot.channels.telegram.incoming import Incoming, Unreadable, read, update_id
from bot.world import World
from storage import accounts, marks
from storage.database import Session

log = structlog.get_logger()
CHANNEL = "telegram"
#: After a week without updates Telegram begins to number them anew, perhaps from further below.
NUMBERS_LAST = timedelta(days=6)


class Receiver:
    """The way in from Telegram, for polling and for the webhook alike."""

    def __init__(self, world: World, client: Client) -> None:
        self.world = world
        self.client = client

    async def poll(self, seconds: int) -> int:
        """Asks once, waiting up to `seconds`; returns how many updates were taken in.

        What was taken is confirmed by the next call, so a kill in between repeats it.
        """
        offset = await asyncio.to_thread(self._offset)
        found = await self.client.updates(offset, seconds)
        if not found:
            return 0
        taps = await asyncio.to_thread(self._take_all, found)
        await asyncio.gather(*(self.confirm(tap) for tap in taps))
        return len(found)

    def take(self, update: Mapping[str, Any]) -> str | None:
        """Takes one update in; committed when this returns. Returns the tap to confirm, if any.

        One that cannot be read is logged and passed over: it must not stick the rest.
        """
        try:
            number = update_id(update)
        except Unreadable:
            log.error("update_without_number")
            return None
        try:
            incoming = read(update)
        except Unreadable as fault:
            log.error("update_unreadable", update=number, why=str(fault))
            return None
        if incoming is None:
            log.info("update_ignored", update=number, kind=_kind(update))
            return None
        taken = self._accept(incoming)
        return incoming.callback if taken is not Accepted.DUPLICATE else None

    async def confirm(self, tap: str) -> None:
        """Ends the turning wheel on the button; that it was too late to do so harms nobody."""
        try:
            await self.client.bot.answer_callback_query(tap)
        except TelegramError as error:
            log.info("tap_not_confirmed", why=str(error))

    def _take_all(self, updates: Any) -> list[str]:
        taps = [self.take(one) for one in updates]
        numbers = [one["update_id"] for one in updates if isinstance(one.get("update_id"), int)]
        if numbers:
            self.world.db.write(lambda session: self._confirmed(session, max(numbers)))
        return [tap for tap in taps if tap]

    def _accept(self, incoming: Incoming) -> Accepted:
        person = self.world.db.read(
            lambda session: accounts.linked(session, CHANNEL, incoming.account)
        )
        known = person is not None
        body = incoming.body
        if not known and body["type"] not in ("start", "answer", "gone", "back"):
            body = {"type": "stranger"}  # Nothing of what a stranger writes is kept.
        if known and incoming.fetch:
            body = {**body, "fetch": list(incoming.fetch)}
        return accept(
            self.world,
            channel=CHANNEL,
            external=incoming.external,
            person=person or accounts.STRANGER,
            lane=incoming.lane,
            body=body,
            texts=incoming.texts if known else (),
            message=incoming.message if known else None,
            album=incoming.album if known else None,
            to_fetch=known and bool(incoming.fetch),
        )

    def _offset(self) -> int | None:
        kept = self.world.db.read(lambda session: marks.marked(session, marks.TELEGRAM_OFFSET))
        if kept is None:
            return None
        number, _, at = kept.partition(" ")
        if self.world.now() - datetime.fromisoformat(at) > NUMBERS_LAST:
            return None
        return int(number) + 1

    def _confirmed(self, session: Session, number: int) -> None:
        marks.mark(session, marks.TELEGRAM_OFFSET, f"{number} {self.world.now().isoformat()}")


def _kind(update: Mapping[str, Any]) -> str:
    return next((name for name in update if name != "update_id"), "empty")
