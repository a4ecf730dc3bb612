"""Two figures for one thing: a conflict with an owner and a clock (storyboard row 28, T20)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from procedure.errors import Refused
from procedure.figures import conflicts
from tests.fixtures import Stage, copy_of
from tests.story import opened, reported, to_conclusion
from tests.town import Town, local

CLERK, HEAD, EXPERT = "Thí Dụ", "Ví Dụ", "Phác Họa"
OFFICER, LEADER, WATCH = "Thử", "Mẫu", "Giả Thiết"
SAFE = "Đến 08 giờ, 07 hộ đã được di dời an toàn."
LONG = "Sạt lở dài khoảng 38 m."
COMMUNE = ("dai sat lo", "35m", "6h30", "xã đo", "Tôi xác nhận")
AGENCY = ("1", "38 m", "8h15", "tổ khảo sát của Sở", "Tôi xác nhận")


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """VV-01 is concluded, everybody has received his part; the commune has given its 35 m."""
    folder = tmp_path_factory.mktemp("figures") / "town"
    town = Town(folder)
    opened(town)
    town.answers(CLERK, "2h30", "2h35", "Dừng hỏi")
    reported(town)
    to_conclusion(town)
    assert ["Đã nhận", "Nhập số liệu", "Cần hỗ trợ"] in town.buttons(EXPERT)
    town.taps(EXPERT, "Đã nhận")
    town.taps(HEAD, "Đã nhận")
    enters(town, CLERK, *COMMUNE)
    stage = Stage(folder, town.clock, town.incident())
    town.close()
    return stage


@pytest.fixture
def concluded(morning: Stage, tmp_path: Path) -> Iterator[Town]:
    """A copy of it, at 08:31."""
    town = copy_of(morning, tmp_path / "town")
    town.at("12/10 08:31")
    town.skips()
    yield town
    town.close()


def enters(town: Town, who: str, *answers: str) -> None:
    """Somebody enters a figure from the list of tasks."""
    town.answers(who, "/nhiemvu", "Nhập số liệu", *answers)


def differ(town: Town) -> None:
    """The agency's survey says 38 m."""
    enters(town, EXPERT, *AGENCY)


def drafts(town: Town, text: str) -> None:
    """The clerk writes the statement."""
    do = {"open": "statement", "stream": town.incident().stream, "args": {}}
    town.presses(CLERK, do)
    town.says(CLERK, text)


@pytest.mark.duty("T20")
def test_two_numbers_of_the_slide_are_put_before_the_focal_point(concluded: Town) -> None:
    town = concluded
    differ(town)
    card = town.hears(
        EXPERT,
        "notices/figure_conflict#text",
        "Chiều dài sạt lở (VV-2026-001) có hai số: "
        "35 m (xã Vàm Tre, 06:30) và 38 m (Sở NN&MT, 08:15).",
        "Đồng chí là đầu mối, kính đề nghị chọn và ghi lý do trước 09:01.",
        "Nội dung trình duyệt chưa dùng được các số này.",
    )
    assert card.rings and town.labels(card) == ["35 m", "38 m", "Đo lại"]
    owed = town.duty("conflict:2")
    assert owed is not None and owed.due == local("12/10 09:01")


@pytest.mark.duty("T20")
def test_the_ring_comes_to_the_focal_point_and_climbs_to_the_leader_when_late(
    concluded: Town,
) -> None:
    town = concluded
    differ(town)
    town.at("12/10 09:01")
    rows = [row for row in town.thread(EXPERT) if row.template == "rings/owner#figure_conflict"]
    assert rows and "hạn 09:01" in rows[-1].text
    assert town.labels(rows[-1]) == ["35 m", "38 m", "Đo lại"]
    assert not calls(town, LEADER)
    reached: list[str] = []
    while not calls(town, LEADER):
        town.forward(minutes=5)
        reached += [who for who in (WATCH, OFFICER) if who not in reached and calls(town, who)]
        assert town.clock < local("12/10 13:00"), "it climbs within the morning"
    assert reached == [WATCH, OFFICER]
    card = calls(town, LEADER)[-1]
    assert "chọn số liệu" in card.text and "Phác Họa" in card.text
    assert town.labels(card) == ["Đã gọi được", "Không gọi được", "Chọn số liệu"]
    town.taps(LEADER, "Chọn số liệu")
    town.answers(LEADER, "38 m", "Tổ khảo sát đo bằng máy")
    assert town.duty("conflict:2") is None
    settled = town.incident().settlements[0]
    assert (settled.by, settled.reason) == (town.id(LEADER), "Tổ khảo sát đo bằng máy")


def calls(town: Town, who: str) -> list[object]:  # type: ignore[type-arg]
    """The call cards about the conflict that this person has."""
    rows = [row for row in town.thread(who) if row.template.startswith("rings/call#")]
    return [row for row in rows if "conflict:2" in row.duties]


