"""What comes in alone is handled in the thread that has taken it in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock

from storage.database import Database, News

#: Handles updates that wait, in the calling thread; says whether more may wait.
Turns = Callable[[], bool]


class AtOnce:
    """One for all who take in."""

    def __init__(self, db: Database, turns: Turns | None) -> None:
        self._db = db
        self._turns = turns
        #: Held by the thread that is at it.
        self._hand = Lock()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """What is committed inside is handled afterwards by the same thread, unless another one is
        at it: to wake somebody for it takes as long as half of the work itself."""
        if self._turns is None or not self._hand.acquire(blocking=False):
            yield
            return
        more = True
        try:
            with self._db.sees_to(News.UPDATES):
                yield
            # That nothing can be handled now is no fault of the taking in: it is tried again.
            with suppress(Exception):
                more = self._turns()
        finally:
            self._hand.release()
            if more:
                self._db.tell(News.UPDATES)
