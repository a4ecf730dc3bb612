"""What changes about units, people and roles, and what follows for their doors at once."""

from collections.abc import Callable, Iterable, Sequence

from bot import arranging, links, staff_news
from bot.files import keep_made
from bot.stage import Stage
from bot.world import World
from handlers.notices import file_facts
from handlers.say import Say, choice, opens
from procedure.action import Action
from procedure.arrangement_actions import ArrangementAction
from procedure.entries import Fact
from procedure.entries_organisation import PersonRegistered
from procedure.errors import Refused
from procedure.organisation import Person
from procedure.rules_staff import confirmed
from procedure.rules_staff import manage as manage_by_rules
from procedure.rules_units import Change, change
from procedure.staff_actions import (
    CloseUnit,
    EndAccess,
    InvitePerson,
    RoleAction,
    StaffAction,
)
from procedure.staffing import is_guarded
from storage import access, accounts, people
from storage.accounts import WEB
from storage.chats import Prompt
from storage.database import Session

#: So many facts are written before one says how far it has come.
_AT_ONCE = 500


def write(
    world: World,
    facts: Sequence[Fact],
    *,
    actor: int,
    channel: str,
    went: Callable[[int], object] = lambda count: None,
) -> None:
    """Writes facts of the organisation in one transaction; who has left loses every door."""
    now = world.now()

    def work(session: Session) -> None:
        for at in range(0, len(facts), _AT_ONCE):
            some = facts[at : at + _AT_ONCE]
            people.record(session, some, at=now, actor=actor, channel=channel)
            went(len(some))
        for fact in facts:
            if isinstance(fact, PersonRegistered) and fact.person.left:
                shut_out(world, session, fact.person.id)

    world.db.write(work)


def shut_out(world: World, session: Session, person: int) -> None:
    """Ends every session and account of a person: he has left, or his phone is lost."""
    now = world.now()
    access.end_all(session, person, now)
    access.withdraw(session, person, now)
    for account in accounts.of_person(session, person):
        accounts.unlink(session, account.channel, account.external, now)


def confirm_all(world: World, *, actor: int, channel: str) -> int:
    """Gives every role that waits for a second administrator and can be held still; returns how
    many."""
    now = world.now()

    def work(session: Session) -> int:
        given = 0
        for one in world.organisation(session, now).waiting:
            try:
                fact = confirmed(world.organisation(session, now), one)
            except Refused:
                continue  # It has become impossible since; it waits on, to be taken back.
            people.record(session, [fact], at=now, actor=actor, channel=channel)
            given += 1
        return given

    return world.db.write(work)


def perform(
    stage: Stage, stream: str | None, actor: int, action: Action | StaffAction
) -> str | None:
    """Whatever a form ends in, about an incident or about the organisation. Raises Refused."""
    if isinstance(action, ArrangementAction):
        arranging.arrange(stage, actor, action)
        return stream
    if isinstance(action, StaffAction):
        manage(stage, actor, action)
        return stream
    return stage.perform(stream, actor, action)


def manage(stage: Stage, actor: int, action: StaffAction) -> None:
    """Puts one action about the organisation to the rules, writes what follows, tells whom it
    concerns. Raises Refused."""
    facts = _by_rules(stage, actor, action)
    authority = "admin" if actor in stage.organisation.admins else "office"
    people.record(
        stage.session,
        facts,
        at=stage.now,
        actor=actor,
        channel=stage.channel,
        authority=authority,
    )
    stage.organisation = stage.world.organisation(stage.session, stage.now)
    if isinstance(action, EndAccess):
        shut_out(stage.world, stage.session, action.person)
    elif isinstance(action, InvitePerson):
        give_link(stage, action.person)
    else:
        staff_news.tell(stage, actor, action, facts)


def _by_rules(stage: Stage, actor: int, action: StaffAction) -> list[Fact]:
    today = stage.now.astimezone(stage.world.settings.zone).date()
    if isinstance(action, RoleAction | InvitePerson | EndAccess):
        return manage_by_rules(stage.organisation, action, actor, today)
    busy = _busy(stage) if isinstance(action, CloseUnit) else frozenset[int]()
    return change(Change(stage.organisation, actor, today, busy), action)


def _busy(stage: Stage) -> frozenset[int]:
    """The units that an open incident needs: those that report it, those that direct it."""
    found: set[int] = set()
    for one in stage.open_incidents():
        found |= {one.unit, one.department, one.committee, *(more.unit for more in one.reports)}
    return frozenset(stage.organisation.standing(one) for one in found)


def give_link(stage: Stage, person: int) -> None:
    """A one-time link into the chat of whoever has just asked for it (conduct §15)."""
    assert stage.chat is not None
    one = links.make(stage.world, stage.session, [stage.organisation.people[person]], stage.now)[0]
    until = stage.now + access.INVITE_LASTS
    facts = {"whom": person, "address": one.page, "telegram": one.telegram, "until": until}
    scene = stage.scene(stage.chat.person, None)
    code = keep_made(
        stage.session,
        stage.world.settings,
        links.picture(one),
        stage.world.renderer.text("words#code_name", {"of": person}, scene),
        "image/png",
        owner=stage.chat.person,
        at=stage.now,
    )
    said = Say(
        template="answers#link_granted",
        facts=facts,
        choices=[choice("copy", {"copy": one.page})],
        files=[file_facts(code)],
    )
    stage.say(stage.chat, said)
    warn_of_links(stage, [person])


def warn_of_links(stage: Stage, whom: Iterable[int]) -> None:
    """Whoever opens the link of an administrator, or of a member of a standing committee, is him
    for us: he himself and every administrator hear at once that there is one, and who made it."""
    whole, by = stage.organisation, stage.chat.person if stage.chat else 0
    for person in whom:
        held = whole.held_by(person)
        if not any(is_guarded(one.role, whole.units.get(one.unit)) for one in held):
            continue
        for one in dict.fromkeys((person, *whole.admins)):
            shut = [choice("lost_phone", opens("lost_phone"))] if one in whole.admins else []
            facts = {"whom": person, "by": by}
            if one != by:
                told = Prompt(template="answers#guarded_link", facts=facts, choices=shut)
                stage.prompt(one, told)


def channels(world: World, session: Session) -> dict[int, frozenset[str]]:
    """On which channels each person can be told something: accounts, and pages signed in to."""
    found: dict[int, set[str]] = {}
    for person, channel in accounts.all_reachable(session):
        found.setdefault(person, set()).add(channel)
    for person in access.people_signed_in(session, world.now()):
        found.setdefault(person, set()).add(WEB)
    return {person: frozenset(on) for person, on in found.items()}


def unreached(world: World, session: Session) -> list[Person]:
    """Whom nothing can tell anything: no account, and no page signed in to."""
    reached = channels(world, session)
    everybody = world.organisation(session).people.values()
    return [one for one in everybody if not one.left and one.id not in reached]
