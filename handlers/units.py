"""`/donvi`: a unit, who is above it, who holds what in it, and whom it lacks."""

from collections.abc import Sequence

from handlers.look import Desk
from handlers.say import Say, choice
from procedure.gaps import complete, gaps, lacking
from procedure.organisation import Unit
from procedure.parties import is_press
from procedure.text import fold
from procedure.trying import crew, may_try
from procedure.words import Role, UnitKind

MOST = 5
_SHOWN = (Role.HEAD, Role.DEPUTY, Role.SPOKESPERSON, Role.ON_DUTY, Role.OFFICE)


def units(desk: Desk) -> Sequence[Say]:
    """The unit that is meant by the words behind the command; without words, one's own."""
    words = fold(str(desk.args.get("words", ""))).split()
    everything = desk.organisation.units
    if words:
        found = [one for one in everything.values() if set(words) <= set(_signature(one))]
    else:
        found = [everything[desk.organisation.standing(desk.me.unit)]]
    if not found:
        return [Say(template="views/units#nothing", facts={"words": " ".join(words)})]
    if len(found) > 1:
        facts = {"found": [one.id for one in found[:MOST]], "more": max(0, len(found) - MOST)}
        return [Say(template="views/units#several", facts=facts)]
    return [_one(desk, found[0])]


def day_one(desk: Desk) -> Sequence[Say]:
    """What an administrator does in which order, and how far it has come."""
    found = [one for one in gaps(desk.organisation, {}) if one.roles]
    done, whole = complete(desk.organisation, found)
    localities = {
        one.id for one in desk.organisation.units.values() if one.kind is UnitKind.LOCALITY
    }
    wanting = [one.unit for one in found if one.unit in localities][:MOST]
    facts = {"done": done, "whole": whole, "found": wanting}
    trial = [choice("trial_all", {"trial": "asked", "keep": True})]
    return [Say(template="views/units#day_one", facts=facts, choices=trial, about="day_one")]


def _one(desk: Desk, unit: Unit) -> Say:
    organisation = desk.organisation
    shown = (Role.SPOKESPERSON,) if is_press(desk.person, organisation) else _SHOWN
    held = [[role.value, list(organisation.holders(role, unit.id))] for role in shown]
    facts = {
        "of": unit.id,
        "into": unit.into,
        "held": [one for one in held if one[1]],
        "wanting": [one.value for one in lacking(organisation, unit) if one in shown],
    }
    may_ring = may_try(organisation, desk.person, unit.id) and crew(organisation, unit.id)
    ring = choice("trial_unit", {"trial": "unit", "unit": unit.id, "keep": True})
    choices = [ring] if may_ring else []
    return Say(template="views/units#unit", facts=facts, choices=choices, about="unit")


def _signature(unit: Unit) -> list[str]:
    former = " ".join(one.name for one in unit.former)
    return fold(f"{unit.code} {unit.name} {unit.short} {former}").split()
