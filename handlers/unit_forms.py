"""Units changed in chat: added, renamed, moved under another one, merged, closed."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.fields import choices_of, one_of, text
from handlers.form import Field, Form, Option, Reader, Said, Values
from handlers.look import Desk
from handlers.which_unit import unit, ways
from procedure.codec import dump, load
from procedure.decision import require
from procedure.organisation import Unit
from procedure.rules_staff import other_admin
from procedure.staff_actions import (
    CloseUnit,
    MergeUnit,
    MoveUnit,
    RegisterUnit,
    RenameUnit,
    StaffAction,
)
from procedure.words import UnitKind

LONGEST_NAME, LONGEST_SHORT = 150, 40


def admins_only(desk: Desk) -> None:
    """Only administrators change units."""
    who = other_admin(desk.organisation, desk.person)
    require(desk.person in desk.organisation.admins, "only_admin_units", who)


def line(most: int) -> Reader:
    """One line of at least two letters, its blanks made single; a tap gives the words offered."""
    read = text(least=2, most=most)

    def reader(said: Said, desk: Desk, values: Values) -> str:
        if said.option:
            return said.option
        return " ".join(str(read(said, desk, values)).split())

    return reader


def _seen(desk: Desk) -> Unit:
    return load(Unit, desk.args["seen"])


def _pin(desk: Desk) -> Mapping[str, Any]:
    """The unit as he sees it now: another one's change in the meantime is noticed."""
    return {"seen": dump(desk.organisation.units[int(desk.args["unit"])])}


def verbatim(words: str) -> Option:
    """A button that answers with these words."""
    return Option(value=words, label="verbatim", facts={"text": words})


def _kept_short(desk: Desk, values: Values) -> Sequence[Option]:
    return [verbatim(_seen(desk).short)]


def _whole_name(desk: Desk, values: Values) -> Sequence[Option]:
    return [verbatim(values["name"])] if len(values["name"]) <= LONGEST_SHORT else []


def _superiors(desk: Desk, values: Values) -> Sequence[int]:
    """The superiors that most units have."""
    organisation = desk.organisation
    named = [one.reports_to for one in organisation.units.values() if one.reports_to]
    counted = sorted(set(named), key=lambda one: -named.count(one))
    now = organisation.units[int(desk.args["unit"])].reports_to if "unit" in desk.args else None
    return [one for one in counted if one != now][:2]


def _another(desk: Desk, values: Values, one: Unit) -> bool:
    return one.id != int(desk.args["unit"])


def _comes_along(desk: Desk, values: Values) -> Mapping[str, Any]:
    """How many people move, and whose post as head ends."""
    organisation, old = desk.organisation, int(desk.args["unit"])
    people = [one.id for one in organisation.people.values() if one.unit == old and not one.left]
    return {"people": len(people), "head": organisation.head(old)}


def _register(desk: Desk, values: Values) -> Sequence[StaffAction]:
    return [
        RegisterUnit(
            name=values["name"],
            short=values["short"],
            kind=values["kind"],
            reports_to=values["above"],
        )
    ]


def _rename(desk: Desk, values: Values) -> Sequence[StaffAction]:
    return [RenameUnit(seen=_seen(desk), name=values["name"], short=values["short"])]


def _form(name: str, *fields: Field, **more: Any) -> Form:
    given = {"permit": admins_only, "about_incident": False, "send_label": "do_it", **more}
    return Form(name=name, fields=fields, **given)


_NAME = Field(name="name", read=line(LONGEST_NAME))

ADD_UNIT = _form(
    "add_unit",
    _NAME,
    Field(name="short", read=line(LONGEST_SHORT), options=_whole_name),
    Field(name="kind", read=one_of(UnitKind), options=choices_of(UnitKind, "unit_kind")),
    Field(name="above", read=unit(), options=ways(_superiors), optional=True),
    finish=_register,
)
RENAME_UNIT = _form(
    "rename_unit",
    _NAME,
    Field(name="short", read=line(LONGEST_SHORT), options=_kept_short),
    finish=_rename,
    pin=_pin,
)
MOVE_UNIT = _form(
    "move_unit",
    Field(name="above", read=unit(_another), options=ways(_superiors)),
    finish=lambda desk, values: [MoveUnit(seen=_seen(desk), reports_to=values["above"])],
    pin=_pin,
)
MERGE_UNIT = _form(
    "merge_unit",
    Field(name="into", read=unit(_another)),
    finish=lambda desk, values: [MergeUnit(seen=_seen(desk), into=values["into"])],
    pin=lambda desk: {**_pin(desk), **_comes_along(desk, {})},
)
CLOSE_UNIT = _form(
    "close_unit",
    finish=lambda desk, values: [CloseUnit(seen=_seen(desk))],
    pin=_pin,
)
UNIT_FORMS = (ADD_UNIT, RENAME_UNIT, MOVE_UNIT, MERGE_UNIT, CLOSE_UNIT)
