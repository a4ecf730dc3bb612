"""What can be lost: the bot's place, its rights, its pins, the group's id, a topic of a forum."""

import pytest

from bot import room_people
from bot.stage import Stage
from procedure import entries_rooms as r
from storage import incidents, places
from storage.chats import FAILED
from storage.database import Session
from storage.tables_rooms import PlaceRow
from tests.botapi.groups import RIGHTS
from tests.room_town import ADMIN, CLERK, HEAD, OFFICER, THREE, RoomTown
from tests.story import received, reported

FACTS = (r.RoomBound, r.RoomMoved, r.RoomRightsChanged, r.RoomEnded)


@pytest.fixture
def forum(town: RoomTown) -> int:
    """A standing forum with a topic for a second incident."""
    made = town.founds("Diễn đàn", THREE, forum=True)
    town.writes(ADMIN, made, "/phong")
    town.taps(ADMIN, "Làm diễn đàn thường trực")
    other_opened(town)
    return made


def other_opened(town: RoomTown) -> None:
    """The next commune reports something else."""
    town.answers("Giả Sử", "chay kho hang, chua ai bi thuong", "Báo vụ việc mới")
    town.answers("Giả Sử", "Chưa ghi nhận", "Dừng hỏi")
    town.skips()


def kinds(town: RoomTown, code: str = "VV-2026-001") -> list[str]:
    """What the journal says of the places of the room, in order."""
    return [entry.kind for entry in town.journal(code) if isinstance(entry.fact, FACTS)]


def lines(town: RoomTown, group: int, topic: int | None = None) -> list[str]:
    """The words of the bot in a place, without its card."""
    return [one.text for one in town.in_room(group, topic)]


def pinned(town: RoomTown, group: int) -> list[int]:
    """The pinned messages of a group."""
    return town.api.pinned(group)


def test_removed_it_is_told_and_nothing_more_is_tried_there(town: RoomTown, group: int) -> None:
    town.api.remove_bot(group)
    town.settles()
    town.hears(OFFICER, "notices/room_lost#text", "bot bị đưa ra khỏi nhóm", "Sạt lở Tre Đông")
    town.is_quiet()
    assert kinds(town) == ["RoomBound", "RoomEnded"] and town.place(group) is None
    before = len(town.api.calls())
    reported(town)
    assert not [one for one in town.api.calls()[before:] if str(group) in str(one)]


def test_a_group_that_is_gone_is_noticed_at_the_next_line_which_goes_to_each_in_private(
    town: RoomTown, group: int
) -> None:
    town.api.delete_group(group)
    reported(town)
    town.hears(OFFICER, "notices/room_lost#text", "Sạt lở Tre Đông")
    for who in (CLERK, HEAD):
        told = town.hears(who, "rooms#submitted", "gửi riêng", "đã báo cáo nhanh Thường trực")
        assert "[" not in told.text
    told = [row for row in town.unheard() if row.template.startswith("rooms#")]
    each = [(row.person, row.template, row.stream, row.text) for row in told]
    assert len(each) == len(set(each))
    assert kinds(town) == ["RoomBound", "RoomEnded"]
    received(town)
    assert not [one for one in town.unheard() if one.template == "rooms#received"]


def test_a_line_that_telegram_refuses_goes_to_the_members_in_private(
    town: RoomTown, group: int
) -> None:
    town.api.fault("sendMessage", "400", chat=group, description="something new")
    reported(town)
    assert any(row.state == FAILED for row in town.rows_in(group))
    found = [row for row in town.unheard() if "gửi riêng" in row.text]
    assert {town.id(CLERK), town.id(HEAD)} <= {row.person for row in found}
    assert len({(row.person, row.template) for row in found}) == len(found)
    assert town.place(group) is not None


def test_a_silenced_group_is_a_lost_one(town: RoomTown, group: int) -> None:
    town.api.demote_bot(group)
    town.settles()
    town.hears(OFFICER, "notices/room_limited#text", "ghim tin nhắn")
    town.api.silence(group)
    reported(town)
    town.hears(OFFICER, "notices/room_lost#text")
    town.hears(HEAD, "rooms#submitted", "gửi riêng")


