"""What is owed, by whom, by when: derived from the facts, never stored (design.md §2b)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from procedure.calendar import Calendar
from procedure.incident import Incident
from procedure.parties import Party, Post, person
from procedure.policy import Policy
from procedure.steps import (
    has_conclusion,
    has_direction,
    missing_for_closing,
    missing_for_speaking,
    result_is_due,
)
from procedure.words import Authority, Casualties, Duty, Severity


@dataclass(frozen=True, kw_only=True)
class Obligation:
    """One duty that stands open. `start` and `due` are UTC.

    `key` is unique in the incident and stays the same while the duty stands; `subject` is
    the id of the order, claim, task … that it is about. `chain` marks the duties that move
    the incident from step to step: the first of them holds the ball.
    """

    key: str
    duty: Duty
    owner: Party
    start: datetime
    due: datetime
    subject: int = 0
    chain: bool = False
    legal: bool = False


@dataclass(frozen=True)
class Terms:
    """The numbers in force for one incident: its stamped policy and its calendar."""

    policy: Policy
    calendar: Calendar

    def after(self, duty: Duty, severity: Severity, start: datetime) -> datetime:
        """When a duty that starts at `start` is due, UTC."""
        return self.policy.allowance(duty.value, severity).after(start, self.calendar)


#: How long a meeting is taken to last when nobody says that it has ended.
MEETING_LASTS = timedelta(minutes=45)


def owed(incident: Incident, terms: Terms) -> tuple[Obligation, ...]:
    """All open duties of an incident, those that move it first; empty once it is closed."""
    if incident.closed_at or incident.opened_at is None:
        return ()
    found = [*_step_one(incident, terms), *_step_two(incident, terms)]
    found += [*_step_three(incident, terms), *_step_four(incident, terms)]
    found += [*_beside(incident, terms)]
    extended = [_extended(incident, one) for one in found]
    return tuple(sorted(extended, key=lambda one: (not one.chain, one.due, one.key)))


def ball(incident: Incident, terms: Terms) -> Obligation | None:
    """Who has the ball: the first chain duty; None only when the incident is closed."""
    if incident.closed_at or incident.opened_at is None:
        return None
    chain = [one for one in _in_chain_order(owed(incident, terms)) if one.chain]
    return chain[0] if chain else _idle(incident)


def find(incident: Incident, terms: Terms, key: str) -> Obligation | None:
    """The open duty with this key, or None when it has been met or never stood."""
    return next((one for one in owed(incident, terms) if one.key == key), None)


_CHAIN = (
    Duty.QUICK_REPORT,
    Duty.INTAKE,
    Duty.BRIEF,
    Duty.CONFIRM_CONCLUSION,
    Duty.CONCLUSION,
    Duty.DIRECTION,
    Duty.MEETING,
    Duty.APPROVAL,
    Duty.OFFICIAL_STATEMENT_TARGET,
    Duty.RESULT_REPORT,
    Duty.PROPOSALS,
    Duty.CLOSING,
)


def _in_chain_order(duties: tuple[Obligation, ...]) -> list[Obligation]:
    ranked = {duty: n for n, duty in enumerate(_CHAIN)}
    return sorted(duties, key=lambda one: ranked.get(one.duty, len(ranked)))


def _idle(incident: Incident) -> Obligation:
    """Between two chain duties the leader (within authority the head) watches over it."""
    at = incident.result.at if incident.result else incident.opened_at
    assert at is not None
    owner = Party(Post.HEAD_OF_UNIT if incident.within else Post.LEADER)
    return Obligation(key="watch", duty=Duty.CLOSING, owner=owner, start=at, due=at, chain=True)


def manager(incident: Incident) -> Party:
    """Who runs Step 2: the department's duty officer, or the head within his authority."""
    return Party(Post.HEAD_OF_UNIT if incident.within else Post.DUTY_OFFICER)


