"""Step 1: verification by several units, the local path, going beyond, the reporting line."""

import pytest

from procedure.steps import step
from procedure.words import Authority, Step
from tests.story import opened, received, reported
from tests.town import Town


@pytest.mark.duty("T18")
def test_pressing_beyond_authority_demands_the_report_and_starts_the_clock(town: Town) -> None:
    opened(town)
    town.answers("Ví Dụ", "Đơn vị tự xử lý", "Xã đủ lực lượng tại chỗ", "Xác nhận")
    assert town.incident().within
    town.forward(hours=5)
    town.skips()
    stream = town.incident().stream
    town.presses("Ví Dụ", {"open": "authority", "stream": stream, "args": {}})
    town.answers("Ví Dụ", "Có", "Có", "Có", "Có", "Không", "Vượt thẩm quyền")
    town.answers("Ví Dụ", "Sạt lở lan sang hai ấp", "Xác nhận")
    assert town.incident().beyond
    told = town.hears("Thí Dụ", "notices/went_beyond#text", "vượt thẩm quyền")
    due = town.incident().authority_decided_at
    assert due is not None and "08:36" in told.text, told.text
    assert step(town.incident()) is Step.REPORT


@pytest.mark.duty("T17")
def test_an_ordinary_matter_runs_its_four_steps_without_the_province(town: Town) -> None:
    town.answers("Thí Dụ", "dong nguoi tu tap o cho Vam Tre", "Báo vụ việc mới", "Chưa ghi nhận")
    stream = town.incident().stream
    town.presses("Ví Dụ", {"open": "keep_within", "stream": stream, "args": {}})
    town.answers("Ví Dụ", "Xác nhận")
    assert town.incident().authority is Authority.WITHIN
    town.presses("Ví Dụ", {"open": "conclusion", "stream": stream, "args": {}})
    town.answers("Ví Dụ", "Xã thông tin trên Trang.", "Không phức tạp", "Sẽ ổn định", "Bỏ qua")
    town.answers("Ví Dụ", "Thông tin sớm", "2", "vi du", "Bỏ qua", "thi du", "Bỏ qua", "Xác nhận")
    assert step(town.incident()) is Step.SPEAK
    town.answers("Thí Dụ", "/phatngon", "Soạn nội dung phát ngôn")
    town.answers("Thí Dụ", "Sáng nay chợ Vàm Tre hoạt động bình thường.", "Gửi")
    town.taps("Ví Dụ", "Duyệt bản 1")
    town.answers("Ví Dụ", "/phatngon", "Đã phát ngôn")
    town.answers("Ví Dụ", "Đăng Cổng, Trang TTĐT, mạng xã hội chính thức", "Vừa xong")
    town.answers("Ví Dụ", "Trang TTĐT xã", "Bỏ qua", "Bỏ qua", "Xác nhận")
    assert step(town.incident()) is Step.FOLLOW_UP
    for person in ("Thử", "Mẫu", "Bản Thảo", "Tượng Trưng"):
        assert not town.thread(person), f"{person} is of the province and hears nothing"


@pytest.mark.duty("T17")
def test_going_beyond_later_loses_nothing(town: Town) -> None:
    opened(town)
    town.answers("Ví Dụ", "Đơn vị tự xử lý", "Xã đủ lực lượng tại chỗ", "Xác nhận")
    stream = town.incident().stream
    town.presses("Ví Dụ", {"open": "order_verification", "stream": stream, "args": {}})
    town.answers("Ví Dụ", "thi du", "Rà từng hộ", "Bỏ qua")
    before = town.incident()
    town.presses("Ví Dụ", {"open": "authority", "stream": stream, "args": {}})
    town.answers("Ví Dụ", "Có", "Có", "Có", "Có", "Có", "Vượt thẩm quyền")
    town.answers("Ví Dụ", "Sạt lở lan rộng", "Xác nhận")
    town.answers("Ví Dụ", "Xem và gửi lên tỉnh", "Gửi")
    after = town.incident()
    assert after.submitted_at and after.orders == before.orders
    assert after.details["damage"] == before.details["damage"] and after.files == before.files
    received(town, "12/10 02:47")
    town.holds()


