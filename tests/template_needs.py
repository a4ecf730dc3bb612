"""Which sentences may be said about an incident in which state."""

from collections.abc import Callable

from procedure.incident import Incident
from tests import template_facts_rooms as rooms

Fits = Callable[[Incident], object]
_NEEDS: tuple[tuple[str, Fits], ...] = (
    ("forms/guide_newsrooms#finished", lambda v: v.guidance),
    ("forms/guide_newsrooms", lambda v: v.spoken and not v.guidance),
    ("forms/key_messages#finished", lambda v: v.key_messages),
    ("forms/key_messages", lambda v: v.spoken),
    ("notices/guidance", lambda v: v.guidance),
    ("notices/key_messages", lambda v: v.key_messages),
    ("notices/directive", lambda v: v.directives),
    ("views/guidance#story", lambda v: v.key_messages),
    ("views/guidance#released", lambda v: v.spoken),
    ("notices/claim", lambda v: v.claims and v.claims[0].verdict),
    ("forms/check_claim", lambda v: v.claims),
    ("forms/claim#finished", lambda v: v.claims),
    ("notices/verification", lambda v: v.orders and v.orders[0].result),
    ("forms/order_verification#finished", lambda v: v.orders),
    ("notices/supplement_requested", lambda v: v.supplements),
    ("forms/provide_supplement", lambda v: v.supplements),
    ("notices/enquiry", lambda v: v.enquiries),
    ("forms/answer_enquiry", lambda v: v.enquiries),
    ("forms/decide_proposal", lambda v: v.proposals),
    ("notices/task_offered", lambda v: True),
    ("notices/phone_decision", lambda v: v.phone_decisions),
    ("notices/task", lambda v: v.tasks and v.tasks[0].note),
    ("rings/owner#task", lambda v: v.tasks),
    ("notices/direction_waived", lambda v: v.direction_waiver),
    ("notices/direction", lambda v: v.directions),
    ("views/incident#direction", lambda v: v.directions),
    ("notices/meeting_waived", lambda v: v.meeting_waiver),
    ("notices/meeting_moved", lambda v: v.meeting and v.meeting.moves),
    ("notices/meeting_cancelled", lambda v: v.cancelled_meetings),
    ("forms/cancel_meeting#finished", lambda v: v.cancelled_meetings),
    ("forms/cancel_meeting", lambda v: v.meeting),
    ("forms/move_meeting", lambda v: v.meeting),
    ("forms/send_stand_in", lambda v: v.meeting),
    ("forms/attendance", lambda v: v.meeting and v.meeting.present_at),
    ("notices/absent", lambda v: v.meeting and v.meeting.present_at),
    ("notices/stand_in", lambda v: v.meeting),
    ("words#meeting_", lambda v: v.meeting),
    ("ics#", lambda v: v.meeting),
    ("notices/meeting", lambda v: v.meeting),
    ("notices/chair_informed", lambda v: v.meeting),
    ("notices/invitation", lambda v: v.meeting),
    ("acts#AnswerInvitation", lambda v: v.meeting),
    ("rings/owner#attendance", lambda v: v.meeting),
    ("forms/meeting#finished", lambda v: v.meeting),
    ("notices/conclusion", lambda v: v.conclusion),
    ("views/incident#conclusion", lambda v: v.conclusion),
    ("forms/conclusion#finished", lambda v: v.conclusion),
    ("acts#ConfirmConclusion", lambda v: v.spokesperson),
    ("notices/spokesperson", lambda v: v.spokesperson),
    ("notices/focal_point", lambda v: v.focal_point),
    ("forms/assign_focal_point#finished", lambda v: v.focal_point),
    ("notices/statement_contested", lambda v: len(v.figures) > 1),
    ("notices/holding_to_approve", lambda v: v.statements),
    ("notices/statement_in_force", lambda v: v.spoken),
    ("notices/statement_returned", lambda v: v.statements and v.statements[0].returned_reason),
    ("notices/statement_approved", lambda v: v.statements and v.statements[0].approved_at),
    ("notices/statement", lambda v: v.statements),
    ("views/incident#statement", lambda v: v.statements),
    ("forms/spoken#finished", lambda v: v.spoken),
    ("notices/report_received", lambda v: v.received_at),
    ("notices/report_went_up", lambda v: v.submitted_at),
    ("notices/head_informed", lambda v: v.submitted_at),
    ("notices/submitted_for_you", lambda v: v.submitted_at),
    ("notices/written_report_arrived", lambda v: v.written_at),
    ("notices/incident_ended", lambda v: v.closed_at),
    ("notices/further_report", lambda v: v.reports),
    ("forms/split#preview", lambda v: v.live_merged),
    ("forms/split#finished", lambda v: v.merged and not v.live_merged),
    ("rings/owner#direction", lambda v: v.brief),
    ("views/incident#brief", lambda v: v.brief),
    ("forms/figure#finished", lambda v: v.figures),
    ("forms/settle_figure", lambda v: len(v.figures) > 1),
    ("notices/figure", lambda v: len(v.figures) > 1),
    ("views/figures", lambda v: len(v.figures) > 1),
    ("rings/owner#figure_conflict", lambda v: len(v.figures) > 1),
    ("refusals#figure_contested", lambda v: len(v.figures) > 1),
    ("refusals#figure_not_chosen", lambda v: len(v.figures) > 1),
    ("answers#bad_figure_contested", lambda v: len(v.figures) > 1),
    ("answers#bad_figure_not_chosen", lambda v: len(v.figures) > 1),
    ("views/incident#result", lambda v: v.result),
    *rooms.NEEDS,
)


def fits(block: str, incident: Incident) -> bool:
    """Whether a block may be said about an incident in this state."""
    if block == "views/incident#statements":
        return True
    for prefix, needs in _NEEDS:
        if block.startswith(prefix):
            return bool(needs(incident))
    return True
