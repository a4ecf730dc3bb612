"""Who is rung when: tables of times written by hand."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest

from procedure.calendar import Calendar
from procedure.ladder import Rung, Schedule, due_rung, next_rung_at, rungs, sound
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
OFFICE, HEAD, DUTY, LEADER = Level.OFFICE, Level.HEAD, Level.DUTY_OFFICER, Level.LEADER
ALL = (OFFICE, HEAD, DUTY, LEADER)
ORDINARY, SERIOUS, GRAVE = Severity

#: local time, kind, whether the owner hears it, the levels that hear it
Line = tuple[str, str, bool, tuple[Level, ...]]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def line(rung: Rung) -> Line:
    at = rung.at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
    return (at, rung.kind, rung.rings_owner, rung.levels)


def lines(
    start: str, due: str, pattern: Pattern, count: int, levels: Sequence[Level] = ALL
) -> list[Line]:
    found = rungs(local(start), local(due), pattern, CALENDAR, levels)
    return [line(rung) for rung in islice(found, count)]


def pattern_of(duty: str, severity: Severity) -> Pattern:
    pattern = POLICY.pattern_for(duty, severity)
    assert pattern is not None
    return pattern


def test_an_ignored_serious_duty_rings_for_thirty_days() -> None:
    found = lines("2026-10-12 02:35", "2026-10-12 03:35", pattern_of("O2", SERIOUS), 196)
    assert found[:16] == [
        ("2026-10-12 03:05", "before", True, ()),
        ("2026-10-12 03:23", "before", True, ()),
        ("2026-10-12 03:35", "due", True, ()),
        ("2026-10-12 03:55", "climb", True, (OFFICE,)),
        ("2026-10-12 04:15", "climb", True, (HEAD,)),
        ("2026-10-12 04:35", "climb", True, (DUTY,)),
        ("2026-10-12 04:55", "overdue", True, ()),
        ("2026-10-12 05:05", "climb", False, (LEADER,)),
        ("2026-10-12 05:15", "overdue", True, ()),
        ("2026-10-12 05:35", "overdue", True, ()),
        ("2026-10-12 06:15", "tail", True, (LEADER,)),
        ("2026-10-12 07:35", "tail", True, (LEADER,)),
        ("2026-10-12 10:15", "tail", True, (LEADER,)),
        ("2026-10-12 14:15", "tail", True, (LEADER,)),
        ("2026-10-12 18:15", "tail", True, (LEADER,)),
        ("2026-10-12 22:15", "tail", True, (LEADER,)),
    ]
    every_day = ("02:15", "06:15", "10:15", "14:15", "18:15", "22:15")
    days = [date(2026, 10, 13) + timedelta(days=n) for n in range(30)]
    rest = [(f"{day} {at}", "tail", True, (LEADER,)) for day in days for at in every_day]
    assert found[16:] == rest
    assert rest[-1][0] == "2026-11-11 22:15"


def test_the_chairman_sleeps_and_the_duty_officer_takes_the_moment_of_the_empty_head() -> None:
    levels = (OFFICE, DUTY)  # the deputy and the commune's on-duty person, then the province
    found = lines("2026-10-12 02:37", "2026-10-12 02:52", pattern_of("O1", SERIOUS), 9, levels)
    assert found == [
        ("2026-10-12 02:44", "before", True, ()),
        ("2026-10-12 02:49", "before", True, ()),
        ("2026-10-12 02:52", "due", True, ()),
        ("2026-10-12 03:12", "climb", True, (OFFICE,)),
        ("2026-10-12 03:32", "climb", True, (DUTY,)),
        ("2026-10-12 03:52", "overdue", True, ()),
        ("2026-10-12 04:12", "overdue", True, ()),
        ("2026-10-12 04:32", "overdue", True, ()),
        ("2026-10-12 04:52", "overdue", True, ()),
    ]


def test_with_the_head_skipped_the_leader_rings_at_sixty_minutes() -> None:
    levels = (OFFICE, DUTY, LEADER)
    found = lines("2026-10-12 02:35", "2026-10-12 03:35", pattern_of("O2", SERIOUS), 20, levels)
    climbs = [(at[-5:], reached) for at, kind, _, reached in found if kind == "climb"]
    assert climbs == [("03:55", (OFFICE,)), ("04:15", (DUTY,)), ("04:35", (LEADER,))]


def test_an_ordinary_duty_across_tet_keeps_its_window_and_waits_for_the_office() -> None:
    found = lines("2027-02-02 16:00", "2027-02-03 16:00", pattern_of("O19", ORDINARY), 13)
    assert found == [
        ("2027-02-03 07:00", "before", True, ()),  # half time falls at 04:00
        ("2027-02-03 11:12", "before", True, ()),
        ("2027-02-03 18:00", "climb", True, (OFFICE,)),
        ("2027-02-04 07:00", "climb", True, (HEAD,)),  # 20:00 is out of the window
        ("2027-02-04 09:00", "overdue", True, ()),
        ("2027-02-04 11:00", "overdue", True, ()),
        ("2027-02-11 16:00", "climb", False, (DUTY,)),  # one working day, Tết between
        ("2027-02-12 07:00", "tail", True, (DUTY,)),  # 4 h later is 20:00
        ("2027-02-12 15:00", "tail", True, (DUTY,)),  # 8 h
        ("2027-02-15 07:00", "tail", True, (DUTY,)),  # 16 h, over a weekend
        ("2027-02-16 07:00", "tail", True, (DUTY,)),
        ("2027-02-17 07:00", "tail", True, (DUTY,)),
        ("2027-02-18 07:00", "tail", True, (DUTY,)),
    ]


def test_a_night_outside_the_window_does_not_bring_two_levels_at_once() -> None:
    found = lines("2026-10-12 15:00", "2026-10-12 19:00", pattern_of("O2", ORDINARY), 7)
    assert found[2:] == [
        ("2026-10-13 07:00", "climb", True, (OFFICE,)),
        ("2026-10-13 09:00", "climb", True, (HEAD,)),
        ("2026-10-13 11:00", "overdue", True, ()),
        ("2026-10-13 13:00", "overdue", True, ()),
        ("2026-10-13 19:00", "climb", False, (DUTY,)),
    ]


def test_an_ignored_grave_duty_is_with_the_leader_in_twenty_minutes_and_rings_hourly() -> None:
    found = lines("2026-10-12 02:30", "2026-10-12 03:00", pattern_of("O2", GRAVE), 15)
    assert [(at[-5:], *rest) for at, *rest in found] == [
        ("02:45", "before", True, ()),
        ("02:52", "before", True, ()),
        ("02:57", "before", True, ()),
        ("03:00", "due", True, ()),
        ("03:05", "climb", True, (OFFICE,)),
        ("03:10", "climb", True, (HEAD,)),
        ("03:15", "climb", True, (DUTY,)),
        ("03:20", "climb", True, (LEADER,)),
        ("03:25", "overdue", True, ()),
        ("03:30", "overdue", True, ()),
        ("03:40", "tail", True, (LEADER,)),
        ("04:00", "tail", True, (LEADER,)),
        ("04:40", "tail", True, (LEADER,)),
        ("05:40", "tail", True, (LEADER,)),
        ("06:40", "tail", True, (LEADER,)),
    ]


def test_the_committee_s_office_hears_once_and_the_bell_goes_to_the_department() -> None:
    found = lines("2026-10-12 04:18", "2026-10-12 06:18", pattern_of("O8", SERIOUS), 200)
    assert found[:6] == [
        ("2026-10-12 06:18", "due", True, (DUTY,)),
        ("2026-10-12 07:18", "climb", False, (LEADER,)),
        ("2026-10-12 07:58", "tail", False, (DUTY, LEADER)),
        ("2026-10-12 09:18", "tail", False, (DUTY, LEADER)),
        ("2026-10-12 11:58", "tail", False, (DUTY, LEADER)),
        ("2026-10-12 15:58", "tail", False, (DUTY, LEADER)),
    ]
    assert not any(owner for _, _, owner, _ in found[1:])


def test_in_an_ordinary_matter_the_committee_s_office_is_not_woken() -> None:
    found = lines("2026-10-12 04:18", "2026-10-13 04:18", pattern_of("O8", ORDINARY), 4)
    assert found == [
        ("2026-10-13 07:00", "due", True, (DUTY,)),
        ("2026-10-13 16:18", "climb", False, (LEADER,)),
        ("2026-10-14 07:00", "tail", False, (DUTY, LEADER)),
        ("2026-10-14 15:00", "tail", False, (DUTY, LEADER)),
    ]


def test_a_spared_owner_never_leaves_a_rung_without_anybody() -> None:
    found = lines("2026-10-12 04:18", "2026-10-12 06:18", pattern_of("O8", SERIOUS), 50, ())
    assert all(owner or levels for _, _, owner, levels in found)
    assert not any(owner for _, _, owner, _ in found[1:])


def test_a_legal_clock_warns_the_head_and_the_duty_officer_too_and_records_the_breach() -> None:
    found = lines("2026-10-12 02:30", "2026-10-13 02:30", pattern_of("O14", SERIOUS), 10)
    assert found == [
        ("2026-10-12 14:30", "before", True, (HEAD, DUTY)),
        ("2026-10-12 20:30", "before", True, (OFFICE, HEAD, DUTY)),
        ("2026-10-13 00:30", "before", True, (HEAD, DUTY)),
        ("2026-10-13 02:00", "before", True, (HEAD, DUTY, LEADER)),
        ("2026-10-13 02:30", "breach", True, (HEAD, DUTY)),
        ("2026-10-13 02:40", "tail", True, (LEADER,)),
        ("2026-10-13 03:00", "tail", True, (LEADER,)),
        ("2026-10-13 03:40", "tail", True, (LEADER,)),
        ("2026-10-13 04:40", "tail", True, (LEADER,)),
        ("2026-10-13 05:40", "tail", True, (LEADER,)),
    ]


def test_a_legal_clock_found_late_says_at_once_how_long_is_left() -> None:
    schedule = Schedule(
        local("2026-10-12 02:30"),
        local("2026-10-13 02:30"),
        pattern_of("O14", SERIOUS),
        CALENDAR,
        ALL,
    )
    rung = due_rung(schedule, local("2026-10-12 16:00"), -1)
    assert rung is not None and rung.left == timedelta(hours=12)


def test_a_legal_clock_with_an_hour_left_at_its_start_still_reaches_every_level() -> None:
    found = lines("2026-10-13 01:30", "2026-10-13 02:30", pattern_of("O14", SERIOUS), 3)
    assert found[0] == ("2026-10-13 01:30", "climb", False, (OFFICE, HEAD, DUTY))
    assert found[1] == ("2026-10-13 02:00", "before", True, (HEAD, DUTY, LEADER))


def test_a_legal_term_of_thirty_days_is_told_in_days_at_eight_in_the_morning() -> None:
    found = lines("2026-10-12 15:00", "2026-11-11 15:00", pattern_of("O15b", ORDINARY), 8)
    assert found == [
        ("2026-10-27 08:00", "before", True, (HEAD, DUTY)),
        ("2026-11-04 08:00", "before", True, (OFFICE, HEAD, DUTY)),
        ("2026-11-08 08:00", "before", True, (HEAD, DUTY)),
        ("2026-11-10 08:00", "before", True, (HEAD, DUTY, LEADER)),
        ("2026-11-11 15:00", "breach", True, (HEAD, DUTY)),
        ("2026-11-12 15:00", "tail", True, (LEADER,)),
        ("2026-11-13 15:00", "tail", True, (LEADER,)),
        ("2026-11-16 07:00", "tail", True, (LEADER,)),
    ]


def test_a_periodic_duty_is_told_in_days_before_and_daily_after() -> None:
    found = lines("2026-10-12 15:00", "2026-10-22 15:00", pattern_of("O22", SERIOUS), 11)
    assert found == [
        ("2026-10-15 08:00", "before", True, ()),
        ("2026-10-19 08:00", "before", True, ()),
        ("2026-10-21 08:00", "before", True, ()),
        ("2026-10-23 08:00", "climb", True, (OFFICE,)),
        ("2026-10-24 08:00", "climb", True, (HEAD,)),
        ("2026-10-25 08:00", "climb", True, (DUTY,)),
        ("2026-10-26 08:00", "overdue", True, ()),
        ("2026-10-27 08:00", "climb", True, (LEADER,)),
        ("2026-10-28 08:00", "tail", True, (LEADER,)),
        ("2026-10-29 08:00", "tail", True, (LEADER,)),
        ("2026-10-30 08:00", "tail", True, (LEADER,)),
    ]


def test_a_rung_says_the_share_used_and_the_time_left() -> None:
    found = rungs(
        local("2026-10-12 02:35"),
        local("2026-10-12 03:35"),
        pattern_of("O2", SERIOUS),
        CALENDAR,
        ALL,
    )
    told = [(rung.share, rung.left) for rung in islice(found, 4)]
    assert told == [
        (50, timedelta(minutes=30)),
        (80, timedelta(minutes=12)),
        (100, timedelta(0)),
        (None, None),
    ]


def test_a_level_that_the_pattern_keeps_for_a_hand_is_never_rung_by_the_clock() -> None:
    levels = (OFFICE, LEADER, Level.COMMITTEE_OFFICE)
    found = lines("2026-10-12 08:00", "2026-10-12 12:00", pattern_of("O2", ORDINARY), 60, levels)
    assert {level for *_, reached in found for level in reached} == {OFFICE}


def test_a_level_that_falls_away_moves_no_number() -> None:
    start, due, pattern = (
        local("2026-10-12 02:35"),
        local("2026-10-12 03:35"),
        POLICY.pattern("serious"),
    )
    full = {rung.index: rung.at for rung in islice(rungs(start, due, pattern, CALENDAR, ALL), 40)}
    for levels in ((), (OFFICE,), (OFFICE, DUTY), (OFFICE, HEAD, LEADER)):
        for rung in islice(rungs(start, due, pattern, CALENDAR, levels), 30):
            assert full[rung.index] == rung.at


def test_after_an_outage_one_rung_comes_and_carries_all_who_should_have_heard() -> None:
    schedule = Schedule(
        local("2026-10-12 02:35"),
        local("2026-10-12 03:35"),
        POLICY.pattern("serious"),
        CALENDAR,
        ALL,
    )
    rung = due_rung(schedule, local("2026-10-12 05:06"), 3)
    assert rung is not None
    assert line(rung) == ("2026-10-12 05:05", "climb", True, (HEAD, DUTY, LEADER))
    assert rung.level is LEADER
    assert due_rung(schedule, local("2026-10-12 05:06"), rung.index) is None
    assert next_rung_at(schedule, rung.index) == local("2026-10-12 05:15")


def test_a_duty_that_is_overdue_at_its_start_rings_at_once_and_goes_on() -> None:
    at = local("2026-10-12 10:00")
    for name in POLICY.patterns:
        schedule = Schedule(at, at, POLICY.pattern(name), CALENDAR, ALL)
        found = list(islice(schedule, 30))
        assert all(one.at < other.at for one, other in pairwise(found)), name
        assert due_rung(schedule, at + timedelta(days=9), -1) is not None


@pytest.mark.parametrize("name", POLICY.patterns)
def test_a_year_later_the_rung_is_found_in_two_milliseconds(name: str) -> None:
    start = local("2026-10-12 02:35")
    now = start + timedelta(days=365)

    def seconds() -> float:
        began = perf_counter()
        schedule = Schedule(start, start + timedelta(hours=1), POLICY.pattern(name), CALENDAR, ALL)
        rung = due_rung(schedule, now, -1)
        took = perf_counter() - began
        assert rung is not None and now - rung.at <= timedelta(days=4)
        return took

    assert min(seconds() for _ in range(20)) < 0.002


@pytest.mark.parametrize(
    ("severity", "at", "on_duty", "owes_step_one", "rings"),
    [
        (ORDINARY, "12:00", False, False, True),
        (ORDINARY, "02:36", True, True, False),
        (SERIOUS, "02:36", False, False, False),
        (SERIOUS, "02:36", True, False, True),
        (SERIOUS, "02:36", False, True, True),
        (SERIOUS, "06:00", False, False, True),
        (GRAVE, "02:36", False, False, True),
    ],
)
def test_quiet_hours_concern_only_the_sound(
    severity: Severity, at: str, on_duty: bool, owes_step_one: bool, rings: bool
) -> None:
    moment = local(f"2026-10-12 {at}")
    found = sound(severity, moment, CALENDAR, on_duty=on_duty, owes_step_one=owes_step_one)
    assert found is rings
