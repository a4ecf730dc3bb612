"""A group as the room of an incident: bound, spoken in, tapped in, its card pinned and true."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from procedure.errors import BadValue
from tests.botapi.topics import ICONS
from tests.channels.pictures import png
from tests.room_town import ADMIN, CLERK, HEAD, OFFICER, THREE, RoomTown
from tests.story import invited, opened, received, reported


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[RoomTown]:
    """The sample province on Telegram, nothing open."""
    made = RoomTown(tmp_path / "town")
    yield made
    made.holds()
    made.close()


#: Of another commune.
OUTSIDER = "Tham Chiếu"


def test_a_bound_group_is_greeted_and_shows_how_the_incident_stands(town: RoomTown) -> None:
    group = town.bound("Sạt lở Tre Đông", THREE)
    assert town.in_room(group)[0].text.startswith("Phòng này từ nay theo dõi VV-")
    assert "Bước 1" in town.card(group)
    reported(town)
    received(town)
    lines = [one.text for one in town.in_room(group)]
    assert any("đã báo cáo nhanh Thường trực" in one for one in lines)
    assert "Bước 2" in town.card(group)


def test_only_an_administrator_of_both_binds_a_group(town: RoomTown) -> None:
    town.skips()
    group = town.founds("Nhóm", THREE)
    town.writes(OFFICER, group, "/phong")
    town.hears(OFFICER, "refusals#only_admin_binds", "Thử Nghiệm")
    town.is_quiet()
    assert town.place(group) is None and town.in_room(group) == []
    other = town.api.create_supergroup("Khác", town.account(CLERK), [town.account(ADMIN)])
    town.api.add_bot(other)
    town.api.promote_bot(other)
    town.settles()
    town.writes(ADMIN, other, "/phong")
    town.hears(ADMIN, "refusals#runs_no_group", "Khác")
    town.is_quiet()


def test_a_group_is_the_room_of_one_incident(town: RoomTown, group: int) -> None:
    town.answers(OUTSIDER, "chay cho kenh muoi hai", "Báo vụ việc mới", "Chưa ghi nhận")
    first, second = (town.incident(f"VV-2026-00{n}").stream for n in (1, 2))
    town.skips()
    with pytest.raises(BadValue) as refused:
        town.decides_in(
            second, ADMIN, "BindRoom", channel="telegram", place=str(group), title="Nhóm"
        )
    assert refused.value.key == "room_bound_elsewhere"
    place = town.place(group)
    assert place is not None and place.stream == first
    town.is_quiet()


# A forum


def test_every_new_incident_opens_its_topic_which_closes_with_it(bare: RoomTown) -> None:
    town = bare
    forum = town.founds("Ứng phó khủng hoảng truyền thông", THREE, forum=True)
    town.writes(ADMIN, forum, "/phong")
    town.hears(ADMIN, "binding#forum")
    town.taps(ADMIN, "Làm diễn đàn thường trực")
    town.hears(ADMIN, "binding#forum_bound")
    opened(town)
    topics = town.api.state.groups[forum].topics
    mine = next(one for one in topics.values() if one.name.startswith("VV-"))
    assert mine.name.startswith(town.incident().code)
    said = [one.text for one in town.in_room(forum, mine.id)]
    assert said[0].startswith(f"{town.incident().code}, ") and "báo lúc 02:36" in said[0]
    assert "Bước 1" in town.card(forum, mine.id)
    reported(town)
    assert any("đã báo cáo nhanh" in one.text for one in town.in_room(forum, mine.id))


# The record


def test_what_a_member_puts_on_record_is_an_entry_with_author_and_time(town: RoomTown) -> None:
    reported(town)
    group = town.bound("Sạt lở Tre Đông", THREE)
    town.skips()
    town.writes(CLERK, group, "Nước đang rút, đường tỉnh vẫn đi được.")
    town.is_quiet()
    town.writes(CLERK, group, "/ghi Trưởng ấp đã rào hai đầu lộ.")
    town.hears(CLERK, "rooms#recorded", "Trưởng ấp đã rào hai đầu lộ", "10 phút")
    town.is_quiet()
    record = town.incident().records[0]
    assert (record.author, record.text) == (town.id(CLERK), "Trưởng ấp đã rào hai đầu lộ.")
    assert town.in_room(group)[-1].text.startswith("Đã ghi vào hồ sơ VV-")
    town.taps(CLERK, "Rút lại")
    town.hears(CLERK, "rooms#record_gone")
    town.is_quiet()
    assert town.incident().records[0].text == ""
    assert "rào hai đầu lộ" not in " ".join(town.screen(CLERK))
    town.holds()


def test_a_photo_with_ghi_goes_on_record_and_its_bytes_are_kept(town: RoomTown) -> None:
    group = town.bound("Sạt lở Tre Đông", THREE)
    town.skips()
    town.api.send_photo(town.account(CLERK), png(3), caption="/ghi Hiện trường 03:10", chat=group)
    town.settles()
    town.hears(CLERK, "rooms#recorded", "Hiện trường 03:10")
    assert len(town.incident().records[0].files) == 1


# Taps


def test_a_tap_in_the_room_works_for_whom_it_belongs_to_and_shows_others_a_toast(
    town: RoomTown,
) -> None:
    reported(town)
    group = town.bound("Sạt lở Tre Đông", (*THREE, "Mẫu"))
    received(town)
    invited(town, "12/10 04:22")
    town.skips()
    call = next(one for one in town.in_room(group) if one.text.startswith("Họp VV-"))
    assert [key.label for row in call.keyboard for key in row] == ["Dự", "Vắng"]
    assert town.presses_in(CLERK, group, call.id, "Dự") == "Nút này dành cho đồng chí khác."
    town.is_quiet()
    assert town.presses_in(HEAD, group, call.id, "Dự") == "Đã ghi nhận."
    town.hears(OFFICER, "notices/meeting_answers", "01/09 đơn vị đã trả lời")
    town.is_quiet()
    answers = {one.goes: one.answer for one in town.incident().meeting.invitees}
    assert answers[town.id(HEAD)] == "yes"
    assert town.presses_in(HEAD, group, call.id, "Dự") != "Đã ghi nhận."
    still = next(one for one in town.in_room(group) if one.id == call.id)
    assert still.keyboard == call.keyboard, "it stands for the others"


def test_a_view_or_a_form_goes_on_in_private(town: RoomTown) -> None:
    reported(town)
    group = town.bound("Sạt lở Tre Đông", THREE)
    town.writes(CLERK, group, "/ghi Trưởng ấp đã rào hai đầu lộ.")
    town.skips()
    line = town.in_room(group)[-1]
    address = town.presses_in(CLERK, group, line.id, "Xem hồ sơ phòng")
    payload = address.partition("?start=")[2]
    assert address.startswith("https://t.me/") and payload.startswith("room-")
    town.is_quiet()
    town.api.start(town.account(CLERK), payload)
    town.settles()
    town.hears(CLERK, "views/record", "rào hai đầu lộ")
    town.is_quiet()
    town.writes(CLERK, group, "/baochi")
    town.hears(CLERK, "forms/enquiry")
    town.is_quiet()
    told = town.in_room(group)[-1]
    assert "tiếp tục trong tin nhắn riêng" in told.text
    assert town.api.tap(town.account(CLERK), told.id, "Mở tin nhắn riêng", chat=group) == (
        f"https://t.me/{town.telegram.client.me.name}"
    )


@pytest.mark.parametrize("way", ["tap", "link"])
def test_nobody_reaches_another_s_private_button_by_its_number(
    town: RoomTown, group: int, way: str
) -> None:
    asked = next(row for row in town.live(HEAD) if row.template == "notices/incident_opened#text")
    line = town.in_room(group)[-1]
    town.skips()
    if way == "tap":
        town.api.tap_stale(town.account(OFFICER), line.id, f"{asked.id}:3", chat=group)
    else:
        town.api.start(town.account(OFFICER), f"room-{asked.id}-3")
    town.settles()
    if way == "link":
        town.hears(OFFICER, "refusals#answer_outdated")
    town.is_quiet()
    assert town.live(HEAD)[0].id == asked.id


# The wrong room


def test_a_report_in_the_wrong_room_is_answered_in_private_and_not_in_the_room(
    town: RoomTown,
) -> None:
    reported(town)
    group = town.bound("Sạt lở Tre Đông", THREE)
    before = [one.text for one in town.in_room(group)]
    town.skips()
    town.writes(CLERK, group, "bao chi hoi may gio hop")
    town.is_quiet()
    town.writes(CLERK, group, "chay cho o kenh muoi hai, 3 nguoi bi thuong")
    asked = town.hears(CLERK, "rooms#wrong_room", "chay cho o kenh muoi hai")
    town.is_quiet()
    assert town.labels(asked) == ["Báo vụ việc mới", "Không phải"]
    assert [one.text for one in town.in_room(group)] == before
    town.taps(CLERK, "Báo vụ việc mới")
    town.hears(CLERK, "forms/report_incident")
    assert town.incident().records == ()


def test_the_sign_of_a_topic_follows_the_severity(bare: RoomTown) -> None:
    town = bare
    forum = town.founds("Ứng phó khủng hoảng truyền thông", THREE, forum=True)
    town.writes(ADMIN, forum, "/phong")
    town.taps(ADMIN, "Làm diễn đàn thường trực")
    opened(town)
    topic = next(
        one for one in town.api.state.groups[forum].topics.values() if one.name.startswith("VV-")
    )
    assert ICONS[topic.emoji].startswith("❗")
    town.decides(CLERK, "ChangeSeverity", severity="grave", reason="Có người kẹt")
    assert ICONS[topic.emoji].startswith("🔥")
    assert any("Đặc biệt nghiêm trọng" in one.text for one in town.in_room(forum, topic.id))
