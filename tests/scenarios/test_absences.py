"""Who is away, who acts for him, and what does not go over: the right to speak (conduct §6)."""

from storage import journal
from tests.story import approved, invited, opened, reported, to_conclusion
from tests.town import Town

HEAD, DEPUTY, CLERK, LEADER, SECOND = "Ví Dụ", "Dự Phòng", "Bản Sao", "Mẫu", "Thử"


def goes_away(town: Town, who: str, stand_in: str, *, since: str = "Từ bây giờ") -> None:
    """He says from when, until when, and who acts for him."""
    town.answers(who, "/vangmat", "Ghi vắng mặt", since, "17:00 14/10", stand_in)
    town.taps(who, "Đúng, nhờ thay")


def is_away(town: Town, who: str, stand_in: str) -> None:
    """The other has accepted, at once."""
    goes_away(town, who, stand_in)
    town.taps(stand_in, "Nhận thay")
    town.skips()


def authorities(town: Town) -> list[tuple[str, int, str]]:
    """What stands in the incident's journal: kind, who, under which authority."""
    stream = town.incident().stream
    entries = town.world.db.read(lambda session: journal.read(session, stream))
    return [(one.kind, one.actor, one.authority) for one in entries]


def test_nothing_goes_over_before_the_other_has_accepted(town: Town) -> None:
    goes_away(town, HEAD, DEPUTY)
    asked = town.hears(DEPUTY, "arrangements#absence_asked", "Quyền phát ngôn không chuyển theo")
    assert town.labels(asked) == ["Nhận thay", "Không thay được"]
    town.skips()
    opened(town)
    town.hears(HEAD, "notices/incident_opened")
    town.taps(DEPUTY, "Không thay được")
    town.hears(HEAD, "arrangements#absence_declined", "chọn người khác")
    assert ["Ghi vắng mặt"] in town.buttons(HEAD)


def test_duties_pings_and_answers_go_over_and_come_back_by_themselves(town: Town) -> None:
    goes_away(town, HEAD, DEPUTY)
    town.taps(DEPUTY, "Nhận thay")
    town.hears(HEAD, "arrangements#absence_accepted")
    town.skips()
    opened(town)
    town.hears(DEPUTY, "notices/incident_opened", "Kính báo cáo đồng chí Phó Chủ tịch")
    town.says(DEPUTY, "/viec")
    assert any("Báo cáo nhanh, VV-2026-001" in row.text for row in town.thread(DEPUTY))
    town.says(HEAD, "/viec")
    assert "Báo cáo nhanh" not in town.last(HEAD)
    town.at("12/10 02:42")
    town.answers(DEPUTY, "Xem và gửi lên tỉnh", "Gửi", "Đ/c Thí Dụ")
    assert ("ReportSubmitted", town.id(DEPUTY), "for_head") in authorities(town)
    town.skips()
    town.at("14/10 17:01")
    town.hears(HEAD, "arrangements#absence_over")
    town.hears(DEPUTY, "arrangements#absence_over")
    town.says(HEAD, "/viec")
    assert any("Báo cáo văn bản" in row.text for row in town.thread(HEAD)[-8:])


def test_he_takes_his_work_back_with_one_tap(town: Town) -> None:
    is_away(town, HEAD, DEPUTY)
    town.answers(HEAD, "/vangmat", "Tôi nhận lại việc")
    town.hears(DEPUTY, "arrangements#absence_ended", "không phải thay nữa")
    opened(town)
    town.hears(HEAD, "notices/incident_opened")


def test_an_invitation_goes_to_whoever_acts_for_him_and_he_comes(town: Town) -> None:
    opened(town)
    reported(town)
    town.at("12/10 02:47")
    town.taps("Thử", "Tiếp nhận")
    invited(town)
    is_away(town, HEAD, DEPUTY)
    town.says(DEPUTY, "/viec")
    town.taps(DEPUTY, "Dự")
    meeting = town.incident().meeting
    assert meeting is not None
    places = {one.person: (one.goes, one.answer) for one in meeting.invitees}
    assert places[town.id(HEAD)] == (town.id(DEPUTY), "yes")


