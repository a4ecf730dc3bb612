"""Sent, shown and answered are three facts; what is not shown is a fact too (conduct §4)."""

import pytest

from bot.clock import tick
from bot.deliver import mark_shown
from procedure import actions as a
from procedure.codec import Prose
from procedure.entries import RingUndelivered
from procedure.words import Severity
from storage import chats
from storage.tables import MessageRow
from tests.listening import acts, entries, heard, minute, passes, rungs, told
from tests.town import Town

CLERK, HEAD, OFFICER, EXPERT = "Thí Dụ", "Ví Dụ", "Thử", "Phác Họa"
HIS_HEAD = "Giả Thiết"
VERIFY = "O5:2"
ORDINARY, SERIOUS, GRAVE = Severity


@pytest.fixture
def ordered(ordered: Town) -> Town:
    """That morning, and the expert has said that he has received it."""
    ordered.taps(EXPERT, "Đã nhận")
    return ordered


def undelivered(town: Town, key: str = VERIFY) -> list[tuple[str, int]]:
    """What the journal says about rings that no page has shown."""
    return [
        (minute(one.at), one.fact.person)
        for one in entries(town)
        if isinstance(one.fact, RingUndelivered) and one.fact.duty == key
    ]


def ring(town: Town) -> MessageRow:
    """The newest ring to the expert."""
    return [row for row in town.thread(EXPERT) if row.template.startswith("rings/owner")][-1]


def test_sent_shown_and_answered_are_three_facts(ordered: Town) -> None:
    ordered.at("12/10 11:00")
    row = ring(ordered)
    assert (minute(row.sent_at), row.shown_at, row.answered) == ("12/10 11:00", None, None)
    ordered.forward(minutes=3)
    ordered.shown(EXPERT)
    row = ring(ordered)
    assert (minute(row.shown_at), row.answered) == ("12/10 11:03", None)
    ordered.forward(minutes=3)
    ordered.taps(EXPERT, "Đang làm")
    assert chats.taken_of(ring(ordered)) == {2}
    assert minute(ring(ordered).shown_at) == "12/10 11:03", "the first showing is kept"


def test_a_page_shows_up_to_a_message_and_no_further(ordered: Town) -> None:
    ordered.at("12/10 11:00")
    row = ring(ordered)
    chat = ordered.world.db.write(lambda s: chats.chat_of(s, "web", str(row.person), row.person))
    mark_shown(ordered.world, chat, row.seq - 1)
    assert ring(ordered).shown_at is None
    assert mark_shown(ordered.world, chat, row.seq) == 1
    assert ring(ordered).shown_at is not None


@pytest.mark.parametrize(
    ("severity", "minutes"), [(ORDINARY, 30), (SERIOUS, 10), (GRAVE, 2)], ids=str
)
def test_what_no_page_shows_in_time_is_journalled_once(
    ordered: Town, severity: Severity, minutes: int
) -> None:
    if severity is not SERIOUS:
        change = a.ChangeSeverity(severity=severity, reason=Prose("Theo thực tế"))
        acts(ordered, OFFICER, change)
    ordered.at("12/10 11:00")
    passes(ordered, minutes=minutes, seconds=-1)
    tick(ordered.world)
    assert undelivered(ordered) == []
    passes(ordered, seconds=1)
    tick(ordered.world)
    tick(ordered.world)
    passes(ordered, minutes=1)
    tick(ordered.world)
    assert undelivered(ordered) == [(f"12/10 11:{minutes:02d}", 8)]
    last = ordered.incident().rung[VERIFY]
    assert last.undelivered == (8,)


def test_what_a_page_has_shown_in_time_is_not(ordered: Town) -> None:
    ordered.at("12/10 11:00")
    ordered.forward(minutes=9)
    ordered.shown(EXPERT)
    ordered.forward(minutes=20)
    assert undelivered(ordered) == []


def test_from_the_next_rung_on_somebody_gets_a_call_card(ordered: Town) -> None:
    ordered.at("12/10 12:11")
    ordered.skips()
    ordered.at("12/10 12:12")
    # he is on duty himself and has no deputy: the first whom the ladder names is his head
    assert [line[1:3] for line in heard(ordered)] == [
        (EXPERT, "rings/owner#verification"),
        (HIS_HEAD, "rings/call#call"),
    ]
    card = ordered.hears(HIS_HEAD, "rings/call#call")
    assert "ĐT 0296.000.0008" in card.text
    assert ordered.buttons(HIS_HEAD)[0] == ["Đã gọi được", "Không gọi được"]


def test_he_who_saw_the_ring_is_not_phoned_before_his_time_is_up(ordered: Town) -> None:
    ordered.at("12/10 11:00")
    ordered.shown(EXPERT)
    ordered.at("12/10 12:12")
    ordered.shown(EXPERT)
    ordered.at("12/10 13:19")
    assert not told(ordered, HIS_HEAD, "rings/")


def test_a_call_that_reached_him_spares_him_the_next(ordered: Town) -> None:
    ordered.at("12/10 12:12")
    ordered.taps(HIS_HEAD, "Đã gọi được")
    ordered.skips()
    ordered.at("12/10 13:00")
    assert not told(ordered, HIS_HEAD, "rings/")
    assert told(ordered, EXPERT, "rings/owner#verification"), "the duty is still his"


def test_the_ladder_climbs_as_if_unanswered(ordered: Town) -> None:
    ordered.at("12/10 13:00")
    ordered.at("12/10 14:01")
    climbed = [one[:3] for one in rungs(ordered, VERIFY) if one[2] not in (None, "ahead")]
    assert [one for one in climbed if one[0] > "12/10 13:00"] == [
        ("12/10 13:20", 3, "head"),
        ("12/10 13:40", 4, "duty_officer"),
        ("12/10 14:00", 5, "leader"),
    ]


def test_a_ring_that_was_answered_is_no_longer_waited_for(ordered: Town) -> None:
    ordered.at("12/10 11:00")
    ordered.shown(EXPERT)
    ordered.answers(EXPERT, "Nhập kết quả", "Sạt lở dài 38 m", "Tôi xác nhận")
    ordered.forward(hours=1)
    assert undelivered(ordered) == []
    ordered.holds()
