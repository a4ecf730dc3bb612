"""One update, one turn: double taps, second tabs, numbers, words, and lines without a question."""

from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import turn
from storage.tables import MessageRow
from tests.fixtures import EXPERT, HEAD, LEADER, OFFICER, OUTSIDER, PRESS, REPORTER
from tests.handlers.form_cases import asking, begin, current, entries, told
from tests.handlers.test_forms_special import photo
from tests.town import Town

TownAt = Callable[[str], Town]


def with_button(town: Town, who: str, label: str) -> tuple[MessageRow, int]:
    """The newest live prompt with this button, and the button's number."""
    for row in town.live(who):
        found = [n for n, words in town.numbered(row) if words == label]
        if found:
            return row, found[0]
    raise AssertionError(f"{who} has no {label}: {town.buttons(who)}")


def press(town: Town, who: str, row: MessageRow, n: int) -> None:
    """A tap on a prompt as it lies on some screen."""
    town.sends(who, {"type": "answer", "prompt": row.id, "n": n})


# Taps


def test_a_double_tap_counts_once_and_is_thanked_by_silence(town_at: TownAt) -> None:
    town = town_at("sent_up")
    row, n = with_button(town, OFFICER, "Tiếp nhận")
    press(town, OFFICER, row, n)
    done, said = entries(town), len(town.thread(OFFICER))
    press(town, OFFICER, row, n)
    assert (entries(town), len(town.thread(OFFICER))) == (done, said)


def test_another_button_of_an_answered_prompt_is_stale(town_at: TownAt) -> None:
    town = town_at("sent_up")
    row, n = with_button(town, OFFICER, "Tiếp nhận")
    other = town.labels(row).index("Đề nghị bổ sung") + 1
    press(town, OFFICER, row, n)
    done = entries(town)
    press(town, OFFICER, row, other)
    assert told(town, OFFICER).template == "refusals#answer_outdated"
    assert entries(town) == done


def order_of(town: Town) -> MessageRow:
    """The order to verify, as the reporter has it."""
    return next(row for row in town.live(REPORTER) if "verification_ordered" in row.template)


def test_a_receipt_leaves_the_buttons_of_the_work(town_at: TownAt) -> None:
    town = town_at("sent_up")
    row, n = with_button(town, REPORTER, "Đã nhận")
    press(town, REPORTER, row, n)
    assert town.labels(order_of(town)) == ["Nhập kết quả", "Cần hỗ trợ"]
    done, said = entries(town), len(town.thread(REPORTER))
    press(town, REPORTER, row, n)
    assert (entries(town), len(town.thread(REPORTER))) == (done, said)
    town.says(REPORTER, "Nhập kết quả")
    assert asking(town, REPORTER) == "report_verification#result"


@pytest.mark.parametrize(("duty", "working"), [("O1:order:1:1", False), ("O5:1", True)])
def test_a_receipt_given_elsewhere_takes_the_button_off_the_order(
    duty: str, working: bool, town_at: TownAt
) -> None:
    town = town_at("sent_up")
    assert town.labels(order_of(town)) == ["Đã nhận", "Nhập kết quả", "Cần hỗ trợ"]
    town.decides(REPORTER, "AcknowledgeDuty", duty=duty, working=working)
    assert town.labels(order_of(town)) == ["Nhập kết quả", "Cần hỗ trợ"]
    said = len(town.thread(REPORTER))
    town.says(REPORTER, "da nhan")
    assert len(town.thread(REPORTER)) == said + 1, "thanked by silence: nothing waits for it"


def test_a_receipt_that_leaves_nothing_to_do_answers_its_prompt(town_at: TownAt) -> None:
    town = town_at("concluded")
    row, n = with_button(town, HEAD, "Đã nhận")
    press(town, HEAD, row, n)
    assert row.id not in [one.id for one in town.live(HEAD)]


def test_the_same_button_under_two_messages_has_one_meaning(town_at: TownAt) -> None:
    town = town_at("sent_up")
    town.taps(REPORTER, "Đã nhận")
    town.says(REPORTER, "/nhiemvu")
    town.says(REPORTER, "Nhập kết quả")
    assert asking(town, REPORTER) == "report_verification#result"


def test_a_second_tab_that_still_shows_the_old_question_does_no_harm(town_at: TownAt) -> None:
    town = town_at("opened")
    begin(town, HEAD, "authority")
    old = told(town, HEAD)
    town.taps(HEAD, "Có")
    press(town, HEAD, old, 2)
    assert told(town, HEAD).template == "refusals#answer_outdated"
    draft = current(town, HEAD)
    assert draft is not None and draft.answers["complex"]["option"] == "yes"


