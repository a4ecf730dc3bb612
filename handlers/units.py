"""`/donvi`: a unit, who is above it, who holds what in it, whom it lacks, and what changes it."""

from collections.abc import Sequence, Set
from typing import Any

from handlers.look import Desk
from handlers.say import Choice, Say, choice, opens, shows
from handlers.unit_forms import admins_only
from handlers.which_unit import MOST, matching
from procedure.gaps import complete, gaps, lacking
from procedure.organisation import Organisation, Unit
from procedure.parties import is_press
from procedure.rules_staff import clerk_in
from procedure.text import fold
from procedure.trying import crew, may_try
from procedure.words import Role, UnitKind

_SHOWN = (Role.HEAD, Role.DEPUTY, Role.SPOKESPERSON, Role.ON_DUTY, Role.OFFICE)


def units(desk: Desk) -> Sequence[Say]:
    """The unit that is meant by the words behind the command; without words, one's own."""
    organisation, words = desk.organisation, str(desk.args.get("words", ""))
    if "unit" in desk.args:
        found = [organisation.units[int(desk.args["unit"])]]
    elif words:
        found = matching(organisation, words)
    else:
        found = [organisation.units[organisation.standing(desk.me.unit)]]
    if not found:
        facts: dict[str, Any] = {"words": " ".join(fold(words).split())}
        return [Say(template="views/units#nothing", facts=facts, choices=_new(desk))]
    if len(found) > 1:
        buttons = [choice("unit", _card(one.id), unit=one.id) for one in found[:MOST]]
        facts = {"found": [one.id for one in found[:MOST]], "more": max(0, len(found) - MOST)}
        return [Say(template="views/units#several", facts=facts, choices=buttons)]
    return [_one(desk, found[0])]


def _card(unit: int) -> dict[str, Any]:
    return shows("units", unit=unit) | {"keep": True}


def _is_admin(desk: Desk) -> bool:
    return desk.person in desk.organisation.admins


def _new(desk: Desk) -> list[Choice]:
    return [choice("add_unit", opens("add_unit"))] if _is_admin(desk) else []


def progress(organisation: Organisation) -> dict[str, Any]:
    """How many localities have everybody they need, how many there are, the first that lack."""
    found = [one for one in gaps(organisation, {}) if one.roles]
    done, whole = complete(organisation, found)
    localities = {one.id for one in organisation.units.values() if one.kind is UnitKind.LOCALITY}
    wanting = [one.unit for one in found if one.unit in localities][:MOST]
    return {"done": done, "whole": whole, "found": wanting}


def day_one(desk: Desk) -> Sequence[Say]:
    """What an administrator does in which order, and how far it has come."""
    buttons = [
        choice("invite_all", {"invite_all": 0, "keep": True}),
        choice("trial_all", {"trial": "asked", "keep": True}),
    ]
    facts = progress(desk.organisation)
    return [Say(template="views/units#day_one", facts=facts, choices=buttons, about="day_one")]


def _one(desk: Desk, unit: Unit) -> Say:
    organisation = desk.organisation.in_own_names()
    shown = (Role.SPOKESPERSON,) if is_press(desk.person, organisation) else _SHOWN
    wanting = lacking(organisation, unit)
    held = [(role.value, list(organisation.holders(role, unit.id))) for role in shown]
    facts = {
        "of": unit.id,
        "into": organisation.standing(unit.id) if unit.into else None,
        "above": unit.reports_to and organisation.standing(unit.reports_to),
        "department": unit.department and organisation.standing(unit.department),
        "held": [one for one in held if one[1]],
        "away": _away(desk, {person for _, people in held for person in people}),
        "wanting": [] if unit.closed else [one.value for one in wanting if one in shown],
    }
    about = f"unit:{unit.id}"
    return Say(template="views/units#unit", facts=facts, choices=_buttons(desk, unit), about=about)


def _away(desk: Desk, people: Set[int]) -> list[dict[str, Any]]:
    """Who of them is away now, who acts for him, and until when."""
    now = [one for one in desk.organisation.absences if one.holds_at(desk.now)]
    return [
        {"person": one.person, "stand_in": one.stand_in, "until": one.until}
        for one in now
        if one.person in people
    ]


def _buttons(desk: Desk, unit: Unit) -> list[Choice]:
    """What an administrator, or the unit's own clerk, may do with it."""
    if unit.into is not None:
        heir = desk.organisation.standing(unit.id)
        return [choice("unit", _card(heir), unit=heir)]
    clerk = clerk_in(desk.organisation, desk.person, unit.id)
    if unit.closed or not (_is_admin(desk) or clerk):
        return _new(desk)
    more = shows("unit_acts", unit=unit.id) | {"keep": True}
    return [
        choice("add_person", opens("add_person", None, unit=unit.id)),
        choice("invite_unit", {"invite_unit": unit.id, "keep": True}),
        choice("other_acts", more),
    ]


def unit_acts(desk: Desk) -> Sequence[Say]:
    """Everything else that may be done with a unit, as a numbered list: by an administrator, and
    the less by its clerk."""
    organisation = desk.organisation
    unit = int(desk.args.get("unit", desk.me.unit))
    if not clerk_in(organisation, desk.person, unit):
        admins_only(desk)
    buttons = list(_changes(unit)) if _is_admin(desk) else []
    buttons.append(choice("change_person", opens("change_person")))
    buttons.append(choice("see_roster", shows("roster", unit=unit) | {"keep": True}))
    if may_try(organisation, desk.person, unit) and crew(organisation, unit):
        ring = {"trial": "unit", "unit": unit, "keep": True}
        buttons.append(choice("trial_unit", ring))
    facts = {"of": unit}
    return [
        Say(template="views/units#acts", facts=facts, choices=buttons, about=f"unit_acts:{unit}")
    ]


def _changes(unit: int) -> Sequence[Choice]:
    return [
        choice("rename_unit", opens("rename_unit", None, unit=unit)),
        choice("move_unit", opens("move_unit", None, unit=unit)),
        choice("merge_unit", opens("merge_unit", None, unit=unit)),
        choice("close_unit", opens("close_unit", None, unit=unit)),
        choice("add_unit", opens("add_unit")),
    ]
