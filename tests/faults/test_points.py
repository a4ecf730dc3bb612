"""The process dies at every second named point (two files for two workers)."""

from pathlib import Path

from tests.faults.crash import dies_at_each
from tests.faults.points import POINTS


def test_dead_at_a_named_point_nothing_is_lost_or_done_twice(tmp_path: Path) -> None:
    dies_at_each(tmp_path, list(POINTS)[0::2])
