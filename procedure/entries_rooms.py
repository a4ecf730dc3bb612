"""What has happened to an incident's room: its places, its guests, what was put on record."""

from dataclasses import dataclass
from datetime import datetime

from procedure.codec import Prose
from procedure.entries import Fact
from procedure.facts import FileRef

# Places


@dataclass(frozen=True, kw_only=True)
class RoomBound(Fact):
    room: int
    channel: str
    place: str
    title: Prose


@dataclass(frozen=True, kw_only=True)
class RoomMoved(Fact):
    room: int
    place: str


@dataclass(frozen=True, kw_only=True)
class RoomRightsChanged(Fact):
    room: int
    lacking: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RoomEnded(Fact):
    """`why`: unbound, removed, silenced, deleted, topic_deleted, or forum_… with the forum."""

    room: int
    why: str


# Guests


@dataclass(frozen=True, kw_only=True)
class GuestCame(Fact):
    guest: int
    room: int
    person: int | None


@dataclass(frozen=True, kw_only=True)
class GuestAdmitted(Fact):
    guest: int


@dataclass(frozen=True, kw_only=True)
class GuestRemoved(Fact):
    guest: int


@dataclass(frozen=True, kw_only=True)
class GuestLeft(Fact):
    guest: int


# The record


@dataclass(frozen=True, kw_only=True)
class RecordKept(Fact):
    """`came_from` is the code of the incident from whose record it was moved here."""

    record: int
    author: int
    said_at: datetime
    room: int
    text: Prose
    files: tuple[FileRef, ...] = ()
    about: str | None = None
    came_from: str | None = None


@dataclass(frozen=True, kw_only=True)
class RecordWithdrawn(Fact):
    record: int


@dataclass(frozen=True, kw_only=True)
class RecordMoved(Fact):
    record: int
    code: str
