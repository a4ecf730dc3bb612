"""A province in bad weather: the service, the strict server, people at work, and every death."""

import contextlib
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import httpx

from bot import wordlists
from bot.world import World, make_world
from procedure.entries_organisation import PersonRegistered
from storage import accounts, people
from storage.database import Session
from tests import databases
from tests.botapi.driver import TOKEN, BotApi
from tests.faults.people import TelegramDoor, Walker
from tests.faults.service import Mortal
from tests.faults.web import HEADERS, WebDoor
from tests.kills.killer import seed
from tests.town import local

ACCOUNT, FIRST = 7_000_000, 1001
CLERK, ADMIN, ON_THE_PAGE = 1, 30, 12
#: Three o'clock in the afternoon: what comes is told aloud, and times are never asked back.
START = local("12/10 15:00")
PATIENCE = 90.0
#: Points that are passed only when something falls due, and how often the clock is wound for them.
OF_THE_CLOCK, BETWEEN = ("tick", "digest"), 0.7
#: On a server the lease of a life that was killed runs out before the next one leads.
SHORT_LEASE = {"bot.alone:LASTS": 1.5, "bot.alone:ASKED": 0.3, "bot.alone:MARGIN": 0.2}
Spot = tuple[int, int]
#: One for a whole run; it is printed, and MDM_KILL_SEED gives it again.
SEED = seed()


