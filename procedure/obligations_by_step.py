"""The duties of the four steps of the regulation."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from procedure.incident import Incident
from procedure.obligation import Obligation, Terms, simple
from procedure.parties import Party, Post
from procedure.steps import (
    has_conclusion,
    has_direction,
    missing_for_closing,
    missing_for_speaking,
    result_is_due,
)
from procedure.words import Authority, Duty, Severity

#: How long a meeting is taken to last when nobody says that it has ended.
MEETING_LASTS = timedelta(minutes=45)
#: How long before it begins those who come are reminded, and never sooner after the call.
MEETING_SOON = timedelta(minutes=30)


def step_one(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    """Receipt, quick and written report, verification ordered (Bước 1; rows 15–20)."""
    opened, severity = incident.opened_at, incident.severity
    head = Party(Post.HEAD_OF_UNIT)
    assert opened is not None and incident.detected is not None
    undecided = incident.authority is Authority.UNDECIDED and not incident.submitted_at
    if undecided and "O1:open" not in incident.acknowledged:
        yield simple(Duty.RECEIPT, head, opened, terms, severity, key="O1:open")
    if not incident.within and not incident.submitted_at:
        # A unit that first kept the incident owes the report from the moment it went beyond.
        start = incident.went_beyond_at or incident.detected.at
        yield simple(Duty.QUICK_REPORT, head, start, terms, severity, chain=True)
    if incident.submitted_at and not incident.written_at and incident.beyond:
        since = incident.went_beyond_at or incident.detected.at
        yield simple(Duty.WRITTEN_REPORT, head, since, terms, severity)
    decided = incident.authority is not Authority.UNDECIDED
    if decided and not incident.orders and not incident.official:
        decided_at = incident.authority_decided_at or opened
        yield simple(Duty.ORDER_VERIFICATION, head, decided_at, terms, severity)


def step_two(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    """Intake, brief, direction, meeting, conclusion (Bước 2; rows 25–33)."""
    severity, duty_officer = incident.severity, Party(Post.DUTY_OFFICER)
    if incident.beyond and incident.submitted_at:
        if not incident.received_at:
            start = incident.submitted_at
            yield simple(Duty.INTAKE, duty_officer, start, terms, severity, chain=True)
        elif not incident.brief and not has_direction(incident):
            start = incident.received_at
            yield simple(Duty.BRIEF, duty_officer, start, terms, severity, chain=True)
        elif incident.brief and not has_direction(incident):
            office = Party(Post.COMMITTEE_OFFICE)
            yield simple(Duty.DIRECTION, office, incident.brief.at, terms, severity, chain=True)
        yield from _meeting(incident, terms)
    elif incident.within and not has_conclusion(incident):
        decided = incident.authority_decided_at
        assert decided is not None
        if not _awaits_confirmation(incident):
            yield simple(
                Duty.CONCLUSION, Party(Post.HEAD_OF_UNIT), decided, terms, severity, chain=True
            )
    yield from _confirmation(incident, terms)


def _meeting(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    if not incident.received_at or has_conclusion(incident) or _awaits_confirmation(incident):
        return
    severity, duty_officer = incident.severity, Party(Post.DUTY_OFFICER)
    direction = incident.current_direction
    settled = incident.meeting or incident.meeting_waiver
    if not settled and not (direction and direction.names_everything):
        # A cancelled meeting is owed again from the moment it was cancelled.
        cancelled = [one.cancelled_at for one in incident.cancelled_meetings if one.cancelled_at]
        start = max([incident.received_at, *cancelled[-1:]])
        yield simple(Duty.MEETING, duty_officer, start, terms, severity, chain=True)
        return
    if incident.meeting:
        start = incident.meeting.at + MEETING_LASTS
    elif incident.meeting_waiver:
        start = incident.meeting_waiver.at
    else:
        assert direction is not None
        start = direction.at
    yield simple(Duty.CONCLUSION, duty_officer, start, terms, severity, chain=True)


def _awaits_confirmation(incident: Incident) -> bool:
    conclusion = incident.conclusion
    return bool(
        conclusion and not conclusion.confirmed_at and conclusion.authority is incident.authority
    )


def reminder_at(incident: Incident) -> datetime | None:
    """When the meeting is to be remembered, UTC; None when nobody needs it any more."""
    meeting = incident.meeting
    over = incident.closed_at or incident.yielded or has_conclusion(incident)
    if meeting is None or meeting.reminded_at or over:
        return None
    at = max(meeting.at - MEETING_SOON, meeting.since + MEETING_SOON / 2)
    return at if at < meeting.at else None


def _confirmation(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    conclusion = incident.conclusion
    if conclusion is None or not _awaits_confirmation(incident):
        return
    due = terms.after(Duty.CONCLUSION, incident.severity, conclusion.drafted_at)
    owner = Party(Post.HEAD_OF_UNIT) if incident.within else Party(Post.CHAIR)
    yield Obligation(
        key=Duty.CONFIRM_CONCLUSION.value,
        duty=Duty.CONFIRM_CONCLUSION,
        owner=owner,
        start=conclusion.drafted_at,
        due=due,
        chain=True,
    )


def step_three(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    """What is to be said, by when, and whose word it awaits (Bước 3; rows 34–37)."""
    pending = incident.pending_statement
    if pending:
        yield _approval(incident, terms)
    if incident.official:
        yield from _speak_again(incident, terms)
        return
    severity = incident.severity
    occurred = incident.happened or incident.detected
    assert occurred is not None and incident.detected is not None
    speaks = Party(Post.SPOKESPERSON)
    if _must_be_spoken(incident):
        due = terms.after(Duty.OFFICIAL_STATEMENT, severity, occurred.at)
        yield Obligation(
            key=Duty.OFFICIAL_STATEMENT.value,
            duty=Duty.OFFICIAL_STATEMENT,
            owner=speaks,
            start=occurred.at,
            due=due,
            legal=True,
        )
    if not missing_for_speaking(incident) and not (pending and not pending.holding):
        ready = incident.conclusion.confirmed_at if incident.conclusion else None
        approved = incident.approved_statement
        start = approved.approved_at if approved and approved.approved_at else ready
        assert start is not None
        due = terms.after(Duty.OFFICIAL_STATEMENT_TARGET, severity, occurred.at)
        floor = terms.after(Duty.APPROVAL, severity, start)
        yield Obligation(
            key=Duty.OFFICIAL_STATEMENT_TARGET.value,
            duty=Duty.OFFICIAL_STATEMENT_TARGET,
            owner=speaks,
            start=start,
            due=max(due, floor),
            chain=True,
        )
    if _wants_holding(incident):
        start = incident.detected.at
        yield simple(Duty.HOLDING_STATEMENT, speaks, start, terms, severity)


def _speak_again(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    """A further text that has been approved is owed like the first ("phát ngôn bổ sung")."""
    ready = incident.approved_statement
    said = {spoken.version for spoken in incident.spoken}
    if ready is None or ready.approved_at is None or ready.version in said:
        return
    yield Obligation(
        key=Duty.OFFICIAL_STATEMENT_TARGET.value,
        duty=Duty.OFFICIAL_STATEMENT_TARGET,
        owner=Party(Post.SPOKESPERSON),
        start=ready.approved_at,
        due=terms.after(Duty.APPROVAL, incident.severity, ready.approved_at),
        chain=True,
    )


def _must_be_spoken(incident: Incident) -> bool:
    """Whether the 24 hours of the decree run: not for a small matter nobody asks about."""
    small = incident.within and incident.severity is Severity.ORDINARY
    return not small or _public_asks(incident)


def _public_asks(incident: Incident) -> bool:
    return bool(incident.claims or incident.enquiries)


def _wants_holding(incident: Incident) -> bool:
    if incident.spoken or not missing_for_speaking(incident):
        return False
    pending = incident.pending_statement
    if pending and pending.holding:
        return False
    if incident.authority is Authority.UNDECIDED:
        return False
    return incident.severity is not Severity.ORDINARY or _public_asks(incident)


def approver(incident: Incident) -> Party:
    """Whose word the pending statement awaits (domain.md §8.3 end, conduct §9)."""
    pending = incident.pending_statement
    needs_head = incident.within or (pending is not None and pending.holding)
    if needs_head and pending and not pending.agreed_at:
        return Party(Post.HEAD_OF_UNIT)
    if pending and pending.holding:
        return Party(Post.DUTY_OFFICER)
    return Party(Post.LEADER)


def _approval(incident: Incident, terms: Terms) -> Obligation:
    pending = incident.pending_statement
    assert pending is not None
    start = pending.agreed_at or pending.drafted_at
    return Obligation(
        key=f"{Duty.APPROVAL.value}:{pending.version}",
        duty=Duty.APPROVAL,
        owner=approver(incident),
        start=start,
        due=terms.after(Duty.APPROVAL, incident.severity, start),
        subject=pending.version,
        chain=not pending.holding,
    )


def step_four(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    """The result report, its proposals, the end (Bước 4; rows 38–41)."""
    said = incident.official
    if said is None:
        return
    severity = incident.severity
    if result_is_due(incident):
        yield simple(
            Duty.RESULT_REPORT, Party(Post.SPOKESPERSON), said.at, terms, severity, chain=True
        )
    result = incident.result
    decides = Party(Post.HEAD_OF_UNIT if incident.within else Post.LEADER)
    if result and any(one.accepted is None for one in incident.proposals):
        yield simple(Duty.PROPOSALS, decides, result.at, terms, severity, chain=True)
    if result and not missing_for_closing(incident):
        yield simple(Duty.CLOSING, decides, result.at, terms, severity, chain=True)
