"""Buttons of forms, the choice among incidents, and the way on from a refusal."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from handlers.form import Ask, Field, Form, Next, Option, Said
from handlers.look import Desk
from handlers.say import Choice, Say, choice, keeps, moves, opens, picks, shows
from procedure.codec import dump
from procedure.errors import Refused
from procedure.incident import Incident
from procedure.organisation import Organisation
from procedure.words import Role, UnitKind


class OpenPrompt(Protocol):
    """A prompt that waits for an answer, as the outbox keeps it."""

    @property
    def text(self) -> str:
        """What was said; empty while it waits to be sent."""


def question_buttons(
    form: Form,
    field: Field,
    options: Sequence[Option],
    draft: int,
    kept: Mapping[str, Any] | None = None,
) -> list[Choice]:
    """The options of a question, the answer it had before, then skip, back and cancel."""
    buttons = [
        choice(one.label, picks(draft, field.name, one.value), **dict(one.facts)) for one in options
    ]
    if kept:
        buttons.append(choice("keep_answer", keeps(draft, field.name, kept), quiet=True))
    if field.optional:
        label = "later" if form.each else "skip"
        buttons.append(choice(label, moves(draft, "skip"), quiet=True))
    if form.each:
        buttons.append(choice("stop_asking", moves(draft, "stop"), quiet=True))
        return buttons
    if form.fields and form.fields[0].name != field.name:
        buttons.append(choice("back", moves(draft, "back"), quiet=True))
    buttons.append(choice("cancel", moves(draft, "cancel"), quiet=True))
    return buttons


def preview_buttons(form: Form, draft: int) -> list[Choice]:
    """Send, edit, cancel."""
    buttons = [choice(form.send_label, moves(draft, "send"))]
    if form.fields:
        buttons.append(choice("edit", moves(draft, "edit")))
    buttons.append(choice("later_all", moves(draft, "park"), quiet=True))
    buttons.append(choice("cancel", moves(draft, "cancel"), quiet=True))
    return buttons


def edit_menu(form: Form, draft: int, now: Next, stream: str | None) -> Say:
    """Which answer shall be changed: a numbered list of the fields that apply."""
    values = now.values
    names = [one.name for one in form.fields if one.name in values]
    if isinstance(now, Ask) and now.field.name not in names:
        names.append(now.field.name)
    buttons = [
        choice("field", moves(draft, "edit", name), form=form.name, field=name) for name in names
    ]
    buttons.append(choice("back_to_preview", moves(draft, "resume"), quiet=True))
    return Say(
        template="answers#which_field", choices=buttons, stream=stream, about=f"draft:{draft}"
    )


def seen_incidents(desk: Desk) -> list[Incident]:
    """Open incidents in which this person has a part, newest first."""
    return [one for one in desk.look.open_incidents() if desk.may_see(one)]


def kept_file(desk: Desk, incident: Incident) -> Incident:
    """The file in which an incident lies now: its own, or that of the one that was kept."""
    while incident.yielded:
        incident = desk.look.incident(incident.yielded.into)
    return incident


def which_incident(desk: Desk, form: str) -> str | Say:
    """The incident that a command without one is about; asks when there are several."""
    mine = seen_incidents(desk)
    owing = [one for one in mine if desk.mine(one)]
    candidates = owing if len(owing) == 1 else mine
    if not candidates:
        return Say(
            template="answers#no_open_incident",
            choices=[choice("report_new", opens("report_incident"))],
        )
    if len(candidates) == 1:
        return candidates[0].stream
    buttons = [
        choice("incident", opens(form, one.stream), code=one.code, title=str(one.title)[:60])
        for one in candidates[:9]
    ]
    return Say(template="answers#which_incident", choices=buttons)


#: The newest offer is the only live one.
OFFER_ABOUT = "offer"


def offer(desk: Desk, said: Said) -> Say:
    """A line outside a form is never guessed (conduct §1)."""
    files = [dump(one) for one in said.files]
    new = choice("report_new", opens("report_incident", None, line=said.text, files=files))
    buttons = [new]
    mine = seen_incidents(desk)
    for incident in mine[:1]:
        buttons.append(_add_to(incident, said))
    if not said.files or said.text.strip():
        buttons.append(choice("message_duty_officer", {"relay": said.text}))
    return Say(
        template="answers#never_guessed",
        facts={"files": files},
        choices=buttons,
        about=OFFER_ABOUT,
    )


def _add_to(incident: Incident, said: Said) -> Choice:
    files = [dump(one) for one in said.files]
    do = opens("add_line", incident.stream, line=said.text, files=files)
    return choice("add_to", do, code=incident.code)


def which_prompt(rows: Sequence[OpenPrompt]) -> Say:
    """Two things are open: the bot asks which one was meant."""
    facts = {"texts": [row.text.splitlines()[0][:80] if row.text else "" for row in rows[:5]]}
    return Say(template="answers#which_prompt", facts=facts)


def duty_officer(desk: Desk) -> int | None:
    """Who is on duty in the propaganda department in charge of this person's unit."""
    return duty_officer_for(desk.organisation, desk.me.unit)


