"""Who may read along in a place of a room, and who is there who may not (conduct §13).

Whether a place is guarded is asked anew for every line: who is known to be there, who that is at
this moment, and whom the watch has let in. So a part that somebody gets, a role that he loses, or
an account that becomes a person's counts at once, whatever the journal says of him as a guest.

In a group of one incident its watch is asked about everybody who does not belong there. A forum
is one group of people with a topic for every incident, so nearly all of them are outsiders in
nearly all of its topics: there the topics in which somebody has no part are guarded without a
word, and only who is unregistered or of the press is asked about, once, in the newest topic (or
the one in which he was asked about before). To let him in there opens that topic alone; to
remove him takes him out of the whole forum.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from procedure import actions as a
from procedure.decision import CLOCK
from procedure.errors import Refused
from procedure.facts_rooms import Guest
from procedure.incident import Incident
from procedure.parties import is_press, room_members, room_watch
from storage import accounts, places
from storage.tables_rooms import GroupMemberRow, PlaceRow

if TYPE_CHECKING:
    from bot.stage import Stage


def is_member(stage: "Stage", person: int, incident: Incident) -> bool:
    """Whether a person has a part in the room of an incident; press bodies never."""
    if is_press(person, stage.organisation):
        return False
    return person in room_members(incident, stage.organisation)


def belongs(stage: "Stage", person: int | None, incident: Incident) -> bool:
    """Whether nobody need be asked about somebody who reads along."""
    return person in _allowed(stage, incident)


def _allowed(stage: "Stage", incident: Incident) -> set[int]:
    """The members, the watch, and the administrators of the bot, who keep the rooms."""
    organisation = stage.organisation
    found = {
        *organisation.admins,
        *room_members(incident, organisation),
        *room_watch(incident, organisation),
    }
    return {one for one in found if not is_press(one, organisation)}


def home(stage: "Stage", place: PlaceRow) -> Incident | None:
    """The incident whose room a place is, of a merged one the file in which it lies."""
    return stage.file_of(place.stream) if place.stream else None


def is_guarded(stage: "Stage", place: PlaceRow, incident: Incident) -> bool:
    """Whether somebody reads along in a place who does not belong there and was not let in."""
    let_in = {one.id for one in _guests(stage, place) if one.admitted_by}
    allowed = _allowed(stage, incident)
    for row, person in places.people_in(stage.session, place.channel, group_of(place)):
        if person in allowed:
            continue
        press = person is not None and is_press(person, stage.organisation)
        if press or row.id not in let_in:
            return True
    return False


def group_of(place: PlaceRow) -> str:
    """The group in which a place stands, by its id at the messenger."""
    return place.external.split(":")[0]


def _guests(stage: "Stage", place: PlaceRow) -> Sequence[Guest]:
    return stage.incident(place.stream).guests if place.stream else ()


def _guest(stage: "Stage", place: PlaceRow, number: int | None) -> Guest | None:
    return next((one for one in _guests(stage, place) if one.id == number), None)


# Signs of somebody


def is_news(stage: "Stage", channel: str, group: str, account: str) -> bool:
    """Whether a sign of this account changes what is known of a group; reads only."""
    row = places.member(stage.session, channel, group, account)
    if row is None or row.left_at is not None:
        return True
    return any(
        _is_to_be_asked(stage, place, row, accounts.linked(stage.session, channel, account))
        for place in _rooms(stage, channel, group)
    )


def came(stage: "Stage", channel: str, group: str, account: str, name: str = "") -> None:
    """An account has given a sign that it is in a group."""
    row = places.member(stage.session, channel, group, account)
    if row is None or row.left_at is not None:
        row = places.came(stage.session, channel, group, account, name, stage.now)
        places.touch_group(stage.session, channel, group)
    elif name and name != row.name:
        row.name = name
        stage.session.add(row)
    for place in _rooms(stage, channel, group):
        look_at(stage, place, row)


def left(stage: "Stage", channel: str, group: str, account: str) -> None:
    """An account is not in a group any more."""
    number = places.left(stage.session, channel, group, account, stage.now)
    if number is None:
        return
    places.touch_group(stage.session, channel, group)
    for place in _rooms(stage, channel, group):
        guest = _guest(stage, place, number)
        if guest and guest.left_at is None:
            by_clock(stage, place.stream, a.NoteGuestLeft(guest=number))


def linked(stage: "Stage", channel: str, account: str) -> None:
    """An account has become a person's: it is looked at anew wherever it is."""
    for row in places.groups_of(stage.session, channel, account):
        places.touch_group(stage.session, channel, row.external)
        for place in _rooms(stage, channel, row.external):
            look_at(stage, place, row)


def look_around(stage: "Stage", place: PlaceRow) -> None:
    """Looks at everybody who is known to be in the group of a place."""
    for row in places.present(stage.session, place.channel, group_of(place)):
        look_at(stage, place, row)


def look_at(stage: "Stage", place: PlaceRow, row: GroupMemberRow) -> None:
    """Whether somebody in a group belongs in a room there; if not, its watch may be asked."""
    incident = home(stage, place)
    if incident is None or row.id is None:
        return
    person = accounts.linked(stage.session, row.channel, row.account)
    guest = _guest(stage, place, row.id)
    present = guest is not None and guest.left_at is None
    if present and guest and (belongs(stage, person, incident) or guest.person != person):
        # He has a part now, or is somebody else than he was taken for.
        by_clock(stage, place.stream, a.NoteGuestLeft(guest=row.id))
    if _is_to_be_asked(stage, place, row, person):
        by_clock(stage, place.stream, a.NoteGuest(guest=row.id, room=place.room, person=person))


def settle(stage: "Stage", incident: Incident, streams: Sequence[str]) -> None:
    """Whoever has got a part in an incident is a guest of its room no longer."""
    for stream in streams:
        for guest in stage.incident(stream).guests:
            if guest.left_at is None and belongs(stage, guest.person, incident):
                by_clock(stage, stream, a.NoteGuestLeft(guest=guest.id))


def _is_to_be_asked(
    stage: "Stage", place: PlaceRow, row: GroupMemberRow, person: int | None
) -> bool:
    incident, guest = home(stage, place), _guest(stage, place, row.id)
    if incident is None or incident.closed_at or belongs(stage, person, incident):
        return False
    if guest is not None and guest.left_at is None:
        return False
    if place.kind != places.TOPIC:
        return True
    if person is not None and not is_press(person, stage.organisation):
        return False
    return place.id == _topic_to_ask(stage, place, row, person)


def _topic_to_ask(
    stage: "Stage", place: PlaceRow, row: GroupMemberRow, person: int | None
) -> int | None:
    """The one topic of a forum in which somebody is asked about; None when he was already."""
    found: int | None = None
    for one in _rooms(stage, place.channel, group_of(place)):
        incident, guest = home(stage, one), _guest(stage, one, row.id)
        if incident is None or incident.closed_at:
            continue
        if guest is not None:
            return one.id if guest.left_at else None
        found = one.id
    return found


def _rooms(stage: "Stage", channel: str, group: str) -> list[PlaceRow]:
    here = places.in_group(stage.session, channel, group)
    return [one for one in here if one.stream and one.room]


def by_clock(stage: "Stage", stream: str | None, action: a.Action) -> bool:
    """What the bot notices is the clock's to write; what is known already changes nothing."""
    assert stream is not None
    try:
        with stage.session.begin_nested():
            stage.perform(stream, CLOCK, action)
    except Refused:
        stage.forget()
        return False
    return True
