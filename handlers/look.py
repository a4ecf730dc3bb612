"""What a conversation may look up; `storage` satisfies it by shape, `bot` passes it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from procedure.decision import Asked
from procedure.entries import Entry
from procedure.incident import Incident
from procedure.obligations import Obligation, Terms, owed
from procedure.organisation import Organisation, Person
from procedure.parties import everyone, is_press, resolve, room_members, units_in
from procedure.policy import Retention
from procedure.words import Role


class Told(Protocol):
    """One message to one person, with what became of it; times UTC."""

    @property
    def person(self) -> int:
        """Who was told."""
        ...

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts with which it was told."""
        ...

    @property
    def sent_at(self) -> datetime | None:
        """When a channel took it."""
        ...

    @property
    def shown_at(self) -> datetime | None:
        """When he was shown it (conduct §4)."""
        ...


class RoleHeld(Protocol):
    """A role that somebody holds: since when, and who gave it; 0 is the server's console; its
    first and its last day, None: open."""

    @property
    def role(self) -> Role: ...

    @property
    def unit(self) -> int: ...

    @property
    def since(self) -> datetime | None: ...

    @property
    def by(self) -> int: ...

    @property
    def first(self) -> date | None: ...

    @property
    def last(self) -> date | None: ...


class HeldOn(Protocol):
    """What is kept of one person; times UTC."""

    @property
    def roles(self) -> Sequence[RoleHeld]:
        """What he holds now."""
        ...

    @property
    def channels(self) -> Sequence[tuple[str, datetime]]:
        """The messengers on which he has an account, and since when."""
        ...

    @property
    def sessions(self) -> Sequence[datetime]:
        """When each page was signed in to that still is."""
        ...

    @property
    def streams(self) -> Sequence[str]:
        """The incidents in which he acted or was told anything, oldest first."""
        ...


class Look(Protocol):
    """Read-only questions about incidents, within the running turn."""

    def incident(self, stream: str) -> Incident:
        """One incident. Raises KeyError."""
        ...

    def open_incidents(self) -> Sequence[Incident]:
        """All open incidents, newest first."""
        ...

    def search(self, words: str) -> Sequence[Incident]:
        """Incidents, open or closed, matching words without marks."""
        ...

    def journal(self, stream: str) -> Sequence[Entry]:
        """The entries of an incident, oldest first."""
        ...

    def terms(self, incident: Incident) -> Terms:
        """The policy stamped on an incident and the calendar."""
        ...

    def clause(self, duty: str) -> Mapping[str, Any] | None:
        """The sentence of the regulation behind a duty: number, quote, note; None for a law."""
        ...

    def policy_in_force(self) -> str:
        """The version of the policy that an incident opened now is stamped with."""
        ...

    def similar(
        self, line: str, kind: str | None, place: str | None, unit: int, at: datetime
    ) -> Sequence[Incident]:
        """Open real incidents that a report of `unit` at `at` may be about, likeliest first."""
        ...

    def told(self, stream: str, template: str) -> Sequence[Told]:
        """Everything told about an incident by one template (`path#block`), oldest first."""
        ...

    def held_on(self, person: int) -> HeldOn:
        """What is kept of a person, apart from the incidents themselves."""
        ...

    def retention(self) -> Retention:
        """How long is kept what is neither in the journal nor in a case file."""
        ...

    def parked(self) -> Sequence[tuple[int, str, str | None]]:
        """The parked drafts of this chat: id, form, stream."""
        ...


@dataclass(frozen=True)
class Words:
    """The word lists that readers need; read from data files by `bot`."""

    moments: Any
    intents: Any
    lexicon: Any
    remedy: str = ""
    figures: Any = None
    topics: Any = ()
    addresses: Sequence[str] = ()


@dataclass(frozen=True)
class Desk:
    """Where one conversation sits: who, when, about which incident, with what at hand."""

    person: int
    now: datetime
    zone: ZoneInfo
    organisation: Organisation
    look: Look
    words: Words
    incident: Incident | None = None
    args: dict[str, Any] = field(default_factory=dict)

    @property
    def me(self) -> Person:
        """The person who writes."""
        return self.organisation.people[self.person]

    @property
    def case(self) -> Incident:
        """The incident of this conversation. Raises LookupError when it has none."""
        if self.incident is None:
            raise LookupError("this conversation is about no incident")
        return self.incident

    def acts_for(self, person: int) -> bool:
        """Whether he who writes is this person, or acts for him while he is away."""
        return self.organisation.acts_for(self.person, person)

    def terms(self) -> Terms:
        """The numbers in force for this incident."""
        return self.look.terms(self.case)

    def asked(self) -> Asked:
        """The question put to the rules about this incident by this person, now."""
        return Asked(self.case, self.person, self.now, self.organisation, self.terms())

    def mine(self, incident: Incident) -> tuple[Obligation, ...]:
        """What this person owes in an incident."""
        return tuple(
            one
            for one in owed(incident, self.look.terms(incident))
            if self.person in resolve(one.owner, incident, self.organisation)
        )

    def may_see(self, incident: Incident) -> bool:
        """Reading rights: those with a part, and the department and office once sent up."""
        return may_see(self.person, incident, self.organisation)


def may_see(person: int, incident: Incident, organisation: Organisation) -> bool:
    """Everybody sees only incidents in which he or his unit has a part (conduct §13).

    Who belongs to the working room reads with it; a newsroom never, whatever else it holds.
    """
    if is_press(person, organisation):
        return False
    if person in (*everyone(incident, organisation), *room_members(incident, organisation)):
        return True
    held = organisation.held_by(person)
    home = organisation.people[person].unit
    if home in units_in(incident, organisation):
        return True
    if not incident.submitted_at:
        return False
    above = {organisation.standing(one) for one in (incident.department, incident.committee)}
    return any(one.unit in above for one in held) or organisation.standing(home) in above
