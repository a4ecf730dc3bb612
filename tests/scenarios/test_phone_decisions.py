"""What was decided on the telephone goes on record, and does nothing else (conduct §4, §8)."""

from procedure import actions as a
from tests.handlers.form_cases import TownAt, asking, begin
from tests.listening import acts
from tests.town import Town

CLERK, HEAD, DEPUTY, WATCH = "Thí Dụ", "Ví Dụ", "Dự Phòng", "Mô Phỏng"
OFFICER, LEADER = "Thử", "Mẫu"


def asleep(town: Town) -> None:
    """Reported at 02:37; the Chairman has seen nothing until the call cards of 03:12."""
    town.says(CLERK, "sat lo ap tre dong roi, mat cai lo, 7 nha, dang di doi")
    town.taps(CLERK, "Báo vụ việc mới")
    town.at("12/10 02:37")
    town.answers(CLERK, "Chưa ghi nhận", "2h30", "2h35")
    town.at("12/10 03:12")
    town.skips()


def test_a_call_that_reached_him_may_have_ended_with_a_decision(town: Town) -> None:
    asleep(town)
    town.taps(WATCH, "Đã gọi được")
    town.hears(WATCH, "acts#RecordCall", "có quyết định gì không?")
    assert town.buttons(WATCH)[0] == ["Ghi nhận quyết định", "Không"]
    town.taps(WATCH, "Ghi nhận quyết định")
    town.answers(WATCH, "Báo cáo nhanh", "mo phong", "3h10", "Dự Phòng gửi báo cáo thay tôi")
    town.taps(WATCH, "Ghi nhận")
    town.skips()
    kept = town.incident().phone_decisions[0]
    assert (kept.decider, kept.heard_by) == (town.id(HEAD), town.id(WATCH))
    assert kept.about == "O2" and town.incident().submitted_at is None, "a record, not the act"
    assert ["Đúng ý kiến", "Cần sửa"] in town.buttons(HEAD)
    town.taps(HEAD, "Đúng ý kiến")
    town.hears(HEAD, "acts#ConfirmPhoneDecision")
    town.is_quiet()
    town.holds()


def test_a_call_without_a_decision_is_ended_by_one_tap(town: Town) -> None:
    asleep(town)
    town.taps(WATCH, "Đã gọi được")
    town.skips()
    town.taps(WATCH, "Không")
    town.is_quiet()
    assert not [one for one in town.buttons(WATCH) if "Ghi nhận quyết định" in one]


def test_his_own_words_are_told_again_to_all_who_were_told(town_at: TownAt) -> None:
    town = town_at("sent_up")
    assert begin(town, CLERK, "phone_decision") is None
    town.answers(CLERK, "vi du", "Việc khác", "du phong", "Vừa xong", "Di dời hết trước 5 giờ")
    town.taps(CLERK, "Ghi nhận")
    for who in (DEPUTY, OFFICER):
        town.hears(who, "notices/phone_decision_recorded", "Di dời hết trước 5 giờ", "Dự Phòng")
    town.hears(HEAD, "notices/phone_decision_to_confirm", "Di dời hết trước 5 giờ")
    town.skips()
    town.taps(HEAD, "Cần sửa")
    town.answers(HEAD, "Di dời 07 hộ trước 4 giờ", "Tôi xác nhận")
    for who in (CLERK, DEPUTY, OFFICER):
        town.hears(who, "notices/phone_decision_corrected", "Di dời 07 hộ trước 4 giờ")
    kept = town.incident().phone_decisions[0]
    assert (kept.words, kept.corrected) == ("Di dời hết trước 5 giờ", "Di dời 07 hộ trước 4 giờ")
    kinds = [entry.kind for entry in town.journal()]
    assert kinds[-2:] == ["PhoneDecisionRecorded", "PhoneDecisionCorrected"], "both stand"
    town.holds()


def test_what_needs_a_form_of_its_own_is_refused_and_the_form_is_one_tap_away(
    town_at: TownAt,
) -> None:
    town = town_at("drafted")
    before = town.incident()
    assert begin(town, OFFICER, "phone_decision") is None
    town.answers(OFFICER, "tuong trung")
    assert "Nhập ý kiến" in town.last(OFFICER)
    assert town.buttons(OFFICER)[0][0] == "Nhập ý kiến"
    town.answers(OFFICER, "mau", "Phân công người phát ngôn")
    assert "chỉ được phân công" in town.last(OFFICER)
    town.taps(OFFICER, "Duyệt nội dung phát ngôn")
    assert "không ghi thay qua điện thoại" in town.last(OFFICER)
    assert asking(town, OFFICER) == "phone_decision#about"
    after = town.incident()
    assert after.approved_statement is None and after.spokesperson == before.spokesperson
    assert after.directions == before.directions and not after.phone_decisions


def test_it_is_reached_from_the_list_of_other_acts(town_at: TownAt) -> None:
    town = town_at("sent_up")
    stream = town.incident().stream
    town.presses(DEPUTY, {"view": "acts", "stream": stream, "args": {}})
    assert "Ghi nhận cuộc gọi" in town.buttons(DEPUTY)[0]


def test_a_call_to_an_owner_whose_duty_the_call_has_met_still_offers_the_record(
    town: Town,
) -> None:
    asleep(town)
    acts(town, DEPUTY, a.RecordCall(duty="O1:open", to=town.id(HEAD), reached=False))
    town.taps(DEPUTY, "Đã gọi được")
    assert town.duty("O1:open") is None
    assert town.buttons(DEPUTY)[0] == ["Ghi nhận quyết định", "Không"]
