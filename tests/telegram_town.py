"""The same province on Telegram: every word goes over HTTP through the strict Bot API server."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.pace import NO_LIMITS
from bot.channels.telegram.transport import Patience
from bot.deliver import deliver_all
from bot.present import Present
from bot.settings import Settings
from bot.turn import turn_all
from bot.world import make_world
from storage import accounts, chats, inbox, postings
from storage.database import Session
from storage.tables import ChatRow, InboxRow, MessageRow, is_one_of
from tests import databases
from tests.botapi.driver import TOKEN, BotApi
from tests.town import START, Town

#: A person's account on Telegram is his number in the sample and this.
ACCOUNT = 7_000_000
#: Towns that stood ready once: when they began, whether everybody was linked, what had happened.
_KEPT: dict[tuple[datetime, bool, str], tuple[Path, dict[str, Any]]] = {}


class TelegramTown(Town):
    """Everybody of the sample has linked his account, unless `linked` says otherwise."""

    channel = "telegram"
    #: How fast it may send; most stories are not about that.
    allowed = NO_LIMITS
    #: How long an answer of the server in this process is waited for, seconds.
    patience = Patience(connect=5.0, read=2.0, write=5.0)
    #: What every story of these towns begins with, told once for all of them.
    beginning: Callable[[Any], None] | None = None

    def __init__(
        self, folder: Path, start: datetime = START, *, linked: bool = True, **api: Any
    ) -> None:
        self.api = BotApi(clock=lambda: self.clock, **api)
        #: How far the seconds of the way out are ahead of the story's clock.
        self.ahead = 0.0
        self.loop = asyncio.new_event_loop()
        named = (start, linked, getattr(self.beginning, "__name__", ""))
        self._kept = _KEPT.get(named)
        super().__init__(folder, start)
        if self._kept is not None:
            self.api.state.resume(self._kept[1])
        self.telegram = self._started()
        if self._kept is None:
            self._begins(linked)
            self._kept = _KEPT[named] = (databases.keep(folder), self.api.state.kept())
        self.skips()

    def _begins(self, linked: bool) -> None:
        """Everybody is there, and what every story begins with has happened."""
        for person in self.world.db.read(self.world.organisation).people.values():
            self.api.user(ACCOUNT + person.id, person.short)
            if linked:
                self.links(person.id)
            self.api.state.people[ACCOUNT + person.id].started = linked
        self.settles()
        if self.beginning is not None:
            self.skips()
            type(self).beginning(self)

    def prepared(self) -> Path:
        """What another town has gone through before: everybody linked, every menu set."""
        return self._kept[0] if self._kept else super().prepared()

    def settings(self, folder: Path) -> Settings:
        """Telegram by the strict server on this machine."""
        return databases.settings_in(
            folder,
            telegram_token=TOKEN,
            telegram_api_url=self.api.base_url,
            telegram_file_url=self.api.base_file_url,
        )

    def seconds(self) -> float:
        """The clock by which the way out to Telegram counts."""
        return self.clock.timestamp() + self.ahead

    def _started(self) -> Telegram:
        telegram = Telegram(self.world, clock=self.seconds, allowed=self.allowed)
        telegram.fetcher.breath = 0.0
        telegram.sender.pauses = (0.001,)
        telegram.client.calls.patience = self.patience
        self.runs(telegram._start())
        return telegram

    def runs(self, work: Any) -> Any:
        """One piece of asynchronous work, to its end."""
        return self.loop.run_until_complete(work)

    def close(self) -> None:
        """Lets go of the database, the connections and the server."""
        self.runs(self.telegram.client.stop())
        self.loop.close()
        self.api.close()
        super().close()

    def restart(self) -> None:
        """The process ends and another begins on the same files, against the same server."""
        self.runs(self._ends())
        settings = self.world.settings
        self.world.db.close()
        self.world = make_world(settings, Present(lambda: self.clock))
        self.world.strict = True
        self.telegram = self._started()

    async def _ends(self) -> None:
        """What was on its way when the process ended goes no further."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self.telegram.client.stop()

    # Accounts

    def account(self, who: str | int) -> int:
        """A person's account on Telegram."""
        return ACCOUNT + self.id(who)

    def links(self, who: str | int) -> None:
        """This person has opened the bot and his account is his."""
        person = self.id(who)
        self.api.state.people[ACCOUNT + person].started = True

        def work(session: Session) -> ChatRow:
            yesterday = self.clock - timedelta(days=1)
            return accounts.link(session, "telegram", str(ACCOUNT + person), person, yesterday)

        self.world.db.write(work)

    def chat(self, session: Session, person: int) -> ChatRow:
        """Where a person of these stories writes and reads."""
        return chats.chat_of(session, "telegram", str(ACCOUNT + person), person)

    # Doors

    def says(
        self, who: str | int, text: str = "", *, files: Sequence[Any] = (), **more: Any
    ) -> None:
        """Somebody writes."""
        assert not files, "photos of Telegram have bytes: use sends_photos"
        self.api.send_text(self.account(who), text, **more)
        self.settles()

    def sends_photos(self, who: str | int, photos: Sequence[bytes], text: str = "") -> None:
        """Photos in one go; the line stands under the first."""
        account = self.account(who)
        if len(photos) == 1:
            self.api.send_photo(account, photos[0], caption=text or None)
        else:
            captions = [text or None, *[None] * (len(photos) - 1)]
            album = [("photo", one, told) for one, told in zip(photos, captions, strict=True)]
            self.api.send_album(account, album)
        self.settles()

    def taps_on(self, who: str | int, row: MessageRow, n: int) -> None:
        """Somebody taps button `n` of a prompt, live or not."""
        assert row.id is not None
        found = self.world.db.read(lambda session: postings.parts(session, row.id or 0))
        self.api.tap_stale(self.account(who), int(found[-1].external), f"{row.id}:{n}")
        self.settles()

    def settles(self) -> None:
        """Round after round until nothing more moves; an album is given its second."""
        if not hasattr(self, "telegram"):
            return
        self.ahead += 0.01  # What had failed before may be tried again.
        telegram, idle = self.telegram, dict[int, int]()
        works: Sequence[Callable[[], int]] = (
            lambda: self.runs(telegram.receiver.poll(0)) if self.api.pending() else 0,
            lambda: self.runs(telegram.fetcher.round()),
            lambda: turn_all(self.world),
            lambda: deliver_all(self.world),
            lambda: self.runs(telegram.sender.round()),
            lambda: self.runs(telegram.tidier.round()),
            lambda: self.runs(telegram.keeper.round()),
        )
        for _ in range(40):
            moved = sum(self._once(n, work, idle) for n, work in enumerate(works))
            if not moved and not self._gathers():
                return
        raise AssertionError("it never came to rest")

    def _once(self, n: int, work: Callable[[], int], idle: dict[int, int]) -> int:
        """One round of one kind of work; none of it when nothing was written since it found none.

        What Telegram has to say is no matter of the database.
        """
        if n and idle.get(n) == self.world.db.commits:
            return 0
        moved = work()
        if not moved:
            idle[n] = self.world.db.commits
        return moved

    def _gathers(self) -> bool:
        """The second in which an album is gathered goes by without moving the story's clock."""

        def passes(session: Session) -> bool:
            new = is_one_of(InboxRow.state, inbox.NEW)
            later = select(InboxRow).where(new, col(InboxRow.ready_at) > self.clock)
            found = session.exec(later).all()
            for row in found:
                row.ready_at = self.clock
                session.add(row)
            return bool(found)

        return self.world.db.write(passes)

    # The screen

    def screen(self, who: str | int) -> list[str]:
        """The words of everything that the bot shows this person, oldest first."""
        return [
            one.text or one.caption
            for one in self.api.chat(self.account(who))
            if one.from_bot and not one.deleted
        ]

    def keys(self, who: str | int) -> list[list[str]]:
        """The buttons of every message on the screen that has any, newest first."""
        shown = [one for one in self.api.chat(self.account(who)) if one.keyboard]
        return [[key.label for row in one.keyboard for key in row] for one in shown[::-1]]
