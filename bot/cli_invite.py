"""Who is invited, and the one-time links (conduct.md §15)."""

from collections.abc import Iterable, Sequence

from bot import links, staff
from bot.cli_words import say
from bot.links import Invited
from bot.world import World
from handlers import units
from procedure.decision import CLOCK
from procedure.entries import Fact
from procedure.entries_organisation import (
    AccessInvited,
    PersonRegistered,
    RoleGiven,
    UnitRegistered,
)
from procedure.organisation import Organisation, Person, Unit
from procedure.text import fold
from procedure.words import Role, UnitKind
from storage import people

CHANNEL = "cli"


class NotChosen(Exception):
    """It is not clear who is meant; `lines` say so and name those who may be."""

    def __init__(self, *lines: str) -> None:
        super().__init__(*lines)
        self.lines = lines


def chosen(world: World, words: str | None, *, everyone: bool) -> list[Person]:
    """All people, or the one whom a number or a name, without marks, means. Raises NotChosen."""
    organisation = world.db.read(world.organisation)
    if everyone:
        return [one for one in organisation.people.values() if not one.left]
    if not words:
        raise NotChosen(say("invite_whom"))
    return [named(organisation.people.values(), words)]


def admin(world: World, words: str | None, unit: str | None) -> Person:
    """The administrator; in a database that has none, the person of this name becomes the first.

    Raises NotChosen.
    """
    organisation = world.db.read(world.organisation)
    admins = [organisation.people[one] for one in organisation.admins]
    if not admins:
        return _first(world, organisation, words, unit)
    if not words:
        return admins[0]
    person = named(organisation.people.values(), words)
    if person not in admins:
        raise NotChosen(say("invite_not_admin", person=person, admin=admins[0]))
    return person


def unreached(world: World) -> list[Person]:
    """Whom nothing can tell anything: no account, and no page signed in to."""
    return world.db.read(lambda session: staff.unreached(world, session))


def lines(several: Iterable[Invited]) -> list[str]:
    """One line for each."""
    return [
        say("invited", person=one.person, link=one.page, telegram=one.telegram) for one in several
    ]


def sheet(world: World, several: Sequence[Invited]) -> str:
    """A page to be printed: a sheet for each unit, each person with what his phone can scan."""
    return links.sheet(world, world.db.read(world.organisation), several)


def links_for(world: World, invited: Sequence[Person]) -> list[Invited]:
    """A fresh link for each; that he was invited stands in the journal."""
    now = world.now()
    made = world.db.write(lambda session: links.make(world, session, invited, now))
    _record(world, [AccessInvited(person=person.id) for person in invited])
    return made


def progress(world: World) -> str:
    """How many localities have everybody they need, and the first that lack somebody."""
    organisation = world.db.read(world.organisation)
    known = units.progress(organisation)
    wanting = [organisation.units[one].short for one in known["found"]]
    return say("gaps_units", done=known["done"], whole=known["whole"], wanting=wanting)


def named(known: Iterable[Person], words: str) -> Person:
    """Whom a number or a name, without marks, means. Raises NotChosen."""
    wanted = fold(words).split()
    if len(wanted) == 1 and wanted[0].isdecimal():
        found = [person for person in known if person.id == int(wanted[0])]
    else:
        listed = list(known)
        whole = " ".join(wanted)
        found = [one for one in listed if whole in (fold(one.name), fold(one.short))]
        found = found or [one for one in listed if set(wanted) <= set(fold(one.name).split())]
    if not found:
        raise NotChosen(say("invite_nobody", words=words))
    if len(found) > 1:
        candidates = [say("invite_candidate", person=person) for person in found]
        raise NotChosen(say("invite_several", words=words), *candidates)
    return found[0]


def _first(world: World, organisation: Organisation, words: str | None, unit: str | None) -> Person:
    if not words or words.isdecimal():
        raise NotChosen(say("invite_no_admin"))
    try:
        person = named(organisation.people.values(), words)
    except NotChosen:
        return _registered(world, organisation, words, unit)
    _record(world, [RoleGiven(person=person.id, role=Role.ADMIN, unit=person.unit)])
    return person


def _registered(
    world: World, organisation: Organisation, words: str, unit_name: str | None
) -> Person:
    name = " ".join(words.split())
    unit = Unit(
        id=max(organisation.units, default=0) + 1,
        name=unit_name or say("first_unit"),
        short=unit_name or say("first_short"),
        kind=UnitKind.ESTABLISHMENT,
    )
    person = Person(
        id=max(organisation.people, default=0) + 1,
        name=name,
        short=" ".join(name.split()[-2:]),
        address=say("first_address"),
        post=say("first_post"),
        phone="",
        unit=unit.id,
    )
    given = RoleGiven(person=person.id, role=Role.ADMIN, unit=unit.id)
    _record(world, [UnitRegistered(unit=unit), PersonRegistered(person=person), given])
    return person


def _record(world: World, facts: Sequence[Fact]) -> None:
    now = world.now()
    world.db.write(
        lambda session: people.record(session, facts, at=now, actor=CLOCK, channel=CHANNEL)
    )
