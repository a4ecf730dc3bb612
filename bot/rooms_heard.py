"""What is said, asked and done in a room: put on record, done by one tap, or led into private.

Kept is only what concerns the room (conduct §16): commands, replies to a request for content,
and what reads as if it belonged elsewhere; all else stays between those who are there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import room_guests, room_people, room_web, rooms
from bot.converse import Talk
from bot.stage import WEB, Stage
from bot.world import World
from handlers import binding, catalogue, navigation, views
from handlers.form import Said
from handlers.reading.intake import understand
from handlers.rooms import Line
from handlers.say import Say, choice, opens
from procedure import actions as a
from procedure.codec import Prose, dump, load
from procedure.errors import NotYours, Refused
from procedure.facts import FileRef
from procedure.incident import Incident
from procedure.organisation import Unit
from procedure.text import fold, words_of
from storage import accounts, chats, places, postings
from storage.database import Session
from storage.inbox import Waiting
from storage.tables import ChatRow, MessageRow
from storage.tables_rooms import PlaceRow

Body = Mapping[str, Any]
RECORD = "ghi"
#: Commands of a room that are answered in it, for all to see.
IN_THE_OPEN = "vuviec"


def concerns(world: World, session: Session, channel: str, person: int, body: Body) -> Body | None:
    """What of an update of a group is kept: all, that somebody is there, or nothing. Reads only."""
    place = places.at(session, channel, str(body["room"]))
    if body["type"] not in ("room_said", "room_command", "room_edited"):
        return body if places.in_group(session, channel, str(body["group"])) else None
    if _is_for_us(Stage(world, session, world.now(), channel), place, person, body):
        return body
    stage = Stage(world, session, world.now(), channel)
    if place and room_guests.is_news(stage, channel, str(body["group"]), str(body["account"])):
        return seen(body)
    return None


def seen(body: Body) -> Body:
    """That somebody is in a group, without what he said."""
    kept = ("room", "group", "title", "forum", "account", "name", "external")
    return {"type": "room_seen", **{key: body[key] for key in kept if key in body}}


def _is_for_us(stage: Stage, place: PlaceRow | None, person: int, body: Body) -> bool:
    if person == accounts.STRANGER or body["type"] == "room_edited":
        return False
    if body["type"] == "room_command":
        return place is not None or body["command"] == "phong"
    if place is None or place.stream is None:
        return False
    incident = stage.file_of(place.stream)
    if not rooms.is_member(stage, person, incident):
        return False  # Whoever has no part puts nothing on record, and is led nowhere.
    if wanted_by(stage, place, body) is not None:
        return True
    return is_elsewhere(stage, person, incident, str(body.get("text", "")))


@dataclass
class Heard:
    """One update of a room in its turn: who, where, and the private chat that answers go to."""

    stage: Stage
    row: Waiting
    body: Body
    place: PlaceRow | None
    person: int
    #: On the web: the line of the thread that these words became.
    line: int | None = None

    @property
    def incident(self) -> Incident | None:
        """The incident whose room it is; of a merged one the file in which it lies."""
        stream = self.place.stream if self.place else self.body.get("stream")
        return self.stage.file_of(stream) if stream else None

    @property
    def talk(self) -> Talk:
        """The private chat of whoever said it, on the channel where he said it."""
        stage = self.stage
        if stage.channel == WEB:
            chat = chats.chat_of(stage.session, WEB, str(self.person), self.person)
        else:
            account = str(self.body["account"])
            chat = chats.chat_of(stage.session, stage.channel, account, self.person)
        stage.chat = chat
        return Talk(stage, chat)

    @property
    def said(self) -> Said:
        """The words and files as an answer."""
        files = tuple(load(FileRef, one) for one in self.body.get("files", ()))
        return Said(text=str(self.body.get("text", "")), at=self.row.received_at, files=files)


def handle(stage: Stage, parts: Sequence[Waiting], bodies: Sequence[Body]) -> None:
    """Handles one update of a room, or the parts of one album as one."""
    bodies = [one for one in bodies if one["type"] != "ignored"] or bodies
    body = {**bodies[0], "files": [one for body in bodies for one in body.get("files", ())]}
    body["text"] = "\n".join(str(one["text"]) for one in bodies if one.get("text"))
    row = parts[0]
    place = places.at(stage.session, row.channel, str(body["room"]))
    heard = Heard(stage, row, body, place, row.person)
    kind = body["type"]
    if kind in room_people.EVENTS:
        room_people.handle(stage, row.channel, body)
        return
    if place is not None and "account" in body:
        group, name = str(body["group"]), str(body.get("name", ""))
        room_guests.came(stage, row.channel, group, str(body["account"]), name)
    if row.person == accounts.STRANGER:
        return
    if kind == "room_tap":
        rooms.tapped(stage, row.person, int(body["prompt"]), int(body["n"]))
    elif kind == "room_command":
        _command(heard)
    elif kind == "room_said":
        _said(heard)


# Words


def _said(heard: Heard) -> None:
    stage, incident = heard.stage, heard.incident
    if incident is None or not _written(heard, incident, heard.said):
        return
    about = wanted_by(stage, heard.place, heard.body)
    if about is not None:
        put_on_record(heard, incident, heard.said, about)
    elif is_elsewhere(stage, heard.person, incident, heard.said.text):
        _ask_where(heard, incident)


def _written(heard: Heard, incident: Incident, said: Said) -> bool:
    """On the web the bot keeps the thread itself; False when he belongs there no more."""
    if heard.stage.channel != WEB:
        return True
    reply_to = heard.body.get("reply_to")
    heard.line = room_web.written(heard.stage, heard.row, incident, said, reply_to)
    if heard.line is None:
        heard.talk.refuse(NotYours("not_in_incident", who=None), None)
    return heard.line is not None


def wanted_by(stage: Stage, place: PlaceRow | None, body: Body) -> str | None:
    """The duty that a reply serves, when it answers a line that asks for content."""
    line = _replied(stage.session, place, body)
    wants = chats.facts_of(line).get("wants") if line else None
    return str(wants) if wants else None


def _replied(session: Session, place: PlaceRow | None, body: Body) -> MessageRow | None:
    if place is not None and body.get("reply_external"):
        found = postings.message_of(session, place.chat, str(body["reply_external"]))
        return session.get(MessageRow, found) if found else None
    return session.get(MessageRow, int(body["reply_to"])) if body.get("reply_to") else None


def put_on_record(heard: Heard, incident: Incident, said: Said, about: str | None = None) -> None:
    """Words and files become an entry with author and time; the author is told in private."""
    room = heard.place.room if heard.place else 0
    action = a.KeepRecord(
        text=Prose(said.text.strip()), said_at=said.at, room=room, files=said.files, about=about
    )
    try:
        with heard.stage.session.begin_nested():
            heard.stage.perform(incident.stream, heard.person, action)
    except Refused as refusal:
        heard.talk.refuse(refusal, incident.stream)
        return
    number = len(heard.stage.incident(incident.stream).records)
    room_web.on_record(heard.stage, heard.line, incident, number)
    heard.talk.say(recorded(incident.stream, number))


def recorded(stream: str, number: int) -> Say:
    """What the author is told of what now stands on record (conduct §16)."""
    return Say(
        template="rooms#recorded",
        facts={"record": number},
        choices=[
            choice("move_record", {"move_record": number, "stream": stream}),
            choice("withdraw_record", {"withdraw": number, "stream": stream}),
        ],
        stream=stream,
        about=f"record:{stream}:{number}",
    )


def is_elsewhere(stage: Stage, person: int, incident: Incident, text: str) -> bool:
    """Whether words read like a new report, or name another incident's place (conduct §16)."""
    units = stage.organisation.units
    known = understand(text, stage.world.words.lexicon, units[incident.unit].places)
    here = _names_of(stage, incident)
    told = bool(known.effects or known.casualties or known.states)
    another_kind = known.kind and known.kind != incident.incident_kind
    if another_kind and (told or known.places):
        return True
    if (known.kind or told) and any(_names(text, one, here) for one in units.values()):
        return True
    others = _others(stage, person, incident)
    return any(_names(text, units[one.unit], here, one.code) for one in others)