def test_an_absent_approver_is_acted_for_and_never_by_the_author(town: Town) -> None:
    opened(town)
    reported(town)
    to_conclusion(town)
    is_away(town, LEADER, SECOND)
    town.at("12/10 08:52")
    text = "Đến 08 giờ, sạt lở dài 38 m, 07 hộ đã được di dời an toàn."
    town.answers("Thí Dụ", "/phatngon", "Soạn nội dung phát ngôn", text, "Gửi")
    town.hears(SECOND, "notices/statement_to_approve")
    town.taps(SECOND, f"Duyệt bản {len(town.incident().statements)}")
    assert ("StatementApproved", town.id(SECOND), "department") in authorities(town)
    town.hears(HEAD, "notices/statement_approved")


def test_the_word_does_not_go_over_and_whoever_names_speakers_is_asked(town: Town) -> None:
    opened(town)
    reported(town)
    to_conclusion(town)
    approved(town)
    goes_away(town, HEAD, DEPUTY, since="10h sáng nay")
    town.taps(DEPUTY, "Nhận thay")
    town.skips()
    town.at("12/10 10:01")
    town.hears(DEPUTY, "arrangements#absence_begins")
    asked = town.hears("Thử", "arrangements#speaker_away", "không được phát ngôn theo")
    assert town.labels(asked) == ["Chuyển phát ngôn"]
    statement = len(town.incident().statements)
    stream = town.incident().stream
    town.presses(DEPUTY, {"open": "spoken", "stream": stream, "args": {"statement": statement}})
    assert "Nguyễn Văn Ví Dụ" in town.last(DEPUTY) and not town.incident().spoken
    town.answers("Thử", "Chuyển phát ngôn", "du phong", "Ý kiến Trưởng Ban", "Đồng chí ấy vắng")
    town.taps("Thử", "Xác nhận phân công")
    held = town.incident().spokesperson
    assert held is not None and held.person == town.id(DEPUTY)


def test_a_speaker_is_not_named_while_he_is_away(town: Town) -> None:
    opened(town)
    reported(town)
    to_conclusion(town)
    is_away(town, "Minh Họa", HEAD)
    town.answers("Thử", "/phancong", "Người phát ngôn", "minh hoa", "Ý kiến Trưởng Ban", "Gấp quá")
    town.taps("Thử", "Xác nhận phân công")
    assert "đang vắng đến 17:00" in town.last("Thử")


def test_a_clerk_enters_it_for_another_who_hears_and_can_end_it(town: Town) -> None:
    town.answers(CLERK, "/vangmat", "Ghi vắng mặt", "vi du", "Từ bây giờ", "17:00 14/10")
    town.answers(CLERK, "thi du")
    assert "cấp phó thay" in town.last(CLERK), "asked back at once, not at the end"
    town.answers(CLERK, "du phong", "Đúng, nhờ thay")
    town.hears(HEAD, "arrangements#absence_entered", "Ngô Thị Bản Sao đã ghi đồng chí vắng")
    town.answers(HEAD, "/vangmat", "Tôi nhận lại việc")
    town.hears(DEPUTY, "arrangements#absence_ended")
    assert town.last(CLERK).startswith("Đã hỏi")
    town.answers(DEPUTY, "/vangmat")
    assert "chưa ghi vắng mặt" in town.last(DEPUTY)


def test_a_late_tap_on_what_was_asked_does_nothing(town: Town) -> None:
    goes_away(town, HEAD, DEPUTY)
    card = town.live(DEPUTY)[0]
    town.taps(DEPUTY, "Nhận thay")
    town.skips()
    town.sends(DEPUTY, {"type": "answer", "prompt": card.id, "n": 1})
    town.is_quiet()


def test_who_has_not_answered_is_named_when_it_begins(town: Town) -> None:
    goes_away(town, HEAD, DEPUTY, since="07:00 13/10")
    town.skips()
    town.at("13/10 05:30")
    town.hears(HEAD, "arrangements#absence_unanswered", "chưa trả lời", "0296.000.0010")
    town.is_quiet()
    town.at("13/10 09:00")
    town.is_quiet()


def test_the_unit_s_card_says_who_is_away_and_keeps_who_holds_what(town: Town) -> None:
    is_away(town, HEAD, DEPUTY)
    town.says(CLERK, "/donvi")
    said = town.last(CLERK)
    assert "Người đứng đầu: Nguyễn Văn Ví Dụ" in said
    assert "Nguyễn Văn Ví Dụ vắng đến 17:00 14/10; đồng chí Đặng Văn Dự Phòng thay" in said