@pytest.mark.duty("T20")
def test_a_statement_uses_neither_number_till_one_is_chosen(concluded: Town) -> None:
    town = concluded
    differ(town)
    town.skips()
    drafts(town, f"{SAFE} {LONG} Bà con không đến gần.")
    refused = town.hears(
        CLERK, "forms/statement#text", "35 m (xã Vàm Tre, 06:30) và 38 m", "0296.000.0008"
    )
    assert town.labels(refused)[0] == "Bỏ câu có số liệu"
    town.taps(CLERK, "Bỏ câu có số liệu")
    town.hears(CLERK, "forms/statement#preview", f'"{SAFE} Bà con không đến gần."')
    town.taps(CLERK, "Gửi")
    assert town.incident().statements[-1].text == f"{SAFE} Bà con không đến gần."
    town.taps(LEADER, "Duyệt bản 1")
    assert town.incident().approved_statement is not None


@pytest.mark.duty("T20")
def test_the_chosen_number_is_told_to_those_who_reported_and_may_be_said(concluded: Town) -> None:
    town = concluded
    differ(town)
    town.skips()
    town.answers(EXPERT, "38 m", "Đo bằng máy, có biên bản")
    town.hears(EXPERT, "forms/settle_figure#reason", "Lý do chọn 38 m?")
    town.hears(EXPERT, "forms/settle_figure#finished", "38 m")
    told = town.hears(CLERK, "notices/figure_settled#text", "lấy số 38 m", "Đo bằng máy")
    assert "Phác Họa" in told.text
    town.is_quiet()
    drafts(town, f"{SAFE} Sạt lở dài 35 m.")
    town.hears(CLERK, "forms/statement#text", "Số 35 m không được chọn", "lấy số 38 m")
    town.answers(CLERK, f"{SAFE} {LONG}", "Gửi")
    town.taps(LEADER, "Duyệt bản 1")
    ready = town.incident().approved_statement
    assert ready is not None and ready.text == f"{SAFE} {LONG}"
    town.holds()


@pytest.mark.duty("T20")
def test_a_conflict_that_comes_after_the_draft_bars_the_approval(concluded: Town) -> None:
    town = concluded
    drafts(town, f"{SAFE} Sạt lở dài 35 m.")
    town.taps(CLERK, "Gửi")
    differ(town)
    town.skips()
    town.taps(LEADER, "Duyệt bản 1")
    town.hears(LEADER, "refusals#figure_contested", "35 m (xã Vàm Tre, 06:30)", "Phác Họa")
    town.taps(LEADER, "Đọc toàn văn")
    town.hears(LEADER, "views/incident#statement", "Lưu ý")
    town.is_quiet()
    assert town.incident().approved_statement is None
    town.answers(EXPERT, "35 m", "Chỉ tính đoạn đã sạt hẳn")
    town.taps(LEADER, "Duyệt bản 1")
    assert town.incident().approved_statement is not None


def test_the_speaker_hears_when_the_approved_text_becomes_contested(concluded: Town) -> None:
    town = concluded
    drafts(town, f"{SAFE} Sạt lở dài 35 m.")
    town.taps(CLERK, "Gửi")
    town.taps(LEADER, "Duyệt bản 1")
    differ(town)
    warned = town.hears(HEAD, "notices/statement_contested#text", "chưa phát ngôn", "Phác Họa")
    assert warned.rings
    town.says(HEAD, "/phatngon")
    assert "Lưu ý" in town.last(HEAD)


def test_measuring_again_asks_those_who_reported_and_the_clock_runs_on(concluded: Town) -> None:
    town = concluded
    differ(town)
    town.skips()
    town.taps(EXPERT, "Đo lại")
    town.hears(EXPERT, "acts#SettleFigure", "đo, đếm lại")
    town.hears(CLERK, "notices/figure_to_measure#text", "Chiều dài sạt lở", "Phác Họa")
    town.is_quiet()
    owed = town.duty("conflict:2")
    assert owed is not None and owed.due == local("12/10 09:01")
    town.forward(minutes=10)
    town.taps(CLERK, "Nhập số liệu")
    assert "Chiều dài sạt lở là bao nhiêu" in town.last(CLERK)
    town.answers(CLERK, "37,5 mét", "Vừa xong", "Tổ khảo sát và xã cùng đo", "Tôi xác nhận")
    assert town.duty("conflict:2") is None and not conflicts(town.incident())
    assert (town.incident().figures[-1].value, town.incident().figures[-1].unit) == ("37.5", "m")


