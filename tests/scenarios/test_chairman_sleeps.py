"""The night when the Chairman sleeps, to the minute (storyboard §1, end)."""

import pytest

from tests.listening import LOUD, SILENT, heard, told
from tests.town import Town

HEAD, DEPUTY, WATCH = "Ví Dụ", "Dự Phòng", "Mô Phỏng"
CLERK, OFFICER, LEADER = "Thí Dụ", "Thử", "Mẫu"


@pytest.fixture
def asleep(town: Town) -> Town:
    """Reported at 02:36, found at 02:35, opened at 02:37; the Chairman sees nothing."""
    town.says(CLERK, "sat lo ap tre dong roi, mat cai lo, 7 nha, dang di doi")
    town.taps(CLERK, "Báo vụ việc mới")
    town.at("12/10 02:37")
    town.answers(CLERK, "Chưa ghi nhận", "2h30", "2h35")
    return town


def test_the_night_to_the_minute(asleep: Town) -> None:
    asleep.at("12/10 04:00")
    assert heard(asleep) == [
        ("12/10 02:36", CLERK, "answers#never_guessed", SILENT),
        ("12/10 02:36", CLERK, "forms/report_incident#casualties", SILENT),
        ("12/10 02:37", HEAD, "notices/incident_opened#text", LOUD),
        ("12/10 02:37", CLERK, "forms/report_incident#finished", SILENT),
        ("12/10 02:37", CLERK, "forms/report_details#happened", SILENT),
        ("12/10 02:37", CLERK, "forms/report_details#detected", SILENT),
        ("12/10 02:37", CLERK, "forms/report_details#known", SILENT),
        # the receipt is due 15 minutes after the notice
        ("12/10 02:52", HEAD, "rings/owner#receipt", LOUD),
        # half of the hour that the quick report has
        ("12/10 03:05", HEAD, "rings/owner#quick_report", LOUD),
        # the receipt is 20 minutes over: whoever stands beside him phones
        ("12/10 03:12", DEPUTY, "rings/call#unanswered", LOUD),
        ("12/10 03:12", WATCH, "rings/call#unanswered", LOUD),
        ("12/10 03:23", HEAD, "rings/owner#quick_report", LOUD),
        # 40 minutes over: the head's own rung is empty, the province takes its place
        ("12/10 03:32", OFFICER, "rings/call#unconfirmed", LOUD),
        ("12/10 03:35", HEAD, "rings/owner#quick_report", LOUD),
        # 60 minutes over; she is not on duty, so nothing sounds
        ("12/10 03:52", HEAD, "rings/owner#quick_report", LOUD),
        ("12/10 03:52", LEADER, "rings/call#unanswered", SILENT),
        # the report itself is 20 minutes over
        ("12/10 03:55", DEPUTY, "rings/call#call", LOUD),
        ("12/10 03:55", WATCH, "rings/call#call", LOUD),
    ]


def test_the_deputy_alone_may_send_in_his_place(asleep: Town) -> None:
    asleep.at("12/10 03:12")
    assert asleep.buttons(DEPUTY)[0] == ["Đã gọi được", "Không gọi được", "Gửi báo cáo thay mặt"]
    assert asleep.buttons(WATCH)[0] == ["Đã gọi được", "Không gọi được"]
    for who in (DEPUTY, WATCH):
        card = asleep.hears(who, "rings/call#unanswered")
        assert "Kính nhờ đồng chí gọi đồng chí Chủ tịch, ĐT 0296.000.0003." in card.text
        assert "Sạt lở ấp Tre Đông" in card.text


def test_the_province_sees_an_unconfirmed_report_and_phones(asleep: Town) -> None:
    asleep.at("12/10 03:31")
    assert not told(asleep, OFFICER, "")
    asleep.at("12/10 03:32")
    card = asleep.hears(OFFICER, "rings/call#unconfirmed")
    assert "tin ban đầu, người đứng đầu chưa xác nhận" in card.text
    assert "ĐT 0296.000.0003" in card.text
    assert asleep.buttons(OFFICER)[0] == ["Đã gọi được", "Không gọi được"]


def test_a_call_that_reached_him_is_his_receipt_and_ends_that_ladder(asleep: Town) -> None:
    asleep.at("12/10 03:12")
    asleep.taps(WATCH, "Đã gọi được")
    incident = asleep.incident()
    assert incident.calls[-1].reached and incident.calls[-1].to == asleep.id(HEAD)
    assert not asleep.buttons(DEPUTY), "the other card waits for nothing any more"
    asleep.skips()
    asleep.at("12/10 03:54")
    assert [line[1:3] for line in heard(asleep)] == [
        (HEAD, "rings/owner#quick_report"),
        (HEAD, "rings/owner#quick_report"),
        (OFFICER, "rings/call#unconfirmed"),
    ], "the report stays owed, and at 03:35 the province sees that nobody has confirmed"


def test_a_call_that_failed_is_kept_and_the_ladder_goes_on(asleep: Town) -> None:
    asleep.at("12/10 03:12")
    asleep.taps(WATCH, "Không gọi được")
    assert not asleep.incident().calls[-1].reached
    asleep.at("12/10 03:32")
    asleep.hears(OFFICER, "rings/call#unconfirmed")


def test_the_deputy_sends_for_him_and_the_head_is_told(asleep: Town) -> None:
    asleep.at("12/10 03:13")
    asleep.taps(DEPUTY, "Gửi báo cáo thay mặt")
    asleep.answers(DEPUTY, "Gửi")
    incident = asleep.incident()
    assert incident.submitted_by == asleep.id(DEPUTY)
    asleep.hears(HEAD, "notices/submitted_for_you")
    assert not told(asleep, OFFICER, "rings/")
    asleep.hears(OFFICER, "notices/report_arrived#text")


def test_he_wakes_to_one_thing_to_do(asleep: Town) -> None:
    asleep.at("12/10 04:30")
    asleep.shown(HEAD)
    waiting = asleep.live(HEAD)
    assert [row.template for row in waiting] == ["rings/owner#quick_report"]
    assert asleep.buttons(HEAD) == [["Xem và gửi lên tỉnh", "Đang làm", "Cần hỗ trợ"]]
    asleep.answers(HEAD, "Xem và gửi lên tỉnh", "Gửi")
    assert asleep.incident().submitted_by == asleep.id(HEAD)
    for who in (DEPUTY, WATCH, OFFICER, LEADER):
        live = [row.template for row in asleep.live(who)]
        assert not [one for one in live if one.startswith("rings/")], (who, live)


def test_nobody_outside_hears_of_it(asleep: Town) -> None:
    asleep.at("12/10 06:00")
    who = {line[1] for line in heard(asleep)}
    assert who == {CLERK, HEAD, DEPUTY, WATCH, OFFICER, LEADER}
