"""The address that Telegram calls: its secret, its size, its method, and the same update twice."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from bot.channels.telegram.measure import Measures
from bot.flood import Gate, Measure
from bot.web import webhook
from bot.web.app import make_app, make_web
from bot.web.state import Web
from storage.tables import InboxRow
from tests.channels.test_incoming import message
from tests.telegram_town import ACCOUNT, TelegramTown

SECRET = "a-secret-of-more-than-16"
PATH = "/telegram/webhook"
GIVEN = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TelegramTown]:
    """One province for all of these; nothing here is undone."""
    made = TelegramTown(tmp_path_factory.mktemp("town"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def called(town: TelegramTown) -> Iterator[TestClient]:
    """The web of a province that Telegram calls; errors come out as answers."""
    changed = {"telegram_webhook_secret": SECRET, "telegram_mode": "webhook"}
    old = town.world.settings
    town.world.settings = type(old)(
        **{**old.model_dump(exclude_none=True), **changed, "public_url": "https://daumoi.example"},
        _env_file=None,
    )
    web: Web = make_web(town.world, tick=lambda _: 0)
    web.webhook = town.telegram.called
    client = TestClient(
        make_app(web), base_url="https://daumoi.example", raise_server_exceptions=False
    )
    with client:
        yield client


def update(number: int = 5, text: str = "/trogiup") -> dict[str, Any]:
    chat = {"id": ACCOUNT + 1, "type": "private"}
    person = {"id": ACCOUNT + 1, "is_bot": False, "first_name": "A"}
    return message(text=text, chat=chat, **{"from": person}) | {"update_id": number}


def stored(town: TelegramTown) -> int:
    return len(town.world.db.read(lambda session: session.exec(select(InboxRow)).all()))


def test_an_update_is_stored_when_200_is_answered_and_once_only(
    town: TelegramTown, called: TestClient
) -> None:
    before = stored(town)
    for _ in range(3):
        assert called.post(PATH, json=update(), headers=GIVEN).status_code == 200
        assert stored(town) == before + 1


@pytest.mark.parametrize(
    "secret", ["", SECRET[:-1], SECRET + "x", SECRET.upper(), "a" * 5000, "é", " " + SECRET[1:]]
)
def test_without_the_secret_nothing_is_read(
    town: TelegramTown, called: TestClient, secret: str
) -> None:
    before = stored(town)
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret.encode()}
    assert called.post(PATH, json=update(), headers=headers).status_code == 403
    assert called.post(PATH, content=b"x" * 3_000_000, headers=headers).status_code == 403
    assert stored(town) == before


def test_the_secret_is_compared_in_constant_time() -> None:
    source = Path(webhook.__file__).read_text("utf-8")
    assert "secrets.compare_digest(given, secret" in source
    assert "==" not in source, "nothing else compares it"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
def test_only_post_is_taken(called: TestClient, method: str) -> None:
    assert called.request(method, PATH, headers=GIVEN).status_code in (403, 404, 405)


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"7", b"null", b'"a"', b"\xff", b"[" * 100_000),
        *(b'{"a":' * 50_000, b'{"update_id": ' + b"9" * 5000 + b"}"),
    ],
    ids=lambda body: body[:8].decode("latin-1"),
)
def test_what_is_no_update_is_400(called: TestClient, body: bytes) -> None:
    assert called.post(PATH, content=body, headers=GIVEN).status_code == 400


@pytest.mark.parametrize("body", [b"{}", b'{"update_id": null}', b'{"update_id": 7}'])
def test_an_update_that_says_nothing_is_confirmed_and_passed_over(
    called: TestClient, body: bytes
) -> None:
    assert called.post(PATH, content=body, headers=GIVEN).status_code == 200


def test_a_body_is_read_no_further_than_an_update_may_be(called: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield b" " * 64 * 1024

    body = json.dumps(update()).encode() + b" " * webhook.MOST_BYTES
    assert called.post(PATH, content=body, headers=GIVEN).status_code == 413
    assert called.post(PATH, content=endless(), headers=GIVEN).status_code == 413


def test_a_flood_by_webhook_is_confirmed_and_measured(
    town: TelegramTown, called: TestClient
) -> None:
    before = stored(town)
    town.telegram.receiver.measures = Measures(said=Gate(Measure(6, 1.0)))
    for n in range(100, 120):
        assert called.post(PATH, json=update(n), headers=GIVEN).status_code == 200
    assert stored(town) == before + 7, "six, and that the rest was not taken"
