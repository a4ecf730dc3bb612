"""What sensible people do with an incident next, and what else happens on such a day."""

from collections.abc import Iterator

from procedure import actions as a
from procedure.facts import TaskDraft
from procedure.figures import conflicts
from procedure.incident import Incident
from procedure.obligations import owed
from procedure.parties import resolve
from procedure.words import Authority, Casualties, Severity, Verdict
from tests.procedure import two_files
from tests.procedure import village as v

Acts = Iterator[tuple[int, a.Action]]


def useful(walk: v.Walk) -> Acts:
    """What moves the incident on, as far as a sensible person sees."""
    incident = walk.incident
    if incident.closed_at:
        yield v.LEADER, a.ReopenIncident(reason=v.REASON)
        return
    if incident.authority is Authority.UNDECIDED:
        yield v.HEAD, a.DecideAuthority(beyond=True, reason=v.REASON)
        yield v.HEAD, a.DecideAuthority(beyond=False, reason=v.REASON)
    if not incident.detail("place"):
        yield v.REPORTER, a.AmendReport(item="place", text=v.WORDS)
    elif not incident.within and not incident.submitted_at:
        yield v.HEAD, a.SubmitReport(through=v.DEPARTMENT, to=v.COMMITTEE)
    yield from _consulting(walk)
    yield from _speaking(walk)
    yield from _settling(incident)
    if incident.result:
        yield v.HEAD if incident.within else v.LEADER, a.CloseIncident(opinion=v.WORDS)


def _consulting(walk: v.Walk) -> Acts:
    incident = walk.incident
    if incident.beyond and incident.submitted_at:
        if not incident.received_at:
            yield v.DUTY, a.ReceiveReport()
        if not incident.directions:
            yield v.MEMBER, v.direction(walk)
            yield v.SECRETARY, v.direction(walk, names_everything=True)
        if not incident.meeting:
            yield v.DUTY, v.meeting(walk)
    if incident.conclusion is None or incident.conclusion.authority is not incident.authority:
        yield v.HEAD if incident.within else v.DUTY, v.conclusion()
    elif not incident.conclusion.confirmed_at:
        yield v.LEADER, a.ConfirmConclusion()


def _speaking(walk: v.Walk) -> Acts:
    incident = walk.incident
    speaker = incident.spokesperson.person if incident.spokesperson else v.HEAD
    pending, text = incident.pending_statement, incident.approved_statement
    if pending:
        approver = v.HEAD if incident.within else v.LEADER
        yield approver if approver != pending.author else v.DEPUTY, v.approval(incident)
    elif text is None:
        yield v.REPORTER, a.DraftStatement(text=v.WORDS, holding=False)
    elif incident.official is None:
        yield speaker, v.speaking(text.version, walk.now + v.MINUTE)
    if incident.official and incident.result is None:
        yield speaker, v.result()


def _settling(incident: Incident) -> Acts:
    manager = v.HEAD if incident.within else v.DUTY
    for proposal in incident.proposals:
        if proposal.accepted is None:
            yield manager, a.DeclineProposal(proposal=proposal.id, reason=v.REASON)
    for task in incident.tasks:
        if not task.done_at:
            yield task.owner, a.FinishTask(task=task.id, note=v.WORDS)
    for claim in incident.claims:
        if not claim.verdict:
            yield (
                claim.by,
                a.CheckClaim(claim=claim.id, verdict=Verdict.FALSE, evidence=v.REASON),
            )
    for one in conflicts(incident):
        yield manager, a.SettleFigure(figures=one.ids, chosen=one.ids[-1], reason=v.REASON)
        yield v.LEADER, a.SettleFigure(figures=one.ids, chosen=one.ids[0], reason=v.REASON)
    for enquiry in incident.enquiries:
        if not enquiry.answered_at:
            speaker = incident.spokesperson.person if incident.spokesperson else v.HEAD
            yield speaker, a.AnswerEnquiry(enquiry=enquiry.id, answer=v.WORDS)
    for order in incident.orders:
        if not order.reported_at:
            yield order.person, a.ReportVerification(order=order.id, result=v.WORDS)
    for asked in incident.supplements:
        if not asked.provided_at:
            yield v.REPORTER, a.ProvideSupplement(supplement=asked.id, text=v.WORDS)
    for given in incident.directions:
        if not given.confirmed_at and given.corrected_by is None:
            yield given.member, a.ConfirmDirection(direction=given.id)


