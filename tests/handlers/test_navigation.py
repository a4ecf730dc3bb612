"""The way on from a refusal, and whose incident a command is about."""

from typing import Any

import pytest

from handlers.navigation import duty_officer_for, way_on
from procedure.errors import Refused
from tests.fixtures import HEAD, OUTSIDER, PRESS, REPORTER
from tests.handlers.form_cases import TownAt, told


@pytest.mark.parametrize(
    ("key", "label", "does"),
    [
        ("report_incomplete", "add_details", {"open": "report_details"}),
        ("meeting_first", "call_meeting", {"open": "meeting"}),
        ("gates_shut", "draft_holding", {"open": "holding"}),
        ("not_ready_to_close", "see_incident", {"view": "incident"}),
        ("duty_met", "see_incident", {"view": "incident"}),
    ],
)
def test_a_refusal_offers_the_act_that_leads_on(key: str, label: str, does: dict[str, Any]) -> None:
    (button,) = way_on(Refused(key), "incident-1")
    assert button["label"] == label
    assert does.items() <= button["do"].items()


def test_a_refused_form_can_be_left_with_a_quiet_button() -> None:
    buttons = way_on(Refused("gates_shut"), "incident-1", draft=7)
    assert [one["label"] for one in buttons] == ["draft_holding", "cancel"]
    assert buttons[-1]["quiet"] and buttons[-1]["do"]["draft"] == 7
    assert [one["label"] for one in way_on(Refused("x"), None, draft=7)] == ["cancel"]
    assert way_on(Refused("x"), None) == way_on(Refused("x"), "incident-1") == []


@pytest.mark.parametrize("who", [OUTSIDER, PRESS])
def test_who_has_no_part_is_told_that_nothing_is_open(who: str, town_at: TownAt) -> None:
    town = town_at("sent_up")
    town.says(who, "/hop")
    assert told(town, who).template == "answers#no_open_incident"


def test_the_duty_officer_of_a_unit_is_that_of_its_department(town_at: TownAt) -> None:
    town = town_at("opened")
    organisation = town.world.db.read(town.world.organisation)
    assert duty_officer_for(organisation, 3) == duty_officer_for(organisation, None) == 2


def test_the_one_incident_that_waits_for_him_is_meant(town_at: TownAt) -> None:
    town = town_at("sent_up")
    town.answers(REPORTER, "chay cho Vàm Tre", "Báo vụ việc mới", "Chưa rõ", "Dừng hỏi")
    town.says(REPORTER, "/baochi")
    assert told(town, REPORTER).stream == town.incident().stream
    town.says(HEAD, "/baochi")
    assert told(town, HEAD).template == "answers#which_incident"