class Storm:
    """`crowd` officials beside those of the sample. `through`: the address of the Bot API as the
    service knows it, where it is not the server's own; `life` and `settings` as of `Mortal`, which
    is what `runs` here unless said otherwise."""

    def __init__(
        self,
        folder: Path,
        api: BotApi,
        seed: int,
        *,
        crowd: int = 8,
        data: Path | None = None,
        through: str = "",
        life: dict[str, Any] | None = None,
        think: tuple[float, float] = (0.0, 0.1),
        reports: float = 0.4,
        photos: Sequence[int] = (1, 1, 2),
        runs: Callable[..., Mortal] = Mortal,
        **settings: str,
    ) -> None:
        self.api = api
        self.chance = random.Random(seed)
        self.data = data or folder / "data"
        self.data.mkdir(parents=True, exist_ok=True)
        if not databases.begun(self.data):
            databases.begin(self.data)
        self.settings = databases.settings_in(
            self.data, policy=_policy(folder), telegram_token=TOKEN
        )
        self._prepare(crowd)
        base = through or api.url
        constants = {**SHORT_LEASE, **(life or {}).get("constants", {})}
        self.service = runs(
            self.data,
            folder / "desk",
            {"no_pace": True, "busy": 1500, **(life or {}), "constants": constants},
            BOT_POLICY=str(self.settings.policy),
            BOT_TICK_SECONDS="0.5",
            BOT_TELEGRAM_TOKEN=TOKEN,
            BOT_TELEGRAM_API_URL=f"{base}/bot",
            BOT_TELEGRAM_FILE_URL=f"{base}/file/bot",
            **settings,
        )
        self.page = WebDoor(self.service.url, ON_THE_PAGE)
        self.doors = {ACCOUNT + n: TelegramDoor(api, ACCOUNT + n) for n in self._numbers(crowd)}
        more = {"think": think, "reports": reports, "photos": photos}
        self.walkers = [
            Walker(account - ACCOUNT, door, random.Random(f"{seed} {account}"), **more)  # type: ignore[arg-type]
            for account, door in self.doors.items()
        ]
        self.walkers.append(
            Walker(ON_THE_PAGE, self.page, random.Random(f"{seed} page"), **more)  # type: ignore[arg-type]
        )
        #: Messages that were sent and not marked when a life ended, each with its death.
        self.in_flight: dict[Spot, int] = {}
        self.windows: list[int] = []
        #: Messages of calls that were carried out though their answer was a fault.
        self.carried: set[Spot] = set()
        #: Times within which the answers of Telegram were lost on the way.
        self.deaf: list[tuple[datetime, datetime]] = []
        self.deaths = 0
        self.revives = True
        self._seen = 0

    @staticmethod
    def _numbers(crowd: int) -> Iterator[int]:
        yield CLERK
        yield from range(FIRST, FIRST + crowd)

    def _prepare(self, crowd: int) -> None:
        world = make_world(self.settings)
        world.present.set_to(START.astimezone(UTC))
        world.keep_clock()
        known = list(world.db.read(world.organisation).people.values())
        model = next(one for one in known if one.id == CLERK)
        fresh = [
            replace(model, id=FIRST + n, name=f"Người {n}", short=f"Người {n}", phone=f"09{n:08}")
            for n in range(crowd)
        ]
        for one in (*known, *fresh):
            self.api.user(ACCOUNT + one.id, one.short)
            self.api.state.people[ACCOUNT + one.id].started = True
        linked = [one.id for one in (*known, *fresh) if one.id != ON_THE_PAGE]
        _link(world, [PersonRegistered(person=one) for one in fresh], linked)
        world.db.close()

    # Time passes

    def begin(self) -> None:
        """The first life, and a standing forum for the rooms of all incidents."""
        self.service.launch()
        self.service.waits()
        owner = ACCOUNT + ADMIN
        self.forum = self.api.create_supergroup("Ứng phó", owner, [ACCOUNT + CLERK])
        self.api.make_forum(self.forum)
        self.api.add_bot(self.forum)
        self.api.promote_bot(self.forum)
        self.api.send_text(owner, "/phong", chat=self.forum)
        self.until(lambda: self._tapped(owner, "Làm diễn đàn thường trực"), "the forum", walk=False)
        self.until(self.calm, "rest", walk=False)

    def _tapped(self, account: int, label: str) -> bool:
        for shown in reversed(self.api.chat(account)):
            if any(key.label == label for row in shown.keyboard for key in row):
                self.api.tap(account, shown.id, label)
                return True
        return False

    def beat(self, *, walk: bool = True) -> None:
        """One look at everything: screens, people, and whether the process still lives."""
        with self.api.state.lock:
            fresh = list(islice(self.api.state.messages.values(), self._seen, None))
        self._seen += len(fresh)
        for message in fresh:
            door = self.doors.get(message.chat)
            if door is not None and message.from_bot:
                door.shows(message)
        if walk:
            for walker in self.walkers:
                try:
                    walker.step()
                except AssertionError as late:
                    raise AssertionError(f"{late}; {self.service.health()}; {self.log()}") from late
        if self.revives and not self.service.lives():
            self.buries()
            self.service.launch()
        time.sleep(0.01)

    def until(self, done: Callable[[], bool], what: str, *, walk: bool = True) -> None:
        """Goes on until it is so; fails after `PATIENCE`."""
        until = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < until, (
                f"it never came: {what}; {self.service.health()}; {self.waits()}; {self.log()}"
            )
            self.beat(walk=walk)

    def goes_on(self, seconds: float) -> None:
        """Everybody works for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.beat()

    def kill(self) -> None:
        """SIGKILL now; the next look revives it."""
        self.service.kill()

    def dies_at(self, point: str, nth: int = 1) -> None:
        """Everybody works until the process has died at a point. Fails when it never does."""
        before, wound = self.deaths, time.monotonic()
        self.service.arm(point, nth)
        until = wound + PATIENCE
        while self.deaths == before:
            assert time.monotonic() < until, f"nothing passes {point}; {self.log()}"
            if point.startswith(OF_THE_CLOCK) and time.monotonic() > wound + BETWEEN:
                self.wind(self.chance.choice((20, 60)))
                wound = time.monotonic()
            self.beat()

    def wind(self, minutes: int) -> None:
        """The rehearsal clock goes on; not when the service is away."""
        with contextlib.suppress(httpx.HTTPError):
            httpx.post(
                f"{self.service.url}/api/clock",
                json={"minutes": minutes},
                headers=HEADERS,
                timeout=10,
                trust_env=False,
            )

    def rest(self) -> None:
        """Everybody ends his walk; then all that is on its way arrives."""
        for walker in self.walkers:
            walker.ends = True
        self.until(lambda: all(one.rests for one in self.walkers), "the end of all walks")
        self.until(self.calm, "rest", walk=False)

    def calm(self) -> bool:
        """Whether nothing is on its way in either direction, rooms and lists included."""
        return not self.api.pending() and self.service.calm() and not self._rooms_wait()

    def _rooms_wait(self) -> bool:
        waiting = (
            "SELECT count(*) FROM places WHERE ended_at IS NULL AND stream IS NOT NULL"
            " AND (untold OR card IS NULL)"
        )
        return bool(self._asked(waiting)[0][0])

    def close(self) -> None:
        """Nothing runs any more."""
        self.page.close()
        self.service.close()

    # What was in the air

    def buries(self) -> None:
        """A life has ended: what was sent and not yet marked is the window in flight."""
        self.deaths += 1
        self.notes_carried()
        fresh = [one for one in self.unmarked() if one not in self.in_flight]
        self.windows.append(sum(not self.lost_answer(one) for one in fresh))
        self.in_flight |= dict.fromkeys(fresh, self.deaths)

    def notes_carried(self) -> None:
        """Remembers what calls have done whose answer was a fault: the server forgets old calls."""
        for call in self.api.calls():
            result = (call.answer or {}).get("result") if call.fault else None
            for one in result if isinstance(result, list) else [result]:
                if isinstance(one, dict) and "message_id" in one:
                    self.carried.add((one["chat"]["id"], one["message_id"]))
                elif isinstance(one, dict) and "message_thread_id" in one:
                    self.carried.add((int(call.args["chat_id"]), one["message_thread_id"]))

    def lost_answer(self, spot: Spot) -> bool:
        """Whether Telegram's answer to the sending of a message was lost on the way."""
        date = self.api.state.messages[spot].date
        return spot in self.carried or any(a <= date <= b for a, b in self.deaf)

    def unmarked(self) -> list[Spot]:
        """Messages of the bot that stand at the server and nowhere in the database; and topics,
        each by the message that opened it."""
        known = {
            (int(str(chat).partition(":")[0]), int(external))
            for chat, external in self._asked(
                "SELECT chats.external, postings.external FROM postings"
                " JOIN chats ON chats.id = postings.chat WHERE channel = 'telegram'"
                " UNION SELECT external, card FROM places WHERE card IS NOT NULL"
            )
        }
        places = self._asked("SELECT external FROM places WHERE kind = 'topic'")
        topics = {
            (int(group), int(thread))
            for group, _, thread in (str(one).partition(":") for (one,) in places)
            if group != "wait"
        }
        with self.api.state.lock:
            sent = [
                (one.chat, one.id)
                for one in self.api.state.messages.values()
                if one.from_bot and not one.service
            ]
            sent += [
                (group.id, topic.id)
                for group in self.api.state.groups.values()
                for topic in group.topics.values()
                if topic.creator == self.api.state.own
            ]
        there = known | topics
        return [one for one in sent if one not in there]

    def _asked(self, query: str) -> list[Any]:
        """Rows of the database, read as anybody may read it."""
        with databases.opened(self.data) as connection:
            found: list[Any] = connection.execute(query).fetchall()
            return found

    def waits(self) -> list[str]:
        """Who waits for which words."""
        return [said for one in self.walkers if (said := one.waits())]

    def log(self) -> str:
        """The end of the service's log."""
        return self.service.log.read_text("utf-8")[-3000:]


def _link(world: World, fresh: list[PersonRegistered], linked: list[int]) -> None:
    now = world.now() - timedelta(days=1)

    def work(session: Session) -> None:
        people.record(session, fresh, at=now, actor=ADMIN, channel="faults")
        for person in linked:
            accounts.link(session, "telegram", str(ACCOUNT + person), person, now)

    world.db.write(work)


def _policy(folder: Path) -> Path:
    """The usual policy, but a list comes already after the first message of an hour."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "policy.toml"
    usual = "messages_per_hour = 12"
    text = wordlists.text("policy")
    assert usual in text
    path.write_text(text.replace(usual, "messages_per_hour = 1"), "utf-8")
    return path
