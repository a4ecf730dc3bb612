"""What has happened to the organisation: units, people, roles, policy (stream `organisation`)."""

from dataclasses import dataclass
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
    version: ClassVar[int] = 2
    person: Person


@dataclass(frozen=True, kw_only=True)
class RoleGiven(Fact):
    person: int
    role: Role
    unit: int


@dataclass(frozen=True, kw_only=True)
class RoleEnded(Fact):
    person: int
    role: Role
    unit: int


@dataclass(frozen=True, kw_only=True)
class RoleProposed(Fact):
    """A role that a second administrator must confirm before it is given."""

    person: int
    role: Role
    unit: int


@dataclass(frozen=True, kw_only=True)
class RoleProposalRejected(Fact):
    person: int
    role: Role
    unit: int


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
