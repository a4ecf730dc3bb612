"""What holds for every ladder: no end, no silence, no ring twice, nobody left out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from procedure.calendar import Calendar
from procedure.ladder import Rung, Schedule, due_rung, next_rung_at
from procedure.policy import Pattern, Policy
from procedure.words import Level, Severity

ROOT = Path(__file__).resolve().parents[2]
POLICY = Policy.read((ROOT / "bot" / "data" / "policy.toml").read_text(encoding="utf-8"))
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = Calendar(
    zone=ZONE,
    holidays=frozenset(date(2027, 2, day) for day in range(4, 11)),
    extra_workdays=frozenset(),
    office_hours=POLICY.manners.office_hours,
    quiet=POLICY.manners.quiet,
)
ABOVE = (Level.OFFICE, Level.HEAD, Level.DUTY_OFFICER, Level.LEADER)


def committee(severity: Severity) -> Pattern:
    pattern = POLICY.pattern_for("O8", severity)
    assert pattern is not None
    return pattern


starts = st.datetimes(datetime(2026, 10, 1), datetime(2027, 3, 1), timezones=st.just(UTC))
named = [*POLICY.patterns.values(), *(committee(severity) for severity in Severity)]


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    start = draw(starts)
    allowed = timedelta(minutes=draw(st.integers(0, 60 * 24 * 40)))
    levels = tuple(level for level in ABOVE if draw(st.booleans()))
    return Schedule(start, start + allowed, draw(st.sampled_from(named)), CALENDAR, levels)


def ring(schedule: Schedule, ticks: Sequence[datetime], last: int = -1) -> list[Rung]:
    """What is rung by these ticks, in order."""
    rang = []
    for now in ticks:
        rung = due_rung(schedule, now, last)
        if rung is not None:
            last = rung.index
            rang.append(rung)
    return rang


@given(schedules())
def test_rungs_rise_strictly_ring_somebody_and_never_end(schedule: Schedule) -> None:
    found = list(islice(schedule, 60))
    assert len(found) == 60
    for one, other in pairwise(found):
        assert one.at < other.at and one.index < other.index
    assert all(rung.rings_owner or rung.levels for rung in found)
    assert all(rung.at.tzinfo is UTC for rung in found)
    assert found == list(islice(schedule, 60))


def open_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The time between two moments without the days on which the offices are shut."""
    one, other = calendar.local(start), calendar.local(end)
    shut = timedelta(0)
    day = one.date()
    while day < other.date():
        day += timedelta(days=1)
        if not calendar.is_workday(day):
            shut += timedelta(days=1)
    return end - start - shut


@given(schedules())
def test_after_due_no_silence_is_longer_than_the_cap(schedule: Schedule) -> None:
    pattern = schedule.pattern
    cap = pattern.tail_cap
    if pattern.spares_owner:
        cap = max(cap, (schedule.due - schedule.start) / 2)
    # up to two nights: one until the window opens, one until the office does
    closed = timedelta(hours=14) * 2 if pattern.tail_in_office else timedelta(0)
    for one, other in pairwise(islice(schedule, 60)):
        if other.at > schedule.due:
            since = max(one.at, schedule.due)
            assert open_time(CALENDAR, since, other.at) <= cap + closed or (
                other.at - since <= cap + closed
            )


@given(schedules())
def test_in_an_ordinary_matter_nothing_rings_out_of_the_window_nor_the_tail_out_of_office(
    schedule: Schedule,
) -> None:
    for rung in islice(schedule, 40):
        at = rung.at.astimezone(ZONE).time()
        if schedule.pattern.window is not None:
            assert time(7) <= at < time(20)
        if rung.kind == "tail" and schedule.pattern.tail_in_office:
            assert CALENDAR.is_office_time(rung.at)


@given(schedules(), starts, st.sampled_from((0, 40, 900, 1800, 3600, 7 * 86400)))
def test_what_is_kept_of_a_ladder_is_true_of_another_one_at_another_time(
    first: Schedule, start: datetime, seconds: int
) -> None:
    length = timedelta(seconds=seconds)
    assert list(islice(replace(first, due=first.start + length), 20))
    other = replace(first, start=start, due=start + length)
    anew = replace(other, pattern=replace(first.pattern))
    assert list(islice(other, 40)) == list(islice(anew, 40))
    for now in (rung.at for rung in islice(anew, 12)):
        assert other.latest(now) == anew.latest(now)


@given(schedules(), st.integers(0, 60))
def test_a_rung_is_rung_once_until_the_next_has_come(schedule: Schedule, nth: int) -> None:
    rung = next(islice(schedule, nth, None))
    after = next_rung_at(schedule, rung.index)
    assert due_rung(schedule, rung.at, rung.index) is None
    assert due_rung(schedule, after - timedelta(microseconds=1), rung.index) is None
    following = due_rung(schedule, after, rung.index)
    assert following is not None and following.at == after


@given(schedules(), st.lists(st.integers(0, 60 * 24 * 60), min_size=1, max_size=12))
def test_no_outage_leaves_out_a_level_or_the_owner(schedule: Schedule, minutes: list[int]) -> None:
    ticks = sorted(schedule.start + timedelta(minutes=offset) for offset in minutes)
    dense = ring(schedule, [rung.at for rung in _until(schedule, ticks[-1])])
    sparse = ring(schedule, ticks)
    assert _heard(sparse) == _heard(dense)
    assert any(rung.rings_owner for rung in sparse) == any(rung.rings_owner for rung in dense)
    assert len(sparse) <= len(dense)
    if dense:
        assert sparse[-1].index == dense[-1].index


@given(schedules(), st.lists(st.integers(-600, 60 * 24 * 30), min_size=2, max_size=20))
def test_a_clock_that_jumps_back_rings_nothing_twice(
    schedule: Schedule, minutes: list[int]
) -> None:
    found = ring(schedule, [schedule.start + timedelta(minutes=offset) for offset in minutes])
    indexes = [rung.index for rung in found]
    assert indexes == sorted(set(indexes))


@given(schedules(), st.integers(-10, 60 * 24 * 90))
def test_the_jump_into_the_tail_finds_what_a_walk_finds(schedule: Schedule, minutes: int) -> None:
    now = schedule.due + timedelta(minutes=minutes)
    walked = _until(schedule, now)
    rung = due_rung(schedule, now, -1)
    assert (rung and (rung.index, rung.at)) == (
        (walked[-1].index, walked[-1].at) if walked else None
    )
    if walked:
        after = next(one for one in schedule if one.index > walked[-1].index)
        assert next_rung_at(schedule, walked[-1].index) == after.at


def _until(schedule: Schedule, now: datetime) -> list[Rung]:
    found: list[Rung] = []
    for rung in schedule:
        if rung.at > now:
            return found
        found.append(rung)
    raise AssertionError("a schedule has ended")


def _heard(found: Sequence[Rung]) -> set[Level]:
    return {level for rung in found for level in rung.levels}
