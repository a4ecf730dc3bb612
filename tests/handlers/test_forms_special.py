"""What happens around forms: two at once, words for buttons, photos, and a world that moves on."""

from typing import Any

import pytest

from procedure.codec import dump
from procedure.facts import FileRef
from tests.fixtures import HEAD, LEADER, OFFICER, REPORTER, SECRETARY, STATEMENT
from tests.handlers.form_cases import (
    CASES,
    TownAt,
    asking,
    begin,
    current,
    entries,
    finish,
    told,
)
from tests.town import Town


def photo(n: int = 1) -> dict[str, Any]:
    """A photo as it comes with a message."""
    ref = FileRef(sha256=f"{n:064d}", media_type="image/jpeg", size=9, name=f"{n}.jpg")  # type: ignore[arg-type]
    made: dict[str, Any] = dump(ref)
    return made


# Words for buttons


@pytest.mark.parametrize(
    "typed", ["Chưa ghi nhận", "chua ghi nhan", "CHƯA GHI NHẬN.", "dạ chưa ghi nhận ạ", "1"]
)
def test_the_words_or_the_number_of_a_button_count_as_a_tap(typed: str, town: Town) -> None:
    town.answers(REPORTER, "sat lo ap tre dong", "Báo vụ việc mới", typed)
    town.hears(REPORTER, "forms/report_incident#finished")
    assert town.newest().casualties == "none_known"


@pytest.mark.parametrize("typed", ["có lẽ chưa ghi nhận", "ghi nhận", "5", "0", "???", "rồi"])
def test_other_words_where_a_button_is_asked_are_asked_again(typed: str, town: Town) -> None:
    town.answers(REPORTER, "sat lo ap tre dong", "Báo vụ việc mới", typed)
    assert asking(town, REPORTER) == "report_incident#casualties"
    assert "bấm một nút" in town.last(REPORTER)


@pytest.mark.parametrize(("typed", "kept"), [("co", True), ("Không ạ", False), ("có rồi", True)])
def test_yes_and_no_may_be_typed(typed: str, kept: bool, town_at: TownAt) -> None:
    town = town_at("opened")
    begin(town, HEAD, "authority")
    town.says(HEAD, typed)
    assert asking(town, HEAD) == "authority#sensitive"


@pytest.mark.parametrize("typed", ["gửi", "gui", "1", "Gửi ạ"])
def test_a_preview_is_sent_by_its_own_word_or_number(typed: str, town_at: TownAt) -> None:
    town = town_at("opened")
    begin(town, HEAD, "quick_report")
    town.says(HEAD, typed)
    assert town.newest().submitted_at is not None


@pytest.mark.parametrize("typed", ["ok", "rõ", "đồng ý", "duyệt", "👍", "được đấy, gửi luôn"])
def test_no_other_word_sends_a_preview(typed: str, town_at: TownAt) -> None:
    town = town_at("sent_up")
    begin(town, REPORTER, "holding")
    town.says(REPORTER, typed)
    assert town.newest().statements == ()
    assert asking(town, REPORTER) == "holding#preview"


def test_the_quiet_buttons_may_be_typed_too(town_at: TownAt) -> None:
    town = town_at("received")
    begin(town, OFFICER, "brief")
    town.says(OFFICER, "Có thể sạt tiếp")
    town.says(OFFICER, "quay lai")
    assert asking(town, OFFICER) == "brief#forecast"
    town.says(OFFICER, "giữ nguyên")
    assert asking(town, OFFICER) == "brief#options"
    town.says(OFFICER, "bỏ qua")
    assert asking(town, OFFICER) == "brief#options"
    assert "chưa bỏ qua được" in town.last(OFFICER)
    town.says(OFFICER, "hủy")
    assert current(town, OFFICER) is None


def test_several_numbers_and_a_number_that_is_words(town_at: TownAt) -> None:
    town = town_at("directed")
    begin(town, OFFICER, "meeting")
    town.answers(OFFICER, "hop 7h sang nay", "15", "2", "1")
    draft = current(town, OFFICER)
    assert draft is not None and draft.answers["place"]["said"] == "15"
    assert asking(town, OFFICER) == "meeting#agenda"


# The words that were there before


def test_back_and_edit_show_what_was_written_and_let_it_be(town_at: TownAt) -> None:
    town = town_at("concluded")
    begin(town, REPORTER, "statement")
    town.answers(REPORTER, STATEMENT, "Sửa", "Nội dung")
    assert f'Đang ghi: "{STATEMENT}"' in town.last(REPORTER)
    town.taps(REPORTER, "Giữ nguyên")
    town.taps(REPORTER, "Gửi")
    assert town.newest().statements[-1].text == STATEMENT


