"""The process dies at named points, others in each run (two files for two workers)."""

from pathlib import Path

import pytest

from tests.faults.crash import dies_at_each, of_this_run
from tests.faults.points import POINTS

pytestmark = pytest.mark.sqlite


def test_dead_at_a_named_point_nothing_is_lost_or_done_twice(tmp_path: Path) -> None:
    dies_at_each(tmp_path, of_this_run(list(POINTS)[1::2]))
