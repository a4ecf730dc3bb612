"""What the tests of the command line share."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from click.testing import Result

ROOT = Path(__file__).resolve().parents[2]

#: Runs one command: its words, and with `said` what comes in on the input.
Bot = Callable[..., Result]


def rows(data: Path, query: str) -> list[Any]:
    """What one statement on the database of a data folder gives; its change is kept."""
    with closing(sqlite3.connect(data / "motdaumoi.db")) as connection:
        found = connection.execute(query).fetchall()
        connection.commit()
        return found
