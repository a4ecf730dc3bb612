"""Two replicas of the service on one database: one leads, the other stands by."""

import itertools
from pathlib import Path

from tests.kills.service import Service


class Replicas(Service):
    """As one service: people reach whichever lives; a kill takes them in turn, the leader first."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.both = [Service(folder, name=f"replica-{n}", **settings) for n in (1, 2)]
        self._next = itertools.cycle(self.both)
        self._dead: list[Service] = []
        first = self.both[0]
        self.folder, self.database, self.log = first.folder, first.database, first.log

    @property
    def url(self) -> str:  # type: ignore[override]  # moves to the one that lives
        """Where the page is now."""
        living = [one for one in self.both if one not in self._dead]
        return (living or self.both)[-1].url

    def launch(self) -> None:
        """Begins both, or the one that has died."""
        for one in self._dead or self.both:
            one.launch()
        self._dead.clear()

    def kill(self) -> None:
        """One of them, and the next time the other."""
        dying = next(self._next)
        dying.kill()
        self._dead.append(dying)

    def stop(self) -> None:
        """Ends both calmly."""
        for one in self.both:
            one.stop()

    def waits(self) -> None:
        """Until both serve."""
        for one in self.both:
            one.waits()
