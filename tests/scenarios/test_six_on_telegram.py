"""The six sample incidents on Telegram, over HTTP, beside the same six on the web.

The scripts say what people hear when their pages stand open; on Telegram the same is heard, and
the journals are the same to the byte but for the channel and for ids of the outside.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.drill.reading import codes, script
from procedure.codec import canonical, dump
from procedure.entries import Entry
from tests.drills import Telling, town_for
from tests.telegram_drills import TelegramDoors, telegram_town_for
from tests.telegram_town import TelegramTown
from tests.town import ZONE, Town

#: Which rows of the duty table a script proves on Telegram too.
PROVES = {
    "VV-01": ("T20", "T25"),
    "VV-02": ("T27",),
    "VV-03": ("T5", "T17"),
    "VV-04": ("T20",),
    "VV-05": ("T5", "T17"),
    "VV-06": ("T16",),
}
#: The journals of these are compared with those of the web.
COMPARED = frozenset({"VV-01", "VV-05"})


def scripts() -> list[object]:
    """Every script that is there, with its duty rows."""
    return [pytest.param(one, marks=pytest.mark.duty(*PROVES.get(one, ()))) for one in codes()]


class OnTelegram:
    """A script played to its end on Telegram."""

    def __init__(self, code: str, folder: Path) -> None:
        self.code = code
        self.script = script(code, ZONE)
        self.town: TelegramTown = telegram_town_for(folder, self.script)
        self.telling = Telling(self.town, self.script, doors=TelegramDoors(self.town))
        self.faults = self.telling.faults()


@pytest.fixture(scope="module", params=scripts())
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OnTelegram]:
    made = OnTelegram(request.param, tmp_path_factory.mktemp("telegram"))
    yield made
    made.town.close()


def test_nobody_hears_anything_but_what_the_script_says(played: OnTelegram) -> None:
    assert not played.faults, "\n".join(played.faults)


def test_what_was_told_stands_on_somebody_s_screen(played: OnTelegram) -> None:
    town = played.town
    people = town.world.db.read(town.world.organisation).people
    for person in people:
        told = [
            row.text
            for row in town.thread(person)
            if row.sender == "bot" and row.state == "sent" and row.origin is None
        ]
        shown = "\n".join(town.screen(person))
        assert [text for text in told if text.splitlines()[0] not in shown] == []


def test_the_journal_is_that_of_the_web_to_the_byte(
    played: OnTelegram, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if played.code not in COMPARED:
        return  # What is heard is compared in all six; the bytes in two, for the time it takes.
    town = town_for(tmp_path_factory.mktemp("web"), played.script)
    telling = Telling(town, played.script)
    telling.faults()
    web = told(town, telling.player.code)
    telegram = told(played.town, played.telling.player.code)
    town.close()
    assert web == telegram


def test_every_chain_and_every_projection_holds(played: OnTelegram) -> None:
    played.town.holds()


def told(town: Town, code: str) -> list[str]:
    """The entries of an incident as bytes, without the channel and the outside's ids."""
    return [canonical(_plain(entry)) for entry in town.journal(code)]


def _plain(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = dump(entry)
    channel = found.pop("channel")
    assert channel in ("web", "telegram", "clock")
    found["kind"] = entry.kind
    return _without_names(found)


def _without_names(value: Any) -> Any:
    """Telegram's photos have no name of their own; ours is made of the message's number there."""
    if isinstance(value, dict):
        named = {"sha256", "media_type", "size", "name"} <= value.keys()
        return {
            key: _without_names(one) for key, one in value.items() if not (named and key == "name")
        }
    if isinstance(value, list | tuple):
        return [_without_names(one) for one in value]
    return value
