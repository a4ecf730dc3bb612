"""kill -9 at random during every second of the six incidents (two files for two workers)."""

from pathlib import Path

import pytest

from tests.botapi.driver import BotApi
from tests.kills.story import killed, plays

PLAYS = plays()[::2]


@pytest.mark.parametrize(("code", "channel"), PLAYS, ids=[f"{a}-{b}" for a, b in PLAYS])
def test_killed_at_random_nothing_is_lost_and_all_go_on_at_the_right_question(
    code: str, channel: str, tmp_path: Path, api: BotApi
) -> None:
    killed(code, channel, tmp_path / "data", api)
