"""Photos, recordings, documents and long texts in the chat, as a thumb finds them."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import stops
from tests.e2e.phone import Phone
from tests.e2e.server import ROOT
from tests.e2e.vv01 import CHAIRMAN, CLERK

pytestmark = pytest.mark.e2e
PHOTOS = sorted((ROOT / "bot" / "web" / "static" / "sample").glob("*.jpg"))
_BOX = "(node) => { const box = node.getBoundingClientRect(); return [box.width, box.height]; }"
_SIZE = "(node) => parseFloat(getComputedStyle(node).fontSize)"


def box(found: Locator) -> Any:
    """Width and height of what is found."""
    return found.evaluate(_BOX)


def sends(phone: Phone, files: list[Any]) -> Page:
    """The clerk sends these files without a word."""
    phone.be(CLERK)
    phone.page.locator("input[type=file]").set_input_files(files)
    phone.press_send()
    return phone.page


def test_a_photo_keeps_its_place_before_it_has_loaded_and_opens_large(phone: Phone) -> None:
    held: list[Any] = []
    phone.page.route("**/files/*", lambda route: held.append(route))
    page = sends(phone, [str(path) for path in PHOTOS])
    thumbs = page.locator(".row.me").last.locator(".thumb")
    expect(thumbs).to_have_count(3)
    image = thumbs.first.locator("img")
    assert [image.get_attribute(name) for name in ("loading", "decoding")] == ["lazy", "async"]
    before = box(thumbs.first)
    for route in held:
        route.continue_()
    page.wait_for_function("() => [...document.images].every((one) => one.naturalWidth)")
    assert box(thumbs.first) == before, "nothing jumps"
    assert before[0] == before[1] >= 48
    thumbs.nth(1).click()
    large = page.locator(".viewer .large")
    expect(large).to_have_attribute("alt", "Ảnh sat-lo-2.jpg")
    expect(page.locator(".viewer-count")).to_have_text("2/3")
    page.keyboard.press("ArrowRight")
    expect(large).to_have_attribute("alt", "Ảnh sat-lo-3.jpg")
    page.get_by_role("button", name="Đóng").click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(thumbs.nth(1)).to_be_focused()


def test_recordings_and_documents_say_what_they_are_and_can_be_saved(phone: Phone) -> None:
    page = sends(phone, stops.FILES)
    mine = page.locator(".row.me").last
    expect(mine.locator("figcaption")).to_have_text("Ghi âm ghi âm.mp3, 4 KB")
    expect(mine.locator("audio")).to_have_attribute("aria-label", "Ghi âm ghi âm.mp3, 4 KB")
    letter, note = mine.locator(".file").all()
    assert letter.inner_text().split("\n")[-1] == "PDF, 88 KB"
    expect(letter).to_have_attribute("target", "_blank")
    assert note.inner_text().split("\n") == ["ghi chú.txt", "Văn bản, 1 KB"]
    save = mine.get_by_role("link", name="Tải về Công văn")
    for link, name in ((note, "ghi chú.txt"), (save, stops.FILES[1]["name"])):
        with page.expect_download() as saved:
            link.click()
        assert saved.value.suggested_filename == name


def test_an_invitation_is_called_by_what_it_is(phone: Phone) -> None:
    sends(phone, stops.FILES[2:])
    phone.page.evaluate(stops.CALENDAR)
    link = phone.page.get_by_role("link", name="Lịch họp")
    expect(link).to_have_attribute("download", "hop.ics")
    assert link.inner_text().split("\n") == ["Lịch họp", "Lịch, 1 KB"]


def test_a_statement_is_read_from_the_phone_in_large_letters(phone: Phone) -> None:
    phone.answers(CLERK, "/baocao", "sạt lở bờ kênh", "ấp Tre Đông", "Chưa ghi nhận")
    phone.answers(CLERK, "/phatngon", "Soạn phát ngôn cầm chừng", "Gửi")
    phone.taps(CHAIRMAN, "Đọc toàn văn")
    page = phone.page
    page.get_by_role("button", name="Chữ lớn").last.click()
    text = page.locator(".reader-text")
    expect(text).to_be_focused()
    assert text.evaluate(_SIZE) >= 28
    assert text.inner_text() in phone.texts()[-1], "word for word what was written"
    page.get_by_role("button", name="Đóng").click()
    expect(page.get_by_role("button", name="Chữ lớn").last).to_be_focused()


def test_he_takes_his_own_words_away_after_being_asked(phone: Phone) -> None:
    phone.says(CLERK, "Số liệu riêng của tổ công tác 4471")
    page = phone.page
    mine = phone.hears(CLERK, "4471", sender="me")
    beside = mine.get_by_role("button", name="Xóa nội dung tin này")
    beside.click()
    asked = page.get_by_role("dialog", name="Xóa nội dung tin này?")
    expect(asked.get_by_role("button", name="Không xóa")).to_be_focused()
    asked.get_by_role("button", name="Không xóa").click()
    expect(mine.locator(".text")).to_have_text("Số liệu riêng của tổ công tác 4471")
    expect(beside).to_be_focused()
    beside.click()
    with page.expect_response(lambda answer: answer.url.endswith("/messages")):
        asked.get_by_role("button", name="Xóa nội dung", exact=True).click()
    phone.settle()
    expect(mine.locator(".quiet-note")).to_have_text("Nội dung tin này đã được xóa.")
    expect(mine.get_by_role("button")).to_have_count(0)
    expect(page.get_by_text("4471")).to_have_count(0)
    page.reload()
    page.wait_for_selector(".row.me")
    expect(page.get_by_text("4471")).to_have_count(0)
    phone.hears(CLERK, "xóa")