def test_every_figure_carries_the_name_of_who_confirmed_it_when_and_its_source(
    concluded: Town,
) -> None:
    town = concluded
    enters(town, CLERK, "so ho da di doi", "2-3 nha")
    assert "còn là một khoảng" in town.last(CLERK)
    town.answers(CLERK, "khoang 5 nha", "Vừa xong", "trưởng ấp đếm")
    assert "khoảng 5 hộ" in town.last(CLERK) and "chịu trách nhiệm" in town.last(CLERK)
    assert len(town.incident().figures) == 1, "nothing is kept before he confirms it"
    town.taps(CLERK, "Tôi xác nhận")
    kept = town.incident().figures[-1]
    assert (kept.by, kept.at, kept.estimated) == (town.id(CLERK), town.clock, True)
    differ(town)
    town.answers(OFFICER, "/nhiemvu", "Xem số liệu")
    shown = town.last(OFFICER)
    assert "khoảng 5 hộ (xã Vàm Tre, 08:31); nguồn: trưởng ấp đếm" in shown
    assert "đồng chí Võ Thị Thí Dụ xác nhận 08:31" in shown
    assert "Chiều dài sạt lở (các số khác nhau, chưa chọn)" in shown


@pytest.mark.duty("T26")
def test_the_brief_marks_the_conflict_and_says_both_numbers(town: Town) -> None:
    opened(town)
    town.answers(CLERK, "2h30", "2h35", "Dừng hỏi")
    reported(town)
    town.taps(OFFICER, "Tiếp nhận")
    order(town, EXPERT)
    enters(town, CLERK, "dai sat lo", "35m", "Vừa xong", "xã đo", "Tôi xác nhận")
    enters(town, EXPERT, "1", "38 m", "Vừa xong", "tổ khảo sát", "Tôi xác nhận")
    town.answers(OFFICER, "/tonghop", "Có thể sạt thêm", "Phương án A")
    town.answers(OFFICER, "Xã phát ngôn", "Xin ý kiến", "Gửi")
    brief = town.incident().brief
    assert brief is not None
    assert "Chiều dài sạt lở: 35 m (xã Vàm Tre) / 38 m (Sở NN&MT)" in brief.summary
    town.taps("Bản Thảo", "Xem bản trình")
    assert "Chiều dài sạt lở (các số khác nhau, chưa chọn): 35 m" in town.last("Bản Thảo")


def order(town: Town, *names: str) -> None:
    """The department has these people look on site."""
    people = [town.id(name) for name in names]
    organisation = town.world.db.read(town.world.organisation)
    units = [organisation.people[one].unit for one in people]
    town.decides(
        OFFICER, "OrderVerification", people=people, units=units, what="Đo tại chỗ", due=None
    )


@pytest.mark.duty("T20")
def test_two_departments_that_differ_on_dissolved_oxygen_are_the_duty_officers_before_step_two(
    town: Town,
) -> None:
    """VV-04: before a focal point is named the department's duty officer chooses."""
    ward, second = "Tạm Gọi", "Giả Định"
    town.answers(ward, "ca be chet hang loat o ben con phuoc", "Báo vụ việc mới", "Chưa ghi nhận")
    town.answers(ward, "4h", "4h30", "Dừng hỏi")
    do = {"open": "quick_report", "stream": town.newest().stream, "args": {}}
    town.presses(ward, do)
    town.taps(ward, "Gửi")
    town.taps(OFFICER, "Tiếp nhận")
    order(town, EXPERT, second)
    enters(town, EXPERT, "oxy hoa tan", "2,8 mg/l", "Vừa xong", "trạm quan trắc", "Tôi xác nhận")
    town.skips()
    enters(town, second, "DO", "3,4 mg/lít", "Vừa xong", "phòng xét nghiệm", "Tôi xác nhận")
    card = town.hears(OFFICER, "notices/figure_conflict#text", "2,8 mg/l", "3,4 mg/l")
    assert "Oxy hòa tan" in card.text and "Đồng chí là đầu mối" not in card.text
    assert town.labels(card) == ["2,8 mg/l", "3,4 mg/l", "Đo lại"]
    owed = town.duty("conflict:2")
    assert owed is not None and owed.due - owed.start == timedelta(minutes=30)
    with pytest.raises(Refused, match="figure_contested"):
        text = "Oxy hòa tan đo được 3,4 mg/l. Nguyên nhân đang được khảo sát."
        town.decides(ward, "DraftStatement", text=text, holding=True)
    with pytest.raises(Refused, match="only_focal_point_settles"):
        town.decides(second, "SettleFigure", figures=[1, 2], chosen=2, reason="Số của tôi")
    town.answers(OFFICER, "2,8 mg/l", "Trạm quan trắc đo tại bè")
    assert town.duty("conflict:2") is None
    text = "Oxy hòa tan đo được 2,8 mg/l. Nguyên nhân đang được khảo sát."
    town.decides(ward, "DraftStatement", text=text, holding=True)
    assert town.incident().statements[-1].holding
