"""Which act ends which duty: the button of a ring, of a list and of a refusal."""

from collections.abc import Callable, Mapping, Sequence

from handlers.figures import conflict_choices
from handlers.invitation import answer_choices
from handlers.say import Choice, acts, choice, opens, shows
from procedure import actions as a
from procedure.incident import Incident
from procedure.obligations import Obligation
from procedure.steps import missing_for_speaking
from procedure.words import Duty

Buttons = Callable[[Obligation, Incident], Sequence[Choice]]


def _form(label: str, name: str, argument: str | None = None) -> Buttons:
    def buttons(duty: Obligation, incident: Incident) -> Sequence[Choice]:
        args = {argument: duty.subject} if argument else {}
        return [choice(label, opens(name, incident.stream, **args))]

    return buttons


def _receipt(duty: Obligation, incident: Incident) -> Sequence[Choice]:
    if duty.key == "O1:open":
        return [
            choice("look_and_send", opens("quick_report", incident.stream)),
            choice("keep_within", opens("keep_within", incident.stream)),
        ]
    act = acts(a.AcknowledgeDuty(duty=duty.key), incident.stream)
    received = choice("received", act) | {"word": "receipt"}
    if duty.key.startswith("O1:focal_point:"):
        return [received, choice("enter_figure", opens("figure", incident.stream))]
    return [received]


def _attendance(duty: Obligation, incident: Incident) -> Sequence[Choice]:
    return answer_choices(incident, duty.owner.person or 0)


def _approval(duty: Obligation, incident: Incident) -> Sequence[Choice]:
    return approval_choices(incident)


def approval_choices(incident: Incident) -> Sequence[Choice]:
    """Read it, approve exactly these bytes, or send it back with a reason."""
    pending = incident.pending_statement
    if pending is None:
        return ()
    stream, version = incident.stream, pending.version
    read = choice("read_statement", shows("statement", stream, statement=version) | {"keep": True})
    back = choice("send_back", opens("return_statement", stream, statement=version))
    if pending.holding and not pending.agreed_at:
        agree = acts(a.AgreeStatement(statement=version), stream)
        return [choice("agree_version", agree, version=version), back, read]
    approve = acts(a.ApproveStatement(statement=version, sha256=pending.sha256), stream)
    return [choice("approve_version", approve, version=version), back, read]


def _speaking(duty: Obligation, incident: Incident) -> Sequence[Choice]:
    ready = incident.approved_statement
    if ready:
        do = opens("spoken", incident.stream, statement=ready.version)
        return [choice("have_spoken", do)]
    if missing_for_speaking(incident):
        return [choice("draft_holding", opens("holding", incident.stream))]
    return [choice("draft_statement", opens("statement", incident.stream))]


_BUTTONS: Mapping[Duty, Buttons] = {
    Duty.RECEIPT: _receipt,
    Duty.QUICK_REPORT: _form("look_and_send", "quick_report"),
    Duty.WRITTEN_REPORT: _form("send_written", "written_report"),
    Duty.ORDER_VERIFICATION: _form("order_verification", "order_verification"),
    Duty.VERIFICATION: _form("enter_result", "report_verification", "order"),
    Duty.INTAKE: lambda duty, incident: [
        choice("receive", acts(a.ReceiveReport(), incident.stream))
    ],
    Duty.BRIEF: _form("write_brief", "brief"),
    Duty.DIRECTION: _form("enter_direction", "direction"),
    Duty.MEETING: _form("call_meeting", "meeting"),
    Duty.ATTENDANCE: _attendance,
    Duty.CONCLUSION: _form("conclude", "conclusion"),
    Duty.CONFIRM_CONCLUSION: lambda duty, incident: confirm_choices(incident),
    Duty.HOLDING_STATEMENT: _speaking,
    Duty.OFFICIAL_STATEMENT: _speaking,
    Duty.OFFICIAL_STATEMENT_TARGET: _speaking,
    Duty.APPROVAL: _approval,
    Duty.PRESS_ENQUIRY: _form("answer_press", "answer_enquiry", "enquiry"),
    Duty.CLAIM_CHECK: _form("enter_result", "check_claim", "claim"),
    Duty.RESULT_REPORT: _form("send_result", "result"),
    Duty.PROPOSALS: _form("decide_proposal", "decide_proposal"),
    Duty.CLOSING: _form("close", "close"),
    Duty.TASK: _form("task_done", "finish_task", "task"),
    Duty.FIGURE_CONFLICT: lambda duty, incident: conflict_choices(incident, duty.subject),
    Duty.SUPPLEMENT: _form("provide", "provide_supplement", "supplement"),
}


def confirm_choices(incident: Incident) -> Sequence[Choice]:
    """The chair confirms, changes, or reads the conclusion in full."""
    stream = incident.stream
    return [
        choice("confirm", acts(a.ConfirmConclusion(), stream)),
        choice("edit", opens("conclusion", stream)),
        choice("read_all", shows("conclusion", stream) | {"keep": True}),
    ]


def act_buttons(duty: Obligation, incident: Incident) -> list[Choice]:
    """The act that ends a duty, as buttons; a ring opens the very form that ends it."""
    return list(_BUTTONS[duty.duty](duty, incident))


def one_button(duty: Obligation, incident: Incident) -> Choice:
    """The act in one button where there is room for no more; it chooses nothing by itself."""
    if duty.duty is Duty.FIGURE_CONFLICT:
        do = opens("settle_figure", incident.stream, conflict=duty.subject)
        return choice("choose_figure", do)
    if duty.duty is Duty.ATTENDANCE:
        return choice("see_meeting", shows("meeting", incident.stream))
    return act_buttons(duty, incident)[0]


def ring_buttons(duty: Obligation, incident: Incident) -> list[Choice]:
    """At most three: the act, [Đang làm], [Cần hỗ trợ] (conduct §5)."""
    act = act_buttons(duty, incident)
    stream = incident.stream
    working = acts(a.AcknowledgeDuty(duty=duty.key, working=True), stream)
    more = [
        choice("working", working) | {"word": "in_progress"},
        choice("help", opens("help_wanted", stream, duty=duty.key)),
    ]
    if len(act) == 1 and duty.duty not in (Duty.RECEIPT, Duty.INTAKE, Duty.ATTENDANCE):
        act[0] = act[0] | {"word": "done"}
    room = 3 - len(act)
    return act + (more[-room:] if room == 1 else more[:room])


#: The field groups for /quydinh: which clause stands behind a duty.
SPEAKING = frozenset(
    {
        Duty.HOLDING_STATEMENT,
        Duty.OFFICIAL_STATEMENT,
        Duty.OFFICIAL_STATEMENT_TARGET,
        Duty.RESULT_REPORT,
        Duty.PRESS_ENQUIRY,
    }
)
