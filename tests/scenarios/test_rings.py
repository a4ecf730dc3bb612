"""A ring: its buttons, its merging, what ends it, and that it never comes twice (conduct §5)."""

import json

import pytest

from procedure import actions as a
from procedure.codec import Prose
from procedure.errors import BadValue, NotYours, Refused
from tests.listening import LOUD, SILENT, acts, heard, minute, told
from tests.story import opened
from tests.town import Town

CLERK, HEAD, DEPUTY, WATCH = "Thí Dụ", "Ví Dụ", "Dự Phòng", "Mô Phỏng"
OFFICER, LEADER, EXPERT, HIS_HEAD = "Thử", "Mẫu", "Phác Họa", "Giả Thiết"
VERIFY, RECEIPT = "O5:2", "O1:order:2:8"


def due(town: Town, key: str) -> str | None:
    """When an open duty is due; None when it is met."""
    found = town.duty(key)
    return minute(found.due) if found else None


def rings_of(town: Town, who: str, name: str) -> list[str]:
    """When this person was rung by one template, since the last `skips`."""
    return [minute(row.sent_at) for row in told(town, who, f"rings/owner#{name}")]


# The buttons


def test_a_ring_offers_the_act_being_at_work_and_help(ordered: Town) -> None:
    ordered.taps(EXPERT, "Đã nhận")
    ordered.at("12/10 11:00")
    ring = ordered.live(EXPERT)[0]
    assert ring.template == "rings/owner#verification"
    assert ordered.labels(ring) == ["Nhập kết quả", "Đang làm", "Cần hỗ trợ"]


def test_a_ring_opens_the_very_form_that_ends_it(ordered: Town) -> None:
    ordered.taps(EXPERT, "Đã nhận")
    ordered.at("12/10 11:00")
    ordered.answers(EXPERT, "Nhập kết quả", "Sạt lở dài 38 m", "Tôi xác nhận")
    assert due(ordered, VERIFY) is None
    ordered.skips()
    ordered.at("13/10 12:00")
    assert not told(ordered, EXPERT, "rings/owner#verification")


# Receipts


def test_a_receipt_stops_only_the_ring_that_asks_for_it(ordered: Town) -> None:
    assert due(ordered, RECEIPT) == "12/10 09:15"
    ordered.taps(EXPERT, "Đã nhận")
    assert due(ordered, RECEIPT) is None
    ordered.skips()
    ordered.at("12/10 13:00")
    assert not rings_of(ordered, EXPERT, "receipt")
    assert rings_of(ordered, EXPERT, "verification") == [
        "12/10 11:00",
        "12/10 12:12",
        "12/10 13:00",
    ]


def test_without_a_receipt_it_is_asked_for_when_its_time_is_up(ordered: Town) -> None:
    ordered.skips()
    ordered.at("12/10 09:36")
    assert rings_of(ordered, EXPERT, "receipt") == ["12/10 09:15", "12/10 09:35"]
    assert ordered.labels(ordered.live(EXPERT)[0]) == ["Đã nhận", "Đang làm", "Cần hỗ trợ"]


def test_da_nhan_in_words_answers_the_only_open_ring(ordered: Town) -> None:
    ordered.at("12/10 09:15")
    ordered.skips()
    ordered.says(EXPERT, "da nhan")
    assert due(ordered, RECEIPT) is None
    assert heard(ordered) == [], "thanked by silence"


def test_with_two_open_it_asks_which(ordered: Town) -> None:
    acts(ordered, OFFICER, a.OrderVerification(people=(8,), units=(5,), what=Prose("Độ sâu")))
    ordered.skips()
    ordered.says(EXPERT, "da nhan")
    assert [line[1:3] for line in heard(ordered)] == [(EXPERT, "answers#which_prompt")]
    assert due(ordered, RECEIPT) and due(ordered, "O1:order:3:8")


def test_da_nhan_with_nothing_open_gets_no_answer(ordered: Town) -> None:
    ordered.skips()
    ordered.says("Giả Sử", "da nhan")
    assert heard(ordered) == []


# "Đang làm"