def duty_officer_for(organisation: Organisation, unit: int | None) -> int | None:
    """The propaganda duty officer of a unit; of the first department when it has none."""
    home = organisation.units.get(unit) if unit else None
    department = home.department if home else None
    if department is None:
        first = organisation.first_of_kind(UnitKind.PROPAGANDA_DEPARTMENT)
        department = first.id if first else None
    if department is None:
        return None
    watch = organisation.holders(Role.ON_DUTY, department)
    found = watch or organisation.holders(Role.HEAD, department)
    return found[0] if found else None


_WAYS: dict[str, tuple[str, str]] = {
    "report_incomplete": ("add_details", "report_details"),
    "meeting_first": ("call_meeting", "meeting"),
    "gates_shut": ("draft_holding", "holding"),
    "only_head_submits": ("add_details", "report_details"),
    "spokesperson_moved": ("assign_afresh", "assign_spokesperson"),
    "focal_point_moved": ("assign_afresh", "assign_focal_point"),
    "speech_by_form": ("assign_spokesperson", "assign_spokesperson"),
    "facts_by_form": ("assign_focal_point", "assign_focal_point"),
    "direction_by_form": ("enter_direction", "direction"),
    "speaker_by_form": ("assign_spokesperson", "assign_spokesperson"),
    "press_only_guided": ("guide_newsrooms", "guide_newsrooms"),
    "guided_only_press": ("send_directive", "directive"),
    "not_in_room": ("add_member", "add_member"),
}
#: A form that has lost to another hand is begun anew; the old answers go.
_AFRESH = frozenset({"spokesperson_moved", "focal_point_moved"})


def way_on(refusal: Refused, stream: str | None, draft: int | None = None) -> list[Choice]:
    """The button that leads on from a refusal, where there is one; a `draft` may be ended."""
    out = [choice("cancel", moves(draft, "cancel"), quiet=True)] if draft else []
    if refusal.key == "merged_into":
        there = shows("incident", refusal.facts["into"]) | {"keep": True}
        return [choice("see_incident", there), *out]
    if stream is None:
        return out
    if draft and refusal.key in _AFRESH:
        return [choice("assign_afresh", moves(draft, "afresh")), *out]
    if refusal.key == "own_unit_amends":
        return [choice("add_details", opens("add_line", stream)), *out]
    found = _WAYS.get(refusal.key)
    if found:
        return [choice(found[0], opens(found[1], stream)), *out]
    if refusal.key == "approval_by_hand":
        return [choice("read_statement", shows("statements", stream) | {"keep": True}), *out]
    if refusal.key in ("not_ready_to_close", "duty_met", "answer_outdated", "statement_moved_on"):
        return [choice("see_incident", shows("incident", stream) | {"keep": True}), *out]
    return out
