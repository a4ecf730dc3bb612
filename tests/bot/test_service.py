"""The whole process: it starts fast, says where it is, and is gone within two seconds."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import databases
from tests.bot.webtown import JPEG, OURS, sample_world
from tests.ports import free_port

pytestmark = pytest.mark.sqlite

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (
    "from pathlib import Path; from bot.settings import Settings; from bot.service import run; "
    "run(Settings(data_dir=Path({folder!r}), port={port}, _env_file=None))"
)


class Service:
    """A running service over a copy of the sample."""

    def __init__(self, folder: Path) -> None:
        sample_world(folder).db.close()
        self.folder = folder
        self.log = folder / "service.log"
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Starts it and waits for its line."""
        program = PROGRAM.format(folder=str(self.folder), port=self.port)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
        started = time.monotonic()
        # A pipe that nobody reads would fill with the log and stop the service.
        with self.log.open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", program],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        self.took = time.monotonic() - started

    def stop(self, sig: int = signal.SIGTERM) -> tuple[float, str, str]:
        """Ends it; how long that took, the rest of what it printed, and its log."""
        asked = time.monotonic()
        self.process.send_signal(sig)
        out, _ = self.process.communicate(timeout=10)
        return time.monotonic() - asked, out, self.log.read_text("utf-8")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    databases.sample()
    made = Service(tmp_path)
    yield made
    if made.process.poll() is None:
        made.process.kill()
    made.process.communicate()


def answered(service: Service, person: int, count: int) -> list[dict[str, object]]:
    """The messages of a chat once there are `count`; fails after five seconds."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        found = httpx.get(f"{service.base}/api/chats/{person}/messages").json()["messages"]
        if len(found) >= count:
            return list(found)
        time.sleep(0.05)
    raise AssertionError(f"{len(found)} of {count} messages")


def test_it_says_where_it_is_in_one_line_and_answers_a_message(service: Service) -> None:
    assert service.line == f"Một Đầu Mối đã sẵn sàng: {service.base}\n"
    sent = httpx.post(
        f"{service.base}/api/chats/1/messages",
        data={"client_id": "a", "text": "sat lo ap tre dong"},
        files=[("files", ("a.jpg", JPEG))],
        headers=OURS,
    )
    assert sent.status_code == 202
    told = answered(service, 1, 2)
    assert [one["from"] for one in told] == ["me", "bot"]
    assert httpx.get(f"{service.base}/healthz").status_code == 200
    took, out, err = service.stop()
    assert out == ""
    assert took < 2
    log = [json.loads(line) for line in err.splitlines()]
    assert log[-1]["event"] == "stopped"
    assert "sat lo" not in err, "no words of a message in the log"


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT])
def test_with_open_streams_it_is_gone_within_two_seconds(service: Service, sig: int) -> None:
    address = f"{service.base}/api/stream?persons=1,2&after=0,0"
    with (
        httpx.Client() as client,
        client.stream("GET", address) as first,
        client.stream("GET", address) as second,
    ):
        heard = [next(page.iter_lines()) for page in (first, second)]
        assert heard == ["retry: 2000"] * 2
        took, _, err = service.stop(sig)
    assert took < 2
    assert service.process.returncode == 0
    assert json.loads(err.splitlines()[-1])["event"] == "stopped"
    assert "Traceback" not in err


def test_a_restart_goes_on_where_it_stood(service: Service) -> None:
    clock = httpx.post(f"{service.base}/api/clock", json={"minutes": 90}, headers=OURS).json()
    httpx.post(
        f"{service.base}/api/chats/1/messages",
        data={"client_id": "a", "text": "trogiup"},
        files=[("files", ("a.jpg", JPEG))],
        headers=OURS,
    )
    service.process.kill()  # no farewell
    service.process.communicate()
    service.start()
    assert len(answered(service, 1, 2)) == 2
    session = httpx.get(f"{service.base}/api/session").json()
    assert session["clock"] >= clock["clock"]


def test_a_port_that_is_taken_is_named_and_nothing_else_is_said(tmp_path: Path) -> None:
    sample_world(tmp_path).db.close()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        program = PROGRAM.format(folder=str(tmp_path), port=other.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=20
        )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "SettingFaults: BOT_PORT" in ended.stderr