def test_being_at_work_keeps_the_half_time_ring_away_and_the_next_one_silent(
    ordered: Town,
) -> None:
    acts(ordered, EXPERT, a.AcknowledgeDuty(duty=VERIFY, working=True))
    ordered.skips()
    ordered.at("12/10 13:00")
    rings = [(minute(r.sent_at), r.rings) for r in told(ordered, EXPERT, "rings/owner#verif")]
    assert rings == [("12/10 12:12", False), ("12/10 13:00", True)]
    assert due(ordered, VERIFY) == "12/10 13:00", "it spends nothing"


def test_being_at_work_leaves_the_act_and_help_under_the_ring(ordered: Town) -> None:
    ordered.taps(EXPERT, "Đã nhận")
    ordered.at("12/10 11:00")
    ring, *older = ordered.live(EXPERT)
    assert all("verification_ordered" not in row.template for row in older), "the ring asks now"
    ordered.skips()
    ordered.taps(EXPERT, "Đang làm")
    assert heard(ordered) == []
    left = ordered.live(EXPERT)[0]
    assert left.id == ring.id and ordered.labels(left) == ["Nhập kết quả", "Cần hỗ trợ"]
    ordered.says(EXPERT, "xong roi")
    assert ordered.newest_template(EXPERT).startswith("forms/report_verification")


def test_an_open_form_does_the_same(ordered: Town) -> None:
    ordered.taps(EXPERT, "Nhập kết quả")
    ordered.skips()
    ordered.at("12/10 12:30")
    rings = [(minute(r.sent_at), r.rings) for r in told(ordered, EXPERT, "rings/owner#verif")]
    assert rings == [("12/10 12:12", False)]


# "Cần hỗ trợ"


def test_more_time_once_by_himself_up_to_half_then_by_the_head(ordered: Town) -> None:
    ordered.taps(EXPERT, "Cần hỗ trợ")
    ordered.taps(EXPERT, "Thêm giờ")
    assert ordered.labels(ordered.live(EXPERT)[0])[:3] == ["15 phút", "30 phút", "60 phút"]
    ordered.skips()
    ordered.taps(EXPERT, "60 phút")
    assert due(ordered, VERIFY) == "12/10 14:00"
    assert {line[1:3] for line in heard(ordered)} == {
        (EXPERT, "forms/help_wanted#finished"),
        (HIS_HEAD, "notices/duty_extended#text"),
        (OFFICER, "notices/duty_extended#text"),
    }
    with pytest.raises(NotYours) as refused:
        acts(ordered, EXPERT, a.ExtendDuty(duty=VERIFY, minutes=15))
    assert refused.value.key == "head_extends"
    assert refused.value.facts["who"] == ordered.id(HIS_HEAD)
    acts(ordered, HIS_HEAD, a.ExtendDuty(duty=VERIFY, minutes=180))
    assert due(ordered, VERIFY) == "12/10 17:00"


def test_more_than_half_the_allowance_is_not_his_to_take(ordered: Town) -> None:
    with pytest.raises(BadValue) as refused:
        acts(ordered, EXPERT, a.ExtendDuty(duty=VERIFY, minutes=121))
    assert refused.value.key == "too_much_time"
    acts(ordered, EXPERT, a.ExtendDuty(duty=VERIFY, minutes=120))


def test_extra_time_moves_the_rings_that_have_not_come(ordered: Town) -> None:
    ordered.taps(EXPERT, "Đã nhận")
    ordered.at("12/10 13:00")
    acts(ordered, HIS_HEAD, a.ExtendDuty(duty=VERIFY, minutes=180))
    ordered.skips()
    ordered.at("12/10 16:21")
    # seven hours since 09:00: half was at 12:30, four fifths is 14:36, due 16:00, then 16:20
    assert [(minute(r.sent_at), r.rings) for r in told(ordered, EXPERT, "rings/owner#veri")] == [
        ("12/10 14:36", False),
        ("12/10 16:00", True),
        ("12/10 16:20", True),
    ]


def test_extra_time_asked_for_at_half_time_is_not_followed_by_another_half(
    ordered: Town,
) -> None:
    ordered.taps(EXPERT, "Đã nhận")
    ordered.at("12/10 11:00")
    acts(ordered, EXPERT, a.ExtendDuty(duty=VERIFY, minutes=60))
    ordered.skips()
    ordered.at("12/10 14:00")
    # five hours since 09:00: half would be 11:30
    assert rings_of(ordered, EXPERT, "verification") == ["12/10 13:00", "12/10 14:00"]


