"""The six sample incidents on Telegram, over HTTP, beside the same six on the web.

The scripts say what people hear when their pages stand open; on Telegram the same is heard, and
the journals are the same to the byte but for the channel and for ids of the outside.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.drill.reading import codes, script
from procedure.codec import canonical, dump
from procedure.entries import Entry
from tests.drills import Telling, town_for
from tests.room_town import STRANGER, RoomTown
from tests.scenarios.vv04_rooms import EXPECTED, Rooms
from tests.telegram_drills import TelegramDoors, telegram_town_for
from tests.telegram_town import TelegramTown
from tests.town import ZONE, Town

GREETING = "Phòng này từ nay theo dõi"
GUARDED = "Tại đây chỉ đăng nội dung đã phát ngôn"
#: Which rows of the duty table a script proves on Telegram too.
PROVES = {
    "VV-01": ("T20", "T25"),
    "VV-02": ("T27",),
    "VV-03": ("T5", "T17"),
    "VV-04": ("T20",),
    "VV-05": ("T5", "T17"),
    "VV-06": ("T16",),
}
#: This one has a room besides: a topic of the forum, a group, and the thread on the web.
IN_ROOMS = "VV-04"
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
        self.rooms: Rooms | None = None
        if code == IN_ROOMS:
            town = RoomTown(folder, self.script.start - timedelta(minutes=1))
            self.town: TelegramTown = town
            self.rooms = Rooms(town, self.script)
        else:
            self.town = telegram_town_for(folder, self.script)
        self.telling = Telling(self.town, self.script, doors=TelegramDoors(self.town))
        self.faults = self.telling.faults(self.rooms.between if self.rooms else None)


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


def test_the_room_says_the_same_in_all_its_places(played: OnTelegram) -> None:
    """The record on the web and on Telegram is one; in the group it is cut while a stranger is
    there, and nothing that names anybody stands between his coming and his going."""
    rooms = played.rooms
    if rooms is None:
        return
    expected = EXPECTED.read_text("utf-8").splitlines()
    assert rooms.on_web() == [line for line in expected if GREETING not in line]
    assert rooms.in_topic() == expected
    bound = next(n for n, line in enumerate(expected) if line.startswith("08:31"))
    came = next(n for n, line in enumerate(expected) if line.startswith("09:48"))
    gone = next(n for n, line in enumerate(expected) if line.startswith("10:20"))
    greeting, *shown = rooms.in_group()
    assert GREETING in greeting
    guarded = [line for line in shown if GUARDED in line]
    assert len(guarded) == 1 and shown == [*expected[bound:came], *guarded, *expected[gone:]]
    assert rooms.asked == ["Cho dự vụ này", "Đưa ra khỏi nhóm"]
    assert STRANGER not in rooms.town.api.members(rooms.group)


def test_the_cards_of_the_room_show_how_it_ended(played: OnTelegram) -> None:
    rooms = played.rooms
    if rooms is not None:
        card = rooms.town.card(rooms.forum, rooms.topic)
        assert card == rooms.town.card(rooms.group)
        assert "Bước 4" in card and "Châu Thị Tạm Gọi" in card and "bản 2" in card
        assert "muộn" not in card and "quá hạn" not in card


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
