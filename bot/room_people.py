"""Who is in the groups of a messenger, and what became of these groups (conduct §13).

Somebody without a part in an incident is made known to its duty officer; while he is there
unadmitted, the room says nothing that is not public. A group that moved, was lost, or took the
bot's rights is noticed, written down, mended where that is possible, and told.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot import rooms
from bot.stage import Stage
from procedure import actions as a
from procedure.decision import CLOCK
from procedure.errors import Refused
from procedure.incident import Incident
from procedure.parties import is_press
from storage import accounts, places
from storage.database import Session
from storage.tables_rooms import GroupMemberRow, PlaceRow

Body = Mapping[str, Any]
#: Rights without which a room of this kind cannot do all that it should.
NEEDED = {
    places.GROUP: ("can_delete_messages", "can_pin_messages", "can_restrict_members"),
    places.FORUM: (
        *("can_delete_messages", "can_manage_topics"),
        *("can_pin_messages", "can_restrict_members"),
    ),
}


def is_new(session: Session, channel: str, body: Body) -> bool:
    """Whether an account has not been seen in its group yet."""
    if "account" not in body:
        return False
    row = places.member(session, channel, str(body["group"]), str(body["account"]))
    return row is None or row.left_at is not None


def note(stage: Stage, channel: str, body: Body, person: int) -> None:
    """Whoever says something in a group is in it."""
    if is_new(stage.session, channel, body):
        _came(stage, channel, str(body["group"]), str(body["account"]), "")


def handle(stage: Stage, channel: str, body: Body) -> None:
    """What became of a group, and who came and went."""
    _EVENTS[body["type"]](stage, channel, body)


# People


def _people(stage: Stage, channel: str, body: Body) -> None:
    group = str(body["group"])
    for one in body["came"]:
        _came(stage, channel, group, one["account"], one["name"])
    for one in body["left"]:
        number = places.left(stage.session, channel, group, one["account"], stage.now)
        if number is not None:
            for place in _rooms(stage, channel, group):
                _by_clock(stage, place.stream, a.NoteGuestLeft(guest=number))


def _came(stage: Stage, channel: str, group: str, account: str, name: str) -> None:
    row = places.came(stage.session, channel, group, account, name, stage.now)
    for place in _rooms(stage, channel, group):
        look_at(stage, place, row)


def look_at(stage: Stage, place: PlaceRow, row: GroupMemberRow) -> None:
    """Whether somebody in a group belongs in a room there; if not, its watch is asked."""
    incident = home(stage, place)
    person = accounts.linked(stage.session, row.channel, row.account)
    if incident is None or incident.closed_at:
        return
    if person is not None and rooms.is_member(stage, person, incident):
        return
    assert row.id is not None
    action = a.NoteGuest(guest=row.id, room=place.room, person=person)
    _by_clock(stage, place.stream, action)


def look_around(stage: Stage, place: PlaceRow) -> None:
    """Looks at everybody who is known to be in the group of a new place."""
    group = place.external.split(":")[0]
    for row in places.present(stage.session, place.channel, group):
        look_at(stage, place, row)


def _asked(stage: Stage, channel: str, body: Body) -> None:
    """A request to join is granted to whoever is registered, and is no newsroom."""
    person = accounts.linked(stage.session, channel, str(body["account"]))
    known = person in stage.organisation.people if person else False
    granted = known and not is_press(person or 0, stage.organisation)
    kind = places.APPROVE if granted else places.DECLINE
    data = {"group": str(body["group"]), "account": str(body["account"])}
    places.ask(stage.session, channel, kind, data, stage.now)


# The group itself


def _moved(stage: Stage, channel: str, body: Body) -> None:
    for place in places.group_moved(stage.session, channel, str(body["group"]), str(body["to"])):
        if place.stream:
            _by_clock(stage, place.stream, a.MoveRoom(room=place.room, place=place.external))


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
    group = str(body["group"])
    for place in places.in_group(stage.session, channel, group):
        if not body["there"]:
            lost(stage, place, "removed")
        else:
            _rights(stage, place, body["rights"])


def _rights(stage: Stage, place: PlaceRow, rights: list[str]) -> None:
    had = places.rights_of(place)
    place.rights = places.canonical_rights(rights)
    place.untold = True
    stage.session.add(place)
    kind = places.FORUM if place.kind == places.TOPIC else place.kind
    lacking = tuple(sorted(set(NEEDED[kind]) - set(rights)))
    if place.stream and had != set(rights):
        _by_clock(stage, place.stream, a.ChangeRoomRights(room=place.room, lacking=lacking))


def lost(stage: Stage, place: PlaceRow, why: str) -> int:
    """A place is gone: what waited there goes to the members in private. Returns how many did."""
    chat = places.end(stage.session, place, stage.now)
    if place.stream:
        _by_clock(stage, place.stream, a.EndRoom(room=place.room, why=why))
    incident = home(stage, place)
    if chat is not None and incident is not None:
        return rooms.hand_round(stage, chat, incident)
    return 0


def home(stage: Stage, place: PlaceRow) -> Incident | None:
    """The incident whose room a place is, of a merged one the file in which it lies."""
    if place.stream is None:
        return None
    incident = stage.incident(place.stream)
    return stage.incident(incident.yielded.into) if incident.yielded else incident


def _rooms(stage: Stage, channel: str, group: str) -> list[PlaceRow]:
    return [one for one in places.in_group(stage.session, channel, group) if one.stream]


def _by_clock(stage: Stage, stream: str | None, action: a.Action) -> bool:
    """What the bot notices is the clock's to write; what is known already changes nothing."""
    assert stream is not None
    try:
        with stage.session.begin_nested():
            stage.perform(stream, CLOCK, action)
    except Refused:
        stage.forget()
        return False
    return True


_EVENTS: Mapping[str, Callable[[Stage, str, Body], None]] = {
    "room_people": _people,
    "room_asked": _asked,
    "room_moved": _moved,
    "room_named": _named,
    "room_shut": _shut,
    "room_bot": _bot,
}
EVENTS = frozenset(_EVENTS)
