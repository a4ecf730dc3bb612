"""What can be asked for in and about an incident's room (conduct §13, §16)."""

from dataclasses import dataclass, field
from datetime import datetime

from procedure.action import Action
from procedure.codec import Prose
from procedure.facts import FileRef
from procedure.incident import Incident


@dataclass(frozen=True, kw_only=True)
class BindRoom(Action):
    """A group of a messenger becomes a place of the room; the clock binds topics of a forum."""

    channel: str
    place: str
    title: Prose


@dataclass(frozen=True, kw_only=True)
class MoveRoom(Action):
    """A group has been given another id by its messenger."""

    room: int
    place: str


@dataclass(frozen=True, kw_only=True)
class ChangeRoomRights(Action):
    room: int
    lacking: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EndRoom(Action):
    """`why`: unbound, removed, silenced, deleted, topic_deleted, or forum_… with the forum."""

    room: int
    why: str = "unbound"


@dataclass(frozen=True, kw_only=True)
class NoteGuest(Action):
    """Somebody is in a place of the room; `guest` names the row of his account."""

    guest: int
    room: int
    person: int | None = None


@dataclass(frozen=True, kw_only=True)
class AdmitGuest(Action):
    guest: int


@dataclass(frozen=True, kw_only=True)
class RemoveGuest(Action):
    guest: int


@dataclass(frozen=True, kw_only=True)
class NoteGuestLeft(Action):
    guest: int


@dataclass(frozen=True, kw_only=True)
class KeepRecord(Action):
    """What the actor said in the room is put on record; `said_at` is when he said it, UTC."""

    text: Prose
    said_at: datetime
    room: int = 0
    files: tuple[FileRef, ...] = ()
    about: str | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawRecord(Action):
    record: int


@dataclass(frozen=True, kw_only=True)
class MoveRecord(Action):
    """It belongs to another incident; `absorbed` is that one as it stands in this turn."""

    record: int
    other: str
    absorbed: Incident | None = field(default=None, compare=False)
