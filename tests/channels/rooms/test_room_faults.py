"""Rooms when Telegram fails, when a process dies, and in a forum: nothing lost, nothing doubled."""

from collections.abc import Callable

import pytest

from procedure import entries_rooms as r
from tests.room_town import ADMIN, OFFICER, STRANGER, THREE, RoomTown
from tests.story import reported

PRESS = "Phóng Tác"


def goes_on(town: RoomTown) -> None:
    """What had to wait is tried again, as often as that takes."""
    for _ in range(3):
        town.ahead += 61
        town.settles()


def kinds(town: RoomTown, *facts: type) -> list[str]:
    """These entries of the journal, in order."""
    return [one.kind for one in town.journal() if isinstance(one.fact, facts)]


FAULTS = ("429", "500", "502", "timeout", "drop")


@pytest.mark.parametrize("kind", FAULTS)
def test_a_removal_that_failed_is_done_later_and_once(
    town: RoomTown, group: int, kind: str
) -> None:
    town.api.join(STRANGER, town.api.invite_link(group))
    town.settles()
    more = {"retry_after": 3} if kind == "429" else {}
    town.api.fault("banChatMember", kind, **more)
    town.api.fault("unbanChatMember", kind, **more)
    town.taps(OFFICER, "Đưa ra khỏi nhóm")
    goes_on(town)
    assert STRANGER not in town.api.members(group)
    assert town.api.state.groups[group].member(STRANGER).status == "left"
    assert kinds(town, r.GuestRemoved, r.GuestLeft) == ["GuestRemoved", "GuestLeft"]
    assert not [one for one in town.unheard() if one.template == "notices/room_watch#stays"]


@pytest.mark.parametrize("method", ["editMessageText", "sendMessage", "pinChatMessage"])
@pytest.mark.parametrize("kind", FAULTS)
def test_a_card_that_failed_stands_pinned_in_the_end(
    town: RoomTown, method: str, kind: str
) -> None:
    group = town.founds("Sạt lở Tre Đông", THREE)
    town.writes(ADMIN, group, "/phong")
    more = {"retry_after": 3} if kind == "429" else {}
    town.api.fault(method, kind, chat=group, **more)
    town.taps(ADMIN, town.labels(town.live(ADMIN)[0])[0])
    goes_on(town)
    reported(town)
    goes_on(town)
    assert "Bước 2" in town.card(group)
    said = [one.text for one in town.in_room(group)]
    assert len([one for one in said if "Phòng này từ nay" in one]) == 1
    assert len([one for one in said if "đã báo cáo nhanh" in one]) == 1


@pytest.mark.parametrize("kind", FAULTS)
def test_a_look_that_failed_is_taken_again(town: RoomTown, kind: str) -> None:
    group = town.founds("Nhóm cũ", [*THREE, "Giả Lập"])
    town.api.promote(group, town.account("Giả Lập"))
    town.settles()
    town.writes(ADMIN, group, "/phong")
    more = {"retry_after": 3} if kind == "429" else {}
    town.api.fault("getChatAdministrators", kind, **more)
    town.taps(ADMIN, town.labels(town.live(ADMIN)[0])[0])
    goes_on(town)
    town.hears(OFFICER, "notices/guest_came#text", "Giả Lập")


Dies = Callable[[RoomTown, int], None]


def _after_the_removal_was_decided(town: RoomTown, group: int) -> None:
    town.api.join(STRANGER, town.api.invite_link(group))
    town.settles()
    town.api.fault("banChatMember", "timeout_after")
    town.taps(OFFICER, "Đưa ra khỏi nhóm")


def _after_a_new_card_was_sent(town: RoomTown, group: int) -> None:
    town.api.delete(town.account(ADMIN), town.api.pinned(group)[0], chat=group)
    town.api.fault("pinChatMessage", "500", chat=group)
    reported(town)


def _after_a_loss_at_telegram(town: RoomTown, group: int) -> None:
    town.api.remove_bot(group)


@pytest.mark.parametrize(
    ("dies", "ends"),
    [
        (_after_the_removal_was_decided, ["GuestCame", "GuestRemoved", "GuestLeft"]),
        (_after_a_new_card_was_sent, []),
        (_after_a_loss_at_telegram, ["RoomEnded"]),
    ],
)
def test_another_process_goes_on_where_one_died(
    town: RoomTown, group: int, dies: Dies, ends: list[str]
) -> None:
    dies(town, group)
    town.restart()
    goes_on(town)
    facts = (r.GuestCame, r.GuestRemoved, r.GuestLeft, r.RoomEnded)
    assert kinds(town, *facts) == ends
    if ends != ["RoomEnded"]:
        assert len(town.api.pinned(group)) == 1
    if "GuestRemoved" in ends:
        assert town.api.state.groups[group].member(STRANGER).status == "left"


# Forums


