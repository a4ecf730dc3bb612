"""`decide`: the one door through which an incident changes (design.md §2a)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from procedure import actions as a
from procedure import rules_consult as consult
from procedure import rules_directive as directive
from procedure import rules_figures as figures
from procedure import rules_follow_up as follow_up
from procedure import rules_guidance as guidance
from procedure import rules_handing_on as handing_on
from procedure import rules_help as help
from procedure import rules_meeting as meeting
from procedure import rules_merge as merge
from procedure import rules_phone as phone
from procedure import rules_report as report
from procedure import rules_ring as rings
from procedure import rules_rooms as rooms
from procedure import rules_speak as speak
from procedure.decision import CLOCK, Asked, Decision
from procedure.errors import NotYours, Outdated, Refused
from procedure.incident import Incident
from procedure.obligations import Terms
from procedure.organisation import Organisation
from procedure.parties import is_press

Rule = Callable[[Asked, Any], Decision]

#: What happens to the places of a room, also of an incident that lies in another file now.
NOTICES_ROOMS = (a.MoveRoom, a.ChangeRoomRights, a.EndRoom, a.NoteGuest, a.NoteGuestLeft)
KEEPS_ROOMS = (*NOTICES_ROOMS, a.AdmitGuest, a.RemoveGuest)
#: All that the clock may do; it opens, decides and says nothing.
BY_CLOCK = (
    *(a.Ring, a.RingAhead, a.NoteUndelivered, a.RemindMeeting, a.BindRoom),
    *NOTICES_ROOMS,
)


def decide(
    incident: Incident,
    action: a.Action,
    actor: int,
    now: datetime,
    organisation: Organisation,
    terms: Terms,
) -> Decision:
    """What `action` by `actor` at `now` (UTC) makes of `incident`: facts and notices.

    Raises Refused, with the key of the sentence that says why and names who can.
    """
    _may_come_in(action, actor, organisation)
    if incident.opened_at is None and not isinstance(action, a.OpenIncident):
        raise Refused("no_incident")
    if incident.yielded and not isinstance(action, KEEPS_ROOMS):
        raise Outdated("merged_into", into=incident.yielded.into, code=incident.yielded.code)
    rule = RULES[type(action)]
    made = rule(Asked(incident, actor, now, organisation, terms), action)
    absent = organisation.absent(actor)
    if not absent or _may_himself(rule, incident, action, actor, now, organisation, terms):
        return made
    return replace(made, authority=f"{made.authority}/for:{','.join(map(str, absent))}")


def _may_himself(
    rule: Rule,
    incident: Incident,
    action: a.Action,
    actor: int,
    now: datetime,
    organisation: Organisation,
    terms: Terms,
) -> bool:
    """Whether he might do it too if he acted for nobody who is away."""
    try:
        rule(Asked(incident, actor, now, organisation.in_own_names(), terms), action)
    except Refused:
        return False
    return True


def _may_come_in(action: a.Action, actor: int, organisation: Organisation) -> None:
    """Only registered people act, until they have left; a newsroom gets the released text and
    says that it has it, whatever else it holds (conduct §13)."""
    if actor == CLOCK:
        known = isinstance(action, BY_CLOCK)
    else:
        known = actor in organisation.people and not organisation.people[actor].left
    if not known:
        raise NotYours("stranger", who=None)
    if is_press(actor, organisation) and not isinstance(action, a.ReceiveGuidance):
        raise NotYours("press_reports_elsewhere", who=None)


RULES: Mapping[type[a.Action], Rule] = {
    a.OpenIncident: report.open_incident,
    a.AmendReport: report.amend_report,
    a.ReportCasualties: report.report_casualties,
    a.LogClaim: report.log_claim,
    a.CheckClaim: report.check_claim,
    a.DecideAuthority: report.decide_authority,
    a.ChangeSeverity: report.change_severity,
    a.SubmitReport: report.submit_report,
    a.OrderVerification: report.order_verification,
    a.ReportVerification: report.report_verification,
    a.ReceiveReport: report.receive_report,
    a.RequestSupplement: report.request_supplement,
    a.ProvideSupplement: report.provide_supplement,
    a.SubmitBrief: consult.submit_brief,
    a.GiveDirection: consult.give_direction,
    a.ConfirmDirection: consult.confirm_direction,
    a.WaiveDirection: consult.waive_direction,
    a.CallMeeting: meeting.call_meeting,
    a.AnswerInvitation: meeting.answer_invitation,
    a.RemindMeeting: meeting.remind_meeting,
    a.SendStandIn: meeting.send_stand_in,
    a.MoveMeeting: meeting.move_meeting,
    a.CancelMeeting: meeting.cancel_meeting,
    a.RecordAttendance: meeting.record_attendance,
    a.RecordMinutes: meeting.record_minutes,
    a.WaiveMeeting: consult.waive_meeting,
    a.DraftConclusion: consult.draft_conclusion,
    a.ConfirmConclusion: consult.confirm_conclusion,
    a.AssignSpokesperson: speak.assign_spokesperson,
    a.AssignFocalPoint: speak.assign_focal_point,
    a.DraftStatement: speak.draft_statement,
    a.AgreeStatement: speak.agree_statement,
    a.ApproveStatement: speak.approve_statement,
    a.ReturnStatement: speak.return_statement,
    a.SpeakStatement: speak.speak_statement,
    a.RecordEnquiry: speak.record_enquiry,
    a.AnswerEnquiry: speak.answer_enquiry,
    a.ReportResult: follow_up.report_result,
    a.AcceptProposal: follow_up.accept_proposal,
    a.DeclineProposal: follow_up.decline_proposal,
    a.SetTask: follow_up.set_task,
    a.FinishTask: follow_up.finish_task,
    a.CloseIncident: follow_up.close_incident,
    a.ReopenIncident: follow_up.reopen_incident,
    a.ReportFigure: figures.report_figure,
    a.SettleFigure: figures.settle_figure,
    a.Ring: rings.ring,
    a.RingAhead: rings.ring_ahead,
    a.NoteUndelivered: rings.note_undelivered,
    a.AcknowledgeDuty: rings.acknowledge_duty,
    a.ExtendDuty: help.extend_duty,
    a.AskHelp: help.ask_help,
    a.RecordCall: rings.record_call,
    a.AskMoreTime: help.ask_more_time,
    a.DeclineMoreTime: help.decline_more_time,
    a.SeeHelp: help.see_help,
    a.SayNotMine: help.say_not_mine,
    a.KeepWithOwner: help.keep_with_owner,
    a.ReassignDuty: handing_on.reassign_duty,
    a.OfferTask: handing_on.offer_task,
    a.AcceptOffer: handing_on.accept_offer,
    a.DeclineOffer: handing_on.decline_offer,
    a.WithdrawOffer: handing_on.withdraw_offer,
    a.RecordPhoneDecision: phone.record_phone_decision,
    a.ConfirmPhoneDecision: phone.confirm_phone_decision,
    a.CorrectPhoneDecision: phone.correct_phone_decision,
    a.AddReport: merge.add_report,
    a.MergeIncidents: merge.merge_incidents,
    a.SplitIncident: merge.split_incident,
    a.BindRoom: rooms.bind_room,
    a.MoveRoom: rooms.move_room,
    a.ChangeRoomRights: rooms.change_room_rights,
    a.EndRoom: rooms.end_room,
    a.NoteGuest: rooms.note_guest,
    a.AdmitGuest: rooms.admit_guest,
    a.RemoveGuest: rooms.remove_guest,
    a.NoteGuestLeft: rooms.note_guest_left,
    a.KeepRecord: rooms.keep_record,
    a.WithdrawRecord: rooms.withdraw_record,
    a.MoveRecord: rooms.move_record,
    a.GuideNewsrooms: guidance.guide_newsrooms,
    a.ReceiveGuidance: guidance.receive_guidance,
    a.SetKeyMessages: guidance.set_key_messages,
    a.SendDirective: directive.send_directive,
    a.AddRoomMember: directive.add_room_member,
    a.RemoveRoomMember: directive.remove_room_member,
}
