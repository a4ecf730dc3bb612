"""Whole units invited in chat: a text to forward for each person, a sheet to print for each unit.

Only those are invited whom nothing reaches yet; the same again later is for whoever is missing.
"""

from collections.abc import Sequence

from bot import links, staff
from bot.converse import Talk
from bot.files import keep_made
from bot.links import Invited
from bot.stage import Stage
from handlers.notices import file_facts
from handlers.say import Say, choice
from handlers.units import progress
from procedure.entries_organisation import AccessInvited
from procedure.organisation import Person
from procedure.rules_staff import cares_for, invites
from storage import access, people

#: A unit with more people gets the sheet alone, so that nobody's chat is flooded.
MOST_TEXTS = 15
#: Once so many are invited in one go, the rest waits for another tap.
MOST_AT_ONCE = 150
MEDIA_TYPE = "text/html"


def invite_unit(talk: Talk, unit: int) -> None:
    """One unit, by an administrator or its own clerk: texts, then the sheet."""
    stage = talk.stage
    organisation, actor = stage.organisation, talk.person
    invites(organisation, actor, unit)
    admin = actor in organisation.admins
    missing = [one for one in unreached(stage) if one.unit == unit]
    mine = [one for one in missing if admin or cares_for(organisation, actor, one)]
    if mine:
        several = _invite(talk, mine)
        if len(several) <= MOST_TEXTS:
            for one in several:
                talk.say(_text(stage, one))
        _send_sheet(talk, unit, several)
    facts = {
        "unit": unit,
        "count": len(mine),
        "others": [one.id for one in missing if one not in mine],
    }
    talk.say(Say(template="answers#unit_invited", facts=facts))


def invite_all(talk: Talk, after: int) -> None:
    """Every unit behind number `after`, by an administrator: a sheet for each, then how far."""
    stage = talk.stage
    invites(stage.organisation, talk.person, None)
    by_unit: dict[int, list[Person]] = {}
    for one in unreached(stage):
        by_unit.setdefault(one.unit, []).append(one)
    waiting = [unit for unit in sorted(by_unit) if unit > after]
    invited = last = 0
    while waiting and (not invited or invited + len(by_unit[waiting[0]]) <= MOST_AT_ONCE):
        last = waiting.pop(0)
        _send_sheet(talk, last, _invite(talk, by_unit[last]))
        invited += len(by_unit[last])
    on = [choice("invite_on", {"invite_all": last})] if waiting else []
    facts = {"count": invited, "more": len(waiting), **progress(stage.organisation)}
    talk.say(Say(template="answers#all_invited", facts=facts, choices=on, about="invite_all"))


def unreached(stage: Stage) -> list[Person]:
    """Whom nothing can tell anything: no account, and no page signed in to."""
    return staff.unreached(stage.world, stage.session)


def _invite(talk: Talk, whom: Sequence[Person]) -> list[Invited]:
    stage = talk.stage
    facts = [AccessInvited(person=one.id) for one in whom]
    people.record(stage.session, facts, at=stage.now, actor=talk.person, channel=stage.channel)
    made = links.make(stage.world, stage.session, whom, stage.now)
    staff.warn_of_links(stage, [one.id for one in whom])
    return made


def _text(stage: Stage, one: Invited) -> Say:
    """What is forwarded to him as it stands."""
    facts = {
        "whom": one.person.id,
        "address": one.page,
        "telegram": one.telegram,
        "until": stage.now + access.INVITE_LASTS,
    }
    return Say(template="answers#invitation", facts=facts)


def _send_sheet(talk: Talk, unit: int, several: Sequence[Invited]) -> None:
    stage = talk.stage
    page = links.sheet(stage.world, stage.organisation, several)
    scene = stage.scene(talk.person, None)
    ref = keep_made(
        stage.session,
        stage.world.settings,
        page.encode(),
        stage.world.renderer.text("words#sheet_name", {"of": unit}, scene),
        MEDIA_TYPE,
        owner=talk.person,
        at=stage.now,
    )
    facts = {
        "unit": unit,
        "listed": [one.person.id for one in several],
        "until": stage.now + access.INVITE_LASTS,
    }
    talk.say(Say(template="answers#unit_sheet", facts=facts, files=[file_facts(ref)]))
