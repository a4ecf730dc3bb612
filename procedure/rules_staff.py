"""Who may give which role, and what needs a second administrator."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from procedure.decision import require
from procedure.entries import Fact
from procedure.entries_organisation import (
    AccessEnded,
    AccessInvited,
    RoleEnded,
    RoleGiven,
    RoleProposalRejected,
    RoleProposed,
)
from procedure.errors import BadValue, NotYours, Outdated
from procedure.organisation import Holding, Organisation, Person, Proposal
from procedure.role_days import not_past
from procedure.staff_actions import (
    ConfirmRole,
    EndAccess,
    EndRole,
    GiveRole,
    InvitePerson,
    PersonAction,
    RejectRole,
    RoleAction,
)
from procedure.staffing import is_guarded
from procedure.words import Role


def manage(
    organisation: Organisation, action: PersonAction, actor: int, today: date = date.min
) -> list[Fact]:
    """What follows from it; no role is given that ends before `today`, a local day.

    Raises NotYours, BadValue, Outdated.
    """
    if isinstance(action, RoleAction):
        facts = _RULES[type(action)](organisation, action, actor)
        not_past(facts, today)
        return facts
    return _door(organisation, action, actor)


def clerk_in(organisation: Organisation, person: int, unit: int) -> bool:
    """Whether a person is a unit's own clerk (văn thư)."""
    return Holding(person, Role.OFFICE, unit) in organisation.held_by(person)


def cares_for(organisation: Organisation, actor: int, person: Person) -> bool:
    """Whether a person is the clerk of the unit where another works: never of the head, nor of
    whoever holds what is guarded."""
    return clerk_in(organisation, actor, person.unit) and not any(
        one.role is Role.HEAD or is_guarded(one.role, organisation.units[one.unit])
        for one in organisation.held_by(person.id)
    )


def other_admin(organisation: Organisation, actor: int) -> int | None:
    """An administrator who is somebody else: whom a refusal names."""
    return next((one for one in organisation.admins if one != actor), None)


def may_staff(organisation: Organisation, actor: int) -> bool:
    """Whether a person may give and end roles anywhere: administrators, and a unit's own clerk."""
    return any(one.role in (Role.ADMIN, Role.OFFICE) for one in organisation.held_by(actor))


def invites(organisation: Organisation, actor: int, unit: int | None) -> None:
    """Links for everybody of a unit whom nothing reaches, or of all of them. Raises NotYours."""
    clerk = unit is not None and clerk_in(organisation, actor, unit)
    allowed = clerk or actor in organisation.admins
    require(allowed, "only_admin_people", other_admin(organisation, actor))


def _give(organisation: Organisation, action: GiveRole, actor: int) -> list[Fact]:
    """Who holds it up to a last day may be given another one; it began when it began."""
    _allowed(organisation, action, actor)
    held = _held(organisation, action)
    if held is not None and held.until is None:
        raise Outdated("role_held", person=action.person, role=action.role.value)
    since = held.since if held else None
    wanted = Holding(action.person, action.role, action.unit, since, action.until)
    _can_hold(organisation, wanted)
    if _proposed(organisation, action):
        raise Outdated("role_waits", person=action.person, role=action.role.value)
    guarded = is_guarded(action.role, organisation.units[action.unit])
    kind = RoleProposed if guarded else RoleGiven
    fact = kind(
        person=action.person, role=action.role, unit=action.unit, since=since, until=action.until
    )
    return [fact]


def _end(organisation: Organisation, action: RoleAction, actor: int) -> list[Fact]:
    _allowed(organisation, action, actor)
    if _held(organisation, action) is None:
        raise Outdated("role_not_held", person=action.person, role=action.role.value)
    if action.role is Role.ADMIN and organisation.keeps_alone(action.person):
        raise BadValue("last_admin")
    return [RoleEnded(person=action.person, role=action.role, unit=action.unit)]


def _confirm(organisation: Organisation, action: RoleAction, actor: int) -> list[Fact]:
    proposal = _second(organisation, action, actor)
    if proposal.by == actor:
        raise NotYours("second_admin_confirms", who=other_admin(organisation, actor))
    return [confirmed(organisation, proposal)]


def _reject(organisation: Organisation, action: RoleAction, actor: int) -> list[Fact]:
    _second(organisation, action, actor)
    return [RoleProposalRejected(person=action.person, role=action.role, unit=action.unit)]


def _second(organisation: Organisation, action: RoleAction, actor: int) -> Proposal:
    who = other_admin(organisation, actor)
    require(actor in organisation.admins, "only_admin_staffs", who)
    found = _proposed(organisation, action)
    if found is None:
        raise Outdated("answer_outdated")
    return found


def confirmed(organisation: Organisation, proposal: Proposal) -> RoleGiven:
    """What the console of the server agrees to. Raises BadValue, Outdated."""
    _can_hold(organisation, proposal.holding)
    return RoleGiven(
        person=proposal.person,
        role=proposal.role,
        unit=proposal.unit,
        since=proposal.since,
        until=proposal.until,
    )


def _can_hold(organisation: Organisation, wanted: Holding) -> None:
    """Asked again when it is confirmed: much may have changed since it was proposed."""
    person, role, unit = wanted.person, wanted.role, wanted.unit
    if organisation.people[person].left:
        raise BadValue("person_has_left", person=person)
    if organisation.units[unit].gone:
        raise BadValue("unit_gone", unit=unit, into=organisation.standing(unit))
    if any(one == wanted and one.days == wanted.days for one in organisation.given_to(person)):
        raise Outdated("role_held", person=person, role=role.value)
    if role is Role.ADMIN and wanted.until and organisation.keeps_alone(person):
        raise BadValue("last_admin")
    for one in organisation.given if role is Role.HEAD else ():
        if (one.role, one.unit) == (role, unit) and one != wanted and one.meets(wanted):
            raise BadValue("two_heads", person=one.person, unit=unit)


def _allowed(organisation: Organisation, action: RoleAction, actor: int) -> None:
    """An administrator; inside a unit its own clerk too, but never the head and nothing guarded."""
    if actor in organisation.admins:
        return
    lowly = action.role is not Role.HEAD and not is_guarded(
        action.role, organisation.units[action.unit]
    )
    if not (lowly and clerk_in(organisation, actor, action.unit)):
        raise NotYours("only_admin_staffs", who=other_admin(organisation, actor))


def _door(organisation: Organisation, action: PersonAction, actor: int) -> list[Fact]:
    """An administrator, or the clerk who cares for him, since a link lets in whoever has it."""
    person = organisation.people[action.person]
    allowed = actor in organisation.admins or cares_for(organisation, actor, person)
    require(allowed, "only_admin_staffs", other_admin(organisation, actor))
    if isinstance(action, EndAccess):
        return [AccessEnded(person=person.id)]
    assert isinstance(action, InvitePerson)
    if person.left:
        raise BadValue("person_has_left", person=person.id)
    return [AccessInvited(person=person.id)]


def _held(organisation: Organisation, action: RoleAction) -> Holding | None:
    """What he holds today, or from a later day on."""
    wanted = Holding(action.person, action.role, action.unit)
    return next((one for one in organisation.given_to(action.person) if one == wanted), None)


def _proposed(organisation: Organisation, action: RoleAction) -> Proposal | None:
    for one in organisation.waiting:
        if (one.person, one.role, one.unit) == (action.person, action.role, action.unit):
            return one
    return None


_RULES: Mapping[type[RoleAction], Callable[[Organisation, Any, int], list[Fact]]] = {
    GiveRole: _give,
    EndRole: _end,
    ConfirmRole: _confirm,
    RejectRole: _reject,
}
