"""What a line of the outbox becomes: made ready, then sent, gone stale or set aside with a why."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import structlog

from bot import reach, room_people, rooms
from bot.buttons import Shown, shown
from bot.channels.telegram.compose import Part, parts
from bot.channels.telegram.lanes import TOLD
from bot.channels.telegram.loss import kind_of_loss
from bot.channels.telegram.receive import CHANNEL
from bot.deliver import Fate, fate, render, settle, tell_operators
from bot.stage import Stage
from bot.world import World
from storage import chats, marks, outbox, places, postings
from storage.database import News, Session
from storage.lines import Line
from storage.outbox import Addressed, Queued
from storage.tables import ChatRow, MessageRow

log = structlog.get_logger()


@dataclass(frozen=True)
class Ready:
    """A prompt about to be sent: where, its parts, and the text that is kept."""

    id: int
    chat: int
    place: str
    text: str
    parts: Sequence[Part]
    posted: frozenset[int]
    silent: bool

    @property
    def number(self) -> int | None:
        """Which part is the next to be sent, from 0; None when all are."""
        left = (n for n in range(len(self.parts)) if n not in self.posted)
        return next(left, None)

    @property
    def part(self) -> Part | None:
        """The next part to be sent."""
        return None if self.number is None else self.parts[self.number]

    @property
    def cost(self) -> int:
        """As how many messages Telegram counts the next part."""
        return max(1, len(self.part.files)) if self.part else 1

    def after(self) -> "Ready":
        """The same with its next part sent."""
        sent = frozenset() if self.number is None else frozenset({self.number})
        return replace(self, posted=self.posted | sent)


@dataclass(frozen=True)
class Posted:
    """The messages that show the next part of a prompt; with `whole` the prompt is sent."""

    ready: Ready
    externals: Sequence[str]
    whole: bool


class Marker:
    """Reads and marks the lines; every call is one transaction of its own."""

    def __init__(self, world: World) -> None:
        self.world = world

    def prepare(self, ids: Sequence[int]) -> list[Ready | None]:
        """Prompts as they are sent now; None for one that is not sent any more, which is marked."""

        def look(session: Session) -> list[Ready | Fate | None]:
            stage, bot = self._stage(session), _bot(session)
            return [self._ready(stage, outbox.line(session, id), bot) for id in ids]

        found = self.world.db.read(look)
        fates = [(id, one) for id, one in zip(ids, found, strict=True) if isinstance(one, Fate)]
        if fates:
            self.world.db.write(lambda session: self._settle(session, fates))
        return [one if isinstance(one, Ready) else None for one in found]

    def ready_now(self, session: Session, ids: Sequence[int]) -> dict[int, Ready]:
        """Those of some prompts that can be sent as they stand; the others are to be prepared."""
        lines = outbox.lines(session, ids)
        if not lines:
            return {}
        stage, bot, found = self._stage(session), _bot(session), {}
        for line in lines:
            # What goes wrong with it is met again, alone, when its turn comes.
            with suppress(Exception):
                one = self._ready(stage, line, bot)
                if isinstance(one, Ready):
                    found[one.id] = one
        return found

    def _settle(self, session: Session, fates: Sequence[tuple[int, Fate]]) -> None:
        stage = self._stage(session)
        for id, one in fates:
            settle(stage, id, one)

    def _stage(self, session: Session) -> Stage:
        return Stage(self.world, session, self.world.now(), CHANNEL)

    def _ready(self, stage: Stage, line: Addressed, bot: str) -> Ready | Fate | None:
        row = line.line
        if row.state != chats.QUEUED:
            return None
        if row.superseded and row.about is not None:
            return Fate(chats.STALE, "a newer one has taken its place")
        other = fate(stage, row)
        if other is not None:
            return other
        text = render(stage, row)
        under = shown(row, stage.scene(row.person, row.stream))
        if row.template.startswith("rooms#") and rooms.template_of(stage, row) == rooms.GUARDED:
            under = Shown(())
        posted = postings.shown_parts(stage.session, row.id) if line.begun else frozenset()
        return Ready(
            id=row.id,
            chat=row.chat,
            place=line.external,
            text=text,
            parts=parts(text, under, json.loads(row.files), row.id, bot),
            posted=posted,
            silent=_is_told(row),
        )

    def posted(self, several: Sequence[Posted]) -> list[None]:
        """Notes the messages that show these parts."""

        def work(session: Session) -> bool:
            noted = [self._note(session, one) for one in several]
            return any(noted)

        self.world.db.write(work, lambda any_left: News.REST if any_left else News.NONE)
        return [None] * len(several)

    def _note(self, session: Session, one: Posted) -> bool:
        ready = one.ready
        number = len(ready.parts) - 1 if ready.number is None else ready.number
        postings.post(session, ready.chat, ready.id, one.externals, number)
        # What was answered or replaced while it was on its way is to be tidied at once.
        return one.whole and outbox.sent(session, ready.id, ready.text, self.world.now())

    def lost(self, line: Queued, why: str) -> None:
        """The chat takes nothing any more: what waits there and matters goes another way."""

        def work(session: Session) -> int:
            stage = self._stage(session)
            place = places.of_chat(session, line.chat)
            if place is not None:
                return room_people.lost(stage, place, kind_of_loss(why) or "removed")
            return reach.lose(stage, session.get_one(ChatRow, line.chat), why)

        went = self.world.db.write(work)
        log.warning("chat_lost", chat=line.chat, why=why, went_on=went)

    def moved(self, line: Queued, to: int) -> None:
        """The group has another id from now on."""

        def work(session: Session) -> None:
            place = places.of_chat(session, line.chat)
            if place is not None:
                group = place.external.split(":")[0]
                body = {"type": "room_moved", "group": group, "to": str(to)}
                room_people.handle(self._stage(session), CHANNEL, body)

        self.world.db.write(work)

    def refused(self, line: Queued, why: str) -> None:
        """Not tried again: set aside, told on another channel when it asks for something, and
        told to the operators."""
        log.error("send_refused", message=line.id, template=line.template, why=why)

        def work(session: Session) -> None:
            stage = self._stage(session)
            row = session.get_one(MessageRow, line.id)
            settle(stage, line.id, Fate(chats.FAILED, why))
            room_people.line_refused(stage, row)
            if row.template.startswith(TOLD) and row.person:
                reach.pass_on(stage, row)
            day = stage.now.astimezone(self.world.settings.zone).date().isoformat()
            facts = {"channel": CHANNEL, "whom": row.person, "number": line.id}
            tell_operators(stage, "answers#send_refused", facts, f"{row.template}:{day}")

        self.world.db.write(work)


def _bot(session: Session) -> str:
    """The name of ours on Telegram."""
    return marks.marked(session, marks.TELEGRAM_BOT) or ""


def _is_told(row: Line) -> bool:
    """A notice that asks for nothing makes no sound unless it rings; an answer always may."""
    return not row.rings and row.template.startswith(TOLD)
