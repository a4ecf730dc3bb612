"""The room of an incident: one thread on the web and its places on messengers (conduct §13, §16).

What the bot says in a room reaches all of its places. Acts of one tap work there for those they
belong to; everything else goes on in private.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot import room_guests
from bot.room_guests import is_member as is_member
from handlers import rooms
from handlers.rooms import Line
from procedure import actions as a
from procedure import entries as e
from procedure import entries_rooms as r
from procedure.actions import ACTIONS
from procedure.codec import Prose, load
from procedure.entries import Entry
from procedure.errors import BadValue, Outdated, Refused
from procedure.incident import Incident
from procedure.parties import room_members
from storage import chats, erasure, outbox, places
from storage.chats import Prompt
from storage.lines import AnyLine
from storage.tables import ChatRow, MessageRow
from storage.tables_rooms import PlaceRow

if TYPE_CHECKING:
    from bot.stage import Stage

#: The path of all sentences of rooms.
WORDS = "rooms"
#: What stands for a line while somebody reads along who may not.
GUARDED = "rooms#guarded"
#: What speaks of a place, or to one person in it: nothing for the members when the place is gone.
_OF_THE_PLACE = ("rooms#bound", "rooms#unbound", "rooms#card", "rooms#go_private")
#: How far back a line that says the same is looked for.
_LOOK_BACK = 30


def streams_of(incident: Incident) -> list[str]:
    """The incidents whose rooms follow this file: its own and those that were merged into it."""
    return [incident.stream, *(one.stream for one in incident.live_merged)]


def places_of(stage: "Stage", incident: Incident) -> list[PlaceRow]:
    """Where on messengers the room of an incident is now."""
    return places.of_streams(stage.session, streams_of(incident))


def seen_by(stage: "Stage", several: Sequence[Incident]) -> list[Incident]:
    """Those of several incidents that have a room, or guests, or a place somewhere."""
    here = places.of_streams(stage.session, [one for it in several for one in streams_of(it)])
    placed = {place.stream for place in here}
    return [
        one
        for one in several
        if one.rooms or one.guests or not placed.isdisjoint(streams_of(one)) or one.live_merged
    ]


def chats_of(stage: "Stage", incident: Incident) -> list[ChatRow]:
    """Every chat that the room of an incident has, the thread on the web first."""
    threads = [places.room_chat(stage.session, one) for one in streams_of(incident)]
    on_messengers = (stage.session.get(ChatRow, one.chat) for one in places_of(stage, incident))
    return [*threads, *(chat for chat in on_messengers if chat is not None)]


def tell(stage: "Stage", incident: Incident, entries: Sequence[Entry]) -> None:
    """Says in the room what these entries mean for all, and has its cards looked at."""
    for entry in entries:
        _keep(stage, incident, entry)
    if any(isinstance(entry.fact, e.IncidentOpened) for entry in entries):
        _wait_for_topics(stage, incident)
    said = rooms.lines(incident, entries)
    if said:
        everywhere = chats_of(stage, incident)
        for entry, line in said:
            for chat in everywhere:
                say(stage, chat, incident, line, key=f"{incident.stream}:{entry.seq}")
    streams = streams_of(incident)
    room_guests.settle(stage, incident, streams)
    places.touch(stage.session, streams)


def _keep(stage: "Stage", incident: Incident, entry: Entry) -> None:
    """What an entry about the room itself changes outside of the journal."""
    fact = entry.fact
    if isinstance(fact, r.RoomBound):
        _bind(stage, incident, fact)
    elif isinstance(fact, r.RoomEnded):
        room = next(one for one in incident.rooms if one.id == fact.room)
        place = places.at(stage.session, room.channel, room.place)
        if place is not None:
            _unbind(stage, place, incident)
    elif isinstance(fact, r.GuestRemoved):
        places.ask_to_remove(stage.session, fact.guest, incident.stream, stage.now)
    elif isinstance(fact, r.RecordWithdrawn | r.RecordMoved):
        erasure.erase_record(stage.session, incident.stream, fact.record, at=stage.now)


def _bind(stage: "Stage", incident: Incident, fact: r.RoomBound) -> None:
    place = places.at(stage.session, fact.channel, fact.place)
    if place is not None and place.stream not in (None, incident.stream):
        raise BadValue("room_bound_elsewhere")
    if place is None or place.stream is None:
        place = places.bind(
            stage.session,
            channel=fact.channel,
            external=fact.place,
            kind=places.GROUP,
            title=str(fact.title),
            at=stage.now,
            stream=incident.stream,
        )
    place.room = fact.room
    stage.session.add(place)
    chat = stage.session.get_one(ChatRow, place.chat)
    key = f"{incident.stream}:bound:{place.room}"
    say(stage, chat, incident, Line(block="bound", guarded="bound_guarded"), key=key)
    look = {"group": room_guests.group_of(place)}
    places.ask(stage.session, place.channel, places.LOOK, look, stage.now)
    room_guests.look_around(stage, place)


def _unbind(stage: "Stage", place: PlaceRow, incident: Incident) -> None:
    """One last sentence, and its card says no more how the incident stands."""
    chat = stage.session.get_one(ChatRow, place.chat)
    line = Line(block="unbound", open_to_all=True)
    say(stage, chat, incident, line, key=f"{incident.stream}:unbound:{place.room}")
    if place.card:
        text = _words(stage, "unbound", incident.stream)
        data = {"group": room_guests.group_of(place), "card": place.card, "text": text}
        places.ask(stage.session, place.channel, places.UNPIN, data, stage.now)
    places.end(stage.session, place, stage.now)


def _wait_for_topics(stage: "Stage", incident: Incident) -> None:
    """Every new incident opens its own topic in the standing forum of each messenger."""
    for channel in sorted(stage.world.channels - {places.WEB}):
        forum = places.forum(stage.session, channel)
        if forum is not None:
            wait_for_topic(stage, incident, forum)


def wait_for_topic(stage: "Stage", incident: Incident, forum: PlaceRow) -> None:
    """An incident gets a topic in a forum as soon as the messenger has made it."""
    places.bind(
        stage.session,
        channel=forum.channel,
        external=f"wait:{incident.stream}",
        kind=places.TOPIC,
        title=forum.title,
        at=stage.now,
        stream=incident.stream,
        forum=forum.id,
        rights=places.rights_of(forum),
    )


def topic_name(stage: "Stage", place: PlaceRow) -> str:
    """What the topic of a place is called: its code alone where others read along."""
    assert place.stream is not None
    guarded = room_guests.is_guarded(stage, place, stage.incident(place.stream))
    return _words(stage, "topic_name_guarded" if guarded else "topic_name", place.stream)


def topic_opened(stage: "Stage", place: PlaceRow) -> None:
    """The messenger has opened a topic: it is a place of the room from now on."""
    assert place.stream is not None
    action = a.BindRoom(channel=place.channel, place=place.external, title=Prose(place.title))
    if not room_guests.by_clock(stage, place.stream, action):
        # Its incident was closed, or lies in another file, since the topic was asked for.
        places.end(stage.session, place, stage.now)


def hand_round(stage: "Stage", chat: ChatRow, incident: Incident) -> int:
    """What waited in a place that is gone goes to each member in private; returns how many."""
    waiting = outbox.queued_in(stage.session, chat)
    for row in waiting:
        row.state, row.why = chats.FAILED, "place_lost"
        stage.session.add(row)
        send_round(stage, row, incident)
    return len(waiting)


def send_round(stage: "Stage", row: MessageRow, incident: Incident) -> None:
    """A line that its place did not take goes to each member in private, once, marked so.

    The members are told what concerns the incident; what was said of the place itself is not.
    """
    if row.stream is None or row.template in _OF_THE_PLACE:
        return
    for person in room_members(incident, stage.organisation):
        prompt = Prompt(
            template=row.template,
            facts={**chats.facts_of(row), "open_to_all": True, "sent_round": True},
            stream=row.stream,
            key=f"round:{row.id}:{person}",
            drill=row.drill,
        )
        stage.prompt(person, prompt)


def say(stage: "Stage", chat: ChatRow, incident: Incident, line: Line, *, key: str = "") -> None:
    """One line in one place of a room; with a `key` never twice."""
    prompt = Prompt(
        template=f"{WORDS}#{line.block}",
        facts={
            **line.facts,
            "open_to_all": line.open_to_all,
            "guarded": line.guarded,
            "wants": line.wants,
        },
        choices=[one | {"room": True} for one in line.choices],
        stream=incident.stream,
        key=f"room:{key}@{chat.id}" if key else None,
        drill=incident.drill,
    )
    chats.enqueue(stage.session, chat, prompt, at=stage.now)


# What is said while somebody is there who may not read along


def template_of(stage: "Stage", row: AnyLine) -> str:
    """What is said in the place of a line: no names, no drafts while a stranger is in."""
    place, facts = places.of_chat(stage.session, row.chat), chats.facts_of(row)
    if place is None or facts.get("open_to_all"):
        return row.template
    incident = stage.incident(row.stream) if row.stream else room_guests.home(stage, place)
    if incident is None or not room_guests.is_guarded(stage, place, incident):
        return row.template
    return f"{WORDS}#{facts['guarded']}" if facts.get("guarded") else GUARDED


def is_hushed(stage: "Stage", row: AnyLine) -> bool:
    """Whether a line would only say once more that there is something which is not said here."""
    if not row.template.startswith(f"{WORDS}#") or template_of(stage, row) != GUARDED:
        return False
    scene = stage.scene(places.NOBODY, row.stream)
    words = stage.world.renderer.text(GUARDED, {}, scene)
    for said in reversed(chats.thread(stage.session, row.chat, 0, _LOOK_BACK)):
        facts = chats.facts_of(said)
        if said.template.startswith(f"{WORDS}#") and not (
            facts.get("open_to_all") or facts.get("guarded")
        ):
            return said.text.endswith(words)
    return False


def card(stage: "Stage", place: PlaceRow) -> tuple[str, datetime | None]:
    """The words of the status card of a place, and until when they hold by themselves (UTC)."""
    assert place.stream is not None
    incident = stage.file_of(place.stream)
    return card_of(stage, incident, guarded=room_guests.is_guarded(stage, place, incident))


def card_of(
    stage: "Stage", incident: Incident, *, guarded: bool = False
) -> tuple[str, datetime | None]:
    """The same of an incident; `guarded` leaves out who does what."""
    scene = stage.scene(places.NOBODY, incident.stream)
    block = "card_guarded" if guarded else "card"
    text = stage.world.renderer.text(f"{WORDS}#{block}", {}, scene)
    view = scene.view
    assert view is not None
    ends = [view.due_here, view.meeting_ahead, view.next_update]
    until = min((one for one in ends if one), default=None)
    if incident.drill:
        text = stage.world.renderer.text("words#drill", {"text": text}, scene)
    return text, until


# Taps in a room


@dataclass(frozen=True)
class Toast:
    """What a tap in a room is answered with at once: words, or the way into private."""

    text: str = ""
    private: bool = False


def act_of(do: dict[str, Any], person: int) -> a.Action | None:
    """The act of one tap that a button of a room carries, as this person's; None for others."""
    if "act" not in do:
        return None
    data = {
        key: value.format(person=person) if key == "duty" else value
        for key, value in do["data"].items()
    }
    return load(ACTIONS[do["act"]], data)


