"""What a group may have in a minute: its topics together, the true wait, nothing of a refusal."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.botapi.limits import Limits
from tests.botapi.refusal import Refused

START = datetime(2026, 10, 12, tzinfo=UTC)
GROUP, OTHER = -100_500, -100_600


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_twenty_a_minute_and_the_true_wait() -> None:
    limits = Limits()
    for n in range(20):
        limits.spend(GROUP, after(n))
    with pytest.raises(Refused) as told:
        limits.spend(GROUP, after(30))
    assert (told.value.code, told.value.retry_after) == (429, 30)
    limits.spend(OTHER, after(30))
    limits.spend(GROUP, after(60))
    with pytest.raises(Refused):
        limits.spend(GROUP, after(60.5))
    limits.spend(GROUP, after(61))


def test_an_album_counts_each_file_and_a_refusal_takes_nothing() -> None:
    limits = Limits()
    limits.spend(GROUP, START, 10)
    limits.spend(GROUP, after(1), 9)
    for _ in range(3):
        with pytest.raises(Refused) as told:
            limits.spend(GROUP, after(2), 2)
        assert told.value.retry_after == 58
    limits.spend(GROUP, after(2))


def test_groups_count_for_the_overall_limit_too() -> None:
    limits = Limits()
    for n in range(30):
        limits.spend(GROUP - n, START)
    with pytest.raises(Refused):
        limits.spend(1, START)
