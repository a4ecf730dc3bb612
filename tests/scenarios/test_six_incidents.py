"""The six sample incidents of the page, each played from its script to its end (domain §5.2)."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from bot.drill.reading import codes, script
from bot.drill.script import SHOWS, Act
from procedure.entries import Entry, IncidentOpened
from procedure.entries_speaking import SpokespersonAssigned, StatementSpoken
from procedure.figures import conflicts, unusable
from procedure.incident import Incident
from procedure.steps import step
from procedure.text import fold
from procedure.words import Step
from storage.tables import MessageRow
from tests.drills import Telling, town_for
from tests.town import ZONE

#: Which rows of the duty table a script proves, beside the routing of its report (T2).
PROVES = {
    "VV-01": ("T20", "T25", "T38", "T40", "T41"),
    "VV-02": ("T27",),
    "VV-03": ("T5", "T17", "T18"),
    "VV-04": ("T20",),
    "VV-05": ("T5", "T17"),
}
#: How many conflicts of figures are settled in a script; in the others no two are entered.
SETTLED = {"VV-01": 1, "VV-04": 1}
ENDS = {"closed": Step.CLOSED, "watching": Step.FOLLOW_UP}


def scripts() -> list[object]:
    """Every script that is there, with its duty rows."""
    return [
        pytest.param(code, marks=pytest.mark.duty("T2", *PROVES.get(code, ()))) for code in codes()
    ]


class Played:
    """A script that has been played to its end, and what was seen on the way."""

    def __init__(self, code: str, folder: Path) -> None:
        self.script = script(code, ZONE)
        self.town = town_for(folder, self.script)
        self.telling = Telling(self.town, self.script)
        self.faults: list[str] = []
        self.heard: list[tuple[int, str, MessageRow]] = []
        for played, heard in self.telling.steps():
            missing, left = self.telling.unmet(played, heard)
            lead = f"step {played.number} ({played.at:%d/%m %H:%M} {played.who})"
            self.faults += [f"{lead}: not heard: {one}" for one in missing]
            self.faults += [
                f"{lead}: {self.telling.name(row)} {row.template}: {row.text}" for row in left
            ]
            self.heard += [(played.number, self.telling.name(row), row) for row in heard]

    @property
    def incident(self) -> Incident:
        """The incident as it stands at the end."""
        return self.town.incident(self.telling.player.code)

    @property
    def journal(self) -> list[Entry]:
        """Its entries, oldest first."""
        return self.town.journal(self.telling.player.code)


@pytest.fixture(scope="module", params=scripts())
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    made = Played(request.param, tmp_path_factory.mktemp("drill"))
    yield made
    made.town.close()


def test_nobody_hears_anything_but_what_the_script_says(played: Played) -> None:
    assert not played.faults, "\n".join(played.faults)


def test_the_check_at_intake_routes_it_as_expected(played: Played) -> None:
    opened = played.journal[0].fact
    assert isinstance(opened, IncidentOpened)
    expected = played.script.expected
    found = (opened.incident_kind, opened.severity.value, opened.suggested_authority.value)
    assert found == (expected.kind, expected.opens_as, expected.suggests)


def test_it_ends_as_expected_with_every_verdict(played: Played) -> None:
    incident, expected = played.incident, played.script.expected
    assert (incident.severity.value, incident.authority.value) == (
        expected.severity,
        expected.authority,
    )
    assert step(incident) is ENDS[expected.step]
    assert incident.result is not None
    verdicts = [claim.verdict for claim in incident.claims]
    assert verdicts == list(expected.verdicts)
    assert all(claim.evidence for claim in incident.claims)


def test_one_person_speaks_from_the_first_word_to_the_last(played: Played) -> None:
    speaker = played.town.id(played.script.expected.spokesperson)
    facts = played.journal
    named = [one.fact.person for one in facts if isinstance(one.fact, SpokespersonAssigned)]
    spoke = [one.actor for one in facts if isinstance(one.fact, StatementSpoken)]
    assert named == [speaker]
    assert set(spoke) == {speaker}
    assert played.incident.former_spokespersons == ()


def test_what_was_approved_names_nobody_and_blames_nobody(played: Played) -> None:
    for statement in played.incident.statements:
        words = statement.text.casefold()
        found = [one for one in played.script.expected.never if one.casefold() in words]
        assert found == [], statement.text
        assert statement.author != statement.approved_by


def test_where_two_units_differ_one_figure_is_chosen_with_a_reason_and_no_other_said(
    played: Played,
) -> None:
    incident = played.incident
    assert conflicts(incident) == ()
    assert len(incident.settlements) == SETTLED.get(played.script.code, 0)
    assert all(one.reason for one in incident.settlements)
    said = " ".join(one.text for one in incident.statements)
    assert not [one for one in unusable(incident) if one.value.replace(".", ",") in said]


def test_a_direction_is_kept_word_for_word_with_its_confirmation(played: Played) -> None:
    given = [
        one.text
        for before, one in pairwise(played.script.steps)
        if before.text == "Nhập ý kiến" and before.who == "Bản Thảo"
    ]
    directions = played.incident.directions
    assert [one.text for one in directions] == given
    assert all(one.entered_by == played.town.id("Bản Thảo") for one in directions)
    assert all(one.confirmed_at for one in directions)


def test_nothing_of_a_message_for_another_chat_is_on_record(played: Played) -> None:
    astray = [one.text for one in played.script.steps if "wrong_chat" in one.shows]
    assert len(astray) == 1
    record = " ".join(str(entry.fact) for entry in played.journal)
    assert astray[0] not in record


def test_it_shows_everything_that_the_page_asks_for(played: Played) -> None:
    shown = [name for one in played.script.steps for name in one.shows]
    assert set(shown) == SHOWS
    assert shown.count("figure") >= 2
    lines = [
        one.text
        for one in played.script.steps
        if one.act is Act.SAYS and len(one.text.split()) > 5 and not one.text.startswith("/")
    ]
    assert sum(line.lower() == fold(line) for line in lines) >= 3
    incident = played.incident
    assert incident.happened and incident.detected and incident.opened_at
    times = (incident.happened.at, incident.detected.at, incident.opened_at)
    assert times[0] < times[1] < times[2]
    assert incident.enquiries and all(one.answered_at for one in incident.enquiries)


def test_the_late_are_rung_and_the_absent_do_nothing(played: Played) -> None:
    late = next(one.number for one in played.script.steps if "late" in one.shows)
    rung = {name for number, name, row in played.heard if number == late and _rings(row)}
    assert rung >= set(played.script.late)
    assert played.script.absent
    for absence in played.script.absent:
        acted = [one.at for one in played.script.steps if one.who == absence.who]
        assert not [at for at in acted if absence.since <= at < absence.until]


def _rings(row: MessageRow) -> bool:
    return row.template.startswith("rings/owner#")


def test_its_last_line_is_what_was_learned(played: Played) -> None:
    assert "Rút kinh nghiệm" in str(played.journal[-1].fact)


def test_every_chain_and_every_projection_holds(played: Played) -> None:
    played.town.holds()
