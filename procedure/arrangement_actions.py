"""What a person can ask for about papers, absences and rosters; `rules_arrangements` answers."""

from dataclasses import dataclass
from datetime import date, datetime

from procedure.arrangements import Turn
from procedure.codec import Prose
from procedure.facts import FileRef
from procedure.staff_actions import StaffAction


@dataclass(frozen=True, kw_only=True)
class ArrangementAction(StaffAction):
    """About who acts for whom."""


@dataclass(frozen=True, kw_only=True)
class GiveDelegation(ArrangementAction):
    """`person` may speak for his unit: of one incident (`stream`) or one kind of them (`field`)."""

    person: int
    document: Prose
    dated: date
    since: datetime
    until: datetime
    stream: str | None
    field: str | None
    paper: tuple[FileRef, ...]


@dataclass(frozen=True, kw_only=True)
class ConfirmDelegation(ArrangementAction):
    """The head says that he has signed it."""

    delegation: int


@dataclass(frozen=True, kw_only=True)
class EndDelegation(ArrangementAction):
    """It is good no more, or never was."""

    delegation: int


@dataclass(frozen=True, kw_only=True)
class EnterAbsence(ArrangementAction):
    """`person` will be away; `stand_in` is asked to act for him."""

    person: int
    stand_in: int
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class AcceptAbsence(ArrangementAction):
    absence: int


@dataclass(frozen=True, kw_only=True)
class DeclineAbsence(ArrangementAction):
    absence: int


@dataclass(frozen=True, kw_only=True)
class EndAbsence(ArrangementAction):
    absence: int


@dataclass(frozen=True, kw_only=True)
class SetRoster(ArrangementAction):
    """Who is on duty in a unit every week."""

    unit: int
    turns: tuple[Turn, ...]


@dataclass(frozen=True, kw_only=True)
class TakeShift(ArrangementAction):
    """`person` is on duty in a unit for this stretch, instead of whom the week names."""

    unit: int
    person: int
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class HandOverShift(ArrangementAction):
    """A note for whoever is on duty next."""

    unit: int
    note: Prose


#: What a button may carry.
ARRANGEMENT_ACTIONS: dict[str, type[ArrangementAction]] = {
    kind.__name__: kind for kind in ArrangementAction.__subclasses__()
}
