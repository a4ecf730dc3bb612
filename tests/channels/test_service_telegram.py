"""The whole process with Telegram: polling, webhook, a clean end, and wrong settings."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.cli_words import setting_lines
from bot.settings import SettingFaults, read_settings
from storage import accounts
from storage.database import open_database
from tests import databases
from tests.bot.test_service import ROOT
from tests.bot.webtown import sample_world
from tests.botapi.driver import TOKEN, BotApi
from tests.ports import free_port

pytestmark = pytest.mark.sqlite

SECRET = "a-secret-of-more-than-16"
CLERK, ACCOUNT = 1, 7_000_001
PROGRAM = (
    "import json, sys; from pathlib import Path; from bot.settings import Settings; "
    "from bot.service import run; given = json.loads(sys.argv[1]); "
    "given['data_dir'] = Path(given['data_dir']); run(Settings(**given, _env_file=None))"
)


class Running:
    """A service on a copy of the sample that speaks to a Bot API server of this machine."""

    def __init__(self, folder: Path, api: BotApi, **more: Any) -> None:
        self.database = folder / "motdaumoi.db"
        if not self.database.exists():
            _prepare(folder, api)
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        given = {
            "data_dir": str(folder),
            "port": self.port,
            "telegram_token": TOKEN,
            "telegram_api_url": api.base_url,
            "telegram_file_url": api.base_file_url,
        }
        for name, value in more.items():
            given[name] = value.replace("BASE", self.base)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, json.dumps(given)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()

    def health(self) -> dict[str, Any]:
        """What /healthz says."""
        found: dict[str, Any] = httpx.get(f"{self.base}/healthz").json()
        return found

    def end(self, sig: int = signal.SIGTERM) -> tuple[float, str]:
        """Ends it; how long that took, and its log."""
        asked = time.monotonic()
        self.process.send_signal(sig)
        _, log = self.process.communicate(timeout=10)
        return time.monotonic() - asked, log


def _prepare(folder: Path, api: BotApi) -> None:
    world = sample_world(folder)
    api.user(ACCOUNT, "Thí Dụ")
    api.state.people[ACCOUNT].started = True
    now = world.now()
    world.db.write(lambda s: accounts.link(s, "telegram", str(ACCOUNT), CLERK, now))
    world.db.close()


Start = Callable[..., Running]


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as made:
        yield made


@pytest.fixture
def start(tmp_path: Path, api: BotApi) -> Iterator[Start]:
    databases.sample()
    running: list[Running] = []

    def made(**more: Any) -> Running:
        running.append(Running(tmp_path, api, **more))
        return running[-1]

    yield made
    for one in running:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate()


def eventually(what: Callable[[], object], seconds: float = 10) -> object:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")


@pytest.mark.parametrize(
    "more",
    [
        {},
        {
            "telegram_mode": "webhook",
            "telegram_webhook_secret": SECRET,
            "public_url": "BASE",
        },
    ],
    ids=["polling", "webhook"],
)
def test_a_message_is_answered_and_the_service_ends_within_two_seconds(
    start: Start, api: BotApi, more: dict[str, str]
) -> None:
    service = start(**more)
    eventually(lambda: api.calls("setWebhook" if more else "deleteWebhook"))
    api.send_text(ACCOUNT, "sat lo ap tre dong")
    last = eventually(lambda: api.last(ACCOUNT))
    assert "báo vụ việc mới" in last.text  # type: ignore[attr-defined]
    api.tap(ACCOUNT, last.id, "Báo vụ việc mới")  # type: ignore[attr-defined]
    eventually(lambda: "mất tích" in api.last(ACCOUNT).text)  # type: ignore[union-attr]
    eventually(lambda: api.commands(ACCOUNT))
    assert service.health()["channels"] == {"web": "ok", "telegram": "ok"}
    took, log = service.end()
    assert took < 2, log
    assert TOKEN not in log and SECRET not in log


def test_killed_in_mid_form_it_goes_on_at_the_right_question(
    start: Start, api: BotApi, tmp_path: Path
) -> None:
    service = start()
    api.send_text(ACCOUNT, "/baocao")
    eventually(lambda: api.last(ACCOUNT))
    service.process.kill()
    service.process.communicate()
    api.send_text(ACCOUNT, "sat lo ap tre dong, 7 nha")
    start()
    eventually(lambda: "mất tích" in api.last(ACCOUNT).text)  # type: ignore[union-attr]


def test_a_channel_that_is_down_is_named_and_the_rest_goes_on(start: Start, api: BotApi) -> None:
    api.fault("getMe", 401, times=99)
    service = start()
    eventually(lambda: service.health()["channels"]["telegram"] == "down")
    answer = httpx.get(f"{service.base}/healthz")
    assert answer.status_code == 200 and answer.json()["database"] == "ok"
    metrics = httpx.get(f"{service.base}/metrics").text
    assert 'motdaumoi_channel_down{channel="telegram"} 1.0' in metrics
    api.clear_faults()
    eventually(lambda: service.health()["channels"]["telegram"] == "ok")
    told = httpx.get(f"{service.base}/api/chats/13/messages").json()
    assert service.process.poll() is None and told is not None


@pytest.mark.parametrize(
    ("secret", "status"), [(None, 403), ("", 403), ("wrong", 403), ("é", 403), (SECRET, 200)]
)
def test_the_webhook_takes_an_update_only_with_its_secret(
    start: Start, api: BotApi, secret: str | None, status: int
) -> None:
    service = start(telegram_mode="webhook", telegram_webhook_secret=SECRET, public_url="BASE")
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret.encode()}
    person = {"id": ACCOUNT, "is_bot": False, "first_name": "Thí Dụ"}
    chat = {"id": ACCOUNT, "type": "private"}
    message = {"message_id": 9, "date": 0, "chat": chat, "from": person, "text": "/trogiup"}
    update = {"update_id": 1, "message": message}
    answer = httpx.post(f"{service.base}/telegram/webhook", json=update, headers=headers)
    assert answer.status_code == status
    database = open_database(f"sqlite:///{service.database}")
    rows = database.reader.connect().exec_driver_sql("SELECT count(*) FROM inbox").scalar()
    database.close()
    assert rows == (1 if status == 200 else 0), "200 only after the commit"


def test_while_we_poll_there_is_no_webhook(start: Start) -> None:
    service = start()
    assert httpx.post(f"{service.base}/telegram/webhook", json={}).status_code == 404


def test_a_sample_speaks_to_no_telegram_but_this_machine_s(start: Start) -> None:
    service = start(telegram_api_url="https://api.telegram.org/bot")
    _, log = service.process.communicate(timeout=10)
    assert service.process.returncode != 0 and "rehearsal_channel" in log + service.line


@pytest.mark.parametrize(
    ("given", "name", "words"),
    [
        ({"telegram_token": "abc"}, "BOT_TELEGRAM_TOKEN", "123456:ABC"),
        ({"telegram_api_url": "telegram"}, "BOT_TELEGRAM_API_URL", "http"),
        ({"telegram_proxy": "ftp://x"}, "BOT_TELEGRAM_PROXY", "socks5"),
        ({"telegram_mode": "push"}, "BOT_TELEGRAM_MODE", "polling hoặc webhook"),
        (
            {"telegram_token": TOKEN, "telegram_mode": "webhook", "public_url": "https://x.vn"},
            "BOT_TELEGRAM_WEBHOOK_SECRET",
            "16–256",
        ),
        (
            {
                "telegram_token": TOKEN,
                "telegram_mode": "webhook",
                "telegram_webhook_secret": SECRET,
            },
            "BOT_PUBLIC_URL",
            "https",
        ),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write(
    given: dict[str, str], name: str, words: str
) -> None:
    with pytest.raises(SettingFaults) as wrong:
        read_settings(**given, _env_file=None)
    assert set(wrong.value.faults) == {name}
    assert words in setting_lines(wrong.value)[0]


def test_when_no_message_comes_through_the_channel_is_down_until_one_does(
    start: Start, api: BotApi
) -> None:
    service = start()
    eventually(lambda: api.calls("deleteWebhook"))
    time.sleep(1.0)
    api.fault("sendMessage", 500, times=3)
    api.send_text(ACCOUNT, "/trogiup")
    eventually(lambda: service.health()["channels"]["telegram"] == "down")
    eventually(lambda: service.health()["channels"]["telegram"] == "ok", 20)
    assert api.last(ACCOUNT) is not None, "nothing was lost"
