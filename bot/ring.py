"""What the clock does at a tick: claims due incidents, rings the one rung that is due."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot import ring_written
from bot.chase import callers_card, is_callers
from bot.reach import note_undelivered
from bot.receipts import replaced
from bot.ring_facts import (
    Card,
    Duties,
    Item,
    about,
    card_facts,
    code_among,
    each_once,
    in_messages,
    is_speech,
    item_facts,
    key_of,
    nth,
    numbered,
    parts,
)
from bot.ring_sound import is_aloud
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
    owner_rings_by,
    round_of,
)
from procedure.words import Duty, Level
from storage import drafts, incidents, marks
from storage.away import DatabaseAway
from storage.chats import Prompt

log = structlog.get_logger()
#: So many incidents ring in one transaction; others' turns come between two of them.
TOGETHER = 200
#: So many incidents that ring soon are looked at, whether something can be told with another ring.
SOON = 10_000
NEVER = timedelta(0)
#: The streams of incidents in which a person is to be rung soon.
Ahead = Mapping[int, list[str]]
#: A card that asks for no call: it offers to give the word to the stand-in.
HAND_OVER = "hand_over"
#: The card about a duty of a post that nobody holds: there is no one to call.
NOBODY = "nobody"


def tick(world: World, now: datetime | None = None) -> int:
    """Rings all that is due at `now` (UTC; default: the world's clock). Returns how many rings.

    A double tick, a restart, a clock that jumped: nothing twice, since a rung is unique by
    (stream, obligation, round, rung, recipient) and how far a duty was rung is a fact.
    """
    at = now or world.now()
    note_undelivered(world)
    due = world.db.read(lambda session: incidents.due(session, at))
    ahead = world.db.read(lambda session: _ahead(Stage(world, session, at, "clock"))) if due else {}
    rung = sum(_rung(world, at, due[n : n + TOGETHER], ahead) for n in range(0, len(due), TOGETHER))
    world.db.write(lambda session: marks.mark(session, marks.LAST_TICK, at.isoformat()))
    return rung


def _rung(world: World, at: datetime, streams: Sequence[str], ahead: Ahead) -> int:
    """Rings in several incidents in one transaction; returns how many rings.

    When anything goes wrong there it is rolled back and each rings alone, so that a broken
    incident holds up no other one.
    """
    try:
        return world.db.write(
            lambda session: Ticker(Stage(world, session, at, "clock"), ahead).run(streams)
        )
    except DatabaseAway:
        raise
    except Exception:
        if world.strict:
            raise
        if len(streams) == 1:
            log.exception("ring_failed", stream=streams[0])
            return 0
    return sum(_rung(world, at, [one], ahead) for one in streams)


def _ahead(stage: Stage) -> Ahead:
    """Who is to be rung soon, and in which incidents: asked once for all that is due now."""
    longest = max((one.policy.manners.merge_within for one in stage.all_terms()), default=NEVER)
    found: dict[int, list[str]] = defaultdict(list)
    for one in incidents.coming(stage.session, stage.now, stage.now + longest, SOON):
        try:
            for person, *_ in _soon(stage, one.stream):
                found[person].append(one.stream)
        except Exception:
            if stage.world.strict:
                raise
            log.exception("ring_failed", stream=one.stream)
    return found


def _soon(stage: Stage, stream: str) -> list[tuple[int, Obligation, Rung]]:
    incident = stage.incident(stream)
    terms = stage.terms(incident)
    until = stage.now + terms.policy.manners.merge_within
    return list(owner_rings_by(incident, terms, stage.organisation, until))


class Ticker:
    """Some incidents of one tick, in one transaction."""

    def __init__(self, stage: Stage, ahead: Ahead) -> None:
        self.stage = stage
        self.ahead = ahead
        #: When the next ring of each comes, once what is due has been rung.
        self.next: Mapping[str, datetime | None] = {}
        self.items: dict[int, list[Item]] = defaultdict(list)
        self.cards: dict[int, list[Card]] = defaultdict(list)
        self.chases: dict[tuple[int, str], list[Card]] = defaultdict(list)
        self.rung = 0

    def run(self, streams: Sequence[str]) -> int:
        """Rings what is due in them; rings of one person become one message."""
        streams = sorted(streams, key=lambda one: (len(one), one))
        for incident, rings in self._recorded(streams):
            self._told(incident, rings)
            self._remember_meeting(incident.stream)
        self._look_ahead(streams)
        for person, items in self.items.items():
            for n, (told, duties) in enumerate(in_messages(items)):
                self._ring_owner(person, told, duties, n)
        for person, cards in self.cards.items():
            for n, several in enumerate(parts(each_once(cards))):
                self._cards_to(person, several, n)
        for (person, stream), cards in self.chases.items():
            self._chase(person, stream, cards)
        return self.rung

    def _recorded(self, streams: Sequence[str]) -> list[tuple[Incident, Sequence[DueRing]]]:
        """Each incident as it was, with what rings in it; that it rings is written down.

        `next_ring_at` moves on also where a rung reaches nobody.
        """
        found = self.stage.due(streams)
        self.next = ring_written.rung(self.stage, found)
        return [(one.incident, one.rings) for one in found.values()]

    def _told(self, incident: Incident, rings: Sequence[DueRing]) -> None:
        for ring in rings:
            for person in ring.owner:
                item = Item(incident, ring.duty, ring.round, ring.rung)
                if not self._withheld(item, person):
                    self.items[person].append(item)
            for level, person in ring.climbed:
                self._climb(incident, ring, level, person)
            self._offer_hand_over(incident, ring)

    def _remember_meeting(self, stream: str) -> None:
        incident = self.stage.incident(stream)
        at = reminder_at(incident)
        if incident.meeting and at and at <= self.stage.now:
            self.stage.perform(stream, CLOCK, a.RemindMeeting(meeting=incident.meeting.id))

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

    def _look_ahead(self, streams: Sequence[str]) -> None:
        """Rings due to one person within ten minutes are one numbered message."""
        soon = {one for person in self.items for one in self.ahead.get(person, ())}
        again = {one for one in streams if self._rings_soon(one)}
        seen = [self.stage.incident(one) for one in soon | again]
        noted: dict[str, list[a.Action]] = {}
        for incident in sorted(seen, key=_newest_first):
            told = list(self._told_ahead(incident))
            if told:
                noted[incident.stream] = told
        if noted:
            ring_written.told_ahead(self.stage, noted)

    def _rings_soon(self, stream: str) -> bool:
        incident, following = self.stage.incident(stream), self.next.get(stream)
        within = self.stage.terms(incident).policy.manners.merge_within
        return following is not None and following <= self.stage.now + within

    def _told_ahead(self, incident: Incident) -> Iterator[a.Action]:
        stream = incident.stream
        for person, duty, rung in _soon(self.stage, stream):
            mine = self.items.get(person)
            if mine is None or any(
                (one.incident.stream, one.duty.key) == (stream, duty.key) for one in mine
            ):
                continue
            number = round_of(incident, duty)
            item = Item(incident, duty, number, rung)
            if self._withheld(item, person):
                continue
            mine.append(item)
            yield a.RingAhead(
                duty=duty.key, start=duty.start, round=number, ahead=rung.index, person=person
            )

    def _ring_owner(self, person: int, told: Sequence[Item], duties: Duties, n: int) -> None:
        """The `n`-th message of a tick to one person about what he owes."""
        first, one = told[0], len(told) == 1
        incident = self.stage.incident(first.incident.stream)
        asked = (item for item in told if not self._spared(item, person))
        aloud, watched = is_aloud(self.stage, person, asked)
        prompt = Prompt(
            template=f"rings/owner#{first.duty.duty.name.lower()}"
            if one
            else "rings/owner#several",
            facts=item_facts(first) if one else {"items": [item_facts(item) for item in told]},
            choices=duty_buttons.ring_buttons(first.duty, incident) if one else numbered(told),
            stream=incident.stream,
            about=about(first) if one else nth(f"rings:{person}", n),
            key=key_of(first, person),
            duties=duties,
            rings=aloud,
            drill=incident.drill,
        )
        self._put(person, prompt)
        if watched:
            item, other = watched
            self.cards[other].append(
                Card(item.incident, item.duty, person, "night", item.rung.index, item.round)
            )

    def _put(self, person: int, prompt: Prompt) -> None:
        """Queues a ring; earlier ones about the same duties wait no longer for an answer."""
        old = replaced(self.stage, person, prompt.duties)
        self.stage.prompt(person, replace(prompt, replaces=old))
        self.rung += 1

    def _climb(self, incident: Incident, ring: DueRing, level: Level, person: int) -> None:
        owners = resolve(ring.duty.owner, incident, self.stage.organisation)
        to = owners[0] if owners else 0
        kind = self._card_kind(incident, ring, level, person) if to else _nobody(ring)
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
        if incident.within or incident.official or not is_speech(ring.duty):
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
        speaks = is_speech(ring.duty)
        waits = not incident.official and ring.duty.duty is not Duty.PRESS_ENQUIRY
        if speaking and person == speaking.stand_in and speaks and waits:
            return "stand_in"
        return "unanswered" if ring.duty.key == "O1:open" else "call"

    def _cards_to(self, person: int, cards: Sequence[Card], n: int) -> None:
        """The `n`-th message of a tick with call cards to one person; numbered when several."""
        first = cards[0]
        incident = self.stage.incident(first.incident.stream)
        aloud, _ = is_aloud(self.stage, person, cards)
        one = len(cards) == 1
        key = f"ring:{incident.stream}:{first.duty.key}:{first.round}:{first.index}:{person}"
        prompt = Prompt(
            template=f"rings/call#{first.kind}" if one else "rings/call#several",
            facts=card_facts(first) if one else {"cards": [card_facts(c) for c in cards]},
            choices=self._card_buttons(person, cards),
            stream=incident.stream,
            about=f"{incident.stream}/call:{first.duty.key}" if one else nth(f"calls:{person}", n),
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
            if card.kind == NOBODY:
                return []
            return [] if card.kind == "stand_in" else call_choices(desk, card.duty.key, card.to)
        return [
            choice(
                "call_reached_one",
                acts(
                    a.RecordCall(duty=card.duty.key, to=card.to, reached=True), card.incident.stream
                )
                | {"keep": True},
                person=card.to,
                **code_among(card, cards),
            )
            for card in cards
            if card.to
        ]


def _nobody(ring: DueRing) -> str:
    """The card where nobody holds the post: the committee's office is asked as ever."""
    return "committee" if ring.duty.key == "O8" else NOBODY


def _newest_first(incident: Incident) -> tuple[float, int, str]:
    opened = incident.opened_at.timestamp() if incident.opened_at else 0.0
    return -opened, len(incident.stream), incident.stream
