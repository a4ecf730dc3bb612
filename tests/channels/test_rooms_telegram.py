"""A group as the room of an incident: bound, spoken in, tapped in, its card pinned and true."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.room_town import ADMIN, RoomTown
from tests.story import opened, received, reported

CLERK, HEAD, OFFICER = "Thí Dụ", "Ví Dụ", "Thử"
THREE = (CLERK, HEAD, OFFICER)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[RoomTown]:
    """The sample province on Telegram."""
    made = RoomTown(tmp_path / "town")
    yield made
    made.close()


def test_a_bound_group_is_greeted_and_shows_how_the_incident_stands(town: RoomTown) -> None:
    opened(town)
    group = town.bound("Sạt lở Tre Đông", THREE)
    assert town.in_room(group)[0].text.startswith("Phòng này từ nay theo dõi VV-")
    assert "Bước 1" in town.card(group)
    reported(town)
    received(town)
    lines = [one.text for one in town.in_room(group)]
    assert any("đã báo cáo nhanh Thường trực" in one for one in lines)
    assert "Bước 2" in town.card(group)


def test_only_an_administrator_of_both_binds_a_group(town: RoomTown) -> None:
    opened(town)
    town.skips()
    group = town.founds("Nhóm", THREE)
    town.writes(OFFICER, group, "/phong")
    town.hears(OFFICER, "refusals#only_admin_binds", "Thử Nghiệm")
    town.is_quiet()
    assert town.place(group) is None and town.in_room(group) == []
    town.api.create_supergroup("Khác", town.account(CLERK), [town.account(ADMIN)])
