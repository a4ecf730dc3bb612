"""The service watched: what `/healthz` tells of what waits, and the watcher beside it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bot.clock import tick
from bot.web.state import Web
from storage import accounts, chats, people
from storage.chats import Prompt
from storage.database import Session, open_database
from storage.tables import MessageRow
from tests.bot.clitown import Bot, rows
from tests.bot.webtown import DUTY, NOW, client_of, write
from tests.botapi.driver import TOKEN, BotApi
from tests.kills.service import Service
from tests.ports import free_port

pytestmark = pytest.mark.sqlite

ADMIN_CHAT, SPARE_CHAT = 7_000_009, 7_000_010


# What the service tells of itself


def queue(web: Web, channel: str, *, state: str = chats.QUEUED, ago: float) -> None:
    """A prompt that has waited in a chat of a channel for so many seconds."""

    def work(session: Session) -> None:
        chat = chats.chat_of(session, channel, f"{DUTY}", DUTY)
        prompt = Prompt(template="answers#which_field")
        line = chats.enqueue(session, chat, prompt, at=NOW - timedelta(seconds=ago))
        row = session.get_one(MessageRow, line)
        row.state = state
        session.add(row)

    web.world.db.write(work)


def health(web: Web) -> dict[str, Any]:
    found = client_of(web).get("/healthz")
    assert found.status_code == 200
    return dict(found.json())


def test_a_calm_service_names_its_limits_and_nothing_late(web: Web) -> None:
    tick(web.world)
    told = health(web)
    assert told["oldest_unsent_seconds"] == {"web": 0.0}
    assert told["oldest_unhandled_seconds"] == 0.0
    assert told["late"] == []
    assert told["limits"] == {
        "tick_age_seconds": 60.0,
        "oldest_unsent_seconds": 300.0,
        "oldest_unhandled_seconds": 180.0,
    }


def test_what_waits_too_long_is_named_by_channel_and_the_service_stays_well(web: Web) -> None:
    tick(web.world)
    queue(web, "web", ago=30)
    queue(web, "telegram", ago=400)
    told = health(web)
    assert told["oldest_unsent_seconds"] == {"telegram": 400.0, "web": 30.0}
    assert told["late"] == ["unsent:telegram"]
    numbers = client_of(web).get("/metrics").text
    assert 'motdaumoi_oldest_unsent_seconds{channel="telegram"} 400.0' in numbers
    assert 'motdaumoi_oldest_unsent_seconds{channel="web"} 30.0' in numbers


@pytest.mark.parametrize("state", [chats.HELD, chats.SENT, chats.STALE, chats.MERGED])
def test_what_is_held_back_or_done_does_not_count(web: Web, state: str) -> None:
    tick(web.world)
    queue(web, "telegram", state=state, ago=4000)
    assert health(web)["oldest_unsent_seconds"] == {"web": 0.0}


def test_an_update_that_nobody_handles_is_late(web: Web) -> None:
    assert write(client_of(web), DUTY, "viec").status_code == 202
    web.world.present.wind(timedelta(seconds=200))
    tick(web.world)
    told = health(web)
    assert told["oldest_unhandled_seconds"] == 200.0
    assert told["late"] == ["unhandled"]


# The watcher


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as server:
        for chat in (ADMIN_CHAT, SPARE_CHAT):
            server.user(chat, "Thử Nghiệm")
            server.start(chat)
        yield server


@pytest.fixture
def watched(data: Path, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, BotApi]:
    """A data folder whose administrator has an account, and the watcher's settings."""
    db = open_database(f"sqlite:///{data}/motdaumoi.db")

    def link(session: Session) -> None:
        admin = people.organisation(session).admins[0]
        accounts.link(session, "telegram", str(ADMIN_CHAT), admin, NOW)

    db.write(link)
    db.close()
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("BOT_TELEGRAM_API_URL", api.base_url)
    return data, api


def told_by(api: BotApi, chat: int = ADMIN_CHAT) -> list[str]:
    """What the bot has sent into a chat, oldest first."""
    return [
        str(call.args["text"])
        for call in api.calls("sendMessage")
        if call.status == 200 and int(call.args["chat_id"]) == chat
    ]


