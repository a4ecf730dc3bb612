"""Days as officials write them: of the past, of the future, and with their year."""

from datetime import date
from typing import Literal

import pytest

from handlers.reading.day import NotADay, read_day

TODAY = date(2026, 10, 12)
Want = Literal["past", "future", "written"]


@pytest.mark.parametrize(
    ("words", "want", "day"),
    [
        ("12/10", "past", date(2026, 10, 12)),
        ("13/10", "past", date(2025, 10, 13)),
        ("12/10", "future", date(2026, 10, 12)),
        ("13/10", "future", date(2026, 10, 13)),
        ("11/10", "future", date(2027, 10, 11)),
        ("ngày 5 tháng 3", "future", date(2027, 3, 5)),
        ("hôm nay", "past", TODAY),
        ("hôm nay", "future", TODAY),
        ("11/10/2026", "future", date(2026, 10, 11)),
        ("13.10.2026", "past", date(2026, 10, 13)),
        ("31-12-27", "written", date(2027, 12, 31)),
        ("1/2/2020", "written", date(2020, 2, 1)),
    ],
)
def test_a_day_is_read(words: str, want: Want, day: date) -> None:
    assert read_day(words, TODAY, want) == day


@pytest.mark.parametrize(
    ("words", "want", "why"),
    [
        ("31/02", "past", "impossible"),
        ("31/02", "future", "impossible"),
        ("31/02/2027", "written", "impossible"),
        ("29/02", "future", "impossible"),
        ("1/1/0000", "written", "impossible"),
        ("31/12", "written", "unreadable"),
        ("hôm nay", "written", "unreadable"),
        ("46387", "written", "unreadable"),
        ("2027-12-31", "written", "unreadable"),
        ("", "future", "unreadable"),
    ],
)
def test_what_is_no_day_is_said_why(words: str, want: Want, why: str) -> None:
    with pytest.raises(NotADay) as caught:
        read_day(words, TODAY, want)
    assert caught.value.why == why
