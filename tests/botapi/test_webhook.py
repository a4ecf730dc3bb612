"""The webhook: who is posted what, in which order, and how often."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.botapi.conftest import AN, BINH, Asker
from tests.botapi.driver import BotApi


@dataclass
class Door:
    """A bot's webhook that takes updates, or refuses the next ones with these codes."""

    url: str = ""
    refuse: dict[int, list[int]] = field(default_factory=dict)
    posts: list[tuple[int, str, str | None]] = field(default_factory=list)

    def post(self, update: dict[str, Any], secret: str | None) -> int:
        """The status of one delivery."""
        chat = update["message"]["chat"]["id"]
        codes = self.refuse.get(chat, [])
        code = codes.pop(0) if codes else 200
        self.posts.append((code, update["message"]["text"], secret))
        return code

    def taken(self) -> list[str]:
        """The texts that were taken."""
        return [text for code, text, _ in self.posts if code == 200]


@pytest.fixture
def door() -> Iterator[Door]:
    """A web server on a free port."""
    made = Door()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            secret = self.headers["X-Telegram-Bot-Api-Secret-Token"]
            self.send_response(made.post(json.loads(body), secret))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def until(true: Callable[[], bool]) -> None:
    """Waits until something holds, at most three seconds."""
    end = time.monotonic() + 3
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    assert true()


def test_updates_are_posted_with_the_secret_and_confirmed(
    api: BotApi, ask: Asker, door: Door
) -> None:
    api.send_text(AN, "từ trước")
    ask.yes("setWebhook", url=door.url, secret_token="bi-mat")
    api.send_text(AN, "từ nay")
    until(lambda: api.pending() == [])
    assert door.posts == [(200, "từ trước", "bi-mat"), (200, "từ nay", "bi-mat")]
    assert ask.yes("getWebhookInfo")["pending_update_count"] == 0


def test_a_refused_update_is_tried_again_and_holds_back_only_its_own_chat(
    api: BotApi, ask: Asker, door: Door
) -> None:
    door.refuse[AN] = [500, 503, 302]
    ask.yes("setWebhook", url=door.url)
    for text in ("1", "2"):
        api.send_text(AN, text)
    api.send_text(BINH, "khác")
    until(lambda: api.pending() == [])
    assert [code for code, text, _ in door.posts if text == "1"] == [500, 503, 302, 200]
    assert door.taken() == ["khác", "1", "2"]
    info = ask.yes("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 302 Found"


def test_confirmed_updates_are_posted_once_more(api: BotApi, ask: Asker, door: Door) -> None:
    ask.yes("setWebhook", url=door.url)
    api.send_text(AN, "một")
    until(lambda: api.pending() == [] and door.taken() == ["một"])
    api.repeat(1)
    until(lambda: door.taken() == ["một", "một"])


def test_nothing_is_posted_after_the_webhook_is_deleted(
    api: BotApi, ask: Asker, door: Door
) -> None:
    ask.yes("setWebhook", url=door.url)
    ask.yes("deleteWebhook")
    api.send_text(AN, "một")
    assert [one["message"]["text"] for one in ask.yes("getUpdates")] == ["một"]
    assert door.posts == []
    ask.yes("deleteWebhook", drop_pending_updates=True)
    assert api.pending() == []


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ({"url": "http://a.vn/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "nonsense"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://a.vn:444/x"}, "bad webhook: Webhook can be set up only on ports 80, 88"),
        ({"url": "https://a.vn/x", "secret_token": "a b"}, "secret token contains unallowed"),
        ({"url": "https://a.vn/x", "secret_token": "a" * 257}, "secret token is too long"),
    ],
)
def test_a_webhook_is_refused(ask: Asker, args: dict[str, Any], reason: str) -> None:
    assert ask.no("setWebhook", **args).startswith(f"Bad Request: {reason}")
    assert ask.yes("getWebhookInfo")["url"] == ""
