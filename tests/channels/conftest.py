"""The province on Telegram, bare."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.telegram_town import TelegramTown


@pytest.fixture
def town(tmp_path: Path) -> Iterator[TelegramTown]:
    """The sample province on Telegram at 02:36, everybody linked, nothing open."""
    made = TelegramTown(tmp_path / "town")
    yield made
    made.close()


@pytest.fixture
def door(tmp_path: Path) -> Iterator[TelegramTown]:
    """The same with nobody's account linked."""
    made = TelegramTown(tmp_path / "town", linked=False)
    yield made
    made.close()
