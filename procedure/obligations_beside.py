"""The duties that run beside the four steps."""

from collections.abc import Iterator
from datetime import datetime

from procedure.figures import conflicts, settler
from procedure.guidance import directive_key, unreceived
from procedure.incident import Incident
from procedure.obligation import Obligation, Terms, about
from procedure.parties import Party, Post, person
from procedure.steps import has_conclusion
from procedure.words import Duty


def beside(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    """What runs beside the steps: verification, claims, figures, enquiries, tasks, receipts."""
    severity = incident.severity
    for order in incident.orders:
        if order.reported_at is None:
            yield about(Duty.VERIFICATION, order.id, order.person, order.ordered_at, order.due)
    for asked in incident.supplements:
        if asked.provided_at is None:
            yield Obligation(
                key=f"{Duty.SUPPLEMENT.value}:{asked.id}",
                duty=Duty.SUPPLEMENT,
                owner=Party(Post.HEAD_OF_UNIT, unit=asked.unit),
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
    yield from _figures(incident, terms)
    yield from _people_beside(incident, terms)


def _figures(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    """Of numbers that differ one must be chosen (row 20, conduct §10)."""
    for one in conflicts(incident):
        yield Obligation(
            key=f"{Duty.FIGURE_CONFLICT.value}:{one.id}",
            duty=Duty.FIGURE_CONFLICT,
            owner=settler(incident),
            start=one.since,
            due=terms.after(Duty.FIGURE_CONFLICT, incident.severity, one.since),
            subject=one.id,
        )


def _people_beside(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    severity = incident.severity
    meeting = incident.meeting
    if meeting and not has_conclusion(incident) and meeting.present_at is None:
        for one in meeting.invitees:
            if one.answer is None:
                start = max(one.asked_at or meeting.since, meeting.since)
                due = terms.after(Duty.ATTENDANCE, severity, start)
                due = max(min(due, meeting.at), start)
                yield about(Duty.ATTENDANCE, one.goes, one.goes, start, due)
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
            yield about(Duty.TASK, task.id, task.owner, task.set_at, task.due)
    yield from _receipts(incident, terms)


def _receipts(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    """Whoever is assigned, ordered or tasked says "đã nhận" (O1); acting is a receipt too."""
    given: list[tuple[str, int, datetime]] = []
    if incident.spokesperson and not incident.official:
        given.append(("O1:spokesperson", incident.spokesperson.person, incident.spokesperson.at))
    if incident.focal_point and not incident.official:
        given.append(("O1:focal_point", incident.focal_point.person, incident.focal_point.at))
    given += [
        (
            f"O1:order:{order.id}",
            order.person,
            _given_at(incident, f"O5:{order.id}", order.ordered_at),
        )
        for order in incident.orders
        if order.reported_at is None
    ]
    given += [
        (f"O1:task:{task.id}", task.owner, _given_at(incident, f"task:{task.id}", task.set_at))
        for task in incident.tasks
        if task.done_at is None
    ]
    yield from _directives(incident, terms)
    for key, owner, at in given:
        if not _has_received(incident, key, owner, at):
            due = terms.after(Duty.RECEIPT, incident.severity, at)
            yield Obligation(
                key=f"{key}:{owner}", duty=Duty.RECEIPT, owner=person(owner), start=at, due=due
            )


def _directives(incident: Incident, terms: Terms) -> Iterator[Obligation]:
    """A directive wants a receipt of its own: other acts do not say that it was read (row 23)."""
    for sent in incident.directives:
        for who in unreceived(incident, sent):
            yield Obligation(
                key=directive_key(sent.id, who),
                duty=Duty.RECEIPT,
                owner=person(who),
                start=sent.at,
                due=terms.after(Duty.RECEIPT, incident.severity, sent.at),
                subject=sent.id,
            )


def _given_at(incident: Incident, key: str, first: datetime) -> datetime:
    """When a piece of work came to its present owner."""
    handed = incident.handed_on.get(key)
    return handed[-1].at if handed else first


def _has_received(incident: Incident, key: str, owner: int, at: datetime) -> bool:
    acted = incident.acted.get(str(owner))
    receipt = incident.acknowledged.get(f"{key}:{owner}")
    return bool((acted and acted >= at) or (receipt and receipt >= at))
