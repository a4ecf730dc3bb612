"""Wakes the open streams after every commit and knows which prompts have changed lately."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Iterator

import structlog

from bot.world import World
from storage import pages
from storage.chats import SENT
from storage.database import News, Session
from storage.pages import Status

log = structlog.get_logger()
#: A page reads its chats, then opens its stream: changes in between are told again.
LOOK_BACK = 60.0
#: While nobody looks at a page, the prompts are compared this often at most.
_UNSEEN_EVERY = 20.0
_BREATH = 0.02
_MOST_WATCHED = 5000
_LOG_LENGTH = 20_000


class Hub:
    """One per process. `notify` may be called from any thread; all else belongs to the loop."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._streams: set[asyncio.Event] = set()
        self._log: deque[tuple[int, float, int]] = deque(maxlen=_LOG_LENGTH)
        self._number = 0
        self._watched: dict[int, Status] = {}
        self._newest = 0
        self._erased: list[int] = []
        self._first = True
        self._looking = threading.Lock()

    def notify(self, news: News = News.ALL) -> None:
        """Something was committed; no page shows what only waits to be handled."""
        loop = self._loop
        if loop is not None and news & News.REST:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._woken.set)

    def stop(self) -> None:
        """Every stream ends."""
        self.stopping = True
        self._woken.set()
        for signal in self._streams:
            signal.set()

    async def run(self) -> None:
        """Looks after each commit what has changed, then wakes the streams."""
        self._loop = asyncio.get_running_loop()
        self._woken.set()
        looked = -_UNSEEN_EVERY
        while not self.stopping:
            await self._woken.wait()
            self._woken.clear()
            if self._streams or self._loop.time() - looked >= _UNSEEN_EVERY:
                looked = self._loop.time()
                await self._look_once()
            for signal in self._streams:
                signal.set()
            await asyncio.sleep(_BREATH)

    async def _look_once(self) -> None:
        try:
            self.record(await asyncio.to_thread(self.look))
        except Exception:
            log.exception("look_failed")
            await asyncio.sleep(1.0)
            self._woken.set()

    def record(self, changed: list[int]) -> None:
        """Puts changed prompts into the log that the streams read."""
        at = asyncio.get_running_loop().time()
        for id in changed:
            self._number += 1
            self._log.append((self._number, at, id))

    def look(self) -> list[int]:
        """The prompts closed since the last look or with fewer buttons, and the lines that were
        erased. Reads the database."""
        with self._looking:
            return self.world.db.read(self._look)

    def _look(self, session: Session) -> list[int]:
        if self._first:
            self._newest = pages.last_message(session)
            ids = pages.open_prompt_ids(session, _MOST_WATCHED)
            self._watched = pages.statuses(session, ids, self._newest)
            self._erased = pages.erased(session)
            self._first = False
            return []
        newest = pages.last_message(session)
        found = pages.statuses(session, self._watched.keys(), self._newest)
        changed = [
            id
            for id, status in found.items()
            if status[2] == SENT and _less(status, self._watched.get(id))
        ]
        before, self._erased = self._erased, pages.erased(session)
        if self._erased != before:
            changed += self._erased
        self._newest = newest
        open_now = {id: status for id, status in found.items() if not _closed(status)}
        self._watched = dict(sorted(open_now.items())[-_MOST_WATCHED:])
        return sorted(set(changed))

    @contextlib.contextmanager
    def joined(self) -> Iterator[asyncio.Event]:
        """The signal of one stream, for as long as it is open."""
        signal = asyncio.Event()
        if self.stopping:
            signal.set()
        self._streams.add(signal)
        self._woken.set()
        try:
            yield signal
        finally:
            self._streams.discard(signal)

    @property
    def open_streams(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    def start(self) -> int:
        """Where a new stream begins to read the log of changes."""
        since = asyncio.get_running_loop().time() - LOOK_BACK
        return next((number - 1 for number, at, _ in self._log if at >= since), self._number)

    def changed_since(self, number: int) -> tuple[int, list[int]]:
        """The end of the log and the prompts that changed behind `number`."""
        return self._number, [id for at, _, id in self._log if at > number]


def _closed(status: Status | None) -> bool:
    return status is not None and (status[0] is not None or status[1])


def _less(status: Status, before: Status | None) -> bool:
    """Whether buttons of a prompt have gone since it was looked at, all of them or some."""
    if _closed(status):
        return before != status
    return status[3] != (before[3] if before else "[]")
