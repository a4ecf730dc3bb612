"""What a notice keeps offering, and a reminder before the meeting."""

from tests.story import briefed, invited, opened, received, reported, spoken, to_conclusion
from tests.town import Town


def test_reading_the_report_leaves_the_chairman_his_buttons(town: Town) -> None:
    opened(town)
    town.taps("Ví Dụ", "Xem báo cáo")
    assert "Báo cáo Bước 1" in town.last("Ví Dụ")
    town.answers("Ví Dụ", "Xem và gửi lên tỉnh", "Gửi")
    assert town.incident().submitted_at is not None


def test_a_received_task_keeps_its_done_button_until_it_is_done(town: Town) -> None:
    opened(town)
    reported(town)
    received(town)
    stream = town.incident().stream
    town.presses("Thử", {"open": "task", "stream": stream, "args": {}})
    town.answers("Thử", "Rào chắn hiện trường", "thi du", "17:00 13/10", "Không", "Gửi")
    town.says("Thí Dụ", "/viec")
    assert any("Đã xong" in labels for labels in town.buttons("Thí Dụ"))


def test_those_who_come_are_reminded_half_an_hour_before_and_the_others_not(town: Town) -> None:
    opened(town)
    reported(town)
    received(town)
    briefed(town)
    invited(town)
    town.taps("Phác Họa", "Dự")
    town.taps("Thí Điểm", "Vắng")
    town.at("12/10 06:29")
    town.skips()
    town.at("12/10 06:30")
    town.hears("Phác Họa", "notices/meeting_soon#text", "còn 30 phút")
    town.hears("Mẫu", "notices/meeting_soon#text", "07:00 thứ Hai")
    assert not [row for row in town.unheard() if row.person == town.id("Thí Điểm")]
    town.at("12/10 06:45")
    reminders = [r for r in town.thread("Phác Họa") if r.template == "notices/meeting_soon#text"]
    assert len(reminders) == 1


def test_a_clock_that_was_wound_past_the_meeting_reminds_nobody(town: Town) -> None:
    opened(town)
    reported(town)
    received(town)
    briefed(town)
    invited(town)
    town.jumps("12/10 08:00")
    assert not [r for r in town.thread("Phác Họa") if r.template == "notices/meeting_soon#text"]


def test_the_head_who_reports_himself_may_send_it_up_at_once(town: Town) -> None:
    town.answers("Ví Dụ", "sat lo ap tre dong", "Báo vụ việc mới", "Chưa ghi nhận")
    assert town.duty("O1:open") is None
    town.taps("Ví Dụ", "Xem và gửi lên tỉnh")
    town.taps("Ví Dụ", "Gửi")
    assert town.incident().submitted_by == town.id("Ví Dụ")


def test_a_bare_photo_is_asked_what_it_shows(town: Town) -> None:
    photo = {"sha256": "a" * 64, "media_type": "image/jpeg", "size": 9, "name": "1.jpg"}
    town.says("Thí Dụ", files=[photo])
    town.hears("Thí Dụ", "forms/report_incident#what", "Đã nhận 01 ảnh")
    town.answers("Thí Dụ", "sat lo ap tre dong", "Chưa ghi nhận")
    incident = town.incident()
    assert incident.files and incident.title == "Sạt lở ấp Tre Đông"


def test_a_further_text_after_the_first_is_approved_and_owed_like_it(town: Town) -> None:
    opened(town)
    reported(town)
    to_conclusion(town)
    spoken(town)
    text = "Đến 11 giờ, tất cả các hộ đã được di dời."
    town.answers("Thí Dụ", "/phatngon", "Soạn nội dung phát ngôn", text, "Gửi")
    version = len(town.incident().statements)
    assert town.duty(f"O14b:{version}") is not None
    town.taps("Mẫu", f"Duyệt bản {version}")
    assert town.duty("O14_target") is not None


def test_a_line_and_a_photo_shortly_after_it_are_one_report(town: Town) -> None:
    photo = {"sha256": "a" * 64, "media_type": "image/jpeg", "size": 9, "name": "1.jpg"}
    town.says("Thí Dụ", "sat lo ap tre dong")
    town.forward(seconds=30)
    town.says("Thí Dụ", files=[photo])
    town.answers("Thí Dụ", "Chưa ghi nhận")
    incident = town.incident()
    assert incident.line == "sat lo ap tre dong" and len(incident.files) == 1
    assert not [row for row in town.live("Thí Dụ") if row.template == "answers#never_guessed"]


def test_two_lines_far_apart_are_two(town: Town) -> None:
    town.says("Thí Dụ", "sat lo ap tre dong")
    town.forward(minutes=5)
    town.says("Thí Dụ", "co nguoi keu cuu")
    town.taps("Thí Dụ", "Báo vụ việc mới")
    assert "co nguoi keu cuu" in town.last("Thí Dụ") and "tre dong" not in town.last("Thí Dụ")
