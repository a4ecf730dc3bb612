"""What has happened around guidance: newsrooms, key messages, directives, the room's people."""

from dataclasses import dataclass

from procedure.codec import Prose
from procedure.entries import Fact


@dataclass(frozen=True, kw_only=True)
class NewsroomsGuided(Fact):
    """`people` got the text; `old` held an older version and were told that it is replaced."""

    guidance: int
    statement: int
    sha256: str
    people: tuple[int, ...]
    old: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class GuidanceReceived(Fact):
    guidance: int


@dataclass(frozen=True, kw_only=True)
class KeyMessagesSet(Fact):
    revision: int
    statement: int
    messages: tuple[Prose, ...]


@dataclass(frozen=True, kw_only=True)
class DirectiveSent(Fact):
    directive: int
    text: Prose
    people: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class RoomMemberAdded(Fact):
    person: int


@dataclass(frozen=True, kw_only=True)
class RoomMemberRemoved(Fact):
    person: int
