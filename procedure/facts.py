"""The parts of which an incident is made: frozen values, no behaviour."""

from dataclasses import dataclass
from datetime import datetime

from procedure.codec import Prose
from procedure.words import Authority, StatementForm, Verdict


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A point in time as somebody gave it; `estimated` when he was not sure."""

    at: datetime
    estimated: bool = False


@dataclass(frozen=True, kw_only=True)
class FileRef:
    """A kept file: its SHA-256, sniffed media type, size in bytes, and name as sent."""

    sha256: str
    media_type: str
    size: int
    name: Prose


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One item of the Step 1 report with who said it and when."""

    text: Prose
    by: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Something said on the net: "tin chưa kiểm chứng" until a verdict with evidence."""

    id: int
    text: Prose
    by: int
    at: datetime
    verdict: Verdict | None = None
    evidence: Prose | None = None
    checked_by: int | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class VerificationOrder:
    """Verification given to one unit's person (duty T16); exactly one of a set leads."""

    id: int
    unit: int
    person: int
    lead: bool
    what: Prose
    due: datetime
    ordered_at: datetime
    result: Prose | None = None
    reported_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Supplement:
    """Items the department asked the unit to add; asking is not sending back."""

    id: int
    items: Prose
    due: datetime
    asked_at: datetime
    provided_at: datetime | None = None
    #: Whose it is when it came with an incident of another unit.
    unit: int | None = None


@dataclass(frozen=True, kw_only=True)
class Brief:
    """The consolidated report to the standing committee (tổng hợp)."""

    summary: Prose
    timeline: tuple[int, ...]
    forecast: Prose
    options: Prose
    proposals: Prose
    ask: Prose
    by: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Direction:
    """The standing committee's direction, word for word (ý kiến chỉ đạo)."""

    id: int
    text: Prose
    member: int
    means: str
    given_at: datetime
    entered_by: int
    at: datetime
    confirmed_at: datetime | None = None
    corrected_by: int | None = None
    names_everything: bool = False


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """A gate lifted by a named person with a reason (conduct §7)."""

    reason: Prose
    by: int
    at: datetime
    member: int | None = None
    means: str | None = None


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """One person invited for a unit, and the answer of whoever goes: he, or whom he sent.

    `asked_at` is when the one who goes was asked, where that was not with the others.
    """

    person: int
    unit: int
    answer: str | None = None
    answered_at: datetime | None = None
    stand_in: int | None = None
    asked_at: datetime | None = None
    preparation: Prose = Prose("")

    @property
    def goes(self) -> int:
        """Who fills the place now."""
        return self.stand_in or self.person


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """What one invited person is asked to prepare."""

    person: int
    what: Prose


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """The minutes of a meeting (biên bản): as text, or the paper as files."""

    text: Prose
    files: tuple[FileRef, ...]
    by: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """The Step 2 meeting; `asked_at` is when its present time was made known."""

    id: int
    at: datetime
    place: Prose
    chair: int
    invitees: tuple[Invitee, ...]
    agenda: Prose
    called_at: datetime
    called_by: int
    reminded_at: datetime | None = None
    asked_at: datetime | None = None
    moves: int = 0
    moved_by: int | None = None
    was_at: datetime | None = None
    why_changed: Prose = Prose("")
    cancelled_at: datetime | None = None
    cancelled_by: int | None = None
    present: tuple[int, ...] = ()
    present_at: datetime | None = None
    minutes: tuple[Minutes, ...] = ()

    @property
    def since(self) -> datetime:
        """From when its answers are owed: the call, or the last move."""
        return self.asked_at or self.called_at


@dataclass(frozen=True, kw_only=True)
class TaskDraft:
    """A task as a conclusion or a proposal names it: who, what, when."""

    what: Prose
    owner: int
    due: datetime
    remedy: bool = False


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """What the Step 2 meeting, or the head alone, concluded."""

    text: Prose
    analysis: Prose
    forecast: Prose
    options: Prose
    chosen: Prose
    forms: tuple[StatementForm, ...]
    focal_point: int
    spokesperson: int
    stand_in: int | None
    tasks: tuple[TaskDraft, ...]
    authority: Authority
    drafted_by: int
    drafted_at: datetime
    confirmed_by: int | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Who speaks, or who gathers the facts, from when, and on whose authority."""

    person: int
    stand_in: int | None
    authority: Prose
    reason: Prose
    by: int
    at: datetime
    acknowledged_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One version of what is to be said; the approved bytes are kept with their hash."""

    version: int
    holding: bool
    text: Prose
    sha256: str
    author: int
    drafted_at: datetime
    agreed_by: int | None = None
    agreed_at: datetime | None = None
    approved_by: int | None = None
    approved_at: datetime | None = None
    returned_reason: Prose | None = None
    returned_at: datetime | None = None
    void: bool = False


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A statement as it was given: form, when, where, to whom, links."""

    version: int
    holding: bool
    form: StatementForm
    at: datetime
    where: Prose
    to_whom: Prose
    links: Prose
    by: int
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class Enquiry:
    """A question of the press, passed to the spokesperson alone."""

    id: int
    outlet: Prose
    question: Prose
    by: int
    at: datetime
    answered_at: datetime | None = None
    answer: Prose | None = None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the result report proposes next; it becomes a task when accepted."""

    id: int
    text: Prose
    decided_at: datetime | None = None
    accepted: bool | None = None
    task: int | None = None
    reason: Prose | None = None


@dataclass(frozen=True, kw_only=True)
class ResultReport:
    """The Step 4 report of the spokesperson (domain.md §2.3, last row)."""

    spoken: Prose
    coverage: Prose
    questions: Prose
    deviation: Prose
    reaction: Prose
    remaining: Prose
    next_step: str
    by: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task with an owner and a time (nhiệm vụ); `remedy` when it repairs (khắc phục)."""

    id: int
    what: Prose
    owner: int
    due: datetime
    remedy: bool
    set_at: datetime
    set_by: int
    done_at: datetime | None = None
    note: Prose | None = None


@dataclass(frozen=True, kw_only=True)
class Rung:
    """How far a duty has been rung: the last rung, its time, and whom it reached."""

    start: datetime
    round: int
    index: int
    at: datetime
    people: tuple[int, ...]
    level: str | None = None
    ahead: int = -1
    undelivered: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Call:
    """A telephone call that the bot asked for, and how it ended."""

    duty: str
    to: int
    by: int
    at: datetime
    reached: bool
    note: Prose | None = None


@dataclass(frozen=True, kw_only=True)
class Extension:
    """Extra time on a duty, minutes; the first by the owner himself, later by his head."""

    minutes: int
    by: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure with its signature: what, how much, from where, measured when, for which unit.

    `value` is a plain number in digits; `spellings` are other ways to write its unit.
    """

    id: int
    topic: str
    what: Prose
    value: str
    unit: Prose
    source: Prose
    measured: Moment
    estimated: bool
    spellings: tuple[str, ...]
    of_unit: int
    by: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """A choice among figures; `chosen` None when they are to be measured again.

    `after` is the number of the last figure that was known then.
    """

    figures: tuple[int, ...]
    chosen: int | None
    reason: Prose
    after: int
    by: int
    at: datetime
