"""Narrow and wide, light and dark, thumb, keyboard and screen reader."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open
from tests.e2e.phone import Phone
from tests.e2e.shape import faults

pytestmark = pytest.mark.e2e
CLERK = "Thí Dụ"
WIDTHS = [(320, 640), (390, 844), (1400, 900)]
DESK: dict[str, Any] = {
    "viewport": {"width": 1400, "height": 900},
    "is_mobile": False,
    "has_touch": False,
}


def screens(phone: Phone, *, again: bool) -> Iterator[str]:
    """The page at its important moments; `again`: the story has got this far already."""
    page = phone.page
    if not again:
        yield "first screen"
        page.get_by_role("button", name="Bắt đầu VV-01").click()
        phone.who = CLERK
        expect(page.locator(".chips .chip")).to_have_count(3)
        yield "sample ready"
        phone.press_send()
        yield "numbered choices"
        phone.taps(CLERK, "Chưa ghi nhận")
        phone.says(CLERK, "2h30")
    phone.be("Ví Dụ")
    yield "photos and buttons"
    phone.be(CLERK)
    yield "a form"
    page.get_by_role("button", name="Danh mục việc").first.click()
    page.locator(".sheet-item").first.wait_for()
    yield "menu"
    page.keyboard.press("Escape")
    page.goto("/board")
    page.locator(".incident").first.wait_for()
    yield "board"


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_nothing_is_clipped_small_faint_or_nameless(
    contexts: Open, width: int, height: int
) -> None:
    options = DESK if width > 900 else {}
    size = {"width": width, "height": height}
    # Without transitions: a colour on its way is no colour to judge.
    context = contexts(**{**options, "viewport": size, "reduced_motion": "reduce"})
    phone = Phone(context.new_page()).open(intro=True)
    again = phone.page.get_by_role("button", name="Bắt đầu VV-01").count() == 0
    for moment in screens(phone, again=again):
        for scheme in ("light", "dark"):
            phone.page.emulate_media(color_scheme=scheme)
            assert not faults(phone.page), (moment, scheme)


def test_the_thread_is_a_log_read_aloud_and_the_phone_is_named(phone: Phone) -> None:
    log = phone.page.get_by_role("log")
    expect(log).to_have_count(1)
    expect(log).to_have_attribute("aria-label", "Tin nhắn của Võ Thị Thí Dụ")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_attribute("aria-busy", "false")
    expect(phone.page.get_by_role("textbox", name="Tin gửi từ Võ Thị Thí Dụ")).to_be_visible()


def focused(page: Page) -> dict[str, Any]:
    """What the keyboard is at, and how that is shown."""
    found: dict[str, Any] = page.evaluate(
        """() => { const node = document.activeElement, style = getComputedStyle(node);
        return {tag: node.tagName, kind: node.className, text: node.textContent,
          ring: style.outlineStyle !== 'none' ? parseFloat(style.outlineWidth) : 0}; }"""
    )
    return found


def tab_to(page: Page, key: str, tag: str, text: str = "") -> None:
    """Presses Tab until this is reached; wherever it passes, the focus is to be seen."""
    for _ in range(80):
        page.keyboard.press(key)
        at = focused(page)
        assert at["ring"] >= 2 or at["tag"] == "BODY", at
        if at["tag"] == tag and text in at["text"]:
            return
    raise AssertionError(f"{tag} {text} is not reached")


def test_a_keyboard_is_enough(contexts: Open) -> None:
    phone = Phone(contexts(**DESK | {"viewport": {"width": 800, "height": 900}}).new_page())
    phone.open()
    keyboard = phone.page.keyboard
    tab_to(phone.page, "Tab", "TEXTAREA")
    keyboard.type("đường ngập ở ấp Tre Tây")
    keyboard.press("Enter")
    expect(phone.pane.locator(".row").last).to_have_class("row bot")
    phone.settle()
    assert focused(phone.page)["tag"] == "TEXTAREA", "the next line can be typed at once"
    label = phone.live()[0]["labels"][-1]
    tab_to(phone.page, "Shift+Tab", "BUTTON", label)
    keyboard.press("Enter")
    expect(phone.page.locator(".answered").last).to_contain_text(label)
