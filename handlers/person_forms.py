"""Somebody new in a unit, and a new post, telephone or unit of somebody known."""

from collections.abc import Mapping, Sequence

from handlers.fields import person
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.look import Desk
from handlers.roles import nobody, staffs
from handlers.unit_forms import line, verbatim
from handlers.which_unit import unit, ways
from procedure.decision import require
from procedure.organisation import Unit
from procedure.rules_staff import clerk_in, other_admin
from procedure.soundness import is_phone, whose_phone
from procedure.staff_actions import ChangePerson, RegisterPerson, StaffAction
from procedure.text import fold

LONGEST_NAME, LONGEST_POST = 80, 120
ITEMS = ("post", "phone", "unit")


def _here(desk: Desk, values: Values) -> Sequence[int]:
    return [int(desk.args.get("unit") or desk.me.unit)]


def _mine(desk: Desk, values: Values, one: Unit) -> bool:
    """Where he may register somebody."""
    organisation = desk.organisation
    return desk.person in organisation.admins or clerk_in(organisation, desk.person, one.id)


def _may_add(desk: Desk) -> None:
    staffs(desk)
    named = desk.organisation.units[_here(desk, {})[0]]
    who = other_admin(desk.organisation, desk.person)
    require("unit" not in desk.args or _mine(desk, {}, named), "only_admin_people", who)


def _addresses(desk: Desk, values: Values) -> Sequence[Option]:
    return [verbatim(one) for one in desk.words.addresses]


def _address(said: Said, desk: Desk, values: Values) -> str:
    typed = fold(said.option or said.text).strip()
    found = [one for one in desk.words.addresses if fold(one) == typed]
    if not found:
        raise BadAnswer("choose_one")
    return found[0]


def phone(said: Said, desk: Desk, values: Values) -> str:
    """A telephone that nobody else has."""
    typed = " ".join(said.text.split())
    if not is_phone(typed):
        raise BadAnswer("phone_unreadable")
    other = whose_phone(desk.organisation, typed, but=values.get("person") or 0)
    if other is not None:
        raise BadAnswer("phone_taken", other=other.id)
    return typed


def _items(desk: Desk, values: Values) -> Sequence[Option]:
    """A clerk changes no unit."""
    admin = desk.person in desk.organisation.admins
    shown = ITEMS if admin else ITEMS[:-1]
    return [Option(value=one, label=f"change_{one}") for one in shown]


def _item(said: Said, desk: Desk, values: Values) -> str:
    if said.option not in ITEMS:
        raise BadAnswer("choose_one")
    return said.option


def _elsewhere(desk: Desk, values: Values, one: Unit) -> bool:
    return one.id != desk.organisation.people[values["person"]].unit


def _named(desk: Desk) -> Mapping[str, str | None]:
    """The unit from whose card it was begun."""
    given = desk.args.get("unit")
    return {"unit": desk.organisation.units[int(given)].key} if given else {}


def _register(desk: Desk, values: Values) -> Sequence[StaffAction]:
    given = {name: values[name] for name in ("name", "address", "post", "phone", "unit")}
    return [RegisterPerson(**given)]


def _changed(desk: Desk, values: Values) -> Sequence[StaffAction]:
    item = values["item"]
    return [ChangePerson(person=values["person"], **{item: values[item]})]


ADD_PERSON = Form(
    name="add_person",
    fields=(
        Field(name="unit", read=unit(_mine), options=ways(_here)),
        Field(name="name", read=line(LONGEST_NAME)),
        Field(name="address", read=_address, options=_addresses),
        Field(name="post", read=line(LONGEST_POST)),
        Field(name="phone", read=phone),
    ),
    finish=_register,
    prefill=_named,
    permit=_may_add,
    about_incident=False,
    send_label="do_it",
)
CHANGE_PERSON = Form(
    name="change_person",
    fields=(
        Field(name="person", read=person(nobody)),
        Field(name="item", read=_item, options=_items),
        Field(
            name="post",
            read=line(LONGEST_POST),
            ask_if=lambda desk, values: values["item"] == "post",
        ),
        Field(name="phone", read=phone, ask_if=lambda desk, values: values["item"] == "phone"),
        Field(
            name="unit",
            read=unit(_elsewhere),
            ask_if=lambda desk, values: values["item"] == "unit",
        ),
    ),
    finish=_changed,
    permit=staffs,
    about_incident=False,
    send_label="do_it",
)
PERSON_FORMS = (ADD_PERSON, CHANGE_PERSON)
