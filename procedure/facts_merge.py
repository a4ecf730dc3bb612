"""The values of reports by other units, and of incidents that were merged into one file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from procedure.codec import Prose
from procedure.facts import (
    Claim,
    Detail,
    Enquiry,
    Extension,
    Figure,
    FileRef,
    Moment,
    Rung,
    Settlement,
    Supplement,
    Task,
    VerificationOrder,
)
from procedure.facts_late import HandedOn, NotMine, Offer, PhoneDecision, TimeWish

#: For each part of an incident: the number there, and the number that it got here.
Numbers = Mapping[str, Mapping[int, int]]


@dataclass(frozen=True, kw_only=True)
class FurtherReport:
    """The same incident as another unit saw it; it never changes the first report."""

    id: int
    unit: int
    person: int
    line: Prose
    at: datetime
    files: tuple[FileRef, ...] = ()
    happened: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What one incident hands to another, under the numbers of the one that takes it.

    Settled items go too, so that the one file is whole. The mappings hold what is known of
    the duties about these items: receipts, work begun, extra time, how far they were rung,
    and what is asked or offered about them.
    """

    claims: tuple[Claim, ...] = ()
    orders: tuple[VerificationOrder, ...] = ()
    supplements: tuple[Supplement, ...] = ()
    enquiries: tuple[Enquiry, ...] = ()
    tasks: tuple[Task, ...] = ()
    reports: tuple[FurtherReport, ...] = ()
    figures: tuple[Figure, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    phone_decisions: tuple[PhoneDecision, ...] = ()
    details: Mapping[str, Detail] = field(default_factory=dict)
    acknowledged: Mapping[str, datetime] = field(default_factory=dict)
    working: Mapping[str, datetime] = field(default_factory=dict)
    extensions: Mapping[str, tuple[Extension, ...]] = field(default_factory=dict)
    rung: Mapping[str, Rung] = field(default_factory=dict)
    time_wishes: Mapping[str, TimeWish] = field(default_factory=dict)
    help_seen: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    not_mine: Mapping[str, NotMine] = field(default_factory=dict)
    offers: Mapping[str, Offer] = field(default_factory=dict)
    handed_on: Mapping[str, tuple[HandedOn, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Merged:
    """Another incident that lies in this file, with its people, until it is split off again.

    `numbers` stay known after the split: a number once given is never given again.
    """

    stream: str
    code: str
    unit: int
    at: datetime
    by: int
    people: tuple[int, ...]
    numbers: Numbers
    split_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Yielded:
    """This incident lies in another file: which one, its code, since when, by whom."""

    into: str
    code: str
    at: datetime
    by: int


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A time during which an incident lay in another file and its own terms stood still."""

    since: datetime
    until: datetime
