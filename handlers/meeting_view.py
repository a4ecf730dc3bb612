"""`/hop`: the meeting as it stands, and what may be done about it."""

from collections.abc import Sequence

from handlers.invitation import answer_choices, as_shown, at
from handlers.look import Desk
from handlers.notices import file_facts
from handlers.say import Choice, Say, choice, opens
from procedure.facts import Meeting
from procedure.steps import has_conclusion


def meeting(desk: Desk) -> Sequence[Say]:
    """Time, place, who comes, who was there, the minutes with their papers; at most one step on."""
    incident = desk.case
    held = incident.meeting
    papers = [file for one in held.minutes for file in one.files] if held else []
    buttons = _to_hold(desk) if held is None else _held(desk, held)
    return [
        Say(
            template="views/incident#meeting",
            choices=buttons,
            stream=incident.stream,
            about=f"meeting:{incident.stream}",
            files=[file_facts(one) for one in papers],
        )
    ]


def _to_hold(desk: Desk) -> list[Choice]:
    stream, incident = desk.case.stream, desk.case
    buttons = [choice("call_meeting", opens("meeting", stream))]
    if not incident.within:
        buttons.append(choice("waive_meeting", opens("waive_meeting", stream)))
    buttons += _conclude(desk)
    if not incident.within and not incident.directions:
        buttons.append(choice("waive_direction", opens("waive_direction", stream)))
    return buttons


def _held(desk: Desk, held: Meeting) -> list[Choice]:
    """Answers for those invited; for whoever runs it a change before, a record after it began."""
    stream, over = desk.case.stream, has_conclusion(desk.case)
    answers: list[Choice] = []
    if desk.now < held.at and not over:
        answers = answer_choices(desk.case, desk.person)
    if not _runs_it(desk, held):
        return answers
    if desk.now >= held.at:
        record = choice("record_attendance", opens("attendance", stream, **at(held)))
        minutes = choice("record_minutes", opens("minutes", stream, **at(held)))
        return [*_conclude(desk), record, minutes]
    if over:
        return []
    move = choice("move_meeting", opens("move_meeting", stream, **as_shown(held)))
    cancel = choice("cancel_meeting", opens("cancel_meeting", stream, **as_shown(held)))
    return [*answers, move, cancel, *_conclude(desk)]


def _runs_it(desk: Desk, held: Meeting) -> bool:
    asked = desk.asked()
    if desk.case.within:
        return asked.is_head()
    return asked.is_department() or desk.person in (held.called_by, held.chair)


def _conclude(desk: Desk) -> list[Choice]:
    done = desk.case.conclusion and desk.case.conclusion.confirmed_at
    return [] if done else [choice("conclude", opens("conclusion", desk.case.stream))]
