"""Every form: the happy way, through refusals, a restart and changes of mind, and the way out."""

import pytest

from handlers.catalogue import FORMS
from storage.tables import MessageRow
from tests.fixtures import OUTSIDER, PRESS
from tests.handlers.form_cases import (
    CASES,
    Case,
    TownAt,
    asking,
    begin,
    current,
    entries,
    told,
)
from tests.town import Town

EVERY = [pytest.param(name, case, id=name) for name, case in CASES.items()]


def test_every_form_has_a_case() -> None:
    assert set(CASES) == set(FORMS)


@pytest.mark.parametrize(("name", "case"), EVERY)
def test_every_form_reaches_its_end_through_refusals_a_restart_and_changes_of_mind(
    name: str, case: Case, town_at: TownAt
) -> None:
    town = town_at(case.stage)
    case.first(town)
    assert begin(town, case.who, name, **case.args) is None
    before = entries(town)
    for n, answer in enumerate(case.answers):
        question = asking(town, case.who)
        assert question.startswith(f"{name}#"), question
        _says_nothing(town, case, question)
        if n == len(case.answers) // 2:
            town.restart()
            assert asking(town, case.who) == question
        if n == 1 and not FORMS[name].each:
            _goes_back_and_on(town, case, question)
        town.answers(case.who, answer)
    if case.send:
        if FORMS[name].fields:
            _changes_a_part_and_keeps_it(town, name, case)
        preview = told(town, case.who)
        town.taps(case.who, case.send)
        _counts_once(town, case, preview)
    _is_done(town, name, case, before)


def _says_nothing(town: Town, case: Case, question: str) -> None:
    """An empty message: the same question again, with what was wrong, and nothing is changed."""
    draft, done = current(town, case.who), entries(town)
    old = told(town, case.who)
    town.says(case.who, "")
    again = told(town, case.who)
    assert asking(town, case.who) == question
    assert draft is not None and current(town, case.who).answers == draft.answers  # type: ignore[union-attr]
    assert entries(town) == done
    assert again.template == f"forms/{question}" and again.id != old.id
    assert len(again.text.splitlines()) >= 2, again.text
    assert old.id not in [row.id for row in town.live(case.who)]


def _goes_back_and_on(town: Town, case: Case, question: str) -> None:
    town.taps(case.who, "Quay lại")
    assert asking(town, case.who) != question
    town.taps(case.who, "Giữ nguyên")
    assert asking(town, case.who) == question


def _changes_a_part_and_keeps_it(town: Town, name: str, case: Case) -> None:
    """[Sửa] shows the parts; one that is opened can be left as it was, and nothing is lost."""
    assert asking(town, case.who) == f"{name}#preview"
    shown = told(town, case.who).text
    town.taps(case.who, "Sửa")
    part = town.buttons(case.who)[0][0]
    town.taps(case.who, part)
    if asking(town, case.who) != f"{name}#preview":
        town.taps(case.who, "Giữ nguyên")
    assert asking(town, case.who) == f"{name}#preview"
    assert told(town, case.who).text == shown


def _counts_once(town: Town, case: Case, preview: MessageRow) -> None:
    """A second tap on the last button does nothing and says nothing."""
    done, spoken = entries(town), len(town.thread(case.who))
    town.sends(case.who, {"type": "answer", "prompt": preview.id, "n": 1})
    assert (entries(town), len(town.thread(case.who))) == (done, spoken)


def _is_done(town: Town, name: str, case: Case, before: int) -> None:
    rows = [row for row in town.thread(case.who) if row.template == f"forms/{name}#finished"]
    assert len(rows) >= 1, [row.template for row in town.thread(case.who)][-4:]
    assert name not in asking(town, case.who)
    assert entries(town) > before
    town.holds()


STAGES = sorted({case.stage for case in CASES.values()})


def at(stage: str) -> dict[str, Case]:
    """The forms that are begun at this stage."""
    return {name: case for name, case in CASES.items() if case.stage == stage}


@pytest.mark.parametrize("stage", STAGES)
def test_every_form_can_be_left_and_its_buttons_are_stale_then(stage: str, town_at: TownAt) -> None:
    town = town_at(stage)
    for name, case in at(stage).items():
        case.first(town)
        begin(town, case.who, name, **case.args)
        before = entries(town)
        prompt = told(town, case.who)
        town.says(case.who, "hủy")
        assert current(town, case.who) is None, name
        assert "Đã hủy" in town.last(case.who)
        for n, label in enumerate(town.labels(prompt), 1):
            spoken = len(town.thread(case.who))
            town.sends(case.who, {"type": "answer", "prompt": prompt.id, "n": n})
            if label == "Hủy":
                assert len(town.thread(case.who)) == spoken, "typed, then tapped: counts once"
            else:
                assert told(town, case.who).template == "refusals#answer_outdated"
        assert current(town, case.who) is None
        assert entries(town) == before


@pytest.mark.parametrize("stage", STAGES)
def test_no_form_about_an_incident_is_begun_by_a_newsroom_or_a_stranger_to_it(
    stage: str, town_at: TownAt
) -> None:
    town = town_at(stage)
    for name, case in at(stage).items():
        if not FORMS[name].about_incident or FORMS[name].permit is None:
            continue
        for who in (PRESS, OUTSIDER):
            refusal = begin(town, who, name, **case.args)
            assert refusal is not None, (name, who)
            assert current(town, who) is None


@pytest.mark.parametrize("who", [PRESS])
def test_a_newsroom_opens_no_incident(who: str, town_at: TownAt) -> None:
    town = town_at("closed")
    refusal = begin(town, who, "report_incident")
    assert refusal is not None and refusal.key == "press_reports_elsewhere"
