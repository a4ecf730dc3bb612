"""`make soak`: forty people at work for MDM_SOAK_MINUTES (30), the service killed two hundred
times, at named points and at random, and every outage in between; writes docs/reliability.md.

MDM_KILL_SEED repeats the order of things, MDM_SOAK_KILLS the number of kills.
"""

import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.botapi.driver import BotApi
from tests.e2e.server import ROOT
from tests.faults import outages
from tests.faults.disk import LARGE, Disk
from tests.faults.oracle import Verdict
from tests.faults.points import POINTS, passed
from tests.faults.storm import SEED, Storm
from tests.faults.wire import Wire

PEOPLE = 40
#: The clock is wound by this much, every so many seconds: rings fall due all the time.
WOUND_BY, WOUND_EVERY = 15, 15.0
#: One death in so many comes at random and at no named point.
AT_RANDOM = 0.4
REPORT = ROOT / "docs" / "reliability.md"


class Soak:
    """A storm, its outages, and how often each thing was done."""

    def __init__(self, folder: Path, api: BotApi, minutes: float, kills: int) -> None:
        self.minutes = minutes
        self.kills = kills
        self.chance = random.Random(SEED)
        self.disk = Disk(folder / "disk", LARGE)
        self.wire = Wire(api.port)
        self.storm = Storm(
            folder,
            api,
            SEED,
            crowd=PEOPLE - 1,
            data=self.disk.folder,
            through=self.wire.url,
            life={"constants": outages.HASTE, "busy": 1500},
            think=(0.5, 8.0),
            reports=0.03,
        )
        self.done: Counter[str] = Counter()
        self._wound = time.monotonic()

    def outages(self) -> Mapping[str, Callable[[], None]]:
        """Every outage by its name."""
        storm, wire, disk = self.storm, self.wire, self.disk
        found: dict[str, Callable[[], None]] = {
            "clock a day ahead": lambda: outages.clock_jumps(storm, 1, 4),
            "clock a day behind": lambda: outages.clock_jumps(storm, -1, 4),
            "disk full": lambda: outages.disk_full(storm, disk, 5),
            "database read-only under the process": lambda: outages.read_only(storm, 5),
            "database locked for 30 s": lambda: outages.locked(storm, 30),
            "connection refused": lambda: outages.refused(storm, wire, 5),
            "half open: answers lost": lambda: outages.half_open(storm, wire, 5),
            "half open: nothing passes": lambda: outages.dead(storm, wire, 5),
            "500": lambda: outages.answers(storm, "500", 4),
            "502": lambda: outages.answers(storm, "502", 4),
            "429": lambda: outages.answers(storm, "429", 4, retry_after=2),
            "timeout after acceptance": lambda: outages.lost_after(storm, "timeout_after", 5),
            "cut after acceptance": lambda: outages.lost_after(storm, "drop", 5),
            "5xx after acceptance": lambda: outages.lost_after(storm, "500", 5),
            "no such host (DNS)": lambda: outages.no_such_host(storm, 3),
        }
        if disk.can_be_read_only:
            found["start on a read-only disk"] = lambda: outages.read_only_at_the_start(
                storm, disk, 3
            )
        return found

    def run(self) -> Verdict:
        """Storms until the time is up and all is done; what is under way arrives, and is judged."""
        self.storm.begin()
        until = time.monotonic() + self.minutes * 60
        pause = self.minutes * 60 / max(1, self.kills + 3 * len(self.outages()))
        points, waiting = list(POINTS), list(self.outages())
        killed = 0
        while time.monotonic() < until or killed < self.kills or waiting:
            self._works(self.chance.uniform(0.1, 1.0) * min(pause, 8.0))
            if killed < self.kills and (not waiting or self.chance.random() < 0.7):
                killed += 1
                self._kills(points)
            elif waiting or self.chance.random() < 0.3:
                name = waiting.pop(0) if waiting else self.chance.choice(list(self.outages()))
                self.outages()[name]()
                outages.recovers(self.storm)
                self.done[f"outage: {name}"] += 1
        self.storm.rest()
        self.storm.service.stop()
        return Verdict(self.storm)

    def _works(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if time.monotonic() > self._wound + WOUND_EVERY:
                self.storm.wind(WOUND_BY)
                self._wound = time.monotonic()
            self.storm.beat()

    def _kills(self, points: list[str]) -> None:
        if self.chance.random() < AT_RANDOM:
            self.storm.kill()
            self._works(0.2)
            self.done["kill: at random"] += 1
        else:
            point = points.pop(0) if points else self.chance.choice(list(POINTS))
            self.storm.dies_at(point)
            self.done[f"kill: at {point}"] += 1

    def close(self) -> None:
        """Nothing runs any more."""
        self.storm.close()
        self.wire.close()
        self.disk.close()


def report(soak: Soak, verdict: Verdict, began: datetime) -> str:
    """The figures of a run, as docs/reliability.md tells them."""
    took = (datetime.now(UTC) - began).total_seconds() / 60
    kills = sum(count for name, count in soak.done.items() if name.startswith("kill"))
    figures = {"kills": kills, "of them at random": soak.done["kill: at random"]}
    figures |= {"outages": sum(soak.done.values()) - kills, **verdict.figures()}
    reached = sum(1 for count in passed(soak.storm.service.desk).values() if count)
    rows = "\n".join(f"| {name} | {count} |" for name, count in figures.items())
    done = "\n".join(f"| {name} | {count} |" for name, count in sorted(soak.done.items()))
    disk = "a tmpfs of its own" if soak.disk.mounted else "RLIMIT_FSIZE"
    return TEXT.format(
        minutes=f"{took:.1f}",
        asked=f"{soak.minutes:g}",
        people=PEOPLE + 1,
        date=f"{began:%Y-%m-%d %H:%M} UTC",
        commit=_said("git", "rev-parse", "--short", "HEAD"),
        machine=f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        load=f"{os.getloadavg()[2]:.1f}",
        seed=SEED,
        rows=rows,
        points=f"{reached} of {len(POINTS)}",
        done=done,
        disk=disk,
        faults="\n".join(f"- {one}" for one in verdict.faults) or "- nothing",
    )


TEXT = """# Reliability

Written by `make soak`; the figures are of one run and of nothing else.

{minutes} minutes (asked for: {asked}), {people} people at work, {date}, commit {commit},
{machine}, load of the machine {load}, seed {seed}, disk: {disk}.

| Figure | |
| --- | --- |
{rows}
| named points passed | {points} |

What the oracle found wrong:

{faults}

What was done:

| | times |
| --- | --- |
{done}

## What is checked

The service is the real process on real files against the strict Bot API server of the tests. An
oracle outside of it compares what the server confirmed and was sent with the database afterwards:

- every confirmed update has one row in the inbox and is handled; every line stands once in its
  chat; every report opened one incident; every person got exactly the answers of his conversation,
  in their order, and stands at the question that comes next;
- every prompt was sent and stands on a screen, or has the reason why not; chat by chat in order;
- every rung that the journal records came to a screen of its people, by itself or in a list, or has
  the reason why not; nothing due is left; no room has two topics that the database knows of;
- what stands twice, topics included, was sent and not yet marked when a life ended, or Telegram's
  answer was lost: "in flight at a death" counts what was in the air, "repeated" what of all this
  stands twice;
- the hash chains hold, each projection is the fold of its journal, each kept file is whole.

## What a kill can still repeat

Telegram's `sendMessage` has no key by which a repetition would be known. What it has taken while
its answer was not yet written down is sent again: at most the calls on their way at that moment,
20, one in each chat. The same holds for a topic and for the pinned card of a room.

A photo that Telegram does not give in three tries is not waited for: the words are handled, and
its sender is told which file did not come and asked to send it again. An outage of Telegram in
that very moment does this; such files are counted above.
"""


def _said(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.strip()


def main() -> int:
    """Runs, writes the report, and says by its exit code whether anything was wrong."""
    minutes = float(os.environ.get("MDM_SOAK_MINUTES") or 30)
    kills = int(os.environ.get("MDM_SOAK_KILLS") or round(200 * minutes / 30))
    began = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="motdaumoi-soak-") as folder, BotApi() as api:
        soak = Soak(Path(folder), api, minutes, kills)
        try:
            print(f"MDM_KILL_SEED={SEED}", flush=True)
            verdict = soak.run()
            REPORT.write_text(report(soak, verdict, began), "utf-8")
        finally:
            soak.close()
    print("\n".join(verdict.faults) or f"nothing is wrong; {REPORT.relative_to(ROOT)}")
    return 1 if verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main())
