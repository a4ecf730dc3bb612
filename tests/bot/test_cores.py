"""The service keeps to one core, the calmest, and lets go of it at its end (bot/cores.py)."""

import asyncio
import os
import threading
from dataclasses import replace

import pytest

from bot.cores import Core, Seen, calmer, seen

HERE = frozenset(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("busy", "ours", "wanted"),
    [
        ({0: 0.0, 1: 0.0}, 0.0, 0),
        ({0: 9.0, 1: 1.0}, 9.0, 0),  # All of it is our own work.
        ({0: 9.5, 1: 0.0}, 4.5, 1),  # Half of it is somebody else's.
        ({0: 9.5, 1: 9.9}, 4.5, 0),  # There it is no better.
        ({0: 3.0, 1: 1.0}, 0.5, 0),  # Not worth the way.
        ({0: 9.0, 1: 2.0, 2: 1.0}, 1.0, 2),
        ({1: 0.0}, 0.0, 0),  # Nothing is said of ours.
    ],
)
def test_it_moves_only_to_a_core_that_others_use_clearly_less(
    busy: dict[int, float], ours: float, wanted: int
) -> None:
    before = Seen(100.0, dict.fromkeys(busy, 50.0), 7.0)
    now = Seen(110.0, {one: 50.0 + more for one, more in busy.items()}, 7.0 + ours)
    assert calmer(0, before, now) == wanted


def test_what_was_looked_at_twice_in_one_moment_says_nothing() -> None:
    before = Seen(100.0, {0: 5.0, 1: 5.0}, 1.0)
    assert calmer(0, before, replace(before, busy={0: 9.0, 1: 5.0})) == 0


def test_the_machine_says_how_busy_its_cores_are() -> None:
    found = seen(HERE)
    assert set(found.busy) == HERE
    assert all(one > 0 for one in found.busy.values()) and found.ours > 0


def _allowed() -> set[int]:
    """What a thread may use that is started now."""
    found: list[set[int]] = []
    thread = threading.Thread(target=lambda: found.append(os.sched_getaffinity(0)))
    thread.start()
    thread.join()
    return found[0]


async def test_every_thread_keeps_to_it_and_is_free_again_afterwards() -> None:
    kept = Core()
    task = asyncio.create_task(kept.keep())
    await asyncio.sleep(0)
    try:
        # Of a single core there is nothing to be chosen.
        assert (kept.held in HERE) is (len(HERE) > 1)
        assert os.sched_getaffinity(0) == _allowed() == ({kept.held} if len(HERE) > 1 else HERE)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert os.sched_getaffinity(0) == _allowed() == set(HERE)


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> list[set[int]]:
    """A machine of two cores, whatever this one has; which of them were to be used."""
    used: list[set[int]] = []
    monkeypatch.setattr("bot.cores._given", lambda: {0, 1})
    monkeypatch.setattr("bot.cores._let", lambda cores: used.append(set(cores)))
    return used


async def test_it_follows_to_a_calmer_core(
    two_cores: list[set[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, looks = 0, [0]

    def told(among: frozenset[int]) -> Seen:
        looks[0] += 1
        busy = {one: 9.0 * looks[0] if one == here else 0.0 for one in among}
        return Seen(10.0 * looks[0], busy, 0.0)

    monkeypatch.setattr("bot.cores.seen", told)
    monkeypatch.setattr("bot.cores.random.uniform", lambda *_: 0.0)
    monkeypatch.setattr("bot.cores.random.choice", min)
    kept = Core()
    task = asyncio.create_task(kept.keep())
    while looks[0] < 5:
        await asyncio.sleep(0)
    assert kept.held == 1
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert two_cores == [{0}, {1}, {0, 1}]


async def test_where_nobody_may_choose_all_cores_are_used(
    two_cores: list[set[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("bot.cores._let", refused)
    kept = Core()
    await asyncio.wait_for(kept.keep(), 1)
    assert kept.held is None


async def test_where_nothing_is_said_of_the_cores_it_stays(
    two_cores: list[set[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def hidden(_: object) -> Seen:
        raise FileNotFoundError

    monkeypatch.setattr("bot.cores.seen", hidden)
    kept = Core()
    task = asyncio.create_task(kept.keep())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert kept.held is not None and not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
