"""Death at every named point, one after another, in the midst of the work."""

import os
from collections.abc import Sequence
from pathlib import Path

from bot.channels.telegram.send import IN_FLIGHT
from tests.botapi.driver import BotApi
from tests.faults.oracle import Verdict
from tests.faults.points import POINTS, passed
from tests.faults.storm import SEED, Storm

#: The long form: every point, and more of everything.
ALL = os.environ.get("MDM_FAULTS") == "all"


def of_this_run(points: Sequence[str]) -> list[str]:
    """A third of the points, by the seed; all with MDM_FAULTS=all (`make soak` takes all)."""
    if ALL:
        return list(points)
    return list(points)[SEED % 3 :: 3]


def dies_at_each(folder: Path, points: Sequence[str], at_random: int = 0) -> None:
    """Dies once at each point, and so often at any moment, and is judged in the end.

    Fails on a point that nothing reaches.
    """
    with BotApi() as api:
        storm = Storm(folder, api, SEED, crowd=4, reports=0.5)
        try:
            storm.begin()
            for point in points:
                storm.dies_at(point, storm.chance.choice((1, 1, 2)) if point in _OFTEN else 1)
            for _ in range(at_random):
                storm.goes_on(storm.chance.uniform(0.2, 2.0))
                storm.kill()
            storm.until(lambda: storm.deaths >= len(points) + at_random, "the last death")
            storm.rest()
            storm.service.stop()
            verdict = Verdict(storm)
            print(f"MDM_KILL_SEED={SEED}: {verdict.figures()}")
            assert verdict.faults == [], "; ".join(verdict.faults)
            # No more than is on its way at a time can be repeated by one death.
            assert max(storm.windows) <= IN_FLIGHT
            assert all(passed(storm.service.desk)[point] for point in points)
        finally:
            storm.close()


#: Those of the rooms and of the clock are passed too seldom to wait for a second time.
_OFTEN = [one for one in POINTS if one.partition("_")[0] in ("accept", "turn", "send", "updates")]
