"""Several units report one event: offered before it opens, merged when it slipped through."""

from datetime import timedelta

import pytest

from bot.stage import Stage
from procedure import actions as a
from procedure.codec import Prose
from procedure.figures import conflicts
from procedure.obligations import owed
from procedure.words import Casualties
from storage.database import Session
from tests.story import opened, received, reported
from tests.town import Town

FIRST, SECOND = "VV-2026-001", "VV-2026-002"
LINE = "sat lo o kenh ranh, mat mot doan lo, 7 nha"
#: The chairman of the next commune, who reports himself.
NEXT = "Giả Sử"
SAME = f"Cùng vụ {FIRST}"


def first(town: Town) -> None:
    """The first commune has reported; its clerk answers no more questions for now."""
    opened(town, LINE)
    town.answers("Thí Dụ", "Dừng hỏi")


def slipped_through(town: Town) -> None:
    """Both communes send up the same landslide; the words of the second one gave no sign."""
    first(town)
    reported(town)
    received(town)
    town.answers(
        NEXT, "lo ven kenh sup, mat mot doan lo, 7 nha nghieng", "Báo vụ việc mới", "Chưa ghi nhận"
    )
    town.answers(NEXT, "Dừng hỏi", "Xem và gửi lên tỉnh", "bờ kênh Ranh")
    town.skips()
    town.answers(NEXT, "Gửi")


def merged(town: Town) -> None:
    """The duty officer takes up what his notice offers."""
    slipped_through(town)
    town.taps("Thử", f"{SAME}?")
    town.skips()
    town.answers("Thử", "Xác nhận")


def test_the_second_commune_is_offered_the_incident_of_the_first_before_it_opens_one(
    town: Town,
) -> None:
    first(town)
    town.skips()
    town.answers(NEXT, "sat lo kenh ranh giap xa Vam Tre, mat doan lo", "Báo vụ việc mới")
    town.hears(NEXT, "answers#never_guessed")
    asked = town.hears(NEXT, "forms/report_incident#same", FIRST, "sạt lở", "xã Vàm Tre", "02:36")
    assert "7 nha" not in asked.text and "mot doan" not in asked.text, "never its content"
    assert town.labels(asked)[:2] == [SAME, "Vụ khác"]
    town.answers(NEXT, SAME)
    town.hears(NEXT, "forms/report_incident#casualties")
    town.answers(NEXT, "Có người bị thương")
    town.hears("Ví Dụ", "notices/further_report#text", "xã Kênh Mười Hai", "giap xa Vam Tre")
    town.hears(NEXT, "forms/report_incident#finished", FIRST, "Nguyễn Văn Ví Dụ")
    town.is_quiet()
    assert town.newest().code == FIRST
    assert town.incident().casualties is Casualties.INJURED
    town.answers(NEXT, "/vuviec", "Xem báo cáo")
    report = town.hears(NEXT, "views/incident#report", "7 nha", "Xã Kênh Mười Hai báo lúc")
    assert "giap xa Vam Tre" in report.text
    town.holds()


def test_a_clerk_may_report_for_his_unit_and_its_head_hears_who_speaks(town: Town) -> None:
    first(town)
    town.skips()
    town.answers("Ví Như", "sat lo kenh ranh, nguoi bi thuong dang ve", "Báo vụ việc mới")
    town.answers("Ví Như", SAME, "Chưa rõ")
    town.hears("Minh Định", "notices/unit_joined#text", FIRST, "Nguyễn Văn Ví Dụ")
    town.hears("Ví Dụ", "notices/further_report#text", "Bệnh viện Cồn Phước")
    assert town.incident().casualties is Casualties.NONE_KNOWN
    town.answers("Minh Định", "/vuviec")
    town.hears("Minh Định", "views/incident#card", FIRST)


def test_another_event_goes_on_after_one_question(town: Town) -> None:
    first(town)
    town.answers(NEXT, "sat lo kenh ranh giap xa Vam Tre, mat doan lo", "Báo vụ việc mới")
    town.answers(NEXT, "Vụ khác", "Chưa ghi nhận")
    assert town.incident(SECOND).opened_by == town.id(NEXT) and not town.incident().reports
    town.holds()


def test_an_incident_of_ones_own_unit_goes_on_as_an_addition(town: Town) -> None:
    first(town)
    town.skips()
    town.answers("Thí Dụ", "sat lo kenh ranh lan them 10 m", "Báo vụ việc mới", SAME)
    town.hears("Thí Dụ", "forms/add_line#kind")
    town.answers("Thí Dụ", "Tình hình mới")
    town.hears("Thí Dụ", "forms/add_line#finished", FIRST)
    assert "lan them 10 m" in town.incident().detail("known")
    assert town.newest().code == FIRST and not town.incident().reports