def _step_one(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    opened, severity = incident.opened_at, incident.severity
    head = Party(Post.HEAD_OF_UNIT)
    assert opened is not None and incident.detected is not None
    undecided = incident.authority is Authority.UNDECIDED and not incident.submitted_at
    if undecided and "O1:open" not in incident.acknowledged:
        yield _simple(Duty.RECEIPT, head, opened, terms, severity, key="O1:open")
    if not incident.within and not incident.submitted_at:
        start = incident.detected.at
        if incident.authority_decided_at and incident.authority_decided_at > start:
            start = incident.authority_decided_at if _upgraded(incident) else start
        yield _simple(Duty.QUICK_REPORT, head, start, terms, severity, chain=True)
    if incident.submitted_at and not incident.written_at and incident.beyond:
        since = incident.submitted_at if _upgraded(incident) else incident.detected.at
        yield _simple(Duty.WRITTEN_REPORT, head, since, terms, severity)
    decided = incident.authority is not Authority.UNDECIDED
    if decided and not incident.orders and not incident.official:
        decided_at = incident.authority_decided_at or opened
        yield _simple(Duty.ORDER_VERIFICATION, head, decided_at, terms, severity)


def _upgraded(incident: Incident) -> bool:
    """Whether the unit first kept the incident: its clock starts when it went beyond."""
    conclusion = incident.conclusion
    return bool(conclusion and conclusion.authority is Authority.WITHIN) or (
        incident.authority_decided_at is not None
        and incident.detected is not None
        and incident.suggested_authority is Authority.WITHIN
    )


def _step_two(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    severity, duty_officer = incident.severity, Party(Post.DUTY_OFFICER)
    if incident.beyond and incident.submitted_at:
        if not incident.received_at:
            start = incident.submitted_at
            yield _simple(Duty.INTAKE, duty_officer, start, terms, severity, chain=True)
        elif not incident.brief and not has_direction(incident):
            start = incident.received_at
            yield _simple(Duty.BRIEF, duty_officer, start, terms, severity, chain=True)
        elif incident.brief and not has_direction(incident):
            office = Party(Post.COMMITTEE_OFFICE)
            yield _simple(Duty.DIRECTION, office, incident.brief.at, terms, severity, chain=True)
        yield from _meeting(incident, terms)
    elif incident.within and not has_conclusion(incident):
        decided = incident.authority_decided_at
        assert decided is not None
        if not _awaits_confirmation(incident):
            yield _simple(
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
        start = incident.received_at
        yield _simple(Duty.MEETING, duty_officer, start, terms, severity, chain=True)
        return
    if incident.meeting:
        start = incident.meeting.at + MEETING_LASTS
    elif incident.meeting_waiver:
        start = incident.meeting_waiver.at
    else:
        assert direction is not None
        start = direction.at
    yield _simple(Duty.CONCLUSION, duty_officer, start, terms, severity, chain=True)


def _awaits_confirmation(incident: Incident) -> bool:
    conclusion = incident.conclusion
    return bool(
        conclusion and not conclusion.confirmed_at and conclusion.authority is incident.authority
    )


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


def _step_three(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    if incident.official:
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
    pending = incident.pending_statement
    if pending:
        yield _approval(incident, terms)
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
        yield _simple(Duty.HOLDING_STATEMENT, speaks, start, terms, severity)


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


def _step_four(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    said = incident.official
    if said is None:
        return
    severity = incident.severity
    if result_is_due(incident):
        yield _simple(
            Duty.RESULT_REPORT, Party(Post.SPOKESPERSON), said.at, terms, severity, chain=True
        )
    result = incident.result
    decides = Party(Post.HEAD_OF_UNIT if incident.within else Post.LEADER)
    if result and any(one.accepted is None for one in incident.proposals):
        yield _simple(Duty.PROPOSALS, decides, result.at, terms, severity, chain=True)
    if result and not missing_for_closing(incident):
        yield _simple(Duty.CLOSING, decides, result.at, terms, severity, chain=True)


def _beside(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    severity = incident.severity
    for order in incident.orders:
        if order.reported_at is None:
            yield _about(Duty.VERIFICATION, order.id, order.person, order.ordered_at, order.due)
    for asked in incident.supplements:
        if asked.provided_at is None:
            yield Obligation(
                key=f"{Duty.SUPPLEMENT.value}:{asked.id}",
                duty=Duty.SUPPLEMENT,
                owner=Party(Post.HEAD_OF_UNIT),
                start=asked.asked_at,
                due=asked.due,
                subject=asked.id,
            )
    for claim in incident.claims:
        if claim.verdict is None:
            due = terms.after(Duty.CLAIM_CHECK, severity, claim.at)
            yield Obligation(
                key=f"{Duty.CLAIM_CHECK.value}:{claim.id}",
                duty=Duty.CLAIM_CHECK,
                owner=Party(Post.FOCAL_POINT),
                start=claim.at,
                due=due,
                subject=claim.id,
            )
    yield from _people_beside(incident, terms)


def _people_beside(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    severity = incident.severity
    meeting = incident.meeting
    if meeting and not has_conclusion(incident):
        for one in meeting.invitees:
            if one.answer is None:
                due = terms.after(Duty.ATTENDANCE, severity, meeting.called_at)
                due = min(due, meeting.at)
                yield _about(Duty.ATTENDANCE, one.person, one.person, meeting.called_at, due)
    for enquiry in incident.enquiries:
        if enquiry.answered_at is None:
            yield Obligation(
                key=f"{Duty.PRESS_ENQUIRY.value}:{enquiry.id}",
                duty=Duty.PRESS_ENQUIRY,
                owner=Party(Post.SPOKESPERSON),
                start=enquiry.at,
                due=terms.after(Duty.PRESS_ENQUIRY, severity, enquiry.at),
                subject=enquiry.id,
            )
    for task in incident.tasks:
        if task.done_at is None:
            yield _about(Duty.TASK, task.id, task.owner, task.set_at, task.due)
    yield from _receipts(incident, terms)


def _receipts(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    """Whoever is assigned, ordered or tasked says "đã nhận" (O1); acting is a receipt too."""
    given: list[tuple[str, int, datetime]] = []
    if incident.spokesperson and not incident.official:
        given.append(("O1:spokesperson", incident.spokesperson.person, incident.spokesperson.at))
    if incident.focal_point and not incident.official:
        given.append(("O1:focal_point", incident.focal_point.person, incident.focal_point.at))
    given += [
        (f"O1:order:{order.id}", order.person, order.ordered_at)
        for order in incident.orders
        if order.reported_at is None
    ]
    given += [
        (f"O1:task:{task.id}", task.owner, task.set_at)
        for task in incident.tasks
        if task.done_at is None
    ]
    for key, owner, at in given:
        if not _has_received(incident, key, owner, at):
            due = terms.after(Duty.RECEIPT, incident.severity, at)
            yield Obligation(
                key=f"{key}:{owner}", duty=Duty.RECEIPT, owner=person(owner), start=at, due=due
            )


def _has_received(incident: Incident, key: str, owner: int, at: datetime) -> bool:
    acted = incident.acted.get(str(owner))
    receipt = incident.acknowledged.get(f"{key}:{owner}")
    return bool((acted and acted >= at) or (receipt and receipt >= at))


def _simple(
    duty: Duty,
    owner: Party,
    start: datetime,
    terms: Terms,
    severity: Severity,
    *,
    key: str | None = None,
    chain: bool = False,
) -> Obligation:
    return Obligation(
        key=key or duty.value,
        duty=duty,
        owner=owner,
        start=start,
        due=terms.after(duty, severity, start),
        chain=chain,
    )


def _about(duty: Duty, subject: int, owner: int, start: datetime, due: datetime) -> Obligation:
    return Obligation(
        key=f"{duty.value}:{subject}",
        duty=duty,
        owner=person(owner),
        start=start,
        due=due,
        subject=subject,
    )


def _extended(incident: Incident, one: Obligation) -> Obligation:
    """Time granted on "Cần hỗ trợ"; a legal clock cannot be extended, only annotated."""
    if one.legal:
        return one
    minutes = sum(more.minutes for more in incident.extensions.get(one.key, ()))
    return replace(one, due=one.due + timedelta(minutes=minutes)) if minutes else one


def is_alarming(incident: Incident) -> bool:
    """Whether the duty officer must hear before the head has acted (conduct §1)."""
    return incident.casualties is Casualties.DEAD_OR_MISSING
