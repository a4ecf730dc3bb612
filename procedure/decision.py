"""What `decide` is asked and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from procedure.entries import Fact
from procedure.errors import NotYours
from procedure.incident import Incident
from procedure.obligations import Terms
from procedure.organisation import Organisation
from procedure.parties import (
    Party,
    everyone,
    heads,
    is_press,
    leaders,
    resolve,
    units_in,
)
from procedure.words import Role

CLOCK = 0


@dataclass(frozen=True)
class Notice:
    """Something to be told: a kind (its words are in templates), to whom, with which facts.

    `rings` says that it may make a sound by the rules of the night (conduct §3); `about`
    names the card that it replaces, so that the newest state is the only live one; `duty` is
    the key of the obligation laid on the reader ("{person}" stands for his id).
    """

    kind: str
    to: tuple[int, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    rings: bool = False
    about: str | None = None
    duty: str | None = None


@dataclass(frozen=True)
class Beside:
    """What the same decision writes into the journal of another incident, and who is told."""

    stream: str
    facts: tuple[Fact, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Decision:
    """What now stands in the journal, and who is told; all of it in one turn."""

    facts: tuple[Fact, ...]
    notices: tuple[Notice, ...] = ()
    authority: str = ""
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True)
class Asked:
    """Everything that a rule may look at; `now` is UTC, `actor` a person id or the clock."""

    incident: Incident
    actor: int
    now: datetime
    organisation: Organisation
    terms: Terms

    def people(self, party: Party) -> tuple[int, ...]:
        """Who a party is now."""
        return resolve(party, self.incident, self.organisation)

    def holds(self, role: Role, unit: int) -> bool:
        """Whether the actor holds a role in a unit."""
        return self.actor in self.organisation.holders(role, unit)

    def acts_for(self, person: int) -> bool:
        """Whether the actor is this person, or acts for him while he is away."""
        return self.organisation.acts_for(self.actor, person)

    def is_head(self) -> bool:
        """Whether the actor may act as the head of the reporting unit."""
        return self.actor in heads(self.incident.unit, self.organisation)

    def is_leader(self) -> bool:
        """Whether the actor is the propaganda department's head or deputy head."""
        return self.actor in leaders(self.incident, self.organisation)

    def is_department(self) -> bool:
        """Whether the actor is on duty in the propaganda department or leads it."""
        return self.is_leader() or self.holds(Role.ON_DUTY, self.incident.department)

    def department_has_part(self) -> bool:
        """Whether the actor is the department's and it has a part: of what a unit keeps within its
        own authority the province sees a count, not the content (conduct §9)."""
        return self.is_department() and not self.incident.within

    def is_unit(self, unit: int | None = None) -> bool:
        """Whether the actor works in a unit (the reporting one) or its joined body."""
        whole = self.organisation
        works = whole.standing(whole.people[self.actor].unit) if self.actor else 0
        home = whole.units[whole.standing(unit or self.incident.unit)]
        return works in (home.id, home.partner)

    def has_part(self) -> bool:
        """Whether the actor has a part in the incident; a newsroom never has (conduct §13)."""
        if is_press(self.actor, self.organisation):
            return False
        known = self.actor in everyone(self.incident, self.organisation)
        unit = self.organisation.people[self.actor].unit if self.actor else 0
        joined = self.organisation.standing(unit) in units_in(self.incident, self.organisation)
        return known or joined or self.department_has_part()

    def others(self, *but: int) -> tuple[int, ...]:
        """Everyone in the incident except the actor and `but`.

        The members of the standing committee hear through their office (conduct §4, §9).
        """
        committee = self.organisation.holders(Role.COMMITTEE_MEMBER, self.incident.committee)
        left_out = {self.actor, *but, *committee}
        return tuple(
            one for one in everyone(self.incident, self.organisation) if one not in left_out
        )

    def who(self, party: Party) -> int | None:
        """The one person a refusal should name."""
        found = self.people(party)
        return found[0] if found else None


def require(allowed: bool, key: str, who: int | None, **facts: Any) -> None:
    """Raises NotYours, naming who can, unless `allowed`."""
    if not allowed:
        raise NotYours(key, who=who, **facts)


def as_head(asked: Asked) -> str:
    """The authority under which a head or his deputy acts: "head" or "for_head"."""
    own = asked.organisation.head(asked.incident.unit)
    if asked.actor == own or own is None:
        return "head"
    return "for_head" if asked.is_head() else ""
