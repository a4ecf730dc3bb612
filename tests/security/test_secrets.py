"""No secret on the ways that go wrong: errors of the network, of the database, of ourselves."""

import asyncio
import errno
import inspect
import json
import logging
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from starlette.testclient import TestClient

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.client import InvalidToken, TelegramError
from bot.cli_words import setting_lines
from bot.hidden import SIGN, secrets_of
from bot.service import Server, run, set_up_logging
from bot.settings import SettingFaults, Settings, read_settings
from bot.web.app import make_app
from bot.web.state import Web
from storage import access
from storage.database import Session
from storage.tables import InviteRow
from tests.bot.webtown import BASE, NOW, OURS, REPORTER, client_of, sample_world, signed_in
from tests.botapi.driver import BotApi
from tests.ports import free_port

TOKEN = "987654321:AAsecret_token_of-tests0123456789"
PASSWORD = "mat-khau-rieng-9731"
SECRET = "a-secret-of-more-than-16"


_NAMES = ("httpx", "httpx2", "httpcore", "telegram", "uvicorn", "apscheduler", "sqlalchemy")


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the service logs, as it logs, at its most talkative."""
    written = StringIO()
    root, old = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    quiet = {name: logging.getLogger(name).level for name in _NAMES}
    hides(written, ())
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # The browser of these tests.
    yield written
    root.handlers[:], root.level = handlers, level
    for name, one in quiet.items():
        logging.getLogger(name).setLevel(one)
    structlog.configure(**old)


def hides(log: StringIO, secrets: Iterable[str]) -> None:
    """The log of a service whose settings hold these."""
    set_up_logging("DEBUG", secrets, log)
    structlog.configure(cache_logger_on_first_use=False)  # The next test has another log.


class Full(StringIO):
    """A log on a disk that is full."""

    def write(self, line: str) -> int:
        """Fails."""
        raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self) -> None:
        """Fails."""
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_log_that_cannot_be_written_ends_nothing(log: StringIO) -> None:
    hides(Full(), ())
    for name in ("ours", "theirs"):
        made = structlog.get_logger() if name == "ours" else logging.getLogger("uvicorn")
        made.error(name)
    hides(log, ())
    structlog.get_logger().error("ours again")
    assert "ours again" in log.getvalue()


def settings(folder: Path, **more: Any) -> Settings:
    given = {"telegram_token": TOKEN, "telegram_api_url": f"http://127.0.0.1:{free_port()}/bot"}
    return Settings(data_dir=folder, **{**given, **more}, _env_file=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"telegram_proxy": f"http://ai:{PASSWORD}@127.0.0.1:1"},
        {"telegram_proxy": f"socks5://ai:{PASSWORD}@127.0.0.1:1"},
        {"telegram_api_url": f"http://ai:{PASSWORD}@127.0.0.1:1/bot"},
        {"telegram_api_url": "http://no-such-host.invalid/bot"},
    ],
    ids=["refused", "proxy", "socks", "login", "name"],
)
def test_a_call_that_fails_tells_neither_token_nor_password(
    tmp_path: Path, log: StringIO, more: dict[str, str]
) -> None:
    world = sample_world(tmp_path)
    world.settings = settings(tmp_path, **more)
    telegram = Telegram(world)

    async def fails() -> None:
        for work in (telegram.client.start, lambda: telegram.receiver.poll(0)):
            with pytest.raises(TelegramError) as caught:
                await work()
            await telegram._fault("poll", caught.value)
        for one in ("send", "poll"):
            await telegram._fault(one, RuntimeError("something else"))
        await telegram.client.stop()

    asyncio.run(fails())
    world.db.close()
    written = log.getvalue()
    assert "telegram_fault" in written
    assert not [one for one in (TOKEN, TOKEN.partition(":")[2], PASSWORD) if one in written]


def test_the_settings_show_no_secret_when_they_are_printed(tmp_path: Path) -> None:
    shown = settings(
        tmp_path,
        secret_key="rieng-cua-may-4410",
        telegram_webhook_secret=SECRET,
        telegram_proxy=f"http://ai:{PASSWORD}@127.0.0.1:1",
        telegram_api_url=f"http://ai:{PASSWORD}@127.0.0.1:1/bot",
    )
    for text in (repr(shown), str(shown)):
        assert not [s for s in (TOKEN, SECRET, "rieng-cua-may-4410", PASSWORD) if s in text]


@pytest.mark.parametrize(
    "given",
    [
        {"telegram_token": f"x{TOKEN}"},
        {"telegram_webhook_secret": "bi mat!" + PASSWORD},
        {"telegram_proxy": f"ftp://ai:{PASSWORD}@h"},
        {"telegram_proxy": f"http://ai:{PASSWORD}@[::1"},
        {"telegram_api_url": f"ftp://ai:{PASSWORD}@h"},
        {"database_url": f"mysql://ai:{PASSWORD}@h/d"},
    ],
    ids=lambda given: next(iter(given)),
)
def test_a_wrong_setting_is_named_without_its_value(given: dict[str, str]) -> None:
    with pytest.raises(SettingFaults) as caught:
        read_settings(**given, _env_file=None)
    told = " ".join([*setting_lines(caught.value), str(caught.value), repr(caught.value)])
    assert PASSWORD not in told and TOKEN not in told


def test_a_statement_that_fails_shows_no_values(web: Web, log: StringIO) -> None:
    row = {"code_hash": access.digest("x"), "person": 1, "made_at": NOW, "until": NOW}

    def twice(session: Session) -> None:
        session.add(InviteRow(**row))
        session.flush()
        session.add(InviteRow(**{**row, "person": 424242}))
        session.flush()

    with pytest.raises(Exception, match=r"(?i)unique") as caught:
        web.world.db.write(twice)
    logging.getLogger("x").error("it failed", exc_info=caught.value)
    written = log.getvalue()
    assert "unique" in written.lower() and access.digest("x") not in written
    assert "424242" not in written


def test_codes_tokens_and_bodies_of_the_web_are_not_logged(web: Web, log: StringIO) -> None:
    code = web.world.db.write(lambda session: access.invite(session, REPORTER, NOW))
    client = client_of(web)
    client.get(f"/vao/{code}")
    client.get(f"/api/link/{code}")
    client.post(f"/api/link/{code}", json={})
    token = client.cookies["motdaumoi"]
    client.get("/api/link/doan-mo-7788")
    signed = signed_in(web, REPORTER)
    body = {"client_id": "a", "prompt": PASSWORD, "n": 1}
    assert signed.post(f"/api/chats/{REPORTER}/answers", json=body).status_code == 400
    written = log.getvalue()
    assert not [s for s in (code, token, "doan-mo-7788", PASSWORD) if s in written]


@pytest.mark.sqlite
def test_what_goes_wrong_inside_tells_the_browser_and_the_log_no_code(
    web: Web, log: StringIO
) -> None:
    code = web.world.db.write(lambda session: access.invite(session, REPORTER, NOW))
    app = make_app(web)
    client = TestClient(app, base_url=BASE, headers=OURS, raise_server_exceptions=False)
    web.world.db.close()  # The writer is gone: an unforeseen fault.
    answer = client.post(f"/api/link/{code}", json={})
    assert answer.status_code == 500
    assert "Traceback" not in answer.text and code not in answer.text
    assert code not in log.getvalue()


def test_the_server_keeps_no_access_log_and_names_no_software(web: Web) -> None:
    config = Server(web).config
    assert config.access_log is False and config.server_header is False


def test_the_libraries_that_tell_addresses_are_silent(log: StringIO) -> None:
    for name in ("httpx", "httpcore", "telegram", "uvicorn.access", "sqlalchemy.engine"):
        logging.getLogger(name).info("https://api.telegram.org/bot%s/getMe", TOKEN)
    assert TOKEN not in log.getvalue()


def test_a_token_that_is_refused_is_not_told_though_the_library_quotes_it(
    tmp_path: Path, log: StringIO
) -> None:
    world = sample_world(tmp_path)
    with BotApi(token=TOKEN) as api:
        world.settings = settings(tmp_path, telegram_api_url=api.base_url)
        hides(log, secrets_of(world.settings))
        api.fault("getMe", 401, times=9)
        telegram = Telegram(world)

        async def fails() -> None:
            with pytest.raises(InvalidToken) as caught:
                await telegram.client.start()
            assert TOKEN in str(caught.value), "else this proves nothing"
            await telegram._fault("start", caught.value)
            logging.getLogger("x").error("it failed", exc_info=caught.value)
            await telegram.client.stop()

        asyncio.run(fails())
    world.db.close()
    written = log.getvalue()
    assert SIGN in written and TOKEN not in written and TOKEN.partition(":")[2] not in written


def test_every_secret_is_taken_out_of_a_line_however_it_is_written(
    tmp_path: Path, log: StringIO
) -> None:
    hard = 'm"t khẩu/%7\\x'
    made = settings(
        tmp_path,
        secret_key=hard,
        telegram_webhook_secret=SECRET,
        telegram_proxy=f"http://ai:{quote(PASSWORD)}@127.0.0.1:1",
    )
    hides(log, secrets_of(made))
    known = (hard, SECRET, PASSWORD, TOKEN)
    for one in known:
        logging.getLogger("x").warning("a line with %s in it", one)
        structlog.get_logger().warning("event", value=one, quoted=quote(one, safe=""))
        logging.getLogger("x").error("it failed", exc_info=ValueError(one))
        logging.getLogger("x").error("it failed", exc_info=KeyError(one))
    written = log.getvalue()
    lines = [json.loads(line) for line in written.splitlines()]
    assert len(lines) == 4 * len(known)
    told = written + repr(lines)
    assert not [one for one in known if one in told or quote(one, safe="") in told]


def test_the_service_hides_the_secrets_of_its_settings() -> None:
    assert "set_up_logging(settings.log_level, secrets_of(settings))" in inspect.getsource(run)