@pytest.mark.parametrize("first", ["update", "answer", "both", "answer only"])
def test_an_upgraded_group_is_the_same_room(town: RoomTown, first: str) -> None:
    people = [town.account(one) for one in THREE]
    old = town.api.create_group("Nhóm nhỏ", town.account(ADMIN), people, bot=True)
    town.api.promote_bot(old)
    town.settles()
    town.writes(ADMIN, old, "/phong")
    town.taps(ADMIN, town.labels(town.live(ADMIN)[0])[0])
    assert "Bước 1" in town.card(old)
    town.skips()
    new = town.api.upgrade(old)
    if first == "answer only":
        town.api.state.updates.pending.clear()
    if first == "update":
        town.settles()
    if first in ("answer", "answer only"):
        town.queue_line(old)
        town.runs(town.telegram.sender.round())
    reported(town)
    assert kinds(town) == ["RoomBound", "RoomMoved"]
    assert town.place(new) is not None and town.place(old) is None
    said = [one for one in lines(town, new) if "đã báo cáo nhanh Thường trực" in one]
    assert len(said) == 1
    cards = [one.id for one in town.api.chat(new) if one.from_bot and one.pinned]
    assert len(cards) == 1 and "Bước 2" in town.card(new)
    assert not [row for row in town.unheard() if row.template.startswith("notices/room_l")]


def test_rights_lost_are_told_once_and_regained_ones_only_written(
    town: RoomTown, group: int
) -> None:
    for _ in range(2):
        town.api.promote_bot(group, RIGHTS - {"can_pin_messages", "can_delete_messages"})
        town.settles()
    told = town.hears(OFFICER, "notices/room_limited#text", "ghim tin nhắn", "xóa tin nhắn")
    assert "đưa người" not in told.text
    town.is_quiet()
    town.api.promote_bot(group)
    town.settles()
    town.is_quiet()
    assert kinds(town) == ["RoomBound", "RoomRightsChanged", "RoomRightsChanged"]


def test_a_pin_taken_away_is_put_back_at_the_next_look(town: RoomTown, group: int) -> None:
    card = pinned(town, group)
    town.api.unpin(group, card[0])
    town.settles()
    assert pinned(town, group) == []
    town.ahead += 601
    town.settles()
    assert pinned(town, group) == card
    looked = len(town.api.calls("getChat"))
    town.ahead += 300
    town.settles()
    assert len(town.api.calls("getChat")) == looked


def test_a_card_that_was_deleted_is_posted_anew(town: RoomTown, group: int) -> None:
    card = pinned(town, group)[0]
    town.api.delete(town.account(ADMIN), card, chat=group)
    town.ahead += 601
    town.settles()
    assert len(pinned(town, group)) == 1 and pinned(town, group) != [card]
    town.api.delete(town.account(ADMIN), pinned(town, group)[0], chat=group)
    reported(town)
    assert len(pinned(town, group)) == 1 and "Bước" in town.card(group)


def test_unbound_it_says_so_once_and_shows_no_card_any_more(town: RoomTown, group: int) -> None:
    card = pinned(town, group)[0]
    town.writes(ADMIN, group, "/phong")
    town.hears(ADMIN, "binding#bound_already")
    town.taps(ADMIN, "Bỏ gắn")
    town.hears(ADMIN, "acts#EndRoom")
    town.is_quiet()
    assert pinned(town, group) == [] and kinds(town) == ["RoomBound", "RoomEnded"]
    shown = next(one for one in town.api.chat(group) if one.id == card)
    assert "không còn theo dõi" in shown.text and "ĐT" not in shown.text
    assert [one for one in lines(town, group) if "không còn theo dõi" in one][-1:] != []
    count = len(lines(town, group))
    reported(town)
    assert len(lines(town, group)) == count
    town.skips()
    town.writes(ADMIN, group, "/phong")
    town.taps(ADMIN, town.labels(town.live(ADMIN)[0])[0])
    assert kinds(town)[-1] == "RoomBound" and len(pinned(town, group)) == 1
    received(town)
    assert any("đã tiếp nhận báo cáo" in one for one in lines(town, group))


