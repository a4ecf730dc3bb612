"""How long the paths take that a person waits for: the rules, what is read, a whole turn."""

import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from bot import wordlists
from bot.clock import tick
from bot.holidays_vn import calendar_from, calendar_text
from handlers.reading.intake import understand
from handlers.reading.moment import when_line
from procedure.evolve import fold
from procedure.ladder import Schedule, due_rung
from procedure.policy import Policy
from procedure.words import Level
from storage import incidents
from tests.bench.crowd import as_in_service
from tests.bench.table import Row
from tests.story import opened, reported, to_conclusion
from tests.town import ZONE, Town

START = datetime(2026, 10, 12, 2, 35, tzinfo=UTC)


def row(name: str, work: Callable[[], object], times: int) -> Row:
    """Median and worst of so many runs."""
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        took.append((time.perf_counter() - begun) * 1000)
    figures = f"{statistics.median(took):.2f} (worst {max(took):.2f} of {times})"
    return Row(f"{name}, ms", figures, "–", "–")


def rules() -> Iterator[Row]:
    """The pure parts."""
    policy = Policy.read(wordlists.text("policy"))
    calendar = calendar_from(calendar_text(), ZONE, policy.manners)
    levels = (Level.OFFICE, Level.HEAD, Level.DUTY_OFFICER, Level.LEADER)
    pattern = policy.patterns["serious"]
    schedule = Schedule(START, START + timedelta(hours=1), pattern, calendar, levels)
    yield row(
        "the rung due after a year", lambda: due_rung(schedule, START + timedelta(365), 3), 200
    )


def reading(town: Town) -> Iterator[Row]:
    """What people type."""
    words, at = town.world.words, town.clock
    yield row("a time", lambda: when_line("14h chiều thứ 6", at, ZONE, words.moments), 300)
    line = "sat lo ap tre dong, mat cai lo, 7 nha, dang di doi"
    yield row("a line of a report", lambda: understand(line, words.lexicon, ["ấp Tre Đông"]), 100)


def whole(town: Town) -> Iterator[Row]:
    """From the message to the delivered answer, on a real file with full durability."""
    yield row("a message and its answer", lambda: town.says("Thí Dụ", "/viec"), 100)
    yield row("a tick with nothing due", lambda: tick(town.world), 50)

    def later() -> None:
        town.clock += timedelta(minutes=20)
        tick(town.world)

    yield row("a tick that rings", later, 40)
    stream = town.incident().stream
    entries = town.journal()
    yield row(f"the fold of {len(entries)} entries", lambda: fold(stream, entries), 50)
    read = town.world.db.read
    yield row("an incident from its row", lambda: read(lambda s: incidents.get(s, stream)), 100)


def rows() -> Iterator[Row]:
    """All of them, in one town."""
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder))
        opened(town)
        reported(town)
        to_conclusion(town)
        as_in_service(town)
        yield from rules()
        yield from reading(town)
        yield from whole(town)
        town.close()
