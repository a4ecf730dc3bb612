"""VV-01 from the first photo to the end, as storyboard rows tell it, on the moved clock."""

import pytest

from procedure.steps import step
from procedure.words import Severity, Step, Verdict
from tests.story import MAU, opened, reported, spoken, to_conclusion
from tests.town import Town, local

PORTAL = "Đăng Cổng, Trang TTĐT, mạng xã hội chính thức"


@pytest.mark.duty("T15")
def test_one_plain_line_opens_an_incident_in_three_messages(town: Town) -> None:
    town.says("Thí Dụ", "sat lo ap tre dong")
    town.hears("Thí Dụ", "answers#never_guessed")
    town.taps("Thí Dụ", "Báo vụ việc mới")
    town.hears("Thí Dụ", "forms/report_incident#casualties", "sạt lở tại ấp Tre Đông")
    town.taps("Thí Dụ", "Chưa ghi nhận")
    town.hears("Thí Dụ", "forms/report_incident#finished", "VV-2026-001", "Chủ tịch")
    town.hears("Thí Dụ", "forms/report_details#happened")
    head = town.hears("Ví Dụ", "notices/incident_opened#text", "Kính báo cáo đồng chí Chủ tịch")
    assert head.rings, "the unit that owes Step 1 is rung at any hour"
    town.is_quiet()
    assert town.incident().severity is Severity.SERIOUS


@pytest.mark.duty("T15")
def test_a_photo_with_a_line_opens_it_in_two(town: Town) -> None:
    photo = {"sha256": "a" * 64, "media_type": "image/jpeg", "size": 9, "name": "sat lo.jpg"}
    town.says("Thí Dụ", "sat lo ap tre dong roi, mat cai lo, 7 nha", files=[photo])
    town.hears("Thí Dụ", "forms/report_incident#casualties", "Đã nhận 01 ảnh và tin")
    town.taps("Thí Dụ", "Chưa rõ")
    assert [file.sha256 for file in town.incident().files] == ["a" * 64]
    assert "07 nhà" in town.incident().detail("damage")


def test_photos_within_ninety_seconds_are_one_answer_and_get_one_reply(town: Town) -> None:
    first = {"sha256": "a" * 64, "media_type": "image/jpeg", "size": 9, "name": "1.jpg"}
    second = {**first, "sha256": "b" * 64, "name": "2.jpg"}
    town.says("Thí Dụ", "sat lo ap tre dong", files=[first])
    town.forward(seconds=40)
    town.says("Thí Dụ", files=[second])
    town.taps("Thí Dụ", "Chưa ghi nhận")
    assert len(town.incident().files) == 2


@pytest.mark.duty("T25")
def test_the_chat_becomes_a_report_with_three_times_and_the_opinion_is_verbatim(
    town: Town,
) -> None:
    opened(town)
    town.answers("Thí Dụ", "2h30", "2h35")
    reported(town)
    incident = town.incident()
    assert incident.happened and incident.happened.at == local("12/10 02:30")
    assert incident.detected and incident.detected.at == local("12/10 02:35")
    assert incident.submitted_at == local("12/10 02:42")
    to_conclusion(town, until="direction")
    direction = town.incident().current_direction
    assert direction is not None
    assert direction.text == "Di dời hết các hộ trong sáng nay. Xã phát ngôn, Ban duyệt."
    assert direction.entered_by == town.id("Bản Thảo")
    assert direction.confirmed_at is None
    town.taps("Tượng Trưng", "Đúng ý kiến")
    confirmed = town.incident().current_direction
    assert confirmed is not None and confirmed.confirmed_at


def test_the_head_of_the_party_committee_hears_and_has_nothing_to_do(town: Town) -> None:
    opened(town)
    reported(town)
    told = town.hears("Minh Họa", "notices/head_informed#text", "không phải làm gì thêm")
    assert not told.rings