def test_the_duty_officer_is_offered_the_merge_and_one_speaker_stays(town: Town) -> None:
    slipped_through(town)
    arrived = town.hears("Thử", "notices/report_arrived#text", SECOND)
    assert town.labels(arrived) == ["Tiếp nhận", f"{SAME}?", "Xem báo cáo"]
    town.skips()
    town.taps("Thử", f"{SAME}?")
    town.hears("Thử", "forms/merge#preview", f"Nhập {SECOND} vào {FIRST}", "Nguyễn Văn Ví Dụ")
    town.answers("Thử", "Xác nhận")
    town.hears("Thử", "forms/merge#finished", "Lê Văn Thử")
    for who in ("Thí Dụ", "Ví Dụ", "Dự Phòng", "Minh Họa", "Mẫu", "Ký Hiệu"):
        town.hears(who, "notices/incidents_merged#text", SECOND, FIRST, "Nguyễn Văn Ví Dụ")
    town.hears(NEXT, "notices/voice_yielded#text", "thôi phát ngôn", "0296.000.0003")
    town.is_quiet()
    assert town.incident(SECOND).yielded and not town.duty("O6", SECOND)
    terms = town.world.db.read(lambda s: town.world.terms(s, town.incident().policy))
    assert owed(town.incident(SECOND), terms) == ()
    town.holds()


@pytest.mark.parametrize("who", [NEXT, "Thí Dụ", "Thử"])
@pytest.mark.parametrize("words", [f"/vuviec {SECOND}", "/vuviec sup"])
def test_both_codes_open_the_one_file(town: Town, who: str, words: str) -> None:
    merged(town)
    town.skips()
    town.says(who, words)
    town.hears(who, "views/incident#moved", f"{SECOND} đã nhập vào {FIRST}")
    town.hears(who, "views/incident#card", FIRST, f"Gồm cả {SECOND}, xã Kênh Mười Hai báo")
    town.is_quiet()


def test_who_has_no_part_in_either_opens_neither(town: Town) -> None:
    merged(town)
    town.skips()
    for code in (FIRST, SECOND):
        town.says("Tạm Gọi", f"/vuviec {code}")
        town.hears("Tạm Gọi", "views/incidents#none")
    town.is_quiet()


def test_the_report_and_the_journal_of_the_other_stay_readable(town: Town) -> None:
    merged(town)
    town.answers("Thí Dụ", "/vuviec", "Việc khác", f"Dòng thời gian {SECOND}")
    told = town.hears("Thí Dụ", "views/incident#timeline", SECOND, "nhập vụ này vào hồ sơ khác")
    assert "mở vụ việc" in told.text
    town.taps("Thí Dụ", f"Báo cáo {SECOND}")
    town.hears("Thí Dụ", "views/incident#report", SECOND, "lo ven kenh sup")


def test_a_late_tap_on_an_old_button_gets_one_sentence_that_leads_to_the_file(town: Town) -> None:
    slipped_through(town)
    arrived = "notices/report_arrived#text"
    old = next(row for row in town.live("Thử") if row.template == arrived)
    town.taps("Thử", f"{SAME}?")
    town.answers("Thử", "Xác nhận")
    assert not [row for row in town.live(NEXT) if row.stream == town.incident(SECOND).stream]
    town.skips()
    town.sends("Thử", {"type": "answer", "prompt": old.id, "n": 1})
    told = town.hears("Thử", "refusals#merged_into", FIRST)
    town.is_quiet()
    assert town.labels(told) == ["Xem vụ việc"]
    town.taps("Thử", "Xem vụ việc")
    town.hears("Thử", "views/incident#card", FIRST)
    assert town.incident(SECOND).received_at is None


def test_a_form_begun_before_the_merge_says_where_to_go_on(town: Town) -> None:
    slipped_through(town)
    stream = town.incident(SECOND).stream
    town.presses(NEXT, {"open": "claim", "stream": stream, "args": {}})
    town.taps("Thử", f"{SAME}?")
    town.answers("Thử", "Xác nhận")
    town.skips()
    town.says(NEXT, "tren mang don vo de")
    told = town.hears(NEXT, "refusals#merged_into", FIRST)
    assert town.labels(told) == ["Xem vụ việc", "Hủy"]
    town.is_quiet()


