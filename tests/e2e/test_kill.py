"""The server dies in the middle of a form, or ends calmly, while a page is open."""

import json
from collections import Counter

import pytest
from playwright.sync_api import expect

from tests.e2e.phone import Phone
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
CLERK = "Thí Dụ"
BACK_SECONDS = 20_000


def waits_for_the_server(phone: Phone) -> None:
    """The page says that it tries to come back."""
    expect(phone.page.locator(".link-state")).to_have_text("Đang nối lại…")


def is_back(phone: Phone) -> None:
    """The page has come back by itself and shows everything once."""
    expect(phone.page.locator(".link-state")).to_be_empty(timeout=BACK_SECONDS)
    phone.settle()
    assert phone.seqs() == phone.told()


def test_after_kill_9_in_a_form_the_next_answer_continues_it(phone: Phone, server: Server) -> None:
    phone.answers(CLERK, "/baocao", "sạt lở bờ kênh", "ấp Tre Đông")
    asked = phone.texts()[-1]
    assert "bị thương hoặc mất tích" in asked
    before = phone.seqs()
    server.kill()
    waits_for_the_server(phone)
    server.start()
    is_back(phone)
    assert phone.seqs() == before, "a restart says nothing by itself"
    phone.taps(CLERK, "Chưa ghi nhận")
    phone.hears(CLERK, "Đã mở vụ việc VV-2026-001")
    said = Counter(phone.texts())
    assert said["sạt lở bờ kênh"] == said["ấp Tre Đông"] == said[asked] == 1, said


def test_words_typed_while_the_server_is_away_are_sent_once(phone: Phone, server: Server) -> None:
    phone.answers(CLERK, "/baocao", "cháy chợ Vàm Tre")
    server.kill()
    waits_for_the_server(phone)
    phone.page.get_by_role("textbox").fill("chợ Vàm Tre")
    phone.page.locator(".send").click()
    expect(phone.page.locator(".pending")).to_contain_text("Chưa có mạng")
    server.start()
    expect(phone.page.locator(".pending .row")).to_have_count(0, timeout=BACK_SECONDS)
    is_back(phone)
    assert phone.texts().count("chợ Vàm Tre") == 1
    assert "bị thương hoặc mất tích" in phone.texts()[-1]


def test_sigterm_with_an_open_stream_ends_within_two_seconds(phone: Phone, server: Server) -> None:
    expect(phone.page.locator(".link-state")).to_be_empty()
    assert server.stop() < 2.0
    assert json.loads(server.log().splitlines()[-1])["event"] == "stopped"
    waits_for_the_server(phone)
    server.start()
    is_back(phone)
