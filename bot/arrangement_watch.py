"""Papers, absences, rosters and roles in time: what begins, ends or is empty is told once."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from bot import arranging
from bot.stage import Stage
from bot.world import World
from handlers import absence, delegation, roster
from handlers.say import choice, opens, shows
from procedure.arrangement_reminders import About, Reminder, endings, reminders
from procedure.codec import dump
from procedure.decision import CLOCK
from procedure.entries_arrangements import EmptyShiftFound
from procedure.organisation import Organisation
from storage import chats, people
from storage.chats import Prompt
from storage.database import Session

#: One looks so often, by the world's clock.
OFTEN = timedelta(minutes=1)
_SHIFTS = (About.SHIFT_EMPTY, About.SHIFT_EMPTY_NOW)


def watch(world: World) -> int:
    """Tells what is new since the last look; returns how much. Writes nothing when nothing is."""
    if not world.time_to_look("arrangements", OFTEN):
        return 0
    new = world.db.read(lambda session: _new(world, session))
    if not new:
        return 0
    return world.db.write(lambda session: _tell(world, session))


def _new(world: World, session: Session) -> list[Reminder]:
    whole, now = world.organisation(session), world.now()
    found = [*reminders(whole, now, world.settings.zone), *_endings(world, session, whole)]
    return [one for one in found if one.people and not _is_told(session, one)]


def _endings(world: World, session: Session, whole: Organisation) -> Iterable[Reminder]:
    version = people.policy_in_force(session) if whole.dated else None
    if version is None:
        return ()
    return endings(whole, world.now(), world.terms(session, version).calendar)


def _is_told(session: Session, one: Reminder) -> bool:
    return chats.has_key(session, f"{one.key}:{one.people[0]}")


def _tell(world: World, session: Session) -> int:
    stage = Stage(world, session, world.now(), "clock")
    new = _new(world, session)
    for one in new:
        if one.about in _SHIFTS:
            _note_empty(stage, one)
        facts = _facts(stage, one)
        for person in one.people:
            prompt = Prompt(
                template=f"arrangements#{one.about.value}",
                facts=dump(facts),
                choices=_choices(stage, one, person),
                key=f"{one.key}:{person}",
                rings=one.about in (About.SHIFT_EMPTY_NOW, About.ABSENCE_BEGINS),
            )
            stage.prompt(person, prompt)
        if one.about is About.ABSENCE_BEGINS:
            away = next(x for x in stage.organisation.absences if x.id == one.of)
            arranging.hand_over_voice(stage, away)
    return len(new)


def _note_empty(stage: Stage, one: Reminder) -> None:
    fact = EmptyShiftFound(unit=one.of, since=one.since, until=one.until, told=one.people)
    people.record(
        stage.session, [fact], at=stage.now, actor=CLOCK, channel="clock", authority="clock"
    )


def _facts(stage: Stage, one: Reminder) -> dict[str, Any]:
    whole, held = stage.organisation, one.holding
    if held is not None:
        last = held.until.isoformat() if held.until else None
        about = {"person": held.person, "role": held.role.value, "unit": held.unit}
        return {**about, "first_day": None, "last_day": last}
    if one.about in _SHIFTS:
        return {"of": one.of, "since": one.since, "until": one.until}
    if one.about.value.startswith("absence"):
        return absence.facts_of(next(x for x in whole.absences if x.id == one.of))
    paper = next(x for x in whole.delegations if x.id == one.of)
    return delegation.facts_of(paper, stage.desk(paper.person, None, {}))


def _choices(stage: Stage, one: Reminder, person: int) -> Sequence[dict[str, Any]]:
    if one.about in _SHIFTS:
        if not roster.keeps(stage.desk(person, None, {"unit": one.of})):
            return ()
        return [
            choice("set_roster", opens("roster", unit=one.of)),
            choice("take_shift", opens("take_shift", unit=one.of)),
        ]
    if one.about in (About.ABSENCE_BEGINS, About.ABSENCE_OVER):
        return [choice("my_duties", shows("duties") | {"keep": True})]
    return ()
