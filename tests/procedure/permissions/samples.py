"""A well-formed action of every kind, about what lies in the incident at that moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from procedure import actions as a
from procedure.decide import RULES
from procedure.entries import text_hash
from procedure.obligations import owed
from procedure.words import Severity, Verdict
from tests.procedure import two_files
from tests.procedure import village as v
from tests.procedure.permissions import cast as c
from tests.procedure.permissions import walks as w
from tests.procedure.permissions.stages import ELSEWHERE, Stage
from tests.procedure.village import Walk


@dataclass(frozen=True)
class Sample:
    """An action and the line of the page on which it stands: its kind, and which of several.

    `shown` is False for one that is only tried: whose it is follows from a post of its own.
    """

    action: a.Action
    which: str = ""
    shown: bool = True

    @property
    def kind(self) -> str:
        """The name of its kind."""
        return type(self.action).__name__


def samples(stage: Stage) -> list[Sample]:
    """At least one of every kind. Raises AssertionError, saying what to add."""
    found: list[Sample] = []
    for group in (step_one, step_two, around_the_meeting, step_three, step_four, of_duties):
        found += group(stage.walk)
    for group in (handing_on, by_telephone, of_the_room, of_guidance, of_the_clock):
        found += group(stage.walk)
    found += of_several(stage)
    kinds = {type(one.action) for one in found}
    lacking = sorted(kind.__name__ for kind in RULES.keys() - kinds)
    assert not lacking, f"tests/procedure/permissions/samples.py has no sample of {lacking}"
    return found


def step_one(walk: Walk) -> Iterator[Sample]:
    late, number = walk.now + v.DAY, _last(walk, "orders")
    yield Sample(v.opening())
    yield Sample(a.AmendReport(item="known", text=v.WORDS))
    yield Sample(a.ReportCasualties(casualties=walk.incident.casualties))
    yield Sample(a.LogClaim(text=v.WORDS))
    claim = _last(walk, "claims")
    yield Sample(a.CheckClaim(claim=claim, verdict=Verdict.FALSE, evidence=v.REASON))
    yield Sample(v.figure("41"))
    choice = {"figures": w.contested(walk.incident), "reason": v.REASON}
    yield Sample(a.SettleFigure(chosen=w.contested(walk.incident)[0], **choice))
    yield Sample(a.DecideAuthority(beyond=True, reason=v.REASON), "beyond it")
    yield Sample(a.DecideAuthority(beyond=False, reason=v.REASON), "within it")
    yield Sample(a.ChangeSeverity(severity=Severity.GRAVE, reason=v.REASON), "raised")
    yield Sample(a.ChangeSeverity(severity=Severity.ORDINARY, reason=v.REASON), "lowered")
    up = {"through": v.DEPARTMENT, "to": v.COMMITTEE}
    yield Sample(a.SubmitReport(**up), "quick")
    yield Sample(a.SubmitReport(**up, written=True), "written")
    order = a.OrderVerification(people=(c.VERIFIER,), units=(c.BUREAU,), what=v.WORDS, due=late)
    yield Sample(order)
    yield Sample(a.ReportVerification(order=number, result=v.WORDS))
    yield Sample(a.ReceiveReport())
    yield Sample(a.RequestSupplement(items=v.WORDS, due=late))
    yield Sample(a.ProvideSupplement(supplement=_last(walk, "supplements"), text=v.WORDS))


def step_two(walk: Walk) -> Iterator[Sample]:
    text = dict.fromkeys(("summary", "forecast", "options", "proposals", "ask"), v.WORDS)
    yield Sample(a.SubmitBrief(timeline=(1,), **text))
    yield Sample(v.direction(walk))
    given = _last(walk, "directions")
    yield Sample(v.direction(walk, corrects=given), "corrected")
    yield Sample(a.ConfirmDirection(direction=given))
    yield Sample(a.WaiveDirection(reason=v.REASON, member=v.MEMBER, means="phone"))
    yield Sample(a.WaiveMeeting(reason=v.REASON))
    yield Sample(w.conclusion())
    yield Sample(a.ConfirmConclusion())
    yield Sample(w.hand_over(walk, c.STAND_IN))
    for by_paper in (c.BY_PAPER, c.PAPER_OVER):
        yield Sample(w.hand_over(walk, by_paper), shown=False)
    keeper = walk.incident.focal_point.person if walk.incident.focal_point else None
    why = {"by_authority": v.REASON, "reason": v.REASON}
    yield Sample(a.AssignFocalPoint(person=c.VERIFIER, expected=keeper, **why))


def around_the_meeting(walk: Walk) -> Iterator[Sample]:
    held = walk.incident.meeting
    number, seen = (held.id, held.moves) if held else (1, 0)
    change: dict[str, Any] = {"meeting": number, "seen": seen, "reason": v.REASON}
    yield Sample(w.meeting(walk))
    for answer in ("yes", "no"):
        yield Sample(a.AnswerInvitation(meeting=number, answer=answer))
    yield Sample(a.SendStandIn(meeting=number, person=c.ASKED))
    yield Sample(a.MoveMeeting(starts_at=walk.now + v.DAY, place=v.WORDS, **change))
    yield Sample(a.CancelMeeting(**change))
    yield Sample(a.RecordAttendance(meeting=number, present=(c.SENT,)))
    yield Sample(a.RecordMinutes(meeting=number, text=v.WORDS))
    yield Sample(a.RemindMeeting(meeting=number))


def step_three(walk: Walk) -> Iterator[Sample]:
    texts = walk.incident.statements
    version, sha = (texts[-1].version, texts[-1].sha256) if texts else (1, text_hash(v.WORDS))
    of = "holding text" if texts and texts[-1].holding else "official text"
    yield Sample(a.DraftStatement(text=v.WORDS, holding=True), "holding text")
    yield Sample(a.DraftStatement(text=v.WORDS, holding=False), "official text")
    yield Sample(a.AgreeStatement(statement=version))
    yield Sample(a.ApproveStatement(statement=version, sha256=sha), of)
    yield Sample(a.ReturnStatement(statement=version, reason=v.REASON), of)
    yield Sample(v.speaking(version, walk.now))
    yield Sample(a.RecordEnquiry(outlet=v.WORDS, question=v.WORDS))
    yield Sample(a.AnswerEnquiry(enquiry=_last(walk, "enquiries"), answer=v.WORDS))


def step_four(walk: Walk) -> Iterator[Sample]:
    late, proposal = walk.now + v.DAY, _last(walk, "proposals")
    yield Sample(v.result())
    yield Sample(a.AcceptProposal(proposal=proposal, owner=c.OWNER, due=late))
    yield Sample(a.DeclineProposal(proposal=proposal, reason=v.REASON))
    yield Sample(a.SetTask(what=v.WORDS, owner=c.OWNER, due=late))
    yield Sample(a.FinishTask(task=_last(walk, "tasks"), note=v.WORDS))
    yield Sample(a.CloseIncident(opinion=v.WORDS))
    yield Sample(a.ReopenIncident(reason=v.REASON))


#: What can be done about any duty; whose it is, its owner says.
_ABOUT: tuple[Callable[[str], a.Action], ...] = (
    lambda key: a.AcknowledgeDuty(duty=key),
    lambda key: a.ExtendDuty(duty=key, minutes=5),
    lambda key: a.AskMoreTime(duty=key, minutes=30),
    lambda key: a.DeclineMoreTime(duty=key),
    lambda key: a.AskHelp(duty=key, need="people"),
    lambda key: a.SayNotMine(duty=key, whose=c.FOCAL, text=v.WORDS),
    lambda key: a.KeepWithOwner(duty=key),
    lambda key: a.RecordCall(duty=key, to=c.OWNER, reached=True),
)


def of_duties(walk: Walk) -> Iterator[Sample]:
    """About a task with nothing asked, about one whose owner has asked for all that there is."""
    fresh, asked = tasks(walk)
    for make in _ABOUT:
        kind = type(make(fresh)).__name__
        about = asked if kind in ("DeclineMoreTime", "KeepWithOwner") else fresh
        yield Sample(make(about), "the first time" if kind == "ExtendDuty" else "")
    yield Sample(a.ExtendDuty(duty=asked, minutes=30), "once more")
    yield Sample(a.SeeHelp(duty=asked, asker=c.OWNER))
    for one in _posts(walk):
        for make in _ABOUT:
            yield Sample(make(one), shown=False)


def _posts(walk: Walk) -> list[str]:
    """Duties of a post: one whose term is law, the one that has the ball, a receipt."""
    found = owed(walk.incident, v.TERMS)
    legal = [one.key for one in found if one.legal]
    receipts = [one.key for one in found if one.key.startswith("O1:")]
    # As often as it takes to meet every kind once; each costs a look at all that is owed.
    return list(dict.fromkeys((*legal[:1], *receipts[:1])))


def tasks(walk: Walk) -> tuple[str, str]:
    """The keys of the task whose owner has asked nothing, and of the other one."""
    numbers = [one.id for one in walk.incident.tasks] or [1, 2]
    return f"task:{numbers[-2] if len(numbers) > 1 else numbers[-1]}", f"task:{numbers[-1]}"


def handing_on(walk: Walk) -> Iterator[Sample]:
    fresh, asked = tasks(walk)
    yield Sample(a.OfferTask(duty=fresh, to=c.ASKED))
    yield Sample(a.AcceptOffer(duty=asked))
    yield Sample(a.DeclineOffer(duty=asked))
    yield Sample(a.WithdrawOffer(duty=asked))
    move = a.ReassignDuty(duty=fresh, to=c.ASKED, expected=c.OWNER)
    yield Sample(move, "a task")
    order = f"O5:{_last(walk, 'orders')}"
    yield Sample(a.ReassignDuty(duty=order, to=c.ASKED, expected=c.VERIFIER), "an order")
    for key in _posts(walk):
        yield Sample(a.ReassignDuty(duty=key, to=c.ASKED, expected=c.OWNER), shown=False)


def by_telephone(walk: Walk) -> Iterator[Sample]:
    # Nobody records what he has decided himself, so that this one has no part in it.
    said = {"decider": v.EXPERT, "heard_by": c.HEARER, "at": walk.now, "words": v.WORDS}
    number = _last(walk, "phone_decisions")
    yield Sample(a.RecordPhoneDecision(**said))
    by_form = {**said, "decider": v.MEMBER}
    yield Sample(a.RecordPhoneDecision(**by_form), shown=False)
    yield Sample(a.ConfirmPhoneDecision(decision=number))
    yield Sample(a.CorrectPhoneDecision(decision=number, words=v.WORDS))


def of_the_room(walk: Walk) -> Iterator[Sample]:
    record = next((one for one in walk.incident.records), None)
    old = record is not None and walk.now - record.at > 10 * v.MINUTE
    age = "after ten minutes" if old else "within ten minutes"
    yield Sample(a.BindRoom(channel="telegram", place="-300", title=v.WORDS))
    yield Sample(a.MoveRoom(room=1, place="-200"))
    yield Sample(a.ChangeRoomRights(room=1, lacking=("can_pin_messages",)))
    yield Sample(a.EndRoom(room=1))
    yield Sample(a.NoteGuest(guest=2, room=1))
    yield Sample(a.AdmitGuest(guest=1))
    yield Sample(a.RemoveGuest(guest=1))
    yield Sample(a.NoteGuestLeft(guest=1))
    yield Sample(a.KeepRecord(text=v.WORDS, said_at=walk.now))
    yield Sample(a.WithdrawRecord(record=1), age)


def of_guidance(walk: Walk) -> Iterator[Sample]:
    said = walk.incident.spoken[-1].version if walk.incident.spoken else 1
    newsroom = c.at(v.COMMUNE, c.Role.PRESS)
    yield Sample(a.GuideNewsrooms(statement=said, people=(newsroom,)))
    yield Sample(a.ReceiveGuidance(guidance=1))
    yield Sample(a.SetKeyMessages(statement=said, messages=(v.WORDS,)))
    yield Sample(a.SendDirective(text=v.WORDS, people=(v.REPORTER,)))
    yield Sample(a.AddRoomMember(person=c.ASKED))
    yield Sample(a.RemoveRoomMember(person=v.REPORTER))


def of_the_clock(walk: Walk) -> Iterator[Sample]:
    duty = next((one for one in owed(walk.incident, v.TERMS)), None)
    key, start = (duty.key, duty.start) if duty else ("O2", v.START)
    people = (c.OWNER,)
    yield Sample(a.Ring(duty=key, start=start, round=1, rung=0, level=None, people=people))
    yield Sample(a.RingAhead(duty=key, start=start, round=1, ahead=0, person=c.OWNER))
    yield Sample(a.NoteUndelivered(duty=key, person=c.OWNER))


def of_several(stage: Stage) -> Iterator[Sample]:
    other, elsewhere = stage.others[two_files.OTHER], stage.others[ELSEWHERE]
    record = next((one for one in stage.walk.incident.records), None)
    old = record is not None and stage.walk.now - record.at > 10 * v.MINUTE
    age = "after ten minutes" if old else "within ten minutes"
    yield Sample(a.AddReport(line=v.WORDS))
    yield Sample(a.MergeIncidents(other=other.stream, absorbed=other))
    yield Sample(a.SplitIncident(other=other.stream, absorbed=other))
    yield Sample(a.MoveRecord(record=1, other=elsewhere.stream, absorbed=elsewhere), age)


def _last(walk: Walk, part: str) -> int:
    """The number of the newest item of a part; 1 while there is none."""
    return max((_number(one) for one in getattr(walk.incident, part)), default=1)


def _number(one: Any) -> int:
    return int(one.id)
