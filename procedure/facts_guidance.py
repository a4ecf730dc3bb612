"""The parts of guidance: notes to newsrooms, key messages, directives (rows 6, 7, 23)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from procedure.codec import Prose


@dataclass(frozen=True, kw_only=True)
class Guidance:
    """A released text as it went to newsrooms: which version, to whom, who has received it.

    `received` is by person id; `old` are those who held an older version and were only told
    that it is replaced.
    """

    id: int
    version: int
    sha256: str
    people: tuple[int, ...]
    old: tuple[int, ...]
    by: int
    at: datetime
    received: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class KeyMessages:
    """What everybody in the incident says alike: one to three sentences of a released text."""

    revision: int
    version: int
    messages: tuple[Prose, ...]
    by: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Directive:
    """A direction of information by the department, word for word, with those who receive it."""

    id: int
    text: Prose
    people: tuple[int, ...]
    by: int
    at: datetime
