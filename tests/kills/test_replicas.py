"""Two replicas on PostgreSQL, killed in turn: nothing lost, nothing twice, the other takes over."""

from pathlib import Path

import pytest

from tests.botapi.driver import BotApi
from tests.kills.play import Play
from tests.kills.replicas import Replicas
from tests.kills.story import KILLS, SEED, holds

pytestmark = pytest.mark.postgresql


class Shared(Play):
    """Played on two replicas."""

    runs = Replicas


def test_whichever_replica_dies_the_incident_goes_on_at_the_right_question(
    tmp_path: Path, api: BotApi
) -> None:
    play = Shared(tmp_path / "data", "VV-05", SEED, KILLS, api)
    try:
        play.run()
        found = play.found()
    finally:
        play.close()
    assert play.killer.count >= KILLS
    holds(found, "VV-05", play.killer.count)
