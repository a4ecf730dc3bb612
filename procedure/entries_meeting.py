"""What has happened around the meeting of Step 2, beside its call (rows 27–29)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from procedure.codec import Prose
from procedure.entries import Fact
from procedure.facts import FileRef


@dataclass(frozen=True, kw_only=True)
class PreparationAsked(Fact):
    meeting: int
    person: int
    what: Prose


@dataclass(frozen=True, kw_only=True)
class StandInSent(Fact):
    """`place` is in whose place he goes when another sends him."""

    version: ClassVar[int] = 2
    meeting: int
    person: int
    place: int | None = None


@dataclass(frozen=True, kw_only=True)
class MeetingMoved(Fact):
    meeting: int
    starts_at: datetime
    place: Prose
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(Fact):
    meeting: int
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class AttendanceRecorded(Fact):
    meeting: int
    present: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class MinutesRecorded(Fact):
    meeting: int
    text: Prose
    files: tuple[FileRef, ...] = ()