def test_a_rumour_is_checked_and_never_enters_the_report(town: Town) -> None:
    opened(town)
    reported(town)
    town.says("Thí Dụ", "/huy")
    town.says("Thí Dụ", "tren mang don 3 nguoi bi cuon troi")
    town.taps("Thí Dụ", "Bổ sung VV-2026-001")
    town.hears("Thí Dụ", "forms/add_line#finished", "tin chưa kiểm chứng")
    claim = town.incident().claims[0]
    assert claim.verdict is None
    assert "cuon troi" not in town.incident().detail("known")
    evidence = "Đã rà 07 hộ, đủ người; trưởng ấp cùng xác nhận lúc 03:35."
    town.answers("Thí Dụ", "Nhập kết quả", evidence, "Sai", "Tôi xác nhận")
    assert town.incident().claims[0].verdict is Verdict.FALSE
    assert town.incident().claims[0].checked_by == town.id("Thí Dụ")


@pytest.mark.duty("T38", "T40", "T41")
def test_all_of_it_to_the_end(town: Town) -> None:
    opened(town)
    town.answers("Thí Dụ", "2h30", "2h35", "Dừng hỏi")
    reported(town)
    to_conclusion(town)
    assert step(town.incident()) is Step.SPEAK
    spoken(town)
    assert step(town.incident()) is Step.FOLLOW_UP
    owed = town.hears("Ví Dụ", "forms/spoken#finished", "Bước 4", "16:00")
    assert "báo cáo kết quả" in owed.text

    town.at("12/10 15:21")
    town.answers("Ví Dụ", "Mở báo cáo kết quả", "Bỏ qua", "Bỏ qua", "Bỏ qua", "Bỏ qua")
    town.answers("Ví Dụ", "Rà các hộ còn lại", "Khảo sát toàn tuyến kênh", "Tiếp tục theo dõi")
    town.taps("Ví Dụ", "Gửi")
    assert town.incident().result is not None
    assert "báo cáo kết quả đã xong" in town.last("Ví Dụ")

    town.says("Mẫu", "/vuviec")
    closing(town, refused="còn đề xuất")
    town.taps("Mẫu", "Xem xét đề xuất")
    town.answers("Mẫu", "Có", "phac hoa", "17:00 14/10")
    task = next(one for one in town.incident().tasks if "Khảo sát" in one.what)
    assert task.owner == town.id("Phác Họa")
    closing(town, refused="còn nhiệm vụ")
    finish_everything(town)
    town.at("19/10 17:02")
    town.skips()
    town.taps("Mẫu", "Kết thúc vụ việc")
    town.answers("Mẫu", "Thường trực đồng ý kết thúc", "Kết thúc vụ việc")
    assert step(town.incident()) is Step.CLOSED
    town.hears("Ví Dụ", "notices/incident_ended#text", "Trân trọng cảm ơn")
    town.says("Mẫu", "/vuviec VV-2026-001")
    town.answers("Mẫu", "Việc khác", "Mở lại vụ việc", "Có diễn biến mới", "Mở lại vụ việc")
    again = town.incident()
    assert again.closed_at is None and again.result is not None and again.spoken
    town.holds()


def closing(town: Town, *, refused: str) -> None:
    """The department's head asks to close and is told what is still open."""
    incident = town.incident()
    do = {"open": "close", "stream": incident.stream, "args": {}}
    town.presses(MAU, do)
    assert refused in town.last("Mẫu"), town.last("Mẫu")


def finish_everything(town: Town) -> None:
    """Every task is done, the order of verification answered, the direction confirmed."""
    for task in town.incident().tasks:
        if task.done_at is None:
            do = {
                "open": "finish_task",
                "stream": town.incident().stream,
                "args": {"task": task.id},
            }
            town.presses(task.owner, do)
            town.says(task.owner, "Đã xong, có ảnh tại hiện trường")
    for order in town.incident().orders:
        if order.reported_at is None:
            do = {
                "open": "report_verification",
                "stream": town.incident().stream,
                "args": {"order": order.id},
            }
            town.presses(order.person, do)
            town.answers(order.person, "Đã rà đủ các hộ lúc 9h", "Tôi xác nhận")
    if town.incident().directions[-1].confirmed_at is None:
        town.taps("Tượng Trưng", "Đúng ý kiến")
