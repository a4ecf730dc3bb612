"""Several units report one event: offered before it opens, merged when it slipped through."""

import pytest

from procedure.obligations import owed
from procedure.words import Casualties
from tests.story import opened, received, reported
from tests.town import Town

FIRST, SECOND = "VV-2026-001", "VV-2026-002"
LINE = "sat lo bo kenh ranh, mat mot doan lo, 7 nha"
#: The clerk of the next commune, and its chairman.
CLERK, CHAIRMAN = "Giả Lời", "Minh Chứng"


def two_slipped_through(town: Town) -> None:
    """Both communes send up the same landslide; nobody saw that it is one."""
    opened(town, LINE)
    reported(town)
    received(town)
    town.answers(CLERK, "lo sup, nuoc tran vao ruong", "Báo vụ việc mới", "Chưa ghi nhận")
    town.answers(CHAIRMAN, "Xem và gửi lên tỉnh", "kênh Ranh", "Gửi")
    town.skips()


def test_nothing(town: Town) -> None:
    opened(town, LINE)
