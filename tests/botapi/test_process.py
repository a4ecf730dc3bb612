"""The server as a process of its own, and the script that runs the bot beside it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.botapi.driver import BotApi

ROOT = Path(__file__).resolve().parents[2]


def test_the_server_runs_as_a_process_and_ends_on_sigterm() -> None:
    command = [sys.executable, "-m", "tests.botapi", "--port", "0", "--token", "777:ABC"]
    command += ["--user", "1001:An"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split()[2]
            answer = httpx.get(f"{address}777:ABC/getMe", trust_env=False)
            assert answer.json()["result"]["id"] == 777
            known = httpx.get(address.replace("/bot", "/control/users"), trust_env=False)
            assert known.json()["result"][0]["first_name"] == "An"
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) == 0
        finally:
            process.kill()


def test_a_taken_port_is_named() -> None:
    with BotApi() as api:
        command = [sys.executable, "-m", "tests.botapi", "--port", str(api.port)]
        found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert found.returncode == 1
    assert str(api.port) in found.stderr


def test_the_package_knows_nothing_of_the_bot() -> None:
    code = "import sys, tests.botapi.driver\nprint(*{one.partition('.')[0] for one in sys.modules})"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    loaded = set(found.stdout.split())
    assert "starlette" in loaded
    assert not loaded & {"bot", "handlers", "storage", "procedure", "telegram"}
