"""An incident (vụ việc): everything its journal says, folded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from procedure.codec import Prose
from procedure.facts import (
    Assignment,
    Brief,
    Call,
    Claim,
    Conclusion,
    Detail,
    Direction,
    Enquiry,
    Extension,
    Figure,
    FileRef,
    Meeting,
    Moment,
    Proposal,
    ResultReport,
    Rung,
    Settlement,
    Spoken,
    Statement,
    Supplement,
    Task,
    VerificationOrder,
    Waiver,
)
from procedure.facts_guidance import Directive, Guidance, KeyMessages
from procedure.facts_late import HandedOn, NotMine, Offer, PhoneDecision, TimeWish
from procedure.facts_merge import FurtherReport, Merged, Pause, Yielded
from procedure.facts_rooms import Guest, Record, Room
from procedure.words import Authority, Casualties, Severity

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class Incident:
    """The fold of one stream. Person and unit ids are integers; all times UTC."""

    stream: str
    seq: int = 0
    code: str = ""
    drill: bool = False
    unit: int = 0
    department: int = 0
    committee: int = 0
    policy: str = ""
    title: Prose = Prose("")
    line: Prose = Prose("")
    incident_kind: str | None = None
    opened_by: int = 0
    opened_at: datetime | None = None
    casualties: Casualties = Casualties.UNKNOWN
    happened: Moment | None = None
    detected: Moment | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)
    files: tuple[FileRef, ...] = ()
    claims: tuple[Claim, ...] = ()
    severity: Severity = Severity.ORDINARY
    authority: Authority = Authority.UNDECIDED
    suggested_authority: Authority = Authority.UNDECIDED
    authority_decided_at: datetime | None = None
    went_beyond_at: datetime | None = None
    submitted_at: datetime | None = None
    submitted_by: int | None = None
    written_at: datetime | None = None
    orders: tuple[VerificationOrder, ...] = ()
    received_at: datetime | None = None
    received_by: int | None = None
    supplements: tuple[Supplement, ...] = ()
    brief: Brief | None = None
    directions: tuple[Direction, ...] = ()
    direction_waiver: Waiver | None = None
    meeting: Meeting | None = None
    cancelled_meetings: tuple[Meeting, ...] = ()
    meeting_waiver: Waiver | None = None
    conclusion: Conclusion | None = None
    spokesperson: Assignment | None = None
    focal_point: Assignment | None = None
    former_spokespersons: tuple[Assignment, ...] = ()
    statements: tuple[Statement, ...] = ()
    spoken: tuple[Spoken, ...] = ()
    enquiries: tuple[Enquiry, ...] = ()
    result: ResultReport | None = None
    proposals: tuple[Proposal, ...] = ()
    tasks: tuple[Task, ...] = ()
    figures: tuple[Figure, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    rung: Mapping[str, Rung] = field(default_factory=dict)
    acknowledged: Mapping[str, datetime] = field(default_factory=dict)
    working: Mapping[str, datetime] = field(default_factory=dict)
    extensions: Mapping[str, tuple[Extension, ...]] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    time_wishes: Mapping[str, TimeWish] = field(default_factory=dict)
    help_seen: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    not_mine: Mapping[str, NotMine] = field(default_factory=dict)
    offers: Mapping[str, Offer] = field(default_factory=dict)
    handed_on: Mapping[str, tuple[HandedOn, ...]] = field(default_factory=dict)
    phone_decisions: tuple[PhoneDecision, ...] = ()
    members: tuple[int, ...] = ()
    guidance: tuple[Guidance, ...] = ()
    key_messages: KeyMessages | None = None
    directives: tuple[Directive, ...] = ()
    room_added: tuple[int, ...] = ()
    room_left: tuple[int, ...] = ()
    reports: tuple[FurtherReport, ...] = ()
    merged: tuple[Merged, ...] = ()
    yielded: Yielded | None = None
    pauses: tuple[Pause, ...] = ()
    rooms: tuple[Room, ...] = ()
    guests: tuple[Guest, ...] = ()
    records: tuple[Record, ...] = ()
    acted: Mapping[str, datetime] = field(default_factory=dict)
    closed_at: datetime | None = None
    closed_by: int | None = None
    reopened_at: datetime | None = None

    def but(self, **fields: Any) -> "Incident":
        """This incident with some fields changed: `dataclasses.replace` sets all of them anew."""
        made = object.__new__(Incident)
        made.__dict__.update(self.__dict__, **fields)
        made.__dict__.pop("worked_out", None)
        return made

    @cached_property
    def worked_out(self) -> dict[str, tuple[Any, Any]]:
        """What was found of this value and one more, by its name; it ends with this value."""
        return {}

    @property
    def beyond(self) -> bool:
        """Whether a person decided that it is beyond the unit's authority."""
        return self.authority is Authority.BEYOND

    @property
    def within(self) -> bool:
        """Whether a person decided that the unit handles it itself."""
        return self.authority is Authority.WITHIN

    @property
    def official(self) -> Spoken | None:
        """The last statement spoken after Step 2, or None."""
        return next((said for said in reversed(self.spoken) if not said.holding), None)

    @property
    def pending_statement(self) -> Statement | None:
        """The newest statement when it awaits agreement or approval, or None."""
        last = self.statements[-1] if self.statements else None
        waits = last and not last.approved_at and not last.returned_at and not last.void
        return last if waits else None

    @property
    def approved_statement(self) -> Statement | None:
        """The newest approved statement that is still in force, or None."""
        live = (item for item in reversed(self.statements) if item.approved_at and not item.void)
        return next(live, None)

    @property
    def current_direction(self) -> Direction | None:
        """The last direction that none corrects, or None."""
        live = (item for item in reversed(self.directions) if item.corrected_by is None)
        return next(live, None)

    @property
    def all_files(self) -> tuple[FileRef, ...]:
        """The files of all reports, of the minutes and of the record, each once."""
        further = (file for report in self.reports for file in report.files)
        minutes = self.meeting.minutes if self.meeting else ()
        papers = (paper for one in minutes for paper in one.files)
        said = (file for record in self.records for file in record.files)
        return tuple(dict.fromkeys((*self.files, *further, *papers, *said)))

    @property
    def live_merged(self) -> tuple[Merged, ...]:
        """The incidents that lie in this file now."""
        return tuple(one for one in self.merged if one.split_at is None)

    def detail(self, item: str) -> str:
        """The text of one item of the report, empty when nobody has given it."""
        found = self.details.get(item)
        return found.text if found else ""
