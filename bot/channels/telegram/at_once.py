"""What comes in alone is handled in the thread that has taken it in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock

from bot.turn import AT_A_TIME, Batch
from bot.world import World
from storage.database import News

#: Handles updates that wait, in the calling thread; says whether more may wait.
Turns = Callable[[Batch], bool]


class AtOnce:
    """One for all who take in."""

    def __init__(self, world: World, turns: Turns | None) -> None:
        self._world = world
        self._turns = turns
        #: Held by the thread that is at it.
        self._hand = Lock()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """What is committed inside is handled by the same thread, in the same commit where that
        goes well, unless another one is at it: to wake somebody for it takes as long as half of
        the work itself."""
        if self._turns is None or not self._hand.acquire(blocking=False):
            yield
            return
        db, batch, more = self._world.db, Batch(self._world, AT_A_TIME), True
        try:
            with db.sees_to(News.UPDATES, batch.row):
                yield
        finally:
            # That nothing can be handled now is no fault of the taking in: it is tried again.
            with suppress(Exception):
                more = self._turns(batch)
            self._hand.release()
            if more:
                db.tell(News.UPDATES)
