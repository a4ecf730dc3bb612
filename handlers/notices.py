"""The buttons under each kind of notice, and the files that go with it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.duties import SPEAKING, approval_choices, confirm_choices
from handlers.figures import conflict_choices
from handlers.invitation import owed_choices
from handlers.look import Desk
from handlers.merge import merge_choice
from handlers.notices_guidance import GUIDANCE
from handlers.notices_late import LATE, after_late
from handlers.say import Choice, acts, choice, opens, shows
from procedure import actions as a
from procedure.attendance import key_of
from procedure.facts import FileRef
from procedure.incident import Incident
from procedure.obligations import find
from procedure.parties import Party, Post, deputies, heads, leaders
from procedure.rules_figures import may_settle
from procedure.words import Duty, Role

Facts = Mapping[str, Any]
Maker = Callable[[Desk, Facts], Sequence[Choice]]


def _see(label: str, view: str, **names: str) -> Callable[[Desk, Facts], Choice]:
    def make(desk: Desk, facts: Facts) -> Choice:
        args = {key: facts[fact] for key, fact in names.items()}
        return choice(label, shows(view, desk.case.stream, **args) | {"keep": True})

    return make


def _open(label: str, form: str, **names: str) -> Callable[[Desk, Facts], Choice]:
    def make(desk: Desk, facts: Facts) -> Choice:
        args = {key: facts[fact] for key, fact in names.items()}
        return choice(label, opens(form, desk.case.stream, **args))

    return make


def _help(key: str) -> Callable[[Desk, Facts], Choice]:
    def make(desk: Desk, facts: Facts) -> Choice:
        duty = key.format(person=desk.person, **facts)
        return choice("help", opens("help_wanted", desk.case.stream, duty=duty))

    return make


def _received(key: str) -> Callable[[Desk, Facts], Choice]:
    def make(desk: Desk, facts: Facts) -> Choice:
        duty = key.format(person=desk.person, **facts)
        act = acts(a.AcknowledgeDuty(duty=duty), desk.case.stream)
        return choice("received", act) | {"word": "receipt"}

    return make


def _working(key: str) -> Callable[[Desk, Facts], Choice]:
    def make(desk: Desk, facts: Facts) -> Choice:
        duty = key.format(person=desk.person, **facts)
        act = acts(a.AcknowledgeDuty(duty=duty, working=True), desk.case.stream)
        return choice("working", act) | {"word": "in_progress"}

    return make


def _act(label: str, make_action: Callable[[Facts], a.Action]) -> Callable[[Desk, Facts], Choice]:
    def make(desk: Desk, facts: Facts) -> Choice:
        return choice(label, acts(make_action(facts), desk.case.stream))

    return make


def _some(*makers: Callable[[Desk, Facts], Choice]) -> Maker:
    return lambda desk, facts: [make(desk, facts) for make in makers]


def _unconfirmed(desk: Desk, facts: Facts) -> Sequence[Choice]:
    head = heads(desk.case.unit, desk.organisation)[:1]
    calls = call_choices(desk, "O2", head[0])[:2] if head else []
    return [*calls, _see("see_report", "report")(desk, facts)]


def _invited(desk: Desk, facts: Facts) -> Sequence[Choice]:
    return owed_choices(desk.case, desk.person)


def _changed(desk: Desk, facts: Facts) -> Sequence[Choice]:
    return _invited(desk, facts) or [_see("see_meeting", "meeting")(desk, facts)]


def _answers(desk: Desk, facts: Facts) -> Sequence[Choice]:
    """Whose answer is late is telephoned; the rest is to look at (storyboard row 19)."""
    to = facts.get("call")
    calls = call_choices(desk, key_of(int(to)), int(to))[:2] if to else []
    return [*calls, _see("see_meeting", "meeting")(desk, facts)]


def _arrived(desk: Desk, facts: Facts) -> Sequence[Choice]:
    """What looks like an open incident is offered in the place of asking for more."""
    again = merge_choice(desk) or _open("ask_more", "supplement")(desk, facts)
    receive = _act("receive", lambda facts: a.ReceiveReport())(desk, facts)
    return [receive, again, _see("see_report", "report")(desk, facts)]


def _redirect(desk: Desk, facts: Facts) -> Sequence[Choice]:
    return [
        choice("copy", {"copy_block": "notices/redirect_line#copy"}),
        choice("record_enquiry", opens("enquiry", desk.case.stream)),
    ]


def _approved(desk: Desk, facts: Facts) -> Sequence[Choice]:
    version = int(facts["statement"])
    found = next(one for one in desk.case.statements if one.version == version)
    return [
        choice("copy", {"copy": str(found.text)}),
        choice("have_spoken", opens("spoken", desk.case.stream, statement=version)),
        _see("read_statement", "statement", statement="statement")(desk, facts),
    ]


_CHOICES: Mapping[str, Maker] = {
    "incident_opened": _some(
        _open("look_and_send", "quick_report"),
        _open("keep_within", "keep_within"),
        _see("see_report", "report"),
    ),
    "unconfirmed_report": _unconfirmed,
    "casualties_reported": _some(_see("see_report", "report")),
    "claim_to_check": _some(
        _open("enter_result", "check_claim", claim="claim"),
        _working("O16_check:{claim}"),
        _help("O16_check:{claim}"),
    ),
    "went_beyond": _some(_open("look_and_send", "quick_report")),
    "report_arrived": lambda desk, facts: _arrived(desk, facts),
    "head_informed": _some(_see("see_report", "report")),
    "submitted_for_you": _some(_see("see_report", "report")),
    "written_report_arrived": _some(_see("see_report", "report")),
    "verification_ordered": _some(
        _received("O1:order:{order}:{person}"),
        _open("enter_result", "report_verification", order="order"),
        _help("O5:{order}"),
    ),
    "supplement_requested": _some(_open("provide", "provide_supplement", supplement="supplement")),
    "supplement_provided": _some(_see("see_report", "report")),
    "brief_submitted": _some(_see("see_brief", "brief"), _open("enter_direction", "direction")),
    "direction_to_confirm": _some(
        _act(
            "confirm_direction", lambda facts: a.ConfirmDirection(direction=int(facts["direction"]))
        ),
        _open("correct_direction", "direction", corrects="direction"),
    ),
    "direction_given": _some(_see("see_direction", "direction")),
    "direction_corrected": _some(_see("see_direction", "direction")),
    "invitation": _invited,
    "stand_in_invited": _invited,
    "stand_in_declined": _invited,
    "meeting_moved": _changed,
    "meeting_answers": _answers,
    "conclusion_to_confirm": lambda desk, facts: confirm_choices(desk.case),
    "spokesperson_assigned": _some(
        _received("O1:spokesperson:{person}"), _help("O1:spokesperson:{person}")
    ),
    "focal_point_assigned": _some(
        _received("O1:focal_point:{person}"),
        _open("enter_figure", "figure"),
        _help("O1:focal_point:{person}"),
    ),
    "figure_conflict": lambda desk, facts: conflict_choices(desk.case, int(facts["conflict"])),
    "figure_to_measure": _some(_open("enter_figure", "figure", again="figure")),
    "figure_settled": _some(_see("see_figures", "figures")),
    "statement_contested": _some(_see("read_statement", "statement", statement="statement")),
    "redirect_line": _redirect,
    "task_set": _some(
        _received("O1:task:{task}:{person}"),
        _open("task_done", "finish_task", task="task"),
        _help("task:{task}"),
    ),
    "statement_to_agree": lambda desk, facts: approval_choices(desk.case),
    "holding_to_approve": lambda desk, facts: approval_choices(desk.case),
    "statement_to_approve": lambda desk, facts: approval_choices(desk.case),
    "statement_approved": _approved,
    "statement_returned": _some(_see("read_statement", "statement", statement="statement")),
    "enquiry_arrived": _some(_open("answer_press", "answer_enquiry", enquiry="enquiry")),
    "result_reported": lambda desk, facts: _result(desk, facts),
    **LATE,
    **GUIDANCE,
    "further_report": _some(_see("see_report", "report")),
    "unit_joined": _some(_see("see_report", "report")),
    "incidents_merged": _some(_see("see_incident", "incident")),
    "voice_yielded": _redirect,
    "incident_restored": _some(_see("see_incident", "incident")),
    "incident_split": _some(_see("see_incident", "incident")),
    "guest_came": _some(
        _act("admit_guest", lambda facts: a.AdmitGuest(guest=int(facts["guest"]))),
        _act("remove_guest", lambda facts: a.RemoveGuest(guest=int(facts["guest"]))),
    ),
}


def _result(desk: Desk, facts: Facts) -> Sequence[Choice]:
    see = _see("see_result", "result")(desk, facts)
    decides = desk.asked().is_department() if not desk.case.within else desk.asked().is_head()
    if decides:
        return [see, choice("decide_proposal", opens("decide_proposal", desk.case.stream))]
    return [see]


def choices(kind: str, desk: Desk, facts: Facts) -> list[Choice]:
    """The buttons under a notice of this kind; most notices have none."""
    make = _CHOICES.get(kind)
    return list(make(desk, facts)) if make else []


def files(kind: str, incident: Incident) -> list[dict[str, Any]]:
    """Photos go with the first word of an incident, for the head and the duty officer."""
    if kind not in ("incident_opened", "report_arrived", "unconfirmed_report"):
        return []
    return [file_facts(one) for one in incident.files]


def file_facts(file: FileRef) -> dict[str, Any]:
    """A kept file as messages carry it."""
    return {
        "sha256": file.sha256,
        "name": str(file.name),
        "media_type": file.media_type,
        "size": file.size,
    }


def call_choices(desk: Desk, duty: str, to: int) -> list[Choice]:
    """A call card: reached, not reached, and the act that the caller may do himself."""
    stream = desk.case.stream
    made = [
        choice(f"call_{label}", acts(a.RecordCall(duty=duty, to=to, reached=reached), stream))
        for label, reached in (("reached", True), ("failed", False))
    ]
    return made + instead_choices(desk, duty)


def instead_choices(desk: Desk, key: str) -> list[Choice]:
    """[Gửi báo cáo thay mặt] for a deputy; [Chuyển phát ngôn] for who may hand it over."""
    incident, organisation = desk.case, desk.organisation
    duty = find(incident, desk.terms(), key)
    if duty is None:
        return []
    if key in ("O1:open", "O2", "O3") and desk.person in deputies(incident.unit, organisation):
        form = "written_report" if key == "O3" else "quick_report"
        return [choice("send_for_head", opens(form, incident.stream))]
    if duty.duty is Duty.FIGURE_CONFLICT and may_settle(desk.asked()):
        do = opens("settle_figure", incident.stream, conflict=duty.subject)
        return [choice("choose_figure", do)]
    speaking = incident.spokesperson
    on_duty = organisation.holders(Role.ON_DUTY, incident.department)
    chair = desk.asked().people(Party(Post.CHAIR))
    may = desk.person in (*leaders(incident, organisation), *on_duty, *chair)
    about_speech = duty.duty in SPEAKING or key.startswith("O1:spokesperson:")
    if about_speech and speaking and speaking.stand_in and may:
        do = opens(
            "assign_spokesperson",
            incident.stream,
            person=speaking.stand_in,
            expected=speaking.person,
        )
        return [choice("hand_speech_over", do, person=speaking.stand_in)]
    return []


def after_choices(act: str, desk: Desk) -> list[Choice]:
    """What comes next after a one-tap act."""
    stream = desk.case.stream
    if act == "ReceiveReport":
        more = choice("ask_more", opens("supplement", stream))
        return [choice("write_brief", opens("brief", stream)), more, _severity(stream)]
    if act == "ConfirmConclusion":
        return [choice("draft_statement", opens("statement", stream))]
    return after_late(act, desk)


def _severity(stream: str) -> Choice:
    return choice("severity", opens("severity", stream))
