"""On PostgreSQL the process dies at named points and at random, others in each run."""

from pathlib import Path

import pytest

from tests.faults.crash import ALL, dies_at_each
from tests.faults.points import POINTS
from tests.faults.storm import SEED

pytestmark = pytest.mark.postgresql

AT_RANDOM = 20 if ALL else 2


def test_dead_at_any_moment_nothing_is_lost_or_done_twice_on_a_server(tmp_path: Path) -> None:
    dies_at_each(tmp_path, list(POINTS) if ALL else list(POINTS)[SEED % 5 :: 5], AT_RANDOM)
