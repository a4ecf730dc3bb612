"""Who a post is, at this moment, in this incident: roles resolved to people."""

from dataclasses import dataclass
from enum import StrEnum

from procedure.incident import Incident
from procedure.organisation import Ladder, Organisation
from procedure.words import Level, Role, UnitKind


class Post(StrEnum):
    """A function in one incident; a hand-over moves it from one person to another."""

    PERSON = "person"
    REPORTER = "reporter"
    HEAD_OF_UNIT = "head_of_unit"
    DEPUTY_OF_UNIT = "deputy_of_unit"
    UNIT_SPOKESPERSON = "unit_spokesperson"
    SPOKESPERSON = "spokesperson"
    FOCAL_POINT = "focal_point"
    CHAIR = "chair"
    DUTY_OFFICER = "duty_officer"
    LEADER = "leader"
    COMMITTEE_OFFICE = "committee_office"


@dataclass(frozen=True)
class Party:
    """Who owes or hears something: a post in the incident, or one person."""

    post: Post
    person: int | None = None
    #: The unit of a post of a unit; None means the reporting one.
    unit: int | None = None


def person(id: int) -> Party:
    """One person as a party."""
    return Party(Post.PERSON, id)


def resolve(party: Party, incident: Incident, organisation: Organisation) -> tuple[int, ...]:
    """The people whom a party means now, the first one first; may be empty. Who has left is
    nobody any more: what he owed is what the ladder above him is told."""
    found = _meant(party, incident, organisation)
    return tuple(one for one in found if organisation.is_here(one))


def _meant(party: Party, incident: Incident, organisation: Organisation) -> tuple[int, ...]:
    if party.post is Post.PERSON:
        return (organisation.acting(party.person),) if party.person else ()
    if party.post is Post.REPORTER:
        return (organisation.acting(incident.opened_by),)
    if party.post is Post.SPOKESPERSON:
        return (speaker(incident, organisation),) if speaker(incident, organisation) else ()
    if party.post is Post.FOCAL_POINT:
        return (organisation.acting(fact_keeper(incident)),)
    if party.post is Post.CHAIR:
        meeting = incident.meeting
        return (organisation.acting(meeting.chair),) if meeting else leaders(incident, organisation)
    asked = (party.post, party.unit or incident.unit, incident.department, incident.committee)
    known = organisation.posts.get(asked)
    if known is None:
        known = organisation.posts[asked] = _by_role(party, incident, organisation)
    return known


def _by_role(party: Party, incident: Incident, organisation: Organisation) -> tuple[int, ...]:
    post, unit = party.post, party.unit or incident.unit
    if post is Post.HEAD_OF_UNIT:
        return heads(unit, organisation)[:1]
    if post is Post.DEPUTY_OF_UNIT:
        return deputies(unit, organisation)[:1]
    if post is Post.UNIT_SPOKESPERSON:
        return standing_speakers(unit, organisation)[:1]
    if post is Post.DUTY_OFFICER:
        on_duty = organisation.holders(Role.ON_DUTY, incident.department)
        return (on_duty or leaders(incident, organisation))[:1]
    if post is Post.LEADER:
        return leaders(incident, organisation)[:1]
    return organisation.holders(Role.SECRETARY, incident.committee)[:1]


def speaker(incident: Incident, organisation: Organisation) -> int:
    """The one spokesperson; before Step 2 the unit's standing one (conduct §12); 0 if none."""
    if incident.spokesperson:
        return incident.spokesperson.person
    found = standing_speakers(incident.unit, organisation)
    return found[0] if found else 0


def standing_speakers(unit: int, organisation: Organisation) -> tuple[int, ...]:
    """Who speaks for a unit of himself, those first who are not away: to act for somebody who is
    away is no right to speak, for which a paper is needed."""
    own = organisation.in_own_names()
    found = own.holders(Role.SPOKESPERSON, unit) or heads(unit, own)
    return tuple(sorted(found, key=lambda one: one in organisation.away))


