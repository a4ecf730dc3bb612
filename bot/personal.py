"""One person at the console: what is held on him, and ending and blanking him."""

from collections.abc import Iterator

from bot import cli_invite, staff
from bot.cli_invite import NotChosen
from bot.cli_words import NotDone, say
from bot.render import Scene
from bot.stage import Stage
from bot.world import World
from handlers import personal
from procedure.blanking import Called, Hindrance, hindrances
from procedure.blanking import blank as blank_by_rules
from procedure.codec import Prose, dump
from procedure.decision import CLOCK
from procedure.entries_organisation import AccessEnded
from procedure.organisation import Organisation, Person
from storage import blanking, held, incidents, people
from storage.database import Session

CHANNEL = "cli"


def found(world: World, words: str) -> Person:
    """Whom a code, a number or a name, without marks, means. Raises NotDone."""
    known = world.db.read(world.organisation).people.values()
    coded = [one for one in known if one.code and one.code.casefold() == words.strip().casefold()]
    if len(coded) == 1:
        return coded[0]
    try:
        return cli_invite.named(known, words)
    except NotChosen as unclear:
        raise NotDone("\n".join(unclear.lines)) from None


def shown(world: World, person: Person) -> Iterator[str]:
    """Everything that he himself is shown in chat."""

    def work(session: Session) -> list[str]:
        stage = Stage(world, session, world.now(), CHANNEL)
        scene = stage.scene(person.id, None)
        return [
            world.renderer.text(one.template, dump(dict(one.facts)), scene)
            for one in personal.pages(stage.desk(person.id, None, {}))
        ]

    for page in world.db.read(work):
        yield from page.splitlines()


def locked(world: World, person: Person) -> Iterator[str]:
    """Shuts every door of his at once, as `/matmay` does: also of the only administrator."""

    def work(session: Session) -> None:
        fact = AccessEnded(person=person.id)
        people.record(session, [fact], at=world.now(), actor=CLOCK, channel=CHANNEL)
        staff.shut_out(world, session, person.id)

    world.db.write(work)
    yield say("people_locked", person=person)


def would(world: World, person: Person) -> Iterator[str]:
    """What would end and go with him. Raises NotDone where something must be settled first."""
    stops = world.db.read(lambda session: _stops(world, session, person.id))
    if stops:
        raise NotDone("\n".join(_words(world, person, one) for one in stops))

    def work(session: Session) -> tuple[held.HeldOn, int]:
        now = world.now()
        return held.held_on(session, person.id, now), blanking.in_clear(session, person.id)

    kept, clear = world.db.read(work)
    yield say("blank_would", person=person)
    yield say(
        "blank_ends",
        roles=len(kept.roles),
        channels=len(kept.channels),
        sessions=len(kept.sessions),
    )
    yield say("blank_stands", count=len(kept.streams))
    if clear:
        yield say("blank_in_clear", count=clear)


def blank(world: World, person: Person, reason: str) -> Iterator[str]:
    """Ends and blanks him in one transaction. Raises NotDone."""
    if not reason.strip():
        raise NotDone(say("blank_no_reason"))
    called = Called(say("blanked_name"), say("blanked_post"), say("blanked_address"))

    def work(session: Session) -> list[Hindrance]:
        now, organisation = world.now(), world.organisation(session)
        stops = _stops(world, session, person.id)
        if stops:
            return stops
        facts = blank_by_rules(organisation, person.id, called, Prose(reason))
        people.record(session, facts, at=now, actor=CLOCK, channel=CHANNEL)
        staff.shut_out(world, session, person.id)
        blanking.blank(session, organisation.people[person.id], called.name, at=now)
        world.db.leave_no_trace()
        return []

    stops = world.db.write(work)
    if stops:
        raise NotDone("\n".join(_words(world, person, one) for one in stops))
    yield say("blanked", id=person.id, code=person.code)


def _stops(world: World, session: Session, person: int) -> list[Hindrance]:
    files = [(one, world.terms(session, one.policy)) for one in incidents.listed(session)]
    found = hindrances(person, world.organisation(session), files)
    if blanking.waits(session, person):
        found.append(Hindrance("waits"))
    return found


def _words(world: World, person: Person, one: Hindrance) -> str:
    scene = Scene(world.renderer, Organisation(), world.now(), 0, None, None)
    duty = scene.words(f"duty_{one.duty.name.lower()}") if one.duty else ""
    return say(f"blank_{one.why}", person=person, code=one.code, duty=duty)
