"""The disk, the database and the clock of the machine fail; nothing is lost, and it is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.botapi.driver import BotApi
from tests.faults import outages
from tests.faults.disk import Disk
from tests.faults.storm import SEED, Storm

pytestmark = pytest.mark.sqlite


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "disk")
    yield made
    made.close()


def test_a_machine_that_fails_loses_nothing_and_says_so(tmp_path: Path, disk: Disk) -> None:
    with BotApi() as api:
        life = {"constants": outages.HASTE}
        calmly = {"think": (0.2, 0.6), "reports": 0.2}
        storm = Storm(tmp_path, api, SEED, crowd=4, data=disk.folder, life=life, **calmly)
        try:
            storm.begin()
            for days in (1, -1):
                outages.clock_jumps(storm, days, 1.5)
                outages.recovers(storm)
            outages.disk_full(storm, disk, 3)
            outages.recovers(storm)
            outages.read_only(storm, 3)
            outages.recovers(storm)
            outages.locked(storm, 4)
            outages.recovers(storm)
            if disk.can_be_read_only:
                outages.read_only_at_the_start(storm, disk, 2)
                outages.recovers(storm)
            outages.ends_well(storm)
        finally:
            storm.close()
