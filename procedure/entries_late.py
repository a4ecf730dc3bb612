"""What has happened around the late and the absent: wishes, hand-overs, telephone decisions."""

from dataclasses import dataclass
from datetime import datetime

from procedure.codec import Prose
from procedure.entries import Fact

# More time, help, "not mine"


@dataclass(frozen=True, kw_only=True)
class MoreTimeAsked(Fact):
    duty: str
    minutes: int
    decides: int


@dataclass(frozen=True, kw_only=True)
class MoreTimeDeclined(Fact):
    duty: str
    minutes: int
    asker: int


@dataclass(frozen=True, kw_only=True)
class HelpSeen(Fact):
    duty: str
    asker: int


@dataclass(frozen=True, kw_only=True)
class NotMineSaid(Fact):
    duty: str
    whose: int | None
    text: Prose


@dataclass(frozen=True, kw_only=True)
class DutyKept(Fact):
    duty: str
    owner: int


# Handing on


@dataclass(frozen=True, kw_only=True)
class TaskOffered(Fact):
    duty: str
    to: int


@dataclass(frozen=True, kw_only=True)
class OfferDeclined(Fact):
    duty: str
    asker: int
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class OfferWithdrawn(Fact):
    duty: str
    to: int


@dataclass(frozen=True, kw_only=True)
class TaskHandedOn(Fact):
    task: int
    previous: int
    person: int


@dataclass(frozen=True, kw_only=True)
class OrderHandedOn(Fact):
    order: int
    previous: int
    person: int
    unit: int


# Decisions by telephone


@dataclass(frozen=True, kw_only=True)
class PhoneDecisionRecorded(Fact):
    decision: int
    decider: int
    heard_by: int
    given_at: datetime
    words: Prose
    about: str | None = None


@dataclass(frozen=True, kw_only=True)
class PhoneDecisionConfirmed(Fact):
    decision: int


@dataclass(frozen=True, kw_only=True)
class PhoneDecisionCorrected(Fact):
    decision: int
    words: Prose
