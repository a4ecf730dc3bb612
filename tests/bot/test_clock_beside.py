"""What is done beside the ringing may fail; the tick goes on to what stands behind it."""

from pathlib import Path

import pytest

from bot import clock
from bot.world import World
from storage.away import DatabaseAway
from tests.bot.webtown import sample_world


def fails(world: World) -> int:
    """An error of ours."""
    raise RuntimeError("broken")


def away(world: World) -> int:
    """The database is not there."""
    raise DatabaseAway


def test_what_fails_beside_it_keeps_nothing_else_of_a_tick_from_going_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, done = sample_world(tmp_path), []
    world.strict = False
    monkeypatch.setattr(clock, "watch", fails)
    monkeypatch.setattr(clock, "ask_heads", lambda world: done.append("asked"))
    monkeypatch.setattr(clock, "release", lambda world: done.append("released"))
    clock.tick(world)
    assert done == ["asked", "released"]
    monkeypatch.setattr(clock, "watch", away)
    with pytest.raises(DatabaseAway):
        clock.tick(world)
    world.db.close()
