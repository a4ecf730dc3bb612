"""Makes the golden files that are not there yet, one for each (kind, version) of a fact.

    python -m tests.golden.make

A golden file holds one entry as a journal keeps it (its body byte for byte, its prose apart), the
incident before it, and what it changed. It is written once, when its version of the fact is new,
and never again: a journal written by that version must fold for ever, so a file that is there is
left alone, and whoever changes the fields of a fact raises its `version` and runs this.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from procedure import actions as a
from procedure import entries_arrangements as d
from procedure.arrangements import Absence, Delegation, Taken, Turn
from procedure.codec import Prose, dump
from procedure.entries import FIRST_HASH, Entry, Fact, entry_bytes
from procedure.entries_organisation import (
    ORGANISATION,
    AccessEnded,
    AccessInvited,
    AccountLinked,
    AccountUnlinked,
    ExportMade,
    ForumBound,
    ForumEnded,
    PersonBlanked,
    PersonRegistered,
    PolicyAdopted,
    RoleEnded,
    RoleGiven,
    RoleProposalRejected,
    RoleProposed,
    SpeakersConfirmed,
    UnitRegistered,
)
from procedure.evolve import evolve
from procedure.facts import FileRef, Moment, Preparation, TaskDraft
from procedure.incident import Incident
from procedure.kinds import KINDS
from procedure.words import Casualties, Role, Severity, Verdict
from storage.journal import salted
from tests.procedure import two_files
from tests.procedure import village as v

FOLDER = Path(__file__).resolve().parent
SALT = "0123456789abcdef" * 2
LATER = v.START + 30 * v.DAY
FILE = FileRef(sha256="ab" * 32, media_type="image/jpeg", size=4, name=Prose("bank.jpg"))
CALM = Prose("It happened an hour ago; we are looking into it.")


def main() -> None:
    """Writes what is missing and names it."""
    for entry, before in story():
        path = FOLDER / f"{entry.kind}.{entry.fact.version}.json"
        if path.exists():
            continue
        path.write_text(golden(entry, before), encoding="utf-8")
        print(path.name)
    missing = [name for name, kind in KINDS.items() if not path_of(kind).exists()]
    if missing:
        raise SystemExit(f"the story has no entry of {', '.join(missing)}")


def path_of(kind: type[Fact]) -> Path:
    """Where the golden file of a kind in its present version lies."""
    return FOLDER / f"{kind.__name__}.{kind.version}.json"


def golden(entry: Entry, before: Incident | None) -> str:
    """The text of one golden file."""
    contents: dict[str, str] = {}

    def hide(prose: Prose) -> object:
        number = len(contents) + 1
        contents[str(number)] = str(prose)
        return {"content": number, "sha256": salted(SALT, prose)}

    body = entry_bytes(entry, dump(entry.fact, hide), FIRST_HASH)
    told: dict[str, Any] = {"kind": entry.kind, "version": entry.fact.version, "body": body}
    told["contents"] = contents
    if before is not None:
        was, now = dump(before), dump(evolve(before, entry))
        empty = dump(Incident(stream=before.stream))
        told["before"] = {name: was[name] for name in was if was[name] != empty[name]}
        told["after"] = {name: now[name] for name in now if now[name] != was[name]}
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def story() -> Iterator[tuple[Entry, Incident | None]]:
    """An entry of every kind, with the incident before it; None for the organisation's."""
    walk = v.Walk()
    for act in ACTS:
        actor, action = act(walk)
        before = walk.incident
        walk.does(actor, action)
        for entry in walk.history[before.seq :]:
            yield entry, before
            before = evolve(before, entry)
    yield from merging()
    yield from moving()
    for seq, fact in enumerate(HOUSE, 1):
        yield (
            Entry(
                stream=ORGANISATION,
                seq=seq,
                at=v.START,
                actor=v.LEADER,
                authority="admin",
                channel="test",
                fact=fact,
            ),
            None,
        )


def phoned(walk: v.Walk) -> a.RecordPhoneDecision:
    """What the head has just said on the telephone."""
    return a.RecordPhoneDecision(
        decider=v.HEAD, heard_by=v.DEPUTY, at=walk.now, words=v.WORDS, about="O2"
    )


def merging() -> Iterator[tuple[Entry, Incident | None]]:
    """Two incidents become one file and are split off again."""
    files = two_files.two()
    for act in (files.merge, files.split):
        before = (files.kept.incident, files.other.incident)
        act()
        for walk, was in zip((files.kept, files.other), before, strict=True):
            yield walk.history[-1], was


