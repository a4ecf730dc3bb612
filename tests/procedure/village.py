"""A small province for the rules: its people, its numbers, and one incident walked by hand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from procedure import actions as a
from procedure.calendar import Calendar
from procedure.codec import Prose
from procedure.decide import decide
from procedure.decision import Decision
from procedure.entries import Entry, Fact, text_hash
from procedure.errors import Refused
from procedure.evolve import evolve
from procedure.facts import Moment
from procedure.incident import Incident
from procedure.obligations import Terms
from procedure.organisation import Holding, Organisation, Person, Unit
from procedure.policy import Policy
from procedure.words import Authority, Casualties, Role, Severity, StatementForm, UnitKind

POLICY_FILE = Path(__file__).resolve().parents[2] / "bot" / "data" / "policy.toml"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)  # a Monday, 09:00 for people
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

COMMITTEE, DEPARTMENT, COMMUNE, PARTY, AGENCY, PAPER = range(1, 7)
REPORTER, DUTY, HEAD, DEPUTY, LEADER, SECOND, SECRETARY, MEMBER = range(1, 9)
MEMBER_TOO, EXPERT, JOURNALIST, PARTY_HEAD, OUTSIDER, WATCH, ADMIN = range(9, 16)
STRANGER = 99
CLOCK = 0


def _unit(id: int, kind: UnitKind, **more: Any) -> Unit:
    return Unit(id=id, name=f"Unit {id}", short=f"U{id}", kind=kind, **more)


UNITS = (
    _unit(COMMITTEE, UnitKind.STANDING_COMMITTEE),
    _unit(DEPARTMENT, UnitKind.PROPAGANDA_DEPARTMENT, reports_to=COMMITTEE),
    _unit(COMMUNE, UnitKind.LOCALITY, reports_to=COMMITTEE, department=DEPARTMENT, partner=PARTY),
    _unit(PARTY, UnitKind.PARTY_COMMITTEE, reports_to=COMMITTEE, partner=COMMUNE),
    _unit(AGENCY, UnitKind.DEPARTMENT, reports_to=COMMITTEE, department=DEPARTMENT),
    _unit(PAPER, UnitKind.PRESS),
)
POSTS: tuple[tuple[int, int, tuple[Role, ...]], ...] = (
    (REPORTER, COMMUNE, (Role.STAFF,)),
    (DUTY, DEPARTMENT, (Role.ON_DUTY,)),
    (HEAD, COMMUNE, (Role.HEAD, Role.SPOKESPERSON)),
    (DEPUTY, COMMUNE, (Role.DEPUTY,)),
    (LEADER, DEPARTMENT, (Role.HEAD,)),
    (SECOND, DEPARTMENT, (Role.DEPUTY,)),
    (SECRETARY, COMMITTEE, (Role.SECRETARY,)),
    (MEMBER, COMMITTEE, (Role.COMMITTEE_MEMBER,)),
    (MEMBER_TOO, COMMITTEE, (Role.COMMITTEE_MEMBER,)),
    (EXPERT, AGENCY, (Role.HEAD, Role.SPOKESPERSON)),
    (JOURNALIST, PAPER, (Role.PRESS,)),
    (PARTY_HEAD, PARTY, (Role.HEAD,)),
    (OUTSIDER, AGENCY, (Role.STAFF,)),
    (WATCH, COMMUNE, (Role.ON_DUTY, Role.OFFICE)),
    (ADMIN, AGENCY, (Role.ADMIN,)),
)
PEOPLE = tuple(post[0] for post in POSTS)
ORGANISATION = Organisation(
    {unit.id: unit for unit in UNITS},
    {
        id: Person(
            id=id, name=f"Person {id}", short=f"P{id}", address="", post="", phone="", unit=unit
        )
        for id, unit, _ in POSTS
    },
    tuple(Holding(id, role, unit) for id, unit, roles in POSTS for role in roles),
)
CALENDAR = Calendar(
    zone=ZONE,
    holidays=frozenset(),
    extra_workdays=frozenset(),
    office_hours=((time(7), time(11, 30)), (time(13, 30), time(17))),
    quiet=(time(21), time(6)),
)
TERMS = Terms(Policy.read(POLICY_FILE.read_text(encoding="utf-8")), CALENDAR)

REASON = Prose("A reason that is long enough")
WORDS = Prose("Seven households were moved; the cause is being looked into.")
FORMS = (StatementForm.PORTAL,)


def without(*roles: tuple[int, Role]) -> Organisation:
    """The organisation in which these people do not hold these roles."""
    left = tuple(held for held in ORGANISATION.holdings if (held.person, held.role) not in roles)
    return replace(ORGANISATION, holdings=left)


def opening(**fields: Any) -> a.OpenIncident:
    """A report of the commune, changed by `fields`."""
    usual: dict[str, Any] = {
        "code": "VV-2026-001",
        "drill": False,
        "unit": COMMUNE,
        "department": DEPARTMENT,
        "committee": COMMITTEE,
        "policy": TERMS.policy.version,
        "title": Prose("The bank of the canal gave way"),
        "line": Prose("the bank is gone, seven houses"),
        "incident_kind": "landslide",
        "casualties": Casualties.NONE_KNOWN,
        "detected": Moment(at=START),
        "suggested_authority": Authority.UNDECIDED,
        "severity": Severity.SERIOUS,
    }
    return a.OpenIncident(**usual | fields)


def conclusion(**fields: Any) -> a.DraftConclusion:
    """A full conclusion, changed by `fields`."""
    usual: dict[str, Any] = {
        "text": WORDS,
        "analysis": WORDS,
        "forecast": WORDS,
        "options": Prose(""),
        "chosen": WORDS,
        "forms": FORMS,
        "focal_point": EXPERT,
        "spokesperson": HEAD,
    }
    return a.DraftConclusion(**usual | fields)


def result(**fields: Any) -> a.ReportResult:
    """A full result report, changed by `fields`."""
    usual: dict[str, Any] = {
        "spoken": WORDS,
        "coverage": Prose(""),
        "questions": Prose(""),
        "deviation": Prose(""),
        "reaction": Prose(""),
        "remaining": WORDS,
        "next_step": "close",
        "proposals": (Prose("Watch the bank"),),
    }
    return a.ReportResult(**usual | fields)


@dataclass
class Walk:
    """One incident and its journal in memory; a refused action leaves both as they were."""

    organisation: Organisation = ORGANISATION
    now: datetime = START
    incident: Incident = field(default_factory=lambda: Incident(stream="incident-1"))
    history: list[Entry] = field(default_factory=list)

    def decide(self, actor: int, action: a.Action) -> Decision:
        """What the rules say, without doing it. Raises Refused."""
        return decide(self.incident, action, actor, self.now, self.organisation, TERMS)

    def does(self, actor: int, action: a.Action, *, after: timedelta = MINUTE) -> Decision:
        """Somebody does something, `after` the last thing. Raises Refused."""
        self.now += after
        decision = self.decide(actor, action)
        self.write(actor, decision.authority, decision.facts)
        return decision

    def write(self, actor: int, authority: str, facts: Iterable[Fact]) -> None:
        """Facts that were decided, here or beside another incident."""
        for fact in facts:
            entry = Entry(
                stream=self.incident.stream,
                seq=self.incident.seq + 1,
                at=self.now,
                actor=actor,
                authority=authority,
                channel="test",
                fact=fact,
            )
            self.incident = evolve(self.incident, entry)
            self.history.append(entry)

    def all(self, acts: Iterable[tuple[int, a.Action]]) -> "Walk":
        """One act after another."""
        for actor, action in acts:
            self.does(actor, action)
        return self

    def draft(self, text: str = WORDS, *, by: int = REPORTER, holding: bool = False) -> int:
        """Somebody drafts a statement; returns its version."""
        self.does(by, a.DraftStatement(text=Prose(text), holding=holding))
        return self.incident.statements[-1].version

    def approve(self, *, by: int) -> None:
        """Somebody approves the pending statement."""
        self.does(by, approval(self.incident))

    def speak(self, *, by: int = HEAD) -> None:
        """The approved statement is given."""
        text = self.incident.approved_statement
        assert text is not None
        self.does(by, speaking(text.version, self.now + MINUTE))


def approval(incident: Incident) -> a.ApproveStatement:
    """The approval of the newest statement as it reads."""
    last = incident.statements[-1]
    return a.ApproveStatement(statement=last.version, sha256=text_hash(last.text))


def speaking(statement: int, at: datetime) -> a.SpeakStatement:
    """A statement given on the portal at a moment."""
    return a.SpeakStatement(
        statement=statement,
        form=StatementForm.PORTAL,
        spoken_at=at,
        where=Prose("portal"),
        to_whom=Prose("everybody"),
    )


def direction(walk: Walk, *, member: int = MEMBER, **fields: Any) -> a.GiveDirection:
    """A direction given by telephone just now."""
    usual: dict[str, Any] = {"text": WORDS, "member": member, "means": "phone"}
    return a.GiveDirection(**usual | {"given_at": walk.now} | fields)


def meeting(walk: Walk, **fields: Any) -> a.CallMeeting:
    """A meeting in an hour, chaired by the department's head."""
    usual: dict[str, Any] = {
        "starts_at": walk.now + HOUR,
        "place": Prose("hall"),
        "chair": LEADER,
        "invitees": (HEAD, EXPERT),
        "units": (COMMUNE, AGENCY),
    }
    return a.CallMeeting(**usual | fields)


