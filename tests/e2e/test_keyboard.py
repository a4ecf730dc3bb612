"""One conversation with the keyboard alone: from the link to an answer, a photo, another person."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import stops
from tests.e2e.conftest import Open, Start
from tests.e2e.phone import Phone
from tests.e2e.server import ROOT
from tests.e2e.vv01 import CLERK

pytestmark = pytest.mark.e2e
PHOTO = ROOT / "bot" / "web" / "static" / "sample" / "sat-lo-1.jpg"
DESK: dict[str, Any] = {
    "viewport": {"width": 800, "height": 900},
    "is_mobile": False,
    "has_touch": False,
    "reduced_motion": "reduce",
}

_AT = """() => { const node = document.activeElement;
  const box = node.getBoundingClientRect(), style = getComputedStyle(node);
  const label = node.getAttribute('aria-label') || node.labels?.[0]?.textContent
    || node.textContent;
  return {tag: node.tagName, label: label.trim(), home: node === document.body,
    top: box.top, left: box.left, bottom: box.bottom,
    ring: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    inside: box.bottom > 0 && box.top < innerHeight}; }"""

#: Everything that Tab may reach, in the order in which it stands on the screen, row by row.
_ORDER = """() => {
  const nodes = [...document.querySelectorAll('a, button, select, textarea, input')]
    .filter((node) => !node.disabled && node.tabIndex >= 0 && node.checkVisibility()
      && !node.closest('.skip, .scroller, .persona-row'));
  const at = nodes.map((node) => node.getBoundingClientRect());
  return nodes.slice(1).filter((node, n) => at[n + 1].bottom <= at[n].top + 1
    || (Math.abs(at[n].top - at[n + 1].top) < 12 && at[n + 1].left < at[n].left))
    .map((node) => node.outerHTML.slice(0, 100));
}"""


def at(page: Page) -> dict[str, Any]:
    """What has the keyboard, what it is called, and how that is shown."""
    found: dict[str, Any] = page.evaluate(_AT)
    return found


def go(page: Page, label: str, key: str = "Tab") -> None:
    """Presses a key until this has the keyboard; on the way the focus is always to be seen."""
    passed = []
    for _ in range(80):
        page.keyboard.press(key)
        here = at(page)
        passed.append(here["label"][:40])
        if here["home"]:
            continue
        assert here["ring"] >= 2 and here["inside"], here
        if here["label"].startswith(label):
            return
    raise AssertionError(f"{label} is not reached: {passed}")


def press(page: Page, label: str, key: str = "Enter", *, by: str = "Tab") -> None:
    """Goes to a button and presses it."""
    go(page, label, by)
    page.keyboard.press(key)


def test_from_the_link_to_an_incident_without_mouse_or_touch(contexts: Open, start: Start) -> None:
    door = start(BOT_REHEARSAL="false")
    page = contexts(**DESK, base_url=door.url).new_page()
    page.goto(stops.invitation(door, "Võ Thị Thí Dụ"))
    page.locator(".invitation").wait_for()
    press(page, "Vào", "Space")
    page.locator(".composer").wait_for()
    phone = Phone(page).open()
    assert page.evaluate(_ORDER) == []
    go(page, "Tin gửi từ")
    page.keyboard.type("sat lo ap tre dong, mat cai lo, 7 nha")
    page.keyboard.press("Enter")
    heard(phone, "báo vụ việc mới")
    assert at(page)["tag"] == "TEXTAREA", "the next line can be typed at once"
    press(page, "Báo vụ việc mới", by="Shift+Tab")
    heard(phone, "bị thương")
    assert at(page)["label"] == "Đã chọn: Báo vụ việc mới"
    press(page, "1Chưa ghi nhận", "Space")
    heard(phone, "Đã mở vụ việc VV-2026-001")
    assert at(page)["label"] == "Đã chọn: Chưa ghi nhận", "Tab goes on from what was answered"
    assert at(page)["ring"] >= 2
    photo_by_keyboard(phone)
    menu_by_keyboard(phone)
    room_by_keyboard(phone)


def heard(phone: Phone, words: str) -> None:
    """A message of the bot has come, inside what a screen reader is told, and nothing follows."""
    told(phone.page, words)
    phone.settle()


def told(page: Page, words: str) -> None:
    """A message of the bot stands in the chat on the screen."""
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_attribute("aria-busy", "false")
    expect(log.locator(".row.bot", has_text=words).last).to_be_visible()


def photo_by_keyboard(phone: Phone) -> None:
    """A photo is attached, taken away, attached again, sent, and looked at."""
    page = phone.page
    for again in (False, True):
        with page.expect_file_chooser() as chooser:
            press(page, "Gửi ảnh, ghi âm, tệp", "Space")
        chooser.value.set_files(PHOTO)
        expect(page.locator(".chips .chip")).to_have_count(1)
        if not again:
            press(page, f"Bỏ tệp {PHOTO.name}", by="Shift+Tab")
            expect(page.locator(".chips .chip")).to_have_count(0)
            assert at(page)["tag"] == "TEXTAREA"
            go(page, "Danh mục việc", "Shift+Tab")
    press(page, "Gửi")
    expect(page.locator(".row.me .thumb")).to_have_count(1)
    phone.settle()
    assert at(page)["tag"] == "TEXTAREA", "after the send the keyboard is back where one types"
    press(page, "Mở ảnh", by="Shift+Tab")
    expect(page.locator("dialog.viewer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert at(page)["label"].startswith("Mở ảnh"), "the keyboard is back on the photo"


def menu_by_keyboard(phone: Phone) -> None:
    """The menu opens, closes by Escape, and its command is sent."""
    page = phone.page
    press(page, "Danh mục việc")
    expect(page.locator(".sheet-list button").first).to_be_focused()
    page.keyboard.press("Escape")
    assert at(page)["label"] == "Danh mục việc"
    page.keyboard.press("Enter")
    expect(page.locator(".sheet-list button").first).to_be_focused()
    press(page, "Vụ việc")
    heard(phone, "VV-2026-001")
    assert not at(page)["home"]


def room_by_keyboard(phone: Phone) -> None:
    """Into the room, its card and members, a line on record, and back by its button."""
    page = phone.page
    press(page, "Phòng VV-2026-001", by="Shift+Tab")
    assert at(page)["label"] == "Trao đổi trong phòng VV-2026-001"
    assert page.evaluate(_ORDER) == []
    press(page, "Bước", by="Shift+Tab")
    press(page, "Thành viên")
    expect(page.locator(".member").first).to_be_visible()
    page.keyboard.press("Escape")
    assert at(page)["label"].startswith("Thành viên")
    go(page, "Tin gửi vào phòng")
    page.keyboard.type("Tổ xung kích đã có mặt")
    press(page, "Ghi vào hồ sơ")
    expect(page.get_by_role("log").locator(".row.me .on-record")).to_have_text("Hồ sơ, mục 1")
    assert at(page)["tag"] == "TEXTAREA"
    told(page, "Đã ghi vào hồ sơ")
    record_by_keyboard(phone)


def record_by_keyboard(phone: Phone) -> None:
    """The record is asked for by the button of a line, then of the card; each tells where it is."""
    page = phone.page
    words = page.get_by_role("status").filter(has_text="tin nhắn riêng")
    for count in (1, 2):
        press(page, "Xem hồ sơ phòng", by="Shift+Tab")
        expect(words).to_be_visible()
        own = page.locator('.scroller[aria-label="Tin nhắn của Võ Thị Thí Dụ"]')
        expect(own).to_be_focused()
        phone.settle()
        records = page.locator(".row.bot", has_text="Hồ sơ phòng VV-2026-001")
        expect(records).to_have_count(count)
        if count == 1:
            press(page, "Phòng VV-2026-001", by="Shift+Tab")
            expect(words).to_have_count(0)


def test_another_person_is_taken_in_hand_by_keyboard(contexts: Open, start: Start) -> None:
    page = contexts(**DESK, base_url=start().url).new_page()
    phone = Phone(page).open()
    assert at(page)["label"] == "Tin nhắn của Võ Thị Thí Dụ", "the card is put away"
    assert page.evaluate(_ORDER) == []
    page.reload()
    page.locator(".composer").wait_for()
    page.keyboard.press("Tab")
    assert at(page)["label"] == "Đến ô soạn tin"
    page.keyboard.press("Enter")
    assert at(page)["label"] == "Tin gửi từ Võ Thị Thí Dụ"
    phone.says(CLERK, "sat lo ap tre dong, mat cai lo, 7 nha")
    press(page, "Báo vụ việc mới", by="Shift+Tab")
    heard(phone, "bị thương")
    press(page, "1Chưa ghi nhận")
    heard(phone, "Đã mở vụ việc")
    rung = page.get_by_role("alert").filter(has_text="Có tin chuông trên máy của Nguyễn Văn Ví Dụ")
    expect(rung).to_have_count(1)
    press(page, "Đang chờ đồng chí Nguyễn Văn Ví Dụ", by="Shift+Tab")
    expect(page.locator(".pane-name")).to_have_text("Nguyễn Văn Ví Dụ")
    assert at(page)["label"].startswith("Ví Dụ"), "the keyboard stays with the person it named"
    phone.who = "Ví Dụ"
    heard(phone, "Kính báo cáo đồng chí Chủ tịch")
    press(page, "Thí Dụ", "Space", by="Shift+Tab")
    expect(page.locator(".pane-name")).to_have_text("Võ Thị Thí Dụ")


def test_the_link_of_somebody_signed_out_is_asked_for_by_keyboard(
    contexts: Open, start: Start
) -> None:
    page = contexts(**DESK, base_url=start(BOT_REHEARSAL="false").url).new_page()
    page.goto("/")
    page.locator(".request").wait_for()
    press(page, "Xin liên kết mới")
    assert at(page)["label"] == "Họ và tên"
    assert page.get_by_label("Họ và tên").get_attribute("aria-invalid") == "true"
    page.keyboard.type("Võ Thị Thí Dụ")
    go(page, "Số điện thoại")
    page.keyboard.type("0296.000.0001")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_be_focused()
