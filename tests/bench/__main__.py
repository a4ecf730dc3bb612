"""`make bench`: every row of the table, each beside its peer in the same run; prints it as it goes
and writes docs/benchmarks.md, part by part. With names of parts only these are measured anew.

A goal that is missed is printed as missed. Run it on a machine that does nothing else.
"""

import importlib
import os
import platform
import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import telegram

from tests.bench.table import HEAD

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
#: Every part, and what it is about.
PARTS = {
    "paths": "What a person waits for",
    "echo": "Form answers beside a bare echo",
    "webhook": "Answers by webhook",
    "due": "What falls due",
    "due_on_server": "What falls due, on PostgreSQL",
    "broadcast": "A notice to a thousand people",
    "start": "Start and memory",
    "province": "One year of a province",
    "register": "A register of the whole country",
    "replicas": "Two replicas on PostgreSQL",
}
_ABOUT = """\
# How fast it is, beside what one would take instead

Written by `make bench`, part by part. Each row was measured in one run with its peer, so read the
ratios: the figures alone belong to the machine. Where several runs were made, the median stands
first and the range behind it. What is missed is printed as missed.
"""


def machine() -> str:
    """What it was measured on."""
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{os.cpu_count()} cores, {versions}, python-telegram-bot {telegram.__version__}"


def measured(part: str) -> str:
    """The rows of one part, in a process of its own: none inherits what another left behind."""
    code = f"import importlib; m = importlib.import_module('tests.bench.{part}')"
    code += "\nfor row in m.rows(): print(row.line, flush=True)"
    importlib.import_module(f"tests.bench.{part}")  # A part that is not there is named here.
    lines = []
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as made:
        assert made.stdout is not None
        for line in made.stdout:
            print(line, end="", flush=True)
            if line.startswith("|"):  # What is logged on the way is no row.
                lines.append(line)
    if made.returncode:
        raise SystemExit(made.returncode)
    return f"\nMeasured {datetime.now(UTC):%d/%m/%Y}; {machine()}.\n\n{HEAD}\n{''.join(lines)}"


def kept() -> dict[str, str]:
    """What stands on the page of each part."""
    text = PAGE.read_text("utf-8") if PAGE.exists() else ""
    found = re.findall(r"(?m)^## (.+)\n((?:(?!## ).*\n)*)", text)
    names = {about: part for part, about in PARTS.items()}
    return {names[about]: words.rstrip() + "\n" for about, words in found if about in names}


def main() -> None:
    """Measures what is asked for, all by default, and brings the page up to it."""
    print(HEAD, flush=True)
    for part in sys.argv[1:] or PARTS:
        page = {**kept(), part: measured(part)}
        sections = [f"\n## {PARTS[one]}\n{page[one]}" for one in PARTS if one in page]
        PAGE.write_text(_ABOUT + "".join(sections), "utf-8")


if __name__ == "__main__":
    main()