def figure(value: str, **fields: Any) -> a.ReportFigure:
    """The length of the slide in metres, changed by `fields`."""
    usual: dict[str, Any] = {
        "topic": "slide_length",
        "what": Prose("Length of the slide"),
        "value": value,
        "unit": Prose("m"),
        "source": WORDS,
        "measured": Moment(at=START),
        "spellings": ("metres",),
    }
    return a.ReportFigure(**usual | fields)


def length(value: str) -> Prose:
    """A text that says the length of the slide."""
    return Prose(f"{WORDS} The slide is {value} m long.")


# The stages of an incident, each walked from the first line.


def opened(**fields: Any) -> Walk:
    """Step 1: reported, nothing decided."""
    walk = Walk()
    walk.does(REPORTER, opening(**fields))
    return walk


def within(**fields: Any) -> Walk:
    """Step 2 within the unit's own authority."""
    walk = opened(**fields)
    walk.does(HEAD, a.DecideAuthority(beyond=False, reason=Prose("")))
    return walk


def complete(walk: Walk) -> Walk:
    """The place is known, so that the quick report can go."""
    walk.does(REPORTER, a.AmendReport(item="place", text=Prose("hamlet 5")))
    return walk


def beyond(**fields: Any) -> Walk:
    """Step 1, decided to be beyond the unit's authority, not yet sent up."""
    walk = complete(opened(**fields))
    walk.does(HEAD, a.DecideAuthority(beyond=True, reason=REASON))
    return walk


