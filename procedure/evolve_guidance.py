"""The fold of guidance: newsrooms, key messages, directives, and the room's people."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from procedure import entries_guidance as g
from procedure.entries import Entry, Fact
from procedure.evolve_tools import changed, joined
from procedure.facts_guidance import Directive, Guidance, KeyMessages
from procedure.incident import Incident


def _guided(incident: Incident, fact: g.NewsroomsGuided, entry: Entry) -> Incident:
    sent = Guidance(
        id=fact.guidance,
        version=fact.statement,
        sha256=fact.sha256,
        people=fact.people,
        old=fact.old,
        by=entry.actor,
        at=entry.at,
    )
    return replace(incident, guidance=(*incident.guidance, sent))


def _received(incident: Incident, fact: g.GuidanceReceived, entry: Entry) -> Incident:
    sent = next(one for one in incident.guidance if one.id == fact.guidance)
    received = {**sent.received, str(entry.actor): entry.at}
    return replace(incident, guidance=changed(incident.guidance, sent.id, received=received))


def _key_messages(incident: Incident, fact: g.KeyMessagesSet, entry: Entry) -> Incident:
    now = KeyMessages(
        revision=fact.revision,
        version=fact.statement,
        messages=fact.messages,
        by=entry.actor,
        at=entry.at,
    )
    return replace(incident, key_messages=now)


def _directed(incident: Incident, fact: g.DirectiveSent, entry: Entry) -> Incident:
    sent = Directive(
        id=fact.directive, text=fact.text, people=fact.people, by=entry.actor, at=entry.at
    )
    moved = replace(incident, directives=(*incident.directives, sent))
    return joined(moved, *fact.people)


def _added(incident: Incident, fact: g.RoomMemberAdded, entry: Entry) -> Incident:
    left = tuple(one for one in incident.room_left if one != fact.person)
    added = tuple(dict.fromkeys((*incident.room_added, fact.person)))
    return replace(incident, room_left=left, room_added=added)


def _removed(incident: Incident, fact: g.RoomMemberRemoved, entry: Entry) -> Incident:
    added = tuple(one for one in incident.room_added if one != fact.person)
    left = tuple(dict.fromkeys((*incident.room_left, fact.person)))
    return replace(incident, room_added=added, room_left=left)


GUIDANCE: Mapping[type[Fact], Callable[[Incident, Any, Entry], Incident]] = {
    g.NewsroomsGuided: _guided,
    g.GuidanceReceived: _received,
    g.KeyMessagesSet: _key_messages,
    g.DirectiveSent: _directed,
    g.RoomMemberAdded: _added,
    g.RoomMemberRemoved: _removed,
}
