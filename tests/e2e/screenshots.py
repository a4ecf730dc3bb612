"""Plays VV-01 and keeps a picture of the important rows: python -m tests.e2e.screenshots."""

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.e2e import rooms, stops, vv01
from tests.e2e.phone import CHROMIUM, FLAGS, PHONE, Phone
from tests.e2e.server import ROOT, Server
from tests.e2e.vv01 import CLERK

FOLDER = ROOT / "docs" / "screenshots"
MOST_BYTES = 150_000
DESK: Any = {"width": 1280, "height": 800}
HEAD, DEPUTY, OFFICE, ADMIN = "Ví Dụ", "Dự Phòng", "Bản Sao", "Thử Nghiệm"
ROOM_STOPS = {"room": "room", "card of the room": "room-card", "members": "room-members"}


def main() -> None:
    """Writes docs/screenshots anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder)).start()
        try:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
            page = browser.new_context(**PHONE, base_url=server.url).new_page()
            play(Phone(page).open(intro=True))
            browser.close()
        finally:
            server.stop()
    picture_rooms()
    picture_people()


def picture_people() -> None:
    """Who acts for whom, who is on duty, and what a unit lacks."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder)).start()
        try:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
            phone = Phone(browser.new_context(**PHONE, base_url=server.url).new_page()).open()
            phone.answers(HEAD, "/vangmat", "Ghi vắng mặt", "Từ bây giờ", "17:00 14/10")
            phone.answers(HEAD, "dự phòng", "Đúng, nhờ thay")
            phone.be(DEPUTY)
            keep(phone.page, "absence")
            phone.answers(OFFICE, "/truc", "Xếp lịch tuần", "T2-T6: thi du\nT7: mo phong")
            phone.answers(OFFICE, "Đúng, ghi lại", "/truc")
            keep(phone.page, "roster")
            phone.says(ADMIN, "/donvi ubnd xã vàm tre")
            keep(phone.page, "unit")
            browser.close()
        finally:
            server.stop()


def picture_rooms() -> None:
    """The room of an incident, on a phone, and at the desk of somebody signed in."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder)).start()
        try:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
            phone = Phone(browser.new_context(**PHONE, base_url=server.url).new_page()).open()
            rooms.reported(phone)
            for stop in stops.room(phone):
                if stop in ROOM_STOPS:
                    keep(phone.page, ROOM_STOPS[stop])
            server.stop()
            server = Server(Path(folder), BOT_REHEARSAL="false").start()
            desk = browser.new_context(viewport=DESK, base_url=server.url).new_page()
            desk.goto(stops.invitation(server, "Võ Thị Thí Dụ"))
            desk.get_by_role("button", name="Vào", exact=True).click()
            desk.wait_for_selector(".composer")
            rooms.enter(Phone(desk).open(), CLERK)
            keep(desk, "room-desk")
            browser.close()
        finally:
            server.stop()


def play(phone: Phone) -> None:
    """The whole story; a picture wherever it asks for one."""

    for part in vv01.PARTS:
        part(phone, lambda name: keep(phone.page, name))


def keep(page: Page, name: str) -> None:
    """One picture, once what moves has come to rest."""
    page.wait_for_timeout(200)
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    assert path.stat().st_size < MOST_BYTES, f"{path.name}: {path.stat().st_size} bytes"


if __name__ == "__main__":
    main()
