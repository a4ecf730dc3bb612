"""VV-01 from the first photos to the result report, by six people, on a phone of 390×844."""

from datetime import datetime

import pytest
from playwright.sync_api import Page

from tests.e2e import vv01
from tests.e2e.conftest import Open
from tests.e2e.phone import Phone

pytestmark = pytest.mark.e2e

_RINGS = """() => [...document.querySelectorAll('.row.bot')]
  .filter((row) => row.querySelector('.mark'))
  .map((row) => row.querySelector('time').dateTime)"""


def rings(page: Page) -> list[datetime]:
    """When the chat on the screen rang."""
    return [datetime.fromisoformat(at) for at in page.evaluate(_RINGS)]


def test_six_people_click_vv_01_through_to_the_result_report(contexts: Open) -> None:
    phone = Phone(contexts().new_page()).open(intro=True)
    for part in vv01.PARTS:
        part(phone, lambda name: None)
    phone.be(vv01.CHAIRMAN)
    night = [at for at in rings(phone.page) if at.hour < 6]
    assert len(night) <= 3, night
    assert phone.seqs() == phone.told(), "the page shows every message once, in order"
