"""What has happened to papers, absences and rosters (stream `organisation`)."""

from dataclasses import dataclass
from datetime import datetime

from procedure.arrangements import Absence, Delegation, Taken, Turn
from procedure.codec import Prose
from procedure.entries import Fact


@dataclass(frozen=True, kw_only=True)
class DelegationEntered(Fact):
    """A paper to speak; good once its head has signed it here too, at once when he entered it."""

    delegation: Delegation


@dataclass(frozen=True, kw_only=True)
class DelegationConfirmed(Fact):
    delegation: int


@dataclass(frozen=True, kw_only=True)
class DelegationEnded(Fact):
    delegation: int


@dataclass(frozen=True, kw_only=True)
class AbsenceEntered(Fact):
    absence: Absence


@dataclass(frozen=True, kw_only=True)
class AbsenceAccepted(Fact):
    absence: int


@dataclass(frozen=True, kw_only=True)
class AbsenceDeclined(Fact):
    absence: int


@dataclass(frozen=True, kw_only=True)
class AbsenceEnded(Fact):
    """He is back, or does not go."""

    absence: int


@dataclass(frozen=True, kw_only=True)
class RosterSet(Fact):
    """Who is on duty every week from now on; what was taken over before goes with the old one."""

    unit: int
    turns: tuple[Turn, ...]


@dataclass(frozen=True, kw_only=True)
class ShiftTaken(Fact):
    unit: int
    taken: Taken


@dataclass(frozen=True, kw_only=True)
class ShiftHandedOver(Fact):
    """What the one going off duty tells the one coming on."""

    unit: int
    to: int
    note: Prose


@dataclass(frozen=True, kw_only=True)
class EmptyShiftFound(Fact):
    """Nobody is on duty in a unit from `since` until `until` (UTC); whom that was told."""

    unit: int
    since: datetime
    until: datetime
    told: tuple[int, ...]
