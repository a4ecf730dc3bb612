"""The commands that Telegram offers: each person's own in private, few in rooms, more to those
who run a room (storyboard.md §2)."""

import asyncio
import json
from collections.abc import Mapping, Sequence

import structlog
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
)

from bot.channels.telegram.client import BadRequest, Client, Forbidden
from bot.channels.telegram.receive import CHANNEL
from bot.stage import Stage
from bot.world import World
from handlers.catalogue import COMMANDS
from handlers.menu import ROOM, ROOM_ADMIN, Item, menu
from storage import incidents, marks, postings
from storage.accounts import STRANGER
from storage.database import Session
from storage.tables import ChatRow

log = structlog.get_logger()
#: Looked at in one round, so that it stays short.
AT_ONCE = 20


class Menus:
    """Keeps the menus in step with roles and with today's duties."""

    def __init__(self, world: World, client: Client) -> None:
        self.world = world
        self.client = client
        #: When the menu of each chat was looked at last.
        self._looked: dict[int, postings.Look] = {}

    async def round(self) -> int:
        """Sets what has changed; returns how many. Raises TelegramError."""
        return await self._rooms() + await self._people()

    # Rooms

    async def _rooms(self) -> int:
        """For all groups at once: a room needs nothing of its own, and a new one has it too."""
        wanted, known = await asyncio.to_thread(self.world.db.read, self._of_rooms)
        if wanted == known:
            return 0
        for_all, for_admins = json.loads(wanted)
        await self._set(BotCommandScopeAllGroupChats(), for_all)
        await self._set(BotCommandScopeAllChatAdministrators(), for_admins)
        await asyncio.to_thread(
            self.world.db.write,
            lambda session: marks.mark(session, marks.TELEGRAM_ROOM_MENU, wanted),
        )
        return 1

    def _of_rooms(self, session: Session) -> tuple[str, str | None]:
        both = [self._words(session, STRANGER, one) for one in (ROOM, ROOM_ADMIN)]
        wanted = json.dumps(both, ensure_ascii=False)
        return wanted, marks.marked(session, marks.TELEGRAM_ROOM_MENU)

    # People

    async def _people(self) -> int:
        looked, changed = await asyncio.to_thread(self.world.db.read, self._changed)
        for _, place, wanted in changed:
            await self._set(BotCommandScopeChat(int(place)), json.loads(wanted))
        if changed:
            await asyncio.to_thread(self._keep, {chat: wanted for chat, _, wanted in changed})
        return looked

    def _changed(self, session: Session) -> tuple[int, list[tuple[int, str, str]]]:
        """Of a few chats with news since the last look, those that show another menu."""
        found = []
        state = postings.state_of_things(session)
        chats = postings.chats_with_news(session, CHANNEL, self._looked, state, AT_ONCE)
        for chat in chats:
            assert chat.id is not None
            self._looked[chat.id] = chat.last_seq, state
            if chat.person == STRANGER or chat.unreachable_at:
                continue
            wanted = json.dumps(self._menu(session, chat.person), ensure_ascii=False)
            if wanted != chat.menu:
                found.append((chat.id, chat.external, wanted))
        return len(chats), found

    def _menu(self, session: Session, person: int) -> list[tuple[str, str]]:
        organisation = self.world.organisation(session)
        items = menu(person, organisation, incidents.listed(session), set(COMMANDS))
        return self._words(session, person, items)

    def _words(self, session: Session, person: int, items: Sequence[Item]) -> list[tuple[str, str]]:
        stage = Stage(self.world, session, self.world.now(), CHANNEL)
        scene = stage.scene(person, None)
        return [(one.command, scene.renderer.text(f"menu#{one.label}", {}, scene)) for one in items]

    async def _set(self, scope: BotCommandScope, words: Sequence[Sequence[str]]) -> None:
        commands = [BotCommand(command, said) for command, said in words]
        try:
            await self.client.bot.set_my_commands(commands, scope=scope)
        except (BadRequest, Forbidden) as refused:
            log.info("menu_not_set", scope=scope.type, why=str(refused))

    def _keep(self, changed: Mapping[int, str]) -> None:
        def work(session: Session) -> None:
            for chat, wanted in changed.items():
                row = session.get_one(ChatRow, chat)
                row.menu = wanted
                session.add(row)

        self.world.db.write(work)
