"""Who is in the groups of a messenger, and what became of these groups (conduct §13).

A group that moved, was lost, or took the bot's rights is noticed, written down, mended where that
is possible, and told; what could not be said there goes to the members in private. Who reads along
without a part is room_guests' affair.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot import room_guests, rooms
from bot.stage import Stage
from procedure import actions as a
from procedure.decision import CLOCK
from procedure.entries_organisation import ForumEnded
from procedure.parties import is_press, room_watch
from storage import accounts, people, places
from storage.chats import Prompt
from storage.tables import ChatRow, MessageRow, SecretStopRow
from storage.tables_rooms import PlaceRow

Body = Mapping[str, Any]
#: Rights without which a room of this kind cannot do all that it should.
NEEDED = {
    places.GROUP: ("can_delete_messages", "can_pin_messages", "can_restrict_members"),
    places.FORUM: (
        *("can_delete_messages", "can_manage_topics"),
        *("can_pin_messages", "can_restrict_members"),
    ),
}


def handle(stage: Stage, channel: str, body: Body) -> None:
    """What became of a group, and who came and went."""
    _EVENTS[body["type"]](stage, channel, body)


# People


def _people(stage: Stage, channel: str, body: Body) -> None:
    group = str(body["group"])
    for one in body["came"]:
        room_guests.came(stage, channel, group, one["account"], one["name"])
    for one in body["left"]:
        room_guests.left(stage, channel, group, one["account"])


def looked(
    stage: Stage, channel: str, group: str, run_by: Sequence[Body], rights: list[str]
) -> None:
    """What a look at a group has shown: who runs it, and what the bot may do there."""
    for one in run_by:
        room_guests.came(stage, channel, group, one["account"], one["name"])
    for place in places.in_group(stage.session, channel, group):
        _rights(stage, place, rights)


def _asked(stage: Stage, channel: str, body: Body) -> None:
    """A request to join is granted to whoever is registered, and is no newsroom."""
    group, account = str(body["group"]), str(body["account"])
    person = accounts.linked(stage.session, channel, account)
    known = person is not None and person in stage.organisation.people
    granted = known and not is_press(person or 0, stage.organisation)
    kind = places.APPROVE if granted else places.DECLINE
    places.ask(stage.session, channel, kind, {"group": group, "account": account}, stage.now)
    if not granted:
        facts = {"person": person or 0, "name": body["name"]}
        tell_watch(
            stage, channel, group, "notices/room_watch#declined", facts, f"join:{group}:{account}"
        )


def guest_stays(stage: Stage, channel: str, data: Body) -> None:
    """The messenger has refused to remove somebody: the watch is told who must do it."""
    incident = stage.incident(str(data["stream"]))
    guest = next(one for one in incident.guests if one.id == data["guest"])
    if guest.left_at is not None:
        return
    by = next(one.by for one in incident.rooms if one.id == guest.room)
    name = places.name_of(stage.session, guest.id)
    facts = {"room": guest.room, "person": guest.person or 0, "name": name, "runs": by}
    for person in room_watch(incident, stage.organisation):
        prompt = Prompt(template="notices/room_watch#stays", facts=facts, stream=incident.stream)
        stage.prompt(person, prompt)


def tell_watch(
    stage: Stage, channel: str, group: str, template: str, facts: Body, key: str
) -> None:
    """A word about a group to whoever watches over the newest room in it, once for each `key`."""
    rooms_here = [one for one in places.in_group(stage.session, channel, group) if one.stream]
    if not rooms_here:
        return
    incident = stage.incident(str(rooms_here[-1].stream))
    for person in room_watch(incident, stage.organisation):
        prompt = Prompt(
            template=template,
            facts={"title": rooms_here[-1].title, **facts},
            stream=incident.stream,
            key=f"{channel}:{key}:{person}",
            drill=incident.drill,
        )
        stage.prompt(person, prompt)


def message_stays(stage: Stage, stop: SecretStopRow) -> None:
    """A stopped message that the bot may not delete: who, where and when; never what."""
    group = str(stop.place).split(":")[0]
    facts = {"person": stop.person, "at": stop.at.isoformat()}
    tell_watch(
        stage, stop.channel, group, "notices/room_watch#secret_stays", facts, f"undeleted:{stop.id}"
    )


# The group itself


def _moved(stage: Stage, channel: str, body: Body) -> None:
    """Told by two updates and by every call to the old id; only the first changes anything."""
    group, to = str(body["group"]), str(body["to"])
    if group == to:
        return
    for place in places.group_moved(stage.session, channel, group, to):
        if place.stream:
            move = a.MoveRoom(room=place.room, place=place.external)
            room_guests.by_clock(stage, place.stream, move)
        places.ask(stage.session, channel, places.LOOK, {"group": to}, stage.now)


def _named(stage: Stage, channel: str, body: Body) -> None:
    place = places.at(stage.session, channel, str(body["group"]))
    if place is not None:
        place.title = str(body["title"])
        stage.session.add(place)


def _shut(stage: Stage, channel: str, body: Body) -> None:
    """A topic closed or opened by hand is put right by the next look at it."""
    place = places.at(stage.session, channel, str(body["room"]))
    if place is not None:
        place.shut, place.untold = bool(body["shut"]), True
        stage.session.add(place)


def _bot(stage: Stage, channel: str, body: Body) -> None:
    here = places.in_group(stage.session, channel, str(body["group"]))
    if not body["there"]:
        for place in here[:1]:
            lost(stage, place, "removed")
        return
    for place in here:
        _rights(stage, place, body["rights"])


def _rights(stage: Stage, place: PlaceRow, rights: list[str]) -> None:
    had = places.rights_of(place)
    place.rights = places.canonical_rights(rights)
    place.untold = True
    stage.session.add(place)
    if place.kind == places.FORUM and "can_manage_topics" in set(rights) - had:
        _wait_again(stage, place)
    kind = places.FORUM if place.kind == places.TOPIC else place.kind
    lacking = tuple(sorted(set(NEEDED[kind]) - set(rights)))
    if place.stream and had != set(rights):
        change = a.ChangeRoomRights(room=place.room, lacking=lacking)
        room_guests.by_clock(stage, place.stream, change)


def lost(stage: Stage, place: PlaceRow, why: str) -> int:
    """A place is gone: what waited there goes to the members in private. Returns how many did.

    A deleted topic alone is gone, and another is opened in its stead; a group is gone with all
    that stood in it.
    """
    if place.ended_at is not None:
        return _hand_round(stage, place)
    if why == "topic_deleted":
        return _topic_lost(stage, place)
    group = room_guests.group_of(place)
    here = places.in_group(stage.session, place.channel, group)
    forum = next((one for one in here if one.kind == places.FORUM), None)
    if forum is None:
        return sum(_lost(stage, one, why) for one in here or [place])
    here += places.waiting_in(stage.session, forum)
    _tell_of_forum(stage, forum, here, why)
    record = ForumEnded(channel=place.channel, place=group)
    people.record(stage.session, [record], at=stage.now, actor=CLOCK, channel=place.channel)
    return sum(_lost(stage, one, f"forum_{why}") for one in here)


def no_topic(stage: Stage, place: PlaceRow, *, refused: bool) -> None:
    """The topic that an incident waited for is not opened: what waited for it goes to the members.

    Where the messenger refused it, the watch is told once; it is opened when the right is there.
    """
    places.end(stage.session, place, stage.now)
    _hand_round(stage, place)
    incident = room_guests.home(stage, place)
    if not refused or incident is None:
        return
    for person in room_watch(incident, stage.organisation):
        prompt = Prompt(
            template="notices/room_watch#no_topic",
            facts={"title": place.title},
            stream=incident.stream,
            key=f"{place.channel}:no_topic:{place.id}:{person}",
            drill=incident.drill,
        )
        stage.prompt(person, prompt)


def _wait_again(stage: Stage, forum: PlaceRow) -> None:
    """The right to open topics has come: incidents that were refused one wait for it again."""
    for place in places.unopened(stage.session, forum):
        incident = stage.incident(str(place.stream))
        if not incident.closed_at and not incident.yielded:
            rooms.wait_for_topic(stage, incident, forum)


def _topic_lost(stage: Stage, place: PlaceRow) -> int:
    went = _lost(stage, place, "topic_deleted")
    incident = stage.incident(place.stream) if place.stream else None
    forum = stage.session.get(PlaceRow, place.forum) if place.forum else None
    standing = forum is not None and forum.ended_at is None
    open_still = incident and not incident.closed_at and not incident.yielded
    if incident and open_still and forum and standing:
        rooms.wait_for_topic(stage, incident, forum)
    return went


def _lost(stage: Stage, place: PlaceRow, why: str) -> int:
    places.end(stage.session, place, stage.now)
    if place.stream:
        room_guests.by_clock(stage, place.stream, a.EndRoom(room=place.room, why=why))
    return _hand_round(stage, place)


def _hand_round(stage: Stage, place: PlaceRow) -> int:
    chat, incident = stage.session.get(ChatRow, place.chat), room_guests.home(stage, place)
    return rooms.hand_round(stage, chat, incident) if chat and incident else 0


def line_refused(stage: Stage, row: MessageRow) -> None:
    """One line that its place did not take goes to the members in private."""
    place = places.of_chat(stage.session, row.chat)
    incident = room_guests.home(stage, place) if place else None
    if incident is not None:
        rooms.send_round(stage, row, incident)


def _tell_of_forum(stage: Stage, forum: PlaceRow, here: Sequence[PlaceRow], why: str) -> None:
    """One word to everybody who watches over any of the open rooms in it."""
    incidents = [stage.incident(one.stream) for one in here if one.stream]
    still = [one for one in incidents if one.opened_at and not one.closed_at]
    watch = {person for one in still for person in room_watch(one, stage.organisation)}
    facts = {"title": forum.title, "why": why, "count": len(still)}
    for person in sorted(watch):
        stage.prompt(
            person, Prompt(template="notices/room_watch#forum_lost", facts=facts, rings=True)
        )


_EVENTS: Mapping[str, Callable[[Stage, str, Body], None]] = {
    "room_people": _people,
    "room_asked": _asked,
    "room_moved": _moved,
    "room_named": _named,
    "room_shut": _shut,
    "room_bot": _bot,
}
EVENTS = frozenset(_EVENTS)