def test_a_view_can_be_opened_again_and_again(town_at: TownAt) -> None:
    town = town_at("sent_up")
    row, n = with_button(town, OFFICER, "Xem báo cáo")
    for _ in range(2):
        press(town, OFFICER, row, n)
        assert told(town, OFFICER).template == "views/incident#report"
    with_button(town, OFFICER, "Tiếp nhận")


def test_a_refused_tap_leaves_its_button_to_be_tapped_again(town_at: TownAt) -> None:
    town = town_at("sent_up")
    town.says("Kiểm Thử", "/viec")
    row, n = with_button(town, REPORTER, "Nhập kết quả")
    press(town, HEAD, row, n)
    assert told(town, HEAD).template == "refusals#answer_outdated"
    press(town, REPORTER, row, n)
    assert asking(town, REPORTER) == "report_verification#result"


# Numbers, labels and short words with no form open


def test_a_number_is_the_button_of_the_only_prompt(town_at: TownAt) -> None:
    town = town_at("sent_up")
    assert len(town.live(OFFICER)) == 1
    town.says(OFFICER, "1")
    assert town.newest().received_at is not None


def test_a_number_with_two_prompts_open_is_asked_back(town_at: TownAt) -> None:
    town = town_at("received")
    town.says(OFFICER, "/viec")
    before = entries(town)
    assert len(town.live(OFFICER)) > 1
    town.says(OFFICER, "1")
    assert told(town, OFFICER).template == "answers#which_prompt"
    assert entries(town) == before


def test_a_number_in_reply_to_a_prompt_is_its_button(town_at: TownAt) -> None:
    town = town_at("received")
    town.says(OFFICER, "/viec")
    row, n = with_button(town, OFFICER, "Soạn tổng hợp")
    town.says(OFFICER, str(n), reply_to=row.id)
    assert asking(town, OFFICER).startswith("brief#")


@pytest.mark.parametrize("typed", ["Tiếp nhận", "tiep nhan a", "TIẾP NHẬN"])
def test_the_words_of_a_button_typed_are_a_tap(typed: str, town_at: TownAt) -> None:
    town = town_at("sent_up")
    town.says(OFFICER, typed)
    assert town.newest().received_at is not None


@pytest.mark.parametrize("typed", ["da nhan", "Đã nhận", "rõ", "ok", "👍", "dạ rõ anh"])
def test_a_receipt_typed_is_the_button_of_the_only_ring(typed: str, town_at: TownAt) -> None:
    town = town_at("concluded")
    town.says(HEAD, typed)
    assert "O1:spokesperson:3" in town.newest().acknowledged
    town.holds()


@pytest.mark.parametrize("typed", ["da nhan", "rõ", "ok"])
def test_a_receipt_for_nothing_is_thanked_by_silence(typed: str, town: Town) -> None:
    town.says(OFFICER, typed)
    assert [row for row in town.thread(OFFICER) if row.sender == "bot"] == []


@pytest.mark.parametrize("typed", ["ok", "rõ", "đồng ý", "duyệt", "nhất trí", "👍", "Duyệt bản 1"])
def test_no_word_approves(typed: str, town_at: TownAt) -> None:
    town = town_at("drafted")
    town.says(LEADER, typed)
    assert town.newest().statements[0].approved_at is None


@pytest.mark.parametrize("typed", ["Xác nhận", "ok", "đúng", "đồng ý"])
def test_no_word_concludes(typed: str, town_at: TownAt) -> None:
    town = town_at("concluding")
    town.says(LEADER, typed)
    conclusion = town.newest().conclusion
    assert conclusion is not None and conclusion.confirmed_at is None


def test_a_receipt_typed_into_an_open_form_is_for_the_ring(town_at: TownAt) -> None:
    town = town_at("concluded")
    begin(town, HEAD, "claim")
    town.says(HEAD, "đã nhận")
    assert "O1:spokesperson:3" in town.newest().acknowledged
    assert asking(town, HEAD) == "claim#claim"
    assert town.newest().claims == ()


# Lines without a question


def test_a_line_is_never_guessed_and_its_buttons_carry_it(town_at: TownAt) -> None:
    town = town_at("sent_up")
    town.says(REPORTER, "nước đang rút chậm")
    assert told(town, REPORTER).template == "answers#never_guessed"
    labels = town.labels(told(town, REPORTER))
    assert labels == ["Báo vụ việc mới", "Bổ sung VV-2026-001", "Nhắn người trực"]
    town.taps(REPORTER, "Bổ sung VV-2026-001")
    town.taps(REPORTER, "Tình hình mới")
    assert town.newest().detail("known") == "nước đang rút chậm"


