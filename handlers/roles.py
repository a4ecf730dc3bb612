"""`/vaitro`: a role given to somebody, or ended."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from handlers.fields import day, person
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.look import Desk
from handlers.say import Choice, choice
from procedure.entries_organisation import RoleProposed
from procedure.errors import NotYours
from procedure.organisation import Holding
from procedure.rules_staff import may_staff
from procedure.staff_actions import EndRole, GiveRole, RoleAction
from procedure.words import Role

#: The most given first.
ROLES = (
    Role.HEAD,
    Role.DEPUTY,
    Role.SPOKESPERSON,
    Role.ON_DUTY,
    Role.OFFICE,
    Role.STAFF,
    Role.COMMITTEE_MEMBER,
    Role.SECRETARY,
    Role.PRESS,
    Role.ADMIN,
)


def nobody(desk: Desk, values: Values) -> Sequence[int]:
    """Whoever is meant is named: nobody is likelier than another."""
    return ()


GIVE, END = "give", "end"


def _changes(desk: Desk, values: Values) -> Sequence[Option]:
    """What can change: the roles that he holds can end, those with a last day go on, the others
    can be given."""
    found = []
    for one in ROLES:
        held, facts = _held(desk, values, one), {"role": one.value}
        if held is None:
            found.append(Option(value=f"{GIVE}:{one.value}", label="role_give", facts=facts))
            continue
        found.append(Option(value=f"{END}:{one.value}", label="role_end", facts=facts))
        if held.until:
            found.append(Option(value=f"{GIVE}:{one.value}", label="role_go_on", facts=facts))
    return found


def _change(said: Said, desk: Desk, values: Values) -> str:
    if said.option not in {f"{do}:{one.value}" for one in ROLES for do in (GIVE, END)}:
        raise BadAnswer("choose_one")
    return said.option


def _unit(desk: Desk, values: Values) -> int:
    return desk.organisation.people[values["person"]].unit


def _held(desk: Desk, values: Values, role: Role) -> Holding | None:
    held = desk.organisation.given_to(values["person"])
    return next((one for one in held if (one.role, one.unit) == (role, _unit(desk, values))), None)


def _is_given(desk: Desk, values: Values) -> bool:
    return str(values["change"]).startswith(f"{GIVE}:")


def _whom(desk: Desk, values: Values) -> dict[str, Any]:
    return {"person": values["person"]}


def _finish(desk: Desk, values: Values) -> Sequence[RoleAction]:
    do, _, said = values["change"].partition(":")
    whom, role, unit = values["person"], Role(said), _unit(desk, values)
    if do == END:
        return [EndRole(person=whom, role=role, unit=unit)]
    last = values.get("last_day")
    until = date.fromisoformat(last) if last else None
    return [GiveRole(person=whom, role=role, unit=unit, until=until)]


def staffs(desk: Desk) -> None:
    """Only who may give roles somewhere."""
    if not may_staff(desk.organisation, desk.person):
        raise NotYours("only_admin_staffs", who=next(iter(desk.organisation.admins), None))


FORM = Form(
    name="change_role",
    fields=(
        Field(name="person", read=person(nobody)),
        Field(name="change", read=_change, options=_changes, facts=_whom),
        Field(name="last_day", read=day("future"), ask_if=_is_given, optional=True),
    ),
    finish=_finish,
    permit=staffs,
    about_incident=False,
    send_label="do_it",
)


def to_confirm(proposed: RoleProposed) -> list[Choice]:
    """What a second administrator may say to a proposal."""
    data = {"person": proposed.person, "role": proposed.role.value, "unit": proposed.unit}
    return [
        choice("confirm_role", {"staff": "ConfirmRole", "data": data}),
        choice("reject_role", {"staff": "RejectRole", "data": data}),
    ]
