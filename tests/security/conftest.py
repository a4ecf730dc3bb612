"""Fixtures of the outside: a web that is no rehearsal, and the province on Telegram."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.web.state import Web
from tests.bot.webtown import sample_world, web_over
from tests.telegram_town import TelegramTown


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """Not a rehearsal."""
    world = sample_world(tmp_path / "web", rehearsal=False)
    yield web_over(world)
    world.db.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[TelegramTown]:
    """The sample province on Telegram at 02:36, everybody linked, nothing open."""
    made = TelegramTown(tmp_path / "town")
    yield made
    made.close()
