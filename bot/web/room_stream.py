"""What a page's event stream tells of rooms: each new line, and how each room stands.

A member taken out hears nothing more from the read after his going; whose rooms they are is
looked up anew whenever a journal has grown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.room_web import record_name
from bot.web.room_told import KEPT, RoomTeller, card_of, reading, states_of
from bot.web.rooms import home_of, is_member
from bot.web.state import Problem, Web
from procedure.incident import Incident
from procedure.organisation import Organisation
from storage import incidents, pages, room_reads
from storage.database import Session
from storage.tables import MessageRow

_PAGE = 200
_MOST_ROOMS = 256
Event = tuple[str, dict[str, Any]]


def cursors_of(listed: str) -> dict[str, int]:
    """The last number that a page has of each room: "incident-1:12,incident-2:0"."""
    found = {}
    for part in listed.split(","):
        stream, _, seq = part.rpartition(":")
        if part and not (stream and seq.isascii() and seq.isdigit() and len(seq) < 16):
            raise Problem(400, "bad_request")
        if part:
            found[stream] = int(seq)
    if len(found) > _MOST_ROOMS:
        raise Problem(400, "bad_request")
    return found


@dataclass
class RoomFeed:
    """The rooms of the persons of one page. `cursors`: the last number it has of each room."""

    web: Web
    people: Sequence[int]
    cursors: dict[str, int]
    _seen: tuple[int, Organisation | None] = (-1, None)
    _until: datetime | None = None
    _begun: bool = False
    _members: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _cards: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    _records: dict[str, dict[int, str]] = field(default_factory=dict)

    def read(self, session: Session, changed: Sequence[int]) -> list[Event]:
        """What is new since the last read; `changed` are prompts with other buttons than before."""
        found = self._look_again(session)
        rows = [row for stream in self._members for row in self._new(session, stream)]
        known = {id for id in changed if id not in {row.id for row in rows}}
        told = [row for row in pages.messages(session, known) if self._has(session, row)]
        return found + self._lines(session, rows + told)

    def _look_again(self, session: Session) -> list[Event]:
        """Membership and cards follow the journals, and what time itself changes."""
        now, organisation = self.web.world.now(), self.web.world.organisation(session)
        size = pages.journal_size(session)
        passed = self._until is not None and self._until <= now
        if self._seen[0] == size and self._seen[1] is organisation and not passed:
            return []
        self._seen, self._until = (size, organisation), None
        rooms = self._rooms(session)
        self._members = {one.stream: self._of(session, one) for one in rooms}
        self._members = {stream: people for stream, people in self._members.items() if people}
        inside = [one for one in rooms if one.stream in self._members]
        found = self._stands(session, inside) + self._gone()
        return found + self._lines(
            session, [r for one in inside for r in self._taken_back(session, one)]
        )

    def _rooms(self, session: Session) -> list[Incident]:
        """Every open incident, and what a page has open already though it has been closed."""
        listed = {one.stream: one for one in incidents.listed(session)}
        for stream in {*self.cursors, *self._members} - listed.keys():
            incident = home_of(self.web, session, stream)
            if incident is not None and incident.stream == stream:
                listed[stream] = incident
        return list(listed.values())

    def _of(self, session: Session, incident: Incident) -> tuple[int, ...]:
        return tuple(one for one in self.people if is_member(self.web, session, one, incident))

    def _stands(self, session: Session, inside: Iterable[Incident]) -> list[Event]:
        found = []
        for incident in inside:
            card, until = card_of(self.web, session, incident)
            if until and (self._until is None or until < self._until):
                self._until = until
            for person in self._members[incident.stream]:
                if self._cards.get((person, incident.stream)) == card:
                    continue
                self._cards[person, incident.stream] = card
                left = reading(self.web, session, incident.stream, person)
                found.append(("card", {"person": person, "gone": False, **card, **left}))
        return found

    def _gone(self) -> list[Event]:
        """Rooms that a person has left; at first also those that the page still shows him."""
        left = [key for key in self._cards if key[0] not in self._members.get(key[1], ())]
        for key in left:
            del self._cards[key]
        if not self._begun:
            named = ((one, stream) for stream in self.cursors for one in self.people)
            left += [key for key in named if key not in self._cards]
            self._begun = True
        return [("card", {"person": one, "room": stream, "gone": True}) for one, stream in left]

    def _taken_back(self, session: Session, incident: Incident) -> list[MessageRow]:
        """Lines whose words have left the record since they were told."""
        states = states_of(incident)
        before = self._records.get(incident.stream, {})
        self._records[incident.stream] = states
        numbers = [n for n, state in states.items() if state != before.get(n, KEPT)]
        chat = room_reads.thread_of(session, incident.stream)
        names = [record_name(incident.stream, n) for n in numbers]
        return room_reads.lines_about(session, chat, names) if chat and names else []

    def _new(self, session: Session, stream: str) -> list[MessageRow]:
        chat = room_reads.thread_of(session, stream)
        if chat is None:
            self.cursors.setdefault(stream, 0)
            return []
        # A room that the page did not name is read by it when it is opened.
        self.cursors.setdefault(stream, pages.settled(session, chat))
        found: list[MessageRow] = []
        while chat.last_seq > self.cursors[stream]:
            rows = pages.page_of(session, chat, self.cursors[stream], _PAGE)
            found += rows
            if rows:
                self.cursors[stream] = rows[-1].seq
            if len(rows) < _PAGE:
                break
        return found

    def _has(self, session: Session, row: MessageRow) -> bool:
        stream = room_reads.stream_of_thread(session, row.chat)
        return stream in self._members and row.seq <= self.cursors.get(stream or "", 0)

    def _lines(self, session: Session, rows: Iterable[MessageRow]) -> list[Event]:
        found: list[Event] = []
        tellers: dict[int, RoomTeller] = {}
        for row in rows:
            stream = room_reads.stream_of_thread(session, row.chat)
            for person in self._members.get(stream or "", ()):
                teller = tellers.setdefault(person, RoomTeller(self.web, session, person))
                told = {"person": person, "room": stream, **teller.told(row)}
                found.append(("room", told))
        return found
