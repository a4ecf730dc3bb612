"""One incident played through the real doors while its service is killed."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, timedelta
from pathlib import Path

from sqlmodel import col, select

from bot.drill.player import Player
from bot.drill.reading import script
from bot.world import World, make_world
from procedure.entries import Entry
from storage import accounts, incidents, journal, postings
from storage.database import Session
from storage.tables import ChatRow, InboxRow, MessageRow
from tests import databases
from tests.botapi.driver import TOKEN, BotApi
from tests.kills.doors_telegram import ACCOUNT, TelegramDoors
from tests.kills.doors_web import WebDoors
from tests.kills.killer import Killer
from tests.kills.service import Service
from tests.town import ZONE


class Play:
    """A script, a channel, a seed. Without `api` on the web. `close` ends the process."""

    #: What runs: one process, or several replicas.
    runs: type[Service] = Service

    def __init__(self, folder: Path, code: str, seed: int, kills: int, api: BotApi | None) -> None:
        self.script = script(code, ZONE)
        self.api = api
        self.seed = seed
        databases.begin(folder)
        self.settings = databases.settings_in(folder)
        self._prepare()
        self.service = self.runs(folder, **self._telegram())
        chance = random.Random(f"{seed} {code} {'telegram' if api else 'web'}")
        acts = len(self.script.told(drill=False))
        self.killer = Killer(self.service, chance, acts=acts, kills=kills)
        self.code = ""

    def _telegram(self) -> dict[str, str]:
        if self.api is None:
            return {}
        return {
            "BOT_TELEGRAM_TOKEN": TOKEN,
            "BOT_TELEGRAM_API_URL": self.api.base_url,
            "BOT_TELEGRAM_FILE_URL": self.api.base_file_url,
        }

    def _prepare(self) -> None:
        """The clock stands a minute before the story; everybody has his account."""
        world = make_world(self.settings)
        start = (self.script.start - timedelta(minutes=1)).astimezone(UTC)
        world.present.set_to(start)
        world.keep_clock()
        if self.api is not None:
            people = world.db.read(world.organisation).people.values()
            for one in people:
                self.api.user(ACCOUNT + one.id, one.short)
                self.api.state.people[ACCOUNT + one.id].started = True
            before = start - timedelta(days=1)
            world.db.write(lambda session: _link(session, [one.id for one in people], before))
        world.db.close()

    def run(self) -> None:
        """From the first line to the last. Raises Stuck where a button is not there."""
        self.service.launch()
        self.service.waits()
        doors = TelegramDoors(self.service, self.killer, self.api) if self.api else None
        over = doors or WebDoors(self.service, self.killer)
        try:
            over.open()
            player = Player(self.script, over)
            for _ in player.play():
                pass
            self.killer.ends()
            over.settles()
        finally:
            over.close()
        self.code = player.code

    def close(self) -> None:
        """Nothing runs any more."""
        self.killer.plan.clear()
        for one in self.killer._running:
            one.join(90)
        self.service.stop()

    def found(self) -> "Found":
        """The files as they lie there after the last process ended."""
        self.service.stop()
        world = make_world(self.settings)
        try:
            return world.db.read(lambda session: Found(world, session, self))
        finally:
            world.db.close()


def _link(session: Session, people: Sequence[int], at: object) -> None:
    for person in people:
        accounts.link(session, "telegram", str(ACCOUNT + person), person, at)  # type: ignore[arg-type]


class Found:
    """What a play has left behind."""

    def __init__(self, world: World, session: Session, play: Play) -> None:
        incident = incidents.by_code(session, play.code)
        assert incident is not None, play.code
        self.entries: tuple[Entry, ...] = tuple(journal.read(session, incident.stream))
        self.faults = [str(fault) for fault in journal.verify(session)]
        for one in incidents.listed(session, only_open=False):
            if incidents.refold(session, one.stream) != one:
                self.faults.append(f"{one.stream}: the row is not the fold")
        self.unhandled = [
            (row.id, row.state)
            for row in session.exec(select(InboxRow).where(InboxRow.state != "done")).all()
        ]
        self.said = Counter(
            (row.person, row.text)
            for row in session.exec(select(MessageRow).where(MessageRow.sender != "bot")).all()
        )
        self.unsent = [
            (row.id, row.state, row.template)
            for row in session.exec(
                select(MessageRow).where(
                    MessageRow.sender == "bot", col(MessageRow.state).in_(["queued", "failed"])
                )
            ).all()
        ]
        self.missing: list[tuple[int | None, str]] = []
        self.repeated: Counter[int] = Counter()
        if play.api is not None:
            self._screens(session, play.api)

    def _screens(self, session: Session, api: BotApi) -> None:
        """Prompts marked as sent that stand nowhere; messages that no prompt knows."""
        shown = {one.id: one.chat for one in api.state.messages.values() if one.from_bot}
        rows = session.exec(
            select(ChatRow, MessageRow)
            .join(MessageRow, col(MessageRow.chat) == col(ChatRow.id))
            .where(ChatRow.channel == "telegram", MessageRow.sender == "bot")
            .where(MessageRow.state == "sent")
        ).all()
        for chat, row in rows:
            posted = [int(one.external) for one in postings.parts(session, row.id or 0)]
            if not posted or any(shown.pop(one, None) != int(chat.external) for one in posted):
                self.missing.append((row.id, row.template))
        self.repeated = Counter(shown.values())
