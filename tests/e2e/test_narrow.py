"""The whole way on a small phone and an ordinary one, with letters as they are and twice as large."""

from itertools import chain

import pytest
from playwright.sync_api import Page

from tests.e2e import stops
from tests.e2e.conftest import Open, Start
from tests.e2e.fit import misfits
from tests.e2e.phone import Phone

pytestmark = pytest.mark.e2e
#: Width and height in CSS pixels; how many times larger than usual the letters are.
PHONES = pytest.mark.parametrize(
    ("width", "height", "larger"),
    [(320, 568, 1), (390, 844, 1), (390, 844, 2), (320, 568, 2)],
)
_LETTERS = 16


def screen(contexts: Open, width: int, height: int, larger: int, address: str) -> Page:
    """A page on a phone of this size, with letters as its owner has set them."""
    size = {"width": width, "height": height}
    context = contexts(viewport=size, reduced_motion="reduce", base_url=address)
    page = context.new_page()
    letters = {"fontSizes": {"standard": _LETTERS * larger}}
    context.new_cdp_session(page).send("Page.setFontSizes", letters)
    return page


@PHONES
def test_everything_of_an_incident_can_be_read_and_reached(
    contexts: Open, start: Start, width: int, height: int, larger: int
) -> None:
    page = screen(contexts, width, height, larger, start().url)
    phone = Phone(page).open(intro=True)
    way = chain(stops.first_incident(phone), stops.lists_and_texts(phone), stops.board(phone))
    for stop in way:
        assert not misfits(page), stop


@PHONES
def test_everything_before_signing_in_can_be_read_and_reached(
    contexts: Open, start: Start, width: int, height: int, larger: int
) -> None:
    door = start(BOT_REHEARSAL="false")
    page = screen(contexts, width, height, larger, door.url)
    for stop in stops.before_signing_in(page, door):
        assert not misfits(page), stop
