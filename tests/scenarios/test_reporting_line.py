"""A unit reports to the committee above it, through the propaganda body, by the data of the day."""

from dataclasses import replace

import pytest

from procedure.entries_organisation import RoleGiven, UnitRegistered
from procedure.errors import BadValue
from procedure.organisation import Unit
from procedure.words import Role, UnitKind
from storage import people
from tests.story import opened
from tests.town import Town

HEAD, OFFICER, OTHER = "Ví Dụ", "Thử", "Kiểm Thử"
COMMUNE, OWN_DEPARTMENT, OWN_COMMITTEE = 3, 40, 41


def moved(town: Town) -> None:
    """The commune comes under another committee, with a propaganda body of its own."""
    whole = town.world.db.read(people.organisation)
    committee = Unit(
        id=OWN_COMMITTEE,
        name="Thường trực Đảng ủy liên xã (giả định)",
        short="Thường trực liên xã",
        kind=UnitKind.STANDING_COMMITTEE,
    )
    department = Unit(
        id=OWN_DEPARTMENT,
        name="Ban Tuyên giáo liên xã (giả định)",
        short="Ban Tuyên giáo liên xã",
        kind=UnitKind.PROPAGANDA_DEPARTMENT,
        reports_to=OWN_COMMITTEE,
    )
    commune = replace(whole.units[COMMUNE], reports_to=OWN_COMMITTEE, department=OWN_DEPARTMENT)
    facts = [
        *(UnitRegistered(unit=one) for one in (committee, department, commune)),
        RoleGiven(person=town.id(OTHER), role=Role.ON_DUTY, unit=OWN_DEPARTMENT),
    ]
    town.world.db.write(
        lambda session: people.record(session, facts, at=town.clock, actor=0, channel="test")
    )


@pytest.mark.duty("T19")
def test_an_edit_of_the_register_sends_the_next_report_another_way(town: Town) -> None:
    moved(town)
    opened(town)
    town.answers(HEAD, "Xem và gửi lên tỉnh", "Gửi")
    town.hears(OTHER, "notices/report_arrived")
    incident = town.incident()
    assert (incident.department, incident.committee) == (OWN_DEPARTMENT, OWN_COMMITTEE)
    assert not [row for row in town.thread(OFFICER) if row.template.startswith("notices/")]


@pytest.mark.duty("T19")
def test_an_edit_in_the_middle_sends_what_has_not_gone_up_yet_the_new_way(town: Town) -> None:
    opened(town)
    moved(town)
    town.answers(HEAD, "Xem và gửi lên tỉnh", "Gửi")
    town.hears(OTHER, "notices/report_arrived")


@pytest.mark.duty("T19")
@pytest.mark.parametrize("way", [(5, 1), (2, 4), (2, 5)])
def test_nobody_reports_past_the_propaganda_body_or_past_the_committee_above(
    town: Town, way: tuple[int, int]
) -> None:
    opened(town)
    with pytest.raises(BadValue, match="past_the_line"):
        town.decides(HEAD, "SubmitReport", through=way[0], to=way[1])
    town.skips()
    town.is_quiet()