def meeting(walk: v.Walk) -> Acts:
    """What happens around a meeting: answers, stand-ins, changes, records."""
    held = walk.incident.meeting
    if held is None:
        return
    soon, manager = walk.now + v.DAY, v.HEAD if walk.incident.within else v.DUTY
    for one in held.invitees:
        for answer in ("yes", "no"):
            yield one.goes, a.AnswerInvitation(meeting=held.id, answer=answer)
        for person in (v.REPORTER, v.OUTSIDER):
            yield one.person, a.SendStandIn(meeting=held.id, person=person)
    change = {"meeting": held.id, "seen": held.moves, "reason": v.REASON}
    yield manager, a.MoveMeeting(starts_at=soon, place=v.WORDS, **change)
    yield held.chair, a.CancelMeeting(**change)
    yield manager, a.RecordAttendance(meeting=held.id, present=(v.HEAD, v.OUTSIDER))
    yield manager, a.RecordMinutes(meeting=held.id, text=v.WORDS)


def beside(walk: v.Walk) -> Acts:
    """What also happens on such a day."""
    incident, soon = walk.incident, walk.now + v.DAY
    task = TaskDraft(what=v.WORDS, owner=v.EXPERT, due=soon)
    speaker = incident.spokesperson.person if incident.spokesperson else None
    yield v.DEPUTY, a.DraftStatement(text=v.WORDS, holding=False)
    yield v.REPORTER, a.DraftStatement(text=v.WORDS, holding=True)
    yield v.HEAD, a.DraftStatement(text=v.REASON, holding=True)
    if incident.pending_statement:
        number = incident.pending_statement.version
        yield v.HEAD, a.AgreeStatement(statement=number)
        yield v.DUTY, v.approval(incident)
        yield v.LEADER, a.ReturnStatement(statement=number, reason=v.REASON)
    if incident.approved_statement:
        yield speaker or v.HEAD, v.speaking(incident.approved_statement.version, walk.now)
    yield from _figures(walk)
    yield v.CLOCK, a.RemindMeeting(meeting=1)
    yield from meeting(walk)
    yield v.REPORTER, a.LogClaim(text=v.WORDS)
    yield v.OUTSIDER, a.AddReport(line=v.WORDS)
    yield v.DUTY, a.MergeIncidents(other=two_files.OTHER, absorbed=two_files.two().other.incident)
    yield (
        v.DUTY,
        a.SplitIncident(other=two_files.OTHER, absorbed=two_files.one_file().other.incident),
    )
    yield v.WATCH, a.RecordEnquiry(outlet=v.WORDS, question=v.WORDS)
    yield v.DUTY, v.conclusion(tasks=(task,), stand_in=v.DEPUTY, spokesperson=v.EXPERT)
    yield v.DUTY, a.SetTask(what=v.WORDS, owner=v.EXPERT, due=soon, remedy=True)
    yield v.LEADER, a.AcceptProposal(proposal=1, owner=v.HEAD, due=soon)
    yield v.HEAD, a.OrderVerification(people=(v.OUTSIDER,), units=(v.AGENCY,), what=v.WORDS)
    yield v.DUTY, a.RequestSupplement(items=v.WORDS, due=soon)
    yield v.LEADER, a.WaiveMeeting(reason=v.REASON)
    yield v.LEADER, a.WaiveDirection(reason=v.REASON, member=v.MEMBER, means="phone")
    yield v.SECRETARY, v.direction(walk, member=v.MEMBER_TOO)
    yield v.SECRETARY, v.direction(walk, corrects=1)
    yield v.HEAD, a.DecideAuthority(beyond=True, reason=v.REASON)
    yield v.LEADER, _hand_over(speaker, v.EXPERT)
    yield v.DUTY, _hand_over(speaker, v.DEPUTY)
    yield v.REPORTER, a.ReportCasualties(casualties=Casualties.DEAD_OR_MISSING)
    yield v.DUTY, a.ChangeSeverity(severity=Severity.GRAVE, reason=v.REASON)
    yield speaker or v.HEAD, v.result()
    for one in owed(incident, v.TERMS)[:4]:
        for person in resolve(one.owner, incident, walk.organisation):
            yield person, a.AcknowledgeDuty(duty=one.key, working=True)
            yield person, a.ExtendDuty(duty=one.key, minutes=5)
    yield from _late(walk)
    yield from guiding(walk)
    yield from in_the_room(walk)


