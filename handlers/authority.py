"""The check of five questions, then the decision: beyond his authority or not (rows 2, 18)."""

from collections.abc import Sequence

from handlers import permits
from handlers.fields import YES_NO, choices_of, one_of, text, yes_no
from handlers.form import Field, Form, Values
from handlers.look import Desk
from handlers.say import Choice, choice, opens
from procedure import actions as a
from procedure.check import FiveAnswers, suggest_authority
from procedure.codec import Prose
from procedure.words import Authority

QUESTIONS = ("complex", "sensitive", "sectors", "beyond", "province")


def _suggested(values: Values) -> Authority:
    answers = {name: bool(values.get(name)) for name in QUESTIONS}
    return suggest_authority(FiveAnswers(**answers))


def _overrides(desk: Desk, values: Values) -> bool:
    """A decision against the suggestion, or a change of an earlier one, keeps its reason."""
    chosen = values.get("decision")
    against = chosen is not None and chosen is not _suggested(values)
    stamped = desk.incident is not None and desk.incident.suggested_authority not in (
        chosen,
        Authority.UNDECIDED,
    )
    return against or stamped or (desk.incident is not None and desk.incident.within)


def finish(desk: Desk, values: Values) -> Sequence[a.Action]:
    """The decision with the five answers and the reason."""
    return [
        a.DecideAuthority(
            beyond=values["decision"] is Authority.BEYOND,
            reason=values.get("reason") or Prose(""),
            answers=tuple(bool(values[name]) for name in QUESTIONS),
        )
    ]


def _onward(desk: Desk) -> Sequence[Choice]:
    stream = desk.case.stream
    if desk.case.within:
        return [
            choice("order_verification", opens("order_verification", stream)),
            choice("conclude", opens("conclusion", stream)),
        ]
    return [choice("look_and_send", opens("quick_report", stream))]


FORM = Form(
    name="authority",
    fields=(
        *(Field(name=name, read=yes_no(), options=YES_NO) for name in QUESTIONS),
        Field(
            name="decision",
            read=one_of(Authority),
            options=choices_of(Authority, "authority", Authority.BEYOND, Authority.WITHIN),
        ),
        Field(name="reason", read=text(least=5), ask_if=_overrides),
    ),
    finish=finish,
    permit=permits.all_of(permits.still_open, permits.head_or_department),
    after=_onward,
    send_label="confirm",
)


def _keep_overrides(desk: Desk, values: Values) -> bool:
    return desk.incident is not None and desk.incident.suggested_authority is Authority.BEYOND


def _keep(desk: Desk, values: Values) -> Sequence[a.Action]:
    return [a.DecideAuthority(beyond=False, reason=values.get("reason") or Prose(""))]


KEEP_FORM = Form(
    name="keep_within",
    fields=(Field(name="reason", read=text(least=5), ask_if=_keep_overrides),),
    finish=_keep,
    permit=permits.all_of(permits.still_open, permits.head),
    after=_onward,
    send_label="confirm",
)
