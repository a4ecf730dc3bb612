"""Views only tell: each at every stage, to those who may see it, and never a change."""

from dataclasses import replace

import pytest

from handlers.look import may_see
from handlers.views import VIEWS
from procedure.organisation import Holding
from procedure.words import Role
from tests.fixtures import HEAD, LEADER, OFFICER, OUTSIDER, REPORTER
from tests.handlers.form_cases import TownAt, entries, told
from tests.procedure import village as v

COMMANDS = ("/viec", "/vuviec", "/hop", "/phancong", "/phatngon", "/nhiemvu", "/quydinh")
STAGES = ("opened", "sent_up", "busy", "waived", "concluded", "returned", "reported", "closed")


@pytest.mark.parametrize("stage", STAGES)
def test_every_view_answers_at_every_stage_and_changes_nothing(stage: str, town_at: TownAt) -> None:
    town = town_at(stage)
    before = entries(town)
    for who in (REPORTER, HEAD, LEADER):
        for command in COMMANDS:
            told_so_far = len(town.thread(who))
            town.says(who, command)
            assert len(town.thread(who)) >= told_so_far + 2, (who, command)
    assert entries(town) == before


@pytest.mark.parametrize("stage", ["opened", "reported", "closed", "within_reported"])
def test_an_outsider_sees_no_incident(stage: str, town_at: TownAt) -> None:
    town = town_at(stage)
    for command in ("/vuviec", "/vuviec sat lo", "/phatngon", "/hop"):
        town.says(OUTSIDER, command)
        assert town.newest().code not in town.last(OUTSIDER)


def test_the_province_does_not_see_what_a_unit_keeps(town_at: TownAt) -> None:
    town = town_at("within_concluded")
    town.says(OFFICER, "/vuviec")
    assert town.newest().code not in town.last(OFFICER)


def test_the_clause_behind_a_duty_is_shown_by_its_button(town_at: TownAt) -> None:
    town = town_at("received")
    town.says(OFFICER, "/viec")
    town.taps(OFFICER, "Căn cứ")
    assert told(town, OFFICER).template == "views/regulation#clause"
    assert "887-QĐ/TU" in town.last(OFFICER)


def test_every_view_has_a_name() -> None:
    assert {"duties", "incidents", "incident", "timeline", "report", "help"} <= set(VIEWS)


@pytest.mark.duty("T22")
def test_a_newsroom_reads_nothing_whatever_else_it_holds() -> None:
    incident, known = v.submitted().incident, v.ORGANISATION
    for person in (v.HEAD, v.DUTY, v.SECRETARY):
        assert may_see(person, incident, known)
        held = (*known.holdings, Holding(person, Role.PRESS, v.PAPER))
        assert not may_see(person, incident, replace(known, holdings=held))
