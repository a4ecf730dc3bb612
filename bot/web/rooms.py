"""The rooms of incidents on the web, for those without a messenger (conduct §13, §16).

Every address is a member's alone; the press is never one (`procedure.parties.room_members`).
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request

from bot import rooms
from bot.accept import Accepted, Update, accept, would_stop
from bot.files import Arrived
from bot.rooms_heard import RECORD
from bot.stage import WEB, Stage
from bot.web import room_told
from bot.web.chat import Answer, Shown, check, receive, stops_for
from bot.web.limits import READ, SPOKEN
from bot.web.session import Persona
from bot.web.state import Problem, TheWeb, Web
from bot.web.upload import Upload, read_upload
from handlers.reading.intents import command, command_rest
from procedure.incident import Incident
from storage import incidents, pages, room_reads
from storage.database import Session
from storage.tables import MessageRow

router = APIRouter(prefix="/api/rooms/{person}")


@dataclass(frozen=True)
class Member:
    """Who asks, as a member, and the stream of the room that he asks about."""

    person: int
    stream: str

    @property
    def lane(self) -> str:
        """The room's thread, by its outer id; its lines overtake one another never."""
        return f"room:{self.stream}"


def home_of(web: Web, session: Session, stream: str) -> Incident | None:
    """The incident whose room a stream is: of a merged one the file in which it lies."""
    try:
        return Stage(web.world, session, web.world.now(), WEB).file_of(stream)
    except KeyError:
        return None


def is_member(web: Web, session: Session, person: int, incident: Incident | None) -> bool:
    """Whether a person belongs in the room of an incident now."""
    if incident is None or incident.opened_at is None:
        return False
    stage = Stage(web.world, session, web.world.now(), WEB)
    return rooms.is_member(stage, person, incident)


def rooms_of(web: Web, session: Session, person: int) -> list[Incident]:
    """The open incidents in whose rooms a person is, the newest first."""
    return [one for one in incidents.listed(session) if is_member(web, session, person, one)]


def member_of(person: Persona, web: TheWeb, stream: Annotated[str, Path(max_length=64)]) -> Member:
    """The member of the address; whether there is such a room at all is told to no one else."""

    def found(session: Session) -> bool:
        return is_member(web, session, person, home_of(web, session, stream))

    if not web.world.db.read(found):
        raise Problem(403, "not_in_room")
    return Member(person, stream)


TheMember = Annotated[Member, Depends(member_of)]


@router.get("")
def listed(person: Persona, web: TheWeb) -> dict[str, Any]:
    """His rooms: how each stands, what he has not read, what was said last."""

    def work(session: Session) -> list[dict[str, Any]]:
        return [
            room_told.card_of(web, session, one)[0]
            | room_told.reading(web, session, one.stream, person)
            for one in rooms_of(web, session, person)
        ]

    return {"rooms": web.world.db.read(work)}


