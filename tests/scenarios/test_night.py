"""Quiet hours concern the sound, and who is rung in whose place (conduct §3)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from procedure import actions as a
from procedure.codec import Prose
from procedure.words import Severity
from tests.fixtures import Stage, copy_of
from tests.listening import LOUD, SILENT, Line, acts, heard, passes, told
from tests.story import opened, reported
from tests.town import Town, local

HEAD, WATCH, OFFICER = "Ví Dụ", "Mô Phỏng", "Thử"
#: on duty himself; the head of a unit without a roster; the people whom the orders name
ON_DUTY, NO_ROSTER = "Phác Họa", "Tạm Gọi"
ORDERED = "notices/verification_ordered#text"
ORDINARY, SERIOUS, GRAVE = Severity


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Step 1 is done, so the unit owes it no longer; the chairman ordered his clerk to check."""
    folder = tmp_path_factory.mktemp("night") / "town"
    town = Town(folder)
    opened(town)
    reported(town)
    stage = Stage(folder, town.clock, town.incident())
    town.close()
    return stage


@pytest.fixture
def sent_up(evening: Stage, tmp_path: Path) -> Iterator[Town]:
    """A copy of it, at 02:42."""
    town = copy_of(evening, tmp_path / "town")
    town._expected = set()
    yield town
    town.close()


def order(town: Town, *names: str) -> None:
    """The province's duty officer has these people verify something: a first notice that rings."""
    people = tuple(town.id(name) for name in names)
    organisation = town.world.db.read(town.world.organisation)
    units = tuple(organisation.people[one].unit for one in people)
    acts(town, OFFICER, a.OrderVerification(people=people, units=units, what=Prose("Số hộ")))


def set_severity(town: Town, severity: Severity) -> None:
    """The department puts the incident at this level."""
    if town.incident().severity is not severity:
        acts(town, OFFICER, a.ChangeSeverity(severity=severity, reason=Prose("Theo thực tế")))


@pytest.mark.parametrize(
    ("severity", "at", "lines"),
    [
        (
            ORDINARY,
            "12/10 03:00",
            [
                ("12/10 03:00", HEAD, ORDERED, SILENT),
                ("12/10 03:00", ON_DUTY, ORDERED, SILENT),
                ("12/10 03:00", NO_ROSTER, ORDERED, SILENT),
            ],
        ),
        (
            SERIOUS,
            "12/10 03:00",
            [
                ("12/10 03:00", HEAD, ORDERED, SILENT),
                ("12/10 03:00", WATCH, "rings/call#night", LOUD),
                ("12/10 03:00", ON_DUTY, ORDERED, LOUD),
                ("12/10 03:00", NO_ROSTER, ORDERED, LOUD),
            ],
        ),
        (
            GRAVE,
            "12/10 03:00",
            [
                ("12/10 03:00", HEAD, ORDERED, LOUD),
                ("12/10 03:00", ON_DUTY, ORDERED, LOUD),
                ("12/10 03:00", NO_ROSTER, ORDERED, LOUD),
            ],
        ),
        (
            SERIOUS,
            "12/10 08:00",
            [
                ("12/10 08:00", HEAD, ORDERED, LOUD),
                ("12/10 08:00", ON_DUTY, ORDERED, LOUD),
                ("12/10 08:00", NO_ROSTER, ORDERED, LOUD),
            ],
        ),
    ],
)
def test_a_first_notice_comes_at_once_and_only_its_sound_goes_by_the_level(
    sent_up: Town, severity: Severity, at: str, lines: list[Line]
) -> None:
    set_severity(sent_up, severity)
    sent_up.at(at)
    sent_up.skips()
    order(sent_up, HEAD, ON_DUTY, NO_ROSTER)
    assert heard(sent_up) == lines


@pytest.mark.parametrize(
    ("at", "sound"),
    [
        ("12/10 20:59", LOUD),
        ("12/10 21:00", SILENT),
        ("13/10 00:00", SILENT),
        ("13/10 05:59", SILENT),
        ("13/10 06:00", LOUD),
    ],
)
def test_quiet_hours_are_from_2100_to_0600(sent_up: Town, at: str, sound: str) -> None:
    passes(sent_up, seconds=(local(at) - sent_up.clock).total_seconds())
    sent_up.skips()
    order(sent_up, HEAD)
    assert heard(sent_up)[0][1:] == (HEAD, ORDERED, sound)


def test_a_serious_ring_reaches_the_unit_that_owes_step_one_at_any_hour(town: Town) -> None:
    opened(town)
    town.skips()
    town.at("12/10 02:52")
    assert heard(town) == [("12/10 02:51", HEAD, "rings/owner#receipt", LOUD)]


def test_after_step_one_the_person_on_duty_is_rung_in_the_heads_place(sent_up: Town) -> None:
    sent_up.at("12/10 03:35")
    sent_up.skips()
    sent_up.at("12/10 03:36")
    # half of the two hours for the holding statement
    assert heard(sent_up) == [
        ("12/10 03:36", HEAD, "rings/owner#holding_statement", SILENT),
        ("12/10 03:36", WATCH, "rings/call#night", LOUD),
    ]
    card = sent_up.hears(WATCH, "rings/call#night")
    assert "trong giờ nghỉ" in card.text and "0296.000.0003" in card.text
    assert sent_up.buttons(WATCH)[0] == ["Đã gọi được", "Không gọi được"]


def test_one_call_is_asked_for_once_though_two_rules_ask_for_it(sent_up: Town) -> None:
    sent_up.at("12/10 04:50")
    sent_up.skips()
    # the holding statement is 20 minutes over: its ladder reaches the watch, and it is night
    sent_up.at("12/10 04:56")
    cards = told(sent_up, WATCH, "rings/call")
    assert [row.template for row in cards] == ["rings/call#call"]
    assert cards[0].rings


def test_an_ordinary_incident_rings_nobody_between_twenty_and_seven(town: Town) -> None:
    opened(town, "mat dien o cho Vàm Tre")
    acts(town, HEAD, a.DecideAuthority(beyond=False, reason=Prose("Xã xử lý được.")))
    town.skips()
    town.at("12/10 06:59")
    assert heard(town) == []
    town.at("12/10 07:00")
    assert {line[1] for line in heard(town)} >= {HEAD}


def test_a_grave_incident_rings_everyone_at_night(town: Town) -> None:
    town.answers("Thí Dụ", "sat lo ap tre dong", "Báo vụ việc mới", "Có người chết, mất tích")
    assert town.incident().severity is GRAVE
    town.at("12/10 03:30")
    rings = [one for one in heard(town) if one[2].startswith("rings/")]
    assert {one[3] for one in rings} == {LOUD}
    assert {one[1] for one in rings} == {HEAD, "Dự Phòng", WATCH, OFFICER, "Mẫu"}
    assert town.hears(OFFICER, "notices/unconfirmed_report").rings, "death: at once"
