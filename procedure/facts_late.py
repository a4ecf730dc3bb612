"""The parts of an incident that lateness and absence leave behind: frozen values."""

from dataclasses import dataclass
from datetime import datetime

from procedure.codec import Prose


@dataclass(frozen=True, kw_only=True)
class TimeWish:
    """Minutes wished for on a duty, and who decides; gone once it is decided."""

    minutes: int
    by: int
    decides: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NotMine:
    """An owner says that a duty is another's; gone once somebody above has answered."""

    by: int
    whose: int | None
    text: Prose
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A task or an order that its owner asks another to take."""

    by: int
    to: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HandedOn:
    """Who gave a task or an order up, to whom, and when it became his."""

    previous: int
    person: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PhoneDecision:
    """What somebody decided by telephone, and his own answer to how it was written down."""

    id: int
    decider: int
    heard_by: int
    at: datetime
    words: Prose
    about: str | None
    by: int
    recorded_at: datetime
    confirmed_at: datetime | None = None
    corrected: Prose | None = None
    corrected_at: datetime | None = None
