"""Judges from outside what a storm has left: the server's screens against the database."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from sqlmodel import col, select

from bot.files import folder_of, path_of
from bot.world import World, make_world
from procedure.codec import canonical
from procedure.entries import DutyRung, IncidentOpened
from storage import chats, inbox, incidents, journal, marks
from storage.database import Session
from storage.tables import ChatRow, FileRow, InboxRow, MessageRow, PostingRow
from storage.tables_rooms import PlaceRow
from tests.faults.people import Walker
from tests.faults.storm import ON_THE_PAGE, Spot, Storm

#: What the bot says of its own accord, whenever it is due.
TOLD = ("notices/", "rings/", "rooms#")
#: While Telegram is away longer than three tries take, a file does not come: its sender is told.
NOT_FETCHED = "answers#file_not_fetched"
FINAL = (chats.SENT, chats.STALE, chats.MERGED, chats.HELD)


class Verdict:
    """Everything that is wrong, and the figures of the run. Ask it when the service has ended."""

    def __init__(self, storm: Storm) -> None:
        self.storm = storm
        self.updates = len(storm.api.state.updates.confirmed)
        self.repeated: list[Spot] = []
        self.rung = self.shown = self.opened = self.sent = self.unfetched = 0
        world = make_world(storm.settings)
        try:
            self.faults = world.db.read(lambda session: list(self._faults(world, session)))
        finally:
            world.db.close()

    def figures(self) -> dict[str, int]:
        """What was done, lost and repeated."""
        return {
            "lives ended": self.storm.deaths,
            "updates confirmed": self.updates,
            "acts": sum(one.acts for one in self.storm.walkers),
            "incidents opened": self.opened,
            "prompts sent": self.sent,
            "rings due": self.rung,
            "of them on a screen, by themselves or in a list": self.shown,
            "in flight at a death": sum(self.storm.windows),
            "most in flight at once": max(self.storm.windows, default=0),
            "repeated": len(self.repeated),
            "files not fetched, sender told": self.unfetched,
            "lost or wrong": len(self.faults),
        }

    def _faults(self, world: World, session: Session) -> Iterator[str]:
        yield from (f"journal: {fault}" for fault in journal.verify(session))
        yield from self._projections(session)
        yield from self._updates(session)
        yield from self._effects(session)
        yield from self._conversations(session)
        yield from self._outbox(session)
        yield from self._repeats()
        yield from self._rings(session)
        yield from self._rooms(session)
        yield from self._files(world, session)

    def _projections(self, session: Session) -> Iterator[str]:
        for one in incidents.listed(session, only_open=False):
            if incidents.refold(session, one.stream) != one:
                yield f"{one.stream}: the row is not the fold"

    # What came in

    def _updates(self, session: Session) -> Iterator[str]:
        """Every confirmed update was taken in once and handled; every line stands once."""
        state = self.storm.api.state
        yield from (f"never confirmed: {one.id}" for one in state.updates.pending)
        rows = {
            row.external: row
            for row in session.exec(select(InboxRow).where(InboxRow.channel == "telegram"))
        }
        for update in state.updates.confirmed:
            if update.lane > 0 and str(update.id) not in rows:
                yield f"update {update.id} was confirmed and lost: {list(update.body)}"
        unhandled = session.exec(select(InboxRow).where(InboxRow.state != inbox.DONE)).all()
        yield from (f"inbox {row.id} is {row.state}" for row in unhandled)
        yield from self._lines(session)
        for tap in state.taps.values():
            prompt, _, n = tap.data.partition(":")
            row = session.get(MessageRow, int(prompt))
            if row is None or row.answered not in (int(n), None) or row.answered is None:
                yield f"tap {tap.data} of {tap.person}: {row and row.answered}"

    def _lines(self, session: Session) -> Iterator[str]:
        found = session.exec(
            select(ChatRow.external, PostingRow.external, MessageRow.id)
            .join(PostingRow, col(PostingRow.chat) == col(ChatRow.id))
            .join(MessageRow, col(MessageRow.id) == col(PostingRow.message))
            .where(ChatRow.channel == "telegram", MessageRow.sender != chats.BOT)
        ).all()
        lines = {(int(chat.partition(":")[0]), int(own)): line for chat, own, line in found}
        said = [
            (one.chat, one.id)
            for one in self.storm.api.state.messages.values()
            if not one.from_bot and one.chat > 0 and not one.service
        ]
        yield from (f"the line {one} stands nowhere" for one in said if one not in lines)
        rows = session.exec(
            select(MessageRow.id)
            .join(ChatRow, col(ChatRow.id) == col(MessageRow.chat))
            .where(ChatRow.channel == "telegram", MessageRow.sender != chats.BOT)
        ).all()
        extra = set(rows) - set(lines.values())
        yield from (f"the line {one} was said by nobody" for one in extra)

    def _effects(self, session: Session) -> Iterator[str]:
        """Each report opened one incident, with its words, by its person; and nothing else did."""
        found: Counter[tuple[int, str]] = Counter()
        for one in incidents.listed(session, only_open=False):
            first = journal.read(session, one.stream)[0]
            if isinstance(first.fact, IncidentOpened) and first.channel in ("telegram", "web"):
                found[first.actor, str(first.fact.line)] += 1
        wanted = Counter((one.person, line) for one in self.storm.walkers for line in one.opened)
        self.opened = sum(found.values())
        yield from (f"never opened: {one}" for one in wanted - found)
        yield from (f"opened once too often: {one}" for one in found - wanted)

    def _conversations(self, session: Session) -> Iterator[str]:
        """Each person got just the answers of his walk, in their order, and no other."""
        for walker in self.storm.walkers:
            rows = session.exec(
                select(MessageRow.template)
                .join(ChatRow, col(ChatRow.id) == col(MessageRow.chat))
                .where(
                    ChatRow.person == walker.person,
                    ChatRow.channel == ("web" if walker.person == ON_THE_PAGE else "telegram"),
                    MessageRow.sender == chats.BOT,
                )
                .order_by(col(MessageRow.seq))
            ).all()
            found = [one for one in rows if not one.startswith(TOLD)]
            self.unfetched += found.count(NOT_FETCHED)
            yield from _unlike(walker, [one for one in found if one != NOT_FETCHED])

    # What went out

    def _outbox(self, session: Session) -> Iterator[str]:
        """Each prompt was sent or has a reason; each sent one stands there, chat by chat in order;
        no number of a chat is missing or given twice."""
        screens = {
            (one.chat, one.id) for one in self.storm.api.state.messages.values() if one.from_bot
        }
        posted: dict[int, list[int]] = defaultdict(list)
        for one in session.exec(select(PostingRow).order_by(col(PostingRow.id))).all():
            posted[one.message].append(int(one.external))
        query = select(ChatRow, MessageRow).join(
            MessageRow, col(MessageRow.chat) == col(ChatRow.id)
        )
        last: dict[int, int] = {}
        seqs: Counter[int] = Counter()
        for chat, row in session.exec(query.order_by(col(MessageRow.chat), col(MessageRow.seq))):
            seqs[row.chat] += 1
            if seqs[row.chat] != row.seq or row.seq > chat.last_seq:
                yield f"chat {row.chat}: {row.seq} is number {seqs[row.chat]}"
            if row.sender != chats.BOT:
                continue
            if row.state not in FINAL or (row.state != chats.SENT and not row.why):
                yield f"prompt {row.id} {row.template} is {row.state}: {row.why!r}"
            if row.state == chats.SENT and chat.channel == "telegram":
                self.sent += 1
                spots = posted[row.id or 0]
                place = int(chat.external.partition(":")[0])
                if not spots or any((place, one) not in screens for one in spots):
                    yield f"prompt {row.id} {row.template} is marked as sent and nobody has it"
                elif min(spots) < last.get(row.chat, 0):
                    yield f"prompt {row.id} {row.template} came before the one before it"
                last[row.chat] = max([last.get(row.chat, 0), *spots[:1]])

    def _repeats(self) -> Iterator[str]:
        """What stands twice was in the air when a life ended, or its answer was lost."""
        self.storm.notes_carried()
        for spot in self.storm.unmarked():
            self.repeated.append(spot)
            if spot not in self.storm.in_flight and not self.storm.lost_answer(spot):
                yield f"message or topic {spot} was made once too often, and no life ended then"

    # The clock

    def _rings(self, session: Session) -> Iterator[str]:
        """Each rung that the journal records came to a screen of its people, or there is a reason
        why not; nothing due is left."""
        queued: dict[tuple[int, datetime], list[MessageRow]] = defaultdict(list)
        for row in session.exec(select(MessageRow).where(MessageRow.duties != "[]")).all():
            queued[row.person, row.created_at].append(row)
        for one in incidents.listed(session, only_open=False):
            for entry in journal.read(session, one.stream):
                if not isinstance(entry.fact, DutyRung):
                    continue
                pair = canonical([one.stream, entry.fact.duty])
                for person in entry.fact.people:
                    self.rung += 1
                    rows = [row for row in queued[person, entry.at] if pair in row.duties]
                    ends = [_end(session, row) for row in rows]
                    self.shown += any(end.state == chats.SENT for end in ends)
                    if not any(_is_settled(end) for end in ends):
                        told = [f"{end.id} is {end.state}: {end.why!r}" for end in ends]
                        yield f"{one.code} {entry.fact} never reached {person}: {told}"
        last = datetime.fromisoformat(marks.marked(session, marks.LAST_TICK) or "")
        left = incidents.due(session, last)
        yield from (f"{one}: what was due at the last tick was not rung" for one in left)

    def _files(self, world: World, session: Session) -> Iterator[str]:
        """Each kept file lies there whole; nothing half received is left."""
        for row in session.exec(select(FileRow)).all():
            path = path_of(world.settings, row.sha256)
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != row.sha256:
                yield f"file {row.sha256} is not whole"
        spare = folder_of(world.settings) / "tmp"
        yield from (f"left half received: {one.name}" for one in spare.glob("*"))

    def _rooms(self, session: Session) -> Iterator[str]:
        """Each room that wants a topic has one, and no room has two."""
        places = session.exec(select(PlaceRow).where(PlaceRow.kind == "topic")).all()
        bare = [one.external for one in places if one.external.startswith("wait:")]
        yield from (f"no topic was made: {one}" for one in bare)
        standing = Counter((one.stream, one.forum) for one in places if one.ended_at is None)
        yield from (f"two topics of one room: {one}" for one, n in standing.items() if n > 1)


def _end(session: Session, row: MessageRow) -> MessageRow:
    """The prompt itself, or the list into which it went, or the list of that."""
    while row.state == chats.MERGED:
        row = session.get_one(MessageRow, int(row.why.removeprefix("merged into ")))
    return row


def _is_settled(row: MessageRow) -> bool:
    """Whether it was sent, and so stands on a screen as every such prompt does; was met or
    replaced before; or is kept back for this hour by the rule that he has had enough."""
    return row.state == chats.SENT or (row.state in (chats.STALE, chats.HELD) and bool(row.why))


def _unlike(walker: Walker, found: list[str]) -> Iterator[str]:
    for n, (wanted, one) in enumerate(zip(walker.wanted, found, strict=False)):
        if not one.startswith(wanted):
            yield f"person {walker.person}, answer {n}: {one} in place of {wanted}"
            return
    if len(found) != len(walker.wanted):
        yield f"person {walker.person}: {len(found)} answers to {len(walker.wanted)}"
