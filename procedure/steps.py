"""Where an incident stands, and what still bars the next step; derived, never stored."""

from procedure.figures import conflicts
from procedure.incident import Incident
from procedure.words import Authority, Step


def step(incident: Incident) -> Step:
    """The step of the regulation in which an incident is."""
    if incident.closed_at:
        return Step.CLOSED
    if incident.official:
        return Step.FOLLOW_UP
    if not missing_for_speaking(incident):
        return Step.SPEAK
    if incident.within or (incident.beyond and incident.submitted_at):
        return Step.CONSULT
    return Step.REPORT


def has_direction(incident: Incident) -> bool:
    """Beyond authority the committee's direction; within it the head's conclusion is one."""
    if incident.within:
        return has_conclusion(incident)
    return incident.current_direction is not None or incident.direction_waiver is not None


def has_conclusion(incident: Incident) -> bool:
    """A confirmed conclusion, made under the authority in force (an upgrade asks anew)."""
    conclusion = incident.conclusion
    return bool(
        conclusion
        and conclusion.confirmed_at
        and conclusion.authority is incident.authority
        and incident.authority is not Authority.UNDECIDED
    )


def missing_for_speaking(incident: Incident) -> tuple[str, ...]:
    """The gates to Step 3 that are still shut, by name (Bước 2 and Bước 3)."""
    missing = []
    if incident.authority is Authority.UNDECIDED:
        missing.append("authority")
    if incident.beyond and not incident.submitted_at:
        missing.append("report")
    if not has_direction(incident):
        missing.append("direction")
    if not has_conclusion(incident):
        missing.append("conclusion")
    elif incident.conclusion and not incident.conclusion.forms:
        missing.append("forms")
    if incident.focal_point is None:
        missing.append("focal_point")
    if incident.spokesperson is None:
        missing.append("spokesperson")
    return tuple(missing)


def result_is_due(incident: Incident) -> bool:
    """Whether something official was said that no result report covers yet (Bước 4)."""
    said = incident.official
    return bool(said and (not incident.result or incident.result.at < said.recorded_at))


def missing_for_closing(incident: Incident) -> tuple[str, ...]:
    """What bars the end, by name (domain.md row 41, conduct §7)."""
    missing = []
    if incident.official is None:
        missing.append("statement")
    if incident.official is None or result_is_due(incident):
        missing.append("result")
    if any(claim.verdict is None for claim in incident.claims):
        missing.append("claims")
    if conflicts(incident):
        missing.append("figures")
    if any(enquiry.answered_at is None for enquiry in incident.enquiries):
        missing.append("enquiries")
    if any(task.done_at is None and task.remedy for task in incident.tasks):
        missing.append("remedies")
    if any(task.done_at is None and not task.remedy for task in incident.tasks):
        missing.append("tasks")
    if any(proposal.accepted is None for proposal in incident.proposals):
        missing.append("proposals")
    if any(order.reported_at is None for order in incident.orders):
        missing.append("verification")
    if any(asked.provided_at is None for asked in incident.supplements):
        missing.append("supplements")
    if incident.pending_statement is not None:
        missing.append("pending_statement")
    live = (one for one in incident.directions if one.corrected_by is None)
    if any(one.confirmed_at is None for one in live):
        missing.append("direction_confirmation")
    if incident.official:
        # It went beyond the unit's authority after the unit had spoken: Step 2 is still owed.
        missing += missing_for_speaking(incident)
    return tuple(missing)
