"""Whom a change of units, people and roles is told to, besides whoever made it."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.stage import Stage
from handlers.roles import to_confirm
from procedure.entries import Fact
from procedure.entries_organisation import (
    PersonRegistered,
    RoleEnded,
    RoleGiven,
    RoleProposed,
)
from procedure.staff_actions import (
    ChangePerson,
    MergeUnit,
    MoveUnit,
    RenameUnit,
    RoleAction,
    StaffAction,
)
from storage.chats import Prompt


def tell(stage: Stage, actor: int, action: StaffAction, facts: Sequence[Fact]) -> None:
    """Each what it means for him; whoever has done it hears nothing."""
    if isinstance(action, MergeUnit):
        _merged(stage, actor, action, facts)
    elif isinstance(action, RenameUnit | MoveUnit):
        renamed = isinstance(action, RenameUnit)
        template = "answers#unit_renamed" if renamed else "answers#unit_moved"
        head = stage.organisation.head(action.seen.id)
        about = {"unit": action.seen.id, "before": action.seen.name}
        _say(stage, actor, [head] if head else [], template, about)
    elif isinstance(action, ChangePerson):
        _say(stage, actor, [action.person], "answers#person_changed", {"person": action.person})
    _roles(stage, actor, facts, given=isinstance(action, RoleAction))


def _merged(stage: Stage, actor: int, action: MergeUnit, facts: Sequence[Fact]) -> None:
    """Everybody who works in the other unit now, and its head."""
    came = [one.person.id for one in facts if isinstance(one, PersonRegistered)]
    head = stage.organisation.head(action.into)
    about = {"unit": action.seen.id, "into": action.into}
    _say(stage, actor, [*came, *([head] if head else [])], "answers#unit_merged", about)


def _roles(stage: Stage, actor: int, facts: Sequence[Fact], *, given: bool) -> None:
    """What is held no more, what waits for a second administrator; `given`: what is new, too."""
    kept = {(one.person, one.role) for one in facts if isinstance(one, RoleGiven)}
    for fact in facts:
        if isinstance(fact, RoleProposed):
            _ask_the_others(stage, actor, fact)
        elif isinstance(fact, RoleEnded) and (fact.person, fact.role) not in kept:
            _say(stage, actor, [fact.person], "answers#role_ended", _about(fact))
        elif isinstance(fact, RoleGiven) and given:
            _say(stage, actor, [fact.person], "answers#role_given", _about(fact))


def _ask_the_others(stage: Stage, actor: int, fact: RoleProposed) -> None:
    about = _about(fact)
    card = f"role:{fact.person}:{fact.role.value}:{fact.unit}"
    for admin in stage.organisation.admins:
        if admin != actor:
            prompt = Prompt(
                template="answers#role_proposed",
                facts={**about, "by": actor},
                choices=to_confirm(fact),
                about=card,
            )
            stage.prompt(admin, prompt)


def _about(fact: RoleGiven | RoleEnded | RoleProposed) -> dict[str, Any]:
    about = {"person": fact.person, "role": fact.role.value, "unit": fact.unit}
    if isinstance(fact, RoleEnded):
        return about
    days = {"first_day": fact.since, "last_day": fact.until}
    return about | {name: day and day.isoformat() for name, day in days.items()}


def _say(
    stage: Stage, actor: int, to: Sequence[int], template: str, about: Mapping[str, Any]
) -> None:
    for person in dict.fromkeys(to):
        if person != actor:
            stage.prompt(person, Prompt(template=template, facts={**about, "by": actor}))