@router.get("/{stream}/messages")
def messages(
    member: TheMember,
    web: TheWeb,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> dict[str, Any]:
    """The first `limit` lines behind `after`, and the number up to which the room is told."""

    def work(session: Session) -> dict[str, Any]:
        chat = room_reads.thread_of(session, member.stream)
        if chat is None:
            return {"messages": [], "last_seq": 0}
        teller = room_told.RoomTeller(web, session, member.person)
        told = teller.all(pages.page_of(session, chat, after, limit))
        return {"messages": told, "last_seq": pages.settled(session, chat)}

    return web.world.db.read(work)


@router.get("/{stream}/card")
def card(member: TheMember, web: TheWeb) -> dict[str, Any]:
    """The words that stand pinned above the room, computed from the incident."""

    def work(session: Session) -> dict[str, Any]:
        incident = home_of(web, session, member.stream)
        assert incident is not None
        return room_told.card_of(web, session, incident)[0]

    return web.world.db.read(work)


@router.get("/{stream}/members")
def members(member: TheMember, web: TheWeb) -> dict[str, Any]:
    """Who is in the room, by his part in the incident."""

    def work(session: Session) -> list[dict[str, Any]]:
        incident = home_of(web, session, member.stream)
        assert incident is not None
        return room_told.members(web, session, incident)

    return {"members": web.world.db.read(work)}


@router.post("/{stream}/messages", status_code=202, dependencies=[SPOKEN])
async def write(member: TheMember, web: TheWeb, request: Request) -> dict[str, Any]:
    """A line, photos, files; with `record` they go on record. Committed when this answers.

    `private`: it was a command, and what it brings stands in the person's own chat; `toast` says
    so at once.
    """
    upload = await read_upload(request, stops_for(web, member.person))
    check(upload)
    return await asyncio.to_thread(_take, web, member, upload)


def _take(web: Web, member: Member, upload: Upload) -> dict[str, Any]:
    secret = upload.secret or would_stop(web.world, person=member.person, texts=upload.texts)
    arrived: Sequence[Arrived] = () if secret else receive(web, upload)
    body: dict[str, Any] = {"type": "room_said", "room": member.lane, "stream": member.stream}
    if not secret:
        body |= _said(web, member, upload)
    state = accept(
        web.world,
        Update(
            channel=WEB,
            external=f"{member.person}:{upload.client_id}",
            lane=member.lane,
            person=member.person,
            body=body,
            texts=upload.texts,
            arrived=arrived,
        ),
    )
    goes_on = state is Accepted.STOPPED or body.get("command", RECORD) != RECORD
    toast = _answer(web, rooms.goes_on_in_private) if goes_on else rooms.Toast()
    return {"state": state.value, "toast": toast.text, "private": toast.private}


def _answer(web: Web, said: Callable[[Stage], rooms.Toast]) -> rooms.Toast:
    """What the room is answered with at once, read before or beside the turn."""
    return web.world.db.read(lambda session: said(Stage(web.world, session, web.world.now(), WEB)))


def _said(web: Web, member: Member, upload: Upload) -> dict[str, Any]:
    """What was typed as a command with its stroke, what is to go on record, or just said."""
    text = upload.text
    name = command(text, web.world.words.intents) if text.lstrip().startswith("/") else None
    said: dict[str, Any] = {"text": command_rest(text) if name else text, "files": []}
    if upload.reply_to and line_in(web, member, upload.reply_to):
        said["reply_to"] = upload.reply_to
    if name or upload.record:
        return said | {"type": "room_command", "command": name or RECORD}
    return said


def line_in(web: Web, member: Member, id: int) -> bool:
    """Whether a line stands in this very room: by its number alone no other chat is reached."""

    def work(session: Session) -> bool:
        row, chat = session.get(MessageRow, id), room_reads.thread_of(session, member.stream)
        return row is not None and chat is not None and row.chat == chat.id

    return web.world.db.read(work)


@router.post("/{stream}/taps", status_code=202, dependencies=[SPOKEN])
def tap(member: TheMember, web: TheWeb, tapped: Answer) -> dict[str, Any]:
    """A button: what it comes to, for this member; `private` goes on in his own chat."""
    if not line_in(web, member, tapped.prompt):
        raise Problem(404, "no_such_line")
    toast = _answer(web, lambda stage: rooms.toast(stage, member.person, tapped.prompt, tapped.n))
    button = {"prompt": tapped.prompt, "n": tapped.n}
    in_room = {"type": "room_tap", "room": member.lane, "stream": member.stream}
    result = accept(
        web.world,
        Update(
            channel=WEB,
            external=f"{member.person}:{tapped.client_id}",
            lane=str(member.person) if toast.private else member.lane,
            person=member.person,
            body=button | ({"type": "start"} if toast.private else in_room),
            texts=(),
        ),
    )
    return {"state": result.value, "toast": toast.text, "private": toast.private}


@router.post("/{stream}/shown", dependencies=[READ])
def shown(member: TheMember, web: TheWeb, seen: Shown) -> dict[str, int]:
    """His page has shown the room up to a number: what is unread counts from here."""

    def work(session: Session) -> int:
        chat = room_reads.thread_of(session, member.stream)
        seq = min(seen.seq, pages.settled(session, chat)) if chat else 0
        return room_reads.has_read(session, member.stream, member.person, seq, web.world.now())

    return {"shown_seq": web.world.db.write(work)}
