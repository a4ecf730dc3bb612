"""Messages that only try a line: no incident, nothing to do but to say that one has it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.converse import Talk
from bot.stage import Stage
from handlers.say import Choice, Say, choice
from procedure.errors import BadValue
from procedure.trying import crew, rings, tries, unproven
from storage import accounts, chats, incidents, trials
from storage.chats import Prompt
from storage.tables import MessageRow

#: So many of those who have not answered are named.
NAMED = 12
MESSAGE, RING = "register#test_message", "register#trial_ring"


def pressed(talk: Talk, do: Mapping[str, Any]) -> None:
    """A tap on a button of a trial. Raises Refused."""
    _TAPS[do["trial"]](talk, do)


def _message(talk: Talk, do: Mapping[str, Any]) -> None:
    """A message to one person, on all his channels."""
    person = int(do["person"])
    tries(talk.stage.organisation, talk.person, person)
    number = _begun(talk.stage)
    channels = _send(talk.stage, talk.person, person, number, MESSAGE)
    facts = {"whom": person, "channels": channels}
    talk.say(Say(template="register#test_sent", facts=facts))


def _received(talk: Talk, do: Mapping[str, Any]) -> None:
    """His tap tells whoever asked for a message; a ring of many is looked up instead."""
    if not do["tell"]:
        return
    stage = talk.stage
    facts = {"person": talk.person, "at": stage.now.isoformat(), "channel": stage.channel}
    stage.prompt(int(do["by"]), Prompt(template="register#test_received", facts=facts))


def _unit(talk: Talk, do: Mapping[str, Any]) -> None:
    """Rings those of one unit who are rung first in an incident."""
    unit = int(do["unit"])
    rings(talk.stage.organisation, talk.person, unit)
    _ring(talk, crew(talk.stage.organisation, unit))


def _asked(talk: Talk, do: Mapping[str, Any]) -> None:
    """How many would be rung; nobody is, until he says so."""
    found = _unproven(talk)
    whom = {one for people in found.values() for one in people}
    facts = {"units": len(found), "count": len(whom)}
    sure = [choice("trial_now", {"trial": "all"})] if whom else []
    talk.say(Say(template="register#trial_asked", facts=facts, choices=sure, about="trial_asked"))


def _all(talk: Talk, do: Mapping[str, Any]) -> None:
    """Rings everybody who is rung first in an incident and has proved nothing yet."""
    found = _unproven(talk)
    _ring(talk, tuple(dict.fromkeys(one for people in found.values() for one in people)))


def _unproven(talk: Talk) -> Mapping[int, tuple[int, ...]]:
    rings(talk.stage.organisation, talk.person, None)
    return unproven(talk.stage.organisation, trials.proven(talk.stage.session))


def _ring(talk: Talk, people: Sequence[int]) -> None:
    stage = talk.stage
    if not people:
        raise BadValue("nobody_to_ring")
    terms = stage.world.terms(stage.session, stage.policy_in_force())
    if terms.calendar.is_quiet(stage.now):
        raise BadValue("trial_at_night")
    number = _begun(stage)
    for person in people:
        _send(stage, talk.person, person, number, RING)
    facts = {"count": len(people)}
    talk.say(Say(template="register#trial_sent", facts=facts, choices=[_see(number)]))


def _result(talk: Talk, do: Mapping[str, Any]) -> None:
    """Who has answered a trial ring so far, and whom to telephone."""
    number = int(do["number"])
    found = trials.answers(talk.stage.session, number)
    late = [person for person, answered in found.items() if not answered]
    facts = {
        "done": len(found) - len(late),
        "whole": len(found),
        "late": late[:NAMED],
        "more": max(0, len(late) - NAMED),
    }
    again = [_see(number)] if late else []
    about = f"trial_result:{number}"
    talk.say(Say(template="register#trial_result", facts=facts, choices=again, about=about))


def _see(number: int) -> Choice:
    return choice("trial_result", {"trial": "result", "number": number, "keep": True})


def _begun(stage: Stage) -> int:
    """The number of a new trial."""
    return incidents.next_number(stage.session, trials.ABOUT)


def _send(stage: Stage, by: int, person: int, number: int, template: str) -> list[str]:
    """One person's message, on every channel on which he can be told; returns which."""
    received = {"trial": "received", "by": by, "tell": template == MESSAGE}
    first, *others = accounts.reach(stage.session, person, stage.world.channels)
    prompt = Prompt(
        template=template,
        facts={"by": by},
        choices=[choice("received", received) | {"word": "receipt"}],
        about=trials.ABOUT,
        key=trials.key(number, person),
        rings=template == RING,
    )
    made = chats.enqueue(stage.session, first, prompt, at=stage.now)
    row = stage.session.get_one(MessageRow, made)
    for chat in others:
        chats.supersede(stage.session, chat.id or 0, trials.ABOUT)
        chats.copy_to(stage.session, row, chat, at=stage.now)
    return [chat.channel for chat in (first, *others)]


_TAPS: Mapping[str, Callable[[Talk, Mapping[str, Any]], None]] = {
    "message": _message,
    "received": _received,
    "unit": _unit,
    "asked": _asked,
    "all": _all,
    "result": _result,
}
