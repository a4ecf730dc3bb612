"""A real process: whose word on where a request comes from is believed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.flood import GUESSES
from tests import databases
from tests.bot.test_service import ROOT
from tests.bot.webtown import sample_world
from tests.ports import free_port

PROGRAM = (
    "import json, sys; from pathlib import Path; from bot.settings import Settings; "
    "from bot.service import run; given = json.loads(sys.argv[1]); "
    "run(Settings(**given, _env_file=None))"
)


@pytest.fixture
def base(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A service that believes the addresses of the parameter, and is no rehearsal."""
    sample_world(tmp_path).db.close()
    port = free_port()
    given = {"data_dir": str(tmp_path), "port": port, "rehearsal": False}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
    environment |= databases.environment(tmp_path) | {"FORWARDED_ALLOW_IPS": request.param}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, json.dumps(given)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    _, log = process.communicate(timeout=10)
    assert "guess-" not in log, "no code in the log"


def guesses(base: str, forwarded: str, count: int) -> list[int]:
    headers = {"X-Forwarded-For": forwarded}
    with httpx.Client(base_url=base, headers=headers) as client:
        return [client.get(f"/api/link/guess-{n}").status_code for n in range(count)]


@pytest.mark.parametrize("base", ["127.0.0.1"], indirect=True)
def test_behind_a_proxy_each_address_has_its_own_measure(base: str) -> None:
    assert guesses(base, "203.0.113.1", GUESSES.burst + 1)[-1] == 429
    assert guesses(base, "203.0.113.2", 1) == [404]
    assert guesses(base, "198.51.100.7, 203.0.113.1", 1) == [429], "what a client wrote is not it"


@pytest.mark.parametrize("base", ["192.0.2.9"], indirect=True)
def test_from_anybody_else_the_header_is_nothing(base: str) -> None:
    codes = [guesses(base, f"203.0.113.{n}", 1)[0] for n in range(GUESSES.burst + 1)]
    assert codes == [404] * GUESSES.burst + [429]
