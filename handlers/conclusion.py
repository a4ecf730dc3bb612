"""The conclusion of Step 2: one paragraph as typed, and the answers the gates need (rows 28–33)."""

from collections.abc import Sequence
from typing import Any

from handlers import permits
from handlers.fields import people, person, several_of, text
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.look import Desk
from handlers.reading.moment import NotAMoment, read_moment
from procedure import actions as a
from procedure.codec import Prose
from procedure.facts import TaskDraft
from procedure.parties import heads, is_press
from procedure.text import fold
from procedure.words import Role, StatementForm


def speakers(desk: Desk, values: Values) -> Sequence[int]:
    """Those fit to speak: first the unit's own, then the heads of the units in the meeting."""
    organisation, incident = desk.organisation, desk.case
    found = [*organisation.holders(Role.SPOKESPERSON, incident.unit)]
    found += heads(incident.unit, organisation)
    for one in incident.meeting.invitees if incident.meeting else ():
        found += organisation.holders(Role.HEAD, one.unit)
    return [one for one in dict.fromkeys(found) if not is_press(one, organisation)]


def stand_ins(desk: Desk, values: Values) -> Sequence[int]:
    """The same without the spokesperson himself."""
    return [one for one in speakers(desk, values) if one != values.get("spokesperson")]


def keepers(desk: Desk, values: Values) -> Sequence[int]:
    """Who may gather and check the facts: those invited, then the unit's own people."""
    incident, organisation = desk.case, desk.organisation
    found = [one.goes for one in incident.meeting.invitees] if incident.meeting else []
    found += [order.person for order in incident.orders] + [incident.opened_by]
    found += heads(incident.unit, organisation)
    return [one for one in dict.fromkeys(found) if not is_press(one, organisation)]


def form_options(desk: Desk, values: Values) -> Sequence[Option]:
    """The six legal forms; several may be chosen by number."""
    return [Option(value=one.value, label=f"form_{one.value}") for one in StatementForm]


def read_tasks(said: Said, desk: Desk, values: Values) -> tuple[TaskDraft, ...]:
    """One task a line: "việc gì; ai; hạn"; a line that begins with "khắc phục" is a remedy."""
    lines = [line for line in said.text.splitlines() if line.strip()]
    if not lines:
        raise BadAnswer("too_short")
    return tuple(_task(line, said, desk, values) for line in lines)


def _task(line: str, said: Said, desk: Desk, values: Values) -> TaskDraft:
    parts = [part.strip() for part in line.split(";")]
    if len(parts) != 3 or not all(parts):
        raise BadAnswer("task_three_parts", line=line[:80])
    what, who, due = parts
    try:
        found = read_moment(due, said.at, desk.zone, desk.words.moments, want="future")
    except NotAMoment:
        raise BadAnswer("task_due_unclear", due=due[:40]) from None
    owner = person(keepers)(Said(text=who, at=said.at), desk, values)
    remedy = fold(what).startswith(fold(desk.words.remedy))
    return TaskDraft(what=Prose(what), owner=int(owner), due=found.at, remedy=remedy)


def finish(desk: Desk, values: Values) -> Sequence[a.Action]:
    """The draft; the chair's own is confirmed at once, another's awaits his tap."""
    return [
        a.DraftConclusion(
            text=values["text"],
            analysis=values["analysis"],
            forecast=values["forecast"],
            options=values.get("options") or Prose(""),
            chosen=values["chosen"],
            forms=values["forms"],
            focal_point=values["focal_point"],
            spokesperson=values["spokesperson"],
            stand_in=values.get("stand_in"),
            tasks=values.get("tasks") or (),
        )
    ]


def _answers() -> tuple[Field, ...]:
    long: dict[str, Any] = {"read": text(least=3)}
    return (
        Field(name="text", **long),
        Field(name="analysis", **long),
        Field(name="forecast", **long),
        Field(name="options", optional=True, **long),
        Field(name="chosen", **long),
        Field(name="forms", read=several_of(StatementForm, "form"), options=form_options),
        Field(name="spokesperson", read=person(speakers), options=people(speakers)),
        Field(name="stand_in", read=person(stand_ins), options=people(stand_ins), optional=True),
        Field(name="focal_point", read=person(keepers), options=people(keepers)),
        Field(name="tasks", read=read_tasks, optional=True),
    )


FORM = Form(
    name="conclusion",
    fields=_answers(),
    finish=finish,
    permit=permits.all_of(
        permits.still_open, permits.sent_up, permits.manager, permits.to_be_concluded
    ),
    send_label="confirm",
)
