""" "Có phải cùng vụ này không?": the likely duplicate is offered before it is opened (conduct §2).

Of another unit's incident only code, kind, unit and time are shown, never its content
(conduct §13). The question is asked once and blocks nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.first_line import reporting_unit, understood_line
from handlers.form import BadAnswer, Field, Option, Said, Values
from handlers.look import Desk
from handlers.say import opens
from procedure import actions as a
from procedure.codec import dump
from procedure.incident import Incident
from procedure.words import Casualties

NEW = "new"


def line_of(values: Values) -> str:
    """The words of the report: the line, or what was asked after photos alone."""
    line = values.get("line")
    return str(values.get("what") or (line["text"] if line else ""))


def candidates(desk: Desk, values: Values) -> Sequence[Incident]:
    """Open incidents that this report may be about, the likeliest first."""
    text = line_of(values)
    if not text or not values.get("line"):
        return ()
    found = understood_line(desk, text)
    at = values["line"]["at"]
    return desk.look.similar(text, found.kind, found.place, reporting_unit(desk), at)


def _asked(desk: Desk, values: Values) -> bool:
    return bool(candidates(desk, values))


def _options(desk: Desk, values: Values) -> Sequence[Option]:
    found = [
        Option(value=one.stream, label="same_incident", facts={"code": one.code})
        for one in candidates(desk, values)
    ]
    return [*found, Option(value=NEW, label="other_incident")]


def _read(said: Said, desk: Desk, values: Values) -> dict[str, Any] | None:
    """Which incident it is, and whether it is of the writer's own unit; None: a new one."""
    if said.option == NEW:
        return None
    if not said.option:
        raise BadAnswer("choose_one")
    incident = desk.look.incident(said.option)
    return {"stream": incident.stream, "code": incident.code, "own": is_own(desk, incident)}


def is_own(desk: Desk, incident: Incident) -> bool:
    """Whether the writer's unit, or its joined body, reports this incident."""
    return desk.organisation.works_at(desk.person, incident.unit)


def _facts(desk: Desk, values: Values) -> Mapping[str, Any]:
    return {"alike": [_shown(desk, one) for one in candidates(desk, values)]}


def _shown(desk: Desk, incident: Incident) -> dict[str, Any]:
    kinds = {one.key: one.label for one in desk.words.lexicon.kinds}
    at = incident.opened_at
    return {
        "code": incident.code,
        "kind": kinds.get(incident.incident_kind or ""),
        "unit": incident.unit,
        "at": at.isoformat() if at else None,
    }


FIELD = Field(name="same", read=_read, options=_options, ask_if=_asked, facts=_facts)


def where(desk: Desk, values: Values) -> str | None:
    """The incident to which the report belongs; None when it is a new one."""
    same = values.get("same")
    return str(same["stream"]) if same else None


def is_for_own(values: Values) -> bool:
    """Whether it only adds to an incident of the writer's own unit."""
    same = values.get("same")
    return bool(same and same["own"])


def finish(desk: Desk, values: Values) -> Sequence[a.Action]:
    """The report of another unit; worse casualties than are known are said at once."""
    if is_for_own(values):
        return ()
    line, casualties = values["line"], values["casualties"]
    incident = desk.look.incident(values["same"]["stream"])
    actions: list[a.Action] = [
        a.AddReport(line=values.get("what") or line["text"], files=line["files"])
    ]
    worse = list(Casualties).index
    if casualties is not Casualties.UNKNOWN and worse(casualties) > worse(incident.casualties):
        actions.append(a.ReportCasualties(casualties=casualties))
    return actions


def onward(desk: Desk, values: Values) -> dict[str, Any] | None:
    """An incident of one's own unit goes on as an addition, with the words and photos given."""
    if not is_for_own(values):
        return None
    files = [dump(one) for one in values["line"]["files"]]
    return opens("add_line", values["same"]["stream"], line=line_of(values), files=files)
