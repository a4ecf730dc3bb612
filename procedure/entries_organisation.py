"""What has happened to the organisation: units, people, roles, policy (stream `organisation`)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from procedure.codec import Prose
from procedure.entries import Fact
from procedure.organisation import Person, Unit
from procedure.words import Role

ORGANISATION = "organisation"


@dataclass(frozen=True, kw_only=True)
class UnitRegistered(Fact):
    version: ClassVar[int] = 3
    unit: Unit


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(Fact):
    """Since version 3 his own words (`Person.apart`) stand apart from the chain; the two before
    hold them in clear and are read as they are."""

    version: ClassVar[int] = 3
    person: Person


@dataclass(frozen=True, kw_only=True)
class PersonBlanked(Fact):
    """He has left and nothing of his own is kept; from then on he is called as is said here."""

    person: int
    name: str
    post: str
    address: str
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class ExportMade(Fact):
    """A list or a file went out. `what` says which kind, `about` the code of an incident, `count`
    how many rows, entries or files, `login` who sat at the console, where it was made there."""

    what: str
    count: int
    about: str = ""
    login: Prose = Prose("")


@dataclass(frozen=True, kw_only=True)
class RoleGiven(Fact):
    """From its first local day up to and with its last; None: at once, until it is ended. Given
    again it has these days instead of those it had."""

    version: ClassVar[int] = 2
    person: int
    role: Role
    unit: int
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class RoleEnded(Fact):
    person: int
    role: Role
    unit: int


@dataclass(frozen=True, kw_only=True)
class RoleProposed(Fact):
    """A role that a second administrator must confirm before it is given, with its days."""

    version: ClassVar[int] = 2
    person: int
    role: Role
    unit: int
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class RoleProposalRejected(Fact):
    person: int
    role: Role
    unit: int


@dataclass(frozen=True, kw_only=True)
class SpeakersConfirmed(Fact):
    """The head of a unit has said for a quarter ("2026-Q4") that these speak for it."""

    unit: int
    quarter: str
    speakers: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class PolicyAdopted(Fact):
    policy: str
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class AccessInvited(Fact):
    person: int


@dataclass(frozen=True, kw_only=True)
class AccessEnded(Fact):
    """Every session, account and code of his is good no more."""

    person: int


@dataclass(frozen=True, kw_only=True)
class AccountLinked(Fact):
    person: int
    channel: str


@dataclass(frozen=True, kw_only=True)
class AccountUnlinked(Fact):
    person: int
    channel: str


@dataclass(frozen=True, kw_only=True)
class ForumBound(Fact):
    """The forum of a messenger in which every new incident opens its topic."""

    channel: str
    place: str


@dataclass(frozen=True, kw_only=True)
class ForumEnded(Fact):
    channel: str
    place: str