def test_a_killed_service_is_told_once_and_once_when_it_is_well_again(
    watched: tuple[Path, BotApi], bot: Bot
) -> None:
    data, api = watched
    # The service itself speaks to nobody, so that the words are the watcher's alone.
    service = Service(data)
    for name in ("BOT_TELEGRAM_TOKEN", "BOT_TELEGRAM_API_URL"):
        service.environment.pop(name, None)
    look = ("check", "--watch", service.url)
    service.launch()
    try:
        service.waits()
        well = bot(*look)
        assert (well.exit_code, told_by(api)) == (0, []), well.output
        service.kill()
        for _ in range(3):
            down = bot(*look)
            assert down.exit_code == 1
            assert service.url in down.output
        assert len(told_by(api)) == 1
        assert service.url in told_by(api)[0]
        assert "không trả lời" in told_by(api)[0]
        service.launch()
        service.waits()
        for _ in range(2):
            assert bot(*look).exit_code == 0
        assert len(told_by(api)) == 2
        assert "đã chạy lại" in told_by(api)[1]
    finally:
        service.kill()


def test_without_a_database_the_chats_of_the_settings_are_told(
    bare: Path, api: BotApi, bot: Bot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("BOT_TELEGRAM_API_URL", api.base_url)
    monkeypatch.setenv("BOT_WATCH_STATE", str(tmp_path / "elsewhere" / "seen.json"))
    monkeypatch.setenv("BOT_WATCH_CHATS", f"{SPARE_CHAT}, 999999999")
    nowhere = f"http://127.0.0.1:{free_port()}"
    for _ in range(2):
        assert bot("check", "--watch", nowhere).exit_code == 1
    assert len(told_by(api, SPARE_CHAT)) == 1
    assert not bare.exists()
    assert (tmp_path / "elsewhere" / "seen.json").exists()


def test_what_telegram_did_not_take_is_told_the_next_time(
    watched: tuple[Path, BotApi], bot: Bot
) -> None:
    _, api = watched
    nowhere = f"http://127.0.0.1:{free_port()}"
    api.fault("sendMessage", 502)
    first = bot("check", "--watch", nowhere)
    assert "lần sau sẽ báo lại" in first.output
    assert told_by(api) == []
    assert bot("check", "--watch", nowhere).exit_code == 1
    assert len(told_by(api)) == 1


@pytest.mark.parametrize(
    ("missing", "words"),
    [("BOT_TELEGRAM_TOKEN", "BOT_TELEGRAM_TOKEN"), ("", "BOT_WATCH_CHATS")],
)
def test_when_nobody_can_be_told_it_says_what_is_missing(
    watched: tuple[Path, BotApi],
    bot: Bot,
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
    words: str,
) -> None:
    data, api = watched
    if missing:
        monkeypatch.delenv(missing)
    else:
        rows(data, "UPDATE accounts SET ended_at = linked_at")
    result = bot("check", "--watch", f"http://127.0.0.1:{free_port()}")
    assert result.exit_code == 1
    assert words in result.output
    assert told_by(api) == []


Answer = tuple[int, bytes]


@pytest.fixture
def answering(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server that answers everything in one way; its address."""
    status, body = request.param

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def body(**told: object) -> bytes:
    return json.dumps({"database": "ok", "tick": "ok"} | told).encode()


@pytest.mark.parametrize(
    ("answering", "code", "words"),
    [
        ((200, body()), 0, "đang chạy"),
        ((200, body(late=["unsent:telegram"])), 0, "unsent:telegram"),
        ((503, body(tick="down")), 1, "không đạt: tick"),
        ((200, b"<html>hello"), 1, "không phải của chương trình này"),
        ((502, b""), 1, "502"),
        ((200, b"[]"), 1, "không phải của chương trình này"),
    ],
    indirect=["answering"],
)
def test_every_answer_is_one_clear_line(
    bare: Path, bot: Bot, answering: str, code: int, words: str
) -> None:
    result = bot("check", "--watch", answering)
    assert result.exit_code == code, result.output
    assert words in result.output.splitlines()[0]
    assert "Traceback" not in result.output


def test_a_state_that_is_torn_is_begun_anew(watched: tuple[Path, BotApi], bot: Bot) -> None:
    data, api = watched
    (data / "watch.json").write_text('{"http', encoding="utf-8")
    assert bot("check", "--watch", f"http://127.0.0.1:{free_port()}").exit_code == 1
    assert len(told_by(api)) == 1