def pressed(row: MessageRow | None, n: int) -> dict[str, Any] | None:
    """What button `n` of a line of a room carries; None for a prompt that was put to one person.

    The number comes from outside: nobody reaches by it what stands in another's private chat.
    """
    options = chats.choices_of(row) if row else []
    if not 1 <= n <= len(options) or not options[n - 1].get("room"):
        return None
    found: dict[str, Any] = options[n - 1]["do"]
    return found


def goes_on_in_private(stage: "Stage") -> Toast:
    """What a command or a tap is answered with when the rest follows in his own chat."""
    return Toast(_words(stage, "toast_private"), private=True)


def toast(stage: "Stage", person: int, prompt: int, n: int) -> Toast:
    """What a tap will come to; reads only, so that it can be said before the turn."""
    row = stage.session.get(MessageRow, prompt)
    do = pressed(row, n)
    if row is None or row.stream is None or do is None:
        return Toast()
    incident = stage.incident(row.stream)
    if not is_member(stage, person, incident):
        return Toast(_words(stage, "toast_not_yours"))
    action = act_of(do, person)
    if action is None:
        return goes_on_in_private(stage)
    try:
        stage.would(row.stream, person, action)
    except Outdated:
        return Toast(_words(stage, "toast_known"))
    except Refused:
        return Toast(_words(stage, "toast_not_yours"))
    return Toast(_words(stage, "toast_done"))


def tapped(stage: "Stage", person: int, prompt: int, n: int) -> None:
    """Does an act of one tap as this person; whoever it does not belong to changes nothing."""
    row = stage.session.get(MessageRow, prompt)
    do = pressed(row, n)
    action = act_of(do, person) if do else None
    if row is None or row.stream is None or action is None:
        return
    if not is_member(stage, person, stage.incident(row.stream)):
        return
    try:
        with stage.session.begin_nested():
            stage.perform(row.stream, person, action)
    except Refused:
        stage.forget()  # The toast has told him already.


def _words(stage: "Stage", block: str, stream: str | None = None) -> str:
    return stage.world.renderer.text(f"{WORDS}#{block}", {}, stage.scene(places.NOBODY, stream))
