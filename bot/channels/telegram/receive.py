"""Takes updates in: stored and committed before they are confirmed, and never twice."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from math import ceil
from typing import Any, TypeVar

import structlog

from bot.accept import Accepted, Update, accept, accept_all
from bot.channels.telegram.at_once import AtOnce, Turns
from bot.channels.telegram.client import Client, TelegramError
from bot.channels.telegram.incoming import Incoming, Unreadable, kind_of, number_of, read
from bot.channels.telegram.measure import Counted, Measures, Seen
from bot.rooms import Toast, toast
from bot.rooms_heard import Body, concerns, seen
from bot.stage import Stage
from bot.world import World
from procedure.secrecy import stamp_of_secrecy
from storage import accounts, arrivals, marks, places
from storage.away import is_away
from storage.database import Session, quietly

log = structlog.get_logger()
CHANNEL = "telegram"
#: So often an update at which we fail is tried before it is let go.
TRIES = 3
_MOST_FAILED = 1000
#: So few updates are handled by whoever has taken them in; more wait for those whose work it is.
_FEW = 4
T = TypeVar("T")
#: By the number of an update: whether it was here before, and whose it is.
Known = Mapping[int, tuple[bool, int | None]]
#: After a week without updates Telegram begins to number them anew, perhaps from further below.
NUMBERS_LAST = timedelta(days=6)


@dataclass(frozen=True)
class Tap:
    """A tap that waits to be confirmed, and what is shown for it."""

    id: str
    toast: Toast = field(default_factory=Toast)
    #: The prompt and the number of its button.
    button: tuple[int, int] = (0, 0)


class Receiver:
    """The way in from Telegram, for polling and for the webhook alike."""

    def __init__(self, world: World, client: Client, turns: Turns | None = None) -> None:
        self.world = world
        self.client = client
        self._at_once = AtOnce(world, turns)
        self.measures = Measures()
        #: Updates that went wrong, with the number of tries so far.
        self._failed: dict[int, int] = {}

    async def poll(self, seconds: int) -> int:
        """Asks once, waiting up to `seconds`; returns how many updates were taken in.

        What was taken is confirmed by the next call, so a kill in between repeats it.
        """
        offset = await asyncio.to_thread(self._offset)
        found = await self.client.updates(offset, seconds)
        if not isinstance(found, list):
            raise Unreadable("no list")
        if not found:
            return 0
        take = self._take_few if len(found) <= _FEW else self._take_all
        taps = await asyncio.to_thread(take, found)
        await asyncio.gather(*(self.confirm(tap) for tap in taps))
        return len(found)

    def called(self, update: Mapping[str, Any]) -> Tap | None:
        """Takes one update in, as `take` does, and sees to it that it is handled at once."""
        with self._at_once():
            return self.take(update)

    def _take_few(self, updates: Sequence[Any]) -> list[Tap]:
        with self._at_once():
            return self._take_all(updates)

    def take(self, update: Mapping[str, Any]) -> Tap | None:
        """Takes one update in; committed when this returns. Returns the tap to confirm, if any.

        One that cannot be read is logged and passed over: it must not stick the rest. One at
        which we ourselves fail is tried again, then let go, and its sender is told.
        """
        came = self._seen(update)
        one = self._count(came, {}) if came else None
        taps = self._one_by_one([one]) if one else []
        return taps[0] if taps else None

    def _tried(
        self, update: Mapping[str, Any], number: int, work: Callable[[], T | None]
    ) -> T | None:
        """None also for an update at which we have failed for the last time."""
        try:
            return work()
        except Exception as error:
            # That nothing can be stored just now is no fault of this update.
            if self.world.strict or is_away(error) or not self._let_go(update, number):
                raise
            return None

    def _put(self, one: Counted) -> Tap | None:
        """Takes in what was counted before, by itself."""
        if one.over is not None:
            if one.over:
                self._tell_over(one)
            return _ended(one.incoming)
        tap = self._tap(one.incoming)
        taken = self._accept(one.incoming, one.person)
        return tap if taken is not Accepted.DUPLICATE else None

    def _let_go(self, update: Mapping[str, Any], number: int) -> bool:
        """Whether an update that failed is not tried again. Raises when nothing can be stored."""
        tries = self._failed.pop(number, 0) + 1
        if tries < TRIES:
            if len(self._failed) >= _MOST_FAILED:
                self._failed.pop(next(iter(self._failed)))
            self._failed[number] = tries
            return False
        log.exception("update_let_go", update=number)
        incoming = read(update, self.client.me)
        if incoming is not None:
            person = self.world.db.read(
                lambda session: accounts.linked(session, CHANNEL, incoming.account)
            )
            accept(self.world, _untaken(incoming, person, {}))
        return True

    def _seen(self, update: Mapping[str, Any]) -> Seen | None:
        """None for what is nothing that we know."""
        number = number_of(update)
        if number is None:
            log.error("update_without_number")
            return None
        return self._tried(update, number, partial(self._read, update, number))

    def _read(self, update: Mapping[str, Any], number: int) -> Seen | None:
        try:
            incoming = read(update, self.client.me)
        except Unreadable as fault:
            log.error("update_unreadable", update=number, why=str(fault))
            return None
        if incoming is None:
            log.info("update_ignored", update=number, kind=kind_of(update))
            return None
        return Seen(update, number, incoming)

    def _known(self, several: Sequence[Seen]) -> Known:
        """Which of them were here before, and whose they are."""

        def look(session: Session, incoming: Incoming) -> tuple[bool, int | None]:
            known = arrivals.arrival(session, CHANNEL, incoming.external, incoming.account)
            return known.was_here, known.person

        return self.world.db.read(
            lambda session: {one.number: look(session, one.incoming) for one in several}
        )

    def _counted(self, one: Seen, known: Known) -> Counted | None:
        """Whether it is within his measure; None when it was here before."""
        update, number, incoming = one.update, one.number, one.incoming
        was_here, person = (known if number in known else self._known([one]))[number]
        if was_here:
            return None
        now = self.world.now().timestamp()
        answer = self.measures.ask(incoming, person is not None, now)
        if answer.taken:
            return Counted(update, number, incoming, person)
        if answer.first:
            log.warning("over_measure", person=person or accounts.STRANGER)
        told = answer.first and person is not None
        span = {"since": incoming.sent or now, "until": ceil(answer.until / 60) * 60}
        over = {k: datetime.fromtimestamp(v, UTC).isoformat() for k, v in span.items()}
        return Counted(update, number, incoming, person, over if told else {})

    def _tell_over(self, one: Counted) -> None:
        try:
            accept(self.world, _untaken(one.incoming, one.person, one.over or {}))
        except BaseException:
            self.measures.gate(one.incoming).forget(one.incoming.account)
            raise

    def _tap(self, incoming: Incoming) -> Tap | None:
        """In a room what the tap comes to is shown at once, to nobody but him who tapped."""
        if incoming.callback is None:
            return None
        body = incoming.body
        button = (int(body["prompt"]), int(body["n"]))
        if not incoming.in_group:
            return Tap(incoming.callback)
        shown = self.world.db.read(lambda session: self._toast(session, incoming, *button))
        return Tap(incoming.callback, shown, button)

    def _toast(self, session: Session, incoming: Incoming, prompt: int, n: int) -> Toast:
        person = accounts.linked(session, CHANNEL, incoming.account)
        if person is None:
            return Toast()
        stage = Stage(self.world, session, self.world.now(), CHANNEL)
        return toast(stage, person, prompt, n)

    async def confirm(self, tap: Tap) -> None:
        """Ends the turning wheel on the button; that it was too late to do so harms nobody."""
        url = None
        if tap.toast.private:
            prompt, n = tap.button
            url = f"https://t.me/{self.client.me.name}?start=room-{prompt}-{n}"
        try:
            await self.client.bot.answer_callback_query(
                tap.id, text=None if url else tap.toast.text or None, url=url
            )
        except TelegramError as error:
            log.info("tap_not_confirmed", why=str(error))

    def _take_all(self, updates: Any) -> list[Tap]:
        numbers = [number for number in map(number_of, updates) if number is not None]
        if not numbers:
            raise Unreadable("no numbers")  # Nothing can be confirmed: not again at once.
        taps: list[Tap | None] = []
        together: list[Counted] = []
        several = [one for update in updates if (one := self._seen(update))]
        known = self._known_together(several)
        for came in several:
            try:
                one = self._count(came, known)
            except Exception:
                self._put_all(together)
                raise
            if one is not None and one.goes_alone:
                taps += self._put_all(together)
                together = []
                taps += self._one_by_one([one])
            elif one is not None:
                together.append(one)
        taps += self._put_all(together)
        self.world.db.write(lambda session: self._confirmed(session, max(numbers)), quietly)
        return [tap for tap in taps if tap]

    def _known_together(self, several: Sequence[Seen]) -> Known:
        """In one look; where that fails, each is looked for by itself, and is at fault itself."""
        try:
            return self._known(several) if several else {}
        except Exception as error:
            if self.world.strict or is_away(error):
                raise
            return {}

    def _count(self, came: Seen, known: Known) -> Counted | None:
        return self._tried(came.update, came.number, partial(self._counted, came, known))

    def _put_all(self, ones: Sequence[Counted]) -> list[Tap | None]:
        """What people wrote in private goes in together; if that fails, each by itself."""
        if not ones:
            return []
        try:
            made = accept_all(self.world, [self._private(one.incoming, one.person) for one in ones])
        except Exception as error:
            if is_away(error):
                self._give_back(ones)
                raise
            return self._one_by_one(ones)
        taps = [self._tap(one.incoming) for one in ones]
        return [
            tap if taken is not Accepted.DUPLICATE else None
            for tap, taken in zip(taps, made, strict=True)
        ]

    def _one_by_one(self, ones: Sequence[Counted]) -> list[Tap | None]:
        taps = []
        for n, one in enumerate(ones):
            try:
                taps.append(self._tried(one.update, one.number, partial(self._put, one)))
            except BaseException:
                self._give_back(ones[n:])
                raise
        return taps

    def _give_back(self, ones: Sequence[Counted]) -> None:
        """They come again, and are counted again then."""
        for one in ones:
            self.measures.gate(one.incoming).give_back(one.incoming.account)

    def _accept(self, incoming: Incoming, person: int | None) -> Accepted:
        if incoming.in_group:
            return self._accept_group(incoming, person or accounts.STRANGER)
        return accept(self.world, self._private(incoming, person))

    def _private(self, incoming: Incoming, person: int | None) -> Update:
        known = person is not None
        body = incoming.body
        if not known and body["type"] not in ("start", "answer", "gone", "back"):
            body = {"type": "stranger"}  # Nothing of what a stranger writes is kept.
        if known and incoming.fetch:
            body = {**body, "fetch": list(incoming.fetch)}
        return Update(
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

    def _accept_group(self, incoming: Incoming, person: int) -> Accepted:
        """What is said in a room stays there; kept is what concerns it, stopped is what must."""
        body = {**incoming.body, "account": incoming.account}
        known, kept = self.world.db.read(
            lambda session: (
                bool(places.in_group(session, CHANNEL, str(body["group"]))),
                concerns(self.world, session, CHANNEL, person, body),
            )
        )
        whole = kept is not None and kept["type"] == body["type"]
        stamped = stamp_of_secrecy(*incoming.texts, words=self.world.secrecy) is not None
        part = known and incoming.album is not None and body["type"] == "room_said"
        if kept is None and not part and not (known and stamped):
            return Accepted.STORED  # It stays in the room and nowhere else.
        done = accept(
            self.world,
            Update(
                channel=CHANNEL,
                external=incoming.external,
                person=person,
                lane=incoming.lane,
                body=self._body(incoming, body, kept, whole),
                texts=incoming.texts,
                message=incoming.message,
                album=incoming.album,
                to_fetch=whole and bool(incoming.fetch or incoming.asks),
            ),
        )
        if done is Accepted.STOPPED and kept is not None:
            self._accept_seen(incoming, person, body)
        return done

    def _body(
        self, incoming: Incoming, body: dict[str, Any], kept: Body | None, whole: bool
    ) -> dict[str, Any]:
        if kept is None:
            names = ("room", "group", "external", "name", "account")
            return {"type": "ignored"} | {one: body[one] for one in names if one in body}
        more: dict[str, Any] = {}
        if whole and incoming.fetch:
            more["fetch"] = list(incoming.fetch)
        if whole and incoming.asks:
            more["asks"] = incoming.asks
        return {**kept, **more}

    def _accept_seen(self, incoming: Incoming, person: int, body: dict[str, Any]) -> None:
        """Of a stopped message nothing is kept but that its sender is there."""
        accept(
            self.world,
            Update(
                channel=CHANNEL,
                external=f"{incoming.external}:seen",
                person=person,
                lane=incoming.lane,
                body=seen(body),
                texts=(),
            ),
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


def _ended(incoming: Incoming) -> Tap | None:
    """What is shown for a tap that is not taken."""
    return Tap(incoming.callback) if incoming.callback else None


def _untaken(incoming: Incoming, person: int | None, span: Mapping[str, str]) -> Update:
    """In his private chat; of what was not taken nothing is kept but that it came."""
    return Update(
        channel=CHANNEL,
        external=incoming.external,
        person=person or accounts.STRANGER,
        lane=incoming.account,
        body={"type": "untaken", **span},
        texts=(),
    )
