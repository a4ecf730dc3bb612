"""A directive of the department with its receipts, and who sits in the room (rows 22, 23)."""

from collections.abc import Sequence

from handlers.fields import people, person, several_people, text
from handlers.form import Field, Form, Option, Values
from handlers.look import Desk
from handlers.say import Choice, choice, shows
from procedure import actions as a
from procedure.parties import heads, room_members
from procedure.rules_directive import addressees, bound_to_room
from procedure.rules_guidance import guides
from procedure.words import Role, UnitKind

LONGEST_DIRECTIVE = 1500


def _permit(desk: Desk) -> None:
    guides(desk.asked())


def _able(desk: Desk, values: Values) -> Sequence[int]:
    return addressees(desk.case, desk.organisation, desk.person)


def _options(desk: Desk, values: Values) -> Sequence[Option]:
    """Everybody at once, or one by one."""
    listed = people(_able)(desk, values)
    return [Option(value="all", label="all_people", facts={"count": len(listed)}), *listed]


def _to_receipts(desk: Desk) -> list[Choice]:
    number = desk.case.directives[-1].id
    do = shows("receipts", desk.case.stream, directive=number) | {"keep": True}
    return [choice("see_receipts", do)]


DIRECTIVE_FORM = Form(
    name="directive",
    fields=(
        Field(name="text", read=text(least=5, most=LONGEST_DIRECTIVE)),
        Field(name="people", read=several_people(_able, all_first=True), options=_options),
    ),
    finish=lambda desk, values: [
        a.SendDirective(text=values["text"], people=tuple(values["people"]))
    ],
    permit=_permit,
    after=_to_receipts,
    send_label="send_directive",
)


def _outside(desk: Desk, values: Values) -> Sequence[int]:
    """Offered first: one of each body of the province that is not in the room yet."""
    organisation = desk.organisation
    inside = set(room_members(desk.case, organisation))
    kinds = (UnitKind.DEPARTMENT, UnitKind.COORDINATING)
    found: list[int] = []
    for unit in organisation.units.values():
        if unit.kind in kinds:
            watch = organisation.holders(Role.ON_DUTY, unit.id) or heads(unit.id, organisation)
            found += watch[:1]
    return [one for one in found if one not in inside]


def _removable(desk: Desk, values: Values) -> Sequence[int]:
    bound = bound_to_room(desk.case, desk.organisation)
    members = room_members(desk.case, desk.organisation)
    return [one for one in members if one not in bound and one != desk.person]


def _to_members(desk: Desk) -> list[Choice]:
    return [choice("see_members", shows("members", desk.case.stream) | {"keep": True})]


ADD_FORM = Form(
    name="add_member",
    fields=(Field(name="person", read=person(_outside), options=people(_outside)),),
    finish=lambda desk, values: [a.AddRoomMember(person=values["person"])],
    permit=_permit,
    after=_to_members,
    send_label="confirm",
)

REMOVE_FORM = Form(
    name="remove_member",
    fields=(Field(name="person", read=person(_removable), options=people(_removable)),),
    finish=lambda desk, values: [a.RemoveRoomMember(person=values["person"])],
    permit=_permit,
    after=_to_members,
    send_label="confirm",
)
