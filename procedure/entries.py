"""What has happened, in the past tense: the only things a journal holds.

Here stand the envelope and the facts of Step 1, of Step 2 up to its meeting, and of the clock.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from procedure.codec import Prose, canonical, instant
from procedure.facts import FileRef, Moment
from procedure.words import Authority, Casualties, Severity, Verdict

FIRST_HASH = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Base of everything that can stand in a journal; `version` rises when fields change."""

    version: ClassVar[int] = 1


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A fact with its envelope. `at` is UTC; `actor` 0 is the clock itself."""

    stream: str
    seq: int
    at: datetime
    actor: int
    authority: str
    channel: str
    fact: Fact

    @property
    def kind(self) -> str:
        """The fact's name."""
        return type(self.fact).__name__


def entry_bytes(entry: Entry, data: Any, previous: str) -> str:
    """The canonical text over which the hash is taken; `data` is the fact with its prose hidden."""
    return canonical(
        {
            "stream": entry.stream,
            "seq": entry.seq,
            "kind": entry.kind,
            "version": entry.fact.version,
            "at": instant(entry.at),
            "actor": entry.actor,
            "authority": entry.authority,
            "channel": entry.channel,
            "data": data,
            "previous": previous,
        }
    )


def chain_hash(body: str) -> str:
    """The SHA-256 of an entry's bytes; it stands as `previous` in the next."""
    return hashlib.sha256(body.encode()).hexdigest()


def text_hash(text: str) -> str:
    """The SHA-256 of a statement's exact bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


# Step 1 — the report (Bước 1)


@dataclass(frozen=True, kw_only=True)
class IncidentOpened(Fact):
    code: str
    drill: bool
    unit: int
    department: int
    committee: int
    policy: str
    title: Prose
    line: Prose
    incident_kind: str | None
    casualties: Casualties
    detected: Moment
    suggested_authority: Authority
    severity: Severity
    files: tuple[FileRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportAmended(Fact):
    item: str
    text: Prose
    moment: Moment | None = None
    files: tuple[FileRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CasualtiesReported(Fact):
    casualties: Casualties


@dataclass(frozen=True, kw_only=True)
class ClaimLogged(Fact):
    claim: int
    text: Prose
    files: tuple[FileRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ClaimChecked(Fact):
    claim: int
    verdict: Verdict
    evidence: Prose


@dataclass(frozen=True, kw_only=True)
class AuthorityDecided(Fact):
    beyond: bool
    reason: Prose
    suggested: Authority
    answers: tuple[bool, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SeverityChanged(Fact):
    severity: Severity
    reason: Prose
    previous: Severity


@dataclass(frozen=True, kw_only=True)
class ReportSubmitted(Fact):
    written: bool
    on_behalf_of: int | None
    through: int
    to: int


@dataclass(frozen=True, kw_only=True)
class VerificationOrdered(Fact):
    order: int
    unit: int
    person: int
    lead: bool
    what: Prose
    due: datetime


@dataclass(frozen=True, kw_only=True)
class VerificationReported(Fact):
    order: int
    result: Prose


@dataclass(frozen=True, kw_only=True)
class ReportReceived(Fact):
    pass


@dataclass(frozen=True, kw_only=True)
class SupplementRequested(Fact):
    supplement: int
    items: Prose
    due: datetime


@dataclass(frozen=True, kw_only=True)
class SupplementProvided(Fact):
    supplement: int
    text: Prose


# Step 2 — brief, direction, meeting (Bước 2); its conclusion is in entries_speaking


@dataclass(frozen=True, kw_only=True)
class BriefSubmitted(Fact):
    summary: Prose
    timeline: tuple[int, ...]
    forecast: Prose
    options: Prose
    proposals: Prose
    ask: Prose


@dataclass(frozen=True, kw_only=True)
class DirectionGiven(Fact):
    direction: int
    text: Prose
    member: int
    means: str
    given_at: datetime
    corrects: int | None = None
    names_everything: bool = False


@dataclass(frozen=True, kw_only=True)
class DirectionConfirmed(Fact):
    direction: int


@dataclass(frozen=True, kw_only=True)
class DirectionWaived(Fact):
    reason: Prose
    member: int
    means: str


@dataclass(frozen=True, kw_only=True)
class MeetingCalled(Fact):
    meeting: int
    starts_at: datetime
    place: Prose
    chair: int
    invitees: tuple[int, ...]
    units: tuple[int, ...]
    agenda: Prose


@dataclass(frozen=True, kw_only=True)
class InvitationAnswered(Fact):
    """`place` is whose answer it is when another gives it for him."""

    version: ClassVar[int] = 2
    meeting: int
    answer: str
    place: int | None = None


@dataclass(frozen=True, kw_only=True)
class MeetingReminded(Fact):
    meeting: int


@dataclass(frozen=True, kw_only=True)
class MeetingWaived(Fact):
    reason: Prose


# The clock and the people it rings


@dataclass(frozen=True, kw_only=True)
class DutyRung(Fact):
    duty: str
    start: datetime
    round: int
    rung: int
    level: str | None
    people: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class DutyRungAhead(Fact):
    duty: str
    start: datetime
    round: int
    ahead: int
    person: int


@dataclass(frozen=True, kw_only=True)
class RingUndelivered(Fact):
    duty: str
    person: int


@dataclass(frozen=True, kw_only=True)
class DutyAcknowledged(Fact):
    duty: str
    working: bool = False


@dataclass(frozen=True, kw_only=True)
class DutyExtended(Fact):
    duty: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class HelpAsked(Fact):
    duty: str
    need: str
    text: Prose


@dataclass(frozen=True, kw_only=True)
class CallMade(Fact):
    duty: str
    to: int
    reached: bool
    note: Prose
