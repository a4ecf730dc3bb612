"""The way of one person across the pages, with a stop wherever something new is on the screen."""

import json
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.e2e import rooms
from tests.e2e.phone import Phone
from tests.e2e.server import Server
from tests.e2e.vv01 import CHAIR, CHAIRMAN, CLERK, DUTY

FILES: list[Any] = [
    {"name": "ghi âm.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3\x03" + bytes(4000)},
    {
        "name": "Công văn về việc khắc phục sạt lở bờ kênh ấp Tre Đông, xã Vàm Tre (bản ký).pdf",
        "mimeType": "application/pdf",
        "buffer": b"%PDF-1.4\n" + b"1" * 90_000,
    },
    {"name": "ghi chú.txt", "mimeType": "text/plain", "buffer": "hiện trường".encode()},
]
CALENDAR = """async () => {
  const { filesBlock } = await import('/static/files.js');
  const file = {url: '/files/0', name: 'hop.ics', kind: 'file', type: 'text/calendar', size: 900};
  [...document.querySelectorAll('.row.bot .bubble')].pop().prepend(filesBlock([file]));
}"""


def invitation(server: Server, who: str) -> str:
    """A fresh one-time link, as the operator's command prints it."""
    words = server.command("invite", who).split()
    return next(word for word in words if "/vao/" in word).strip(".,;")


def before_signing_in(page: Page, door: Server) -> Iterator[str]:
    """The pages of somebody without a session, and the first page after his link."""
    page.goto(door.url)
    page.locator(".request").wait_for()
    yield "signed out"
    page.get_by_role("button", name="Xin liên kết mới").click()
    expect(page.get_by_label("Họ và tên")).to_be_focused()
    yield "request incomplete"
    page.get_by_label("Họ và tên").fill("Võ Thị Thí Dụ")
    page.get_by_label("Số điện thoại").fill("0296.000.0001")
    page.get_by_role("button", name="Xin liên kết mới").click()
    page.locator(".done").wait_for()
    yield "request taken"
    page.goto(f"{door.url}/board")
    page.locator(".request").wait_for()
    yield "board, signed out"
    page.goto(f"{door.url}/vao/khong-con")
    page.locator(".request").wait_for()
    yield "spent link"
    page.goto(invitation(door, "Võ Thị Thí Dụ"))
    page.locator(".invitation").wait_for()
    yield "link"
    page.get_by_role("button", name="Vào", exact=True).click()
    page.locator(".composer").wait_for()
    yield "signed in"
    page.get_by_role("button", name="Danh mục việc").click()
    page.locator(".sheet-list button").first.wait_for()
    yield "menu, signed in"
    page.goto(f"{door.url}/board")
    page.locator(".board .empty").wait_for()
    yield "empty board"


def first_incident(phone: Phone) -> Iterator[str]:
    """From the first screen to an incident that has gone up."""
    page = phone.page
    yield "introduction"
    page.get_by_role("button", name="Bắt đầu VV-01").click()
    phone.who = CLERK
    expect(page.locator(".chips .chip")).to_have_count(3)
    yield "sample ready"
    phone.press_send()
    yield "photos and numbered buttons"
    phone.taps(CLERK, "Chưa ghi nhận")
    phone.says(CLERK, "2h30")
    yield "form open"
    page.get_by_role("button", name="Danh mục việc").first.click()
    page.locator(".sheet-list button").first.wait_for()
    yield "menu"
    page.keyboard.press("Escape")
    phone.row(1).locator(".thumb").first.click()
    page.locator(".viewer .large").wait_for()
    yield "photo"
    page.keyboard.press("Escape")
    phone.answers(CLERK, "2h35", "Dừng hỏi")
    phone.be(CHAIRMAN)
    yield "ring with photos"
    phone.taps(CHAIRMAN, "Xem và gửi lên tỉnh")
    yield "preview"
    phone.taps(CHAIRMAN, "Gửi")
    phone.taps(DUTY, "Tiếp nhận")
    yield "received"


def lists_and_texts(phone: Phone) -> Iterator[str]:
    """A long list to choose from, a statement to be read aloud, files of every kind."""
    page = phone.page
    phone.answers(DUTY, "/hop", "Mời họp", "hop 8h sang nay")
    phone.answers(DUTY, "Trực tuyến", CHAIR)
    assert len(phone.live()[0]["labels"]) > 5
    yield "long list"
    phone.taps(DUTY, "Hủy")
    phone.answers(CLERK, "/phatngon", "Soạn phát ngôn cầm chừng", "Gửi")
    phone.taps(CHAIRMAN, "Đọc toàn văn")
    yield "statement"
    page.get_by_role("button", name="Chữ lớn").last.click()
    page.locator(".reader-text").wait_for()
    yield "statement in large letters"
    page.keyboard.press("Escape")
    phone.be(CLERK)
    page.get_by_role("textbox").fill("một dòng rất dài " * 12)
    yield "several lines typed"
    page.locator("input[type=file]").set_input_files(FILES)
    page.get_by_role("textbox").fill("các tệp của hiện trường")
    yield "files picked"
    phone.press_send()
    expect(page.locator(".file")).to_have_count(2)
    page.evaluate(CALENDAR)
    yield "files sent"


def room(phone: Phone) -> Iterator[str]:
    """The room of an incident: lines of several people, the card, who is in it, a toast."""
    page = phone.page
    rooms.enter(phone, CLERK)
    rooms.says(phone, "Đang di dời hộ thứ năm, tổ xung kích đã có mặt")
    rooms.enter(phone, CHAIRMAN)
    rooms.says(phone, "Đã rào chắn hai đầu đoạn lộ, có người trực", record=True)
    expect(phone.pane.locator(".on-record")).to_have_count(1)
    yield "room"
    phone.pane.locator(".room-card summary").click()
    yield "card of the room"
    phone.pane.get_by_role("button", name="Thành viên").click()
    page.locator(".member").first.wait_for()
    yield "members"
    page.keyboard.press("Escape")
    phone.pane.locator(".room-card summary").click()
    rooms.taps(phone, "Đã ghi vào hồ sơ", "Xem hồ sơ phòng")
    expect(phone.pane.locator(".row.bot").last).to_contain_text("Hồ sơ phòng")
    yield "record, and the toast"
    phone.settle()


def board(phone: Phone) -> Iterator[str]:
    """The board as it is, what units lack below it, and with a drill on it."""
    page = phone.page
    page.goto("/board")
    page.locator(".incident").first.wait_for()
    page.locator(".ready").wait_for()
    yield "board"
    page.locator(".ready summary").click()
    page.locator(".ready-unit").last.scroll_into_view_if_needed()
    yield "what units lack"
    page.route("**/api/board", _as_drill)
    page.reload()
    page.locator(".incident.drill").first.wait_for()
    yield "board with a drill"
    page.route("**/messages?*", _as_drill)
    page.goto("/")
    page.locator(".meta .tag").last.wait_for()
    yield "messages of a drill"
    page.unroute_all(behavior="wait")


def _as_drill(route: Route) -> None:
    answer = route.fetch()
    words = json.dumps(answer.json()).replace('"drill": false', '"drill": true')
    route.fulfill(response=answer, body=words)