def test_the_result_is_entered_by_the_message_whose_receipt_was_given(town: Town) -> None:
    opened(town)
    reported(town)
    order = next(row for row in town.live("Thí Dụ") if "verification_ordered" in row.template)
    town.at("12/10 02:50")
    town.skips()
    town.taps_on("Thí Dụ", order, 1)
    town.is_quiet()
    assert town.duty("O1:order:1:1") is None
    town.at("12/10 03:30")
    left = next(row for row in town.live("Thí Dụ") if row.id == order.id)
    assert town.numbered(left) == [(2, "Nhập kết quả"), (3, "Cần hỗ trợ")]
    town.skips()
    town.taps_on("Thí Dụ", order, 1)
    town.is_quiet()
    town.taps_on("Thí Dụ", order, 2)
    town.answers("Thí Dụ", "Đã rà 07 hộ, đo được 38 m.", "Tôi xác nhận")
    assert town.duty("O5:1") is None
    assert order.id not in [row.id for row in town.live("Thí Dụ")]
    town.holds()


@pytest.mark.duty("T16")
def test_each_unit_receipts_apart_and_only_the_late_one_climbs(town: Town) -> None:
    opened(town)
    town.at("12/10 02:42")
    town.answers("Ví Dụ", "Xem và gửi lên tỉnh", "Gửi", "Chọn người khác")
    town.answers("Ví Dụ", "thi du, phac hoa, thi diem", "Rà số hộ, đo chiều dài", "Bỏ qua")
    orders = town.incident().orders
    assert [order.lead for order in orders] == [True, False, False]
    assert len({order.unit for order in orders}) == 3
    town.taps("Thí Dụ", "Đã nhận")
    town.taps("Phác Họa", "Đã nhận")
    town.at("12/10 02:58")
    late = "O1:order:3:" + str(town.id("Thí Điểm"))
    rung = town.incident().rung
    assert late in rung
    assert not any(key.startswith(("O1:order:1", "O1:order:2")) for key in rung)
    town.taps("Thí Điểm", "Đã nhận")
    town.skips()
    town.at("12/10 03:40")
    spoken_of = [key for key in town.incident().rung if key.startswith("O1:order")]
    assert spoken_of == [late]


@pytest.mark.duty("T2")
def test_an_override_of_the_suggestion_keeps_its_reason(town: Town) -> None:
    opened(town)
    town.answers("Ví Dụ", "Đơn vị tự xử lý")
    town.hears("Ví Dụ", "forms/keep_within#reason")
    town.answers("Ví Dụ", "ko", "Xã đủ thẩm quyền và lực lượng", "Xác nhận")
    entries = town.journal()
    decided = next(one for one in entries if one.kind == "AuthorityDecided")
    assert decided.fact.suggested is Authority.BEYOND and not decided.fact.beyond
    assert decided.fact.reason == "Xã đủ thẩm quyền và lực lượng"


def test_asking_for_more_is_not_sending_back(town: Town) -> None:
    opened(town)
    reported(town)
    received(town)
    town.skips()
    stream = town.incident().stream
    town.presses("Thử", {"open": "supplement", "stream": stream, "args": {}})
    town.answers("Thử", "số hộ đã di dời", "4h sáng nay", "Gửi")
    asked = town.incident().supplements[0]
    assert town.incident().received_at is not None and asked.provided_at is None
    town.hears("Ví Dụ", "notices/supplement_requested#text", "vẫn có giá trị")
    town.taps("Ví Dụ", "Gửi bổ sung")
    town.answers("Ví Dụ", "05 hộ đã di dời", "Gửi")
    assert town.incident().supplements[0].provided_at is not None


def test_nobody_goes_over_the_head_and_the_refusal_names_him(town: Town) -> None:
    opened(town)
    stream = town.incident().stream
    town.presses("Thí Dụ", {"open": "quick_report", "stream": stream, "args": {}})
    assert "Nguyễn Văn Ví Dụ" in town.last("Thí Dụ") and "0296.000.0003" in town.last("Thí Dụ")
    assert town.incident().submitted_at is None


def test_a_deputy_sends_on_behalf_and_the_head_is_told(town: Town) -> None:
    opened(town)
    stream = town.incident().stream
    town.presses("Dự Phòng", {"open": "quick_report", "stream": stream, "args": {}})
    town.answers("Dự Phòng", "Gửi")
    assert town.incident().submitted_by == town.id("Dự Phòng")
    town.hears("Ví Dụ", "notices/submitted_for_you#text", "thay mặt đồng chí")


def test_death_or_missing_persons_reach_the_duty_officer_at_once(town: Town) -> None:
    town.says("Thí Dụ", "lat do ngang, co nguoi mat tich")
    town.answers("Thí Dụ", "Báo vụ việc mới", "Có người chết, mất tích")
    alarm = town.hears("Thử", "notices/unconfirmed_report#text", "người đứng đầu chưa xác nhận")
    assert alarm.rings
    assert town.incident().severity.value == "grave"
