"""The room of an incident on two phones: lines at once, taps each for himself, the record."""

import pytest
from playwright.sync_api import expect

from tests.e2e import rooms
from tests.e2e.conftest import Open
from tests.e2e.phone import Phone
from tests.e2e.server import Server
from tests.e2e.vv01 import CHAIR, CHAIRMAN, CLERK, DUTY

pytestmark = pytest.mark.e2e
BACK_SECONDS = 20_000
INVITED = "Kính đề nghị các đồng chí được mời trả lời"


def test_two_people_in_a_room_hear_tap_record_and_lose_nothing(
    contexts: Open, server: Server
) -> None:
    clerk, other = (Phone(contexts().new_page()).open() for _ in range(2))
    rooms.reported(other)
    second = Phone(clerk.page.context.new_page()).open()
    for phone in (clerk, second):
        rooms.enter(phone, CLERK)
    card_follows(clerk, other)
    rooms.enter(other, CHAIRMAN)
    heard_at_once(clerk, other, second)
    tapped_by_each(clerk, other)
    on_record(clerk, other)
    nothing_is_lost(clerk, other, server)


def card_follows(clerk: Phone, duty: Phone) -> None:
    """The pinned card is one line or all of it, and says what the incident says now."""
    card = clerk.pane.locator(".card-text")
    expect(card).to_be_hidden()
    clerk.pane.locator(".room-card summary").click()
    expect(card).to_contain_text("Nội dung: chưa phát ngôn")
    expect(card).not_to_contain_text("Họp:")
    duty.answers(DUTY, "/hop", "Mời họp", "hop 8h sang nay", "Trực tuyến", CHAIR, "2, 3, 4")
    duty.answers(DUTY, "kết quả khảo sát", "Bỏ qua", "Đúng, gửi giấy mời")
    expect(card).to_contain_text("Họp: 08:00")
    clerk.pane.locator(".room-card summary").click()


def heard_at_once(clerk: Phone, other: Phone, second: Phone) -> None:
    """A line stands on the other phone with its author, and in the second tab; once."""
    clerk.pane.get_by_role("textbox").fill("Đang di dời hộ thứ năm")
    clerk.pane.locator(".send").dblclick()
    line = rooms.line(other, "Đang di dời hộ thứ năm")
    expect(line).to_have_count(1)
    expect(line.locator(".author")).to_have_text(
        "Võ Thị Thí Dụ Công chức Văn hóa - Xã hội xã Vàm Tre"
    )
    expect(rooms.line(second, "Đang di dời hộ thứ năm")).to_have_count(1)
    expect(clerk.pane.locator(".pending .row")).to_have_count(0)
    expect(rooms.line(clerk, "Đang di dời hộ thứ năm")).to_have_class("row me")


def tapped_by_each(clerk: Phone, invited: Phone) -> None:
    """[Dự] counts for whoever was invited; the button stays there for the others."""
    expect(rooms.taps(invited, INVITED, "Dự")).to_have_text("Đã ghi nhận.")
    expect(rooms.taps(clerk, INVITED, "Dự")).to_have_text("Nút này dành cho đồng chí khác.")
    again = rooms.line(invited, INVITED).get_by_role("button", name="Dự", exact=True)
    expect(again).to_be_enabled()
    expect(rooms.taps(invited, INVITED, "Dự")).to_have_text("Việc này đã được ghi nhận trước đó.")


def on_record(clerk: Phone, other: Phone) -> None:
    """[Ghi vào hồ sơ] marks the line for all; [Xem hồ sơ phòng] shows it in the private chat."""
    rooms.says(clerk, "Đã rào chắn hai đầu đoạn lộ", record=True)
    expect(rooms.line(other, "Đã rào chắn").locator(".on-record")).to_have_text("Hồ sơ, mục 1")
    rooms.taps(other, "Đã ghi vào hồ sơ", "Xem hồ sơ phòng")
    expect(other.pane.locator(".toast")).to_have_text("Mời đồng chí tiếp tục trong tin nhắn riêng.")
    expect(other.pane.locator(".row.bot").last).to_contain_text("Hồ sơ phòng VV-2026-001")
    expect(other.pane.locator(".row.bot").last).to_contain_text("Đã rào chắn hai đầu đoạn lộ")
    rooms.says(clerk, "Nước đang rút")
    expect(rooms.tab(other, rooms.ROOM).locator(".badge")).to_have_text("1")
    rooms.tab(other, rooms.ROOM).click()
    expect(rooms.tab(other, rooms.ROOM).locator(".badge")).to_have_count(0)


def nothing_is_lost(clerk: Phone, other: Phone, server: Server) -> None:
    """The server dies: what is typed meanwhile goes on record once when it is back."""
    server.kill()
    rooms.says(clerk, "Tin gõ khi máy chủ vắng", record=True)
    expect(clerk.pane.locator(".pending")).to_contain_text("Chưa có mạng")
    server.start()
    for phone in (clerk, other):
        phone.page.evaluate("() => window.dispatchEvent(new Event('online'))")
    line = rooms.line(other, "Tin gõ khi máy chủ vắng")
    expect(line.locator(".on-record")).to_have_text("Hồ sơ, mục 2", timeout=BACK_SECONDS)
    expect(clerk.pane.locator(".pending .row")).to_have_count(0, timeout=BACK_SECONDS)
    for phone in (clerk, other):
        expect(rooms.line(phone, "Tin gõ khi máy chủ vắng")).to_have_count(1)
        expect(rooms.line(phone, "Nước đang rút")).to_have_count(1)
