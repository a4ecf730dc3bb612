"""Calls that come while the last round still runs share the next one: one thread, one commit."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from storage.away import is_away

A = TypeVar("A")
R = TypeVar("R")


class Together(Generic[A, R]):
    """`work` does several at once, in a thread, and gives one result for each in their order.

    Where a round fails, each of it is done again alone, and only whoever fails hears of it; so
    `work` does all or nothing, and the same thing twice harms nobody. That the database is away
    is everybody's fault. Each round `gathers` so many seconds before it begins.
    """

    def __init__(self, work: Callable[[Sequence[A]], Sequence[R]], gathers: float = 0.0) -> None:
        self._work = work
        self._gathers = gathers
        self._waiting: list[tuple[A, asyncio.Future[R]]] = []
        self._rounds: asyncio.Task[None] | None = None

    async def __call__(self, one: A) -> R:
        """What `work` makes of one; raises what it raises for it."""
        made: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, made))
        if self._rounds is None or self._rounds.done():
            self._rounds = asyncio.create_task(self._run())
        return await made

    async def _run(self) -> None:
        while self._waiting:
            if self._gathers:
                await asyncio.sleep(self._gathers)
            some, self._waiting = self._waiting, []
            found = await asyncio.to_thread(self._done, [one for one, _ in some])
            for (_, made), result in zip(some, found, strict=True):
                if made.done():
                    continue  # Nobody waits for it any more.
                if isinstance(result, BaseException):
                    made.set_exception(result)
                else:
                    made.set_result(result)

    def _done(self, ones: Sequence[A]) -> Sequence[R | BaseException]:
        """In the thread."""
        try:
            return self._work(ones)
        except BaseException as error:
            if len(ones) == 1 or is_away(error) or not isinstance(error, Exception):
                return [error] * len(ones)
        return [self._done([one])[0] for one in ones]