def _names_of(stage: Stage, incident: Incident) -> str:
    unit = stage.organisation.units[incident.unit]
    words = (incident.title, incident.line, incident.detail("place"), unit.short, unit.name)
    return f" {fold(' '.join((*map(str, words), *unit.places)))} "


def _names(text: str, unit: Unit, here: str, *more: str) -> bool:
    """Whether words name a unit, a place of it or `more`, none of which belongs here too."""
    words = f" {' '.join(one.folded for one in words_of(text) if one.folded)} "
    spoken = [fold(name) for name in (unit.short, *unit.places, *more)]
    # "kênh mười hai" is said for "xã Kênh Mười Hai": the word for its kind is left out.
    spoken += [own for own in (name.partition(" ")[2] for name in spoken) if " " in own]
    return any(f" {name} " in words and f" {name} " not in here for name in spoken)


def _others(stage: Stage, person: int, incident: Incident) -> list[Incident]:
    seen = navigation.seen_incidents(stage.desk(person, None, {}))
    return [one for one in seen if one.stream != incident.stream]


def _ask_where(heard: Heard, incident: Incident) -> None:
    said = heard.said
    files = [dump(one) for one in said.files]
    buttons = [choice("report_new", opens("report_incident", None, line=said.text, files=files))]
    others = _others(heard.stage, heard.person, incident)
    for other in _likeliest(heard.stage, others, said.text)[:1]:
        add = opens("add_line", other.stream, line=said.text, files=files)
        buttons.append(choice("move_to", add, code=other.code))
    buttons.append(choice("not_so", {"leave_alone": True}))
    heard.talk.say(
        Say(
            template="rooms#wrong_room",
            facts={"line": _short(said.text), "at": said.at},
            choices=buttons,
            stream=incident.stream,
            about=f"wrong_room:{heard.row.id}",
        )
    )


