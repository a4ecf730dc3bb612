"""At Telegram's limits and not above, against the strict server, which enforces them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.telegram.pace import ALLOWED
from storage import chats
from storage.chats import Prompt
from storage.database import Session
from tests.botapi.limits import Limits
from tests.telegram_town import TelegramTown

OWNER = 9_000_001
ROOMS = 50
ENDED = "notices/incident_ended#text"


class PacedTown(TelegramTown):
    """The limits hold on both sides."""

    allowed = ALLOWED

    def goes_on(self, most: timedelta = timedelta(minutes=30)) -> None:
        """Sends until nothing waits; the clock stands at each moment at which more may go."""
        until = self.clock + most
        sender = self.telegram.sender
        while self.clock < until:
            self.runs(sender.round())
            if not len(sender.lanes):
                return
            wait = max(0.0, sender.rests_until() - self.seconds())
            self.clock += timedelta(seconds=wait, microseconds=1)
        raise AssertionError("it never came to an end")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[PacedTown]:
    made = PacedTown(tmp_path / "town", limits=Limits())
    yield made
    made.close()


def forum(town: PacedTown) -> tuple[int, list[int]]:
    """A forum with a topic for each incident, made by hand an hour ago."""
    town.api.user(OWNER, "Chủ")
    group = town.api.create_supergroup("Ứng phó", OWNER, forum=True)
    town.api.promote_bot(group)
    topics = [town.api.create_topic(group, f"VV {n}") for n in range(ROOMS)]
    town.clock += timedelta(hours=1)
    return group, topics


def told(town: PacedTown, group: int, topics: list[int]) -> None:
    """One line more into each of the topics, within this moment."""

    def work(session: Session) -> None:
        for topic in topics:
            chat = chats.chat_of(session, "telegram", f"{group}:{topic}", 0)
            prompt = Prompt(template=ENDED, facts={"by": 1}, stream="incident-1")
            chats.enqueue(session, chat, prompt, at=town.world.now())

    town.world.db.write(work)


def most_in_a_minute(moments: list[datetime]) -> int:
    minute = timedelta(minutes=1)
    return max(sum(start <= one < start + minute for one in moments) for start in moments)


def test_fifty_incidents_of_one_minute_in_one_forum_never_flood_it(town: PacedTown) -> None:
    group, topics = forum(town)
    for n in range(0, ROOMS, 5):
        told(town, group, topics[n : n + 5])
        town.runs(town.telegram.sender.round())
        town.clock += timedelta(seconds=6)
    town.goes_on()
    calls = town.api.calls("sendMessage")
    assert {one.status for one in calls} == {200}, "never told to wait"
    assert most_in_a_minute([one.at for one in calls]) <= 20
    assert sorted(int(one.args["message_thread_id"]) for one in calls) == topics
    assert calls[-1].at - calls[0].at < timedelta(minutes=3), "nor slower than need be"


def test_messages_to_one_person_keep_to_one_a_second_and_to_their_order(town: PacedTown) -> None:
    person = town.id("Thí Dụ")

    def work(session: Session) -> None:
        chat = town.chat(session, person)
        for _ in range(6):
            prompt = Prompt(template="answers#nothing_to_cancel")
            chats.enqueue(session, chat, prompt, at=town.world.now())

    town.clock += timedelta(minutes=5)
    town.world.db.write(work)
    town.goes_on()
    calls = town.api.calls("sendMessage")
    assert [one.status for one in calls] == [200] * 6
    assert calls[-1].at - calls[0].at >= timedelta(seconds=4)


def test_a_message_of_a_topic_can_be_edited_and_taken_away(town: PacedTown) -> None:
    group, topics = forum(town)
    told(town, group, topics[:1])
    town.goes_on()
    place, poster = f"{group}:{topics[0]}", town.telegram.sender.poster
    sent = town.api.calls("sendMessage")[-1].answer["result"]["message_id"]
    town.runs(poster.edit(place, str(sent), "khác"))
    town.runs(poster.delete(place, str(sent)))
    assert town.api.calls("editMessageText")[-1].status == 200
    assert town.api.calls("deleteMessage")[-1].status == 200


def test_what_is_refused_is_told_to_the_operators_once_a_day(town: PacedTown) -> None:
    for _ in range(2):
        town.api.fault("sendMessage", 400, times=1, description="Bad Request: strange")
        town.says("Thí Dụ", "/huy")
        town.clock += timedelta(seconds=5)
        town.settles()
    row = next(one for one in town.thread("Thí Dụ") if one.state == "failed")
    assert row.why == "Strange"
    told_of = [one for one in town.unheard() if one.template == "answers#send_refused"]
    admins = {one.person for one in told_of}
    assert admins and len(told_of) == len(admins), "once, though it was refused twice"
    assert all("Thí Dụ" in one.text or "chưa gửi được" in one.text for one in told_of)
