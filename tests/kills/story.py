"""kill -9 at random during each of the six incidents, on both channels.

`MDM_KILL_SEED` repeats a run, `MDM_KILLS` says how often each play is killed. The short form
plays one incident on the web and another on Telegram, by the seed; `MDM_KILL_BOTH=1` plays all
six on both (`make kills`).
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from bot.drill.reading import codes
from tests.botapi.driver import BotApi
from tests.kills.killer import seed
from tests.kills.play import Found, Play
from tests.kills.record import differences, undisturbed

SEED = seed()
KILLS = int(os.environ.get("MDM_KILLS") or 2)
BOTH = os.environ.get("MDM_KILL_BOTH") == "1"
CHANNELS = ("web", "telegram")


def plays() -> list[tuple[str, str]]:
    """Every incident with its channel, or with both."""
    if BOTH:
        return [(code, channel) for code in codes() for channel in CHANNELS]
    # From one seed to the next other incidents are played, and each on the other channel too.
    known = codes()
    return [(known[(SEED + 3 * n) % len(known)], channel) for n, channel in enumerate(CHANNELS)]


@contextlib.contextmanager
def played(folder: Path, code: str, kills: int, api: BotApi | None) -> Iterator[Play]:
    play = Play(folder, code, SEED, kills, api)
    try:
        play.run()
        yield play
    finally:
        print(f"MDM_KILL_SEED={SEED}: {code}, {play.killer.count} kills: {play.killer.died}")
        play.close()


def holds(found: Found, code: str, kills: int) -> None:
    """Everything that has to be so after any play."""
    assert differences(undisturbed(code), found.entries) == []
    assert found.faults == []
    assert found.unhandled == []
    assert found.unsent == []
    assert found.missing == [], "marked as sent, and nobody has it on his screen"
    # Several chats are written to at a time: in each the one message on its way may come twice.
    assert all(count <= kills for count in found.repeated.values()), found.repeated


def killed(code: str, channel: str, folder: Path, api: BotApi) -> None:
    """Plays an incident over a channel, killing the service on the way; all has to hold."""
    over = api if channel == "telegram" else None
    with played(folder, code, KILLS, over) as play:
        found = play.found()
    assert play.killer.count >= KILLS
    holds(found, code, play.killer.count)
