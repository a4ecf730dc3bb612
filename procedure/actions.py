"""What a person, or the clock, can ask for: imperative and frozen; `decide` answers."""

from dataclasses import dataclass
from datetime import datetime

from procedure.action import Action as Action
from procedure.actions_figures import ReportFigure as ReportFigure
from procedure.actions_figures import SettleFigure as SettleFigure
from procedure.actions_guidance import AddRoomMember as AddRoomMember
from procedure.actions_guidance import GuideNewsrooms as GuideNewsrooms
from procedure.actions_guidance import ReceiveGuidance as ReceiveGuidance
from procedure.actions_guidance import RemoveRoomMember as RemoveRoomMember
from procedure.actions_guidance import SendDirective as SendDirective
from procedure.actions_guidance import SetKeyMessages as SetKeyMessages
from procedure.actions_late import AcceptOffer as AcceptOffer
from procedure.actions_late import AskMoreTime as AskMoreTime
from procedure.actions_late import ConfirmPhoneDecision as ConfirmPhoneDecision
from procedure.actions_late import CorrectPhoneDecision as CorrectPhoneDecision
from procedure.actions_late import DeclineMoreTime as DeclineMoreTime
from procedure.actions_late import DeclineOffer as DeclineOffer
from procedure.actions_late import KeepWithOwner as KeepWithOwner
from procedure.actions_late import OfferTask as OfferTask
from procedure.actions_late import ReassignDuty as ReassignDuty
from procedure.actions_late import RecordPhoneDecision as RecordPhoneDecision
from procedure.actions_late import SayNotMine as SayNotMine
from procedure.actions_late import SeeHelp as SeeHelp
from procedure.actions_late import WithdrawOffer as WithdrawOffer
from procedure.actions_meeting import AnswerInvitation as AnswerInvitation
from procedure.actions_meeting import CallMeeting as CallMeeting
from procedure.actions_meeting import CancelMeeting as CancelMeeting
from procedure.actions_meeting import MoveMeeting as MoveMeeting
from procedure.actions_meeting import RecordAttendance as RecordAttendance
from procedure.actions_meeting import RecordMinutes as RecordMinutes
from procedure.actions_meeting import RemindMeeting as RemindMeeting
from procedure.actions_meeting import SendStandIn as SendStandIn
from procedure.actions_meeting import WaiveMeeting as WaiveMeeting
from procedure.actions_merge import AddReport as AddReport
from procedure.actions_merge import MergeIncidents as MergeIncidents
from procedure.actions_merge import SplitIncident as SplitIncident
from procedure.actions_rooms import AdmitGuest as AdmitGuest
from procedure.actions_rooms import BindRoom as BindRoom
from procedure.actions_rooms import ChangeRoomRights as ChangeRoomRights
from procedure.actions_rooms import EndRoom as EndRoom
from procedure.actions_rooms import KeepRecord as KeepRecord
from procedure.actions_rooms import MoveRecord as MoveRecord
from procedure.actions_rooms import MoveRoom as MoveRoom
from procedure.actions_rooms import NoteGuest as NoteGuest
from procedure.actions_rooms import NoteGuestLeft as NoteGuestLeft
from procedure.actions_rooms import RemoveGuest as RemoveGuest
from procedure.actions_rooms import WithdrawRecord as WithdrawRecord
from procedure.codec import Prose
from procedure.facts import FileRef, Moment, TaskDraft
from procedure.words import Authority, Casualties, Severity, StatementForm, Verdict


