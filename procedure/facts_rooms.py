"""The parts of an incident that its room leaves behind: frozen values (conduct §13, §16)."""

from dataclasses import dataclass
from datetime import datetime

from procedure.codec import Prose
from procedure.facts import FileRef


@dataclass(frozen=True, kw_only=True)
class Room:
    """One place of an incident's room on a messenger: a group, or a topic of a forum.

    `place` is the messenger's own id; `lacking` are the rights that the bot misses there.
    """

    id: int
    channel: str
    place: str
    title: Prose
    by: int
    at: datetime
    lacking: tuple[str, ...] = ()
    ended_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Somebody who is in a place of the room without a part in the incident.

    `id` names the row that keeps his account and name, `person` a registered one.
    """

    id: int
    room: int
    person: int | None
    at: datetime
    admitted_by: int | None = None
    removed_by: int | None = None
    left_at: datetime | None = None

    @property
    def is_stranger(self) -> bool:
        """Whether he is in the room and nobody has let him in."""
        return self.left_at is None and self.admitted_by is None


@dataclass(frozen=True, kw_only=True)
class Record:
    """What somebody put on record from the room (conduct §16); `room` 0 is the web."""

    id: int
    author: int
    said_at: datetime
    at: datetime
    room: int
    text: Prose
    files: tuple[FileRef, ...] = ()
    about: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: int | None = None
    moved_to: str | None = None
    came_from: str | None = None

    @property
    def stands(self) -> bool:
        """Whether its words are still on record here."""
        return self.withdrawn_at is None and self.moved_to is None
