"""Each write of the process may be its last: dead before the commit, or right behind it.

Random kills rarely meet the moment between two commits; here every one of them is a moment to
die in, on Telegram, where a message can be sent and not yet be marked.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from bot.drill.player import Player
from bot.drill.reading import script
from storage.database import Session
from tests.kills.killer import seed
from tests.kills.record import differences, undisturbed
from tests.telegram_drills import TelegramDoors
from tests.telegram_town import TelegramTown
from tests.town import ZONE

CODE = "VV-05"
#: The opening, the quick report and its receipt; the whole story in the long form.
STEPS = None if os.environ.get("MDM_KILL_BOTH") == "1" else 30
#: One write in so many is the last one.
ONE_IN = 6


class Died(BaseException):
    """The process is gone."""


class MortalTown(TelegramTown):
    """A province whose process dies at its writes, while it works."""

    def __init__(self, folder: Path, start: datetime, chance: random.Random) -> None:
        self.chance = chance
        self.works = False
        self.died: Counter[str] = Counter()
        super().__init__(folder, start)
        self._make_mortal()

    def _make_mortal(self) -> None:
        write = self.world.db.write

        def dies(work: Callable[[Session], Any], *how: Any) -> Any:
            fate = self.chance.randrange(2 * ONE_IN) if self.works else 2
            if fate == 0:
                self.died["before a commit"] += 1
                raise Died
            done = write(work, *how)
            if fate == 1:
                self.died["behind a commit"] += 1
                raise Died
            return done

        self.world.db.write = dies  # type: ignore[method-assign]

    def restart(self) -> None:
        """The next process on the same files."""
        super().restart()
        self._make_mortal()

    def settles(self) -> None:
        """Until it came to rest, in as many lives as that takes."""
        self._lives(super().settles)

    def until(self, moment: datetime) -> None:
        """The same for the clock."""
        self._lives(lambda: super(MortalTown, self).until(moment))

    def _lives(self, work: Callable[[], None]) -> None:
        outermost, self.works = not self.works, True
        try:
            while True:
                try:
                    work()
                except Died:
                    if not outermost:
                        raise
                    self.works = False
                    self.restart()
                    self.works = True
                else:
                    return
        finally:
            self.works = not outermost


def test_dead_at_any_write_nothing_is_lost_or_done_twice(tmp_path: Path) -> None:
    chosen = seed()
    played = script(CODE, ZONE)
    start = played.start - timedelta(minutes=1)
    town = MortalTown(tmp_path / "town", start, random.Random(chosen))
    try:
        player = Player(played, TelegramDoors(town))
        for _ in islice(player.play(), STEPS):
            pass
        print(f"MDM_KILL_SEED={chosen}: {dict(town.died)}")
        assert min(town.died["before a commit"], town.died["behind a commit"]) > 5
        assert differences(undisturbed(CODE, STEPS), tuple(town.journal(player.code))) == []
        town.holds()
    finally:
        town.close()
