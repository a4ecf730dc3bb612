"""`/danhba`: whom to call; newsrooms find those who speak, and nobody else."""

from collections.abc import Sequence

from handlers.look import Desk
from handlers.navigation import duty_officer
from handlers.say import Choice, Say, choice
from procedure.organisation import Person
from procedure.parties import is_press
from procedure.text import fold
from procedure.trying import may_try
from procedure.words import Role

MOST = 8


def directory(desk: Desk) -> Sequence[Say]:
    """Who is meant by the words behind the command; without words, those whom he calls most."""
    words = fold(str(desk.args.get("words", ""))).split()
    everybody = [one for one in desk.organisation.people.values() if _is_shown(desk, one)]
    if words:
        found = [one for one in everybody if set(words) <= set(_signature(desk, one))]
    else:
        found = _near(desk, everybody)
    if not found:
        return [Say(template="views/directory#nobody", facts={"words": " ".join(words)})]
    rows = [one.id for one in found[:MOST]]
    facts = {"found": rows, "more": max(0, len(found) - MOST), "asked": bool(words)}
    trying = _trying(desk, found[:MOST])
    told = "views/directory#people"
    return [Say(template=told, facts=facts, choices=trying, about="directory")]


def _trying(desk: Desk, found: Sequence[Person]) -> list[Choice]:
    """A trial message for each whom he may send one."""
    return [
        choice("try_line", {"trial": "message", "person": one.id, "keep": True}, person=one.id)
        for one in found
        if one.id != desk.person and may_try(desk.organisation, desk.person, one.unit)
    ]


def _is_shown(desk: Desk, one: Person) -> bool:
    if one.left:
        return False
    return not is_press(desk.person, desk.organisation) or _speaks(desk, one)


def _speaks(desk: Desk, one: Person) -> bool:
    return any(held.role is Role.SPOKESPERSON for held in desk.organisation.held_by(one.id))


def _near(desk: Desk, everybody: Sequence[Person]) -> list[Person]:
    """The duty officer, then whoever heads or speaks for his own unit; for a newsroom, all who
    speak."""
    here = desk.me.unit
    roles = (Role.HEAD, Role.SPOKESPERSON, Role.ON_DUTY, Role.OFFICE)
    ids = [duty_officer(desk), *(id for r in roles for id in desk.organisation.holders(r, here))]
    if is_press(desk.person, desk.organisation):
        ids += [one.id for one in everybody]
    known = {one.id: one for one in everybody}
    return [known[id] for id in dict.fromkeys(ids) if id in known and id != desk.person]


def _signature(desk: Desk, one: Person) -> list[str]:
    unit = desk.organisation.units[one.unit]
    former = " ".join(name.name for name in unit.former)
    return fold(f"{one.name} {one.post} {unit.name} {unit.short} {former}").split()
