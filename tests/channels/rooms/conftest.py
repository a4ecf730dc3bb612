"""The province on Telegram with one open incident, and a group bound as its room."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.room_town import STRANGER, THREE, RoomTown
from tests.story import opened


class OpenTown(RoomTown):
    """The clerk of the commune has opened an incident."""

    beginning = opened


@pytest.fixture
def town(tmp_path: Path) -> Iterator[RoomTown]:
    """The sample province on Telegram with one open incident; every chain holds in the end."""
    made = OpenTown(tmp_path / "town")
    made.api.user(STRANGER, "Trần", "Lạ")
    yield made
    made.holds()
    made.close()


@pytest.fixture
def group(town: RoomTown) -> int:
    """The bound group; what was said until then is another story's."""
    made = town.bound("Sạt lở Tre Đông", THREE)
    town.skips()
    return made
