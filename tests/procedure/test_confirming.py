"""The quarterly question: who is asked when, and whose word counts."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from procedure.confirming import Ask, Asked, Rhythm, confirm, due, may_see_readiness, quarter_of
from procedure.errors import BadValue, NotYours, Outdated
from procedure.organisation import Holding, Organisation
from procedure.words import Role
from tests.procedure import village as v

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
RHYTHM = Rhythm.of(v.TERMS)
CALLED = replace(v.ORGANISATION.people[v.HEAD], phone="0912 000 001")
NOW = replace(v.ORGANISATION, people={**v.ORGANISATION.people, v.HEAD: CALLED})
OFFICE = Holding(v.REPORTER, Role.OFFICE, v.COMMUNE)
ADMIN = Holding(v.REPORTER, Role.ADMIN, v.COMMUNE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def asks(moment: str, asked: dict[int, Asked] | None = None, of: Organisation = NOW) -> list[Ask]:
    """What is due in the commune."""
    return [one for one in due(of, asked or {}, RHYTHM, at(moment)) if one.unit == v.COMMUNE]


@pytest.mark.parametrize(
    ("day", "quarter"),
    [("2026-01-01", "2026-Q1"), ("2026-03-31", "2026-Q1"), ("2026-12-31", "2026-Q4")],
)
def test_a_quarter_is_three_months(day: str, quarter: str) -> None:
    assert quarter_of(date.fromisoformat(day)) == quarter


@pytest.mark.parametrize(
    ("moment", "due_then"),
    [
        ("2026-10-01 07:59", False),
        ("2026-10-01 08:00", True),
        ("2026-10-01 12:00", False),  # nobody is in the office
        ("2026-10-01 22:00", False),
        ("2026-10-06 07:59", True),
        ("2026-10-06 08:00", False),  # three working days have gone by: the next quarter
        ("2027-01-01 09:00", v.CALENDAR.is_workday(date(2027, 1, 1))),
        ("2027-01-04 09:00", True),
    ],
)
def test_the_head_is_asked_first_from_eight_of_the_first_working_day(
    moment: str, due_then: bool
) -> None:
    assert asks(moment) == ([Ask(v.COMMUNE, 0, (v.HEAD,))] if due_then else [])


def test_he_is_asked_again_after_three_working_days_and_then_his_office_and_nobody_more() -> None:
    office = replace(NOW, holdings=(*NOW.holdings, OFFICE))
    first = {v.COMMUNE: Asked(0, at("2026-10-01 08:00"))}
    assert asks("2026-10-05 17:00", first) == []
    assert asks("2026-10-06 08:00", first) == [Ask(v.COMMUNE, 1, (v.HEAD,))]
    again = {v.COMMUNE: Asked(1, at("2026-10-06 08:00"))}
    assert asks("2026-10-08 16:00", again, office) == []
    (last,) = asks("2026-10-09 08:00", again, office)
    assert (last.round, v.REPORTER in last.people) == (2, True)
    done = {v.COMMUNE: Asked(2, at("2026-10-09 08:00"))}
    assert asks("2026-12-01 09:00", done, office) == []


def test_who_has_confirmed_is_asked_no_more_and_a_unit_without_a_head_is_a_gap_instead() -> None:
    assert asks("2026-10-01 08:00", of=replace(NOW, confirmed={v.COMMUNE: "2026-Q4"})) == []
    assert asks("2026-10-01 08:00", of=replace(NOW, confirmed={v.COMMUNE: "2026-Q3"}))
    headless = tuple(one for one in NOW.holdings if one.role is not Role.HEAD)
    assert asks("2026-10-01 08:00", of=replace(NOW, holdings=headless)) == []


def test_only_the_head_confirms_and_only_somebody_who_can_be_called() -> None:
    fact = confirm(NOW, v.COMMUNE, "2026-Q4", v.HEAD)
    assert v.HEAD in fact.speakers and (fact.unit, fact.quarter) == (v.COMMUNE, "2026-Q4")
    with pytest.raises(NotYours, match="only_head_confirms") as refused:
        confirm(NOW, v.COMMUNE, "2026-Q4", v.DEPUTY)
    assert refused.value.facts["who"] == v.HEAD
    known = replace(NOW, confirmed={v.COMMUNE: "2026-Q4"})
    with pytest.raises(Outdated, match="speakers_confirmed_already"):
        confirm(known, v.COMMUNE, "2026-Q4", v.HEAD)
    nobody = tuple(one for one in NOW.holdings if one.role is not Role.SPOKESPERSON)
    with pytest.raises(BadValue, match="no_speaker_to_confirm"):
        confirm(replace(NOW, holdings=nobody), v.COMMUNE, "2026-Q4", v.HEAD)


def test_readiness_is_for_the_administrators_and_the_propaganda_department() -> None:
    assert may_see_readiness(NOW, v.DUTY) and may_see_readiness(NOW, v.LEADER)
    assert not may_see_readiness(NOW, v.HEAD) and not may_see_readiness(NOW, v.SECRETARY)
    admin = replace(NOW, holdings=(*NOW.holdings, ADMIN))
    assert may_see_readiness(admin, v.REPORTER)