def test_a_deleted_topic_is_opened_anew_and_goes_on(town: RoomTown, forum: int) -> None:
    code = "VV-2026-002"
    topic = next(iter(town.api.state.groups[forum].topics))
    assert any("Phòng này từ nay theo dõi" in one for one in lines(town, forum, topic))
    town.api.delete_topic(forum, topic)
    change = {"severity": "grave", "reason": "Lửa lan sang nhà bên, cần thêm lực lượng"}
    other = town.world.db.read(lambda session: incidents.by_code(session, code))
    assert other is not None
    town.decides_in(other.stream, "Giả Sử", "ChangeSeverity", **change)
    town.hears(OFFICER, "notices/room_lost#text", "chủ đề đã bị xóa", "Chủ đề mới")
    fresh = [one for one in town.api.state.groups[forum].topics if one != topic]
    assert len(fresh) == 1
    assert kinds(town, code) == ["RoomBound", "RoomEnded", "RoomBound"]
    assert len(town.api.pinned(forum, fresh[0])) == 1
    private = [row for row in town.unheard() if "gửi riêng" in row.text]
    assert {row.template for row in private} <= {"rooms#severity"}
    assert len({row.person for row in private}) == len(private)


def test_a_topic_closed_by_hand_is_opened_again(town: RoomTown, forum: int) -> None:
    topic = next(iter(town.api.state.groups[forum].topics))
    town.api.close_topic(forum, topic)
    town.settles()
    assert not town.api.state.groups[forum].topics[topic].closed
    town.is_quiet()


def test_a_lost_forum_is_told_once(town: RoomTown, forum: int) -> None:
    town.answers("Ẩn Dụ", "tai nan xe khach, chua ai bi thuong", "Báo vụ việc mới")
    town.answers("Ẩn Dụ", "Chưa ghi nhận", "Dừng hỏi")
    town.skips()
    town.api.remove_bot(forum)
    town.settles()
    town.hears(OFFICER, "notices/room_watch#forum_lost", "Diễn đàn", "02 vụ việc")
    town.is_quiet()
    for code in ("VV-2026-002", "VV-2026-003"):
        assert kinds(town, code) == ["RoomBound", "RoomEnded"]


def test_a_forum_that_lets_open_no_topic_is_told_once_and_opens_it_when_it_may(
    town: RoomTown,
) -> None:
    forum = town.founds("Diễn đàn", THREE, forum=True)
    town.writes(ADMIN, forum, "/phong")
    town.taps(ADMIN, "Làm diễn đàn thường trực")
    town.api.promote_bot(forum, RIGHTS - {"can_manage_topics"})
    town.settles()
    town.skips()
    fish_died(town)
    told = [row.template for row in town.unheard() if row.person == town.id(OFFICER)]
    assert told.count("notices/room_watch#no_topic") == 1
    assert any(row.template == "rooms#opened" for row in town.unheard()), "in private"
    assert not town.api.calls("createForumTopic")[1:], "refused once, not asked again and again"
    town.skips()
    town.api.promote_bot(forum, RIGHTS)
    town.settles()
    names = [one.name for one in town.api.state.groups[forum].topics.values()]
    assert any("VV-" in one for one in names)


def test_one_that_needs_its_topic_no_more_takes_none_from_another(town: RoomTown) -> None:
    forum = town.founds("Diễn đàn", THREE, forum=True)
    town.writes(ADMIN, forum, "/phong")
    town.taps(ADMIN, "Làm diễn đàn thường trực")
    town.api.fault("createForumTopic", 500, times=50)
    other_opened(town)
    fish_died(town)
    first, second = town.world.db.read(waiting)

    def work(session: Session) -> None:
        stage = Stage(town.world, session, town.world.now(), "telegram")
        room_people.no_topic(stage, session.get_one(PlaceRow, first), refused=False)

    town.world.db.write(work)
    town.api.clear_faults()
    town.settles()
    names = [one.name for one in town.api.state.groups[forum].topics.values() if "VV-" in one.name]
    assert len(names) == 1
    assert town.world.db.read(lambda session: session.get_one(PlaceRow, second).ended_at) is None


def fish_died(town: RoomTown) -> None:
    """A ward reports a third thing."""
    town.answers("Ước Lệ", "ca be chet hang loat o ben con phuoc", "Báo vụ việc mới")
    town.answers("Ước Lệ", "Chưa ghi nhận")


def waiting(session: Session) -> list[int]:
    """The places that wait for their topic."""
    found = places.standing(session, "telegram")
    return [one.id or 0 for one in found if one.external.startswith("wait:")]
