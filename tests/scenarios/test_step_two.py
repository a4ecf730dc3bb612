"""Step 2: brief, direction, meeting, conclusion."""

import pytest

from procedure.errors import Refused
from procedure.steps import step
from procedure.words import StatementForm, Step
from tests.story import (
    DIRECTION,
    briefed,
    concluded,
    directed,
    invited,
    opened,
    received,
    reported,
    to_conclusion,
)
from tests.town import Town


def up(town: Town) -> None:
    """The report has gone up and been received."""
    opened(town)
    town.answers("Thí Dụ", "2h30", "2h35", "Dừng hỏi")
    reported(town)
    received(town)


@pytest.mark.duty("T26")
def test_every_line_of_the_briefs_timeline_is_an_entry_of_the_journal(town: Town) -> None:
    up(town)
    briefed(town)
    brief = town.incident().brief
    assert brief is not None
    entries = {one.seq: one for one in town.journal()}
    assert brief.timeline and all(seq in entries for seq in brief.timeline)
    assert {entries[seq].kind for seq in brief.timeline} >= {"IncidentOpened", "ReportSubmitted"}
    town.taps("Bản Thảo", "Xem bản trình")
    shown = town.last("Bản Thảo")
    for seq in brief.timeline:
        assert f"({seq})" in shown


@pytest.mark.duty("T26")
def test_a_timeline_with_an_invented_entry_is_refused(town: Town) -> None:
    up(town)
    with pytest.raises(Refused, match="timeline_invented"):
        town.decides(
            "Thử",
            "SubmitBrief",
            summary="x",
            timeline=[9999],
            forecast="x",
            options="x",
            proposals="x",
            ask="x",
        )


@pytest.mark.duty("T27")
def test_the_meeting_runs_while_the_direction_is_awaited(town: Town) -> None:
    up(town)
    briefed(town)
    invited(town)
    incident = town.incident()
    assert incident.meeting is not None and not incident.directions
    assert step(incident) is Step.CONSULT
    invitation = town.hears("Phác Họa", "notices/invitation#text", "07:00 thứ Hai, ngày 12/10")
    assert invitation.rings, "he is on duty"
    town.taps("Phác Họa", "Dự")
    town.taps("Thí Điểm", "Vắng")
    card = town.hears("Thử", "notices/meeting_answers#text", "01 dự")
    assert "Chưa trả lời" in card.text
    answers = [one.answer for one in town.incident().meeting.invitees]  # type: ignore[union-attr]
    assert answers.count("yes") == 1 and answers.count("no") == 1


def test_a_newsroom_is_never_invited(town: Town) -> None:
    up(town)
    briefed(town)
    invited(town)
    meeting = town.incident().meeting
    assert meeting is not None
    assert not {one.person for one in meeting.invitees} & {town.id("Phóng Tác")}


@pytest.mark.duty("T28", "T29", "T30")
def test_a_blank_analysis_an_unlisted_form_and_no_choice_are_impossible(town: Town) -> None:
    up(town)
    briefed(town)
    invited(town)
    directed(town)
    town.at("12/10 07:46")
    town.answers("Thử", "/hop", "Nhập kết luận", "Thống nhất một đầu mối.")
    town.answers("Thử", "   ")
    assert "forms/conclusion#analysis" in town.newest_template("Thử")
    town.answers("Thử", "không áp dụng: nguyên nhân chờ khảo sát", "Có thể sạt thêm", "A; B")
    town.answers("Thử", "Chọn A: di dời ngay", "7")
    assert "forms/conclusion#forms" in town.newest_template("Thử")
    town.answers("Thử", "2, 3", "vi du", "du phong", "phac hoa", "Bỏ qua", "Xác nhận")
    conclusion = town.incident().conclusion
    assert conclusion is not None and conclusion.drafted_by == town.id("Thử")
    assert conclusion.chosen == "Chọn A: di dời ngay"
    assert conclusion.forms == (StatementForm.PORTAL, StatementForm.INTERVIEW)
    town.taps("Mẫu", "Xác nhận")
    confirmed = town.incident().conclusion
    assert confirmed is not None and confirmed.confirmed_by == town.id("Mẫu")


@pytest.mark.duty("T31", "T32")
def test_step_three_needs_exactly_one_focal_point_and_one_spokesperson(town: Town) -> None:
    up(town)
    to_conclusion_without_confirmation(town)
    before = town.incident()
    assert step(before) is Step.CONSULT and before.focal_point is None
    town.taps("Mẫu", "Xác nhận")
    after = town.incident()
    assert after.spokesperson and after.focal_point and step(after) is Step.SPEAK
    town.hears("Ví Dụ", "notices/spokesperson_assigned#text", "duy nhất", "Đặng Văn Dự Phòng")
    town.hears("Phác Họa", "notices/focal_point_assigned#text", "đầu mối")
    line = town.hears("Thí Dụ", "notices/redirect_line#text", "không phát biểu nhân danh cơ quan")
    assert "Nội dung này do ông Nguyễn Văn Ví Dụ" in line.text


