"""What has happened from the conclusion of Step 2 to the end: who speaks, what, what came of it."""

from dataclasses import dataclass
from datetime import datetime

from procedure.codec import Prose
from procedure.entries import Fact
from procedure.facts import TaskDraft
from procedure.words import StatementForm

# The conclusion and its two assignments (Bước 2)


@dataclass(frozen=True, kw_only=True)
class ConclusionDrafted(Fact):
    text: Prose
    analysis: Prose
    forecast: Prose
    options: Prose
    chosen: Prose
    forms: tuple[StatementForm, ...]
    focal_point: int
    spokesperson: int
    stand_in: int | None
    tasks: tuple[TaskDraft, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ConclusionConfirmed(Fact):
    pass


@dataclass(frozen=True, kw_only=True)
class SpokespersonAssigned(Fact):
    person: int
    stand_in: int | None
    previous: int | None
    by_authority: Prose
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class FocalPointAssigned(Fact):
    person: int
    previous: int | None
    by_authority: Prose
    reason: Prose


# Step 3 — statements and the press (Bước 3)


@dataclass(frozen=True, kw_only=True)
class StatementDrafted(Fact):
    statement: int
    holding: bool
    text: Prose
    sha256: str


@dataclass(frozen=True, kw_only=True)
class StatementAgreed(Fact):
    statement: int


@dataclass(frozen=True, kw_only=True)
class StatementApproved(Fact):
    statement: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class StatementReturned(Fact):
    statement: int
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class StatementSpoken(Fact):
    statement: int
    form: StatementForm
    spoken_at: datetime
    where: Prose
    to_whom: Prose
    links: Prose


@dataclass(frozen=True, kw_only=True)
class EnquiryRecorded(Fact):
    enquiry: int
    outlet: Prose
    question: Prose


@dataclass(frozen=True, kw_only=True)
class EnquiryAnswered(Fact):
    enquiry: int
    answer: Prose


# Step 4 — result, tasks, closing (Bước 4)


@dataclass(frozen=True, kw_only=True)
class ResultReported(Fact):
    spoken: Prose
    coverage: Prose
    questions: Prose
    deviation: Prose
    reaction: Prose
    remaining: Prose
    next_step: str
    proposals: tuple[Prose, ...]


@dataclass(frozen=True, kw_only=True)
class ProposalAccepted(Fact):
    proposal: int
    task: int


@dataclass(frozen=True, kw_only=True)
class ProposalDeclined(Fact):
    proposal: int
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class TaskSet(Fact):
    task: int
    what: Prose
    owner: int
    due: datetime
    remedy: bool


@dataclass(frozen=True, kw_only=True)
class TaskDone(Fact):
    task: int
    note: Prose


@dataclass(frozen=True, kw_only=True)
class IncidentClosed(Fact):
    opinion: Prose


@dataclass(frozen=True, kw_only=True)
class IncidentReopened(Fact):
    reason: Prose
