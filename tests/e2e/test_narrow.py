"""The whole way on a small phone and on an ordinary one, with letters once and twice as large."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e import stops
from tests.e2e.conftest import Open, Start
from tests.e2e.fit import misfits
from tests.e2e.phone import Phone

pytestmark = pytest.mark.e2e
#: CSS pixels.
SIZES = pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844)])
#: The size of letters that a browser is set to; the second is 200 %.
LETTERS = (16, 32)


def phone_of(contexts: Open, width: int, height: int, address: str) -> BrowserContext:
    """A browser on a phone of this size."""
    size = {"width": width, "height": height}
    return contexts(viewport=size, reduced_motion="reduce", base_url=address)


def all_fits(page: Page, way: Iterable[str]) -> None:
    """Wherever the way stops, everything can be read and reached, in small and large letters."""
    browser = page.context.new_cdp_session(page)
    for stop in way:
        for size in reversed(LETTERS):
            letters: dict[str, Any] = {"fontSizes": {"standard": size}}
            browser.send("Page.setFontSizes", letters)
            assert not misfits(page), (stop, f"letters of {size}")


@SIZES
def test_everything_of_an_incident_can_be_read_and_reached(
    contexts: Open, start: Start, width: int, height: int
) -> None:
    page = phone_of(contexts, width, height, start().url).new_page()
    phone = Phone(page).open(intro=True)
    all_fits(page, chain(stops.first_incident(phone), stops.room(phone)))
    all_fits(page, stops.lists_and_texts(phone))
    all_fits(page, stops.board(phone))


@SIZES
def test_everything_before_signing_in_can_be_read_and_reached(
    contexts: Open, start: Start, width: int, height: int
) -> None:
    door = start(BOT_REHEARSAL="false")
    page = phone_of(contexts, width, height, door.url).new_page()
    all_fits(page, stops.before_signing_in(page, door))


def test_what_does_not_fit_is_found(contexts: Open) -> None:
    page = contexts(viewport={"width": 320, "height": 568}).new_page()
    page.goto("/board")
    page.locator(".board .empty").wait_for()
    assert not misfits(page)
    page.evaluate(
        """() => { const board = document.querySelector('.board');
        const low = document.createElement('button');
        low.textContent = 'x'; low.style.fontSize = '15px';
        const wide = document.createElement('p');
        wide.textContent = 'mot'.repeat(99); wide.style.whiteSpace = 'nowrap';
        wide.style.width = '600px';
        board.append(low, wide); }"""
    )
    assert set(misfits(page)) == {"scrolls sideways", "small letters", "cut words", "low"}
