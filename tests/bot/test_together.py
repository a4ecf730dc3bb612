"""Calls that wait at the same time share one round, and only whoever fails hears of it."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.together import Together
from storage.away import DatabaseAway


async def test_what_comes_while_a_round_runs_shares_the_next() -> None:
    rounds: list[list[int]] = []

    def work(ones: Sequence[int]) -> list[int]:
        rounds.append(list(ones))
        return [one * 10 for one in ones]

    together = Together(work)
    assert await asyncio.gather(*map(together, range(5))) == [0, 10, 20, 30, 40]
    assert await together(7) == 70
    assert rounds == [[0, 1, 2, 3, 4], [7]]


async def test_one_that_fails_is_alone_in_it() -> None:
    tried: list[list[int]] = []

    def work(ones: Sequence[int]) -> list[int]:
        tried.append(list(ones))
        if 2 in ones:
            raise ValueError("two")
        return list(ones)

    together = Together(work)
    made = await asyncio.gather(*map(together, (1, 2, 3)), return_exceptions=True)
    assert [made[0], made[2]] == [1, 3] and isinstance(made[1], ValueError)
    assert tried == [[1, 2, 3], [1], [2], [3]]


async def test_a_database_that_is_away_is_not_asked_again_for_each() -> None:
    tried: list[int] = []

    def work(ones: Sequence[int]) -> list[int]:
        tried.append(len(ones))
        raise DatabaseAway("locked")

    together = Together(work)
    made = await asyncio.gather(*map(together, range(4)), return_exceptions=True)
    assert [type(one) for one in made] == [DatabaseAway] * 4 and tried == [4]


async def test_nobody_else_suffers_when_one_does_not_wait_any_more() -> None:
    together = Together(lambda ones: list(ones), gathers=0.01)
    gone, stays = asyncio.create_task(together(1)), asyncio.create_task(together(2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == 2
    with pytest.raises(asyncio.CancelledError):
        await gone
