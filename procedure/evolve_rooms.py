"""The fold of the room: its places, its guests, what was put on record."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from procedure import entries_rooms as r
from procedure.codec import Prose
from procedure.entries import Entry, Fact
from procedure.evolve_tools import changed, joined
from procedure.facts_rooms import Guest, Record, Room
from procedure.incident import Incident

#: Whoever keeps the rooms has no part in the incident for that.
KEEPING = (r.RoomBound, r.RoomEnded, r.GuestAdmitted, r.GuestRemoved)


def _bound(incident: Incident, fact: r.RoomBound, entry: Entry) -> Incident:
    room = Room(
        id=fact.room,
        channel=fact.channel,
        place=fact.place,
        title=fact.title,
        by=entry.actor,
        at=entry.at,
    )
    return replace(incident, rooms=(*incident.rooms, room))


def _moved(incident: Incident, fact: r.RoomMoved, entry: Entry) -> Incident:
    return replace(incident, rooms=changed(incident.rooms, fact.room, place=fact.place))


def _rights(incident: Incident, fact: r.RoomRightsChanged, entry: Entry) -> Incident:
    return replace(incident, rooms=changed(incident.rooms, fact.room, lacking=fact.lacking))


def _ended(incident: Incident, fact: r.RoomEnded, entry: Entry) -> Incident:
    """Nobody is a guest in a place that is none any more."""
    rooms = changed(incident.rooms, fact.room, ended_at=entry.at, why=fact.why)
    guests = tuple(
        replace(one, left_at=entry.at) if one.room == fact.room and one.left_at is None else one
        for one in incident.guests
    )
    return replace(incident, rooms=rooms, guests=guests)


def _guest(incident: Incident, fact: r.GuestCame, entry: Entry) -> Incident:
    """Who has been let in for this incident may come again."""
    before = next((one for one in incident.guests if one.id == fact.guest), None)
    if before:
        now = {"room": fact.room, "person": fact.person, "at": entry.at}
        back = changed(incident.guests, fact.guest, left_at=None, removed_by=None, **now)
        return replace(incident, guests=back)
    guest = Guest(id=fact.guest, room=fact.room, person=fact.person, at=entry.at)
    return replace(incident, guests=(*incident.guests, guest))


def _admitted(incident: Incident, fact: r.GuestAdmitted, entry: Entry) -> Incident:
    return replace(incident, guests=changed(incident.guests, fact.guest, admitted_by=entry.actor))


def _removed(incident: Incident, fact: r.GuestRemoved, entry: Entry) -> Incident:
    """He counts as present until the messenger says that he has gone."""
    guests = changed(incident.guests, fact.guest, admitted_by=None, removed_by=entry.actor)
    return replace(incident, guests=guests)


def _left(incident: Incident, fact: r.GuestLeft, entry: Entry) -> Incident:
    return replace(incident, guests=changed(incident.guests, fact.guest, left_at=entry.at))


def _kept(incident: Incident, fact: r.RecordKept, entry: Entry) -> Incident:
    record = Record(
        id=fact.record,
        author=fact.author,
        said_at=fact.said_at,
        at=entry.at,
        room=fact.room,
        text=fact.text,
        files=fact.files,
        about=fact.about,
        came_from=fact.came_from,
    )
    return joined(replace(incident, records=(*incident.records, record)), fact.author)


def _withdrawn(incident: Incident, fact: r.RecordWithdrawn, entry: Entry) -> Incident:
    gone = {"withdrawn_at": entry.at, "withdrawn_by": entry.actor}
    return _without_words(incident, fact.record, **gone)


def _moved_on(incident: Incident, fact: r.RecordMoved, entry: Entry) -> Incident:
    return _without_words(incident, fact.record, moved_to=fact.code)


def _without_words(incident: Incident, record: int, **why: Any) -> Incident:
    """The words and the files go, the fact stays (conduct §16)."""
    records = changed(incident.records, record, text=Prose(""), files=(), **why)
    return replace(incident, records=records)


ROOMS: Mapping[type[Fact], Callable[[Incident, Any, Entry], Incident]] = {
    r.RoomBound: _bound,
    r.RoomMoved: _moved,
    r.RoomRightsChanged: _rights,
    r.RoomEnded: _ended,
    r.GuestCame: _guest,
    r.GuestAdmitted: _admitted,
    r.GuestRemoved: _removed,
    r.GuestLeft: _left,
    r.RecordKept: _kept,
    r.RecordWithdrawn: _withdrawn,
    r.RecordMoved: _moved_on,
}