def fact_keeper(incident: Incident) -> int:
    """Who answers for facts: the focal point, before him the lead verifier, the reporter."""
    if incident.focal_point:
        return incident.focal_point.person
    lead = next((order for order in incident.orders if order.lead), None)
    return lead.person if lead else incident.opened_by


def heads(unit: int, organisation: Organisation) -> tuple[int, ...]:
    """The head, then his deputies: whoever may act as the head of the unit, in order."""
    return organisation.holders(Role.HEAD, unit) + deputies(unit, organisation)


def deputies(unit: int, organisation: Organisation) -> tuple[int, ...]:
    """Who may sign for the head: his deputies, then the joined body's head (conduct §11)."""
    partner = organisation.units[unit].partner if unit in organisation.units else None
    joined = organisation.holders(Role.HEAD, partner) if partner else ()
    own = organisation.holders(Role.DEPUTY, unit)
    return own + tuple(one for one in joined if one not in own)


def leaders(incident: Incident, organisation: Organisation) -> tuple[int, ...]:
    """The propaganda department's head, then its deputy heads."""
    department = incident.department
    return organisation.holders(Role.HEAD, department) + organisation.holders(
        Role.DEPUTY, department
    )


def everyone(incident: Incident, organisation: Organisation) -> tuple[int, ...]:
    """All who have a part in the incident; press bodies never (conduct §13)."""
    found = list(incident.members)
    found += heads(incident.unit, organisation)
    for report in incident.reports:
        found += (report.person, *heads(report.unit, organisation)[:1])
    for other in incident.live_merged:
        found += other.people
    found += incident.room_added
    if incident.submitted_at:
        found += organisation.holders(Role.ON_DUTY, incident.department)[:1]
        found += leaders(incident, organisation)[:1]
    found += [organisation.acting(one) for one in found if one in organisation.away]
    unique = dict.fromkeys(one for one in found if one in organisation.people)
    return tuple(one for one in unique if not is_press(one, organisation))


def room_members(incident: Incident, organisation: Organisation) -> tuple[int, ...]:
    """Who belongs to the incident's working room, in order; press bodies never (conduct §13).

    Everybody with a part. From the moment it has gone up beyond the unit's authority also those
    with whom the department "chủ trì, phối hợp" (domain.md §7 T22): the committee's office and
    the coordinating bodies, each by whoever is on duty there, else by its head. Then whom the
    department added, without whom it took out. Members of the standing committee hear through
    their office (conduct §9) unless they were added.
    """
    committee = set(organisation.holders(Role.COMMITTEE_MEMBER, incident.committee))
    committee -= set(incident.room_added)
    found = [one for one in everyone(incident, organisation) if one not in committee]
    found += [speaker(incident, organisation), fact_keeper(incident)]
    if incident.submitted_at and not incident.within:
        found += resolve(Party(Post.DUTY_OFFICER), incident, organisation)
        found += resolve(Party(Post.COMMITTEE_OFFICE), incident, organisation)
        found += coordinators(incident, organisation)
    left_out = set(incident.room_left)
    kept = (one for one in dict.fromkeys(found) if one in organisation.people)
    return tuple(one for one in kept if one not in left_out and not is_press(one, organisation))


def coordinators(incident: Incident, organisation: Organisation) -> tuple[int, ...]:
    """The bodies with which the department coordinates, each by one person (domain.md §3).

    A body is the person on duty there, else its head, else nobody.
    """
    bodies = (one for one in organisation.units.values() if one.kind is UnitKind.COORDINATING)
    near = (one.id for one in bodies if one.department in (None, incident.department))
    people = (organisation.holders(Role.ON_DUTY, one) or heads(one, organisation) for one in near)
    return tuple(found[0] for found in people if found)


def units_in(incident: Incident, organisation: Organisation) -> frozenset[int]:
    """The units that report it, with the bodies joined to them (conduct §11, §13), and those in
    which they live on."""
    units = {incident.unit, *(report.unit for report in incident.reports)}
    units |= {organisation.standing(one) for one in units}
    known = (organisation.units[one] for one in units if one in organisation.units)
    return frozenset(units | {one.partner for one in known if one.partner})