def moving() -> Iterator[tuple[Entry, Incident | None]]:
    """What was put on record in the wrong room is moved to the other incident."""
    files = two_files.two()
    kept = a.KeepRecord(text=v.WORDS, said_at=files.other.now)
    files.other.does(v.DUTY, kept)
    before = files.other.incident
    files.other.does(v.DUTY, a.MoveRecord(record=1, other="", absorbed=files.kept.incident))
    yield files.other.history[-1], before


Act = Callable[[v.Walk], tuple[int, a.Action]]
WHY: dict[str, Any] = {"by_authority": v.REASON, "reason": v.REASON}
TASK = TaskDraft(what=v.WORDS, owner=v.EXPERT, due=LATER, remedy=True)
PREPARES = Preparation(person=v.EXPERT, what=v.WORDS)


def _after_it_began(walk: v.Walk) -> a.Action:
    walk.now += 2 * v.HOUR
    return a.RecordAttendance(meeting=2, present=(v.HEAD, v.OUTSIDER))


def _put_on_record(walk: v.Walk) -> tuple[int, a.Action]:
    return v.REPORTER, a.KeepRecord(text=v.WORDS, said_at=walk.now, room=1, files=(FILE,))


ACTS: tuple[Act, ...] = (
    lambda _: (v.REPORTER, v.opening(files=(FILE,))),
    lambda _: (v.REPORTER, a.AmendReport(item="place", text=Prose("hamlet 5"))),
    lambda _: (v.REPORTER, a.ReportCasualties(casualties=Casualties.INJURED)),
    lambda _: (v.REPORTER, a.LogClaim(text=v.WORDS, files=(FILE,))),
    lambda _: (v.REPORTER, a.CheckClaim(claim=1, verdict=Verdict.PARTLY, evidence=v.REASON)),
    lambda _: (v.HEAD, a.DecideAuthority(beyond=True, reason=v.REASON, answers=(True,) * 5)),
    lambda _: (v.HEAD, a.ChangeSeverity(severity=Severity.GRAVE, reason=v.REASON)),
    lambda _: (
        v.CLOCK,
        a.Ring(duty="O2", start=v.START, round=1, rung=1, level="head", people=(v.HEAD,)),
    ),
    lambda _: (v.CLOCK, a.RingAhead(duty="O2", start=v.START, round=1, ahead=2, person=v.HEAD)),
    lambda _: (v.CLOCK, a.NoteUndelivered(duty="O2", person=v.HEAD)),
    lambda _: (v.HEAD, a.AcknowledgeDuty(duty="O2", working=True)),
    lambda _: (v.HEAD, a.ExtendDuty(duty="O2", minutes=5)),
    lambda _: (v.HEAD, a.AskHelp(duty="O2", need="people", text=v.WORDS)),
    lambda _: (v.EXPERT, a.AddReport(line=v.WORDS, files=(FILE,), happened=Moment(at=v.START))),
    lambda _: (v.WATCH, a.RecordCall(duty="O2", to=v.HEAD, reached=True, note=v.WORDS)),
    lambda _: (v.HEAD, a.AskMoreTime(duty="O2", minutes=15)),
    lambda _: (v.DUTY, a.DeclineMoreTime(duty="O2")),
    lambda _: (v.DUTY, a.SeeHelp(duty="O2", asker=v.HEAD)),
    lambda _: (v.HEAD, a.SayNotMine(duty="O2", whose=v.DEPUTY, text=Prose(""))),
    lambda _: (v.DUTY, a.KeepWithOwner(duty="O2")),
    lambda walk: (v.WATCH, phoned(walk)),
    lambda _: (v.HEAD, a.ConfirmPhoneDecision(decision=1)),
    lambda walk: (v.WATCH, phoned(walk)),
    lambda _: (v.HEAD, a.CorrectPhoneDecision(decision=2, words=v.REASON)),
    lambda _: (v.DEPUTY, a.SubmitReport(through=v.DEPARTMENT, to=v.COMMITTEE)),
    lambda _: (
        v.HEAD,
        a.OrderVerification(people=(v.OUTSIDER,), units=(v.AGENCY,), what=v.WORDS, due=LATER),
    ),
    lambda _: (v.REPORTER, v.figure("35", estimated=True)),
    lambda _: (v.OUTSIDER, v.figure("38.5")),
    lambda _: (v.LEADER, a.SettleFigure(figures=(1, 2), chosen=2, reason=v.REASON)),
    lambda _: (v.OUTSIDER, a.OfferTask(duty="O5:1", to=v.WATCH)),
    lambda _: (v.WATCH, a.DeclineOffer(duty="O5:1", reason=v.REASON)),
    lambda _: (v.OUTSIDER, a.OfferTask(duty="O5:1", to=v.WATCH)),
    lambda _: (v.OUTSIDER, a.WithdrawOffer(duty="O5:1")),
    lambda _: (v.OUTSIDER, a.OfferTask(duty="O5:1", to=v.EXPERT)),
    lambda _: (v.EXPERT, a.AcceptOffer(duty="O5:1")),
    lambda _: (v.EXPERT, a.ReportVerification(order=1, result=v.WORDS)),
    lambda _: (v.REPORTER, a.DraftStatement(text=CALM, holding=True)),
    lambda _: (v.HEAD, a.AgreeStatement(statement=1)),
    lambda walk: (v.DUTY, v.approval(walk.incident)),
    lambda walk: (v.HEAD, v.speaking(1, walk.now)),
    lambda _: (v.DUTY, a.ReceiveReport()),
    lambda _: (v.DUTY, a.RequestSupplement(items=v.WORDS, due=LATER)),
    lambda _: (v.REPORTER, a.ProvideSupplement(supplement=1, text=v.WORDS)),
    lambda _: (
        v.DUTY,
        a.SubmitBrief(
            summary=v.WORDS,
            timeline=(1, 2),
            forecast=v.WORDS,
            options=v.WORDS,
            proposals=v.WORDS,
            ask=v.WORDS,
        ),
    ),
    lambda walk: (v.SECRETARY, v.direction(walk)),
    lambda _: (v.MEMBER, a.ConfirmDirection(direction=1)),
    lambda _: (v.LEADER, a.WaiveDirection(reason=v.REASON, member=v.MEMBER, means="phone")),
    lambda _: (v.LEADER, a.WaiveMeeting(reason=v.REASON)),
    lambda walk: (v.DUTY, v.meeting(walk)),
    lambda walk: (
        v.DUTY,
        a.MoveMeeting(
            meeting=1, seen=0, starts_at=walk.now + v.HOUR, place=v.WORDS, reason=v.REASON
        ),
    ),
    lambda _: (v.LEADER, a.CancelMeeting(meeting=1, seen=1, reason=v.REASON)),
    lambda walk: (v.DUTY, v.meeting(walk, preparations=(PREPARES,))),
    lambda _: (v.CLOCK, a.RemindMeeting(meeting=2)),
    lambda _: (v.HEAD, a.AnswerInvitation(meeting=2, answer="yes")),
    lambda _: (v.EXPERT, a.SendStandIn(meeting=2, person=v.OUTSIDER)),
    lambda walk: (v.DUTY, _after_it_began(walk)),
    lambda _: (v.DUTY, a.RecordMinutes(meeting=2, text=v.WORDS, files=(FILE,))),
    lambda _: (v.DUTY, v.conclusion(tasks=(TASK,), stand_in=v.DEPUTY)),
    lambda _: (v.LEADER, a.ConfirmConclusion()),
    lambda _: (v.LEADER, a.AssignSpokesperson(person=v.EXPERT, expected=v.HEAD, **WHY)),
    lambda _: (v.LEADER, a.AssignFocalPoint(person=v.OUTSIDER, expected=v.EXPERT, **WHY)),
    lambda _: (v.REPORTER, a.DraftStatement(text=v.WORDS, holding=False)),
    lambda _: (v.LEADER, a.ReturnStatement(statement=2, reason=v.REASON)),
    lambda _: (v.REPORTER, a.DraftStatement(text=v.WORDS, holding=False)),
    lambda walk: (v.LEADER, v.approval(walk.incident)),
    lambda walk: (v.EXPERT, v.speaking(3, walk.now)),
    lambda _: (v.DUTY, a.GuideNewsrooms(statement=3, people=(v.JOURNALIST,))),
    lambda _: (v.JOURNALIST, a.ReceiveGuidance(guidance=1)),
    lambda _: (v.DUTY, a.SetKeyMessages(statement=3, messages=(v.WORDS,))),
    lambda _: (v.LEADER, a.SendDirective(text=v.WORDS, people=(v.HEAD, v.DEPUTY))),
    lambda _: (v.DUTY, a.AddRoomMember(person=v.MEMBER_TOO)),
    lambda _: (v.DUTY, a.RemoveRoomMember(person=v.MEMBER_TOO)),
    lambda _: (v.WATCH, a.RecordEnquiry(outlet=v.WORDS, question=v.WORDS)),
    lambda _: (v.EXPERT, a.AnswerEnquiry(enquiry=1, answer=v.WORDS)),
    lambda _: (v.EXPERT, v.result(proposals=(v.WORDS, v.REASON))),
    lambda _: (v.LEADER, a.AcceptProposal(proposal=1, owner=v.HEAD, due=LATER)),
    lambda _: (v.LEADER, a.DeclineProposal(proposal=2, reason=v.REASON)),
    lambda _: (v.DUTY, a.ReassignDuty(duty="task:1", to=v.DEPUTY, expected=v.EXPERT)),
    lambda _: (v.DEPUTY, a.FinishTask(task=1, note=v.WORDS)),
    lambda _: (v.HEAD, a.FinishTask(task=2, note=v.WORDS)),
    lambda _: (v.ADMIN, a.BindRoom(channel="telegram", place="-4001", title=v.WORDS)),
    lambda _: (v.CLOCK, a.MoveRoom(room=1, place="-1002001")),
    lambda _: (v.CLOCK, a.ChangeRoomRights(room=1, lacking=("can_pin_messages",))),
    lambda _: (v.CLOCK, a.NoteGuest(guest=1, room=1)),
    lambda _: (v.DUTY, a.AdmitGuest(guest=1)),
    lambda _: (v.CLOCK, a.NoteGuest(guest=2, room=1, person=v.JOURNALIST)),
    lambda _: (v.DUTY, a.RemoveGuest(guest=2)),
    lambda _: (v.CLOCK, a.NoteGuestLeft(guest=2)),
    _put_on_record,
    lambda _: (v.REPORTER, a.WithdrawRecord(record=1)),
    lambda _: (v.CLOCK, a.EndRoom(room=1, why="deleted")),
    lambda _: (v.LEADER, a.CloseIncident(opinion=v.WORDS)),
    lambda _: (v.LEADER, a.ReopenIncident(reason=v.REASON)),
)
HOUSE: tuple[Fact, ...] = (
    UnitRegistered(unit=v.ORGANISATION.units[v.COMMUNE]),
    PersonRegistered(person=v.ORGANISATION.people[v.HEAD]),
    RoleGiven(person=v.HEAD, role=Role.HEAD, unit=v.COMMUNE),
    RoleEnded(person=v.HEAD, role=Role.HEAD, unit=v.COMMUNE),
    RoleProposed(person=v.HEAD, role=Role.ADMIN, unit=v.COMMUNE),
    SpeakersConfirmed(unit=v.COMMUNE, quarter="2026-Q4", speakers=(v.HEAD,)),
    RoleProposalRejected(person=v.HEAD, role=Role.ADMIN, unit=v.COMMUNE),
    PolicyAdopted(policy="0" * 12, reason=v.REASON),
    AccessInvited(person=v.HEAD),
    AccessEnded(person=v.HEAD),
    AccountLinked(person=v.HEAD, channel="telegram"),
    AccountUnlinked(person=v.HEAD, channel="telegram"),
    ForumBound(channel="telegram", place="-1003001"),
    ForumEnded(channel="telegram", place="-1003001"),
    d.DelegationEntered(
        delegation=Delegation(
            id=1,
            person=v.REPORTER,
            unit=v.COMMUNE,
            document=Prose("12/GUQ"),
            dated=v.START.date(),
            since=v.START,
            until=LATER,
            field="landslide",
            paper=(FILE,),
            by=v.HEAD,
        )
    ),
    d.DelegationConfirmed(delegation=1),
    d.DelegationEnded(delegation=1),
    d.AbsenceEntered(
        absence=Absence(
            id=1, person=v.HEAD, stand_in=v.REPORTER, since=v.START, until=LATER, by=v.HEAD
        )
    ),
    d.AbsenceAccepted(absence=1),
    d.AbsenceDeclined(absence=1),
    d.AbsenceEnded(absence=1),
    d.RosterSet(unit=v.COMMUNE, turns=(Turn(weekday=0, start=420, hours=24, person=v.REPORTER),)),
    d.ShiftTaken(unit=v.COMMUNE, taken=Taken(since=v.START, until=LATER, person=v.HEAD)),
    d.ShiftHandedOver(unit=v.COMMUNE, to=v.HEAD, note=v.REASON),
    d.EmptyShiftFound(unit=v.COMMUNE, since=v.START, until=LATER, told=(v.HEAD,)),
    PersonBlanked(person=v.HEAD, name="(left)", post="former", address="Mr/Ms", reason=v.REASON),
    ExportMade(what="register", count=2, about="", login=Prose("root")),
)

if __name__ == "__main__":
    main()
