"""Plays VV-01 and keeps a picture of the important rows: python -m tests.e2e.screenshots."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e import vv01
from tests.e2e.phone import CHROMIUM, FLAGS, PHONE, Phone
from tests.e2e.server import ROOT, Server

FOLDER = ROOT / "docs" / "screenshots"
MOST_BYTES = 150_000


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


def play(phone: Phone) -> None:
    """The whole story; a picture wherever it asks for one."""

    def shot(name: str) -> None:
        phone.page.wait_for_timeout(200)
        path = FOLDER / f"{name}.png"
        phone.page.screenshot(path=path)
        assert path.stat().st_size < MOST_BYTES, f"{path.name}: {path.stat().st_size} bytes"

    for part in vv01.PARTS:
        part(phone, shot)


if __name__ == "__main__":
    main()
