"""The meeting in depth: stand-ins, those who do not answer, moves, the end, the record."""

import json
from collections.abc import Callable

import pytest
from icalendar import Calendar

from bot.files import path_of
from procedure.errors import Refused
from procedure.steps import step
from procedure.words import Step
from storage.tables import MessageRow
from tests.fixtures import EXPERT, LEADER, OFFICER, REPORTER, Stage, copy_of
from tests.listening import rungs, told
from tests.story import briefed, invited, opened, received, reported
from tests.town import Town, local

COLLEAGUE, BUILDER = "Giả Thiết", "Thí Điểm"
MOVED = "forms/move_meeting#finished"


def up(town: Town) -> None:
    """The brief has gone to the committee; its direction is awaited."""
    opened(town)
    town.answers(REPORTER, "2h30", "2h35", "Dừng hỏi")
    reported(town)
    received(town)
    briefed(town)


def calendar(town: Town, row: MessageRow) -> Calendar:
    """The calendar file that came with a message."""
    (file,) = json.loads(row.files)
    assert file["media_type"] == "text/calendar"
    return Calendar.from_ical(path_of(town.world.settings, file["sha256"]).read_bytes())


@pytest.mark.duty("T27")
def test_the_meeting_opens_while_the_direction_is_awaited_and_the_stand_in_is_counted(
    town: Town,
) -> None:
    up(town)
    invited(town)
    town.hears(EXPERT, "notices/invitation#text", "Kính đề nghị trả lời trước 04:52")
    town.skips()
    town.taps(EXPERT, "Cử người dự thay")
    town.hears(EXPERT, "forms/send_stand_in#person", "Đồng chí cử ai dự thay")
    town.answers(EXPERT, "1")
    town.hears(EXPERT, "forms/send_stand_in#finished", "đồng chí ấy tự trả lời")
    asked = town.hears(COLLEAGUE, "notices/stand_in_invited#text", "Phác Họa cử dự thay")
    assert town.labels(asked) == ["Dự", "Vắng"]
    town.hears(EXPERT, "rings/call#night", "Giả Thiết")  # it is night: the watch calls him
    town.hears(OFFICER, "notices/meeting_answers#text", "00/09 đơn vị đã trả lời")
    town.taps(COLLEAGUE, "Dự")
    town.hears(COLLEAGUE, "acts#AnswerInvitation", "đồng chí dự họp")
    town.hears(OFFICER, "notices/meeting_answers#text", "01/09 đơn vị đã trả lời, 01 dự")
    town.is_quiet()

    town.answers(OFFICER, "/hop", "Đổi giờ họp", "8h sang nay", "Giữ địa điểm cũ")
    town.answers(OFFICER, "Đồng chí chủ trì bận", "Đúng, báo đổi giờ")
    again = town.hears(COLLEAGUE, "notices/meeting_moved#text", "08:00 thứ Hai", "thay cho 07:00")
    assert town.labels(again) == ["Dự", "Vắng"], "he is asked anew"
    told_too = town.hears(EXPERT, "notices/meeting_moved#text", "Đồng chí chủ trì bận")
    assert "trả lời lại" not in told_too.text
    town.hears(LEADER, "notices/meeting_moved#text", "08:00")
    town.taps(COLLEAGUE, "Dự")
    incident = town.incident()
    assert incident.meeting is not None and not incident.directions
    assert step(incident) is Step.CONSULT
    town.at("12/10 06:59")
    assert not told(town, COLLEAGUE, "notices/meeting_soon"), "the old time rings nobody"
    town.at("12/10 07:31")
    town.hears(COLLEAGUE, "notices/meeting_soon#text", "08:00 thứ Hai")
    assert not told(town, EXPERT, "notices/meeting_soon")

    town.at("12/10 08:10")
    town.skips()
    town.answers(OFFICER, "/hop", "Ghi người dự", "1")
    record = town.hears(OFFICER, "forms/attendance#finished", "10 đồng chí có mặt")
    assert "Vắng" not in record.text
    town.answers(OFFICER, "/hop", "Ghi biên bản", "Các đơn vị thống nhất phương án A.")
    town.hears(OFFICER, "forms/minutes#finished", "Đã lưu biên bản")
    town.says(LEADER, "/hop")
    shown = town.hears(LEADER, "views/incident#meeting").text
    for words in ("Giả Thiết (thay đồng chí", "Có mặt:", "Các đơn vị thống nhất phương án A."):
        assert words in shown
    town.holds()


