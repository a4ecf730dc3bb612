"""The properties are not empty: with a gate taken away, each of them fails."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from procedure import actions as a
from procedure import rules_consult, rules_follow_up, rules_speak, steps
from procedure.errors import Refused
from procedure.incident import Incident
from procedure.words import Step, Verdict
from tests.procedure import test_decide_follow_up as follow_up
from tests.procedure import test_decide_speak as speak
from tests.procedure import two_files
from tests.procedure import village as v
from tests.procedure.machine import Broken, checked, step_faults
from tests.procedure.village import Walk

Gates = Callable[[Incident], tuple[str, ...]]
OFFICIAL = a.DraftStatement(text=v.WORDS, holding=False)
CLOSE = a.CloseIncident(opinion=v.WORDS)


def only(real: Gates, *kept: str) -> Gates:
    """The gates with all but the kept ones taken away."""
    return lambda incident: tuple(gate for gate in real(incident) if gate in kept)


def formless() -> Walk:
    """A conclusion without a form, as if the first check of it were not there."""
    walk = v.met()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules_consult, "_check_conclusion", lambda asked, action: None)
        walk.does(v.LEADER, v.conclusion(forms=()))
    return walk


SPEAKING: list[tuple[str, Callable[[], Walk], str]] = [
    ("authority", v.opened, "no authority"),
    ("report", speak.lost_direction, "no report"),
    ("direction", v.received, "no direction"),
    ("conclusion", v.met, "no conclusion"),
    ("forms", formless, "no form"),
    ("focal_point", v.met, "no focal point"),
    ("spokesperson", v.met, "no spokesperson"),
]


@pytest.mark.parametrize(("gate", "stage", "fault"), SPEAKING)
def test_each_gate_to_step_three_holds_alone_and_without_it_the_property_fails(
    gate: str, stage: Callable[[], Walk], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = stage()
    real = steps.missing_for_speaking
    monkeypatch.setattr(rules_speak, "missing_for_speaking", only(real, gate))
    refused = v.refusal(walk, v.REPORTER, OFFICIAL)
    assert refused is not None and refused.facts["missing"] == (gate,)
    monkeypatch.setattr(rules_speak, "missing_for_speaking", only(real))
    with pytest.raises(Broken, match=fault):
        checked(walk, v.REPORTER, OFFICIAL)


def test_the_table_names_every_gate_to_step_three() -> None:
    found: set[str] = set()
    for stage in (v.opened, speak.lost_direction, formless):
        found |= set(steps.missing_for_speaking(stage().incident))
    assert found == {gate for gate, _, _ in SPEAKING}


@pytest.mark.parametrize(
    ("stage", "actor", "act"),
    [
        (speak.lost_direction, v.LEADER, lambda walk: v.approval(walk.incident)),
        (speak.lost_after_approval, v.HEAD, lambda walk: v.speaking(1, walk.now)),
    ],
)
def test_approving_and_speaking_look_at_the_gates_again(
    stage: Callable[[], Walk],
    actor: int,
    act: Callable[[Walk], a.Action],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walk = stage()
    assert not checked(walk, actor, act(walk))
    monkeypatch.setattr(rules_speak, "missing_for_speaking", lambda incident: ())
    with pytest.raises(Broken, match="no report"):
        checked(walk, actor, act(walk))


def after(stage: Callable[[], Walk], actor: int, action: a.Action) -> Callable[[], Walk]:
    return lambda: stage().all([(actor, action)])


def drafting() -> Walk:
    walk = v.ready()
    walk.draft("The road is open again.")
    return walk


def unconfirmed() -> Walk:
    walk = v.ready()
    walk.does(v.SECRETARY, v.direction(walk))
    return walk


def differing() -> Walk:
    return v.ready().all([(v.REPORTER, v.figure("35")), (v.EXPERT, v.figure("38"))])


def upgraded() -> Walk:
    up = a.DecideAuthority(beyond=True, reason=v.REASON)
    return follow_up.ready_within().all([(v.HEAD, up)])


CLAIM = a.LogClaim(text=v.WORDS)
ENQUIRY = a.RecordEnquiry(outlet=v.WORDS, question=v.WORDS)
ORDER = a.OrderVerification(people=(v.OUTSIDER,), units=(v.AGENCY,), what=v.WORDS)
MORE = a.RequestSupplement(items=v.WORDS, due=v.START + 30 * v.DAY)
TASK = a.SetTask(what=v.WORDS, owner=v.EXPERT, due=v.START + 30 * v.DAY)
REMEDY = a.SetTask(what=v.WORDS, owner=v.EXPERT, due=v.START + 30 * v.DAY, remedy=True)
CLOSING: list[tuple[str, Callable[[], Walk], str]] = [
    ("statement", v.concluded, "nothing said"),
    ("result", v.spoken, "no result report"),
    ("claims", after(v.ready, v.REPORTER, CLAIM), "open claim"),
    ("figures", differing, "open figure"),
    ("enquiries", after(v.ready, v.REPORTER, ENQUIRY), "open enquiry"),
    ("remedies", after(v.ready, v.DUTY, REMEDY), "open task"),
    ("tasks", after(v.ready, v.DUTY, TASK), "open task"),
    ("proposals", v.reported, "open proposal"),
    ("verification", after(v.ready, v.DUTY, ORDER), "open order"),
    ("supplements", after(v.ready, v.DUTY, MORE), "open supplement"),
    ("pending_statement", drafting, "open statement"),
    ("direction_confirmation", unconfirmed, "open direction"),
    ("report", upgraded, "no report"),
    ("direction", upgraded, "no direction"),
    ("conclusion", upgraded, "a conclusion of another authority"),
]


@pytest.mark.parametrize(("gate", "stage", "fault"), CLOSING)
def test_each_gate_to_the_end_holds_alone_and_without_it_the_property_fails(
    gate: str, stage: Callable[[], Walk], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = stage()
    real = steps.missing_for_closing
    monkeypatch.setattr(rules_follow_up, "missing_for_closing", only(real, gate))
    refused = v.refusal(walk, v.LEADER, CLOSE)
    assert refused is not None and refused.facts["missing"] == (gate,)
    monkeypatch.setattr(rules_follow_up, "missing_for_closing", only(real))
    with pytest.raises(Broken, match=fault):
        checked(walk, v.LEADER, CLOSE)


def test_without_the_rule_that_no_author_approves_the_property_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walk = v.concluded()
    walk.draft(by=v.LEADER)
    assert not checked(walk, v.LEADER, v.approval(walk.incident))
    monkeypatch.setattr(rules_speak, "_not_author", lambda asked, author: None)
    with pytest.raises(Broken, match="the author approved"):
        checked(walk, v.LEADER, v.approval(walk.incident))


def test_without_the_rule_of_the_one_voice_the_property_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walk = v.approved()
    said = v.speaking(1, walk.now)
    assert not checked(walk, v.EXPERT, said)
    monkeypatch.setattr(rules_speak, "speaker", lambda incident, organisation: v.EXPERT)
    with pytest.raises(Broken, match="somebody else spoke"):
        checked(walk, v.EXPERT, said)


def test_without_the_rule_of_who_is_fit_the_press_would_speak(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walk = v.concluded()
    assert not checked(walk, v.LEADER, speak.name(v.JOURNALIST))
    monkeypatch.setattr(rules_speak, "_fit_to_speak", lambda asked, person: None)
    with pytest.raises(Broken, match="to the press"):
        checked(walk, v.LEADER, speak.name(v.JOURNALIST))


def test_a_step_that_is_jumped_over_is_seen() -> None:
    """T4: what no rule may bring about is not in the table of steps."""
    early, late = v.opened().incident, v.spoken().incident
    found = list(step_faults(early, CLOSE, late))
    assert "REPORT -> FOLLOW_UP" in found and "no conclusion" in found


STAGES = {
    Step.REPORT: (v.opened, v.beyond, speak.lost_direction),
    Step.CONSULT: (v.within, v.submitted, v.received, v.directed, v.met, v.drafted),
    Step.SPEAK: (v.settled_within, v.concluded, v.approved, speak.awaiting),
    Step.FOLLOW_UP: (v.spoken, v.reported, v.ready, upgraded),
    Step.CLOSED: (v.closed,),
}


def moves(walk: Walk) -> list[a.Action]:
    """An action of every kind, as sensible as this incident lets it be."""
    soon = walk.now + v.DAY
    statement = walk.incident.statements[-1].version if walk.incident.statements else 1
    sha = walk.incident.statements[-1].sha256 if walk.incident.statements else "0" * 64
    speaker = walk.incident.spokesperson.person if walk.incident.spokesperson else None
    keeper = walk.incident.focal_point.person if walk.incident.focal_point else None
    why: dict[str, Any] = {"by_authority": v.REASON, "reason": v.REASON}
    return [
        v.opening(),
        a.AmendReport(item="known", text=v.WORDS),
        a.ReportCasualties(casualties=walk.incident.casualties),
        CLAIM,
        a.CheckClaim(claim=1, verdict=Verdict.FALSE, evidence=v.REASON),
        v.figure("35"),
        a.SettleFigure(figures=(1,), chosen=1, reason=v.REASON),
        a.DecideAuthority(beyond=True, reason=v.REASON),
        a.DecideAuthority(beyond=False, reason=v.REASON),
        *(a.ChangeSeverity(severity=one, reason=v.REASON) for one in type(walk.incident.severity)),
        a.SubmitReport(through=v.DEPARTMENT, to=v.COMMITTEE),
        a.SubmitReport(through=v.DEPARTMENT, to=v.COMMITTEE, written=True),
        ORDER,
        a.ReportVerification(order=1, result=v.WORDS),
        a.ReceiveReport(),
        a.RequestSupplement(items=v.WORDS, due=soon),
        a.ProvideSupplement(supplement=1, text=v.WORDS),
        a.SubmitBrief(
            summary=v.WORDS,
            timeline=(1,),
            forecast=v.WORDS,
            options=v.WORDS,
            proposals=v.WORDS,
            ask=v.WORDS,
        ),
        v.direction(walk),
        v.direction(walk, corrects=1, names_everything=True),
        a.ConfirmDirection(direction=1),
        a.WaiveDirection(reason=v.REASON, member=v.MEMBER, means="phone"),
        v.meeting(walk),
        a.AnswerInvitation(meeting=1, answer="yes"),
        a.SendStandIn(meeting=1, person=v.OUTSIDER),
        a.MoveMeeting(meeting=1, seen=0, starts_at=soon, place=v.WORDS, reason=v.REASON),
        a.CancelMeeting(meeting=1, seen=0, reason=v.REASON),
        a.RecordAttendance(meeting=1, present=(v.HEAD,)),
        a.RecordMinutes(meeting=1, text=v.WORDS),
        a.WaiveMeeting(reason=v.REASON),
        v.conclusion(),
        a.ConfirmConclusion(),
        a.AssignSpokesperson(person=v.EXPERT, expected=speaker, **why),
        a.AssignFocalPoint(person=v.OUTSIDER, expected=keeper, **why),
        OFFICIAL,
        a.DraftStatement(text=v.WORDS, holding=True),
        a.AgreeStatement(statement=statement),
        a.ApproveStatement(statement=statement, sha256=sha),
        a.ReturnStatement(statement=statement, reason=v.REASON),
        v.speaking(statement, walk.now),
        ENQUIRY,
        a.AnswerEnquiry(enquiry=1, answer=v.WORDS),
        v.result(),
        a.AcceptProposal(proposal=1, owner=v.EXPERT, due=soon),
        a.DeclineProposal(proposal=1, reason=v.REASON),
        a.SetTask(what=v.WORDS, owner=v.EXPERT, due=soon),
        a.FinishTask(task=1, note=v.WORDS),
        CLOSE,
        a.ReopenIncident(reason=v.REASON),
        a.Ring(duty="O14", start=v.START, round=1, rung=0, level=None, people=(v.HEAD,)),
        a.RingAhead(duty="O14", start=v.START, round=1, ahead=0, person=v.HEAD),
        a.NoteUndelivered(duty="O14", person=v.HEAD),
        a.RemindMeeting(meeting=1),
        a.AcknowledgeDuty(duty="O14"),
        a.ExtendDuty(duty="O12", minutes=5),
        a.AskHelp(duty="O14", need="people"),
        a.RecordCall(duty="O14", to=v.HEAD, reached=True),
        *of_the_late(walk),
        *of_guidance(walk),
        *of_rooms(walk),
        a.AddReport(line=v.WORDS),
        a.MergeIncidents(other=two_files.OTHER, absorbed=two_files.two().other.incident),
        a.SplitIncident(other=two_files.OTHER, absorbed=two_files.one_file().other.incident),
    ]


def of_guidance(walk: Walk) -> list[a.Action]:
    """Newsrooms, key messages, directives, and who sits in the room."""
    said = walk.incident.spoken[-1].version if walk.incident.spoken else 1
    return [
        a.GuideNewsrooms(statement=said, people=(v.JOURNALIST,)),
        a.ReceiveGuidance(guidance=1),
        a.SetKeyMessages(statement=said, messages=(v.WORDS,), readers=(v.HEAD,)),
        a.SendDirective(text=v.WORDS, people=(v.REPORTER,)),
        a.AddRoomMember(person=v.OUTSIDER),
        a.AddRoomMember(person=v.JOURNALIST),
        a.RemoveRoomMember(person=v.OUTSIDER),
    ]


def of_rooms(walk: Walk) -> list[a.Action]:
    """Places, guests, and what is put on record."""
    return [
        a.BindRoom(channel="telegram", place="-100", title=v.WORDS),
        a.MoveRoom(room=1, place="-200"),
        a.ChangeRoomRights(room=1, lacking=("can_pin_messages",)),
        a.EndRoom(room=1, why="removed"),
        a.NoteGuest(guest=1, room=1),
        a.AdmitGuest(guest=1),
        a.RemoveGuest(guest=1),
        a.NoteGuestLeft(guest=1),
        a.KeepRecord(text=v.WORDS, said_at=walk.now),
        a.WithdrawRecord(record=1),
        a.MoveRecord(record=1, other="incident-2"),
    ]


def of_the_late(walk: Walk) -> list[a.Action]:
    """More time, work handed on, and what was said on the telephone."""
    return [
        a.AskMoreTime(duty="O12", minutes=5),
        a.DeclineMoreTime(duty="O12"),
        a.SeeHelp(duty="O14", asker=v.HEAD),
        a.SayNotMine(duty="O14", whose=v.EXPERT, text=v.WORDS),
        a.KeepWithOwner(duty="O14"),
        a.ReassignDuty(duty="task:1", to=v.DEPUTY, expected=v.EXPERT),
        a.OfferTask(duty="task:1", to=v.DEPUTY),
        a.AcceptOffer(duty="task:1"),
        a.DeclineOffer(duty="task:1"),
        a.WithdrawOffer(duty="task:1"),
        a.RecordPhoneDecision(decider=v.HEAD, heard_by=v.DEPUTY, at=walk.now, words=v.WORDS),
        a.ConfirmPhoneDecision(decision=1),
        a.CorrectPhoneDecision(decision=1, words=v.WORDS),
    ]


@pytest.mark.duty("T4")
@pytest.mark.parametrize(
    ("at", "stage"), [(at, stage) for at, stages in STAGES.items() for stage in stages]
)
def test_from_every_step_every_action_of_everybody_is_refused_or_leads_where_it_may(
    at: Step, stage: Callable[[], Walk]
) -> None:
    """T4: all pairs of a step and an action, tried by every person and by the clock."""
    start = stage()
    assert steps.step(start.incident) is at
    tried = moves(start)
    assert {type(action) for action in tried} == set(a.ACTIONS.values())
    for action in tried:
        for actor in (*v.PEOPLE, v.STRANGER, v.CLOCK):
            walk = Walk(now=start.now, incident=start.incident, history=list(start.history))
            checked(walk, actor, action, after=timedelta(seconds=1))


def test_nothing_but_reopening_and_late_rings_is_accepted_after_the_end() -> None:
    start = v.closed()
    accepted = set()
    for action in moves(start):
        for actor in (*v.PEOPLE, v.CLOCK):
            walk = Walk(now=start.now, incident=start.incident, history=list(start.history))
            try:
                walk.does(actor, action)
            except Refused:
                continue
            accepted.add(type(action))
    assert accepted == {a.ReopenIncident, a.NoteUndelivered}


def test_before_anything_was_reported_nothing_but_a_report_is_accepted() -> None:
    for action in moves(v.opened()):
        refused = v.refusal(Walk(), v.HEAD, action)
        assert (refused is None) == isinstance(action, a.OpenIncident), action
