"""`/baocao`: a photo or one line opens an incident in at most three messages (row 15).

With `drill` among its arguments the incident is a drill (`/dientap`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers import drill, further_report
from handlers.fields import choices_of, line_or_photo, one_of, text
from handlers.first_line import reporting_unit, understood_line
from handlers.form import Field, Form, Said, Values
from handlers.look import Desk
from handlers.reading.intake import Part, Understanding
from handlers.say import Choice, choice, opens
from procedure import actions as a
from procedure.check import FiveAnswers, suggest_authority, suggest_severity
from procedure.codec import Prose
from procedure.errors import NotYours
from procedure.facts import Moment
from procedure.parties import heads, is_press, reporting_line
from procedure.words import Authority, Casualties


def understood(said: Said, desk: Desk, values: Values) -> dict[str, Any]:
    """The words and files, and what the bot understands of them, as plain parts."""
    words, files = line_or_photo(said, desk, values)
    found = understood_line(desk, words)
    return {
        "text": words,
        "files": files,
        "at": said.at,
        "kind": found.kind_label,
        "place": found.place,
        "effects": [spoken(one) for one in found.effects],
        "states": [spoken(one) for one in found.states],
        "quoted": list(found.quoted),
        "claim": found.claim,
    }


def spoken(part: Part) -> str:
    """A part in words: "ảnh hưởng 07 nhà"; numbers below ten with a leading zero."""
    words = [part.label]
    if part.count is not None:
        count = f"{part.count:f}"
        words.append(count.zfill(2) if count.isdigit() else count)
    if part.unit:
        words.append(part.unit)
    return " ".join(words)


def _only_photos(desk: Desk, values: Values) -> bool:
    """A photo without a word wants one line more before it is an incident."""
    return bool(values.get("line")) and not values["line"]["text"]


def permit(desk: Desk) -> None:
    """Anyone registered, but no newsroom; a drill is begun by few, who may ask anyone."""
    if is_press(desk.person, desk.organisation):
        raise NotYours("press_reports_elsewhere", who=None)
    if desk.args.get("drill") and not desk.args.get("invited_by"):
        drill.may_begin(desk)


def finish(desk: Desk, values: Values) -> Sequence[a.Action]:
    """Opens the incident with what was understood; the rest is asked afterwards."""
    if values.get("same"):
        return further_report.finish(desk, values)
    line, casualties = values["line"], values["casualties"]
    if values.get("what"):
        line = {**line, "text": values["what"]}
    found = understood_line(desk, line["text"])
    actions: list[a.Action] = [_opening(desk, line, found, casualties)]
    if found.place:
        home = desk.organisation.units[reporting_unit(desk)].short
        actions.append(a.AmendReport(item="place", text=Prose(f"{found.place}, {home}")))
    if found.claim:
        return [*actions, a.LogClaim(text=line["text"])]
    if found.effects:
        effects = ", ".join(spoken(one) for one in found.effects)
        actions.append(a.AmendReport(item="damage", text=Prose(effects)))
    if found.states:
        states = ", ".join(spoken(one) for one in found.states)
        actions.append(a.AmendReport(item="done", text=Prose(states)))
    return actions


def _opening(
    desk: Desk, line: Mapping[str, Any], found: Understanding, casualties: Casualties
) -> a.OpenIncident:
    unit = reporting_unit(desk)
    department, committee = route(desk, unit)
    answers = FiveAnswers(**found.check)
    severity = suggest_severity(answers, casualties)
    if found.severity and found.severity.rank > severity.rank:
        severity = found.severity
    authority = suggest_authority(answers)
    if casualties in (Casualties.INJURED, Casualties.DEAD_OR_MISSING):
        authority = Authority.BEYOND
    return a.OpenIncident(
        code="",
        drill=bool(desk.args.get("drill")),
        unit=unit,
        department=department,
        committee=committee,
        policy=desk.look.policy_in_force(),
        title=Prose(_title(found, line["text"])),
        line=line["text"],
        incident_kind=found.kind,
        casualties=casualties,
        detected=Moment(at=line["at"]),
        suggested_authority=authority,
        severity=severity,
        files=line["files"],
    )


def _title(found: Understanding, text: str) -> str:
    """The kind and the place when both are known, else the line as typed."""
    if not found.kind_label:
        return text.splitlines()[0][:120] if text else ""
    kind = found.kind_label[:1].upper() + found.kind_label[1:]
    return _joined(kind, found.place) if found.place else kind


def _joined(kind: str, place: str) -> str:
    """The kind before the place; words that end the one and begin the other are said once."""
    first, second = kind.split(), place.split()
    for length in range(min(len(first) - 1, len(second)), 0, -1):
        ends = [word.casefold() for word in first[-length:]]
        if ends == [word.casefold() for word in second[:length]]:
            return " ".join((*first[:-length], place))
    return f"{kind} {place}"


def route(desk: Desk, unit: int) -> tuple[int, int]:
    """The propaganda body and the committee above, by the reporting line in the data (row 19)."""
    found = reporting_line(unit, desk.organisation)
    if found is None:
        raise NotYours("no_reporting_line", who=None)
    return found


def prefill(desk: Desk) -> Mapping[str, str | None]:
    """The line that was typed before the button was tapped."""
    line = desk.args.get("line", "")
    return {"line": line} if line or desk.args.get("files") else {}


def _needs_casualties(desk: Desk, values: Values) -> bool:
    return not further_report.is_for_own(values)


def onward(desk: Desk, values: Values) -> Mapping[str, Any] | None:
    """The rest of a new report is asked by itself; a report of another's incident is whole."""
    if values.get("same"):
        return further_report.onward(desk, values)
    return opens("report_details", desk.case.stream)


def after(desk: Desk) -> Sequence[Choice]:
    """A head who reports himself may send it up at once."""
    if desk.person not in heads(desk.case.unit, desk.organisation):
        return ()
    stream = desk.case.stream
    return [
        choice("look_and_send", opens("quick_report", stream)),
        choice("keep_within", opens("keep_within", stream)),
    ]


FORM = Form(
    name="report_incident",
    fields=(
        Field(name="line", read=understood, files=True),
        Field(name="what", read=text(most=200), ask_if=_only_photos),
        further_report.FIELD,
        Field(
            name="casualties",
            read=one_of(Casualties),
            ask_if=_needs_casualties,
            options=choices_of(
                Casualties,
                "casualties",
                Casualties.NONE_KNOWN,
                Casualties.INJURED,
                Casualties.DEAD_OR_MISSING,
                Casualties.UNKNOWN,
            ),
        ),
    ),
    finish=finish,
    preview=False,
    prefill=prefill,
    permit=permit,
    after=after,
    where=further_report.where,
    onward=onward,
    about_incident=False,
)
