"""Fetches the files of stored updates, outside of any transaction; three tries, then without.

A failed fetch does not stop the turn: the words are handled, and the sender is told which file
did not come (design.md §2d).
"""

import asyncio
import io
import json
from collections.abc import Mapping
from typing import Any

import structlog

from bot import files
from bot.channels.telegram.client import BadRequest, Client, NetworkError, TelegramError
from bot.channels.telegram.groups import rights
from bot.channels.telegram.receive import CHANNEL
from bot.files import Arrived, FileRefused
from bot.world import World
from procedure.codec import canonical, dump
from storage import inbox, postings
from storage.database import Session
from storage.tables import InboxRow

log = structlog.get_logger()
TRIES = 3
BREATH_SECONDS = 1.0
TOO_BIG = "file is too big"


class Fetcher:
    """Brings files home before their update is handled."""

    def __init__(self, world: World, client: Client, *, breath: float = BREATH_SECONDS) -> None:
        self.world = world
        self.client = client
        self.breath = breath

    async def round(self) -> int:
        """Fetches what waits now, oldest first; returns how many updates became ready."""
        rows = await asyncio.to_thread(
            self.world.db.read, lambda session: inbox.to_fetch(session, CHANNEL)
        )
        for row in rows:
            await self._one(row)
        return len(rows)

    async def _one(self, row: InboxRow) -> None:
        body = json.loads(row.body)
        asks = body.pop("asks", None)
        if asks:
            body |= await self._who(asks)
        arrived: list[tuple[Mapping[str, Any], Arrived]] = []
        missing: list[dict[str, str]] = []
        for wanted in body.pop("fetch", ()):
            try:
                arrived.append((wanted, await self._file(wanted)))
            except FileRefused as refused:
                missing.append({"name": files.clean_name(wanted["name"]), "why": refused.key})
        try:
            await asyncio.to_thread(
                self.world.db.write,
                lambda session: self._keep(session, row, body, arrived, missing),
            )
        finally:
            for _, one in arrived:
                files.discard(one)
        log.info("fetched", inbox=row.id, files=len(arrived), missing=len(missing))

    async def _who(self, asks: Mapping[str, Any]) -> dict[str, Any]:
        """What somebody and the bot are in a group; nothing when Telegram does not say."""
        try:
            his = await self.client.bot.get_chat_member(asks["chat"], asks["user"])
            ours = await self.client.bot.get_chat_member(asks["chat"], self.client.me.id)
        except TelegramError as error:
            log.warning("member_not_known", why=type(error).__name__)
            return {"status": "", "rights": []}
        return {"status": str(his.status), "rights": rights(ours.to_dict())}

    async def _file(self, wanted: Mapping[str, Any]) -> Arrived:
        if wanted["size"] > files.MOST_BYTES:
            raise FileRefused("file_too_large")
        data = await self._download(wanted["id"])
        return await asyncio.to_thread(
            files.receive, self.world.settings, io.BytesIO(data), wanted["name"]
        )

    async def _download(self, file: str) -> bytes:
        for attempt in range(1, TRIES + 1):
            try:
                return await self.client.download(file)
            except BadRequest as refused:
                key = "file_too_large" if TOO_BIG in str(refused) else "file_not_fetched"
                raise FileRefused(key) from None
            except (NetworkError, TelegramError) as error:
                log.warning("fetch_failed", attempt=attempt, why=type(error).__name__)
                if attempt < TRIES:
                    await asyncio.sleep(self.breath * attempt)
        raise FileRefused("file_not_fetched")

    def _keep(
        self,
        session: Session,
        row: InboxRow,
        body: dict[str, Any],
        arrived: list[tuple[Mapping[str, Any], Arrived]],
        missing: list[dict[str, str]],
    ) -> None:
        body["files"] = [dump(one.ref) for _, one in arrived]
        body["missing"] = missing
        assert row.id is not None
        if not inbox.fetched(session, row.id, canonical(body)):
            return  # Its album was stopped for secrecy while it was on its way.
        for wanted, one in arrived:
            files.place(session, self.world.settings, one, owner=row.person, at=row.received_at)
            postings.know_file(session, CHANNEL, one.ref.sha256, wanted["kind"], str(wanted["id"]))