def test_an_enquiry_of_the_other_is_answered_in_the_one_file_and_comes_home_at_the_split(
    town: Town,
) -> None:
    slipped_through(town)
    stream = town.incident(SECOND).stream
    town.presses(NEXT, {"open": "enquiry", "stream": stream, "args": {}})
    town.answers(NEXT, "Báo Mẫu", "Nguyên nhân sạt lở là gì?")
    town.taps("Thử", f"{SAME}?")
    town.skips()
    town.answers("Thử", "Xác nhận")
    town.hears("Ví Dụ", "notices/enquiry_arrived#text", "Báo Mẫu", "Nguyên nhân sạt lở là gì?")
    town.answers("Ví Dụ", "Đã trả lời", "Đang xác minh, sẽ thông tin")
    assert town.incident().enquiries[0].answered_at
    town.skips()
    town.presses("Thử", {"open": "split", "stream": town.incident().stream, "args": {}})
    town.hears("Thử", "forms/split#preview", SECOND, FIRST)
    town.answers("Thử", "Xác nhận")
    town.hears("Thử", "forms/split#finished", SECOND)
    town.hears(NEXT, "notices/incident_restored#text", SECOND, "Việc đang ở", "Thạch Văn Giả Sử")
    for who in ("Mẫu", "Ký Hiệu"):
        town.hears(who, "notices/incident_restored#text", SECOND)
    for who in ("Thí Dụ", "Ví Dụ", "Dự Phòng", "Minh Họa"):
        town.hears(who, "notices/incident_split#text", SECOND, "hồ sơ riêng")
    town.is_quiet()
    back = town.incident(SECOND)
    assert back.yielded is None and back.enquiries[0].answer == "Đang xác minh, sẽ thông tin"
    assert not town.incident().enquiries and town.duty("O6", SECOND)
    town.says(NEXT, f"/vuviec {SECOND}")
    town.hears(NEXT, "views/incident#card", f"{SECOND},")
    town.says("Thí Dụ", f"/vuviec {SECOND}")
    town.hears("Thí Dụ", "views/incidents#none")
    town.holds()


def test_the_clock_rings_for_the_one_file_only_and_for_the_other_again_after_the_split(
    town: Town,
) -> None:
    merged(town)
    town.skips()
    town.forward(hours=12)
    rung = [row for row in town.unheard() if row.stream == town.incident(SECOND).stream]
    assert rung == [] and town.unheard()
    town.skips()
    town.presses("Thử", {"open": "split", "stream": town.incident().stream, "args": {}})
    town.answers("Thử", "Xác nhận")
    intake = town.duty("O6", SECOND)
    assert intake and intake.due > town.clock, "the time in the other file does not count"
    town.holds()


def measured(town: Town, who: str, stream: str, metres: str) -> None:
    """Somebody gives the length of the slide in one of the two files."""
    town.presses(who, {"open": "figure", "stream": stream, "args": {}})
    town.answers(who, "dai sat lo", f"{metres}m", "2h36", "xã đo", "Tôi xác nhận")


def test_each_commune_has_measured_and_after_the_merge_one_number_has_to_be_chosen(
    town: Town,
) -> None:
    slipped_through(town)
    measured(town, "Thí Dụ", town.incident(FIRST).stream, "35")
    measured(town, NEXT, town.incident(SECOND).stream, "40")
    assert not conflicts(town.incident(FIRST)) and not conflicts(town.incident(SECOND))
    town.taps("Thử", f"{SAME}?")
    town.skips()
    town.answers("Thử", "Xác nhận")
    card = town.hears("Thử", "notices/figure_conflict#text", FIRST, "hai số", "35 m", "40 m")
    assert town.labels(card) == ["35 m", "40 m", "Đo lại"]
    owed_now = town.duty("conflict:2", FIRST)
    assert owed_now and owed_now.start == town.clock
    town.answers(NEXT, "/nhiemvu", "Xem số liệu")
    listed = town.hears(NEXT, "views/figures#figures", FIRST, "35 m", "40 m")
    assert "các số khác nhau" in listed.text
    town.skips()
    town.presses("Thử", {"open": "split", "stream": town.incident().stream, "args": {}})
    town.answers("Thử", "Xác nhận")
    assert [one.value for one in town.incident(FIRST).figures] == ["35"]
    assert [one.value for one in town.incident(SECOND).figures] == ["40"]
    assert town.duty("conflict:2", FIRST) is None and not conflicts(town.incident(SECOND))
    town.holds()


def test_who_was_to_come_to_the_meeting_of_the_other_hears_once_that_it_is_off(town: Town) -> None:
    slipped_through(town)
    stream = town.incident(SECOND).stream
    call = a.CallMeeting(
        starts_at=town.clock + timedelta(hours=5),
        place=Prose("Hội trường A"),
        chair=town.id("Mẫu"),
        invitees=(town.id("Phác Họa"),),
        units=(town.incident(SECOND).unit,),
        agenda=Prose(""),
    )

    def called(session: Session) -> None:
        stage = Stage(town.world, session, town.world.now(), town.channel)
        stage.perform(stream, town.id("Thử"), call)

    town.world.db.write(called)
    town.settles()
    town.skips()
    town.taps("Thử", f"{SAME}?")
    town.skips()
    town.answers("Thử", "Xác nhận")
    for who in ("Phác Họa", "Mẫu"):
        told = town.hears(who, "notices/meeting_cancelled#text", SECOND, "Lý do: đã nhập vào")
        assert FIRST in told.text
    town.skips()
    town.forward(hours=6)
    assert not [row for row in town.unheard() if row.template == "notices/meeting_soon#text"]
    assert town.incident(SECOND).cancelled_meetings[0].why_changed == f"đã nhập vào {FIRST}"
