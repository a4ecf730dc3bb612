"""The engine: the next question is derived from the answers, never stored (design.md §2f)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.catalogue import FORMS
from handlers.fields import when
from handlers.form import (
    Ask,
    BadAnswer,
    Field,
    Form,
    Option,
    Preview,
    Said,
    Values,
    answered,
    last_answered,
    standing,
    without,
)
from handlers.look import Desk
from handlers.navigation import preview_buttons, question_buttons

AT = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)


def words(said: Said, desk: Desk, values: Values) -> str:
    if not said.text:
        raise BadAnswer("too_short")
    return said.text


def colour(said: Said, desk: Desk, values: Values) -> str:
    if said.option not in ("red", "blue"):
        raise BadAnswer("choose_one", (Option(value="red", label="red"),))
    return said.option


FORM = Form(
    name="paint",
    fields=(
        Field(name="what", read=words),
        Field(name="colour", read=colour),
        Field(name="shade", read=words, ask_if=when("colour", "blue")),
        Field(name="note", read=words, optional=True),
    ),
    finish=lambda desk, values: (),
)
#: No answer of this form looks at a desk.
NOWHERE: Any = None


def text(typed: str) -> Said:
    return Said(text=typed, at=AT)


def tap(option: str) -> Said:
    return Said(at=AT, option=option)


SKIP = Said(at=AT, skipped=True)


def asked(answers: dict[str, Said]) -> str:
    now = standing(FORM, answers, NOWHERE)
    return now.field.name if isinstance(now, Ask) else "preview"


@pytest.mark.parametrize(
    ("answers", "next_question"),
    [
        ({}, "what"),
        ({"what": text("wall")}, "colour"),
        ({"colour": tap("red")}, "what"),
        ({"what": text("wall"), "colour": tap("red")}, "note"),
        ({"what": text("wall"), "colour": tap("blue")}, "shade"),
        ({"what": text("wall"), "colour": tap("red"), "note": SKIP}, "preview"),
        ({"what": SKIP}, "what"),
        ({"what": text(""), "colour": tap("red"), "note": SKIP}, "what"),
        ({"what": text("wall"), "colour": tap("green"), "note": SKIP}, "colour"),
        ({"what": text("w"), "colour": tap("red"), "shade": text("s"), "note": SKIP}, "preview"),
        ({"what": text("w"), "colour": tap("red"), "note": SKIP, "gone": text("x")}, "preview"),
    ],
)
def test_the_next_question_is_the_first_that_applies_and_has_no_readable_answer(
    answers: dict[str, Said], next_question: str
) -> None:
    assert asked(answers) == next_question


def test_a_readable_answer_is_kept_as_typed_and_the_next_question_stands() -> None:
    answers, now, name = answered(FORM, {}, text("  wall "), NOWHERE)
    assert name == "what" and answers["what"].text == "  wall "
    assert isinstance(now, Ask) and now.field.name == "colour" and now.problem is None


def test_an_unreadable_answer_changes_nothing_and_names_what_is_wrong() -> None:
    before = {"what": text("wall")}
    answers, now, name = answered(FORM, before, tap("green"), NOWHERE)
    assert (answers, name) == (before, None)
    assert isinstance(now, Ask) and now.problem is not None
    assert (now.problem.key, now.problem.options[0].value) == ("choose_one", "red")


def test_only_an_optional_question_can_be_skipped() -> None:
    answers, now, name = answered(FORM, {}, SKIP, NOWHERE)
    assert (answers, name) == ({}, None)
    assert isinstance(now, Ask) and now.problem is not None and now.problem.key == "must_answer"
    full = {"what": text("wall"), "colour": tap("red")}
    answers, now, name = answered(FORM, full, SKIP, NOWHERE)
    assert name == "note" and isinstance(now, Preview) and now.values["note"] is None


def test_a_finished_form_takes_no_more_answers() -> None:
    full = {"what": text("wall"), "colour": tap("red"), "note": SKIP}
    answers, now, name = answered(FORM, full, text("more"), NOWHERE)
    assert answers == full and isinstance(now, Preview) and name is None


def test_an_answer_that_is_dropped_takes_with_it_those_that_no_longer_apply() -> None:
    full = {"what": text("w"), "colour": tap("blue"), "shade": text("dark"), "note": SKIP}
    left = without(FORM, full, "colour", NOWHERE)
    assert "colour" not in left and "shade" not in left
    assert without(FORM, full, "what", NOWHERE).keys() == {"colour", "shade", "note"}


@pytest.mark.parametrize(
    ("answers", "back_to"),
    [
        ({}, None),
        ({"what": text("w")}, "what"),
        ({"what": text("w"), "colour": tap("blue")}, "colour"),
        ({"what": text("w"), "note": SKIP}, "what"),
        ({"what": text("w"), "colour": tap("red"), "note": SKIP}, "note"),
    ],
)
def test_back_goes_to_the_last_answer_before_the_question(
    answers: dict[str, Said], back_to: str | None
) -> None:
    assert last_answered(FORM, answers, NOWHERE) == back_to


SAIDS = st.one_of(
    st.builds(text, st.text(max_size=3)),
    st.builds(tap, st.sampled_from(["red", "blue", "green"])),
    st.just(SKIP),
)


@given(st.lists(SAIDS, max_size=8))
def test_however_one_answers_what_was_kept_reads_again_to_the_same_question(
    replies: list[Said],
) -> None:
    answers: dict[str, Said] = {}
    for said in replies:
        before = dict(answers)
        answers, now, name = answered(FORM, answers, said, NOWHERE)
        assert (name is None) == (answers == before)
        again = standing(FORM, answers, NOWHERE)
        assert type(again) is type(now)
        if isinstance(again, Ask) and isinstance(now, Ask):
            assert again.field is now.field


def test_the_first_question_has_no_way_back_and_every_question_a_way_out() -> None:
    for form in FORMS.values():
        for field in form.fields:
            buttons = question_buttons(form, field, (), draft=1)
            moves = [one["do"].get("move") for one in buttons]
            first = field.name == form.fields[0].name
            assert ("back" in moves) == (not first and form.each is None), (form.name, field.name)
            assert "cancel" in moves or "stop" in moves
            assert ("skip" in moves) == field.optional
            assert all(one["quiet"] for one in buttons)


def test_a_question_that_is_asked_again_offers_the_answer_it_had() -> None:
    buttons = question_buttons(FORM, FORM.fields[1], (), draft=7, kept={"said": "", "at": "x"})
    assert buttons[0]["label"] == "keep_answer"
    assert buttons[0]["do"] == {"answer": 7, "field": "colour", "said": {"said": "", "at": "x"}}


def test_the_preview_offers_to_send_to_change_to_put_aside_and_to_cancel() -> None:
    labels = [one["label"] for one in preview_buttons(FORM, 1)]
    assert labels == ["send", "edit", "later_all", "cancel"]
    none = replace(FORM, fields=())
    assert "edit" not in [one["label"] for one in preview_buttons(none, 1)]


def test_every_form_stands_under_its_own_name() -> None:
    for name, form in FORMS.items():
        assert form.name == name
        assert len({field.name for field in form.fields}) == len(form.fields)
        assert form.field("no such field") is None
        assert all(form.field(field.name) is field for field in form.fields)
