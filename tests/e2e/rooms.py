"""A room on a phone: going in, saying something, tapping, and what an eye finds there."""

from playwright.sync_api import Locator, expect

from tests.e2e.phone import Phone
from tests.e2e.vv01 import CHAIRMAN, CLERK, DUTY

ROOM = "Phòng VV-2026-001"


def reported(phone: Phone) -> None:
    """An incident that has gone up to the province."""
    phone.says(CLERK, "sat lo ap tre dong, mat cai lo, 7 nha")
    phone.answers(CLERK, "Báo vụ việc mới", "Chưa ghi nhận", "2h30", "Dừng hỏi")
    phone.answers(CHAIRMAN, "Xem và gửi lên tỉnh", "Gửi")
    phone.taps(DUTY, "Tiếp nhận")


def enter(phone: Phone, who: str) -> None:
    """Takes this person's phone in hand and goes into his room."""
    phone.be(who)
    tab(phone, ROOM).click()
    expect(phone.pane.locator(".scroller")).to_have_attribute(
        "aria-label", "Trao đổi trong phòng VV-2026-001"
    )
    expect(phone.pane.locator(".rows").first).to_have_attribute("aria-busy", "false")


def leave(phone: Phone) -> None:
    """Back to the private chat."""
    tab(phone, "Tin riêng").click()
    phone.settle()


def tab(phone: Phone, words: str) -> Locator:
    """A tab of the switch above the thread."""
    return phone.pane.locator(".room-tab").filter(has_text=words)


def says(phone: Phone, text: str, *, record: bool = False) -> None:
    """Types a line into the room and taps [Gửi], or [Ghi vào hồ sơ]."""
    phone.pane.get_by_role("textbox").fill(text)
    phone.pane.locator(".keep" if record else ".send").click()


def line(phone: Phone, words: str) -> Locator:
    """The line with these words, once the server has it."""
    return phone.pane.locator(".rows:not(.pending) .row").filter(has_text=words)


def taps(phone: Phone, words: str, label: str) -> Locator:
    """Taps a button under a line; returns the place of the answer's sentence."""
    line(phone, words).last.get_by_role("button", name=label, exact=True).click()
    return phone.pane.locator(".toast")
