"""Processes of the benchmarks: the fast API, the peers, our service; begun, watched, ended."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from bot.sample import load_sample
from bot.settings import Settings
from bot.world import make_world
from procedure.entries_organisation import PersonRegistered
from storage import accounts
from storage import people as people_rows
from storage.database import Session
from storage.migrate import upgrade
from tests.botapi.driver import TOKEN
from tests.ports import free_port

#: A person's account on Telegram is his number and this.
ACCOUNT = 7_000_000
#: The number of the first of those who type; the sample has its own.
FIRST = 10_001
PATIENCE = 300.0


@contextmanager
def process(module: str, *args: object, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A Python module as a process, ended at the end."""
    command = [sys.executable, "-m", module, *map(str, args)]
    made = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | environment,
    )
    try:
        yield made
    finally:
        made.terminate()
        with suppress(subprocess.TimeoutExpired):
            made.wait(10)
        made.kill()
        made.wait()


class FastApi:
    """The fast Bot API; `delay` is how long each answer takes, milliseconds."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._client = httpx.Client(base_url=self.url, trust_env=False, timeout=30)

    def load(self, updates: Sequence[dict[str, Any]]) -> None:
        """These wait to be fetched now; what was counted before is forgotten."""
        self._client.post("/control/load", content=json.dumps(updates)).raise_for_status()

    def seen(self) -> dict[str, Any]:
        """What was sent to which chat and when, when the first batch was fetched, all calls."""
        found: dict[str, Any] = self._client.get("/control/seen").json()
        return found

    def polled(self) -> None:
        """Waits until a bot asks for updates, and has said what it says at its start."""
        until, before = time.monotonic() + PATIENCE, -1
        while time.monotonic() < until:
            calls = self.seen()["calls"]
            if calls.get("getupdates") and sum(calls.values()) == before:
                return
            before = sum(calls.values())
            time.sleep(0.7)
        raise TimeoutError("nobody asked")

    def called(self, method: str) -> None:
        """Waits for the first call of a method."""
        until = time.monotonic() + PATIENCE
        while not self.seen()["calls"].get(method):
            if time.monotonic() > until:
                raise TimeoutError(method)
            time.sleep(0.1)

    def sends(self, count: int) -> dict[str, Any]:
        """Waits until so many messages were sent, or nothing more comes."""
        until, before = time.monotonic() + PATIENCE, -1
        while time.monotonic() < until:
            found = self.seen()
            if len(found["sent"]) >= count:
                return found
            before = len(found["sent"])
            time.sleep(0.1)
        raise TimeoutError(f"{before} of {count} answered")


@contextmanager
def fast_api(delay: float = 0) -> Iterator[FastApi]:
    """The fast Bot API, ready."""
    port = free_port()
    with process("tests.bench.fast_api", port, delay) as made:
        assert made.stdout is not None and made.stdout.readline() == "ready\n"
        yield FastApi(port)


def province(folder: Path, people: int) -> None:
    """The sample province in a new folder, with so many more who have linked their accounts."""
    settings = Settings(data_dir=folder, _env_file=None)
    upgrade(settings.database)
    world = make_world(settings)
    load_sample(world)
    world.present.set_to(datetime.now(UTC))
    world.keep_clock()
    model = world.db.read(world.organisation).people[1]
    numbers = range(FIRST, FIRST + people)
    registered = [
        PersonRegistered(person=replace(model, id=n, name=f"Người {n}", phone=f"09{n:08}"))
        for n in numbers
    ]

    def work(session: Session) -> None:
        people_rows.record(session, registered, at=world.now(), actor=1, channel="bench")
        for n in numbers:
            accounts.link(session, "telegram", str(ACCOUNT + n), n, world.now())

    world.db.write(work)
    world.db.close()


@dataclass(frozen=True)
class Service:
    """Our service as it runs; `address` is where its page is."""

    made: subprocess.Popen[str]
    address: str

    def number(self, name: str, **labels: str) -> float:
        """One of the numbers that the service tells of itself. Raises LookupError."""
        for family in text_string_to_metric_families(asked(f"{self.address}/metrics")):
            for sample in family.samples:
                if sample.name == name and labels.items() <= sample.labels.items():
                    return sample.value
        raise LookupError(name)

    def settles(self, turns: float) -> None:
        """Waits until so many updates have been handled in all, and all that came of it is out."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            waits = self.number("motdaumoi_oldest_unsent_seconds", channel="telegram")
            if self.number("motdaumoi_turns_total") >= turns and not waits:
                return
            time.sleep(1.0)  # To tell its numbers takes it a while, too.
        raise TimeoutError(f"{self.number('motdaumoi_turns_total')} of {turns} handled")


@contextmanager
def service(folder: Path, api: FastApi, module: str = "bot", **more: str) -> Iterator[Service]:
    """Our service as it is run, beside that API."""
    port = free_port()
    environment = {
        "BOT_DATA_DIR": str(folder),
        "BOT_PORT": str(port),
        "BOT_TELEGRAM_TOKEN": TOKEN,
        "BOT_TELEGRAM_API_URL": f"{api.url}/bot",
        "BOT_TELEGRAM_FILE_URL": f"{api.url}/file/bot",
        **more,
    }
    with process(module, "run", **environment) as made:
        assert made.stdout is not None and made.stdout.readline()
        yield Service(made, f"http://127.0.0.1:{port}")


def asked(address: str) -> str:
    """The body of a page."""
    return httpx.get(address, trust_env=False, timeout=30).raise_for_status().text


def processor_seconds(pid: int) -> float:
    """Processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
