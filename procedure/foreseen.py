"""What rings in an incident at a moment that has not come, if it stays as it is until then.

To work out what rings takes ten times as long as to write it down; done ahead, the moment itself
is spent on telling people (design.md §2c).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from procedure import actions as a
from procedure.codec import canonical, dump_changed, instant
from procedure.decide import decide
from procedure.decision import CLOCK
from procedure.entries import Entry, Fact
from procedure.evolve import advanced
from procedure.incident import Incident
from procedure.obligations import Terms
from procedure.organisation import Organisation
from procedure.ringing import DueRing, due_rings, next_ring_at

_NEVER = datetime.max.replace(tzinfo=UTC)
#: Stands for the moment of the ring in what is written ahead; no moment of ours has such a year.
_THEN = datetime(1, 1, 1, 1, 1, 1, 111111, tzinfo=UTC)


@dataclass(frozen=True)
class Foreseen:
    """What rings in an incident from one moment until another (UTC), if nothing happens.

    `facts` say that it rang, `following` is when it rings next after that.
    """

    incident: Incident
    state: str
    organisation: Organisation
    since: datetime
    until: datetime
    rings: tuple[DueRing, ...]
    facts: tuple[Fact, ...]
    following: datetime | None
    _then: datetime
    _after: str

    def holds(self, state: str, organisation: Organisation, now: datetime) -> bool:
        """Whether it is what rings at `now` in an incident with this projection."""
        as_then = self.organisation is organisation and self.state == state
        return as_then and self.since <= now < self.until

    def agrees(self, other: "Foreseen", now: datetime) -> bool:
        """Whether by both the same rings at `now`, and the same comes of it."""
        mine, theirs = (
            (one.rings, one.facts, one.following, one.after(now)) for one in (self, other)
        )
        return mine == theirs

    def after(self, now: datetime) -> str:
        """The projection once it has rung at `now`."""
        return self._after.replace(instant(self._then), instant(now))


def noted(ring: DueRing) -> a.Ring:
    """What the clock puts to the rules about a ring."""
    return a.Ring(
        duty=ring.duty.key,
        start=ring.duty.start,
        round=ring.round,
        rung=ring.rung.index,
        level=ring.rung.level.value if ring.rung.level else None,
        people=ring.people,
    )


def decided(
    incident: Incident,
    actions: Iterable[a.Action],
    now: datetime,
    organisation: Organisation,
    terms: Terms,
) -> tuple[Fact, ...]:
    """The facts of what the clock does. Raises Refused."""
    made = [decide(incident, one, CLOCK, now, organisation, terms) for one in actions]
    return tuple(fact for decision in made for fact in decision.facts)


def foreseen(
    incident: Incident,
    state: str,
    organisation: Organisation,
    terms: Terms,
    at: datetime,
    *,
    now: bool = False,
) -> Foreseen:
    """What rings in an incident at `at` (UTC), which is no later than its next ring, or is `now`.

    `state` is the incident as text. Raises Refused; of what is not now, ValueError where the text
    holds already what stands for the moment of the ring.
    """
    then = at if now else _THEN
    if not now and instant(then) in state:
        raise ValueError("the moment of the ring could not be told from others")
    rings = due_rings(incident, terms, organisation, at)
    facts = decided(incident, map(noted, rings), at, organisation, terms)
    after = _rung(incident, facts, at)
    following = next_ring_at(after, terms, organisation)
    then_after = after if now else _rung(incident, facts, then)
    return Foreseen(
        incident=incident,
        state=state,
        organisation=organisation,
        since=at,
        until=following or _NEVER,
        rings=rings,
        facts=facts,
        following=following,
        _then=then,
        _after=canonical(dump_changed(then_after, incident, json.loads(state))),
    )


def _rung(incident: Incident, facts: Iterable[Fact], at: datetime) -> Incident:
    """The incident once the clock has rung at `at`; a ring meets no duty and makes none."""
    entries = (
        Entry(
            stream=incident.stream,
            seq=seq,
            at=at,
            actor=CLOCK,
            authority="clock",
            channel="clock",
            fact=fact,
        )
        for seq, fact in enumerate(facts, incident.seq + 1)
    )
    after = advanced(incident, entries)
    after.worked_out.update(incident.worked_out)
    return after
