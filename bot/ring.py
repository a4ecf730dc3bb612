"""What the clock does at a tick: claims due incidents, rings the one rung that is due."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.chase import callers_card, is_callers
from bot.reach import note_undelivered
from bot.receipts import replaced
from bot.stage import Stage
from bot.world import World
from handlers import duties as duty_buttons
from handlers.notices import call_choices, instead_choices
from handlers.say import acts, choice
from procedure import actions as a
from procedure.decision import CLOCK
from procedure.incident import Incident
from procedure.ladder import Rung
from procedure.obligations import Obligation
from procedure.obligations_by_step import reminder_at
from procedure.parties import Party, Post, resolve
from procedure.ringing import (
    DueRing,
    bell,
    due_rings,
    next_ring_at,
    owner_rings_by,
    round_of,
    work_of,
)
from procedure.words import Duty, Level
from storage import chats, drafts, incidents, marks
from storage.chats import Prompt
from storage.database import Session

#: The receipt of an assignment to speak: a stand-in is told that he does not speak yet.
TO_SPEAK = "O1:spokesperson:"
#: A card that asks for no call: it offers to give the word to the stand-in.
HAND_OVER = "hand_over"


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


def tick(world: World, now: datetime | None = None) -> int:
    """Rings all that is due at `now` (UTC; default: the world's clock). Returns how many rings.

    A double tick, a restart, a clock that jumped: nothing twice, since a rung is unique by
    (stream, obligation, round, rung, recipient) and how far a duty was rung is a fact.
    """
    at = now or world.now()
    note_undelivered(world)

    def work(session: Session) -> int:
        rung = Ticker(Stage(world, session, at, "clock")).run()
        marks.mark(session, marks.LAST_TICK, at.isoformat())
        return rung

    return world.db.write(work)


class Ticker:
    """One tick in one transaction."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.items: dict[int, list[Item]] = defaultdict(list)
        self.cards: dict[int, list[Card]] = defaultdict(list)
        self.chases: dict[tuple[int, str], list[Card]] = defaultdict(list)
        self.rung = 0

    def run(self) -> int:
        """Rings everything due; rings of one person become one message."""
        for incident in incidents.due(self.stage.session, self.stage.now):
            self._incident(incident.stream)
        self._look_ahead()
        for person, items in self.items.items():
            self._ring_owner(person, items)
        for person, cards in self.cards.items():
            self._cards_to(person, cards)
        for (person, stream), cards in self.chases.items():
            self._chase(person, stream, cards)
        return self.rung

    def _incident(self, stream: str) -> None:
        incident = self.stage.incident(stream)
        terms = self.stage.terms(incident)
        for ring in due_rings(incident, terms, self.stage.organisation, self.stage.now):
            self._record(incident, ring)
            for person in ring.owner:
                item = Item(incident, ring.duty, ring.round, ring.rung)
                if not self._withheld(item, person):
                    self.items[person].append(item)
            for level, person in ring.climbed:
                self._climb(incident, ring, level, person)
            self._offer_hand_over(incident, ring)
        self._remember_meeting(stream)
        self._touch(stream)

    def _remember_meeting(self, stream: str) -> None:
        incident = self.stage.incident(stream)
        at = reminder_at(incident)
        if incident.meeting and at and at <= self.stage.now:
            self.stage.perform(stream, CLOCK, a.RemindMeeting(meeting=incident.meeting.id))

    def _touch(self, stream: str) -> None:
        """Moves `next_ring_at` on also where a rung reached nobody."""
        incident = self.stage.incident(stream)
        terms = self.stage.terms(incident)
        following = next_ring_at(incident, terms, self.stage.organisation)
        incidents.save(self.stage.session, incident, following)

    def _record(self, incident: Incident, ring: DueRing) -> None:
        self.stage.perform(
            incident.stream,
            CLOCK,
            a.Ring(
                duty=ring.duty.key,
                start=ring.duty.start,
                round=ring.round,
                rung=ring.rung.index,
                level=ring.rung.level.value if ring.rung.level else None,
                people=ring.people,
            ),
        )

    def _withheld(self, item: Item, person: int) -> bool:
        """The ring at half time stays away from him who has begun."""
        share = item.rung.share
        return share is not None and share <= 50 and self._spared(item, person)

    def _spared(self, item: Item, person: int) -> bool:
        """A before-due ring makes no sound for him who has begun (conduct §5)."""
        if item.rung.kind != "before":
            return False
        key, incident = item.duty.key, item.incident
        begun = key in incident.working or key in incident.extensions
        return begun or self._has_form_open(incident, item.duty, person)

    def _has_form_open(self, incident: Incident, duty: Obligation, person: int) -> bool:
        forms = {
            one["do"]["open"]
            for one in duty_buttons.act_buttons(duty, incident)
            if "open" in one["do"]
        }
        return any(
            draft.stream == incident.stream and draft.form in forms
            for draft in drafts.of_person(self.stage.session, person)
        )

    def _look_ahead(self) -> None:
        """Rings due to one person within ten minutes are one numbered message."""
        for person in list(self.items):
            for incident in self.stage.open_incidents():
                self._ahead(incident.stream, person)

    def _ahead(self, stream: str, person: int) -> None:
        incident = self.stage.incident(stream)
        terms = self.stage.terms(incident)
        until = self.stage.now + terms.policy.manners.merge_within
        have = {(one.incident.stream, one.duty.key) for one in self.items[person]}
        organisation = self.stage.organisation
        for duty, rung in list(owner_rings_by(incident, terms, organisation, person, until)):
            if (stream, duty.key) in have or resolve(duty.owner, incident, organisation) != (
                person,
            ):
                continue
            number = round_of(incident, duty)
            item = Item(incident, duty, number, rung)
            if self._withheld(item, person):
                continue
            self.stage.perform(
                stream,
                CLOCK,
                a.RingAhead(
                    duty=duty.key, start=duty.start, round=number, ahead=rung.index, person=person
                ),
            )
            self.items[person].append(item)

    def _ring_owner(self, person: int, items: Sequence[Item]) -> None:
        told = _without_their_receipts(items)
        first, one = told[0], len(told) == 1
        incident = self.stage.incident(first.incident.stream)
        terms = self.stage.terms(incident)
        aloud, watch = bell(incident, terms, self.stage.organisation, person, self.stage.now)
        if all(self._spared(item, person) for item in told):
            aloud, watch = False, ()
        prompt = Prompt(
            template=f"rings/owner#{first.duty.duty.name.lower()}"
            if one
            else "rings/owner#several",
            facts=_facts(first) if one else {"items": [_facts(item) for item in told]},
            choices=duty_buttons.ring_buttons(first.duty, incident) if one else _numbered(told),
            stream=incident.stream,
            about=_about(first) if one else f"rings:{person}",
            key=_key(first, person),
            duties=tuple((item.incident.stream, item.duty.key) for item in items),
            rings=aloud,
            drill=incident.drill,
        )
        self._put(person, prompt)
        for other in watch:
            self.cards[other].append(
                Card(incident, first.duty, person, "night", first.rung.index, first.round)
            )

    def _put(self, person: int, prompt: Prompt) -> None:
        """Queues a ring; earlier ones about the same duties wait no longer for an answer."""
        row = self.stage.prompt(person, prompt)
        self.rung += 1
        for about in replaced(self.stage, person, prompt.duties) - {prompt.about}:
            if row is not None:
                chats.supersede(self.stage.session, row.chat, about)

    def _climb(self, incident: Incident, ring: DueRing, level: Level, person: int) -> None:
        owners = resolve(ring.duty.owner, incident, self.stage.organisation)
        to = owners[0] if owners else 0
        kind = self._card_kind(incident, ring, level, person)
        card = Card(incident, ring.duty, to, kind, ring.rung.index, ring.round)
        if is_callers(incident, ring.duty, person):
            self.chases[person, incident.stream].append(card)
        else:
            self.cards[person].append(card)

    def _chase(self, person: int, stream: str, cards: Sequence[Card]) -> None:
        """Who called a meeting hears of all who have not answered by his one card."""
        first = cards[0]
        key = f"ring:{stream}:{first.duty.key}:{first.round}:{first.index}:{person}:call"
        prompt = callers_card(self.stage, person, stream, key)
        if prompt is not None:
            self.stage.prompt(person, prompt)
            self.rung += 1

    def _offer_hand_over(self, incident: Incident, ring: DueRing) -> None:
        """From L1 on the chair, the leader and the duty officer may give the word to another.

        Those who are rung themselves find the button under their own card (conduct §6).
        """
        speaking = incident.spokesperson
        if Level.OFFICE not in ring.rung.levels or not speaking or not speaking.stand_in:
            return
        if incident.within or incident.official or not _is_speech(ring.duty):
            return
        for post in (Post.CHAIR, Post.LEADER, Post.DUTY_OFFICER):
            for person in resolve(Party(post), incident, self.stage.organisation):
                if person not in (*ring.people, speaking.person):
                    self.cards[person].append(
                        Card(
                            incident,
                            ring.duty,
                            speaking.person,
                            HAND_OVER,
                            ring.rung.index,
                            ring.round,
                        )
                    )

    def _card_kind(self, incident: Incident, ring: DueRing, level: Level, person: int) -> str:
        """Which call card: the stand-in's, the unconfirmed report's, the committee's, or plain."""
        speaking = incident.spokesperson
        if ring.duty.key in ("O1:open", "O2") and level is Level.DUTY_OFFICER:
            return "unconfirmed"
        if ring.duty.key == "O8":
            return "committee"
        speaks = _is_speech(ring.duty)
        waits = not incident.official and ring.duty.duty is not Duty.PRESS_ENQUIRY
        if speaking and person == speaking.stand_in and speaks and waits:
            return "stand_in"
        return "unanswered" if ring.duty.key == "O1:open" else "call"

    def _cards_to(self, person: int, asked: Sequence[Card]) -> None:
        """The call cards of one person: one message, numbered when there are several."""
        cards = _each_once(asked)
        first = cards[0]
        incident = self.stage.incident(first.incident.stream)
        terms = self.stage.terms(incident)
        aloud, _ = bell(incident, terms, self.stage.organisation, person, self.stage.now)
        one = len(cards) == 1
        key = f"ring:{incident.stream}:{first.duty.key}:{first.round}:{first.index}:{person}"
        prompt = Prompt(
            template=f"rings/call#{first.kind}" if one else "rings/call#several",
            facts=_card_facts(first) if one else {"cards": [_card_facts(c) for c in cards]},
            choices=self._card_buttons(person, cards),
            stream=incident.stream,
            about=f"{incident.stream}/call:{first.duty.key}" if one else f"calls:{person}",
            key=f"{key}:call",
            duties=tuple((card.incident.stream, card.duty.key) for card in cards),
            rings=aloud,
            drill=incident.drill,
        )
        self.stage.prompt(person, prompt)
        self.rung += 1

    def _card_buttons(self, person: int, cards: Sequence[Card]) -> list[dict[str, Any]]:
        if len(cards) == 1:
            card = cards[0]
            desk = self.stage.desk(person, card.incident.stream, {})
            if card.kind == HAND_OVER:
                return instead_choices(desk, card.duty.key)
            return [] if card.kind == "stand_in" else call_choices(desk, card.duty.key, card.to)
        return [
            choice(
                "call_reached_one",
                acts(
                    a.RecordCall(duty=card.duty.key, to=card.to, reached=True), card.incident.stream
                )
                | {"keep": True},
                person=card.to,
            )
            for card in cards
            if card.to
        ]


def _is_speech(duty: Obligation) -> bool:
    return duty.duty in duty_buttons.SPEAKING or duty.key.startswith(TO_SPEAK)


def _without_their_receipts(items: Sequence[Item]) -> Sequence[Item]:
    """Where the work itself is asked for, its receipt is not asked for in the same breath."""
    works = {(item.incident.stream, item.duty.key) for item in items}
    return [item for item in items if (item.incident.stream, work_of(item.duty.key)) not in works]


def _each_once(cards: Sequence[Card]) -> Sequence[Card]:
    """One call about one duty to one person, though several rules ask for it."""
    return list({(one.incident.stream, one.duty.key, one.to): one for one in cards[::-1]}.values())[
        ::-1
    ]


def _about(item: Item) -> str:
    return f"{item.incident.stream}/duty:{item.duty.key}"


def _key(item: Item, person: int) -> str:
    stream, key = item.incident.stream, item.duty.key
    return f"ring:{stream}:{key}:{item.round}:{item.rung.index}:{person}"


def _card_facts(card: Card) -> dict[str, Any]:
    return {
        "code": card.incident.code,
        "to": card.to,
        "duty": card.duty.duty.value,
        "name": card.duty.duty.name.lower(),
        "key": card.duty.key,
        "subject": card.duty.subject,
        "due": card.duty.due.isoformat(),
    }


def _facts(item: Item) -> dict[str, Any]:
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


def _numbered(items: Sequence[Item]) -> list[dict[str, Any]]:
    """One button for each duty of a merged ring: the act that ends it."""
    made = []
    for item in items:
        act = duty_buttons.one_button(item.duty, item.incident)
        made.append(
            choice("ring_item", act["do"] | {"keep": True}, name=item.duty.duty.name.lower())
        )
    return made
