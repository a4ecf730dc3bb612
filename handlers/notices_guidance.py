"""The buttons under notices of guidance: newsrooms, key messages, directives, the room."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.look import Desk
from handlers.say import Choice, acts, choice, opens, shows
from procedure import actions as a
from procedure.errors import Refused
from procedure.guidance import directive_key
from procedure.rules_guidance import may_guide

Facts = Mapping[str, Any]


def _guidance(desk: Desk, facts: Facts) -> Sequence[Choice]:
    """[Đã nhận] [Chép nguyên văn] for a newsroom."""
    version = int(facts["statement"])
    text = next(one.text for one in desk.case.statements if one.version == version)
    receive = acts(a.ReceiveGuidance(guidance=int(facts["guidance"])), desk.case.stream)
    return [
        choice("received", receive) | {"word": "receipt"},
        choice("copy_verbatim", {"copy": str(text)}),
    ]


def _story(desk: Desk, facts: Facts) -> Sequence[Choice]:
    return [choice("see_story", shows("story", desk.case.stream) | {"keep": True})]


def _directive(desk: Desk, facts: Facts) -> Sequence[Choice]:
    key = directive_key(int(facts["directive"]), desk.person)
    receive = acts(a.AcknowledgeDuty(duty=key), desk.case.stream)
    return [
        choice("received", receive) | {"word": "receipt"},
        choice("help", opens("help_wanted", desk.case.stream, duty=key)),
    ]


def _complete(desk: Desk, facts: Facts) -> Sequence[Choice]:
    number = int(facts["directive"])
    do = shows("receipts", desk.case.stream, directive=number) | {"keep": True}
    return [choice("see_receipts", do)]


def _member(desk: Desk, facts: Facts) -> Sequence[Choice]:
    return [choice("see_incident", shows("incident", desk.case.stream) | {"keep": True})]


def in_force(desk: Desk, facts: Facts) -> Sequence[Choice]:
    """Read it; who may guide newsrooms sends it on from here (row 6)."""
    stream, version = desk.case.stream, int(facts["statement"])
    read = choice("read_statement", shows("statement", stream, statement=version) | {"keep": True})
    try:
        may_guide(desk.asked())
    except Refused:
        return [read]
    return [read, choice("guide_newsrooms", opens("guide_newsrooms", stream, statement=version))]


GUIDANCE: Mapping[str, Callable[[Desk, Facts], Sequence[Choice]]] = {
    "guidance": _guidance,
    "key_messages_set": _story,
    "key_messages_changed": _story,
    "directive": _directive,
    "directive_complete": _complete,
    "room_member_added": _member,
    "statement_in_force": in_force,
}