def submitted(**fields: Any) -> Walk:
    """Step 2: sent up, not yet received."""
    walk = beyond(**fields)
    walk.does(HEAD, a.SubmitReport(through=DEPARTMENT, to=COMMITTEE))
    return walk


def received(**fields: Any) -> Walk:
    """Step 2: the department has it."""
    walk = submitted(**fields)
    walk.does(DUTY, a.ReceiveReport())
    return walk


def directed(**fields: Any) -> Walk:
    """Step 2: a member of the committee has directed."""
    walk = received(**fields)
    walk.does(MEMBER, direction(walk))
    return walk


def met(**fields: Any) -> Walk:
    """Step 2: directed, a meeting called."""
    walk = directed(**fields)
    walk.does(DUTY, meeting(walk))
    return walk


def drafted(**fields: Any) -> Walk:
    """Step 2: the conclusion awaits the chair."""
    walk = met(**fields)
    walk.does(DUTY, conclusion(), after=2 * HOUR)
    return walk


def concluded(**fields: Any) -> Walk:
    """Step 3: concluded, one speaker, one focal point."""
    walk = drafted(**fields)
    walk.does(LEADER, a.ConfirmConclusion())
    return walk


def approved(**fields: Any) -> Walk:
    """Step 3: the official text is approved."""
    walk = concluded(**fields)
    walk.draft()
    walk.approve(by=LEADER)
    return walk


def spoken(**fields: Any) -> Walk:
    """Step 4: said officially."""
    walk = approved(**fields)
    walk.speak()
    return walk


def reported(**fields: Any) -> Walk:
    """Step 4: the result is reported, one proposal open."""
    walk = spoken(**fields)
    walk.does(HEAD, result())
    return walk


def ready(**fields: Any) -> Walk:
    """Step 4: nothing is open any more."""
    walk = reported(**fields)
    walk.does(LEADER, a.DeclineProposal(proposal=1, reason=REASON))
    return walk


def closed(**fields: Any) -> Walk:
    """The end."""
    walk = ready(**fields)
    walk.does(LEADER, a.CloseIncident(opinion=WORDS))
    return walk


def settled_within(**fields: Any) -> Walk:
    """Step 3 within authority: the head has concluded."""
    walk = within(**fields)
    walk.does(HEAD, conclusion())
    return walk


def refusal(walk: Walk, actor: int, action: a.Action) -> Refused | None:
    """How the rules refuse it, None when they do not; the incident stays as it was."""
    before = walk.incident
    try:
        walk.decide(actor, action)
    except Refused as refused:
        assert walk.incident is before
        return refused
    return None


def refused_by(walk: Walk, actor: int, said: a.Action | Callable[[Walk], a.Action]) -> str | None:
    """The key of the refusal of an action, or of one that depends on the walk; None: it passes."""
    refused = refusal(walk, actor, said if isinstance(said, a.Action) else said(walk))
    return refused.key if refused else None


def told(decision: Decision) -> dict[str, tuple[int, ...]]:
    """Whom each notice of a decision goes to."""
    return {notice.kind: notice.to for notice in decision.notices}
