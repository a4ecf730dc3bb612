"""The same about the organisation: every act about roles and doors, by everybody."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from bot.render import Scene
from procedure.errors import Refused
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
from tests.procedure.permissions import cast as c

#: The word of the bot for each.
WORDS = {
    "GiveRole": "labels#do_it",
    "EndRole": "labels#do_it",
    "ConfirmRole": "labels#confirm_role",
    "RejectRole": "labels#reject_role",
    "InvitePerson": "invite",
    "EndAccess": "lost_phone",
}
FORMS = {"GiveRole": "change_role", "EndRole": "change_role"}
UNITS = (v.COMMUNE, v.AGENCY, v.COMMITTEE)
ADMIN, CLERK = "an administrator", "the unit's own clerk"
OTHER, PROPOSER = "an administrator who has not proposed it", "the one who has"


@dataclass
class Offices:
    """Who may do what about whom, by what he is to it; and every refusal that was met."""

    may: dict[tuple[str, str], dict[str, set[str]]] = field(default_factory=dict)
    refusals: dict[tuple[str, str], tuple[Organisation, int, dict[str, Any]]] = field(
        default_factory=dict
    )
    tried: int = 0

    @property
    def done(self) -> set[str]:
        """The kinds of action in which somebody succeeded."""
        return {kind for (kind, _), found in self.may.items() if found}


def everything() -> Offices:
    """All of it, once. Raises AssertionError, saying what to add."""
    offices = Offices()
    for organisation in (c.ORGANISATION, _headless(), _with_proposals(), _alone()):
        whole = (organisation.holdings, organisation.proposed, organisation.people)
        for action in _actions():
            _tried(offices, organisation, action)
        now = (organisation.holdings, organisation.proposed, organisation.people)
        assert now == whole, "the organisation was changed in place"
    kinds = _kinds(PersonAction)
    lacking = sorted(kinds - {kind for kind, _ in offices.may})
    assert not lacking, f"tests/procedure/permissions/staff.py has no sample of {lacking}"
    return offices


def _kinds(base: type[PersonAction]) -> set[str]:
    below = base.__subclasses__()
    return {one for kind in below for one in _kinds(kind)} if below else {base.__name__}


def _actions() -> Iterator[PersonAction]:
    """Every kind about every role in three bodies, of a holder, of another, of one who left."""
    for unit in UNITS:
        staff = c.at(unit, Role.STAFF)
        for role in Role:
            for person in dict.fromkeys((staff, c.at(unit, role), c.GONE)):
                for kind in ROLE_ACTIONS.values():
                    yield kind(person=person, role=role, unit=unit)
    for person in c.PEOPLE:
        yield InvitePerson(person=person)
        yield EndAccess(person=person)


def _headless() -> Organisation:
    """No body has a head, so that one may be given."""
    left = tuple(one for one in c.ORGANISATION.holdings if one.role is not Role.HEAD)
    return replace(c.ORGANISATION, holdings=left)


def _with_proposals() -> Organisation:
    """Every guarded role waits for a second administrator, proposed by the first."""
    waits = [
        Proposal(c.at(unit, Role.STAFF), role, unit, by=v.ADMIN)
        for unit in UNITS
        for role in Role
        if is_guarded(role, c.UNITS[unit])
    ]
    return replace(_headless(), proposed=tuple(waits))


def _alone() -> Organisation:
    """One administrator is left."""
    kept = (one for one in c.ORGANISATION.holdings if one.role is not Role.ADMIN)
    last = next(one for one in c.ORGANISATION.holdings if one.person == v.ADMIN)
    return replace(c.ORGANISATION, holdings=(*kept, last))


def _tried(offices: Offices, organisation: Organisation, action: PersonAction) -> None:
    able: dict[str, set[str]] = {}
    unable: set[str] = set()
    for actor in (*c.PEOPLE, v.STRANGER):
        offices.tried += 1
        as_what = _relation(organisation, action, actor)
        try:
            done = manage(organisation, action, actor)
        except Refused as refused:
            unable.add(as_what)
            found = (refused.key, repr(refused.facts))
            offices.refusals.setdefault(found, (organisation, actor, refused.facts))
        except Exception as problem:
            raise AssertionError(f"{actor} {action}: neither done nor refused") from problem
        else:
            able.setdefault(as_what, set()).update(type(fact).__name__ for fact in done)
    assert not able.keys() & unable, f"{action}: only some of {able.keys() & unable} may"
    assert "" not in able, f"{action}: somebody may who is nothing to it"
    line = (type(action).__name__, _about(organisation, action))
    for as_what, facts in able.items():
        offices.may.setdefault(line, {}).setdefault(as_what, set()).update(facts)


def _relation(organisation: Organisation, action: PersonAction, actor: int) -> str:
    """What he is to it; "" when nothing."""
    held = organisation.held_by(actor)
    if any(one.role is Role.ADMIN for one in held):
        if not isinstance(action, ConfirmRole | RejectRole):
            return ADMIN
        waits = Proposal(action.person, action.role, action.unit, by=actor)
        return PROPOSER if waits in organisation.proposed else OTHER
    person = organisation.people[action.person]
    unit = action.unit if isinstance(action, RoleAction) else person.unit
    return CLERK if any((one.role, one.unit) == (Role.OFFICE, unit) for one in held) else ""


def _about(organisation: Organisation, action: PersonAction) -> str:
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


def section(offices: Offices, scene: Scene) -> str:
    """The table of the page."""
    rows = ["| Action | About | Who may |", "| --- | --- | --- |"]
    for kind in WORDS:
        for (name, about), found in sorted(offices.may.items()):
            if name == kind and found:
                rows.append(f"| *{_word(kind, scene)}* `{kind}` | {about} | {_who(found)} |")
    return "\n".join(rows) + "\n"


def _who(found: dict[str, set[str]]) -> str:
    said = []
    for as_what in (ADMIN, CLERK, OTHER, PROPOSER):
        if as_what in found:
            waits = "RoleProposed" in found[as_what]
            said.append(as_what + (" (it waits for another one)" if waits else ""))
    return "; ".join(said)


def _word(kind: str, scene: Scene) -> str:
    form = FORMS.get(kind, WORDS[kind])
    if "#" in form:
        return scene.renderer.label(form.partition("#")[2], {}, scene)
    return scene.words("named_form", form=form)