def guiding(walk: v.Walk) -> Acts:
    """Newsrooms are guided, messages are set, directives go out, the room changes."""
    incident = walk.incident
    manager = v.HEAD if incident.within else v.DUTY
    said = incident.spoken[-1].version if incident.spoken else 1
    yield v.DUTY, a.GuideNewsrooms(statement=said, people=(v.JOURNALIST,))
    for sent in incident.guidance:
        yield v.JOURNALIST, a.ReceiveGuidance(guidance=sent.id)
    yield manager, a.SetKeyMessages(statement=said, messages=(v.WORDS,), readers=(v.HEAD,))
    yield manager, a.SendDirective(text=v.WORDS, people=(v.REPORTER,))
    yield manager, a.AddRoomMember(person=v.OUTSIDER)
    yield manager, a.RemoveRoomMember(person=v.OUTSIDER)


def in_the_room(walk: v.Walk) -> Acts:
    """A group is bound, somebody comes who has no part, something is put on record."""
    yield v.ADMIN, a.BindRoom(channel="telegram", place="-4001", title=v.WORDS)
    yield v.REPORTER, a.KeepRecord(text=v.WORDS, said_at=walk.now)
    for room in walk.incident.rooms:
        if room.ended_at is None:
            yield v.CLOCK, a.MoveRoom(room=room.id, place=f"-100{room.id}")
            yield v.CLOCK, a.ChangeRoomRights(room=room.id, lacking=("can_pin_messages",))
            yield v.CLOCK, a.NoteGuest(guest=1, room=room.id)
            yield v.CLOCK, a.NoteGuest(guest=2, room=room.id, person=v.JOURNALIST)
            yield v.CLOCK, a.EndRoom(room=room.id, why="removed")
    for guest in walk.incident.guests:
        for watch in (v.DUTY, v.HEAD):
            yield watch, a.AdmitGuest(guest=guest.id)
            yield watch, a.RemoveGuest(guest=guest.id)
        yield v.CLOCK, a.NoteGuestLeft(guest=guest.id)
    for record in walk.incident.records[-1:]:
        yield record.author, a.WithdrawRecord(record=record.id)


def _figures(walk: v.Walk) -> Acts:
    """The slide is measured by two units, and somebody wants to say its length."""
    yield v.REPORTER, v.figure("35")
    yield v.EXPERT, v.figure("38")
    yield v.HEAD, v.figure("38")
    for one in conflicts(walk.incident):
        yield v.LEADER, a.SettleFigure(figures=one.ids, chosen=None)
    for value in ("35", "38"):
        yield v.REPORTER, a.DraftStatement(text=v.length(value), holding=False)


def _hand_over(expected: int | None, person: int) -> a.AssignSpokesperson:
    return a.AssignSpokesperson(
        person=person, expected=expected, by_authority=v.REASON, reason=v.REASON
    )


def _late(walk: v.Walk) -> Acts:
    """More time and help, work handed on, and what was said on the telephone."""
    incident = walk.incident
    for one in owed(incident, v.TERMS)[:4]:
        for person in resolve(one.owner, incident, walk.organisation):
            yield person, a.AskMoreTime(duty=one.key, minutes=30)
            yield person, a.AskHelp(duty=one.key, need="people", text=v.WORDS)
            yield person, a.SayNotMine(duty=one.key, whose=v.EXPERT, text=v.WORDS)
    for key, wish in incident.time_wishes.items():
        yield wish.decides, a.ExtendDuty(duty=key, minutes=wish.minutes)
        yield wish.decides, a.DeclineMoreTime(duty=key)
    for key, said in incident.not_mine.items():
        yield v.LEADER, a.ReassignDuty(duty=key, to=said.whose or v.EXPERT, expected=said.by)
        yield v.DUTY, a.KeepWithOwner(duty=key)
    work = {f"task:{task.id}": task.owner for task in incident.tasks if not task.done_at}
    work |= {f"O5:{order.id}": order.person for order in incident.orders if not order.reported_at}
    for key, owner in work.items():
        yield owner, a.OfferTask(duty=key, to=v.WATCH if owner != v.WATCH else v.OUTSIDER)
        yield v.DUTY, a.ReassignDuty(duty=key, to=v.DEPUTY, expected=owner)
    for key, offer in incident.offers.items():
        yield offer.to, a.AcceptOffer(duty=key)
        yield offer.to, a.DeclineOffer(duty=key)
        yield offer.by, a.WithdrawOffer(duty=key)
    said_so = a.RecordPhoneDecision(
        decider=v.HEAD, heard_by=v.DEPUTY, at=walk.now, words=v.WORDS, about=None
    )
    yield v.WATCH, said_so
    for decision in incident.phone_decisions[-1:]:
        yield decision.decider, a.ConfirmPhoneDecision(decision=decision.id)
        yield decision.decider, a.CorrectPhoneDecision(decision=decision.id, words=v.REASON)
