"""The quarterly question to the head of each unit: is the register of those who speak right (O25)?

Which units have been asked is a mark, set in the transaction that queues the questions; each of
them has a key of its own besides. So a restart, a second tick or another replica asks nobody twice.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.converse import Talk
from bot.stage import Stage
from bot.world import World
from handlers.say import Choice, Say, choice
from procedure.codec import canonical, instant
from procedure.confirming import (
    ROUNDS,
    Ask,
    Asked,
    Rhythm,
    confirm,
    due,
    head_of,
    keepers,
    listed,
)
from procedure.errors import NotYours
from procedure.words import Role
from storage import marks, people
from storage.chats import Prompt
from storage.database import Session

#: Who speaks, with the telephone and the e-mail that stand in the register.
Row = list[Any]


def ask_heads(world: World) -> int:
    """Asks whoever is to be asked now; returns how many questions. Nothing due, nothing written."""
    if not world.db.read(lambda session: _due(world, session).asks):
        return 0
    return world.db.write(lambda session: _ask(world, session))


@dataclass(frozen=True)
class _Due:
    asks: list[Ask]
    quarter: str = ""
    asked: Mapping[int, Asked] | None = None


def _due(world: World, session: Session) -> _Due:
    version = people.policy_in_force(session)
    if version is None:
        return _Due([])
    rhythm, now = Rhythm.of(world.terms(session, version)), world.now()
    if not rhythm.calendar.is_office_time(now):
        return _Due([])
    quarter = rhythm.quarter(now)
    asked = _asked(session, quarter)
    return _Due(due(world.organisation(session), asked, rhythm, now), quarter, asked)


def _asked(session: Session, quarter: str) -> dict[int, Asked]:
    """What this quarter has seen so far; of another one nothing is left."""
    kept = json.loads(marks.marked(session, marks.SPEAKERS_ASKED) or "{}")
    if kept.get("quarter") != quarter:
        return {}
    return {
        int(unit): Asked(number, datetime.fromisoformat(at))
        for unit, (number, at) in kept["asked"].items()
    }


def _ask(world: World, session: Session) -> int:
    stage, found, put = Stage(world, session, world.now(), "clock"), _due(world, session), 0
    asked = dict(found.asked or {})
    for one in found.asks:
        asked[one.unit] = Asked(one.round, stage.now)
        for person in one.people:
            key = f"speakers:{found.quarter}:{one.unit}:{one.round}:{person}"
            put += stage.prompt(person, _question(stage, one, found.quarter, key)) is not None
    told = {str(unit): [last.round, instant(last.at)] for unit, last in asked.items()}
    value = canonical({"quarter": found.quarter, "asked": told})
    marks.mark(session, marks.SPEAKERS_ASKED, value)
    return put


def _question(stage: Stage, ask: Ask, quarter: str, key: str) -> Prompt:
    facts = _facts(stage, ask.unit, quarter)
    if ROUNDS[ask.round] is not Role.HEAD:
        head = head_of(stage.organisation, ask.unit)
        return Prompt(
            template="register#speakers_office",
            facts={**facts, "head": head},
            about=_card(ask.unit),
            key=key,
        )
    return Prompt(
        template="register#speakers_asked",
        facts={**facts, "again": ask.round > 0, "changed": False},
        choices=_choices(facts, ask.unit, quarter),
        about=_card(ask.unit),
        key=key,
    )


def _facts(stage: Stage, unit: int, quarter: str) -> dict[str, Any]:
    year, _, number = quarter.partition("-Q")
    rows = _rows(stage, unit)
    return {"unit": unit, "quarter": int(number), "year": int(year), "rows": rows}


def _rows(stage: Stage, unit: int) -> list[Row]:
    known = stage.organisation.people
    return [[one, known[one].phone, known[one].email] for one in listed(stage.organisation, unit)]


def _choices(facts: Mapping[str, Any], unit: int, quarter: str) -> list[Choice]:
    """What the head may answer; he confirms exactly what stands in his message."""
    rows, of = facts["rows"], {"unit": unit, "quarter": quarter}
    wrong = choice("speakers_wrong", {"register": "wrong", **of})
    if not any(phone.strip() for _, phone, _ in rows):
        return [wrong]
    return [choice("speakers_right", {"register": "confirm", **of, "rows": rows}), wrong]


def _card(unit: int) -> str:
    return f"speakers:{unit}"


# What the head answers


def pressed(talk: Talk, do: Mapping[str, Any]) -> None:
    """A tap under the question, or under what was said to it. Raises Refused."""
    unit = int(do["unit"])
    if do["register"] == "confirm":
        _confirmed(talk, unit, do)
    elif do["register"] == "wrong":
        _set_right(talk, unit)
    else:
        _show(talk, unit, changed=False)


def _confirmed(talk: Talk, unit: int, do: Mapping[str, Any]) -> None:
    stage, quarter = talk.stage, _quarter(talk.stage)
    fact = confirm(stage.organisation, unit, quarter, talk.person)
    if do["quarter"] != quarter or do["rows"] != _rows(stage, unit):
        _show(talk, unit, changed=True)
        return
    people.record(
        stage.session,
        [fact],
        at=stage.now,
        actor=talk.person,
        channel=stage.channel,
        authority="head",
    )
    stage.organisation = stage.world.organisation(stage.session)
    facts = _facts(stage, unit, quarter)
    talk.say(Say(template="register#speakers_confirmed", facts=facts))


def _set_right(talk: Talk, unit: int) -> None:
    """He is told who sets it right and how, and they are told that he asks for it."""
    stage = talk.stage
    head = head_of(stage.organisation, unit)
    if talk.person != head:
        raise NotYours("only_head_confirms", who=head)
    facts = _facts(stage, unit, _quarter(stage))
    whom = [one for one in keepers(stage.organisation, unit) if one != talk.person]
    for person in whom:
        prompt = Prompt(
            template="register#speakers_set_right",
            facts={**facts, "by": talk.person},
            about=_card(unit),
        )
        stage.prompt(person, prompt)
    again = choice("speakers_again", {"register": "card", "unit": unit})
    facts = {**facts, "keeper": next(iter(whom), None)}
    talk.say(Say(template="register#speakers_how", facts=facts, choices=[again]))


def _show(talk: Talk, unit: int, *, changed: bool) -> None:
    """The register of a unit as it stands now, to be confirmed."""
    quarter = _quarter(talk.stage)
    facts = {**_facts(talk.stage, unit, quarter), "again": False, "changed": changed}
    talk.say(
        Say(
            template="register#speakers_asked",
            facts=facts,
            choices=_choices(facts, unit, quarter),
            about=_card(unit),
        )
    )


def _quarter(stage: Stage) -> str:
    terms = stage.world.terms(stage.session, stage.policy_in_force())
    return Rhythm.of(terms).quarter(stage.now)
