"""Roles and doors: every act about a person who is registered."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from procedure.organisation import Organisation, Proposal
from procedure.rules_staff import manage
from procedure.staff_actions import (
    ROLE_ACTIONS,
    ConfirmRole,
    EndAccess,
    InvitePerson,
    PersonAction,
    RejectRole,
    RoleAction,
)
from procedure.staffing import is_guarded
from procedure.words import Role
from tests.procedure import village as v
from tests.procedure.permissions import attempt as t
from tests.procedure.permissions import cast as c

UNITS = (v.COMMUNE, v.AGENCY, v.COMMITTEE)


def attempts() -> Iterator[t.Attempt]:
    """Each in every state that matters."""
    states = (c.ORGANISATION, headless(), _with_proposals(), alone(), t.with_stand_ins())
    for organisation in states:
        people = c.PEOPLE if organisation is c.ORGANISATION else t.FEW
        for action in _actions(people):
            yield t.Attempt(
                organisation,
                type(action).__name__,
                about(organisation, action),
                action,
                partial(manage, organisation, action),
                partial(_relation, organisation, action),
            )


def _actions(people: Iterable[int]) -> Iterator[PersonAction]:
    """Every kind about every role in three bodies, of a holder, of another, of one who left."""
    for unit in UNITS:
        staff = c.at(unit, Role.STAFF)
        for role in Role:
            for person in dict.fromkeys((staff, c.at(unit, role), c.GONE)):
                for kind in ROLE_ACTIONS.values():
                    yield kind(person=person, role=role, unit=unit)
    yield ROLE_ACTIONS["GiveRole"](person=v.OUTSIDER, role=Role.OFFICE, unit=c.MERGED)
    for person in people:
        yield InvitePerson(person=person)
        yield EndAccess(person=person)


def headless() -> Organisation:
    """No body has a head, so that one may be given."""
    kept = tuple(one for one in c.ORGANISATION.holdings if one.role is not Role.HEAD)
    return replace(c.ORGANISATION, holdings=kept)


def _with_proposals() -> Organisation:
    """Every guarded role waits for a second administrator, proposed by the first."""
    waits = [
        Proposal(c.at(unit, Role.STAFF), role, unit, by=v.ADMIN)
        for unit in UNITS
        for role in Role
        if is_guarded(role, c.UNITS[unit])
    ]
    return replace(headless(), proposed=tuple(waits))


def alone() -> Organisation:
    """One administrator is left."""
    kept = (one for one in c.ORGANISATION.holdings if one.role is not Role.ADMIN)
    last = next(one for one in c.ORGANISATION.holdings if one.person == v.ADMIN)
    return replace(c.ORGANISATION, holdings=(*kept, last))


def _relation(organisation: Organisation, action: PersonAction, actor: int) -> str:
    person = organisation.people[action.person]
    unit = action.unit if isinstance(action, RoleAction) else person.unit
    found = t.relation_to(organisation, actor, unit)
    if found == t.HEAD:
        return t.NOTHING
    if found != t.ADMIN or not isinstance(action, ConfirmRole | RejectRole):
        return found
    waits = Proposal(action.person, action.role, action.unit, by=actor)
    return t.PROPOSER if waits in organisation.proposed else t.OTHER


def about(organisation: Organisation, action: PersonAction) -> str:
    """Which of the lines of its kind an act belongs to."""
    if isinstance(action, RoleAction):
        if is_guarded(action.role, organisation.units[action.unit]):
            return "an administrator's role, or any role in the committee"
        return "a head's role" if action.role is Role.HEAD else "any other role"
    held = organisation.held_by(action.person)
    high = any(
        one.role is Role.HEAD or is_guarded(one.role, organisation.units[one.unit]) for one in held
    )
    if high:
        return "of a head, an administrator, or one with a role in the committee"
    return "of anybody else"
