"""The database's server goes away in the midst of the work and comes back; nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.botapi.driver import BotApi
from tests.faults import outages
from tests.faults.crash import ALL
from tests.faults.storm import SEED, Storm
from tests.postgres_server import OwnServer

pytestmark = pytest.mark.postgresql

TIMES, AWAY = (6, 8.0) if ALL else (2, 1.5)


@pytest.fixture
def server() -> Iterator[OwnServer]:
    """One that nobody else is on."""
    made = OwnServer()
    yield made
    made.close()


def test_a_server_that_crashes_and_comes_back_loses_nothing(
    tmp_path: Path, server: OwnServer
) -> None:
    databases.begin_at(tmp_path / "data", server.uri)
    with BotApi() as api:
        life = {"constants": outages.HASTE}
        storm = Storm(tmp_path, api, SEED, crowd=4, life=life, think=(0.2, 0.6), reports=0.2)
        try:
            storm.begin()
            for _ in range(TIMES):
                storm.goes_on(1.0)
                outages.server_away(storm, server, AWAY)
                outages.recovers(storm)
            outages.server_away_at_the_start(storm, server, AWAY)
            outages.recovers(storm)
            outages.ends_well(storm)
        finally:
            storm.close()
