"""axe-core finds nothing on any page: WCAG 2.2 A and AA, and what it calls best practice."""

from itertools import chain, product
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e import stops
from tests.e2e.conftest import Open, Start
from tests.e2e.phone import Phone

pytestmark = pytest.mark.e2e
#: The page is walked at the first size and judged at both.
WALKED, NARROW = {"width": 390, "height": 844}, {"width": 320, "height": 568}
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags},
  resultTypes: ['violations']}).then((found) => found.violations.map((one) =>
    [one.id, one.help, ...one.nodes.map((node) => node.html.slice(0, 160))]))"""


def violations(page: Page, axe: str) -> dict[str, Any]:
    """What axe finds on the page as it stands, narrow and wide, in light and in dark."""
    found = {}
    for size, scheme in product((NARROW, WALKED), ("dark", "light")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(axe)
        found[f"{scheme} {size['width']}"] = page.evaluate(_RUN, _TAGS)
    return {seen: what for seen, what in found.items() if what}


def test_axe_finds_nothing_on_the_way_of_an_incident(
    contexts: Open, start: Start, axe: str
) -> None:
    # Without transitions: a colour on its way is no colour to judge.
    context = contexts(viewport=WALKED, reduced_motion="reduce", base_url=start().url)
    phone = Phone(context.new_page()).open(intro=True)
    way = chain(
        stops.first_incident(phone),
        stops.room(phone),
        stops.lists_and_texts(phone),
        stops.board(phone),
    )
    for stop in way:
        assert not violations(phone.page, axe), stop


def test_axe_finds_nothing_before_signing_in(contexts: Open, start: Start, axe: str) -> None:
    door = start(BOT_REHEARSAL="false")
    page = contexts(viewport=WALKED, reduced_motion="reduce", base_url=door.url).new_page()
    for stop in stops.before_signing_in(page, door):
        assert not violations(page, axe), stop


def test_axe_does_find_what_is_wrong(contexts: Open, server: Any, axe: str) -> None:
    page = contexts().new_page()
    page.goto("/board")
    page.locator(".board .empty").wait_for()
    page.evaluate("() => document.querySelector('.board').append(document.createElement('button'))")
    assert [one[0] for one in violations(page, axe)["light 390"]] == ["button-name"]
