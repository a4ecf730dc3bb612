"""Double taps, two tabs, a lost connection: every act counts once, every message shows once."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open
from tests.e2e.phone import Phone

pytestmark = pytest.mark.e2e
CLERK, OFFICER = "Thí Dụ", "Thử"
ASKED = "báo vụ việc mới, bổ sung cho vụ đang mở, hay nhắn người trực"


def taps_sent(page: Page) -> list[str]:
    """Collects the addresses of the answers that this page sends."""
    sent: list[str] = []
    page.on(
        "request",
        lambda request: sent.append(request.url) if request.url.endswith("/answers") else None,
    )
    return sent


def test_a_double_tap_is_one_answer(phone: Phone) -> None:
    sent = taps_sent(phone.page)
    phone.says(CLERK, "nước lên ở kênh Ranh")
    row = phone.live()[0]
    phone.button(row["seq"], "Nhắn người trực").dblclick()
    phone.page.wait_for_timeout(300)
    phone.settle()
    assert len(sent) == 1
    assert sum("Đã chuyển nguyên văn" in text for text in phone.texts()) == 1
    phone.be(OFFICER)
    assert sum("nước lên ở kênh Ranh" in text for text in phone.texts()) == 1


def test_what_one_tab_answers_the_other_shows_as_answered(contexts: Open) -> None:
    context = contexts()
    first, second = (Phone(context.new_page()).open() for _ in range(2))
    first.says(CLERK, "cây đổ ở ấp Tre Tây")
    second.settle()
    seq = second.live()[0]["seq"]
    first.taps(CLERK, "Nhắn người trực")
    expect(second.row(seq).locator(".answered")).to_have_text("Đã chọn: Nhắn người trực")
    second.settle()
    assert second.seqs() == second.told() == first.seqs()


def test_the_button_of_a_tab_left_behind_has_no_second_effect(contexts: Open) -> None:
    first, second = (Phone(contexts().new_page()).open() for _ in range(2))
    first.says(CLERK, "đường ngập ở ấp Tre Trung")
    second.settle()
    seq = second.live()[0]["seq"]
    hold_back_news(second)
    first.taps(CLERK, "Nhắn người trực")
    second.button(seq, "Nhắn người trực").click()
    first.page.wait_for_timeout(300)
    first.settle()
    first.be(OFFICER)
    assert sum("đường ngập ở ấp Tre Trung" in text for text in first.texts()) == 1


def hold_back_news(phone: Phone) -> None:
    """From now on this page hears nothing new, but may still send."""
    phone.page.context.route("**/api/stream*", lambda route: route.abort())
    phone.page.context.route("**/messages?*", lambda route: route.abort())
    phone.page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(phone.page.locator(".link-state")).to_have_text("Đang nối lại…")


def test_offline_for_a_while_leaves_no_gap_and_no_double(contexts: Open) -> None:
    away, other = Phone(contexts().new_page()).open(), Phone(contexts().new_page()).open()
    away.says(CLERK, "mất điện ở ấp Vàm Nhỏ")
    away.page.context.set_offline(True)
    expect(away.page.locator(".link-state")).to_have_text("Đang nối lại…")
    away.page.get_by_role("textbox").fill("tin gõ khi mất mạng")
    away.page.locator(".send").click()
    expect(away.page.locator(".pending")).to_contain_text("Chưa có mạng")
    other.settle()
    other.taps(CLERK, "Nhắn người trực")
    for n in range(3):
        other.says(CLERK, f"tin khác số {n}")
    away.page.context.set_offline(False)
    expect(away.page.locator(".link-state")).to_be_empty(timeout=15_000)
    expect(away.page.locator(".pending .row")).to_have_count(0, timeout=15_000)
    away.settle()
    assert away.seqs() == away.told()
    assert away.texts().count("tin gõ khi mất mạng") == 1
    answered = away.page.locator(".row", has_text=ASKED).first.locator(".answered")
    expect(answered).to_be_visible()
