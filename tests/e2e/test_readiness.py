"""The board's panel of what units lack: for whom it is there, and what it says on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import stops
from tests.e2e.conftest import Open
from tests.e2e.server import Server
from tests.e2e.shape import faults

pytestmark = pytest.mark.e2e
ADMIN, CLERK = "Mai Thị Thử Nghiệm", "Võ Thị Thí Dụ"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """The sample province, but everybody signs in."""
    return {"BOT_REHEARSAL": "false"}


def board_of(contexts: Open, server: Server, name: str) -> Page:
    """The board of somebody who has just signed in."""
    page = contexts().new_page()
    page.goto(stops.invitation(server, name))
    page.get_by_role("button", name="Vào", exact=True).click()
    page.wait_for_selector(".composer")
    page.goto("/board")
    page.locator(".board .empty").wait_for()
    return page


def test_an_administrator_sees_what_every_unit_lacks_and_others_do_not(
    contexts: Open, server: Server
) -> None:
    page = board_of(contexts, server, ADMIN)
    panel = page.get_by_role("region", name="Sẵn sàng")
    expect(panel).to_contain_text("3/5 xã, phường, đặc khu đủ người đứng đầu")
    expect(panel).to_contain_text("còn thiếu: phường Cồn Phước, đặc khu Hòn Sao.")
    expect(panel.get_by_role("progressbar")).to_have_attribute("value", "3")
    panel.locator("summary").click()
    unit = panel.locator(".ready-unit", has=page.get_by_text("đặc khu Hòn Sao", exact=True))
    expect(unit).to_contain_text("Còn thiếu người trực, cấp phó.")
    expect(unit).to_contain_text(re.compile("Chưa xác nhận danh sách người phát ngôn quý [IV]+/"))
    expect(unit.get_by_role("link").first).to_have_attribute("href", re.compile(r"^tel:0"))
    assert not faults(page)
    clerk = board_of(contexts, server, CLERK)
    with clerk.expect_response("**/api/board"):
        clerk.reload()
    clerk.locator(".board .empty").wait_for()
    expect(clerk.locator(".ready")).to_be_hidden()
