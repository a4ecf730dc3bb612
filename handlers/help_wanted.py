"""[Cần hỗ trợ]: more time, too few people or figures, or not mine (conduct §5)."""

from collections.abc import Sequence

from handlers.fields import text, when
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.look import Desk
from procedure import actions as a
from procedure.codec import Prose
from procedure.errors import Outdated
from procedure.obligations import find

NEEDS = ("time", "people", "not_mine")
MINUTES = (15, 30, 60)


def _needs(desk: Desk, values: Values) -> Sequence[Option]:
    return [Option(value=one, label=f"need_{one}") for one in NEEDS]


def _read_need(said: Said, desk: Desk, values: Values) -> str:
    if said.option in NEEDS:
        return str(said.option)
    raise BadAnswer("choose_one")


def _minutes(desk: Desk, values: Values) -> Sequence[Option]:
    """15, 30 or 60 minutes, up to half the allowance."""
    duty = find(desk.case, desk.terms(), str(desk.args["duty"]))
    if duty is None:
        raise Outdated("duty_met")
    most = (duty.due - duty.start).total_seconds() / 120
    able = [one for one in MINUTES if one <= most] or [MINUTES[0]]
    return [Option(value=str(one), label="minutes", facts={"minutes": one}) for one in able]


def _read_minutes(said: Said, desk: Desk, values: Values) -> int:
    if said.option and said.option.isdigit():
        return int(said.option)
    raise BadAnswer("choose_one")


def finish(desk: Desk, values: Values) -> Sequence[a.Action]:
    """More time, or a word to the head and the duty officer."""
    duty = str(desk.args["duty"])
    if values["need"] == "time":
        return [a.ExtendDuty(duty=duty, minutes=values["minutes"])]
    return [a.AskHelp(duty=duty, need=values["need"], text=values.get("text") or Prose(""))]


FORM = Form(
    name="help_wanted",
    fields=(
        Field(name="need", read=_read_need, options=_needs),
        Field(name="minutes", read=_read_minutes, options=_minutes, ask_if=when("need", "time")),
        Field(name="text", read=text(), ask_if=when("need", "people", "not_mine")),
    ),
    finish=finish,
    preview=False,
)
