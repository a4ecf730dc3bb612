"""axe-core finds nothing on any page: WCAG 2.2 A and AA, and what it calls best practice."""

from itertools import chain
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e import stops
from tests.e2e.conftest import Open, Start
from tests.e2e.phone import Phone

pytestmark = pytest.mark.e2e
SIZES = pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844)])
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags},
  resultTypes: ['violations']}).then((found) => found.violations.map((one) =>
    [one.id, one.help, ...one.nodes.map((node) => node.html.slice(0, 160))]))"""


def violations(page: Page, axe: str) -> dict[str, Any]:
    """What axe finds on the page as it stands, in light and in dark; scheme by scheme."""
    found = {}
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(axe)
        found[scheme] = page.evaluate(_RUN, _TAGS)
    return {scheme: what for scheme, what in found.items() if what}


@SIZES
def test_axe_finds_nothing_on_the_way_of_an_incident(
    contexts: Open, start: Start, axe: str, width: int, height: int
) -> None:
    size = {"width": width, "height": height}
    # Without transitions: a colour on its way is no colour to judge.
    context = contexts(viewport=size, reduced_motion="reduce", base_url=start().url)
    phone = Phone(context.new_page()).open(intro=True)
    way = chain(
        stops.first_incident(phone),
        stops.room(phone),
        stops.lists_and_texts(phone),
        stops.board(phone),
    )
    for stop in way:
        assert not violations(phone.page, axe), stop


@SIZES
def test_axe_finds_nothing_before_signing_in(
    contexts: Open, start: Start, axe: str, width: int, height: int
) -> None:
    door = start(BOT_REHEARSAL="false")
    size = {"width": width, "height": height}
    page = contexts(viewport=size, reduced_motion="reduce", base_url=door.url).new_page()
    for stop in stops.before_signing_in(page, door):
        assert not violations(page, axe), stop


def test_axe_does_find_what_is_wrong(contexts: Open, server: Any, axe: str) -> None:
    page = contexts().new_page()
    page.goto("/board")
    page.locator(".board .empty").wait_for()
    page.evaluate("() => document.querySelector('.board').append(document.createElement('button'))")
    assert [one[0] for one in violations(page, axe)["light"]] == ["button-name"]
