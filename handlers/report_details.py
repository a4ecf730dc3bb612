"""The rest of the Step 1 report, one question at a time, any of it answerable later."""

from collections.abc import Sequence
from typing import Any

from handlers import permits
from handlers.fields import figures, moment, text, text_and_files
from handlers.form import Field, Form, Reader, Said, Values
from handlers.look import Desk
from procedure import actions as a
from procedure.codec import Prose
from procedure.facts import Moment

#: In order of need (domain.md §2.3): what, where, when; then what only the written report wants.
TEXTS = ("known", "unknown", "damage", "done", "units", "why_beyond", "ask")


def _unanswered(item: str) -> Any:
    def condition(desk: Desk, values: Values) -> bool:
        incident = desk.incident
        return item in values or incident is None or not incident.detail(item)

    return condition


def _happened_unknown(desk: Desk, values: Values) -> bool:
    incident = desk.incident
    return "happened" in values or incident is None or incident.happened is None


def _found_when(desk: Desk, values: Values) -> bool:
    """The first message's time stands until somebody says when it was really found."""
    return "detected" in values or desk.incident is None or "detected" not in desk.incident.details


def _no_title(desk: Desk, values: Values) -> bool:
    return "title" in values or desk.incident is None or not desk.incident.title


def _estimate(want: Any) -> Reader:
    """A past time; "không rõ" becomes an estimate: the time at which it was found."""
    reader = moment(want, unknown=True)

    def read(said: Said, desk: Desk, values: Values) -> Moment:
        found = reader(said, desk, values)
        if found is None:
            detected = desk.case.detected
            return Moment(at=detected.at if detected else desk.now, estimated=True)
        assert isinstance(found, Moment)
        return found

    return read


def each(desk: Desk, name: str, value: Any) -> Sequence[a.Action]:
    """Every single answer is kept at once."""
    if isinstance(value, Moment):
        return [a.AmendReport(item=name, text=Prose(""), moment=value)]
    if name == "press":
        words, files = value
        claim = a.LogClaim(text=words or desk.case.title, files=files)
        return [a.AmendReport(item="press", text=words, files=files), claim]
    return [a.AmendReport(item=name, text=value)]


def finish(desk: Desk, values: Values) -> Sequence[a.Action]:
    """Nothing more: each answer was kept when it came."""
    return ()


def _text_field(name: str) -> Field:
    read = figures if name == "damage" else text()
    return Field(name=name, read=read, ask_if=_unanswered(name), optional=True)


FORM = Form(
    name="report_details",
    fields=(
        Field(name="title", read=text(most=200), ask_if=_no_title, optional=True),
        Field(name="happened", read=_estimate("past"), ask_if=_happened_unknown, optional=True),
        Field(name="place", read=text(most=300), ask_if=_unanswered("place"), optional=True),
        Field(name="detected", read=_estimate("past"), ask_if=_found_when, optional=True),
        *(_text_field(name) for name in TEXTS[:4]),
        Field(
            name="press",
            read=text_and_files,
            ask_if=_unanswered("press"),
            optional=True,
            files=True,
        ),
        *(_text_field(name) for name in TEXTS[4:]),
    ),
    finish=finish,
    preview=False,
    each=each,
    permit=permits.all_of(permits.still_open, permits.part),
)
