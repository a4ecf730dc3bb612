"""The log of a real service: it tells the way of every update, and nobody's words or secrets."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from bot import trace
from bot.present import Present
from storage import access, accounts
from storage.database import Session, open_database
from tests.bot.webtown import DUTY, HEAD, JPEG, OURS, REPORTER, sample_world
from tests.botapi.driver import BotApi
from tests.channels.pictures import png
from tests.kills.service import Service, eventually

pytestmark = pytest.mark.sqlite

TOKEN = "987654321:MarkerTokenOfTheBot_-x"
ACCOUNT = 7_000_001
#: Words that stand in nothing but what people write, caption, name, type wrong or are stopped for.
MARKERS = ("dauhieumot", "dauhieuhai", "dauhieuba", "dauhieubon", "dauhieunam", "dauhieusau")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Path, list[str]]:
    """A story through one service that logs all it can: its log, its database, the secrets."""
    folder = tmp_path_factory.mktemp("logged")
    world = sample_world(folder)

    now = Present()()

    def codes(session: Session) -> list[str]:
        accounts.link(session, "telegram", str(ACCOUNT), REPORTER, now)
        return [access.invite(session, who, now) for who in (HEAD, DUTY)]

    secrets = world.db.write(codes)
    world.db.close()
    with BotApi(token=TOKEN) as api:
        api.user(ACCOUNT, "Thí Dụ")
        api.user(ACCOUNT + 1, "Ví Dụ")
        api.start(ACCOUNT)
        api.state.updates.fetch(api.state.updates.next_id, 1)
        service = Service(
            folder,
            BOT_LOG_LEVEL="DEBUG",
            BOT_REHEARSAL="false",
            BOT_TELEGRAM_TOKEN=TOKEN,
            BOT_TELEGRAM_API_URL=api.base_url,
            BOT_TELEGRAM_FILE_URL=api.base_file_url,
        )
        service.launch()
        try:
            service.waits()
            secrets += told(service, api, secrets)
            eventually("calm", service.calm)
        finally:
            service.stop()
    return service.log.read_text("utf-8").splitlines(), folder / "motdaumoi.db", secrets


def told(service: Service, api: BotApi, codes: list[str]) -> list[str]:
    """What people do; returns the secrets that came of it."""
    api.fault("sendMessage", 500)  # what goes wrong is logged, too
    api.send_text(ACCOUNT, f"{MARKERS[0]} sat lo ap tre dong")
    eventually("an answer", lambda: api.last(ACCOUNT) is not None)
    api.send_photo(ACCOUNT, png(3), f"{MARKERS[1]} hien truong")
    api.start(ACCOUNT + 1, codes[0])
    eventually("linked", lambda: bool(api.last(ACCOUNT + 1)))
    api.start(ACCOUNT + 1, "wrong-" + MARKERS[2])
    with httpx.Client(base_url=service.url, headers=OURS, timeout=20) as page:
        page.get(f"/vao/{codes[1]}")
        assert page.post(f"/api/link/{codes[1]}").status_code < 400
        session = page.cookies["motdaumoi"]
        address = f"/api/chats/{DUTY}/messages"
        for n, text in enumerate((f"{MARKERS[3]} viec", f"TUYỆT MẬT {MARKERS[4]}")):
            files = [("files", (f"{MARKERS[5]}.jpg", JPEG))]
            page.post(address, data={"client_id": f"c{n}", "text": text}, files=files)
        page.post(f"/api/chats/{DUTY}/answers", json={"prompt": MARKERS[1], "n": MARKERS[2]})
        page.get(f"/nowhere/{MARKERS[2]}?q={MARKERS[2]}")
    return [session]


def rows(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_nobody_s_words_and_no_secret_stand_in_the_log(
    story: tuple[list[str], Path, list[str]],
) -> None:
    log, database, secrets = story
    bodies = "".join(body for (body,) in rows(database, "SELECT body FROM inbox"))
    assert MARKERS[0] in bodies and MARKERS[3] in bodies, "the story was heard"
    assert rows(database, "SELECT count(*) FROM secret_stops") == [(1,)]
    assert len(secrets) == 3 and all(len(one) > 16 for one in secrets)
    whole = "\n".join(log)
    for never in (*MARKERS, TOKEN, TOKEN.partition(":")[2], *secrets, "sat lo", "TUYỆT MẬT"):
        assert never not in whole, never
    told = {text for (text,) in rows(database, "SELECT text FROM messages WHERE text != ''")}
    assert told and not [text for text in told if len(text) > 12 and text[:40] in whole]


def test_every_line_is_json_and_every_turn_names_what_it_queued(
    story: tuple[list[str], Path, list[str]],
) -> None:
    log, database, _ = story
    lines = [json.loads(line) for line in log]
    turns = [line for line in lines if line["event"] == "turn"]
    handled = rows(database, "SELECT id FROM inbox WHERE state = 'done'")
    assert sorted(line["update"] for line in turns) == sorted(id for (id,) in handled)
    assert {line["channel"] for line in turns} == {"web", "telegram"}
    for line in turns:
        assert re.fullmatch("[0-9a-f]{8}", line["turn"])
        assert line["ms"] > 0 and line["enqueued"], line
    sends = {line["message"]: line for line in lines if line["event"] == "send"}
    for line in turns:
        for message in line["enqueued"]:
            assert sends[message]["outcome"] == "sent", message
            assert sends[message]["ms"] >= 0
    assert "not through" in {line["outcome"] for line in lines if line["event"] == "send"}


def test_a_line_that_is_logged_inside_a_turn_names_its_update(
    tmp_path: Path,
) -> None:
    seen: list[dict[str, Any]] = []
    db = open_database(f"sqlite:///{tmp_path / 'a.db'}")
    hand = trace.Hand()

    def work(session: Session) -> None:
        with hand.holds(7):
            seen.append(structlog.contextvars.get_contextvars())

    db.write(work)
    db.close()
    assert seen[0]["update"] == 7 and seen[0]["turn"]
    assert structlog.contextvars.get_contextvars() == {}
