"""Units, and the people in them: with people, empty, merged, closed, needed."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from procedure.organisation import Organisation
from procedure.rules_units import Change, change
from procedure.staff_actions import (
    ChangePerson,
    CloseUnit,
    MergeUnit,
    MoveUnit,
    RegisterPerson,
    RegisterUnit,
    RenameUnit,
    StaffAction,
)
from procedure.words import Role, UnitKind
from tests.procedure import village as v
from tests.procedure.permissions import attempt as t
from tests.procedure.permissions import cast as c
from tests.procedure.permissions import staff_roles

PEOPLED, OTHERS = "a unit with people", "one of its own kind"
#: The units that everything is tried on, and how the page calls them.
STATES = {
    c.BUREAU: PEOPLED,
    c.EMPTY: "an empty unit",
    c.ABOVE: "a unit under which another one stands",
    c.BUSY: "a unit that an open incident needs",
    c.MERGED: "one that was merged",
    c.CLOSED: "one that is closed",
}
NEW = {"name": "A new name", "short": "N"}
TODAY = v.START.date()


def attempts() -> Iterator[t.Attempt]:
    """Each in every state that matters."""
    for whole, people in ((c.ORGANISATION, c.PEOPLE), (t.with_stand_ins(), t.FEW)):
        for about, action in _of_units():
            yield _attempt(whole, about, action)
        for about, action in _of_people(people):
            yield _attempt(whole, about, action)
    for action in _that_cannot_stand():
        yield _attempt(c.ORGANISATION, "", action, shown=False)
    last = ChangePerson(person=v.ADMIN, unit=c.BUREAU)
    yield _attempt(staff_roles.alone(), "", last, shown=False)


def _attempt(
    whole: Organisation, about: str, action: StaffAction, *, shown: bool = True
) -> t.Attempt:
    def ask(actor: int) -> list[Any]:
        return list(change(Change(whole, actor, TODAY, frozenset({c.BUSY})), action))

    relation = partial(_relation, whole, action)
    return t.Attempt(whole, type(action).__name__, about, action, ask, relation, shown)


def _relation(whole: Organisation, action: StaffAction, actor: int) -> str:
    unit = action.unit if isinstance(action, RegisterPerson) else 0
    if isinstance(action, ChangePerson):
        unit = whole.people[action.person].unit
    found = t.relation_to(whole, actor, unit)
    return t.NOTHING if found == t.HEAD else found


def _of_units() -> Iterator[tuple[str, StaffAction]]:
    yield "a new one", RegisterUnit(**NEW, kind=UnitKind.LOCALITY, reports_to=v.COMMITTEE)
    yield "under none", RegisterUnit(**NEW, kind=UnitKind.LOCALITY, reports_to=None)
    for unit, about in STATES.items():
        seen = c.UNITS[unit]
        yield about, RenameUnit(seen=seen, **NEW)
        yield about, MoveUnit(seen=seen, reports_to=v.DEPARTMENT)
        yield about, MergeUnit(seen=seen, into=v.AGENCY)
        yield about, CloseUnit(seen=seen)


def _of_people(people: Iterable[int]) -> Iterator[tuple[str, StaffAction]]:
    for unit in (v.COMMUNE, v.COMMITTEE, v.PAPER):
        yield "in a unit", somebody(unit)
    yield "in one that was merged, or closed", somebody(c.MERGED)
    yield "in one that was merged, or closed", somebody(c.CLOSED)
    for person in people:
        post = ChangePerson(person=person, post="another post")
        about = staff_roles.about(c.ORGANISATION, post)
        if person == c.GONE:
            about = "of one who has left"
        yield f"{about}: post, telephone", post
        phone = ChangePerson(person=person, phone="0296 000 0778")
        yield f"{about}: post, telephone", phone
        yield f"{about}: to another unit", ChangePerson(person=person, unit=c.EMPTY)


def somebody(unit: int, phone: str = "0296 000 0777") -> RegisterPerson:
    """Somebody new in a unit."""
    return RegisterPerson(
        name="Hồ Thị Ví Von", address="bà", post="công chức", phone=phone, unit=unit
    )


def _that_cannot_stand() -> Iterator[StaffAction]:
    """Nobody may do any of it."""
    bureau, above = c.UNITS[c.BUREAU], c.UNITS[c.ABOVE]
    old = replace(bureau, short="as it was")
    taken, known = c.UNITS[v.AGENCY].name, c.PEOPLE[v.HEAD].phone
    yield RegisterUnit(name=taken, short="N", kind=UnitKind.LOCALITY, reports_to=v.COMMITTEE)
    yield RegisterUnit(**NEW, kind=UnitKind.LOCALITY, reports_to=c.MERGED)
    yield RenameUnit(seen=bureau, name=taken, short="N")
    yield RenameUnit(seen=bureau, name=bureau.name, short=bureau.short)
    yield RenameUnit(seen=old, **NEW)
    yield MoveUnit(seen=old, reports_to=v.DEPARTMENT)
    yield MoveUnit(seen=bureau, reports_to=v.COMMITTEE)
    yield MoveUnit(seen=bureau, reports_to=c.CLOSED)
    yield MoveUnit(seen=above, reports_to=c.BELOW)
    yield MergeUnit(seen=old, into=v.AGENCY)
    yield MergeUnit(seen=bureau, into=c.MERGED)
    yield MergeUnit(seen=bureau, into=v.DEPARTMENT)
    yield MergeUnit(seen=c.UNITS[v.PAPER], into=v.AGENCY)
    yield MergeUnit(seen=bureau, into=c.BUREAU)
    yield CloseUnit(seen=old)
    yield somebody(v.COMMUNE, known)
    who = c.at(v.COMMUNE, Role.STAFF)
    yield ChangePerson(person=who, phone=known)
    yield ChangePerson(person=who, post=c.PEOPLE[who].post)
    yield ChangePerson(person=who, unit=c.CLOSED)
