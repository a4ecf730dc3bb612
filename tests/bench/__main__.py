"""`make bench`: every row of the table, each beside its peer in the same run; prints it as it goes
and writes docs/benchmarks.md. With names of parts only these are measured, and nothing is written.

A goal that is missed is printed as missed. Run it on a machine that does nothing else.
"""

import importlib
import os
import platform
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import telegram

from tests.bench.table import HEAD, Row

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
PARTS = ("paths", "echo", "webhook", "due", "broadcast", "start", "province", "replicas")

_ABOUT = """\
# How fast it is, beside what one would take instead

Written by `make bench` on {day}; {machine}. Each row was measured in one run with
its peer, so read the ratios: the figures alone belong to that machine. Where several runs were
made, the median stands first and the range behind it. What is missed is printed as missed.

"""


def machine() -> str:
    """What it was measured on."""
    cores = os.cpu_count()
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{cores} cores, {versions}, python-telegram-bot {telegram.__version__}"


def measured(part: str) -> list[Row]:
    """One part in a process of its own, so that none inherits what another one left behind."""
    module = importlib.import_module(f"tests.bench.{part}")
    made = []
    for row in module.rows():
        print(row.line, flush=True)
        made.append(row)
    return made


def main() -> int:
    """0 when everything could be measured, whatever came of it."""
    asked = sys.argv[1:]
    if len(asked) == 1:
        measured(asked[0])
        return 0
    lines = []
    print(HEAD, flush=True)
    for part in asked or PARTS:
        command = [sys.executable, "-m", "tests.bench", part]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as made:
            assert made.stdout is not None
            for line in made.stdout:
                print(line, end="", flush=True)
                lines.append(line)
        if made.returncode:
            return made.returncode
    if not asked:
        about = _ABOUT.format(day=f"{datetime.now(UTC):%d/%m/%Y}", machine=machine())
        PAGE.write_text(about + "\n".join((HEAD, "".join(lines))), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
