"""Directives with their receipts, and who sits in the working room (rows 22, 23)."""

from procedure import actions as a
from procedure import entries_guidance as g
from procedure.decision import Asked, Decision, Notice
from procedure.errors import BadValue, NotYours, Outdated
from procedure.guidance import directive_of, unreceived
from procedure.incident import Incident
from procedure.organisation import Organisation
from procedure.parties import fact_keeper, heads, is_press, room_members, speaker
from procedure.rules_guidance import guides


def addressees(incident: Incident, organisation: Organisation, sender: int) -> tuple[int, ...]:
    """Whom a directive may reach: the room, without the sender and the committee's own people.

    The committee is informed, never directed by its department.
    """
    members = room_members(incident, organisation)
    above = incident.committee
    return tuple(one for one in members if one != sender and organisation.people[one].unit != above)


def send_directive(asked: Asked, action: a.SendDirective) -> Decision:
    """Word for word to chosen people of the room, each with a receipt (row 23)."""
    authority = guides(asked)
    if not action.text.strip():
        raise BadValue("directive_blank")
    people = tuple(dict.fromkeys(action.people))
    if not people:
        raise BadValue("directive_to_nobody")
    able = addressees(asked.incident, asked.organisation, asked.actor)
    for person in people:
        if is_press(person, asked.organisation):
            raise BadValue("press_only_guided", person=person)
        if person not in able:
            raise BadValue("not_in_room", person=person)
    number = len(asked.incident.directives) + 1
    fact = g.DirectiveSent(directive=number, text=action.text, people=people)
    told = {"directive": number, "by": asked.actor}
    notice = Notice("directive", people, told, rings=True, duty=f"O1:directive:{number}:{{person}}")
    return Decision((fact,), (notice,), authority)


def completed(asked: Asked, key: str) -> tuple[Notice, ...]:
    """When this receipt is the last of a directive, its sender is told, once."""
    sent = directive_of(asked.incident, key)
    if sent is None:
        return ()
    waiting = unreceived(asked.incident, sent)
    if [f"O1:directive:{sent.id}:{who}" for who in waiting] != [key]:
        return ()
    return (Notice("directive_complete", (sent.by,), {"directive": sent.id}),)


def add_room_member(asked: Asked, action: a.AddRoomMember) -> Decision:
    """The department widens the room by a registered person; a newsroom's never (row 22)."""
    authority = guides(asked)
    if action.person not in asked.organisation.people:
        raise BadValue("unknown_person")
    if is_press(action.person, asked.organisation):
        raise BadValue("press_only_guided", person=action.person)
    if action.person in room_members(asked.incident, asked.organisation):
        raise Outdated("member_stands", person=action.person)
    told = Notice("room_member_added", (action.person,), {"by": asked.actor})
    return Decision((g.RoomMemberAdded(person=action.person),), (told,), authority)


def bound_to_room(incident: Incident, organisation: Organisation) -> tuple[int, ...]:
    """Who cannot be taken out while he holds his part: speaker, fact keeper, the unit's head."""
    head = heads(incident.unit, organisation)[:1]
    return (speaker(incident, organisation), fact_keeper(incident), *head)


def remove_room_member(asked: Asked, action: a.RemoveRoomMember) -> Decision:
    """He leaves the room; what he owes and what he has done stay (row 22)."""
    authority = guides(asked)
    if action.person not in room_members(asked.incident, asked.organisation):
        raise Outdated("member_gone", person=action.person)
    if action.person in bound_to_room(asked.incident, asked.organisation):
        raise NotYours("part_first", who=action.person)
    to = (action.person,) if action.person != asked.actor else ()
    told = Notice("room_member_removed", to, {"by": asked.actor})
    return Decision((g.RoomMemberRemoved(person=action.person),), (told,), authority)
