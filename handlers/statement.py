"""`/phatngon`: holding text, draft, return, spoken (rows 34–36; domain.md §8.3 end)."""

from collections.abc import Sequence

from handlers import permits
from handlers.fields import moment, text
from handlers.figures import usable
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.look import Desk
from handlers.say import Choice, choice, opens
from procedure import actions as a
from procedure.codec import Prose
from procedure.decision import require
from procedure.errors import Outdated
from procedure.words import StatementForm


def _holding(desk: Desk, values: Values) -> Sequence[a.Action]:
    return [a.DraftStatement(text=values["text"], holding=True)]


HOLDING_FORM = Form(
    name="holding",
    fields=(Field(name="text", read=usable(text(least=20, most=1200))),),
    finish=_holding,
    written={"text": "forms/holding#template"},
    permit=permits.all_of(permits.still_open, permits.part, permits.before_speaker),
)

STATEMENT_FORM = Form(
    name="statement",
    fields=(Field(name="text", read=usable(text(least=20))),),
    finish=lambda desk, values: [a.DraftStatement(text=values["text"], holding=False)],
    permit=permits.all_of(permits.still_open, permits.part, permits.gates_open),
)


def _pending(desk: Desk) -> int:
    if "statement" in desk.args:
        return int(desk.args["statement"])
    waiting = desk.case.pending_statement
    if waiting is None:
        raise Outdated("statement_moved_on")
    return waiting.version


def _still_pending(desk: Desk) -> None:
    waiting = desk.case.pending_statement
    if waiting is None or waiting.version != _pending(desk):
        raise Outdated("statement_moved_on")
    asked = desk.asked()
    if waiting.holding or desk.case.within:
        may = asked.is_head() or (waiting.holding and asked.is_department())
        require(may, "only_head_approves", asked.who(permits.HEAD))
    else:
        permits.approver(desk)


RETURN_FORM = Form(
    name="return_statement",
    fields=(Field(name="reason", read=text(least=5)),),
    finish=lambda desk, values: [
        a.ReturnStatement(statement=_pending(desk), reason=values["reason"])
    ],
    preview=False,
    permit=permits.all_of(permits.still_open, _still_pending),
)


def form_options(desk: Desk, values: Values) -> Sequence[Option]:
    """The forms that the conclusion chose; before it, all six."""
    conclusion = desk.incident.conclusion if desk.incident else None
    chosen = conclusion.forms if conclusion else tuple(StatementForm)
    return [Option(value=one.value, label=f"form_{one.value}") for one in chosen]


def read_form(said: Said, desk: Desk, values: Values) -> StatementForm:
    """One of the forms, by tap or number."""
    try:
        return StatementForm(said.option or "")
    except ValueError:
        raise BadAnswer("choose_one") from None


def _now(desk: Desk, values: Values) -> Sequence[Option]:
    return [Option(value=desk.now.isoformat(), label="just_now")]


def _approved(desk: Desk) -> int:
    ready = desk.case.approved_statement
    if ready is None:
        raise Outdated("statement_moved_on")
    return int(desk.args.get("statement", ready.version))


def _still_approved(desk: Desk) -> None:
    ready = desk.case.approved_statement
    if ready is None or ready.version != _approved(desk):
        raise Outdated("statement_moved_on")


def _spoken(desk: Desk, values: Values) -> Sequence[a.Action]:
    return [
        a.SpeakStatement(
            statement=_approved(desk),
            form=values["form"],
            spoken_at=values["spoken_at"].at,
            where=values["where"],
            to_whom=values.get("to_whom") or Prose(""),
            links=values.get("links") or Prose(""),
        )
    ]


def _step_four(desk: Desk) -> Sequence[Choice]:
    """What comes next: the Step 4 report once the official word is out."""
    if desk.case.official is None:
        return ()
    return [choice("open_result", opens("result", desk.case.stream))]


SPOKEN_FORM = Form(
    name="spoken",
    fields=(
        Field(name="form", read=read_form, options=form_options),
        Field(name="spoken_at", read=moment("past"), options=_now),
        Field(name="where", read=text(most=300)),
        Field(name="to_whom", read=text(most=500), optional=True),
        Field(name="links", read=text(most=1000), optional=True),
    ),
    finish=_spoken,
    permit=permits.all_of(permits.still_open, permits.the_speaker, _still_approved),
    after=_step_four,
    send_label="confirm",
)