def test_a_line_for_the_duty_officer_goes_there_word_for_word(town_at: TownAt) -> None:
    town = town_at("sent_up")
    town.says(REPORTER, "xin cho hỏi <b>x</b> {{ 1 }}")
    town.taps(REPORTER, "Nhắn người trực")
    assert '"xin cho hỏi <b>x</b> {{ 1 }}"' in town.last(OFFICER)
    assert "Lê Văn Thử" in town.last(REPORTER)


def test_who_has_no_part_in_any_incident_is_not_shown_one(town_at: TownAt) -> None:
    town = town_at("sent_up")
    town.says(OUTSIDER, "trời mưa to")
    assert town.labels(told(town, OUTSIDER)) == ["Báo vụ việc mới", "Nhắn người trực"]


def test_a_photo_of_somebody_with_nothing_open_is_a_new_report(town: Town) -> None:
    town.says(REPORTER, "", files=[photo()])
    assert asking(town, REPORTER) == "report_incident#what"
    assert "01 ảnh" in town.last(REPORTER)
    town.answers(REPORTER, "sat lo ap tre dong", "Chưa rõ")
    assert town.newest().line == "sat lo ap tre dong"


def test_a_photo_beside_an_open_incident_is_asked_about(town_at: TownAt) -> None:
    town = town_at("sent_up")
    town.says(REPORTER, "", files=[photo()])
    assert told(town, REPORTER).template == "answers#never_guessed"
    assert "Đã nhận 01 ảnh" in town.last(REPORTER)
    town.taps(REPORTER, "Bổ sung VV-2026-001")
    assert len(town.newest().files) == 1


# Commands


@pytest.mark.parametrize(
    ("typed", "question"),
    [("/baocao", "line"), ("bao cao", "line"), ("Báo vụ việc mới", "line"), ("/report", "line")],
)
def test_a_command_may_be_typed_as_words(typed: str, question: str, town: Town) -> None:
    town.says(REPORTER, typed)
    assert asking(town, REPORTER) == f"report_incident#{question}"


@pytest.mark.parametrize("typed", ["việc của tôi", "vụ việc", "hop", "tổng hợp"])
def test_command_words_are_an_answer_while_a_question_stands_open(
    typed: str, town_at: TownAt
) -> None:
    town = town_at("concluded")
    begin(town, REPORTER, "enquiry")
    town.says(REPORTER, typed)
    draft = current(town, REPORTER)
    assert draft is not None and draft.answers["outlet"]["said"] == typed


def test_a_command_with_its_slash_is_always_a_command(town_at: TownAt) -> None:
    town = town_at("concluded")
    begin(town, REPORTER, "enquiry")
    town.says(REPORTER, "/vuviec")
    assert told(town, REPORTER).template == "views/incident#card"
    assert asking(town, REPORTER) == "enquiry#outlet"


@pytest.mark.parametrize("typed", ["/huy", "hủy", "huy", "thôi", "Hủy"])
def test_cancel_is_understood_in_a_form(typed: str, town_at: TownAt) -> None:
    town = town_at("concluded")
    begin(town, REPORTER, "enquiry")
    town.says(REPORTER, typed)
    assert current(town, REPORTER) is None


def test_a_command_for_one_incident_asks_which_when_there_are_two(town_at: TownAt) -> None:
    town = town_at("sent_up")
    town.answers(REPORTER, "chay cho Vàm Tre", "Báo vụ việc mới", "Chưa rõ", "Dừng hỏi")
    town.says(HEAD, "/baochi")
    assert told(town, HEAD).template == "answers#which_incident"
    town.taps(HEAD, town.labels(told(town, HEAD))[1])
    assert asking(town, HEAD) == "enquiry#outlet"
    town.says(REPORTER, "/vuviec")
    assert told(town, REPORTER).template == "views/incidents#list"
    town.says(REPORTER, "/vuviec sat lo")
    assert told(town, REPORTER).template == "views/incident#card"
    town.says(REPORTER, "/vuviec khong co gi")
    assert "Không tìm thấy" in town.last(REPORTER)


@pytest.mark.parametrize("who", [EXPERT, PRESS])
def test_help_names_whom_to_call(who: str, town: Town) -> None:
    town.says(who, "/trogiup")
    assert "0296.000.0002" in town.last(who)


# When something of ours goes wrong


def test_a_turn_that_fails_three_times_is_set_aside_with_one_calm_sentence(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("ours")

    town.world.strict = False
    monkeypatch.setattr(turn.Turn, "wrote", broken)
    with capture_logs() as logs:
        town.says(REPORTER, "sat lo")
    monkeypatch.undo()
    assert [one["event"] for one in logs].count("turn_failed") == 3
    assert told(town, REPORTER).template == "answers#set_aside"
    assert "0296.000.0002" in town.last(REPORTER)
    town.says(REPORTER, "/trogiup")
    assert told(town, REPORTER).template == "views/help#help"
