"""What can be asked around the meeting of Step 2."""

from dataclasses import dataclass
from datetime import datetime

from procedure.action import Action
from procedure.codec import Prose
from procedure.facts import FileRef, Preparation


@dataclass(frozen=True, kw_only=True)
class CallMeeting(Action):
    starts_at: datetime
    place: Prose
    chair: int
    invitees: tuple[int, ...]
    units: tuple[int, ...]
    agenda: Prose = Prose("")
    preparations: tuple[Preparation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AnswerInvitation(Action):
    meeting: int
    answer: str


@dataclass(frozen=True, kw_only=True)
class RemindMeeting(Action):
    """The clock tells those who come, and the chair, that the meeting is about to begin."""

    meeting: int


@dataclass(frozen=True, kw_only=True)
class WaiveMeeting(Action):
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class SendStandIn(Action):
    """An invitee sends somebody of his unit in his place (cử người dự thay)."""

    meeting: int
    person: int


@dataclass(frozen=True, kw_only=True)
class MoveMeeting(Action):
    """Another time or place; `seen` is how many moves the person saw on his screen."""

    meeting: int
    seen: int
    starts_at: datetime
    place: Prose
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class CancelMeeting(Action):
    """It does not take place; `seen` as in MoveMeeting."""

    meeting: int
    seen: int
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class RecordAttendance(Action):
    """Who was there; the last record counts."""

    meeting: int
    present: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class RecordMinutes(Action):
    """The minutes, as text or as a photo or PDF of the paper."""

    meeting: int
    text: Prose = Prose("")
    files: tuple[FileRef, ...] = ()