def to_conclusion_without_confirmation(town: Town) -> None:
    """Everything up to the chair's tap."""
    briefed(town)
    invited(town)
    directed(town)
    town.at("12/10 07:46")
    town.answers("Thử", "/hop", "Nhập kết luận", "Thống nhất một đầu mối.", "Đã ổn định")
    town.answers("Thử", "Có thể sạt thêm", "Bỏ qua", "Di dời ngay", "2", "vi du", "du phong")
    town.answers("Thử", "phac hoa", "Bỏ qua", "Xác nhận")


@pytest.mark.duty("T32")
def test_two_hand_overs_seen_on_one_screen_leave_one_speaker(town: Town) -> None:
    opened(town)
    reported(town)
    to_conclusion(town)
    seen = town.incident().spokesperson
    assert seen is not None
    town.answers("Thử", "/phancong", "Người phát ngôn")
    town.answers("Mẫu", "/phancong", "Người phát ngôn")
    for who in ("Thử", "Mẫu"):
        town.answers(who, "du phong", "Ý kiến Trưởng Ban", "Chủ tịch đang ở hiện trường")
    town.taps("Thử", "Xác nhận phân công")
    town.taps("Mẫu", "Xác nhận phân công")
    assert "vừa được phân công: đồng chí Đặng Văn Dự Phòng" in town.last("Mẫu")
    now = town.incident()
    assert now.spokesperson is not None and now.spokesperson.person == town.id("Dự Phòng")
    assert [one.person for one in now.former_spokespersons] == [town.id("Ví Dụ")]


def test_the_hand_over_tells_everyone_and_the_old_speaker_may_not_take_it_back(
    town: Town,
) -> None:
    opened(town)
    reported(town)
    to_conclusion(town)
    town.skips()
    town.answers("Thử", "/phancong", "Người phát ngôn", "du phong", "Ý kiến Trưởng Ban")
    town.answers("Thử", "Chủ tịch đang ở hiện trường", "Xác nhận phân công")
    town.hears("Dự Phòng", "notices/spokesperson_assigned#text", "người phát ngôn duy nhất")
    town.hears("Ví Dụ", "notices/spokesperson_replaced#text", "Đặng Văn Dự Phòng")
    town.hears("Thí Dụ", "notices/redirect_line#text", "Đặng Văn Dự Phòng")
    with pytest.raises(Refused, match=r"only_department_assigns|speaker_takes_back"):
        town.decides(
            "Ví Dụ",
            "AssignSpokesperson",
            person=town.id("Ví Dụ"),
            expected=town.id("Dự Phòng"),
            by_authority="tự nhận",
            reason="đã về",
        )


def test_a_direction_that_names_everything_stands_for_the_meeting(town: Town) -> None:
    up(town)
    briefed(town)
    directed(town, everything="Có")
    town.answers("Thử", "/hop", "Nhập kết luận", "Theo ý kiến Thường trực.", "Đã ổn định")
    town.answers("Thử", "Có thể sạt thêm", "Bỏ qua", "Di dời ngay", "2", "vi du", "Bỏ qua")
    town.answers("Thử", "phac hoa", "Bỏ qua", "Xác nhận")
    assert step(town.incident()) is Step.SPEAK and town.incident().meeting is None


def test_the_committee_hears_once_and_is_never_reminded(town: Town) -> None:
    up(town)
    briefed(town)
    town.skips()
    town.at("12/10 23:00")
    assert not town.thread("Tượng Trưng")
    to_office = [row for row in town.thread("Bản Thảo") if row.template.startswith("rings/")]
    assert len(to_office) == 1 and "khi thuận tiện" in to_office[0].text
    assert [row for row in town.thread("Thử") if row.template == "rings/call#committee"]


def test_a_correction_of_the_direction_reaches_those_who_acted_on_the_old_one(town: Town) -> None:
    up(town)
    briefed(town)
    directed(town)
    town.skips()
    town.taps("Tượng Trưng", "Cần sửa")
    town.answers("Tượng Trưng", "Di dời trước 10 giờ.", "Không", "Ghi nhận")
    directions = town.incident().directions
    assert directions[0].text == DIRECTION and directions[0].corrected_by == directions[1].id
    town.hears("Ví Dụ", "notices/direction_corrected#text", "đã sửa ý kiến")


def test_only_the_departments_leader_waives_the_meeting_with_a_reason(town: Town) -> None:
    up(town)
    briefed(town)
    directed(town)
    town.answers("Mẫu", "/hop", "Không họp, ghi lý do", "Các đơn vị đang ở hiện trường", "Xác nhận")
    waived = town.incident().meeting_waiver
    assert waived is not None and waived.by == town.id("Mẫu")
    town.hears("Thử", "notices/meeting_waived#text", "Các đơn vị đang ở hiện trường")
    concluded(town, "12/10 06:10")
    assert step(town.incident()) is Step.SPEAK
