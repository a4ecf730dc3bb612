"""A morning on which an expert has just been ordered to verify."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from procedure import actions as a
from procedure.codec import Prose
from tests.fixtures import Stage, copy_of
from tests.listening import acts
from tests.story import opened
from tests.town import Town, local

CLERK, HEAD, DEPUTY, WATCH = "Thí Dụ", "Ví Dụ", "Dự Phòng", "Mô Phỏng"
OFFICER, LEADER, EXPERT, HIS_HEAD = "Thử", "Mẫu", "Phác Họa", "Giả Thiết"
VERIFY, RECEIPT = "O5:2", "O1:order:2:8"


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Sent up at 08:00; at 09:00 the expert, on duty, is to verify: until 13:00."""
    folder = tmp_path_factory.mktemp("rings") / "town"
    town = Town(folder, start=local("12/10 08:00"))
    opened(town)
    town.answers(CLERK, "7h30", "7h35")
    town.answers(HEAD, "Xem và gửi lên tỉnh", "Gửi", "Đ/c Thí Dụ")
    acts(town, OFFICER, a.ReceiveReport())
    acts(town, CLERK, a.ReportVerification(order=1, result=Prose("Đã rà 07 hộ.")))
    town.at("12/10 09:00")
    town.skips()
    acts(town, OFFICER, a.OrderVerification(people=(8,), units=(5,), what=Prose("Chiều dài")))
    stage = Stage(folder, town.clock, town.incident())
    town.close()
    return stage


@pytest.fixture
def ordered(morning: Stage, tmp_path: Path) -> Iterator[Town]:
    """A copy of that morning; the order has just reached the expert."""
    town = copy_of(morning, tmp_path / "town")
    town._expected = set()
    yield town
    town.close()
