"""The organisation as its journal makes it, at any moment of the past."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from procedure.entries import Entry, Fact
from procedure.entries_organisation import (
    PersonBlanked,
    PersonRegistered,
    RoleEnded,
    RoleGiven,
    RoleProposalRejected,
    RoleProposed,
    SpeakersConfirmed,
    UnitRegistered,
)
from procedure.evolve_arrangements import Arrangements
from procedure.organisation import Holding, Organisation, Person, Proposal, Unit


def organisation_at(entries: Iterable[Entry], at: datetime) -> Organisation:
    """Units, people and roles as they stood at a moment (UTC): who could do what then.

    Whoever has been blanked since is named at no moment any more.
    """
    made, over = _Made(), False
    for entry in entries:
        over = over or entry.at > at
        if not over:
            made.take(entry.fact, entry.actor, entry.at)
        elif isinstance(entry.fact, PersonBlanked):
            made.unname(entry.fact)
    return made.value()


def changed(before: Organisation, facts: Iterable[Fact], actor: int, at: datetime) -> Organisation:
    """The organisation after more facts that `actor` has written at a moment (UTC)."""
    made = _Made(before)
    for fact in facts:
        made.take(fact, actor, at)
    return replace(made.value(), day=before.day)


class _Made:
    def __init__(self, before: Organisation | None = None) -> None:
        before = before or Organisation()
        self.units: dict[int, Unit] = dict(before.units)
        self.people: dict[int, Person] = dict(before.people)
        #: In the order in which they were first given, each by itself: other days keep its place.
        self.held: dict[Holding, Holding] = {one: one for one in before.holdings}
        self.waits: dict[Holding, int] = {one.holding: one.by for one in before.proposed}
        self.arranged = Arrangements(before)
        self.confirmed: dict[int, str] = dict(before.confirmed)

    def take(self, fact: Fact, actor: int, at: datetime) -> None:
        if isinstance(fact, UnitRegistered):
            self.units[fact.unit.id] = fact.unit
        elif isinstance(fact, PersonRegistered):
            self.people[fact.person.id] = fact.person
        elif isinstance(fact, SpeakersConfirmed):
            self.confirmed[fact.unit] = fact.quarter
        elif isinstance(fact, PersonBlanked):
            self.unname(fact)
            self.people[fact.person] = replace(self.people[fact.person], left=True)
        elif isinstance(fact, RoleGiven | RoleProposed):
            one = Holding(fact.person, fact.role, fact.unit, fact.since, fact.until)
            self._role(fact, one, actor)
        elif isinstance(fact, RoleEnded | RoleProposalRejected):
            self._role(fact, Holding(fact.person, fact.role, fact.unit), actor)
        else:
            self.arranged.take(fact, actor, at)

    def unname(self, fact: PersonBlanked) -> None:
        """Takes his words away, where he is known already."""
        if known := self.people.get(fact.person):
            self.people[fact.person] = known.unnamed(fact.name, fact.post, fact.address)

    def _role(self, fact: Fact, one: Holding, actor: int) -> None:
        if isinstance(fact, RoleEnded):
            self.held.pop(one, None)
            return
        # What is proposed for other days is the same key: it must go for the new days to be kept.
        self.waits.pop(one, None)
        if isinstance(fact, RoleProposed):
            self.waits[one] = actor
        elif isinstance(fact, RoleGiven):
            self.held[one] = one

    def value(self) -> Organisation:
        waits = (
            Proposal(one.person, one.role, one.unit, by, one.since, one.until)
            for one, by in self.waits.items()
        )
        return Organisation(
            self.units,
            self.people,
            tuple(self.held.values()),
            tuple(waits),
            self.confirmed,
            tuple(self.arranged.delegations.values()),
            tuple(self.arranged.absences.values()),
            self.arranged.rosters,
        )
