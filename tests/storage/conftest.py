"""Fixtures of the memory: an empty database, and one with a whole incident in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.procedure import village as v
from tests.storage import shelf


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An empty migrated database."""
    database = shelf.made(tmp_path)
    yield database
    database.close()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with one closed incident; a test leaves it as it was."""
    database = shelf.made(tmp_path_factory.mktemp("told"))
    shelf.keep(database, v.closed())
    yield database
    database.close()
