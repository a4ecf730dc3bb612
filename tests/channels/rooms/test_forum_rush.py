"""Fifty incidents in one minute in one forum: at the pace of Telegram, nothing lost or doubled."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.channels.telegram.pace import ALLOWED
from bot.clock import tick
from bot.deliver import deliver_all
from bot.stage import Stage
from bot.turn import turn_all
from procedure import actions as a
from procedure.codec import Prose
from procedure.facts import Moment
from procedure.words import Authority, Casualties, Severity
from storage import chats
from storage.database import Session
from storage.tables import ChatRow, MessageRow
from tests.botapi.limits import Limits
from tests.room_town import ADMIN, RoomTown

MANY = 50
#: First rings may come this late at most, by severity (policy: patience).
PATIENCE = timedelta(minutes=10)
UNITS = (("Thí Dụ", 3), ("Ước Lệ", 14))


class Rush(RoomTown):
    """A forum at the pace of Telegram, against a server that keeps its limits."""

    allowed = ALLOWED

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, limits=Limits())

    def settles(self) -> None:
        """Second by second until nothing waits any more; the story's clock goes along."""
        if not hasattr(self, "telegram"):
            return
        for _ in range(60 * 40):
            moved = self._round()
            if not moved and not self._left():
                return
            self.clock += timedelta(seconds=self._rest())
        raise AssertionError(f"it never came to rest: {self._left()} wait")

    def _rest(self) -> float:
        """Until the first of those who wait may go on."""
        telegram, now = self.telegram, self.seconds()
        waits = (telegram.sender, telegram.keeper, telegram.tidier)
        first = min(one.rests_until() for one in waits)
        return min(60.0, max(0.25, first - now)) if first != float("inf") else 1.0

    def _round(self) -> int:
        telegram = self.telegram
        moved = self.runs(telegram.receiver.poll(0)) if self.api.pending() else 0
        moved += self.runs(telegram.fetcher.round()) + turn_all(self.world)
        moved += deliver_all(self.world) + self.runs(telegram.sender.round())
        return moved + self.runs(telegram.tidier.round()) + self.runs(telegram.keeper.round())

    def _left(self) -> int:
        def work(session: Session) -> int:
            query = select(MessageRow).where(MessageRow.state == chats.QUEUED)
            return len(session.exec(query).all())

        waits = self.telegram.keeper.rests_until() != float("inf")
        return self.world.db.read(work) + waits


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Rush]:
    """The province on Telegram with its limits."""
    made = Rush(tmp_path / "town")
    yield made
    made.close()


def opens(town: Rush, number: int) -> None:
    """One more incident is reported."""
    who, unit = UNITS[number % len(UNITS)]

    def work(session: Session) -> None:
        stage = Stage(town.world, session, town.world.now(), "telegram")
        home = stage.organisation.units[unit]
        action = a.OpenIncident(
            code="",
            drill=False,
            unit=unit,
            department=home.department or 2,
            committee=home.reports_to or 1,
            policy=stage.policy_in_force(),
            title=Prose(f"Sạt lở số {number}"),
            line=Prose(f"sat lo so {number}"),
            incident_kind="landslide",
            casualties=Casualties.NONE_KNOWN,
            detected=Moment(at=town.clock),
            suggested_authority=Authority.BEYOND,
            severity=Severity.SERIOUS,
        )
        stage.perform(None, town.id(who), action)

    town.world.db.write(work)


def test_fifty_incidents_in_a_minute_in_one_forum(town: Rush) -> None:
    forum = town.founds("Ứng phó", ("Thí Dụ", "Ước Lệ", "Thử"), forum=True)
    town.writes(ADMIN, forum, "/phong")
    town.taps(ADMIN, "Làm diễn đàn thường trực")
    town.clock += timedelta(minutes=2)
    began = town.clock
    for number in range(MANY):
        opens(town, number)
        town.clock += timedelta(seconds=1)
        town._round()
    tick(town.world)
    town.settles()
    topics = [one for one in town.api.state.groups[forum].topics.values() if "VV-" in one.name]
    assert len(topics) == MANY and len({one.name for one in topics}) == MANY
    for topic in topics:
        said = [one.text for one in town.in_room(forum, topic.id)]
        assert len(said) == 2 and len(set(said)) == 2, said
        assert town.card(forum, topic.id).startswith(topic.name.split()[0])
    sent = sorted(one.date for one in town.api.chat(forum) if one.from_bot)
    for at in sent:
        assert sum(at <= other < at + timedelta(seconds=60) for other in sent) <= 20
    refused = [one for one in town.api.calls() if one.status != 200]
    assert refused == []
    firsts = first_rings(town)
    assert len(firsts) == MANY
    assert max(firsts) - began < PATIENCE


def first_rings(town: Rush) -> list[datetime]:
    """When the first word of each incident's first duty reached its head's telephone."""

    def work(session: Session) -> list[datetime]:
        rows = session.exec(
            select(MessageRow)
            .join(ChatRow, col(ChatRow.id) == col(MessageRow.chat))
            .where(
                MessageRow.template == "notices/incident_opened#text",
                ChatRow.channel == "telegram",
            )
        ).all()
        assert all(one.state == chats.SENT for one in rows)
        counted = Counter(one.stream for one in rows)
        assert set(counted.values()) == {1}
        return [one.sent_at for one in rows if one.sent_at]

    return town.world.db.read(work)
