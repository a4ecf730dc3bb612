"""From the start of the process to its first answer, and what it holds in memory.

A service on a folder of its own is started with `python -m bot run`; from its start until the
answer to `/trogiup`, written through the web, stands in the chat. Each time is the first of its
day, on which heads of journals go to the log too. A hundred thousand open duties are three in each
of some 34,000 serious incidents that wait for their next ring; projections and journals are
copies of incidents that went through the real door, and what those were told has been looked at.

The peer of the memory is python-telegram-bot's JobQueue, which holds its jobs in the process.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC
from pathlib import Path
from uuid import uuid4

import httpx

from bot.ring import tick
from procedure.obligations import owed
from storage import incidents
from storage.database import Session
from tests import databases
from tests.bench import crowd
from tests.bench.table import Row, median, spread
from tests.ports import free_port
from tests.town import Town, local

DUTIES, FIRST, PERSON = 100_000, 10_000, 1
REPEATS, MEMORY_REPEATS = 5, 1
#: A start is measured as a user has it: settings of ours, and compiled sources that are kept.
_NOT_KEPT = ("BOT_", "PYTHONDONTWRITEBYTECODE")
#: The goals: seconds, milliseconds, megabytes.
ANSWERED, MORE, IDLE, GROWN = 2.5, 20.0, 140.0, 5.0
#: Seconds after the answer at which memory is looked at; the most to wait for anything.
SETTLED, PATIENCE = 4.0, 60.0
JOBS = """
import asyncio, datetime, sys
from telegram.ext import ApplicationBuilder
async def job(context): pass
def held():
    for line in open("/proc/self/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
async def main():
    queue = ApplicationBuilder().token("1:a").build().job_queue
    await queue.start()
    before = held()
    at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=30)
    for n in range(int(sys.argv[1])):
        queue.run_once(job, at + datetime.timedelta(seconds=n), data=n)
    print(before, held() - before, flush=True)
    await queue.stop(wait=False)
asyncio.run(main())
"""


def with_duties(folder: Path) -> int:
    """Fills a folder with as many open duties; returns how many they are."""
    town = Town(folder, local("10/10 21:05"))
    crowd.settle_in(town)
    streams = crowd.open_everywhere(town)
    town.clock = local("12/10 02:30").astimezone(UTC)
    tick(town.world)
    crowd.heard(town)
    models = crowd.rows_of(town, streams)
    each = town.world.db.read(lambda session: _owed(town, session, models[0]["stream"]))
    ids = range(FIRST, FIRST + -(-DUTIES // each))
    crowd.copy(town, models, ids, "W")
    crowd.copy_journal(town, models, ids, "W")
    town.close()
    return each * len(ids)


def _owed(town: Town, session: Session, stream: str) -> int:
    incident = incidents.get(session, stream)
    return len(owed(incident, town.world.terms(session, incident.policy)))


class Service:
    """One start of the service, from the spawn to its end."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        given = {"BOT_DATA_DIR": str(folder), "BOT_PORT": str(port)} | databases.environment(folder)
        kept = {key: one for key, one in os.environ.items() if not key.startswith(_NOT_KEPT)}
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False)
        self.log = (folder / "service.log").open("w", encoding="utf-8")
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            env=kept | given,
            stdout=subprocess.DEVNULL,
            stderr=self.log,
        )

    def answered(self) -> float:
        """Seconds from the spawn until the first message has its answer."""
        chat, until = f"/api/chats/{PERSON}/messages", self.begun + PATIENCE
        before = self._asked(chat, until)
        while time.perf_counter() < until:
            told = self.client.get(chat, params={"after": before}).json()["messages"]
            if any(one["from"] == "bot" for one in told):
                return time.perf_counter() - self.begun
            time.sleep(0.002)
        raise TimeoutError("no answer")

    def _asked(self, chat: str, until: float) -> int:
        """Writes as soon as anybody listens; the number of the last message before."""
        while time.perf_counter() < until:
            with suppress(httpx.TransportError):
                before = self.client.get(chat).json()["last_seq"]
                said = {"client_id": uuid4().hex, "text": "/trogiup"}
                files = [("ignored", (None, b""))]
                ours = {"X-Requested-With": "motdaumoi"}
                self.client.post(chat, data=said, files=files, headers=ours).raise_for_status()
                return int(before)
            time.sleep(0.002)
        raise TimeoutError("nobody listens")

    def held(self) -> float:
        """What the process holds in memory, megabytes (VmRSS)."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text("ascii").splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        raise LookupError("VmRSS")

    def close(self) -> None:
        """Ends it."""
        self.client.close()
        self.process.terminate()
        self.process.wait()
        self.log.close()


@contextmanager
def started(source: Path, root: Path) -> Iterator[Service]:
    """A service on a copy of a folder."""
    folder = root / uuid4().hex
    databases.begin(folder, source)
    service = Service(folder)
    try:
        yield service
    finally:
        service.close()
        databases.drop(folder)


def jobs(many: int) -> tuple[float, float]:
    """What a JobQueue's process holds without jobs, and how much more with so many, megabytes."""
    command = [sys.executable, "-W", "ignore", "-c", JOBS, str(many)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(told[0]), float(told[1])


def rows() -> Iterator[Row]:
    """The first answer and the memory, with no duty and with a hundred thousand."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        full = root / "full"
        duties = with_duties(full)
        sources = {0: databases.sample(), duties: full}
        took: dict[int, list[float]] = {0: [], duties: []}
        held: dict[int, list[float]] = {0: [], duties: []}
        for turn in range(REPEATS):
            for many, source in sources.items():
                with started(source, root) as service:
                    took[many].append(service.answered())
                    if turn < MEMORY_REPEATS:
                        time.sleep(SETTLED)
                        held[many].append(service.held())
    yield from _first_answer(took, duties)
    yield from _memory(held, duties, jobs(DUTIES))


def _first_answer(took: dict[int, list[float]], duties: int) -> Iterator[Row]:
    more = (median(took[duties]) - median(took[0])) * 1000
    what = f"start to first answer with {duties:,} open duties, s"
    with_none = f"{spread(took[0], 2)} (with none)"
    yield Row(
        what,
        spread(took[duties], 2),
        with_none,
        f"≤ {ANSWERED} s",
        median(took[duties]) <= ANSWERED,
    )
    yield Row(
        "the same, more than with none, ms", f"{more:.0f}", "–", f"≤ {MORE:.0f}", more <= MORE
    )


def _memory(held: dict[int, list[float]], duties: int, queue: tuple[float, float]) -> Iterator[Row]:
    more = median(held[duties]) - median(held[0])
    own, grown = queue
    yield Row(
        "resident memory, idle, MB",
        spread(held[0]),
        f"{own:.0f} (python-telegram-bot's JobQueue alone)",
        f"≤ {IDLE:.0f}",
        median(held[0]) <= IDLE,
    )
    yield Row(
        f"the same, more with {duties:,} open duties, MB",
        f"{more:.1f}",
        f"{grown:.0f} (the JobQueue, {DUTIES:,} jobs)",
        f"≤ {GROWN:.0f}",
        more <= GROWN,
    )
