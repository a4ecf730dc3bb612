"""A figure and its signature; and the choice between two that differ (rows 20, 21)."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import permits
from handlers.fields import moment, text
from handlers.form import BadAnswer, Field, Form, Option, Reader, Said, Values
from handlers.look import Desk
from handlers.reading.figure import Figure as Read
from handlers.reading.figure import NotAFigure, read_figure
from handlers.reading.topics import Topic, fitting, named
from handlers.say import Choice, acts, choice, opens
from procedure import actions as a
from procedure.codec import Prose
from procedure.decision import require
from procedure.errors import Outdated, Refused
from procedure.facts import Figure
from procedure.figures import Conflict, conflicts, is_number, settler, written
from procedure.figures_in_text import barred, without
from procedure.incident import Incident
from procedure.rules_figures import may_settle, usable_only

#: So many numbers have a button each beside "measure again"; of more, one is picked from a list.
BUTTONS = 2


@dataclass(frozen=True)
class Thing:
    """What is counted: a key of the list or "", its words, its unit in the list."""

    topic: str
    words: Prose
    unit: str = ""
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Amount:
    """A number as the register keeps it, its unit, and whether it was said to be about."""

    value: str
    unit: Prose
    estimated: bool


def _thing(topic: Topic) -> Thing:
    return Thing(topic.key, Prose(topic.label), topic.unit, topic.units)


def _topics(desk: Desk, values: Values) -> Sequence[Option]:
    fit = fitting(desk.words.topics, desk.case.incident_kind)
    return [Option(value=one.key, label="topic", facts={"name": one.label}) for one in fit]


def _read_thing(said: Said, desk: Desk, values: Values) -> Thing:
    """A listed thing by tap, number or name; any other words are kept as typed."""
    if said.option:
        found = next((one for one in desk.words.topics if one.key == said.option), None)
        if found is None:
            raise BadAnswer("choose_one")
        return _thing(found)
    words = text(least=2, most=120)(said, desk, values)
    if _number_in(words, desk):
        raise BadAnswer("figure_name_first")
    found = named(desk.words.topics, words)
    return _thing(found) if found else Thing("", Prose(words))


def _number_in(words: str, desk: Desk) -> bool:
    try:
        read_figure(words, desk.words.figures)
    except NotAFigure:
        return False
    return any(char.isdigit() for char in words)


def _asked_for(desk: Desk) -> Figure | None:
    """The figure whose thing is to be measured again, when a button named it."""
    number = desk.args.get("again")
    return next((one for one in desk.case.figures if one.id == number), None)


def _of(desk: Desk, values: Values) -> Thing:
    again = _asked_for(desk)
    if again:
        return Thing(again.topic, again.what, str(again.unit), again.spellings)
    thing: Thing = values["what"]
    return thing


def _read_amount(said: Said, desk: Desk, values: Values) -> Amount:
    """One number with its unit; a range, two numbers or another unit are asked back."""
    thing = _of(desk, values)
    words = text(most=120)(said, desk, values)
    try:
        read = read_figure(words, desk.words.figures)
    except NotAFigure as problem:
        if problem.why == "range":
            raise BadAnswer("figure_one_number") from None
        raise BadAnswer(f"figure_{problem.why}") from None
    value = written(read.value)
    if not is_number(value):
        raise BadAnswer("figure_unreadable")
    return Amount(value, _unit(read, thing), read.estimated)


def _unit(read: Read, thing: Thing) -> Prose:
    if not thing.unit:
        return Prose(read.unit)
    topic = Topic(thing.topic, thing.words, thing.unit, thing.spellings)
    if read.unit and not topic.counts_in(read.unit):
        raise BadAnswer("figure_unit", measure=thing.unit)
    return Prose(thing.unit)


def _now(desk: Desk, values: Values) -> Sequence[Option]:
    return [Option(value=desk.now.isoformat(), label="just_now")]


def _report(desk: Desk, values: Values) -> Sequence[a.Action]:
    thing, amount = _of(desk, values), values["value"]
    return [
        a.ReportFigure(
            topic=thing.topic,
            what=thing.words,
            value=amount.value,
            unit=amount.unit,
            source=values["source"],
            measured=values["measured"],
            estimated=amount.estimated,
            spellings=thing.spellings,
        )
    ]


def _another(desk: Desk) -> Sequence[Choice]:
    return [choice("next_figure", opens("figure", desk.case.stream))]


FIGURE_FORM = Form(
    name="figure",
    fields=(
        Field(
            name="what",
            read=_read_thing,
            options=_topics,
            ask_if=lambda desk, values: _asked_for(desk) is None,
        ),
        Field(name="value", read=_read_amount),
        Field(name="measured", read=moment("past"), options=_now),
        Field(name="source", read=text(least=2, most=200)),
    ),
    finish=_report,
    permit=permits.all_of(permits.still_open, permits.part),
    after=_another,
    send_label="i_confirm",
)


def _conflict(desk: Desk) -> Conflict:
    """The conflict that a button was made for, with the same figures in it. Raises Outdated."""
    number, seen = desk.args.get("conflict"), desk.args.get("figures")
    for one in conflicts(desk.case):
        if number in (None, one.id) and (seen is None or set(seen) == set(one.ids)):
            return one
    raise Outdated("figures_moved_on")


def _settles(desk: Desk) -> None:
    _conflict(desk)
    asked = desk.asked()
    require(may_settle(asked), "only_focal_point_settles", asked.who(settler(desk.case)))


def _numbers(desk: Desk, values: Values) -> Sequence[Option]:
    return [
        Option(value=str(one.id), label="figure_choice", facts=_label(one))
        for one in _conflict(desk).values
    ]


def _read_choice(said: Said, desk: Desk, values: Values) -> int:
    chosen = said.option or ""
    if not chosen.isdecimal() or int(chosen) not in _conflict(desk).ids:
        raise BadAnswer("choose_one")
    return int(chosen)


def _settle(desk: Desk, values: Values) -> Sequence[a.Action]:
    chosen = values.get("figure") or int(desk.args["chosen"])
    ids = _conflict(desk).ids
    return [a.SettleFigure(figures=ids, chosen=chosen, reason=values["reason"])]


SETTLE_FORM = Form(
    name="settle_figure",
    fields=(
        Field(
            name="figure",
            read=_read_choice,
            options=_numbers,
            ask_if=lambda desk, values: "chosen" not in desk.args,
        ),
        Field(name="reason", read=text(least=5, most=500)),
    ),
    finish=_settle,
    preview=False,
    permit=permits.all_of(permits.still_open, _settles),
)


def _label(figure: Figure) -> dict[str, str]:
    return {"amount": figure.value, "measure": str(figure.unit)}


def conflict_choices(incident: Incident, number: int) -> list[Choice]:
    """[35 m] [38 m] [Đo lại]; of more than two numbers one is picked from a list."""
    found = next((one for one in conflicts(incident) if one.id == number), None)
    if found is None:
        return []
    stream = incident.stream
    args = {"conflict": found.id, "figures": list(found.ids)}
    if len(found.values) <= BUTTONS:
        made = [
            choice("figure_choice", opens("settle_figure", stream, **args, chosen=one.id))
            | {"facts": _label(one)}
            for one in found.values
        ]
    else:
        made = [choice("choose_figure", opens("settle_figure", stream, **args))]
    if not found.measuring:
        again = acts(a.SettleFigure(figures=found.ids, chosen=None), stream)
        made.append(choice("measure_again", again))
    return made


def usable(read: Reader) -> Reader:
    """A text of a statement: one with a figure that may not be used is asked back (T20).

    It offers the text without those sentences, when anything is left of it.
    """

    def checked(said: Said, desk: Desk, values: Values) -> Prose:
        words = Prose(said.option) if said.option else read(said, desk, values)
        try:
            usable_only(desk.asked(), words)
        except Refused as refused:
            rest = without(words, barred(desk.case, words))
            offers = [Option(value=rest, label="drop_sentences")] if rest else []
            raise BadAnswer(refused.key, offers, **refused.facts) from None
        return words

    return checked