@dataclass(frozen=True, kw_only=True)
class OpenIncident(Action):
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
class AmendReport(Action):
    item: str
    text: Prose = Prose("")
    moment: Moment | None = None
    files: tuple[FileRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportCasualties(Action):
    casualties: Casualties


@dataclass(frozen=True, kw_only=True)
class LogClaim(Action):
    text: Prose
    files: tuple[FileRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CheckClaim(Action):
    claim: int
    verdict: Verdict
    evidence: Prose


@dataclass(frozen=True, kw_only=True)
class DecideAuthority(Action):
    beyond: bool
    reason: Prose
    answers: tuple[bool, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChangeSeverity(Action):
    severity: Severity
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class SubmitReport(Action):
    """Send Step 1 upward; `through` and `to` come from the reporting line in the data."""

    through: int
    to: int
    written: bool = False


@dataclass(frozen=True, kw_only=True)
class OrderVerification(Action):
    people: tuple[int, ...]
    units: tuple[int, ...]
    what: Prose
    due: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReportVerification(Action):
    order: int
    result: Prose


@dataclass(frozen=True, kw_only=True)
class ReceiveReport(Action):
    pass


@dataclass(frozen=True, kw_only=True)
class RequestSupplement(Action):
    items: Prose
    due: datetime


@dataclass(frozen=True, kw_only=True)
class ProvideSupplement(Action):
    supplement: int
    text: Prose


@dataclass(frozen=True, kw_only=True)
class SubmitBrief(Action):
    summary: Prose
    timeline: tuple[int, ...]
    forecast: Prose
    options: Prose
    proposals: Prose
    ask: Prose


@dataclass(frozen=True, kw_only=True)
class GiveDirection(Action):
    text: Prose
    member: int
    means: str
    given_at: datetime
    corrects: int | None = None
    names_everything: bool = False


@dataclass(frozen=True, kw_only=True)
class ConfirmDirection(Action):
    direction: int


@dataclass(frozen=True, kw_only=True)
class WaiveDirection(Action):
    reason: Prose
    member: int
    means: str


@dataclass(frozen=True, kw_only=True)
class DraftConclusion(Action):
    text: Prose
    analysis: Prose
    forecast: Prose
    options: Prose
    chosen: Prose
    forms: tuple[StatementForm, ...]
    focal_point: int
    spokesperson: int
    stand_in: int | None = None
    tasks: tuple[TaskDraft, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ConfirmConclusion(Action):
    pass


@dataclass(frozen=True, kw_only=True)
class AssignSpokesperson(Action):
    """Name or hand over; `expected` is the spokesperson whom the person saw on his screen."""

    person: int
    expected: int | None
    by_authority: Prose
    reason: Prose
    stand_in: int | None = None


@dataclass(frozen=True, kw_only=True)
class AssignFocalPoint(Action):
    person: int
    expected: int | None
    by_authority: Prose
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class DraftStatement(Action):
    text: Prose
    holding: bool


@dataclass(frozen=True, kw_only=True)
class AgreeStatement(Action):
    statement: int


@dataclass(frozen=True, kw_only=True)
class ApproveStatement(Action):
    statement: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ReturnStatement(Action):
    statement: int
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class SpeakStatement(Action):
    statement: int
    form: StatementForm
    spoken_at: datetime
    where: Prose
    to_whom: Prose
    links: Prose = Prose("")


@dataclass(frozen=True, kw_only=True)
class RecordEnquiry(Action):
    outlet: Prose
    question: Prose


@dataclass(frozen=True, kw_only=True)
class AnswerEnquiry(Action):
    enquiry: int
    answer: Prose


@dataclass(frozen=True, kw_only=True)
class ReportResult(Action):
    spoken: Prose
    coverage: Prose
    questions: Prose
    deviation: Prose
    reaction: Prose
    remaining: Prose
    next_step: str
    proposals: tuple[Prose, ...]


@dataclass(frozen=True, kw_only=True)
class AcceptProposal(Action):
    proposal: int
    owner: int
    due: datetime


@dataclass(frozen=True, kw_only=True)
class DeclineProposal(Action):
    proposal: int
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class SetTask(Action):
    what: Prose
    owner: int
    due: datetime
    remedy: bool = False


@dataclass(frozen=True, kw_only=True)
class FinishTask(Action):
    task: int
    note: Prose


@dataclass(frozen=True, kw_only=True)
class CloseIncident(Action):
    opinion: Prose


@dataclass(frozen=True, kw_only=True)
class ReopenIncident(Action):
    reason: Prose


@dataclass(frozen=True, kw_only=True)
class Ring(Action):
    """The clock rings a duty; only the clock may."""

    duty: str
    start: datetime
    round: int
    rung: int
    level: str | None
    people: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class RingAhead(Action):
    """An owner hears of a ring that is about to come, together with one that is due now."""

    duty: str
    start: datetime
    round: int
    ahead: int
    person: int


@dataclass(frozen=True, kw_only=True)
class NoteUndelivered(Action):
    duty: str
    person: int


@dataclass(frozen=True, kw_only=True)
class AcknowledgeDuty(Action):
    duty: str
    working: bool = False


@dataclass(frozen=True, kw_only=True)
class ExtendDuty(Action):
    duty: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class AskHelp(Action):
    duty: str
    need: str
    text: Prose = Prose("")


@dataclass(frozen=True, kw_only=True)
class RecordCall(Action):
    duty: str
    to: int
    reached: bool
    note: Prose = Prose("")


ACTIONS: dict[str, type[Action]] = {kind.__name__: kind for kind in Action.__subclasses__()}
