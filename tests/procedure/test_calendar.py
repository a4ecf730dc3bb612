"""Working days, office hours, quiet hours and windows, with the Tết of 2027 as data."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure.calendar import Calendar

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TET = frozenset(date(2027, 2, day) for day in range(4, 11))
CALENDAR = Calendar(
    zone=ZONE,
    holidays=TET,
    extra_workdays=frozenset({date(2027, 2, 20)}),  # a Saturday
    office_hours=((time(7), time(11, 30)), (time(13, 30), time(17))),
    quiet=(time(21), time(6)),
)

moments = st.datetimes(
    min_value=datetime(2026, 10, 1), max_value=datetime(2027, 6, 1), timezones=st.just(UTC)
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def is_utc(at: datetime) -> bool:
    return at.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        ("2026-10-12", True),  # Monday
        ("2026-10-17", False),  # Saturday
        ("2026-10-18", False),  # Sunday
        ("2027-02-03", True),
        ("2027-02-04", False),  # the first day off of Tết
        ("2027-02-10", False),
        ("2027-02-11", True),
        ("2027-02-20", True),  # a Saturday worked to make up
    ],
)
def test_a_working_day_is_a_weekday_that_is_no_holiday(day: str, open_: bool) -> None:
    assert CALENDAR.is_workday(date.fromisoformat(day)) is open_


@pytest.mark.parametrize(
    ("at", "next_"),
    [
        ("2026-10-12 02:35", "2026-10-12 07:00"),
        ("2026-10-12 07:00", "2026-10-12 07:00"),
        ("2026-10-12 11:29", "2026-10-12 11:29"),
        ("2026-10-12 11:30", "2026-10-12 13:30"),
        ("2026-10-12 17:00", "2026-10-13 07:00"),
        ("2026-10-16 17:01", "2026-10-19 07:00"),
        ("2027-02-03 18:00", "2027-02-11 07:00"),
        ("2027-02-19 18:00", "2027-02-20 07:00"),
    ],
)
def test_the_next_office_time_skips_lunch_nights_weekends_and_tet(at: str, next_: str) -> None:
    assert CALENDAR.next_office_time(local(at)) == local(next_)
    assert CALENDAR.is_office_time(local(at)) is (at == next_)


@pytest.mark.parametrize(
    ("at", "days", "later"),
    [
        ("2026-10-16 09:15", 0, "2026-10-16 09:15"),
        ("2026-10-16 09:15", 1, "2026-10-19 09:15"),
        ("2026-10-17 09:15", 1, "2026-10-19 09:15"),
        ("2027-02-03 16:00", 1, "2027-02-11 16:00"),
        ("2027-02-05 16:00", 2, "2027-02-12 16:00"),
        ("2027-02-19 23:50", 1, "2027-02-20 23:50"),
        ("2026-10-19 09:15", -1, "2026-10-16 09:15"),
        ("2027-02-12 08:00", -3, "2027-02-02 08:00"),
    ],
)
def test_working_days_are_counted_at_the_same_local_time(at: str, days: int, later: str) -> None:
    assert CALENDAR.add_working_days(local(at), days) == local(later)


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2026-10-12 20:59", False),
        ("2026-10-12 21:00", True),
        ("2026-10-12 00:00", True),
        ("2026-10-12 05:59", True),
        ("2026-10-12 06:00", False),
    ],
)
def test_quiet_hours_run_over_midnight(at: str, quiet: bool) -> None:
    assert CALENDAR.is_quiet(local(at)) is quiet


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2026-10-12 06:59", "2026-10-12 07:00"),
        ("2026-10-12 07:00", "2026-10-12 07:00"),
        ("2026-10-12 19:59", "2026-10-12 19:59"),
        ("2026-10-12 20:00", "2026-10-13 07:00"),
        ("2026-10-17 23:00", "2026-10-18 07:00"),
    ],
)
def test_a_window_of_the_day_takes_a_moment_to_its_next_opening(at: str, inside: str) -> None:
    assert CALENDAR.into_window(local(at), time(7), time(20)) == local(inside)


@pytest.mark.parametrize(
    ("at", "minutes", "later"),
    [
        ("2026-10-12 02:00", 0, "2026-10-12 07:00"),
        ("2026-10-12 11:00", 60, "2026-10-12 14:00"),
        ("2026-10-16 16:00", 120, "2026-10-19 08:00"),
        ("2027-02-03 16:30", 60, "2027-02-11 07:30"),
        ("2026-10-12 07:00", 480, "2026-10-12 17:00"),
    ],
)
def test_office_minutes_run_only_while_offices_are_open(at: str, minutes: int, later: str) -> None:
    assert CALENDAR.office_minutes_after(local(at), minutes) == local(later)


def test_office_minutes_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.office_minutes_after(local("2026-10-12 08:00"), -1)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        CALENDAR.next_office_time(datetime(2026, 10, 12, 8))


@pytest.mark.parametrize(
    "hours",
    [(), ((time(9), time(8)),), ((time(7), time(12)), (time(11), time(17)))],
)
def test_office_hours_that_are_empty_or_out_of_order_are_refused(
    hours: tuple[tuple[time, time], ...],
) -> None:
    with pytest.raises(ValueError, match="office_hours"):
        Calendar(ZONE, frozenset(), frozenset(), hours, (time(21), time(6)))


@given(moments)
def test_the_next_office_time_is_the_first_open_moment(at: datetime) -> None:
    found = CALENDAR.next_office_time(at)
    assert is_utc(found) and found >= at
    assert CALENDAR.is_office_time(found)
    assert found.astimezone(ZONE).date() not in TET
    assert CALENDAR.next_office_time(found) == found
    assert found == at or not CALENDAR.is_office_time(at)


@given(moments, moments)
def test_a_later_moment_never_opens_earlier(one: datetime, other: datetime) -> None:
    sooner, later = sorted((one, other))
    assert CALENDAR.next_office_time(sooner) <= CALENDAR.next_office_time(later)
    window = (time(7), time(20))
    assert CALENDAR.into_window(sooner, *window) <= CALENDAR.into_window(later, *window)
    assert CALENDAR.office_minutes_after(sooner, 90) <= CALENDAR.office_minutes_after(later, 90)


@given(moments, st.integers(1, 15))
def test_n_working_days_later_is_a_working_day_with_n_of_them_on_the_way(
    at: datetime, days: int
) -> None:
    found = CALENDAR.add_working_days(at, days)
    start, end = at.astimezone(ZONE), found.astimezone(ZONE)
    passed = [start.date() + timedelta(days=n + 1) for n in range((end - start).days)]
    assert is_utc(found)
    assert end.time() == start.time()
    assert CALENDAR.is_workday(end.date())
    assert sum(CALENDAR.is_workday(day) for day in passed) == days
    assert CALENDAR.add_working_days(at, days + 1) > found


@given(moments)
def test_a_moment_taken_into_a_window_is_in_it_and_less_than_a_day_away(at: datetime) -> None:
    found = CALENDAR.into_window(at, time(7), time(20))
    assert is_utc(found)
    assert time(7) <= found.astimezone(ZONE).time() < time(20)
    assert timedelta(0) <= found - at < timedelta(days=1)


@given(moments)
def test_local_and_utc_are_each_other_s_way_back(at: datetime) -> None:
    assert CALENDAR.utc(CALENDAR.local(at)) == at