@pytest.fixture
def met(stages: dict[str, Stage], tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Town]:
    """A town in which the meeting is called for seven; the expert said that he comes."""
    return lambda: copy_of(stages["met"], tmp_path_factory.mktemp("met") / "town")


def test_a_stand_in_who_stays_away_gives_the_answer_back(met: Callable[[], Town]) -> None:
    town = met()
    town.taps(BUILDER, "Cử người dự thay")
    town.answers(BUILDER, "1")
    town.taps("Mô Hình", "Vắng")
    back = town.hears(BUILDER, "notices/stand_in_declined#text", "Mô Hình không dự thay được")
    assert town.labels(back) == ["Dự", "Vắng", "Cử người dự thay"]
    town.taps(BUILDER, "Dự")
    town.hears(OFFICER, "notices/meeting_answers#text", "02 dự")
    town.close()


def test_the_invitee_takes_it_back_and_the_stand_in_is_thanked(met: Callable[[], Town]) -> None:
    town = met()
    town.taps(BUILDER, "Cử người dự thay")
    town.answers(BUILDER, "mo hinh")
    town.answers(BUILDER, "/hop", "Dự")
    town.hears("Mô Hình", "notices/stand_in_released#text", "không phải dự thay nữa")
    assert not town.live("Mô Hình"), "nothing is left to tap"
    town.close()


def test_somebody_of_another_unit_may_not_stand_in(met: Callable[[], Town]) -> None:
    town = met()
    town.taps(BUILDER, "Cử người dự thay")
    town.says(BUILDER, "thi du")
    assert town.newest_template(BUILDER) == "refusals#stand_in_of_unit"
    town.close()


def test_when_answers_are_due_the_caller_gets_one_card_that_keeps_itself_up_to_date(
    met: Callable[[], Town],
) -> None:
    town = met()
    town.at("12/10 06:25")
    cards = told(town, OFFICER, "notices/meeting_answers")
    assert [card.superseded for card in cards] == [False], "one card for eight who are late"
    (card,) = cards
    others = [row for row in told(town, OFFICER, "rings/call") if "giấy mời" in row.text]
    assert not others, "and no call card beside it"
    assert "01/09 đơn vị đã trả lời, 01 dự" in card.text and "Kính nhờ đồng chí gọi" in card.text
    assert len(card.text.split()) <= 60, card.text
    assert town.labels(card) == ["Đã gọi được", "Không gọi được", "Xem cuộc họp"]
    assert rungs(town, f"O11:{town.id(BUILDER)}")[-1][3] == (BUILDER, OFFICER)
    first = card.text.split("gọi đồng chí ")[1]
    town.taps(OFFICER, "Đã gọi được")
    assert town.incident().calls[-1].reached
    newest = told(town, OFFICER, "notices/meeting_answers")[-1]
    assert newest.id != card.id and newest.text.split("gọi đồng chí ")[1] != first
    town.taps(BUILDER, "Dự")
    latest = told(town, OFFICER, "notices/meeting_answers")[-1]
    assert "02/09" in latest.text
    live = [row for row in town.live(OFFICER) if row.template.startswith("notices/meeting_answ")]
    assert [row.id for row in live] == [latest.id]
    town.close()


def test_the_card_is_not_sent_again_for_those_whom_a_call_has_reached(
    met: Callable[[], Town],
) -> None:
    town = met()
    town.at("12/10 06:25")
    for _ in range(8):
        town.taps(OFFICER, "Đã gọi được")
    town.skips()
    town.at("12/10 06:59")
    assert not told(town, OFFICER, "notices/meeting_answers")
    town.close()