def is_press(person: int, organisation: Organisation) -> bool:
    """Whether a person stands for a newsroom or the journalists' association."""
    return any(held.role is Role.PRESS for held in organisation.held_by(person))


def reporting_line(unit: int, organisation: Organisation) -> tuple[int, int] | None:
    """The propaganda body through which a unit reports, and the committee above it, by the data
    of the day (row 19); None where the register names neither."""
    home = organisation.units[organisation.standing(unit)]
    through = home.department or _first(organisation, UnitKind.PROPAGANDA_DEPARTMENT)
    to = home.reports_to or _first(organisation, UnitKind.STANDING_COMMITTEE)
    if not (through and to):
        return None
    return organisation.standing(through), organisation.standing(to)


def _first(organisation: Organisation, kind: UnitKind) -> int | None:
    found = organisation.first_of_kind(kind)
    return found.id if found else None


def ladder(owner: tuple[int, ...], incident: Incident, organisation: Organisation) -> Ladder:
    """The levels above an owner that reach somebody new, lowest first (domain.md §8.2).

    Within a unit's own authority the ladder ends at its head and the next higher head in
    the reporting line (conduct §9).
    """
    speaking = incident.spokesperson
    stand_in = speaking.stand_in if speaking and owner == (speaking.person,) else None
    asked = (owner, incident.unit, incident.within, incident.department, stand_in)
    known = organisation.ladders.get(asked)
    if known is None:
        known = organisation.ladders[asked] = _ladder(owner, stand_in, incident, organisation)
    return known


def _ladder(
    owner: tuple[int, ...], stand_in: int | None, incident: Incident, organisation: Organisation
) -> Ladder:
    unit = organisation.people[owner[0]].unit if owner else incident.unit
    own_heads = organisation.holders(Role.HEAD, unit)
    steps = [
        (Level.OFFICE, _stand_ins(owner, stand_in, unit, organisation)),
        (Level.HEAD, own_heads),
    ]
    if incident.within:
        above = organisation.units[unit].reports_to
        # The third place of the ladder: the province's duty officer has no part in it here.
        steps.append((Level.DUTY_OFFICER, organisation.holders(Role.HEAD, above) if above else ()))
    else:
        on_duty = organisation.holders(Role.ON_DUTY, incident.department)[:1]
        steps.append((Level.DUTY_OFFICER, on_duty))
        steps.append((Level.LEADER, leaders(incident, organisation)[:1]))
    return _new_only(owner, steps, organisation)


def _stand_ins(
    owner: tuple[int, ...], stand_in: int | None, unit: int, organisation: Organisation
) -> tuple[int, ...]:
    found = [stand_in] if stand_in else []
    if owner and owner[0] in organisation.holders(Role.HEAD, unit):
        found += organisation.holders(Role.DEPUTY, unit)[:1]
    # Whoever is on duty is the unit's office at that hour; its clerks are asked where nobody is.
    found += organisation.holders(Role.ON_DUTY, unit) or organisation.holders(Role.OFFICE, unit)
    return tuple(dict.fromkeys(found))


def _new_only(
    owner: tuple[int, ...], steps: list[tuple[Level, tuple[int, ...]]], organisation: Organisation
) -> Ladder:
    """Each level with those who are there and stand on no lower one; where nobody is left above,
    the administrators, who can give somebody the post."""
    heard = set(owner)
    kept = []
    for level, people in steps:
        new = tuple(one for one in people if one not in heard and organisation.is_here(one))
        if new:
            kept.append((level, new))
            heard.update(new)
    last = tuple(one for one in organisation.admins if one not in heard)
    return tuple(kept) or (((Level.LEADER, last),) if last else ())


def room_watch(incident: Incident, organisation: Organisation) -> tuple[int, ...]:
    """Who watches over the room: the duty officer; within a unit's authority its head."""
    post = Post.HEAD_OF_UNIT if incident.within else Post.DUTY_OFFICER
    return resolve(Party(post), incident, organisation)
