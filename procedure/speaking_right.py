"""By what right a person speaks: his post, or a paper that is good for this incident (row 3)."""

from datetime import datetime

from procedure.arrangements import Delegation
from procedure.errors import BadValue
from procedure.incident import Incident
from procedure.organisation import Organisation
from procedure.words import Role

#: Who speaks by his post: the head, his deputies, the standing spokesperson.
BY_POST = frozenset({Role.HEAD, Role.DEPUTY, Role.SPOKESPERSON})


def right_to_speak(
    person: int, incident: Incident, organisation: Organisation, now: datetime
) -> tuple[Delegation | None, str | None]:
    """The paper by which a person may speak at `now` (UTC), None where his post is enough.

    The second value is why he may not, as the key of a refusal; None: he may.
    """
    if _by_post(person, incident, organisation):
        return None, None
    own = [one for one in organisation.delegations if one.person == person]
    fitting = [one for one in own if one.covers(incident.stream, incident.incident_kind)]
    for one in fitting:
        if one.why_not(now) is None:
            return one, None
    if fitting:
        last = max(fitting, key=lambda one: (one.until, one.id))
        return last, f"delegation_{last.why_not(now)}"
    good = [one for one in own if one.why_not(now) is None]
    if good:
        return good[-1], "delegation_elsewhere"
    return None, "not_fit_to_speak"


def no_right(
    person: int, paper: Delegation | None, why: str, organisation: Organisation
) -> BadValue:
    """The refusal of whoever would let a person speak; it names who signs a new paper."""
    if paper is None:
        return BadValue(why, person=person)
    head = organisation.head(paper.unit)
    return BadValue(why, person=person, who=head, since=paper.since, until=paper.until)


def _by_post(person: int, incident: Incident, organisation: Organisation) -> bool:
    """By a post in his own unit, in the one that reports, or in the body joined to it."""
    home = organisation.people[person].unit
    units = {organisation.standing(one) for one in (home, incident.unit)}
    known = (organisation.units[one] for one in tuple(units) if one in organisation.units)
    units |= {one.partner for one in known if one.partner}
    held = organisation.held_by(person)
    return any(one.role in BY_POST and one.unit in units for one in held)
