"""The clock of the law, and the stand-in who is not a second voice (conduct §6, row 34)."""

import pytest

from bot.clock import tick
from procedure import actions as a
from procedure.errors import NotYours
from procedure.facts import Moment
from tests.listening import acts, jumps, minute, passes, rungs, told
from tests.story import briefed, concluded, directed, invited, opened, received, reported
from tests.town import Town, local

CLERK, HEAD, DEPUTY = "Thí Dụ", "Ví Dụ", "Dự Phòng"
OFFICER, LEADER = "Thử", "Mẫu"


def due(town: Town, key: str) -> str | None:
    """When an open duty is due; None when it is met."""
    found = town.duty(key)
    return minute(found.due) if found else None


def test_a_legal_warning_comes_though_he_is_at_work(town: Town) -> None:
    opened(town)
    town.answers(CLERK, "2h30")
    acts(town, HEAD, a.AcknowledgeDuty(duty="O14", working=True))
    jumps(town, "12/10 14:16")
    town.at("12/10 14:30")
    assert ("12/10 14:30", 0) in [one[:2] for one in rungs(town, "O14")]
    warned = [row for row in told(town, HEAD, "rings/") if "thông tin ban đầu" in row.text.lower()]
    assert [minute(row.sent_at) for row in warned] == ["12/10 14:30"]


@pytest.mark.duty("T34")
def test_the_legal_clock_counts_from_the_occurrence_and_warns_with_the_time_left(
    town: Town,
) -> None:
    opened(town)
    town.answers(CLERK, "2h30", "2h35")
    assert due(town, "O14") == "13/10 02:30"
    town.skips()
    for before, at in (("14:16", "14:30"), ("20:16", "20:30")):
        jumps(town, f"12/10 {before}")
        town.at(f"12/10 {at}")
    jumps(town, "13/10 00:16")
    town.at("13/10 00:30")
    found = {
        minute(row.sent_at): row.text.rsplit(", ", 1)[-1]
        for row in told(town, HEAD, "rings/owner#official_statement")
    }
    assert found == {
        "12/10 14:30": "còn 12 giờ.",
        "12/10 20:30": "còn 6 giờ.",
        "13/10 00:30": "còn 2 giờ.",
    }


@pytest.mark.duty("T34")
def test_the_legal_clock_cannot_be_extended(town: Town) -> None:
    opened(town)
    town.answers(CLERK, "2h30", "2h35", "/huy")
    jumps(town, "12/10 14:16")
    town.at("12/10 14:30")
    with pytest.raises(NotYours) as refused:
        acts(town, HEAD, a.ExtendDuty(duty="O14", minutes=15))
    assert refused.value.key == "legal_clock"
    town.taps(HEAD, "Cần hỗ trợ", on="24 giờ")
    town.answers(HEAD, "Thêm giờ")
    assert "không xin thêm giờ được" in town.last(HEAD)
    assert due(town, "O14") == "13/10 02:30"


@pytest.mark.duty("T34")
@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("12/10 17:00", "còn 9 giờ 30 phút."),
        ("12/10 22:00", "còn 4 giờ 30 phút."),
        ("13/10 01:10", "còn 1 giờ 20 phút."),
    ],
)
def test_a_late_detection_gets_the_newest_missed_warning_at_once(
    town: Town, now: str, left: str
) -> None:
    passes(town, seconds=(local(now) - local("12/10 02:36")).total_seconds())
    opened(town)
    happened = a.AmendReport(item="happened", moment=_moment("12/10 02:30"))
    town.skips()
    acts(town, CLERK, happened)
    tick(town.world)
    warned = told(town, HEAD, "rings/owner#official_statement")
    assert [row.text.rsplit(", ", 1)[-1] for row in warned] == [left]
    tick(town.world)
    assert len(told(town, HEAD, "rings/owner#official_statement")) == 1


def _moment(text: str) -> Moment:
    return Moment(at=local(text))


STEPS = (
    ("12/10 02:47", received),
    ("12/10 04:18", briefed),
    ("12/10 04:22", invited),
    ("12/10 05:48", directed),
    ("12/10 07:46", concluded),
)


def test_the_stand_in_is_not_a_second_voice_and_the_duty_officer_may_hand_over(
    town: Town,
) -> None:
    opened(town)
    reported(town)
    for at, step in STEPS:
        jumps(town, at)
        step(town)
    jumps(town, "12/10 08:25")
    tick(town.world)
    town.skips()
    # the assignment of 07:51 is not received: 15 minutes, and 20 more
    town.at("12/10 08:26")
    card = told(town, DEPUTY, "rings/call#stand_in")[0]
    assert "Đồng chí chưa phát ngôn; chỉ phát ngôn khi có thông báo chuyển giao." in card.text
    assert town.labels(card) == []
    for who in (LEADER, OFFICER):
        offer = told(town, who, "rings/call#hand_over")[0]
        assert town.labels(offer) == ["Chuyển phát ngôn cho đ/c Dự Phòng"]
    jumps(town, "12/10 14:29")
    tick(town.world)
    # 12 hours before the legal end the duty officer hears it with the speaker
    town.at("12/10 14:50")
    for row in told(town, DEPUTY, "rings/"):
        assert not {"Đã phát ngôn", "Soạn nội dung phát ngôn"} & set(town.labels(row)), row.text
    town.taps(OFFICER, "Chuyển phát ngôn cho đ/c Dự Phòng")
    town.answers(OFFICER, "Kết luận họp 12/10", "Chưa liên lạc được", "Xác nhận phân công")
    incident = town.incident()
    assert incident.spokesperson and incident.spokesperson.person == town.id(DEPUTY)
    town.skips()
    jumps(town, "12/10 19:00")
    tick(town.world)
    speaking = ("rings/owner#official_statement", "rings/owner#official_statement_target")
    assert not [row for one in speaking for row in told(town, HEAD, one)], "the duty has moved"
    with pytest.raises(NotYours) as refused:
        acts(town, HEAD, a.AcknowledgeDuty(duty="O14_target"))
    assert refused.value.facts["who"] == town.id(DEPUTY)


def test_a_legal_term_carries_its_badge_only_when_a_clerk_has_confirmed_it(town: Town) -> None:
    opened(town)
    reported(town)
    town.says("Ví Dụ", "/viec")
    told = [row.text for row in town.thread("Ví Dụ") if row.template == "views/duties#duty"]
    legal = next(text for text in told if "Thông tin ban đầu chính thức" in text)
    assert "chờ văn thư đối chiếu" in legal and "luật định" not in legal
    assert any("mặc định nội bộ" in text for text in told)
