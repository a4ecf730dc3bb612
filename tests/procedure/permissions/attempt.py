"""One thing about the organisation that everybody tries, and what each is to it."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from procedure.arrangements import Absence
from procedure.organisation import Holding, Organisation
from procedure.words import Role
from tests.procedure import village as v
from tests.procedure.permissions import cast as c

#: What somebody may be to what he tries, as the page says it, in its order.
HIMSELF, ON_DUTY, STAND_IN = "himself", "himself, of those on duty or who lead", "the stand-in"
NOW_ON, NOW_FOR = "whoever is on duty now", "whoever stands in for him"
HEAD, CLERK, ADMIN = "the unit's head", "the unit's own clerk", "an administrator"
OTHER, PROPOSER = "an administrator who has not proposed it", "the one who has"
RELATIONS = (HIMSELF, ON_DUTY, STAND_IN, NOW_ON, NOW_FOR, HEAD, CLERK, ADMIN, OTHER, PROPOSER)
#: Of whom things are tried where those of one body say all.
FEW = tuple(one for one, (unit, _) in c.AT_POST.items() if unit == v.COMMUNE)
#: What can be said of whoever does it: he is nothing to it.
NOTHING = ""


@dataclass(frozen=True)
class Attempt:
    """`ask` puts it to the rules for an actor, `relation` says what he is to it.

    `but` do not try it here, since what they are to it stands on another line. `shown` is False
    for what nobody may: it stands on no line of the page.
    """

    organisation: Organisation
    kind: str
    about: str
    what: object
    ask: Callable[[int], Sequence[Any]]
    relation: Callable[[int], str]
    shown: bool = True
    but: tuple[int, ...] = ()


def everything_of(organisation: Organisation) -> dict[str, Any]:
    """The whole value, copied, so that what is changed in place is seen."""
    return {one.name: copy(getattr(organisation, one.name)) for one in fields(organisation)}


def relation_to(organisation: Organisation, actor: int, unit: int, **who: int | None) -> str:
    """What somebody is to a unit and to the people of an attempt: `himself`, the `stand_in`."""
    if not organisation.is_here(actor):
        return NOTHING
    for name, label in (("himself", HIMSELF), ("stand_in", STAND_IN)):
        if who.get(name) == actor:
            return label
    held = organisation.held_by(actor)
    for role, label in ((Role.HEAD, HEAD), (Role.OFFICE, CLERK)):
        if Holding(actor, role, organisation.standing(unit)) in held:
            return label
    return ADMIN if actor in organisation.admins else NOTHING


def away(
    person: int, stand_in: int, now: datetime = v.START, *, number: int = 1, **more: Any
) -> Absence:
    """Somebody is away for two days from `now`, and another acts for him."""
    span: dict[str, Any] = {"since": now, "until": now + 2 * v.DAY, "accepted_at": now}
    return Absence(id=number, person=person, stand_in=stand_in, **span | more)


def with_stand_ins() -> Organisation:
    """The head, the clerk and an administrator are away; whoever acts for them gets nothing of the
    register, of rosters or of papers by it."""
    gone = (
        away(v.HEAD, v.DEPUTY),
        away(c.at(v.COMMUNE, Role.OFFICE), c.at(v.COMMUNE, Role.STAFF), number=2),
        away(v.ADMIN, v.OUTSIDER, number=3),
    )
    return replace(c.ORGANISATION, absences=gone).at(v.START, v.ZONE)


def left(organisation: Organisation, person: int) -> Organisation:
    """The same after somebody has left for good, and what he held with him."""
    people = {**organisation.people, person: replace(organisation.people[person], left=True)}
    held = tuple(one for one in organisation.holdings if one.person != person)
    return replace(organisation, people=people, holdings=held)