def test_another_text_takes_the_place_of_the_first(town_at: TownAt) -> None:
    town = town_at("concluded")
    begin(town, REPORTER, "statement")
    town.answers(REPORTER, STATEMENT, "Sửa", "Nội dung", STATEMENT + " Đã có nước sạch.", "Gửi")
    assert town.newest().statements[-1].text.endswith("Đã có nước sạch.")


def test_a_changed_answer_takes_those_that_hung_on_it_along(town_at: TownAt) -> None:
    town = town_at("reported")
    begin(town, LEADER, "decide_proposal")
    town.answers(LEADER, "Có", "phac hoa", "Quay lại", "Quay lại", "Không")
    assert asking(town, LEADER) == "decide_proposal#reason"
    town.says(LEADER, "Đã có người làm")
    assert town.newest().proposals[0].accepted is False


# Photos


def test_a_photo_sent_to_a_question_of_words_goes_into_the_file(town_at: TownAt) -> None:
    town = town_at("sent_up")
    begin(town, HEAD, "written_report")
    before = asking(town, HEAD)
    town.says(HEAD, "", files=[photo(1), photo(2)])
    assert len(town.newest().files) == 2
    assert asking(town, HEAD) == before
    assert "Đã thêm 02 tệp" in town.last(HEAD)


def test_words_that_come_with_a_photo_are_the_answer(town_at: TownAt) -> None:
    town = town_at("sent_up")
    begin(town, HEAD, "written_report")
    town.says(HEAD, "Lộ sạt 38 m", files=[photo()])
    assert len(town.newest().files) == 1
    assert asking(town, HEAD) == "written_report#unknown"
    assert "Đã thêm 01 tệp" in town.last(HEAD)


def test_a_photo_from_somebody_without_a_part_asks_for_words(town_at: TownAt) -> None:
    town = town_at("briefed")
    begin(town, SECRETARY, "direction")
    town.says(SECRETARY, "", files=[photo()])
    assert asking(town, SECRETARY) == "direction#text"
    files = town.newest().files
    assert ("cần trả lời bằng chữ" in town.last(SECRETARY)) == (files == ())


def test_a_photo_and_a_line_within_ninety_seconds_are_one_report(town: Town) -> None:
    town.says(REPORTER, "", files=[photo(1)])
    assert asking(town, REPORTER) == "report_incident#what"
    town.forward(seconds=60)
    town.says(REPORTER, "sat lo ap tre dong", files=[photo(2)])
    town.taps(REPORTER, "Chưa rõ")
    assert len(town.newest().files) == 2
    assert town.newest().line == "sat lo ap tre dong"


# Two forms at once


def test_a_second_form_parks_the_first_and_its_end_brings_it_back(town_at: TownAt) -> None:
    town = town_at("received")
    begin(town, OFFICER, "brief")
    town.says(OFFICER, "Có thể sạt tiếp")
    begin(town, OFFICER, "supplement")
    town.restart()
    finish(town, "supplement", CASES["supplement"], CASES["supplement"].answers)
    assert asking(town, OFFICER) == "brief#options"
    assert town.last(OFFICER).startswith("Tiếp tục việc đang soạn dở.")
    finish(town, "brief", CASES["brief"], CASES["brief"].answers[1:])
    brief = town.newest().brief
    assert brief is not None and brief.forecast == "Có thể sạt tiếp"
    assert current(town, OFFICER) is None


def test_the_same_form_on_the_same_incident_goes_on_where_it_was(town_at: TownAt) -> None:
    town = town_at("received")
    begin(town, OFFICER, "brief")
    town.says(OFFICER, "Có thể sạt tiếp")
    begin(town, OFFICER, "supplement")
    begin(town, OFFICER, "brief")
    assert asking(town, OFFICER) == "brief#options"


def test_a_parked_form_is_listed_and_taken_up_by_its_button(town_at: TownAt) -> None:
    town = town_at("received")
    begin(town, OFFICER, "holding")
    town.taps(OFFICER, "Để sau")
    assert current(town, OFFICER) is None
    town.says(OFFICER, "việc của tôi")
    town.taps(OFFICER, "Tiếp tục: phát ngôn cầm chừng")
    assert asking(town, OFFICER) == "holding#preview"


def test_a_button_of_a_parked_form_takes_it_up(town_at: TownAt) -> None:
    town = town_at("opened")
    begin(town, HEAD, "authority")
    begin(town, HEAD, "severity")
    town.taps(HEAD, "Có")
    assert asking(town, HEAD) == "authority#sensitive"
    town.says(HEAD, "/huy")
    assert asking(town, HEAD) == "severity#severity"


