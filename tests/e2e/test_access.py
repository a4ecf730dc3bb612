"""Signing in by a one-time link, on a server that is no rehearsal."""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import Open
from tests.e2e.phone import OURS, Phone
from tests.e2e.server import Server
from tests.e2e.shape import faults

pytestmark = pytest.mark.e2e
CLERK = "Võ Thị Thí Dụ"
ANOTHER = 3


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """The sample province, but everybody signs in."""
    return {"BOT_REHEARSAL": "false"}


def link(server: Server, who: str = CLERK) -> str:
    """A fresh one-time link, as the operator's command prints it."""
    words = server.command("invite", who).split()
    return next(word for word in words if "/vao/" in word).strip(".,;")


def enter(context: BrowserContext, server: Server) -> Page:
    """A browser in which the clerk has signed in."""
    page = context.new_page()
    page.goto(link(server))
    page.get_by_role("button", name="Vào", exact=True).click()
    page.wait_for_selector(".composer")
    return page


@pytest.fixture(scope="module")
def cookies(browser: Browser, server: Server) -> list[Any]:
    """What a browser keeps once the clerk has signed in."""
    context = browser.new_context()
    enter(context, server)
    kept = list(context.cookies())
    context.close()
    return kept


@pytest.fixture
def clerk(contexts: Open, cookies: list[Any]) -> BrowserContext:
    """A browser of the clerk's."""
    context = contexts()
    context.add_cookies(cookies)
    return context


def test_signed_out_the_page_gives_a_number_to_call_and_takes_a_request(contexts: Open) -> None:
    page = contexts().new_page()
    page.goto("/")
    duty = page.locator(".duty-card")
    expect(duty).to_contain_text("Lê Văn Thử")
    expect(duty.get_by_role("link")).to_have_attribute("href", "tel:02960000002")
    page.get_by_role("button", name="Xin liên kết mới").click()
    expect(page.get_by_role("alert")).to_contain_text("ghi đủ họ tên và số điện thoại")
    page.get_by_label("Họ và tên").fill(CLERK)
    page.get_by_label("Số điện thoại").fill("0296.000.0001")
    page.get_by_role("button", name="Xin liên kết mới").click()
    expect(page.get_by_role("status")).to_contain_text("Người trực sẽ gọi lại")


def test_a_link_is_spent_by_its_button_only_and_once(contexts: Open, server: Server) -> None:
    address = link(server)
    robot, mine, late = (contexts() for _ in range(3))
    for page in (robot.new_page(), mine.new_page()):
        page.goto(address)
        expect(page.locator("body")).to_contain_text(CLERK)
        expect(page.locator("body")).to_contain_text("Công chức Văn hóa - Xã hội xã Vàm Tre")
        assert not page.context.cookies()
    page.get_by_role("button", name="Vào", exact=True).click()
    page.wait_for_selector(".composer")
    expect(page.locator(".pane-name")).to_have_text(CLERK)
    (cookie,) = mine.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] in ("Lax", "Strict")
    refused = late.new_page()
    refused.goto(address)
    expect(refused.locator("body")).to_contain_text("Liên kết này đã dùng hoặc đã hết hạn")
    expect(refused.locator(".duty-card")).to_be_visible()
    expect(refused.get_by_role("button", name="Vào", exact=True)).to_have_count(0)


def test_nobody_reads_or_writes_as_another(contexts: Open, clerk: BrowserContext) -> None:
    stranger = contexts()
    for context, status in ((stranger, 401), (clerk, 403)):
        chat = f"/api/chats/{ANOTHER}"
        answers = [
            context.request.get(f"{chat}/messages"),
            context.request.get(f"/api/stream?persons={ANOTHER}&after=0"),
            context.request.post(
                f"{chat}/messages", headers=OURS, multipart={"client_id": "x", "text": "x"}
            ),
            context.request.post(
                f"{chat}/answers", headers=OURS, data={"client_id": "x", "prompt": 1, "n": 1}
            ),
        ]
        assert [answer.status for answer in answers] == [status] * 4
        assert "0296.000.0002" in answers[0].json()["error"], "the way on is a number to call"
    foreign = clerk.request.post("/api/sign-out", data={})
    assert foreign.status == 403, "a page of another site cannot act for him"


def test_the_board_is_for_those_signed_in(contexts: Open, clerk: BrowserContext) -> None:
    stranger = contexts()
    page = stranger.new_page()
    page.goto("/board")
    expect(page.locator("body")).to_contain_text("chỉ mở cho người đã vào bằng liên kết riêng")
    assert stranger.request.get("/api/board").status == 401
    page = clerk.new_page()
    page.goto("/")
    page.get_by_role("link", name="Bảng vụ việc").click()
    expect(page.locator("h1")).to_have_text("Bảng vụ việc")
    expect(page.locator(".board-at")).to_contain_text("Tính đến")


def test_no_script_runs_and_one_in_a_message_is_shown_as_typed(clerk: BrowserContext) -> None:
    typed = '<script>document.title = "x"</script><img src=x onerror=alert(1)>'
    page = clerk.new_page()
    answer = page.goto("/")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    phone = Phone(page).open()
    phone.says("Thí Dụ", typed)
    phone.hears("Thí Dụ", typed, sender="me")
    assert page.locator(".rows script, .rows .text img").count() == 0
    assert "Một Đầu Mối" in page.title()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_before_signing_in_fit_a_narrow_phone(
    contexts: Open, server: Server, scheme: str
) -> None:
    page = contexts(viewport={"width": 320, "height": 640}, color_scheme=scheme).new_page()
    for address, last in (("/", "Xin liên kết mới"), (link(server), "Vào")):
        page.goto(address)
        page.get_by_role("button", name=last, exact=True).wait_for()
        assert not faults(page), address


def test_signing_out_ends_the_session(contexts: Open, server: Server) -> None:
    context = contexts()
    page = enter(context, server)
    page.get_by_role("button", name="Danh mục việc").click()
    page.get_by_role("button", name="Thoát trên máy này").click()
    expect(page.locator(".duty-card")).to_be_visible()
    assert context.request.get("/api/chats/1/messages").status == 401
