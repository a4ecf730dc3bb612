"""The Bot API server of a play on Telegram."""

from collections.abc import Iterator

import pytest

from tests.botapi.driver import BotApi


@pytest.fixture
def api() -> Iterator[BotApi]:
    """A server of its own for each play."""
    with BotApi() as made:
        yield made
