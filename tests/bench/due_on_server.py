"""What falls due, once more on PostgreSQL."""

import importlib
import os
from collections.abc import Iterator

from tests.bench.table import Row


def rows() -> Iterator[Row]:
    """A thousand rung out of a million open incidents, beside a thousand out of a thousand."""
    os.environ["MDM_DATABASE"] = "postgresql"  # Read when the databases of the tests are imported.
    yield from importlib.import_module("tests.bench.due").growth()