@pytest.fixture
def forum(town: RoomTown) -> int:
    """A forum with a topic for each of three incidents of other communes."""
    made = town.founds("Diễn đàn", THREE, forum=True)
    town.writes(ADMIN, made, "/phong")
    town.taps(ADMIN, "Làm diễn đàn thường trực")
    for who, line in (
        ("Giả Sử", "chay kho hang, chua ai bi thuong"),
        ("Ẩn Dụ", "tai nan xe khach, chua ai bi thuong"),
    ):
        town.answers(who, line, "Báo vụ việc mới")
        town.answers(who, "Chưa ghi nhận", "Dừng hỏi")
    town.skips()
    return made


def cards(town: RoomTown, forum: int) -> list[str]:
    """The cards of the topics of a forum."""
    return [town.card(forum, one) for one in town.api.state.groups[forum].topics]


def test_in_a_forum_a_stranger_is_asked_about_once_and_every_topic_is_guarded(
    town: RoomTown, forum: int
) -> None:
    assert len(cards(town, forum)) == 2 and all("ĐT" in one for one in cards(town, forum))
    town.api.join(STRANGER, town.api.invite_link(forum))
    town.settles()
    asked = town.hears(OFFICER, "notices/guest_came#text", "Trần Lạ")
    town.is_quiet()
    assert not any("ĐT" in one for one in cards(town, forum))
    names = [one.name for one in town.api.state.groups[forum].topics.values()]
    assert names == ["VV-2026-002", "VV-2026-003"]
    assert asked.stream == town.incident("VV-2026-003").stream
    town.taps(OFFICER, "Cho dự vụ này")
    assert ["ĐT" in one for one in cards(town, forum)] == [False, True]
    town.skips()
    town.api.send_text(STRANGER, "xin chào", chat=forum)
    town.settles()
    town.is_quiet()
    town.api.leave(STRANGER, forum)
    town.settles()
    assert all("ĐT" in one for one in cards(town, forum))


def test_in_a_forum_a_member_of_another_incident_is_an_outsider_without_a_question(
    town: RoomTown, forum: int
) -> None:
    account = town.account("Giả Sử")
    town.api.join(account, town.api.invite_link(forum))
    town.settles()
    town.is_quiet()
    assert ["ĐT" in one for one in cards(town, forum)] == [True, False]


def test_losing_the_room_of_a_merged_incident_is_still_written(town: RoomTown, forum: int) -> None:
    for code, who in (("VV-2026-002", "Giả Sử"), ("VV-2026-003", "Ẩn Dụ")):
        other = town.incident(code)
        town.decides_in(other.stream, who, "AmendReport", item="place", text="ấp Tre Tây")
    received_up(town)
    town.skips()
    topic = list(town.api.state.groups[forum].topics)[1]
    town.api.delete_topic(forum, topic)
    town.decides_in(
        town.incident("VV-2026-002").stream,
        "Giả Sử",
        "ReportCasualties",
        casualties="injured",
    )
    told = [one.kind for one in town.journal("VV-2026-003") if isinstance(one.fact, r.RoomEnded)]
    assert told == ["RoomEnded"]
    town.hears(OFFICER, "notices/room_lost#text", "VV-2026-003")


def received_up(town: RoomTown) -> None:
    """Both incidents are sent up and made one file."""
    for code, head in (("VV-2026-002", "Giả Sử"), ("VV-2026-003", "Ẩn Dụ")):
        stream = town.incident(code).stream
        acts = [
            (head, "DecideAuthority", {"beyond": True, "reason": "Vượt khả năng của xã"}),
            (head, "SubmitReport", {"through": 2, "to": 1}),
            (OFFICER, "ReceiveReport", {}),
        ]
        for who, action, data in acts:
            town.decides_in(stream, who, action, **data)
    other = town.incident("VV-2026-003").stream
    town.decides_in(town.incident("VV-2026-002").stream, OFFICER, "MergeIncidents", other=other)


def test_what_waited_for_a_topic_comes_first_though_the_chat_of_another_is_held_up(
    town: RoomTown, forum: int
) -> None:
    held_up, other = town.account("Thử"), town.account("Ví Dụ")
    town.telegram.sender.pauses = (60.0,)
    town.api.fault("sendMessage", "500", chat=held_up)
    for account in (held_up, other):
        town.api.send_text(account, "/viec")
    town.settles()
    assert town.telegram.sender.waiting(str(held_up)) == 1
    town.answers("Ước Lệ", "do cau treo, chua ai bi thuong", "Báo vụ việc mới")
    town.answers("Ước Lệ", "Chưa ghi nhận", "Dừng hỏi")
    topic = max(town.api.state.groups[forum].topics)
    said = [one.text for one in town.in_room(forum, topic)]
    assert "VV-2026-004" in said[0] and "Phòng này từ nay" in said[1]
    goes_on(town)
