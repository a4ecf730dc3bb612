"""A desk to read answers at: the sample organisation, its words, and a fixed time."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.stage import Stage
from handlers.look import Desk
from storage.database import Session
from tests.town import ZONE, Town

#: 09:00 on Monday 12 October 2026, at home.
NINE = datetime(2026, 10, 12, 9, 0, tzinfo=ZONE).astimezone(UTC)


@pytest.fixture(scope="session")
def whole_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Thí Dụ's desk about no incident; its look is closed."""
    town = Town(tmp_path_factory.mktemp("desk"))

    def work(session: Session) -> Desk:
        return Stage(town.world, session, NINE, "web").desk(1, None, {})

    made = town.world.db.read(work)
    town.close()
    return made


@pytest.fixture
def desk(whole_desk: Desk) -> Desk:
    """The same, with arguments of its own."""
    return replace(whole_desk, args={})
