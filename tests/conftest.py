"""Fixtures of every test: the sample province, bare or at a stage of an incident."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from tests import databases, duties
from tests.fixtures import Stage, build, towns
from tests.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """The sample province at 02:36, with nothing open."""
    made = Town(tmp_path / "town")
    yield made
    made.close()


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stage]:
    """An incident at every stage, beyond and within the unit's authority."""
    return build(tmp_path_factory.mktemp("stages"))


@pytest.fixture
def town_at(stages: dict[str, Stage], tmp_path: Path) -> Iterator[Callable[[str], Town]]:
    """The province at a named stage of its incident, to do with as one likes."""
    yield from towns(stages, tmp_path)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--duties FILE` writes which of T1…T41 this very run has proved."""
    parser.addoption("--duties", action="store", default=None, metavar="FILE")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is about the one kind of database alone is no part of a run on the other."""
    other = "sqlite" if databases.ON_SERVER else "postgresql"
    theirs = [one for one in items if one.get_closest_marker(other)]
    config.hook.pytest_deselected(items=theirs)
    items[:] = [one for one in items if not one.get_closest_marker(other)]


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker and the ledger of the duties; logs only what went wrong."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )
    if databases.ON_SERVER and not databases.available():
        told = "SKIPPED: no PostgreSQL here; name a server with MDM_POSTGRESQL"
        pytest.exit(told, returncode=1 if os.environ.get("CI") else 0)
    config.addinivalue_line("markers", "duty(*numbers): proves rows of the duty table, T1 to T41")
    config.addinivalue_line("markers", "sqlite: looks at the file itself")
    config.addinivalue_line("markers", "postgresql: needs a server and several processes")
    config.pluginmanager.register(duties.Ledger(config.getoption("--duties")), "duties")
