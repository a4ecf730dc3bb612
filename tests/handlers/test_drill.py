"""`/dientap`: the real procedure, begun by few, reported by anyone, marked throughout."""

import pytest

from tests.fixtures import EXPERT, HEAD, LEADER, OFFICER, PRESS, REPORTER, SECRETARY
from tests.town import Town

LINE = "sat lo ap tre dong roi, mat cai lo, 7 nha"
MARK = "DIỄN TẬP"


@pytest.mark.parametrize("who", [HEAD, OFFICER, LEADER, "Kiểm Thử", "Thử Nghiệm"])
def test_those_who_may_begin_report_themselves(who: str, town: Town) -> None:
    town.says(who, "/dientap")
    town.hears(who, "forms/report_incident#line", MARK)
    town.answers(who, LINE, "Chưa ghi nhận")
    incident = town.newest()
    assert incident.drill and incident.code == "DT-2026-001"


@pytest.mark.parametrize("who", [REPORTER, EXPERT, SECRETARY])
@pytest.mark.parametrize("words", ["/dientap", "/dientap thi du", "diễn tập"])
def test_others_are_told_who_may(who: str, words: str, town: Town) -> None:
    town.says(who, words)
    told = town.hears(who, "refusals#only_drill_leaders", "Lê Văn Thử", "báo cáo")
    assert not told.drill
    town.is_quiet()


def test_a_newsroom_neither_begins_nor_reports_one(town: Town) -> None:
    town.says(PRESS, "/dientap")
    town.hears(PRESS, "refusals#press_reports_elsewhere")
    town.says(OFFICER, "/dientap phong tac")
    town.hears(OFFICER, "answers#drill_nobody", "phong tac")
    town.is_quiet()


def test_a_clerk_is_asked_to_send_the_first_line_and_every_message_is_marked(town: Town) -> None:
    town.says(OFFICER, "/dientap thi du")
    town.hears(OFFICER, "answers#drill_whom")
    town.taps(OFFICER, "Mời đ/c Thí Dụ")
    town.hears(OFFICER, "answers#drill_sent", "Võ Thị Thí Dụ")
    invited = town.hears(REPORTER, "answers#drill_invited", MARK, "Lê Văn Thử")
    assert invited.rings
    town.taps(REPORTER, "Báo vụ diễn tập")
    town.answers(REPORTER, LINE, "Chưa ghi nhận", "2h30", "Dừng hỏi")
    town.answers(HEAD, "Xem và gửi lên tỉnh", "Gửi", "Đ/c Thí Dụ")
    told = town.unheard()
    assert len(told) > 10 and all(row.drill and row.text.startswith(MARK) for row in told)
    assert {one.code for one in (town.newest(),)} == {"DT-2026-001"}


def test_a_name_of_several_offers_them_all(town: Town) -> None:
    town.says(OFFICER, "/dientap van")
    town.hears(OFFICER, "answers#drill_whom")
    assert len(town.buttons(OFFICER)[0]) == 6


def test_a_drill_that_is_dropped_says_so_under_its_mark(town: Town) -> None:
    town.answers(HEAD, "/dientap", "/huy")
    town.hears(HEAD, "answers#cancelled", MARK)


def test_a_real_report_beside_a_drill_is_real(town: Town) -> None:
    town.answers(HEAD, "/dientap", LINE, "Chưa ghi nhận", "Dừng hỏi")
    town.answers(REPORTER, "chay cho vam tre", "Báo vụ việc mới", "Chưa rõ")
    assert [town.incident("DT-2026-001").drill, town.incident("VV-2026-001").drill] == [True, False]
