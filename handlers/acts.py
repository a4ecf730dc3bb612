"""What a person may do with an incident now, beside what he owes: [Việc khác]."""

from collections.abc import Sequence

from handlers import catalogue
from handlers.form import Form
from handlers.guidance_view import view_choices
from handlers.look import Desk
from handlers.say import Say, choice, opens, shows
from procedure.errors import Refused

#: In the order of the four steps; what needs a subject of its own has its button elsewhere.
OFFERED = (
    "report_details",
    "casualties",
    "claim",
    "figure",
    "severity",
    "authority",
    "written_report",
    "order_verification",
    "supplement",
    "brief",
    "direction",
    "waive_direction",
    "meeting",
    "waive_meeting",
    "conclusion",
    "assign_spokesperson",
    "assign_focal_point",
    "holding",
    "statement",
    "enquiry",
    "result",
    "task",
    "phone_decision",
    "close",
    "reopen",
    "merge",
    "split",
    "guide_newsrooms",
    "key_messages",
    "directive",
    "add_member",
    "remove_member",
)


def able(desk: Desk) -> list[Form]:
    """The forms that would not refuse this person now."""
    return [form for form in map(catalogue.form, OFFERED) if _may_begin(form, desk)]


def _may_begin(form: Form, desk: Desk) -> bool:
    try:
        if form.permit:
            form.permit(desk)
    except Refused:
        return False
    return True


def acts(desk: Desk) -> Sequence[Say]:
    """Everything that he may do with it, as a numbered list."""
    stream = desk.case.stream
    buttons = [choice("timeline", shows("timeline", stream) | {"keep": True})]
    if desk.case.key_messages:
        buttons.append(choice("see_report", shows("report", stream) | {"keep": True}))
    buttons += view_choices(desk)
    for one in desk.case.live_merged:
        buttons += [
            choice("report_of", shows("report", one.stream) | {"keep": True}, code=one.code),
            choice("timeline_of", shows("timeline", one.stream) | {"keep": True}, code=one.code),
        ]
    buttons += [choice("form", opens(form.name, stream), form=form.name) for form in able(desk)]
    return [
        Say(
            template="views/incident#acts",
            choices=buttons,
            stream=stream,
            about=f"acts:{stream}",
        )
    ]
