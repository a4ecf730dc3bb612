"""The harness of the stories: a real database, the real doors, and a clock that is moved."""

import io
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot import files
from bot.accept import Accepted, Update, accept
from bot.clock import tick
from bot.deliver import deliver_all
from bot.present import Present
from bot.settings import Settings
from bot.stage import Stage
from bot.turn import turn_all
from bot.world import World, make_world
from procedure.actions import ACTIONS
from procedure.codec import load
from procedure.entries import Entry
from procedure.incident import Incident
from procedure.obligations import Obligation, find
from procedure.text import fold
from storage import chats, incidents, journal, prompts
from storage.tables import ChatRow, MessageRow
from tests import databases

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: An answer that is the photo of a paper.
PAPER = "(ảnh)"
_A_PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(64)
START = datetime(2026, 10, 12, 2, 36, tzinfo=ZONE)


def local(text: str) -> datetime:
    """ "12/10 02:36" as a moment of 2026, or "12/10/2027 02:36"."""
    day, clock = text.split()
    parts = [int(part) for part in day.split("/")]
    hour, minute = (int(part) for part in clock.split(":"))
    year = parts[2] if len(parts) > 2 else 2026
    return datetime(year, parts[1], parts[0], hour, minute, tzinfo=ZONE)


class Town:
    """The sample province; people write, tap and hear; time passes when it is told to."""

    channel = "web"
    #: Everybody's page stands open and shows what comes.
    open_pages = False

    def __init__(self, folder: Path, start: datetime = START) -> None:
        self.clock = start.astimezone(UTC)
        databases.begin(folder, self.prepared())
        settings = self.settings(folder)
        self.world: World = self._made(settings)
        self.world.present.ahead = timedelta(0)
        self._heard = self._last_id()
        self._expected: set[int] = set()

    def prepared(self) -> Path:
        """The folder with the database that this town begins with."""
        return databases.sample()

    def settings(self, folder: Path) -> Settings:
        """The settings of this town; none of the machine's own."""
        return databases.settings_in(folder)

    def close(self) -> None:
        """Lets go of the database."""
        self.world.db.close()

    def restart(self) -> None:
        """The process ends and another begins on the same files."""
        settings = self.world.settings
        self.world.db.close()
        self.world = self._made(settings)

    def _made(self, settings: Settings) -> World:
        world = make_world(settings, Present(lambda: self.clock))
        world.strict = True
        # The clock leaps from one ring to the next: each is foreseen, and worked out again.
        world.foresight.ahead = timedelta(days=1)
        return world

    # People

    def id(self, who: str | int) -> int:
        """A person by the name used in talk, without marks."""
        if isinstance(who, int):
            return who
        people = self.world.db.read(self.world.organisation).people.values()
        found = [one.id for one in people if fold(one.short) == fold(who)]
        assert len(found) == 1, f"{who}: {found}"
        return found[0]

    def says(
        self, who: str | int, text: str = "", *, files: Sequence[Any] = (), **more: Any
    ) -> None:
        """Somebody writes; the bot answers before this returns."""
        body = {"type": "message", "text": text, "files": list(files), **more}
        self.sends(who, body, [text])

    def sends(
        self, who: str | int, body: dict[str, Any], texts: Sequence[str] = (), external: str = ""
    ) -> Accepted:
        """Puts a raw update through the door."""
        done = accept(
            self.world,
            Update(
                channel="web",
                external=external or uuid.uuid4().hex,
                person=self.id(who),
                body=body,
                texts=list(texts),
            ),
        )
        self.settles()
        return done

    def settles(self) -> None:
        """Everything that came in is handled, everything that waits goes out."""
        turn_all(self.world)
        deliver_all(self.world)
        if self.open_pages:
            self.world.db.write(self._show)

    def _show(self, session: Session) -> None:
        for chat in session.exec(select(ChatRow).where(ChatRow.channel == "web")).all():
            prompts.shown(session, chat, chat.last_seq, self.world.now())

    def chat(self, session: Session, person: int) -> ChatRow:
        """Where a person of these stories writes and reads."""
        return chats.chat_of(session, "web", str(person), person)

    def sends_photos(self, who: str | int, photos: Sequence[bytes], text: str = "") -> None:
        """Photos in one go, with the line under them."""
        arrived = [
            files.receive(self.world.settings, io.BytesIO(one), f"{n}.png")
            for n, one in enumerate(photos, 1)
        ]
        accept(
            self.world,
            Update(
                channel="web",
                external=uuid.uuid4().hex,
                person=self.id(who),
                body={"type": "message", "text": text},
                texts=[text],
                arrived=arrived,
            ),
        )
        self.settles()

    def taps(self, who: str | int, label: str, *, on: str = "") -> None:
        """Somebody taps the newest live button with this label (of a prompt that says `on`)."""
        for row in self.live(who):
            if on and on not in row.text:
                continue
            for n, text in self.numbered(row):
                if text == label:
                    self.taps_on(who, row, n)
                    return
        raise AssertionError(f"{who} has no button {label!r}: {self.buttons(who)}")

    def taps_on(self, who: str | int, row: MessageRow, n: int) -> None:
        """Somebody taps button `n` of a prompt, live or not."""
        self.sends(who, {"type": "answer", "prompt": row.id, "n": n})

    def presses(self, who: str | int, do: dict[str, Any]) -> None:
        """Somebody taps a button that carries this command, as a list or a card offers it."""
        person = self.id(who)

        def work(session: Session) -> int:
            chat = self.chat(session, person)
            prompt = chats.Prompt(
                template="answers#which_field", choices=[{"label": "edit", "do": do}]
            )
            line = chats.enqueue(session, chat, prompt, at=self.world.now())
            assert line is not None
            return line

        made = self.world.db.write(work)
        self._expected.add(made)
        self.settles()
        row = self.world.db.read(lambda session: session.get_one(MessageRow, made))
        self.taps_on(who, row, 1)

    def answers(self, who: str | int, *replies: str) -> None:
        """One reply after another: a label of the newest prompt when there is one, else words."""
        for reply in replies:
            rows = self.live(who)
            if reply == PAPER:
                self.sends_photos(who, [_A_PHOTO])
            elif rows and reply in self.labels(rows[0]):
                self.taps(who, reply)
            else:
                self.says(who, reply)

    # What they see

    def live(self, who: str | int) -> list[MessageRow]:
        """Prompts with buttons that wait for this person, newest first."""
        person = self.id(who)

        def work(session: Session) -> list[MessageRow]:
            chat = self.chat(session, person)
            return chats.open_prompts(session, chat.id or 0)

        return self.world.db.write(work)

    def labels(self, row: MessageRow) -> list[str]:
        """The words on the buttons of a prompt."""
        return [label for _, label in self.numbered(row)]

    def numbered(self, row: MessageRow) -> list[tuple[int, str]]:
        """The buttons that stand under a prompt: number and words."""

        def work(session: Session) -> list[tuple[int, str]]:
            stage = Stage(self.world, session, self.world.now(), "web")
            scene = stage.scene(row.person, row.stream)
            return [
                (n, self.world.renderer.label(one["label"], one.get("facts", {}), scene))
                for n, one in chats.open_choices(row)
            ]

        return self.world.db.read(work)

    def buttons(self, who: str | int) -> list[list[str]]:
        """Every live prompt's buttons, newest first."""
        return [self.labels(row) for row in self.live(who)]

    def thread(self, who: str | int) -> list[MessageRow]:
        """Everything in this person's chat, oldest first."""
        person = self.id(who)

        def work(session: Session) -> list[MessageRow]:
            rows = session.exec(
                select(MessageRow).where(MessageRow.person == person).order_by(col(MessageRow.seq))
            )
            return list(rows)

        return self.world.db.read(work)

    def last(self, who: str | int) -> str:
        """The last thing that the bot told this person."""
        rows = [row for row in self.thread(who) if row.sender == "bot" and row.state == "sent"]
        return rows[-1].text if rows else ""

    def shown(self, who: str | int) -> None:
        """This person's page shows everything."""
        person = self.id(who)

        def work(session: Session) -> None:
            chat = self.chat(session, person)
            prompts.shown(session, chat, chat.last_seq, self.world.now())

        self.world.db.write(work)

    # What was said

    def unheard(self) -> list[MessageRow]:
        """What the bot has told anybody and no story line has expected yet."""

        def work(session: Session) -> list[MessageRow]:
            rows = session.exec(
                select(MessageRow)
                .where(
                    col(MessageRow.id) > self._heard,
                    MessageRow.sender == "bot",
                    MessageRow.state == "sent",
                    MessageRow.person != 0,
                )
                .order_by(col(MessageRow.id))
            )
            return list(rows)

        return [row for row in self.world.db.read(work) if row.id not in self._expected]

    def hears(self, who: str | int, template: str, *words: str) -> MessageRow:
        """This person was told `template` (a path, or path#block) with these words in it."""
        person = self.id(who)
        for row in self.unheard():
            fits = row.template == template or row.template.partition("#")[0] == template
            if row.person == person and fits and all(word in row.text for word in words):
                self._expected.add(row.id or 0)
                return row
        told = [(row.template, row.text) for row in self.unheard() if row.person == person]
        raise AssertionError(f"{who} did not hear {template} {words}; unheard: {told}")

    def skips(self) -> None:
        """What was said so far is not this story's concern."""
        self._heard = self._last_id()

    def is_quiet(self) -> None:
        """Nobody heard anything that the story did not expect."""
        left = [(row.person, row.template, row.text) for row in self.unheard()]
        assert not left, left

    def _last_id(self) -> int:
        def work(session: Session) -> int:
            row = session.exec(select(MessageRow).order_by(col(MessageRow.id).desc())).first()
            return row.id or 0 if row else 0

        return self.world.db.read(work)

    # Time

    def at(self, text: str) -> None:
        """Moves the clock to a moment ("12/10 02:41"), ringing all that is due on the way."""
        self.until(local(text))

    def until(self, moment: datetime) -> None:
        """Ticks at every moment at which something is due, then stands at `moment`."""
        goal = moment.astimezone(UTC)
        assert goal >= self.clock, f"{goal} has passed"
        while True:
            following = self.world.db.read(incidents.next_ring)
            if following is None or following > goal:
                break
            self.clock = max(self.clock, following)
            tick(self.world)
            self.settles()
            if self.world.db.read(incidents.next_ring) == following:
                break
        self.clock = goal
        tick(self.world)
        self.settles()

    def jumps(self, text: str) -> None:
        """The clock is wound to a moment in one go: nothing ticked on the way."""
        self.clock = local(text).astimezone(UTC)
        tick(self.world)
        self.settles()

    def forward(self, **span: float) -> None:
        """Moves the clock on (minutes=…, hours=…, days=…)."""
        self.until(self.clock + timedelta(**span))

    # The rules, asked directly

    def decides(self, who: str | int, action: str, **data: Any) -> None:
        """Puts an action to the rules as this person, past every form. Raises Refused."""
        person, stream = self.id(who), self.incident().stream

        def work(session: Session) -> None:
            stage = Stage(self.world, session, self.world.now(), self.channel)
            stage.perform(stream, person, load(ACTIONS[action], data))

        self.world.db.write(work)
        self.settles()

    def duty(self, key: str, code: str = "VV-2026-001") -> Obligation | None:
        """An open duty of an incident."""
        incident = self.incident(code)
        terms = self.world.db.read(lambda session: self.world.terms(session, incident.policy))
        return find(incident, terms, key)

    # The record

    def journal(self, code: str = "VV-2026-001") -> list[Entry]:
        """The entries of an incident, oldest first."""
        stream = self.incident(code).stream
        return self.world.db.read(lambda session: journal.read(session, stream))

    def newest_template(self, who: str | int) -> str:
        """The template of the last thing that the bot told this person."""
        rows = [row for row in self.thread(who) if row.sender == "bot" and row.state == "sent"]
        return rows[-1].template

    def incident(self, code: str = "VV-2026-001") -> Incident:
        """An incident by its code."""
        found = self.world.db.read(lambda session: incidents.by_code(session, code))
        assert found is not None, code
        return found

    def newest(self) -> Incident:
        """The incident opened last."""
        return self.world.db.read(lambda session: incidents.listed(session, only_open=False))[0]

    def holds(self) -> None:
        """Every chain verifies, and every projection equals the fold of its journal."""

        def work(session: Session) -> Iterator[str]:
            yield from (f"{fault}" for fault in journal.verify(session))
            for incident in incidents.listed(session, only_open=False):
                if incidents.refold(session, incident.stream) != incident:
                    yield f"{incident.stream}: the row is not the fold"

        faults = self.world.db.read(lambda session: list(work(session)))
        assert not faults, faults
