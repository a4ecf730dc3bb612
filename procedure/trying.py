"""Trying the lines to people, with no incident: who may, and whom a trial ring reaches."""

from collections.abc import Collection, Mapping

from procedure.errors import NotYours
from procedure.gaps import standing_units, there
from procedure.organisation import Holding, Organisation
from procedure.words import Role, UnitKind

#: Who is rung in an incident's first hour.
RUNG_FIRST = (Role.HEAD, Role.SPOKESPERSON, Role.ON_DUTY)


def may_try(organisation: Organisation, actor: int, unit: int) -> bool:
    """Whether a person may send trial messages to those of a unit: administrators, its clerk."""
    if actor in organisation.admins:
        return True
    return Holding(actor, Role.OFFICE, unit) in organisation.held_by(actor)


def tries(organisation: Organisation, actor: int, person: int) -> None:
    """A trial message to one person. Raises NotYours."""
    if not may_try(organisation, actor, organisation.people[person].unit):
        raise NotYours("only_admin_tries", who=next(iter(organisation.admins), None))


def rings(organisation: Organisation, actor: int, unit: int | None) -> None:
    """A trial ring in a unit, or in all of them. Raises NotYours."""
    allowed = actor in organisation.admins if unit is None else may_try(organisation, actor, unit)
    if not allowed:
        raise NotYours("only_admin_tries", who=next(iter(organisation.admins), None))


def crew(organisation: Organisation, unit: int) -> tuple[int, ...]:
    """Whom a trial ring in a unit reaches: its head, those who speak, those on duty, each once."""
    found = (one for role in RUNG_FIRST for one in there(organisation, role, unit))
    return tuple(dict.fromkeys(found))


def unproven(organisation: Organisation, proven: Collection[int]) -> Mapping[int, tuple[int, ...]]:
    """By unit those of its crew who have answered no trial; newsrooms are left alone."""
    found = {}
    for unit in standing_units(organisation):
        if unit.kind is UnitKind.PRESS:
            continue
        left = tuple(one for one in crew(organisation, unit.id) if one not in proven)
        if left:
            found[unit.id] = left
    return found