def test_no_more_questions_means_no_more_questions(town: Town) -> None:
    town.answers(REPORTER, "sat lo ap tre dong", "Báo vụ việc mới", "Chưa rõ", "Dừng hỏi")
    town.hears(REPORTER, "answers#stopped")
    town.answers(REPORTER, "/baocao", "chay cho Vàm Tre", "Chưa rõ", "Dừng hỏi")
    assert current(town, REPORTER) is None
    town.taps(REPORTER, "Bổ sung báo cáo")
    assert asking(town, REPORTER).startswith("report_details#")


# A world that moves on


def test_a_form_that_another_has_made_needless_says_so_and_can_only_be_left(
    town_at: TownAt,
) -> None:
    town = town_at("reported")
    begin(town, OFFICER, "decide_proposal", proposal=1)
    begin(town, LEADER, "decide_proposal", proposal=1)
    town.answers(LEADER, "Không", "Đã có người làm")
    before = entries(town)
    for _ in range(2):
        town.says(OFFICER, "có")
        assert told(town, OFFICER).template == "refusals#proposal_settled"
        assert current(town, OFFICER) is not None
    town.taps(OFFICER, "Hủy")
    assert current(town, OFFICER) is None
    assert entries(town) == before


def test_a_preview_that_comes_too_late_is_refused_and_kept_until_it_is_left(
    town_at: TownAt,
) -> None:
    town = town_at("opened")
    begin(town, HEAD, "quick_report")
    begin(town, "Dự Phòng", "quick_report")
    town.taps("Dự Phòng", "Gửi")
    town.taps(HEAD, "Gửi")
    assert told(town, HEAD).template == "refusals#already_submitted"
    assert current(town, HEAD) is not None
    town.taps(HEAD, "Hủy")
    assert current(town, HEAD) is None


def test_a_parked_form_that_has_become_needless_does_not_hold_up_the_next(
    town_at: TownAt,
) -> None:
    town = town_at("reported")
    begin(town, OFFICER, "decide_proposal", proposal=1)
    begin(town, OFFICER, "task")
    begin(town, LEADER, "decide_proposal", proposal=1)
    town.answers(LEADER, "Không", "Đã có người làm")
    finish(town, "task", CASES["task"], ("Cắm biển", "thi du", "17:00 14/10", "Không"))
    assert town.newest().tasks[-1].what == "Cắm biển"
    assert told(town, OFFICER).template == "refusals#proposal_settled"
    town.taps(OFFICER, "Hủy")
    assert current(town, OFFICER) is None


def test_a_question_asked_again_takes_the_place_of_the_first(town_at: TownAt) -> None:
    town = town_at("opened")
    begin(town, REPORTER, "casualties")
    first = told(town, REPORTER)
    town.says(REPORTER, "không biết nữa")
    live = [row.id for row in town.live(REPORTER) if row.template == first.template]
    assert first.id not in live and len(live) == 1
    town.sends(REPORTER, {"type": "answer", "prompt": first.id, "n": 1})
    assert told(town, REPORTER).template == "refusals#answer_outdated"
    assert town.newest().casualties == "none_known"


def test_five_thousand_letters_are_told_the_limit_and_the_way_on(town_at: TownAt) -> None:
    town = town_at("concluded")
    begin(town, REPORTER, "statement")
    town.says(REPORTER, "x" * 5000)
    assert "5000 ký tự, tối đa là 4000" in town.last(REPORTER)
    assert "rút gọn" in town.last(REPORTER)
    assert asking(town, REPORTER) == "statement#text"


def test_a_person_of_several_names_is_chosen_by_a_button(town_at: TownAt) -> None:
    town = town_at("met")
    begin(town, OFFICER, "conclusion")
    for answer in CASES["conclusion"].answers[:6]:
        town.answers(OFFICER, answer)
    town.says(OFFICER, "van")
    assert "trùng tên" in town.last(OFFICER)
    town.says(OFFICER, "1")
    assert asking(town, OFFICER) == "conclusion#stand_in"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("hôm nào rảnh", "Chưa đọc được"),
        ("32/13 9h", "không có trên lịch"),
        ("hôm qua 9h", "đã qua"),
        ("4h", "nhiều cách"),
        ("chiều mai", "Chưa thấy giờ"),
        ("mai 8h", "qua nửa đêm"),
        ("8h sáng 14/10 và 9h sáng 14/10", "hai thời điểm"),
    ],
)
def test_a_time_that_cannot_be_read_gets_its_own_sentence(
    typed: str, words: str, town_at: TownAt
) -> None:
    town = town_at("received")
    begin(town, OFFICER, "supplement")
    town.answers(OFFICER, "Số hộ", typed)
    assert asking(town, OFFICER) == "supplement#due"
    assert words in town.last(OFFICER), town.last(OFFICER)
