"""What has to be the same with and without kills: the facts of people, in their order."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.clock import tick
from bot.drill.player import Player
from bot.drill.reading import script
from procedure.codec import dump
from procedure.entries import Entry
from tests.drills import TownDoors, town_for
from tests.town import ZONE

#: The clock's own facts are left out: how often it rings depends on how far it is wound in one
#: go, and on the minutes that the process was dead. No fact of a person is left out.
BY_CLOCK = frozenset({"DutyRung", "DutyRungAhead", "RingUndelivered", "MeetingReminded"})
CLOCK = 0
#: Moments taken from the clock may differ by what a play takes.
APART = timedelta(minutes=5)


class Winding(TownDoors):
    """Time goes on in one go, as it is wound in a service."""

    def advance(self, to: datetime) -> None:
        """One tick at the moment itself."""
        if to > self.town.clock:
            self.town.clock = to.astimezone(UTC)
            tick(self.town.world)
            self.town.settles()


@cache
def undisturbed(code: str, steps: int | None = None) -> tuple[Entry, ...]:
    """The journal of a script that was played in this process without any kill, or its start."""
    played = script(code, ZONE)
    with TemporaryDirectory(prefix="motdaumoi-kills-") as folder:
        town = town_for(Path(folder) / "town", played)
        player = Player(played, Winding(town))
        for _ in islice(player.play(), steps):
            pass
        found = tuple(town.journal(player.code))
        town.close()
    return found


def of_people(entries: tuple[Entry, ...]) -> list[Entry]:
    """Without the facts of the clock; fails on one that BY_CLOCK does not name."""
    for one in entries:
        assert (one.actor == CLOCK) == (one.kind in BY_CLOCK), f"{one.kind} by {one.actor}"
    return [one for one in entries if one.kind not in BY_CLOCK]


def differences(wanted: tuple[Entry, ...], found: tuple[Entry, ...]) -> list[str]:
    """Where two journals tell another story: kind, actor, data; moments within APART."""
    left, right = of_people(wanted), of_people(found)
    told = [f"{one.kind} by {one.actor}" for one in left]
    seen = [f"{one.kind} by {one.actor}" for one in right]
    if told != seen:
        pairs = zip([*told, "-"], [*seen, "-"], strict=False)
        apart = [f"{n}: {one} / {other}" for n, (one, other) in enumerate(pairs) if one != other]
        return [f"{len(told)} facts / {len(seen)}", *apart[:5]]
    return [
        f"{one.kind} {where}"
        for one, other in zip(left, right, strict=True)
        for where in unlike(_data(one, left), _data(other, right))
    ]


def _data(entry: Entry, people: list[Entry]) -> Any:
    """A fact's data; a timeline names entries, counted here among those of people."""
    data = dump(entry.fact)
    if "timeline" in data:
        places = {one.seq: n for n, one in enumerate(people)}
        data["timeline"] = [places[seq] for seq in data["timeline"] if seq in places]
    return data


def unlike(one: Any, other: Any, where: str = "") -> Iterator[str]:
    """The places at which two pieces of data differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        # A photo of Telegram comes without its name; the bytes are told apart by their hash.
        for key in one.keys() - ({"name"} if "sha256" in one else set()):
            yield from unlike(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for n, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from unlike(left, right, f"{where}[{n}]")
    elif one != other and not _near(one, other):
        yield f"{where}: {one!r} / {other!r}"


def _near(one: Any, other: Any) -> bool:
    try:
        return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) <= APART
    except (TypeError, ValueError):
        return False
