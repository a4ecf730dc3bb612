"""Every form by name, every command, and which form ends which duty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers import (
    absence,
    add_line,
    assign,
    authority,
    brief,
    conclusion,
    delegation,
    direction,
    directive,
    doors,
    facts_forms,
    figures,
    guidance,
    handing_on,
    help_wanted,
    meeting,
    meeting_change,
    meeting_record,
    merge,
    person_forms,
    phone_decision,
    press,
    record,
    report_details,
    report_incident,
    result,
    roles,
    roster,
    send_report,
    statement,
    tasks,
    unit_forms,
    verification,
)
from handlers.form import Form
from handlers.look import Desk
from handlers.say import Say
from procedure import actions as a

_ALL = (
    report_incident.FORM,
    report_details.FORM,
    add_line.FORM,
    send_report.QUICK_FORM,
    send_report.WRITTEN_FORM,
    authority.FORM,
    authority.KEEP_FORM,
    facts_forms.SEVERITY_FORM,
    facts_forms.CASUALTIES_FORM,
    facts_forms.CLAIM_FORM,
    facts_forms.CHECK_FORM,
    figures.FIGURE_FORM,
    figures.SETTLE_FORM,
    verification.ORDER_FORM,
    verification.REPORT_FORM,
    verification.SUPPLEMENT_FORM,
    verification.PROVIDE_FORM,
    brief.FORM,
    direction.FORM,
    direction.WAIVE_FORM,
    meeting.FORM,
    meeting.WAIVE_FORM,
    meeting_change.STAND_IN_FORM,
    meeting_change.MOVE_FORM,
    meeting_change.CANCEL_FORM,
    meeting_record.ATTENDANCE_FORM,
    meeting_record.MINUTES_FORM,
    conclusion.FORM,
    assign.SPOKESPERSON_FORM,
    assign.FOCAL_POINT_FORM,
    statement.HOLDING_FORM,
    statement.STATEMENT_FORM,
    statement.RETURN_FORM,
    statement.SPOKEN_FORM,
    press.ENQUIRY_FORM,
    press.ANSWER_FORM,
    result.FORM,
    tasks.TASK_FORM,
    tasks.FINISH_FORM,
    tasks.PROPOSAL_FORM,
    tasks.CLOSE_FORM,
    tasks.REOPEN_FORM,
    help_wanted.FORM,
    handing_on.OFFER_FORM,
    handing_on.DECLINE_FORM,
    phone_decision.FORM,
    phone_decision.CORRECT_FORM,
    merge.MERGE_FORM,
    merge.SPLIT_FORM,
    record.FORM,
    guidance.GUIDE_FORM,
    guidance.MESSAGES_FORM,
    directive.DIRECTIVE_FORM,
    directive.ADD_FORM,
    directive.REMOVE_FORM,
    roles.FORM,
    doors.INVITE_FORM,
    doors.LOST_FORM,
    delegation.FORM,
    absence.FORM,
    roster.FORM,
    roster.TAKE_FORM,
    roster.NOTE_FORM,
    *unit_forms.UNIT_FORMS,
    *person_forms.PERSON_FORMS,
)

FORMS: Mapping[str, Form] = {one.name: one for one in _ALL}


@dataclass(frozen=True)
class Target:
    """Where a command leads: a form or a view."""

    form: str | None = None
    view: str | None = None
    args: Mapping[str, Any] = field(default_factory=dict)


COMMANDS: Mapping[str, Target] = {
    "start": Target(view="help"),
    "baocao": Target(form="report_incident"),
    "vuviec": Target(view="incidents"),
    "viec": Target(view="duties"),
    "chidao": Target(form="direction"),
    "tonghop": Target(form="brief"),
    "hop": Target(view="meeting"),
    "phancong": Target(view="assignments"),
    "phatngon": Target(view="statements"),
    "baochi": Target(form="enquiry"),
    "ketqua": Target(form="result"),
    "nhiemvu": Target(view="tasks"),
    "ghi": Target(form="keep_record"),
    "phong": Target(view="rooms"),
    "hoso": Target(view="record"),
    "quydinh": Target(view="regulation"),
    "trogiup": Target(view="help"),
    "danhba": Target(view="directory"),
    "dulieu": Target(view="personal"),
    "donvi": Target(view="units"),
    "vaitro": Target(form="change_role"),
    "moi": Target(form="invite"),
    "matmay": Target(form="lost_phone"),
    "uyquyen": Target(view="delegations"),
    "vangmat": Target(view="absences"),
    "truc": Target(view="roster"),
    "dientap": Target(form="report_incident", args={"drill": True}),
}


def form(name: str) -> Form:
    """A form by name. Raises KeyError."""
    return FORMS[name]


#: One-tap acts that are answered with a sentence of their own; all others by silence.
_ANSWERED = frozenset(
    {
        "ReceiveReport",
        "AnswerInvitation",
        "ConfirmConclusion",
        "ConfirmDirection",
        "AgreeStatement",
        "ApproveStatement",
        "RecordCall",
        "SettleFigure",
        "ExtendDuty",
        "DeclineMoreTime",
        "KeepWithOwner",
        "ReassignDuty",
        "AcceptOffer",
        "WithdrawOffer",
        "ConfirmPhoneDecision",
        "BindRoom",
        "EndRoom",
        "AdmitGuest",
        "RemoveGuest",
        "MoveRecord",
    }
)


def after_act(action: a.Action, desk: Desk) -> Sequence[Say]:
    """What is said after one tap; a receipt is thanked by silence (manners 12)."""
    from handlers.notices import after_choices

    name = type(action).__name__
    if name not in _ANSWERED:
        return ()
    return (
        Say(
            template=f"acts#{name}",
            facts=desk.args,
            choices=after_choices(name, desk),
            stream=desk.case.stream,
        ),
    )
