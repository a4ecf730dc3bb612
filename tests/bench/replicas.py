"""Two replicas on PostgreSQL beside one: people write, tap and look, and everything is counted.

The replicas are real processes behind one address that hands connections on in turn, as a proxy
does; Telegram is the strict server, by webhook. The oracle of the faults says what was lost.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from storage import inbox
from tests import databases
from tests.bench.table import Row
from tests.botapi.driver import BotApi
from tests.faults.oracle import Verdict
from tests.faults.service import Mortal
from tests.faults.storm import ON_THE_PAGE, Storm
from tests.faults.web import HEADERS
from tests.faults.wire import Wire
from tests.kills.service import Service
from tests.postgres_server import OwnServer

#: People at work beside the one on the page; how fast they go on, and how many of them report.
PEOPLE, THINK, REPORTS = 10, (0.0, 0.02), 0.1
#: Seconds of work before it is counted, and while it is.
BEFORE, COUNTED = 1.0, 8.0
#: The same load in each run of the program.
SEED = 887
#: Between two looks of the one who only reads, seconds.
LOOKS_AGAIN = 0.05


class Several(Mortal):
    """So many replicas on one database, behind one address. Nobody dies here."""

    def __init__(
        self, folder: Path, desk: Path, life: Mapping[str, Any], *, count: int, **settings: str
    ) -> None:
        self.all = [Service(folder, name=f"replica-{n}", **settings) for n in range(count)]
        self.wire = Wire(*(one.port for one in self.all))
        for one in self.all:
            one.environment["BOT_PUBLIC_URL"] = self.wire.url
        self.folder, self.log, self.url = folder, self.all[0].log, self.wire.url

    def launch(self) -> None:
        """Begins all."""
        for one in self.all:
            one.launch()

    def lives(self) -> bool:
        """Whether all do."""
        return all(one.process is not None and one.process.poll() is None for one in self.all)

    def waits(self) -> None:
        """Until all serve."""
        for one in self.all:
            one.waits()

    def stop(self) -> None:
        """Ends all calmly."""
        for one in self.all:
            one.stop()

    def close(self) -> None:
        """Nothing runs or listens any more."""
        self.stop()
        self.wire.close()


@dataclass(frozen=True)
class Counted:
    """What a number of replicas did: by the second, and what the oracle found wrong."""

    updates: float
    reads: float
    acts: int
    faults: list[str]
    repeated: int

    def __str__(self) -> str:
        return f"{self.updates:.1f} updates/s, {self.reads:.1f} reads/s"


def counted(sample: Path, folder: Path, count: int) -> Counted:
    """Everybody works on so many replicas; then all comes to rest and is judged."""
    databases.begin(folder / "data", sample)
    with BotApi() as api:
        storm = Storm(
            folder,
            api,
            SEED,
            crowd=PEOPLE - 1,
            think=THINK,
            reports=REPORTS,
            # An album is gathered by the clock: on a busy machine its parts may come too late.
            photos=(1,),
            runs=partial(Several, count=count),
            BOT_TELEGRAM_MODE="webhook",
            BOT_TELEGRAM_WEBHOOK_SECRET="of-the-bench-and-of-nothing-else",
        )
        with closing(storm):
            storm.begin()
            storm.goes_on(BEFORE)
            handled, began = _handled(storm), time.monotonic()
            with _reads(storm.service.url) as reads:
                storm.goes_on(COUNTED)
            took = time.monotonic() - began
            handled = _handled(storm) - handled
            storm.rest()
            storm.service.stop()
            verdict = Verdict(storm)
    return Counted(
        updates=handled / took,
        reads=len(reads) / took,
        acts=sum(one.acts for one in storm.walkers),
        faults=verdict.faults,
        repeated=len(verdict.repeated),
    )


def _handled(storm: Storm) -> int:
    with databases.opened(storm.data) as connection:
        query = f"SELECT count(*) FROM inbox WHERE state = '{inbox.DONE}'"
        return int(connection.execute(query).fetchone()[0])


@contextmanager
def _reads(address: str) -> Iterator[list[int]]:
    """Somebody looks at his chat and at the incidents again and again; the status of each look."""
    ended, found = threading.Event(), []
    paths = (f"/api/chats/{ON_THE_PAGE}/messages?after=0&limit=50", "/healthz")

    def looks() -> None:
        with httpx.Client(base_url=address, headers=HEADERS, trust_env=False) as client:
            while not ended.wait(LOOKS_AGAIN):
                found.extend(client.get(path).raise_for_status().status_code for path in paths)

    reader = threading.Thread(target=looks, daemon=True)
    reader.start()
    try:
        yield found
    finally:
        ended.set()
        reader.join(10)


def rows() -> Iterator[Row]:
    """One replica, then two, under the same load on the same server."""
    with closing(OwnServer()) as server, tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample"
        databases.begin_at(sample, server.uri)
        one, two = (counted(sample, Path(folder) / str(count), count) for count in (1, 2))
    for fault in (*one.faults, *two.faults):
        print(fault, file=sys.stderr)
    yield Row("two replicas on PostgreSQL, mixed load", str(two), f"one replica: {one}", "–")
    yield Row(
        f"lost or doubled of {two.acts} acts on two replicas",
        str(len(two.faults) + two.repeated),
        f"one replica: {len(one.faults) + one.repeated} of {one.acts}",
        "0",
        not two.faults and not two.repeated,
    )
