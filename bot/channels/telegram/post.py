"""Puts one part of a prompt on Telegram's screen; returns the ids of its messages there."""

import asyncio
import io
from collections.abc import Sequence
from typing import Any

from telegram import InputMediaPhoto, Message
from telegram.constants import ParseMode

from bot.channels.telegram.client import BadRequest, Client
from bot.channels.telegram.compose import File, Part
from bot.channels.telegram.places import Place, place_of
from bot.channels.telegram.receive import CHANNEL
from bot.files import path_of
from bot.world import World
from storage import postings
from storage.database import Session

_NO_PREVIEW = '{"is_disabled":true}'


class Poster:
    """Sends words and files; a file that Telegram knows is sent by its name there."""

    def __init__(self, world: World, client: Client) -> None:
        self.world = world
        self.client = client

    async def post(self, external: str, part: Part, *, silent: bool) -> list[str]:
        """Sends one part to the place of this name (places.py).

        Raises TelegramError and NoSuchPlace; a kept file that is gone is left out.
        """
        place = place_of(external)
        if not part.files:
            sent = await self.client.call(
                "sendmessage",
                chat_id=place.chat,
                text=part.words,
                message_thread_id=place.topic,
                parse_mode=ParseMode.HTML,
                reply_markup=part.keyboard,
                disable_notification=silent,
                link_preview_options=_NO_PREVIEW,
            )
            return [str(sent["message_id"])]
        try:
            return await self._files(place, part, known=True)
        except BadRequest:
            # The name may have gone stale with a change of server: once more, as bytes.
            return await self._files(place, part, known=False)

    async def edit(self, external: str, message: str, words: str) -> None:
        """Gives a message other words and takes its buttons. Raises TelegramError, NoSuchPlace."""
        await self.client.call(
            "editmessagetext",
            chat_id=place_of(external).chat,
            message_id=int(message),
            text=words,
            parse_mode=ParseMode.HTML,
        )

    async def trim(self, external: str, message: str, left: str | None) -> None:
        """Leaves only these buttons under a message. Raises TelegramError and NoSuchPlace."""
        await self.client.call(
            "editmessagereplymarkup",
            chat_id=place_of(external).chat,
            message_id=int(message),
            reply_markup=left,
        )

    async def delete(self, external: str, message: str) -> None:
        """Takes a message away. Raises TelegramError and NoSuchPlace."""
        await self.client.bot.delete_message(place_of(external).chat, int(message))

    async def _files(self, place: Place, part: Part, *, known: bool) -> list[str]:
        sources = await asyncio.to_thread(self._sources, part, known)
        if not sources:
            return []
        if len(sources) > 1:
            media = [InputMediaPhoto(content, filename=name) for _, name, content in sources]
            sent = await self.client.bot.send_media_group(
                place.chat, media, disable_notification=True, message_thread_id=place.topic
            )
        else:
            sent = (await self._single(place, part.kind, *sources[0][1:]),)
        await asyncio.to_thread(self._remember, part.kind, sources, sent)
        return [str(one.message_id) for one in sent]

    async def _single(self, place: Place, kind: str, name: str, content: Any) -> Message:
        bot = self.client.bot
        more: dict[str, Any] = {
            "filename": name,
            "disable_notification": True,
            "message_thread_id": place.topic,
        }
        if kind == "photo":
            return await bot.send_photo(place.chat, content, **more)
        if kind == "voice":
            return await bot.send_voice(place.chat, content, **more)
        if kind == "audio":
            return await bot.send_audio(place.chat, content, **more)
        if kind == "video":
            return await bot.send_video(place.chat, content, **more)
        return await bot.send_document(place.chat, content, **more)

    def _sources(self, part: Part, known: bool) -> list[tuple[File, str, Any]]:
        made: list[tuple[File, str, Any]] = []
        for file in part.files:
            name = str(file["name"])
            found = self._known(file, part.kind) if known else None
            path = path_of(self.world.settings, file["sha256"])
            if found:
                made.append((file, name, found))
            elif path.is_file():
                made.append((file, name, io.BytesIO(path.read_bytes())))
        return made

    def _known(self, file: File, kind: str) -> str | None:
        return self.world.db.read(
            lambda session: postings.known_file(session, CHANNEL, file["sha256"], kind)
        )

    def _remember(
        self, kind: str, sources: Sequence[tuple[File, str, Any]], sent: Sequence[Message]
    ) -> None:
        named = [
            (file["sha256"], external)
            for (file, _, _), message in zip(sources, sent, strict=True)
            if (external := _file_id(message, kind))
        ]

        def work(session: Session) -> None:
            for sha256, external in named:
                postings.know_file(session, CHANNEL, sha256, kind, external)

        self.world.db.write(work)


def _file_id(message: Message, kind: str) -> str | None:
    found = message.photo[-1] if kind == "photo" and message.photo else getattr(message, kind, None)
    return getattr(found, "file_id", None)