def _likeliest(stage: Stage, others: Sequence[Incident], text: str) -> list[Incident]:
    """The incident whose unit or place the words name comes first."""
    units = stage.organisation.units
    return sorted(others, key=lambda one: not _names(text, units[one.unit], "", one.code))


def _short(text: str, most: int = 20) -> str:
    words = text.split()
    return " ".join(words[:most]) + (" …" if len(words) > most else "")


# Commands


def _command(heard: Heard) -> None:
    name, rest = str(heard.body["command"]), str(heard.body.get("text", ""))
    incident = heard.incident
    if name == "phong":
        _bind(heard)
    elif incident is None or not _may_command(heard, incident):
        return
    elif name == RECORD:
        _record(heard, incident, rest)
    elif name == IN_THE_OPEN and heard.place is not None:
        chat = heard.stage.session.get_one(ChatRow, heard.place.chat)
        rooms.say(heard.stage, chat, incident, Line(block="card", guarded="card_guarded"))
    else:
        _in_private(heard, incident, name)


def _may_command(heard: Heard, incident: Incident) -> bool:
    """In a group nothing answers an outsider; on the web he is told why, in private."""
    return heard.stage.channel == WEB or rooms.is_member(heard.stage, heard.person, incident)


def _record(heard: Heard, incident: Incident, rest: str) -> None:
    """ "/ghi …", or "/ghi" in reply to what the same person said before."""
    said = heard.said
    own = heard.body.get("reply_account") == heard.body.get("account")
    if not rest.strip() and not said.files and heard.body.get("reply_text") and own:
        said = Said(text=str(heard.body["reply_text"]), at=said.at)
    if said.text.strip() or said.files:
        if _written(heard, incident, said):
            put_on_record(heard, incident, said)
    else:
        heard.talk.say(Say(template="rooms#record_what", stream=incident.stream))


def _in_private(heard: Heard, incident: Incident, name: str) -> None:
    """Forms never run in the open; in the room stands only the way to where it goes on."""
    target = catalogue.COMMANDS.get(name)
    if target is None:
        return
    talk = heard.talk
    try:
        with heard.stage.session.begin_nested():
            if target.form:
                form = catalogue.form(target.form)
                stream = incident.stream if form.about_incident else None
                talk.open(target.form, stream, target.args)
            else:
                desk = heard.stage.desk(heard.person, incident.stream, {"words": ""})
                for answer in views.show(target.view or "help", desk):
                    talk.say(answer)
    except Refused as refusal:
        talk.refuse(refusal, incident.stream)
    _point_the_way(heard)


def _point_the_way(heard: Heard) -> None:
    if heard.place is None or not heard.place.chat:
        return
    chat = heard.stage.session.get_one(ChatRow, heard.place.chat)
    chats.enqueue(
        heard.stage.session,
        chat,
        chats.Prompt(
            template="rooms#go_private",
            facts={"who": heard.person, "guarded": "go_private_guarded"},
            choices=[choice("open_private", {"into_private": True})],
            about="go_private",
        ),
        at=heard.stage.now,
    )


def _bind(heard: Heard) -> None:
    """The group is bound in private, by an administrator of the bot and of the group."""
    body, stage = heard.body, heard.stage
    known = heard.place is not None and heard.place.stream is not None
    about = {
        "group": body["room"] if known else body["group"],
        "title": body["title"],
        "forum": body["forum"],
        "status": body.get("status", ""),
        "rights": body.get("rights", []),
        "channel": heard.row.channel,
    }
    try:
        heard.talk.say(binding.asked(stage.desk(heard.person, None, about), heard.place))
    except Refused as refusal:
        heard.talk.refuse(refusal, None)
    _point_the_way(heard)


def withdraw(talk: Talk, stream: str, number: int) -> None:
    """[Rút lại]: the bytes go, the fact stays (conduct §16)."""
    stage = talk.stage
    stage.perform(stream, talk.person, a.WithdrawRecord(record=number))
    talk.say(Say(template="rooms#record_gone", facts={"record": number}, stream=stream))
