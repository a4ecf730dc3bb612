"""What goes on beside VV-04 on Telegram: a forum's topic, a group of three units, one stranger.

The script is played as it stands; beside it the incident has a room in three places, and every
line of each of them is expected, word for word, in `vv04_room.txt`.
"""

from pathlib import Path

from sqlmodel import col, select

from bot.drill.script import Script, Step
from storage.tables import ChatRow, MessageRow
from tests.room_town import ADMIN, STRANGER, RoomTown
from tests.town import ZONE

EXPECTED = Path(__file__).with_suffix(".txt").with_name("vv04_room.txt")

#: Of three units: the ward, the department of agriculture, the propaganda department.
THREE_UNITS = ("Ước Lệ", "Tạm Gọi", "Phác Họa", "Thử", "Mẫu")


class Rooms:
    """The forum and the group of one playing."""

    def __init__(self, town: RoomTown, script: Script) -> None:
        self.town = town
        self.forum = town.founds("Ứng phó thông tin", script.plays, forum=True)
        town.writes(ADMIN, self.forum, "/phong")
        town.taps(ADMIN, "Làm diễn đàn thường trực")
        self.group = 0
        self.asked: list[str] = []
        self._times = {"08:31": self._bind, "09:48": self._comes, "10:20": self._goes}

    def between(self, step: Step) -> None:
        """Called behind each step of the script."""
        act = self._times.pop(f"{step.at:%H:%M}", None)
        if act is not None:
            self.town.skips()
            act()

    def _bind(self) -> None:
        town = self.town
        self.group = town.bound("Cá bè Cồn Phước", THREE_UNITS)
        town.is_quiet()

    def _comes(self) -> None:
        """Somebody whom nobody knows is let into the group by a member."""
        town = self.town
        town.api.user(STRANGER, "Khách")
        town.api.add(self.group, STRANGER)
        town.settles()
        row = town.hears("Thử", "notices/guest_came", "Khách")
        self.asked = town.labels(row)
        town.is_quiet()

    def _goes(self) -> None:
        town = self.town
        town.taps("Thử", "Đưa ra khỏi nhóm")
        town.hears("Thử", "acts#RemoveGuest")
        town.is_quiet()
        town.settles()

    @property
    def topic(self) -> int:
        """The topic of the incident in the forum."""
        topics = self.town.api.state.groups[self.forum].topics.values()
        return next(one.id for one in topics if one.name.startswith("VV-"))

    def on_web(self) -> list[str]:
        """The lines of the bot in the thread of the room on the web."""

        def work(session: object) -> list[str]:
            stream = self.town.newest().stream
            chat = select(ChatRow.id).where(ChatRow.external == f"room:{stream}")
            found = session.exec(  # type: ignore[attr-defined]
                select(MessageRow)
                .where(col(MessageRow.chat).in_(chat), MessageRow.sender == "bot")
                .order_by(col(MessageRow.seq))
            )
            return [f"{one.created_at.astimezone(ZONE):%H:%M} {one.text}" for one in found.all()]

        return self.town.world.db.read(work)

    def in_topic(self) -> list[str]:
        """The same in the topic of the forum."""
        return self._shown(self.forum, self.topic)

    def in_group(self) -> list[str]:
        """The same in the group."""
        return self._shown(self.group, None)

    def _shown(self, group: int, topic: int | None) -> list[str]:
        shown = self.town.in_room(group, topic)
        return [f"{one.date.astimezone(ZONE):%H:%M} {one.text}" for one in shown]
