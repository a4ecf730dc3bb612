"""Who may be in the room: strangers, outsiders and the press, and what is said while they are."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from procedure import entries_rooms as r
from storage.chats import FAILED, STALE
from storage.tables import InboxRow
from tests.botapi.groups import RIGHTS
from tests.room_town import ADMIN, CLERK, HEAD, OFFICER, STRANGER, THREE, RoomTown
from tests.story import received, reported

PRESS, OUTSIDER = "Phóng Tác", "Giả Lập"
GUARDED = "có nội dung mới, đã gửi trong phòng trên trang web"


def joins(town: RoomTown, group: int, account: int) -> None:
    """Somebody joins by an invite link."""
    town.api.join(account, town.api.invite_link(group))
    town.settles()


def guests(town: RoomTown) -> list[str]:
    """What the journal says of guests, in order."""
    told = (r.GuestCame, r.GuestAdmitted, r.GuestRemoved, r.GuestLeft)
    return [entry.kind for entry in town.journal() if isinstance(entry.fact, told)]


def lines(town: RoomTown, group: int) -> list[str]:
    """The words of the bot in the group, without the card."""
    return [one.text for one in town.in_room(group)]


def is_full(town: RoomTown, group: int) -> bool:
    """Whether the card names anybody."""
    return "ĐT" in town.card(group)


Arrival = Callable[[RoomTown, int], int]


def _by_link(town: RoomTown, group: int) -> int:
    joins(town, group, STRANGER)
    return STRANGER


def _added(town: RoomTown, group: int) -> int:
    account = town.account(OUTSIDER)
    town.api.add(group, account)
    town.settles()
    return account


def _press_added(town: RoomTown, group: int) -> int:
    account = town.account(PRESS)
    town.api.add(group, account, town.account(CLERK))
    town.settles()
    return account


@pytest.mark.parametrize(
    ("arrives", "named"),
    [(_by_link, "Trần Lạ"), (_added, OUTSIDER), (_press_added, PRESS)],
    ids=["a stranger by link", "an outsider added", "the press"],
)
def test_who_is_no_member_is_asked_about_and_the_room_says_no_names(
    town: RoomTown, group: int, arrives: Arrival, named: str
) -> None:
    arrives(town, group)
    asked = town.hears(OFFICER, "notices/guest_came#text", named)
    assert town.labels(asked) == ["Cho dự vụ này", "Đưa ra khỏi nhóm"]
    town.is_quiet()
    assert guests(town) == ["GuestCame"] and not is_full(town, group)
    before = lines(town, group)
    reported(town)
    received(town)
    told = lines(town, group)[len(before) :]
    assert len(told) == 1 and GUARDED in told[0]
    assert all("ĐT" not in one and "đồng chí" not in one for one in told)


def test_let_in_he_hears_all_and_is_not_asked_about_again(town: RoomTown, group: int) -> None:
    joins(town, group, STRANGER)
    town.hears(OFFICER, "notices/guest_came#text")
    town.taps(OFFICER, "Cho dự vụ này")
    town.hears(OFFICER, "acts#AdmitGuest")
    assert is_full(town, group)
    town.skips()
    reported(town)
    assert any("đã báo cáo nhanh Thường trực" in one for one in lines(town, group))
    town.skips()
    town.api.leave(STRANGER, group)
    town.settles()
    joins(town, group, STRANGER)
    town.is_quiet()
    assert is_full(town, group)
    assert guests(town) == ["GuestCame", "GuestAdmitted", "GuestLeft", "GuestCame"]


def test_removed_he_is_banned_once_and_may_come_again_to_be_asked_about(
    town: RoomTown, group: int
) -> None:
    joins(town, group, STRANGER)
    town.hears(OFFICER, "notices/guest_came#text")
    town.taps(OFFICER, "Đưa ra khỏi nhóm")
    town.hears(OFFICER, "acts#RemoveGuest")
    town.is_quiet()
    assert STRANGER not in town.api.members(group) and is_full(town, group)
    assert [one.method for one in town.api.calls("banChatMember")] == ["banChatMember"]
    assert len(town.api.calls("unbanChatMember")) == 1
    assert guests(town) == ["GuestCame", "GuestRemoved", "GuestLeft"]
    joins(town, group, STRANGER)
    town.hears(OFFICER, "notices/guest_came#text", "Trần Lạ")
    town.is_quiet()
    assert not is_full(town, group)


def test_without_the_right_the_duty_officer_is_told_who_must_remove_him(
    town: RoomTown, group: int
) -> None:
    town.api.promote_bot(group, RIGHTS - {"can_restrict_members"})
    town.settles()
    town.hears(OFFICER, "notices/room_limited#text", "đưa người ra khỏi nhóm")
    joins(town, group, STRANGER)
    town.hears(OFFICER, "notices/guest_came#text")
    town.taps(OFFICER, "Đưa ra khỏi nhóm")
    town.hears(OFFICER, "acts#RemoveGuest")
    town.hears(OFFICER, "notices/room_watch#stays", "Trần Lạ", ADMIN)
    town.is_quiet()
    assert not is_full(town, group)
    town.api.remove(group, STRANGER)
    town.settles()
    town.is_quiet()
    assert is_full(town, group)


def test_he_leaves_and_the_room_speaks_again(town: RoomTown, group: int) -> None:
    joins(town, group, STRANGER)
    town.hears(OFFICER, "notices/guest_came#text")
    town.api.leave(STRANGER, group)
    town.settles()
    town.is_quiet()
    assert is_full(town, group)
    town.taps(OFFICER, "Đưa ra khỏi nhóm")
    town.hears(OFFICER, "refusals#guest_gone")
    assert town.api.calls("banChatMember") == []


def test_who_was_there_before_is_found_when_he_runs_the_group_or_when_he_speaks(
    town: RoomTown,
) -> None:
    group = town.founds("Nhóm cũ", [*THREE, OUTSIDER])
    town.api.state.groups[group].members[STRANGER] = town.api.state.groups[group].member(
        town.account(CLERK)
    )
    town.api.promote(group, town.account(OUTSIDER))
    town.settles()
    town.skips()
    town.writes(ADMIN, group, "/phong")
    town.taps(ADMIN, town.labels(town.live(ADMIN)[0])[0])
    town.hears(ADMIN, "binding#which")
    town.hears(ADMIN, "acts#BindRoom")
    town.hears(OFFICER, "notices/guest_came#text", OUTSIDER)
    town.is_quiet()
    town.api.send_text(STRANGER, "xin chào", chat=group)
    town.settles()
    town.hears(OFFICER, "notices/guest_came#text", "Trần Lạ")
    town.api.send_text(STRANGER, "có ai không", chat=group)
    town.settles()
    town.is_quiet()
    kept = town.world.db.read(lambda session: list(session.exec(select(InboxRow.body)).all()))
    assert not any("xin chào" in one or "có ai không" in one for one in kept)


def test_a_member_who_speaks_is_no_guest(town: RoomTown, group: int) -> None:
    town.writes(HEAD, group, "đang đi kiểm tra")
    town.writes(ADMIN, group, "chào các đồng chí")
    town.is_quiet()
    assert guests(town) == [] and is_full(town, group)


def test_who_gets_a_part_is_a_guest_no_longer(town: RoomTown, group: int) -> None:
    joins(town, group, town.account(OUTSIDER))
    town.hears(OFFICER, "notices/guest_came#text")
    reported(town)
    received(town)
    town.skips()
    assert not is_full(town, group)
    order = {"people": [town.id(OUTSIDER)], "units": [9], "what": "Chiều dài đoạn sạt lở"}
    town.decides(OFFICER, "OrderVerification", **order)
    assert is_full(town, group) and guests(town) == ["GuestCame", "GuestLeft"]
    town.skips()
    town.taps(OFFICER, "Đưa ra khỏi nhóm")
    town.hears(OFFICER, "refusals#guest_gone")
    assert town.account(OUTSIDER) in town.api.members(group)


def test_an_account_that_becomes_a_members_is_a_guests_no_longer(
    town: RoomTown, group: int
) -> None:
    joins(town, group, STRANGER)
    town.hears(OFFICER, "notices/guest_came#text")
    assert not is_full(town, group)
    town.enters(STRANGER, "Dự Phòng")
    assert is_full(town, group) and guests(town) == ["GuestCame", "GuestLeft"]


def test_requests_are_granted_to_the_registered_and_declined_to_others(
    town: RoomTown, group: int
) -> None:
    link = town.api.invite_link(group, request=True)
    for account in (town.account("Dự Phòng"), STRANGER, town.account(PRESS)):
        town.api.ask_to_join(account, link)
        town.settles()
    inside = town.api.members(group)
    assert town.account("Dự Phòng") in inside
    assert STRANGER not in inside and town.account(PRESS) not in inside
    town.hears(OFFICER, "notices/room_watch#declined", "Trần Lạ")
    town.hears(OFFICER, "notices/room_watch#declined", PRESS, "báo chí")
    town.is_quiet()
    town.api.ask_to_join(STRANGER, link)
    town.settles()
    town.is_quiet()
    assert len(town.api.calls("declineChatJoinRequest")) == 3


def test_held_back_lines_are_not_said_later(town: RoomTown, group: int) -> None:
    joins(town, group, STRANGER)
    reported(town)
    received(town)
    states = {row.state for row in town.rows_in(group)}
    assert STALE in states and FAILED not in states
    told = lines(town, group)
    town.api.leave(STRANGER, group)
    town.settles()
    assert lines(town, group) == told
