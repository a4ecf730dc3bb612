"""The department makes one file of two incidents, or two of one again (conduct §2)."""

from collections.abc import Mapping, Sequence

from handlers import permits
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.look import Desk
from handlers.say import Choice, choice, opens
from procedure import actions as a
from procedure.decision import require
from procedure.errors import Outdated
from procedure.incident import Incident
from procedure.parties import speaker
from procedure.steps import has_conclusion, step
from procedure.text import fold

#: So many are offered at once; others are found by their code.
OFFERED = 6


def may_yield(desk: Desk, other: Incident) -> bool:
    """Whether the rules would let one of the two lie in the file of the other."""
    one = desk.case
    apart = other.stream != one.stream and other.drill == one.drill
    here = other.department == one.department and not (other.closed_at or other.yielded)
    both_said = one.official is not None and other.official is not None
    return apart and here and bool(other.submitted_at) and not both_said


def mergeable(desk: Desk) -> Sequence[Incident]:
    """The open incidents sent up to this department, those like this one first."""
    found = [one for one in desk.look.open_incidents() if may_yield(desk, one)]
    alike = [one.stream for one in _alike(desk)]
    return sorted(found, key=lambda one: one.stream not in alike)


def likely(desk: Desk) -> Incident | None:
    """The open incident sent up that this one is most like, or None."""
    return next((one for one in _alike(desk) if may_yield(desk, one)), None)


def _alike(desk: Desk) -> Sequence[Incident]:
    incident = desk.case
    assert incident.opened_at is not None
    text = str(incident.line or incident.title)
    kind, place = incident.incident_kind, incident.detail("place")
    return desk.look.similar(text, kind, place, incident.unit, incident.opened_at)


def kept_first(one: Incident, other: Incident) -> tuple[Incident, Incident]:
    """The incident that is better kept, then the other: the further step, else the older."""

    def rank(incident: Incident) -> tuple[int, float]:
        assert incident.opened_at is not None
        return -int(step(incident)), incident.opened_at.timestamp()

    first, second = sorted((one, other), key=rank)
    return first, second


def _others(desk: Desk, values: Values) -> Sequence[Option]:
    return [
        Option(value=one.stream, label="incident", facts=_named(one))
        for one in mergeable(desk)[:OFFERED]
    ]


def _named(incident: Incident) -> dict[str, str]:
    return {"code": incident.code, "title": str(incident.title)[:60]}


def _read_other(said: Said, desk: Desk, values: Values) -> str:
    return _read_one(said, mergeable(desk))


def _read_one(said: Said, among: Sequence[Incident]) -> str:
    """One of these by tap, or by its code typed."""
    wanted = said.option or fold(said.text).strip()
    for one in among:
        if wanted and wanted in (one.stream, fold(one.code)):
            return one.stream
    raise BadAnswer("choose_one")


def _pair(desk: Desk, values: Values) -> tuple[Incident, Incident]:
    return kept_first(desk.case, desk.look.incident(values["other"]))


def _keeps(desk: Desk, values: Values) -> Sequence[Option]:
    pair = _pair(desk, values)
    return [Option(value=one.stream, label="keep_file", facts={"code": one.code}) for one in pair]


def _read_keep(said: Said, desk: Desk, values: Values) -> dict[str, str | int]:
    """Who is kept, who yields, and who speaks and who no longer does, for the preview."""
    pair = _pair(desk, values)
    stream = _read_one(said, pair)
    kept, gone = sorted(pair, key=lambda one: one.stream != stream)
    return {
        "stream": kept.stream,
        "kept": kept.code,
        "gone": gone.code,
        "other": gone.stream,
        "speaker": speaker(kept, desk.organisation),
        "former": speaker(gone, desk.organisation),
        "meeting": _called_off(desk, gone),
    }


def _called_off(desk: Desk, gone: Incident) -> str:
    """When the meeting was to be that a merge cancels, UTC; empty: none lies ahead."""
    held = gone.meeting
    ahead = held and held.at > desk.now and not has_conclusion(gone)
    return held.at.isoformat() if held and ahead else ""


def _prefill(desk: Desk) -> Mapping[str, str | None]:
    """The one that was offered, and the better of the two kept: only the preview is left."""
    stream = desk.args.get("other")
    if not stream:
        return {}
    other = desk.look.incident(str(stream))
    return {"other": other.code, "keep": kept_first(desk.case, other)[0].code}


def _has_another(desk: Desk) -> None:
    if not mergeable(desk):
        raise Outdated("nothing_to_merge")


def _merger(desk: Desk) -> None:
    asked = desk.asked()
    require(asked.is_department(), "only_department_merges", asked.who(permits.DUTY_OFFICER))


def _merge(desk: Desk, values: Values) -> Sequence[a.Action]:
    return [a.MergeIncidents(other=str(values["keep"]["other"]))]


def _where(desk: Desk, values: Values) -> str | None:
    return str(values["keep"]["stream"])


MERGE_FORM = Form(
    name="merge",
    fields=(
        Field(name="other", read=_read_other, options=_others),
        Field(name="keep", read=_read_keep, options=_keeps),
    ),
    finish=_merge,
    prefill=_prefill,
    permit=permits.all_of(permits.still_open, _merger, permits.sent_up, _has_another),
    where=_where,
    send_label="confirm",
)


def _parts(desk: Desk, values: Values) -> Sequence[Option]:
    return [
        Option(value=one.stream, label="part_of_file", facts={"code": one.code})
        for one in desk.case.live_merged
    ]


def _several(desk: Desk, values: Values) -> bool:
    return len(desk.case.live_merged) > 1


def _read_part(said: Said, desk: Desk, values: Values) -> dict[str, str]:
    parts = [desk.look.incident(one.stream) for one in desk.case.live_merged]
    stream = _read_one(said, parts)
    return {"stream": stream, "code": desk.look.incident(stream).code}


def _part(desk: Desk, values: Values) -> str:
    return str(values["part"]["stream"]) if "part" in values else desk.case.live_merged[0].stream


def _is_merged(desk: Desk) -> None:
    if not desk.case.live_merged:
        raise Outdated("already_apart")


def merge_choice(desk: Desk) -> Choice | None:
    """[Cùng vụ VV-…?]: the preview of merging with the open incident most like this one."""
    if not desk.asked().is_department():
        return None
    other = likely(desk)
    if other is None:
        return None
    return choice(
        "same_maybe", opens("merge", desk.case.stream, other=other.stream), code=other.code
    )


SPLIT_FORM = Form(
    name="split",
    fields=(Field(name="part", read=_read_part, options=_parts, ask_if=_several),),
    finish=lambda desk, values: [a.SplitIncident(other=_part(desk, values))],
    permit=permits.all_of(permits.still_open, _merger, _is_merged),
    send_label="confirm",
)