def test_a_cancelled_meeting_is_told_to_all_who_had_not_declined_and_owed_again(
    met: Callable[[], Town],
) -> None:
    town = met()
    town.taps(BUILDER, "Vắng")
    town.skips()
    town.answers(LEADER, "/hop", "Hủy cuộc họp", "Đã xử lý xong tại chỗ", "Đúng, hủy cuộc họp")
    notice = town.hears(EXPERT, "notices/meeting_cancelled#text", "Đã xử lý xong tại chỗ")
    town.hears(OFFICER, "notices/meeting_cancelled#text", "mời họp lại trước")
    assert not told(town, BUILDER, "notices/meeting_cancelled")
    assert town.duty("O9") is not None
    event = calendar(town, notice).events[0]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    with pytest.raises(Refused, match="meeting_cancelled"):
        town.decides(EXPERT, "AnswerInvitation", meeting=1, answer="no")
    town.answers(OFFICER, "/hop", "Mời họp", "9h sang nay", "Trực tuyến", "mau", "2, 3", "Bỏ qua")
    town.answers(OFFICER, "1: số liệu mới nhất", "Đúng, gửi giấy mời")
    meeting = town.incident().meeting
    assert meeting is not None and meeting.id == 2
    town.holds()
    town.close()


@pytest.mark.parametrize(
    ("button", "answers", "last", "why"),
    [
        (
            "Đổi giờ họp",
            ("9h sang nay", "Giữ địa điểm cũ", "Chờ khảo sát"),
            "Đúng, báo đổi giờ",
            "Cuộc họp vừa được đồng chí Trần Thị Mẫu chuyển sang 09:00",
        ),
        ("Hủy cuộc họp", ("Đã xử lý xong",), "Đúng, hủy cuộc họp", "Cuộc họp này đã hủy"),
    ],
)
def test_of_a_move_and_a_cancelling_made_on_one_screen_the_later_is_refused_with_the_reason(
    met: Callable[[], Town], button: str, answers: tuple[str, ...], last: str, why: str
) -> None:
    town = met()
    town.answers(OFFICER, "/hop", "Hủy cuộc họp", "Đồng chí chủ trì bận")
    town.answers(LEADER, "/hop", button, *answers, last)
    before = len(town.journal())
    town.taps(OFFICER, "Đúng, hủy cuộc họp")
    assert why in town.last(OFFICER) and answers[-1] in town.last(OFFICER)
    assert len(town.journal()) == before
    town.close()


def test_each_reads_only_what_he_is_to_prepare(town: Town) -> None:
    up(town)
    town.answers(OFFICER, "/hop", "Mời họp", "7h sang nay", "Trực tuyến", "mau", "3, 4")
    town.answers(OFFICER, "Thống nhất phát ngôn", "kết quả khảo sát")
    assert "cần số thứ tự từ 1 đến 2" in town.last(OFFICER)
    town.answers(OFFICER, "1: kết quả khảo sát; 2: phương án giao thông")
    preview = town.last(OFFICER)
    assert "Nội dung: Thống nhất phát ngôn" in preview and "phương án giao thông" in preview
    town.taps(OFFICER, "Đúng, gửi giấy mời")
    meeting = town.incident().meeting
    assert meeting is not None
    people = [one.person for one in meeting.invitees]
    first = town.hears(people[0], "notices/invitation#text", "chuẩn bị: kết quả khảo sát.")
    second = town.hears(people[1], "notices/invitation#text", "chuẩn bị: phương án giao thông.")
    assert "giao thông" not in first.text and "khảo sát" not in second.text
    assert "giao thông" not in str(calendar(town, first).events[0]["DESCRIPTION"])
    assert "Thống nhất phát ngôn" in str(calendar(town, first).events[0]["DESCRIPTION"])


def test_who_was_missed_without_a_word_only_the_caller_reads(met: Callable[[], Town]) -> None:
    town = met()
    town.jumps("12/10 07:20")
    town.skips()
    town.answers(LEADER, "/hop", "Ghi người dự", "2, 3")
    recorded = town.hears(LEADER, "forms/attendance#finished", "02 đồng chí có mặt")
    assert "Vắng" not in recorded.text
    private = town.hears(OFFICER, "notices/absent_without_word#text", "Phác Họa")
    assert "chỉ gửi riêng đồng chí" in private.text and len(private.text.split()) <= 60
    assert not [row for row in town.unheard() if "Vắng" in row.text]
    town.close()


def test_a_meeting_that_has_begun_is_neither_moved_nor_cancelled(met: Callable[[], Town]) -> None:
    town = met()
    town.answers(OFFICER, "/hop", "Đổi giờ họp", "8h sang nay", "Giữ địa điểm cũ", "Chủ trì bận")
    town.clock = local("12/10 07:01")
    town.taps(OFFICER, "Đúng, báo đổi giờ")
    assert "đã bắt đầu lúc 07:00" in town.last(OFFICER)
    town.close()
