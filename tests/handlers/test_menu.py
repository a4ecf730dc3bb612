"""The short menus of storyboard.md §2."""

from dataclasses import replace

import pytest

from bot import wordlists
from handlers.catalogue import COMMANDS
from handlers.menu import menu
from procedure.facts import Assignment
from procedure.incident import Incident
from procedure.organisation import Holding, Organisation, Person, Unit
from procedure.words import Role, UnitKind

COMMITTEE, DEPARTMENT, COMMUNE, PAPER = 1, 2, 3, 4
KINDS = {
    COMMITTEE: UnitKind.STANDING_COMMITTEE,
    DEPARTMENT: UnitKind.PROPAGANDA_DEPARTMENT,
    COMMUNE: UnitKind.LOCALITY,
    PAPER: UnitKind.PRESS,
}


def organisation(*held: tuple[Role, int]) -> Organisation:
    """One person, id 9, who holds these roles."""
    person = Person(
        id=9, name="A", short="A", address="ông", post="", phone="", unit=held[0][1] if held else 3
    )
    units = {id: Unit(id=id, name="", short="", kind=kind) for id, kind in KINDS.items()}
    return Organisation(units, {9: person}, tuple(Holding(9, role, unit) for role, unit in held))


def labels(*held: tuple[Role, int], cases: tuple[Incident, ...] = ()) -> str:
    return " ".join(item.label for item in menu(9, organisation(*held), cases))


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ([(Role.STAFF, COMMUNE)], "baocao viec baochi vuviec danhba trogiup"),
        ([], "baocao viec baochi vuviec danhba trogiup"),
        ([(Role.HEAD, COMMUNE)], "viec baocao_up vuviec phancong_person vangmat trogiup"),
        (
            [(Role.HEAD, COMMUNE), (Role.SPOKESPERSON, COMMUNE)],
            "viec baocao_up vuviec phancong_person vangmat trogiup",
        ),
        (
            [(Role.SPOKESPERSON, COMMUNE)],
            "viec phatngon_approved baochi ketqua vuviec trogiup",
        ),
        (
            [(Role.ON_DUTY, DEPARTMENT)],
            "viec_waiting vuviec_open tonghop hop danhba trogiup",
        ),
        (
            [(Role.HEAD, DEPARTMENT)],
            "viec_opinion vuviec_open hop_conclusion phancong phatngon_approve trogiup",
        ),
        (
            [(Role.DEPUTY, DEPARTMENT), (Role.ON_DUTY, DEPARTMENT)],
            "viec_waiting vuviec_open tonghop hop danhba trogiup",
        ),
        ([(Role.SECRETARY, COMMITTEE)], "chidao_enter vuviec_submitted trogiup"),
        ([(Role.COMMITTEE_MEMBER, COMMITTEE)], "vuviec_submitted chidao_give trogiup"),
        ([(Role.PRESS, PAPER)], "phatngon_released danhba_speaker trogiup"),
        ([(Role.ADMIN, DEPARTMENT)], "donvi vaitro moi truc phong trogiup"),
        (
            [(Role.SECRETARY, COMMITTEE), (Role.ADMIN, COMMITTEE)],
            "chidao_enter vuviec_submitted donvi vaitro moi trogiup",
        ),
    ],
)
def test_each_role_has_the_menu_of_the_storyboard(held: list[tuple[Role, int]], shown: str) -> None:
    assert labels(*held) == shown


def assigned() -> Assignment:
    fields = Assignment.__dataclass_fields__
    given = {"person": 9}
    blank = {name: given.get(name) for name in fields}
    return Assignment(**blank)  # type: ignore[arg-type]


def test_todays_duty_as_spokesperson_comes_before_the_everyday_menu() -> None:
    case = replace(Incident(stream="i"), spokesperson=assigned())
    shown = labels((Role.STAFF, COMMUNE), cases=(case,))
    assert shown == "viec phatngon_approved baochi ketqua vuviec trogiup"


def test_the_focal_point_of_an_open_incident_sees_figures_and_tasks() -> None:
    case = replace(Incident(stream="i"), focal_point=assigned())
    shown = labels((Role.STAFF, COMMUNE), cases=(case,))
    assert shown == "viec nhiemvu vuviec danhba baocao trogiup"


def test_a_command_that_nothing_answers_is_not_offered() -> None:
    shown = menu(9, organisation((Role.ADMIN, DEPARTMENT)), (), {"trogiup", "moi"})
    assert [item.command for item in shown] == ["moi", "trogiup"]


def test_nobody_sees_more_than_six_commands() -> None:
    every = [(role, unit) for role in Role for unit in KINDS]
    assert len(menu(9, organisation(*every), ())) == 6


def test_every_command_that_is_understood_leads_somewhere() -> None:
    known = set(wordlists.table("intents")["commands"])
    assert known == {*COMMANDS, "huy"}
