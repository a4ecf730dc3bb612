"""After it has begun: who is there, and the minutes (biên bản; domain.md §2.3)."""

from collections.abc import Sequence

from handlers import permits
from handlers.fields import people, several_people, text_and_files
from handlers.form import Field, Form, Option, Values
from handlers.look import Desk
from handlers.meeting_change import number
from procedure import actions as a
from procedure.rules_meeting import begun


def _may_record(desk: Desk) -> None:
    begun(desk.asked(), number(desk))


def _awaited(desk: Desk, values: Values) -> Sequence[int]:
    """The chair, then whoever fills each place of the list."""
    meeting = begun(desk.asked(), number(desk))
    return list(dict.fromkeys((meeting.chair, *(one.goes for one in meeting.invitees))))


def _options(desk: Desk, values: Values) -> Sequence[Option]:
    return [Option(value="all", label="all_present"), *people(_awaited)(desk, values)]


ATTENDANCE_FORM = Form(
    name="attendance",
    fields=(
        Field(name="present", read=several_people(_awaited, all_first=True), options=_options),
    ),
    finish=lambda desk, values: [
        a.RecordAttendance(meeting=number(desk), present=tuple(values["present"]))
    ],
    preview=False,
    permit=permits.all_of(permits.still_open, _may_record),
)


def _minutes(desk: Desk, values: Values) -> Sequence[a.Action]:
    words, files = values["minutes"]
    return [a.RecordMinutes(meeting=number(desk), text=words, files=files)]


MINUTES_FORM = Form(
    name="minutes",
    fields=(Field(name="minutes", read=text_and_files, files=True),),
    finish=_minutes,
    preview=False,
    permit=permits.all_of(permits.still_open, _may_record),
)
