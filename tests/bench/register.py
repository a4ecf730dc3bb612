"""A register of the whole country: 3,400 bodies and 40,000 people, taken in from two tables.

By the very command that an administrator types, in a process of its own, into a real, empty
database; then once more, when nothing changes.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.table import Row
from tests.bot import registers

BODIES, PEOPLE, MOST = 3400, 40_000, 60.0


def _bot(folder: Path, *words: str) -> float:
    """Seconds that one command takes."""
    settings = {**os.environ, "BOT_DATA_DIR": str(folder / "data"), "BOT_LOG_LEVEL": "ERROR"}
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "bot", *words], env=settings, check=True, capture_output=True
    )
    return time.perf_counter() - began


def rows() -> Iterator[Row]:
    """How long the register of a country takes, and the same one again."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        both = registers.files(folder, BODIES, PEOPLE)
        _bot(folder, "migrate")
        first = _bot(folder, "people", "import", *both, "--yes")
        again = _bot(folder, "people", "import", *both, "--yes")
        yield Row(
            f"taking in {BODIES:,} units and {PEOPLE:,} people, s",
            f"{first:.1f}",
            f"{again:.1f} (the same again, nothing changes)",
            f"≤ {MOST:.0f} s",
            first <= MOST,
        )
