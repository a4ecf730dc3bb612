"""A room as one of its members reads it: its lines with their authors, its card, who is in it."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from bot import rooms
from bot.room_web import record_of
from bot.stage import WEB, Stage
from bot.web.message import Teller
from bot.web.session import card as person_card
from bot.web.state import Web
from procedure.incident import Incident
from procedure.organisation import Organisation
from procedure.parties import (
    Party,
    Post,
    coordinators,
    fact_keeper,
    heads,
    resolve,
    room_members,
    speaker,
)
from storage import incidents, pages, room_reads
from storage.database import Session
from storage.tables import MessageRow

KEPT, WITHDRAWN, MOVED = "kept", "withdrawn", "moved"
_SHORT = 120


class RoomTeller:
    """Tells the lines of rooms to one member within one read of the database."""

    def __init__(self, web: Web, session: Session, reader: int) -> None:
        self._teller = Teller(web, session, reader)
        self._session = session
        self._organisation = web.world.organisation(session)

    def told(self, row: MessageRow) -> dict[str, Any]:
        """One line of the contract; its buttons are for each member, and never used up."""
        told = self._teller.told(row)
        if told["from"] != "bot":
            told["from"] = "me" if row.person == self._teller.reader else "other"
        author = row.person if row.person in self._organisation.people else None
        return told | {
            "author": person_card(self._organisation, author) if author else None,
            "answered": None,
            "record": self._record(row),
        }

    def all(self, rows: Sequence[MessageRow]) -> list[dict[str, Any]]:
        """Lines in the order given."""
        return [self.told(row) for row in rows]

    def _record(self, row: MessageRow) -> dict[str, Any] | None:
        found = record_of(row)
        if found is None:
            return None
        stream, number = found
        states = states_of(incidents.get(self._session, stream))
        return {"number": number, "state": states.get(number, KEPT)}


def states_of(incident: Incident) -> dict[int, str]:
    """What became of each record of an incident."""
    return {
        one.id: MOVED if one.moved_to else WITHDRAWN if one.withdrawn_at else KEPT
        for one in incident.records
    }


def card_of(
    web: Web, session: Session, incident: Incident
) -> tuple[dict[str, Any], datetime | None]:
    """How a room stands, the same for all its members, and until when that holds (UTC)."""
    stage = Stage(web.world, session, web.world.now(), WEB)
    text, until = rooms.card_of(stage, incident)
    scene = web.scene(session, incident=incident)
    view = scene.view
    assert view is not None
    severity, step = (
        web.world.renderer.text(f"web#{one}", {}, scene) for one in ("severity", "step")
    )
    return {
        "room": incident.stream,
        "code": incident.code,
        "title": str(incident.title),
        "drill": incident.drill,
        "open": incident.closed_at is None,
        "severity": incident.severity.value,
        "severity_text": severity,
        "step": view.step_number,
        "step_text": step,
        "text": text,
        "members": len(room_members(incident, web.world.organisation(session))),
    }, until


def reading(web: Web, session: Session, stream: str, person: int) -> dict[str, Any]:
    """What one member has not read yet, and what was said last."""
    chat = room_reads.thread_of(session, stream)
    if chat is None:
        return {"unread": 0, "read": 0, "last": None, "last_seq": 0}
    read = room_reads.read_up_to(session, stream, person)
    line = room_reads.last_line(session, chat)
    return {
        "unread": room_reads.unread(session, chat, person, read),
        "read": read,
        "last": _short(RoomTeller(web, session, person).told(line)) if line else None,
        "last_seq": pages.settled(session, chat),
    }


def _short(told: dict[str, Any]) -> dict[str, Any]:
    author = told["author"]
    return {
        "from": told["from"],
        "name": author["short"] if author else "",
        "text": told["text"][:_SHORT],
        "at_text": told["at_text"],
    }


def members(web: Web, session: Session, incident: Incident) -> list[dict[str, Any]]:
    """Who is in the room, each with his first part in the incident, in the order of the parts."""
    scene = web.scene(session, incident=incident)
    organisation = scene.organisation
    left = list(room_members(incident, organisation))
    found = []
    for part, people in _parts(incident, organisation):
        for person in [one for one in left if one in people]:
            left.remove(person)
            words = web.world.renderer.text(f"web#part_{part}", {}, scene)
            found.append({**person_card(organisation, person), "part": part, "part_text": words})
    return found


def _parts(incident: Incident, organisation: Organisation) -> Iterator[tuple[str, Collection[int]]]:
    def holders(post: Post) -> tuple[int, ...]:
        return resolve(Party(post), incident, organisation)

    meeting = incident.meeting
    yield "speaker", (speaker(incident, organisation),)
    yield "keeper", (fact_keeper(incident),)
    yield "chair", (meeting.chair,) if meeting else ()
    yield "leader", holders(Post.LEADER)
    yield "duty_officer", holders(Post.DUTY_OFFICER)
    yield "office", holders(Post.COMMITTEE_OFFICE)
    units = {incident.unit, *(one.unit for one in incident.reports)}
    yield "head", {person for unit in units for person in heads(unit, organisation)}
    yield "reporter", {incident.opened_by, *(one.person for one in incident.reports)}
    yield "verifier", {one.person for one in incident.orders}
    yield "owner", {one.owner for one in incident.tasks}
    yield "coordinator", coordinators(incident, organisation)
    yield "invited", {one.person for one in meeting.invitees} if meeting else ()
    yield "added", incident.room_added
    yield "other", organisation.people.keys()