@pytest.mark.parametrize(
    ("need", "kind"),
    [("Thiếu người, số liệu", "help_asked"), ("Không phải việc của tôi", "not_mine_said")],
)
def test_a_call_for_help_goes_to_the_head_and_the_duty_officer(
    ordered: Town, need: str, kind: str
) -> None:
    ordered.taps(EXPERT, "Cần hỗ trợ")
    ordered.taps(EXPERT, need)
    ordered.skips()
    ordered.says(EXPERT, "Chi cục Thủy lợi")
    assert {line[1:] for line in heard(ordered)} == {
        (EXPERT, "forms/help_wanted#finished", SILENT),
        (HIS_HEAD, f"notices/{kind}#text", LOUD),
        (OFFICER, f"notices/{kind}#text", LOUD),
    }
    assert due(ordered, VERIFY) == "12/10 13:00", "the duty stays his"


# Whose it is


def test_a_tap_on_somebody_elses_prompt_has_no_effect(ordered: Town) -> None:
    prompt = ordered.live(EXPERT)[0]
    ordered.skips()
    ordered.sends(OFFICER, {"type": "answer", "prompt": prompt.id, "n": 1})
    assert [line[1:3] for line in heard(ordered)] == [(OFFICER, "refusals#answer_outdated")]
    assert due(ordered, RECEIPT)


def test_a_receipt_by_the_wrong_person_is_refused_and_names_the_right_one(ordered: Town) -> None:
    with pytest.raises(NotYours) as refused:
        acts(ordered, HEAD, a.AcknowledgeDuty(duty=RECEIPT))
    assert (refused.value.key, refused.value.facts["who"]) == ("not_your_duty", 8)


def test_only_the_clock_rings(ordered: Town) -> None:
    found = ordered.duty(VERIFY)
    assert found
    ring = a.Ring(duty=VERIFY, start=found.start, round=1, rung=0, level=None, people=(8,))
    with pytest.raises(Refused) as refused:
        acts(ordered, OFFICER, ring)
    assert refused.value.key == "only_clock"


# Merging


def test_rings_within_ten_minutes_are_one_numbered_message(ordered: Town) -> None:
    ordered.taps(EXPERT, "Đã nhận")
    ordered.at("12/10 09:08")
    acts(ordered, OFFICER, a.OrderVerification(people=(8,), units=(5,), what=Prose("Độ sâu")))
    ordered.taps(EXPERT, "Đã nhận")
    ordered.skips()
    ordered.at("12/10 11:30")
    rings = told(ordered, EXPERT, "rings/owner")
    # half of 09:00 to 13:00 is 11:00, half of 09:08 to 13:08 is 11:04
    assert [(minute(r.sent_at), r.template) for r in rings] == [
        ("12/10 11:00", "rings/owner#several")
    ]
    assert "\n1. " in rings[0].text and "\n2. " in rings[0].text
    assert len(ordered.labels(rings[0])) == 2
    ordered.says(EXPERT, "2")
    assert ordered.last(EXPERT) and ordered.newest_template(EXPERT).startswith("forms/report_veri")


def test_rings_further_apart_are_two_messages(ordered: Town) -> None:
    ordered.taps(EXPERT, "Đã nhận")
    ordered.at("12/10 09:22")
    acts(ordered, OFFICER, a.OrderVerification(people=(8,), units=(5,), what=Prose("Độ sâu")))
    ordered.taps(EXPERT, "Đã nhận")
    ordered.skips()
    ordered.at("12/10 11:30")
    # half of 09:22 to 13:22 is 11:22
    assert rings_of(ordered, EXPERT, "verification") == ["12/10 11:00", "12/10 11:22"]


def test_the_work_and_its_receipt_are_not_asked_for_in_one_breath(town: Town) -> None:
    opened(town)
    town.at("12/10 03:06")
    ring = town.live(HEAD)[0]
    assert ring.template == "rings/owner#quick_report"
    assert {key for _, key in json.loads(ring.duties)} == {"O2", "O1:open"}
    town.taps(HEAD, "Xem và gửi lên tỉnh")
    assert due(town, "O1:open") is None, "a tap on it is a receipt as well"


# Nothing twice, nobody left out
