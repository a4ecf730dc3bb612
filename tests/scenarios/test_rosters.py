"""`/truc`: who is on duty this week; nobody on duty is known before it begins (duty row 11)."""

import pytest

from procedure.entries_arrangements import EmptyShiftFound
from procedure.entries_organisation import ORGANISATION
from procedure.words import Role
from storage import journal
from tests.story import opened, reported
from tests.town import Town

HEAD, REPORTER, CLERK, WATCH, OFFICER, LEADER = (
    "Ví Dụ", "Thí Dụ", "Bản Sao", "Mô Phỏng", "Thử", "Mẫu",
)  # fmt: skip
WEEK = "T2-T6: thi du\nT7: mo phong"


def rostered(town: Town, week: str = WEEK) -> None:
    """The clerk of the commune writes who is on duty."""
    town.answers(CLERK, "/truc", "Xếp lịch tuần", week)
    town.taps(CLERK, "Đúng, ghi lại")


def on_duty(town: Town) -> str:
    """Who is on duty in the commune."""
    whole = town.world.db.read(town.world.organisation)
    unit = whole.people[town.id(HEAD)].unit
    return whole.people[whole.holders(Role.ON_DUTY, unit)[0]].short


def test_a_week_is_written_in_two_lines_and_everybody_in_it_hears(town: Town) -> None:
    town.answers(CLERK, "/truc")
    assert "chưa xếp lịch trực" in town.last(CLERK) and "Hồ Văn Mô Phỏng" in town.last(CLERK)
    town.skips()
    rostered(town)
    town.hears(REPORTER, "arrangements#roster_set", "Ngô Thị Bản Sao xếp")
    town.hears(WATCH, "arrangements#roster_set")
    town.taps(REPORTER, "Xem lịch trực")
    said = town.last(REPORTER)
    assert "Thứ Hai, từ 02:36: CHƯA CÓ NGƯỜI" in said
    assert "Thứ Ba, từ 07:00 13/10: Võ Thị Thí Dụ" in said
    assert on_duty(town) == WATCH, "Monday 02:36 is Sunday's turn: nobody's, so the list's man"
    town.at("12/10 07:00")
    assert on_duty(town) == REPORTER


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ("hôm nào cũng được", "cần ngày, dấu hai chấm"),
        ("T2 25h-26h: thi du", "không có trên đồng hồ"),
        ("T2: khong co ai", "Chưa tìm thấy"),
        ("T2: phac hoa", "Chưa tìm thấy"),
    ],
)
def test_a_line_that_is_not_understood_is_asked_again(town: Town, week: str, said: str) -> None:
    town.answers(CLERK, "/truc", "Xếp lịch tuần", week)
    assert said in town.last(CLERK)


def test_only_the_unit_s_own_keepers_write_it(town: Town) -> None:
    unit = town.world.db.read(town.world.organisation).people[town.id(HEAD)].unit
    for who in (REPORTER, OFFICER):
        town.presses(who, {"open": "roster", "stream": None, "args": {"unit": unit}})
        assert "Lịch trực do người đứng đầu" in town.last(who)


@pytest.mark.duty("T11")
def test_an_empty_shift_is_told_before_it_begins_and_climbs_when_it_has(town: Town) -> None:
    town.at("12/10 08:00")
    rostered(town, "T2-T6: thi du\nT7: mo phong\nCN 19h-7h: thi du")
    town.skips()
    town.at("17/10 18:00")
    town.is_quiet()
    town.at("17/10 20:00")
    town.hears(HEAD, "arrangements#shift_empty", "từ 07:00 Chủ nhật")
    asked = town.hears(CLERK, "arrangements#shift_empty")
    assert town.labels(asked) == ["Xếp lịch tuần", "Trực thay"]
    town.is_quiet()
    town.at("18/10 07:00")
    for who in (HEAD, CLERK, OFFICER, LEADER):
        town.hears(who, "arrangements#shift_empty_now")
    town.is_quiet()
    found = [
        one.fact
        for one in town.world.db.read(lambda session: journal.read(session, ORGANISATION))
        if isinstance(one.fact, EmptyShiftFound)
    ]
    assert [len(one.told) for one in found] == [2, 4], "a journalled gap that climbs"
    town.answers(CLERK, "Trực thay", "Từ bây giờ", "19h hom nay", "thi du")
    town.taps(CLERK, "Đúng, ghi lại")
    assert on_duty(town) == REPORTER
    town.skips()
    town.at("18/10 12:00")
    town.is_quiet()


def test_a_swap_and_a_note_for_whoever_comes_next(town: Town) -> None:
    town.at("12/10 08:00")
    rostered(town)
    town.skips()
    town.answers(WATCH, "/truc", "Trực thay", "19h hom nay", "7h sang mai", "Đúng, ghi lại")
    town.hears(REPORTER, "arrangements#shift_taken", "Hồ Văn Mô Phỏng trực từ 19:00")
    town.hears(HEAD, "arrangements#shift_taken")
    town.answers(REPORTER, "/truc", "Bàn giao ca", "Theo dõi vết nứt ở tổ 5")
    town.hears(WATCH, "arrangements#shift_note", "Theo dõi vết nứt ở tổ 5")
    town.at("12/10 19:01")
    assert on_duty(town) == WATCH
    town.at("13/10 07:00")
    assert on_duty(town) == REPORTER


def test_the_duty_officer_at_two_in_the_morning_is_a_person(town: Town) -> None:
    leader = town.id(LEADER)
    town.answers(LEADER, "/truc", "Xếp lịch tuần", "cả tuần 19h-7h: kiem thu")
    town.taps(LEADER, "Đúng, ghi lại")
    town.skips()
    opened(town)
    reported(town)
    town.hears("Kiểm Thử", "notices/report_arrived")
    assert town.world.db.read(town.world.organisation).on_shift and leader
