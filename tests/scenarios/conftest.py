"""A morning on which an expert has just been ordered to verify."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures import Stage, copy_of
from tests.story import until_ordered
from tests.town import Town, local


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Sent up at 08:00; at 09:00 the expert, on duty, is to verify: until 13:00."""
    folder = tmp_path_factory.mktemp("morning") / "town"
    town = Town(folder, start=local("12/10 08:00"))
    until_ordered(town)
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
