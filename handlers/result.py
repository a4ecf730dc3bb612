"""`/ketqua`: the Step 4 report, pre-filled from the journal (row 38; domain.md §2.3 last row)."""

from collections.abc import Mapping, Sequence

from handlers import permits
from handlers.fields import text
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.look import Desk
from handlers.say import Choice, choice, shows
from procedure import actions as a
from procedure.codec import Prose
from procedure.errors import WrongStep
from procedure.parties import speaker

NEXT_STEPS = ("watch", "speak_again", "close")


def permit(desk: Desk) -> None:
    """Only after an official statement; only its spokesperson."""
    if desk.case.official is None:
        who = speaker(desk.case, desk.organisation)
        raise WrongStep("nothing_spoken", who=who)


def prefill(desk: Desk) -> Mapping[str, str | None]:
    """What the journal knows: links, questions and answers, claims; the rest is asked."""
    incident = desk.case
    said = [one for one in incident.spoken if not one.holding]
    given: dict[str, str | None] = {}
    links = "\n".join(str(one.links) for one in said if one.links)
    given["coverage"] = links or None
    asked = [f"{one.outlet}: {one.question} — {one.answer or ''}" for one in incident.enquiries]
    given["questions"] = "\n".join(asked) or None
    given["spoken"] = "\n".join(f"{one.where} {one.to_whom}".strip() for one in said)
    return given


def next_options(desk: Desk, values: Values) -> Sequence[Option]:
    """What is asked for next."""
    return [Option(value=one, label=f"next_{one}") for one in NEXT_STEPS]


def read_next(said: Said, desk: Desk, values: Values) -> str:
    """One of the three, by tap or number."""
    if said.option in NEXT_STEPS:
        return str(said.option)
    raise BadAnswer("choose_one")


def read_proposals(said: Said, desk: Desk, values: Values) -> tuple[Prose, ...]:
    """One proposal a line."""
    lines = tuple(Prose(line.strip()) for line in said.text.splitlines() if line.strip())
    if not lines:
        raise BadAnswer("too_short")
    return lines


def _or_nothing(words: object) -> Prose:
    return Prose(str(words)) if words else Prose("")


def finish(desk: Desk, values: Values) -> Sequence[a.Action]:
    """The report; its proposals await a decision."""
    return [
        a.ReportResult(
            spoken=values["spoken"],
            coverage=_or_nothing(values.get("coverage")),
            questions=_or_nothing(values.get("questions")),
            deviation=_or_nothing(values.get("deviation")),
            reaction=_or_nothing(values.get("reaction")),
            remaining=values["remaining"],
            next_step=values["next_step"],
            proposals=values["proposals"],
        )
    ]


def _see(desk: Desk) -> Sequence[Choice]:
    return [choice("see_result", shows("result", desk.case.stream))]


FORM = Form(
    name="result",
    fields=(
        Field(name="spoken", read=text()),
        Field(name="coverage", read=text(), optional=True),
        Field(name="questions", read=text(), optional=True),
        Field(name="reaction", read=text(), optional=True),
        Field(name="deviation", read=text(), optional=True),
        Field(name="remaining", read=text()),
        Field(name="proposals", read=read_proposals),
        Field(name="next_step", read=read_next, options=next_options),
    ),
    finish=finish,
    prefill=prefill,
    written={"reaction": "forms/result#checked_claims"},
    permit=permits.all_of(permits.still_open, permit, permits.the_speaker),
    after=_see,
)
