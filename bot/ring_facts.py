"""What a ring and a call card are about, as the facts of their sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from handlers import duties as duty_buttons
from handlers.say import choice
from procedure.incident import Incident
from procedure.ladder import Rung
from procedure.obligations import Obligation
from procedure.ringing import work_of

#: The receipt of an assignment to speak: a stand-in is told that he does not speak yet.
TO_SPEAK = "O1:spokesperson:"
#: So many duties or calls stand in one message.
MOST = 10
Duties = Sequence[tuple[str, str]]
T = TypeVar("T")


@dataclass(frozen=True)
class Item:
    """One duty in a ring to its owner."""

    incident: Incident
    duty: Obligation
    round: int
    rung: Rung


@dataclass(frozen=True)
class Card:
    """One call that somebody above, beside or on watch is asked to make."""

    incident: Incident
    duty: Obligation
    to: int
    kind: str
    index: int
    round: int


def is_speech(duty: Obligation) -> bool:
    return duty.duty in duty_buttons.SPEAKING or duty.key.startswith(TO_SPEAK)


def without_their_receipts(items: Sequence[Item]) -> Sequence[Item]:
    """Where the work itself is asked for, its receipt is not asked for in the same breath."""
    works = {(item.incident.stream, item.duty.key) for item in items}
    return [item for item in items if (item.incident.stream, work_of(item.duty.key)) not in works]


def in_messages(items: Sequence[Item]) -> Iterator[tuple[Sequence[Item], Duties]]:
    """What is told in each message, and the duties that it asks for, receipts among them."""
    for told in parts(without_their_receipts(items)):
        here = {(item.incident.stream, item.duty.key) for item in told}
        asked = [(item.incident.stream, item.duty.key) for item in items]
        yield (
            told,
            tuple(one for one in asked if one in here or (one[0], work_of(one[1])) in here),
        )


def parts(several: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at a time as a screen holds; Telegram takes a hundred buttons in a message."""
    for n in range(0, len(several), MOST):
        yield several[n : n + MOST]


def nth(name: str, n: int) -> str:
    """The name of the `n`-th of several messages, from 0."""
    return f"{name}:{n}" if n else name


def each_once(cards: Sequence[Card]) -> Sequence[Card]:
    """One call about one duty to one person, though several rules ask for it."""
    return list({(one.incident.stream, one.duty.key, one.to): one for one in cards[::-1]}.values())[
        ::-1
    ]


def about(item: Item) -> str:
    return f"{item.incident.stream}/duty:{item.duty.key}"


def key_of(item: Item, person: int) -> str:
    stream, key = item.incident.stream, item.duty.key
    return f"ring:{stream}:{key}:{item.round}:{item.rung.index}:{person}"


def card_facts(card: Card) -> dict[str, Any]:
    return {
        "code": card.incident.code,
        "to": card.to,
        "duty": card.duty.duty.value,
        "name": card.duty.duty.name.lower(),
        "key": card.duty.key,
        "subject": card.duty.subject,
        "due": card.duty.due.isoformat(),
    }


def item_facts(item: Item) -> dict[str, Any]:
    return {
        "code": item.incident.code,
        "duty": item.duty.duty.value,
        "name": item.duty.duty.name.lower(),
        "key": item.duty.key,
        "subject": item.duty.subject,
        "due": item.duty.due.isoformat(),
        "legal": item.duty.legal,
        "kind": item.rung.kind,
    }


def numbered(items: Sequence[Item]) -> list[dict[str, Any]]:
    """One button for each duty of a merged ring: the act that ends it."""
    made = []
    for item in items:
        act = duty_buttons.one_button(item.duty, item.incident)
        name, code = item.duty.duty.name.lower(), code_among(item, items)
        made.append(choice("ring_item", act["do"] | {"keep": True}, name=name, **code))
    return made


def code_among(one: Item | Card, several: Sequence[Item | Card]) -> dict[str, Any]:
    """What its button tells apart from the others' where a message is about several incidents."""
    alone = len({other.incident.stream for other in several}) == 1
    return {} if alone else {"code": one.incident.code}
