"""Nothing is rung twice and nothing is lost: double ticks, jumps, restarts (design.md §2c)."""

from datetime import datetime, timedelta

from bot.clock import tick
from bot.deliver import deliver_all
from bot.ring import tick as ring_all
from procedure import actions as a
from procedure.codec import Prose
from storage import incidents
from tests.listening import acts, entries, heard, minute, passes, rungs, told
from tests.town import Town

OFFICER, LEADER, EXPERT, HIS_HEAD = "Thử", "Mẫu", "Phác Họa", "Giả Thiết"
VERIFY = "O5:2"


def due(town: Town, key: str) -> str | None:
    """When an open duty is due; None when it is met."""
    found = town.duty(key)
    return minute(found.due) if found else None


def rings_of(town: Town, who: str, name: str) -> list[str]:
    """When this person was rung by one template, since the last `skips`."""
    return [minute(row.sent_at) for row in told(town, who, f"rings/owner#{name}")]


def test_a_double_tick_rings_once(ordered: Town) -> None:
    ordered.taps(EXPERT, "Đã nhận")
    ordered.skips()
    ordered.at("12/10 11:00")
    before = len(entries(ordered))
    tick(ordered.world)
    tick(ordered.world, ordered.clock)
    assert rings_of(ordered, EXPERT, "verification") == ["12/10 11:00"]
    assert len(entries(ordered)) == before


def test_a_clock_that_jumps_back_rings_nothing_again(ordered: Town) -> None:
    ordered.taps(EXPERT, "Đã nhận")
    ordered.skips()
    ordered.at("12/10 12:12")
    passes(ordered, minutes=-100)
    for _ in range(10):
        passes(ordered, minutes=10)
        tick(ordered.world)
    assert len(rings_of(ordered, EXPERT, "verification")) == 2
    ordered.at("12/10 13:00")
    assert rings_of(ordered, EXPERT, "verification")[-1] == "12/10 13:00"


def test_a_restart_between_the_ticks_is_not_noticed(ordered: Town) -> None:
    ordered.taps(EXPERT, "Đã nhận")
    ordered.skips()
    ordered.at("12/10 11:00")
    ordered.restart()
    tick(ordered.world)
    ordered.at("12/10 12:12")
    ordered.restart()
    tick(ordered.world)
    assert rings_of(ordered, EXPERT, "verification") == ["12/10 11:00", "12/10 12:12"]


def test_a_kill_between_the_tick_and_the_delivery_loses_nothing(ordered: Town) -> None:
    ordered.taps(EXPERT, "Đã nhận")
    ordered.skips()
    passes(ordered, hours=2)
    ring_all(ordered.world)
    ordered.restart()
    assert rings_of(ordered, EXPERT, "verification") == []
    tick(ordered.world)
    assert rings_of(ordered, EXPERT, "verification") == ["12/10 11:00"]


def test_after_an_outage_only_the_latest_rung_comes_and_nobody_is_left_out(
    ordered: Town,
) -> None:
    ordered.taps(EXPERT, "Đã nhận")
    ordered.at("12/10 12:59")
    ordered.skips()
    passes(ordered, hours=6)
    tick(ordered.world)
    # due, +20 his head, +40 the duty officer, +60 the leader, all the repeats: one rung
    lines = [line for line in heard(ordered) if line[2] != "rings/owner#holding_statement"]
    about = [(who, template) for _, who, template, _ in lines if who in (EXPERT, HIS_HEAD)]
    assert about == [(EXPERT, "rings/owner#verification"), (HIS_HEAD, "rings/call#call")]
    last = rungs(ordered, VERIFY)[-1]
    assert last[3] == (EXPERT, HIS_HEAD, OFFICER, LEADER)
    assert [one[0] for one in rungs(ordered, VERIFY)].count("12/10 18:59") == 1


def test_a_duty_met_a_second_before_the_delivery_goes_stale(ordered: Town) -> None:
    ordered.taps(EXPERT, "Đã nhận")
    ordered.skips()
    passes(ordered, hours=2)
    ring_all(ordered.world)
    passes(ordered, seconds=1)
    report = a.ReportVerification(order=2, result=Prose("Sạt lở dài 38 m"))
    acts(ordered, EXPERT, report)
    deliver_all(ordered.world)
    assert not rings_of(ordered, EXPERT, "verification")
    rows = [row for row in ordered.thread(EXPERT) if row.template == "rings/owner#verification"]
    assert [(row.state, row.superseded) for row in rows] == [("stale", True)]


def test_the_next_ring_is_always_known_while_a_duty_stands(ordered: Town) -> None:
    following = ordered.world.db.read(incidents.next_ring)
    assert isinstance(following, datetime) and following > ordered.clock
    assert following - ordered.clock < timedelta(hours=4)
