"""The default policy stands; every way to break it is named, all at once."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from procedure.calendar import Calendar
from procedure.policy import Policy, PolicyFault
from procedure.policy_rules import REQUIRED_DUTIES
from procedure.words import Duty, Level, Severity

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "bot" / "data" / "policy.toml").read_text(encoding="utf-8")
POLICY = Policy.read(TEXT)
MONDAY = datetime(2026, 10, 12, 2, 35, tzinfo=UTC)
ORDINARY, SERIOUS, GRAVE = Severity


def keys(text: str) -> set[tuple[str, str]]:
    with pytest.raises(PolicyFault) as caught:
        Policy.read(text)
    return {(fault.where, fault.key) for fault in caught.value.faults}


def edited(*changes: tuple[str, str]) -> str:
    text = TEXT
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def duty_edited(duty: str, old: str, new: str) -> str:
    head, row = TEXT.split(f"[duties.{duty}]\n", 1)
    assert old in row.split("\n\n")[0], (duty, old)
    return f"{head}[duties.{duty}]\n{row.replace(old, new, 1)}"


def test_the_default_policy_has_every_obligation_and_no_other() -> None:
    assert set(POLICY.duties) == set(REQUIRED_DUTIES)
    assert {duty.value for duty in Duty} <= set(POLICY.duties)


@pytest.mark.parametrize(
    ("duty", "ordinary", "serious", "grave"),
    [
        ("O1", 120, 15, 5),
        ("O2", 240, 60, 30),
        ("O3", 1440, 360, 180),
        ("O6", 240, 30, 15),
        ("O7", 1440, 120, 60),
        ("O8", 1440, 120, 60),
        ("O9", 2880, 360, 120),
        ("O12", 120, 15, 10),
        ("O12_paper", 1440, 240, 120),
        ("O14", 1440, 1440, 1440),
        ("O14_target", 1200, 720, 360),
        ("O14b", 240, 45, 20),
        ("O15_receipt", 240, 30, 15),
        ("O16_check", 480, 120, 60),
        ("O16_rebut", 1440, 240, 120),
        ("O19", 1440, 360, 180),
        ("O21", 4320, 1440, 720),
        ("O22", 21600, 14400, 10080),
        ("O27", 4320, 4320, 4320),
        ("conflict", 240, 30, 15),
    ],
)
def test_the_allowances_are_those_of_the_table(
    duty: str, ordinary: int, serious: int, grave: int
) -> None:
    found = [POLICY.allowance(duty, severity).clock for severity in Severity]
    assert found == [timedelta(minutes=minutes) for minutes in (ordinary, serious, grave)]


def test_the_press_waits_two_working_days_in_an_ordinary_matter() -> None:
    calendar = Calendar(
        ZoneInfo("Asia/Ho_Chi_Minh"),
        frozenset(),
        frozenset(),
        POLICY.manners.office_hours,
        POLICY.manners.quiet,
    )
    friday = datetime(2026, 10, 16, 3, tzinfo=UTC)
    allowance = POLICY.allowance("O15", ORDINARY)
    assert allowance.after(friday, calendar) == datetime(2026, 10, 20, 3, tzinfo=UTC)
    assert allowance.before(friday, calendar) == datetime(2026, 10, 14, 3, tzinfo=UTC)
    hours = POLICY.allowance("O15", SERIOUS)
    assert hours.after(friday, calendar) == friday + timedelta(hours=8)
    assert hours.before(friday, calendar) == friday - timedelta(hours=8)


@pytest.mark.parametrize(
    "duty", [key for key, row in POLICY.duties.items() if row.basis == "legal"]
)
def test_no_legal_row_shows_a_badge_before_a_clerk_has_confirmed_it(duty: str) -> None:
    row = POLICY.duties[duty]
    assert row.basis_text is not None and not row.legal_badge
    confirmed = "confirmed = true\nconfirmed_on = 2026-03-07"
    policy = Policy.read(duty_edited(duty, "confirmed = false", confirmed))
    assert policy.duties[duty].legal_badge
    assert policy.duties[duty].confirmed_on == date(2026, 3, 7)


def test_every_duty_shows_the_clause_behind_it() -> None:
    clauses = {key: row.clause for key, row in POLICY.duties.items()}
    assert all(clause in range(1, 42) for clause in clauses.values() if isinstance(clause, int))
    laws = {key for key, clause in clauses.items() if isinstance(clause, str)}
    assert laws == {"O27", "O28"}


def test_the_pattern_of_a_duty_goes_by_severity_or_by_name() -> None:
    for severity in Severity:
        assert POLICY.pattern_for("O2", severity) == POLICY.pattern(severity.value)
    assert POLICY.pattern_for("O14", GRAVE) == POLICY.pattern("legal")
    assert POLICY.pattern_for("O28", GRAVE) is None


@pytest.mark.parametrize("severity", Severity)
def test_the_committee_s_pattern_has_the_tail_of_the_severity(severity: Severity) -> None:
    found, by_level = POLICY.pattern_for("O8", severity), POLICY.pattern(severity.value)
    assert found is not None and found.spares_owner
    assert (found.tail_cap, found.repeat) == (by_level.tail_cap, by_level.repeat)
    assert found.automatic == (Level.DUTY_OFFICER, Level.LEADER)


def test_no_pattern_reaches_the_committee_s_office_by_itself() -> None:
    for pattern in POLICY.patterns.values():
        assert Level.COMMITTEE_OFFICE in pattern.by_hand
        assert Level.COMMITTEE_OFFICE not in pattern.automatic


def test_the_manners_are_those_of_conduct() -> None:
    manners = POLICY.manners
    minutes = [length // timedelta(minutes=1) for length in manners.patience.values()]
    assert minutes == [30, 10, 2]
    assert manners.quiet == (time(21), time(6))
    assert manners.after_midnight == (time(0), time(5))
    assert (manners.messages_per_hour, manners.merge_within) == (12, timedelta(minutes=10))
    assert manners.intake_within == timedelta(seconds=90)
    choices = [choice // timedelta(minutes=1) for choice in manners.extension_choices]
    assert choices == [15, 30, 60]


def test_an_owner_may_add_half_of_a_house_term_and_nothing_to_a_legal_one() -> None:
    assert POLICY.extension_limit("O2", SERIOUS) == timedelta(minutes=30)
    assert POLICY.extension_limit("O14", SERIOUS) == timedelta(0)


def test_the_version_is_the_text_and_nothing_else() -> None:
    assert Policy.read(TEXT).version == POLICY.version
    assert len(POLICY.version) == 12 and int(POLICY.version, 16) >= 0
    assert Policy.read(TEXT + "\n").version != POLICY.version


@pytest.mark.parametrize(
    ("duty", "old", "new", "where", "key"),
    [
        ("O6", 'grave = "15m"', 'grave = "45m"', "duties.O6.allowance", "severity_order"),
        ("O6", 'serious = "30m"', 'serious = "5h"', "duties.O6.allowance", "severity_order"),
        ("O15", 'serious = "8h"', 'serious = "3wd"', "duties.O15.allowance", "severity_order"),
        (
            "O18",
            '"24h", serious = "4h"',
            '"1h", serious = "4h"',
            "duties.O18.allowance",
            "severity_order",
        ),
        ("O3", 'grave = "3h"', 'grave = "30m"', "duties.O2", "not_sooner"),
        ("O13", 'serious = "2h"', 'serious = "12h"', "duties.O13", "not_sooner"),
        ("O14_target", 'ordinary = "20h"', 'ordinary = "24h"', "duties.O14_target", "not_sooner"),
        ("O14_target", 'grave = "6h"', 'grave = "4h"', "duties.O14_target", "worst_case_meeting"),
        ("O9", 'serious = "6h"', 'serious = "9h"', "duties.O14_target", "worst_case_meeting"),
        ("O8", 'grave = "60m"', 'grave = "6h"', "duties.O14_target", "worst_case_direction"),
        ("O8", 'serious = "2h"', 'serious = "9h"', "patterns.committee", "silent_gap"),
        ("O8", '"committee"', '"level"', "duties.O8", "committee_pattern"),
        ("O2", '"level"', '"p-thuong"', "duties.O2", "unknown_pattern"),
        ("O2", 'serious = "60m"', 'serious = "-60m"', "duties.O2.allowance.serious", "negative"),
        ("O2", 'serious = "60m"', "serious = -60", "duties.O2.allowance.serious", "negative"),
        (
            "O2",
            'serious = "60m"',
            'serious = "1 gio"',
            "duties.O2.allowance.serious",
            "not_a_length",
        ),
        ("O2", 'grave = "30m"', 'grave = "0m"', "duties.O2.allowance", "not_positive"),
        ("O2", ', grave = "30m"', "", "duties.O2.allowance.grave", "missing"),
        ("O2", "clause = 25", "clause = 42", "duties.O2.clause", "unknown_clause"),
        ("O2", "clause = 25", "", "duties.O2.clause", "unknown_clause"),
        ("O2", '"house"', '"law"', "duties.O2.basis", "unknown_basis"),
        ("O2", '"house"', '"legal"', "duties.O2.basis_text", "legal_needs_text"),
        (
            "O2",
            '"house"',
            '"house"\nconfirmed = true',
            "duties.O2.confirmed",
            "confirmed_needs_date",
        ),
        ("O14", "= false", "= true", "duties.O14.confirmed", "confirmed_needs_date"),
        ("O14", "= false", '= "no"', "duties.O14.confirmed", "wrong_kind"),
        (
            "O14",
            "= false",
            '= true\nconfirmed_on = "2026-03-07"',
            "duties.O14.confirmed_on",
            "wrong_kind",
        ),
        ("O2", "since", "sinec", "duties.O2.sinec", "unknown_key"),
        ("O20", '"07:30"', '"7h30"', "duties.O20.at_times.serious[0]", "not_a_time"),
    ],
)
def test_a_duty_row_that_breaks_a_rule_is_named(
    duty: str, old: str, new: str, where: str, key: str
) -> None:
    assert (where, f"policy.{key}") in keys(duty_edited(duty, old, new))


@pytest.mark.parametrize(
    ("old", "new", "where", "key"),
    [
        ("[50, 80]", "[80, 50]", "patterns.ordinary", "before_order"),
        ("[50, 80]", "[50, 180]", "patterns.ordinary.before_shares[1]", "not_a_share"),
        ('["12h", "6h"', '["6h", "12h"', "patterns.legal", "before_order"),
        ('"office", after = "20m"', '"office", after = "50m"', "patterns.serious", "climb_order"),
        ('"head", after = "40m"', '"office", after = "40m"', "patterns.serious", "climb_twice"),
        (
            '"leader", after = "90m"',
            '"boss", after = "90m"',
            "patterns.serious.climb[3].level",
            "unknown_level",
        ),
        (
            '"leader", after = "90m"',
            '"owner", after = "90m"',
            "patterns.serious.climb[3].level",
            "unknown_level",
        ),
        (
            '"leader", after = "90m"',
            '"committee_office", after = "90m"',
            "patterns.serious",
            "by_hand_level",
        ),
        (
            '"leader", after = "90m"',
            '"leader", left = "90m", share = 150',
            "patterns.serious.climb[3]",
            "climb_needs_one_time",
        ),
        ('repeat = "20m"', 'repeat = "0m"', "patterns.serious.repeat", "not_positive"),
        ('repeat = "20m"', 'repeat = "1wd"', "patterns.serious.repeat", "working_days_here"),
        ('tail_cap = "4h"', "", "patterns.serious.tail_cap", "missing"),
        ("max = 6", "max = -1", "patterns.serious.max", "out_of_range"),
        ("max = 6", "max = true", "patterns.serious.max", "wrong_kind"),
        ('"07:00", "20:00"', '"20:00", "07:00"', "patterns.ordinary", "window_over_midnight"),
        ('"07:00", "20:00"', '"07:00"', "patterns.ordinary.window", "not_a_window"),
        ("spares_owner = true", "", "patterns.committee", "committee_is_nagged"),
        (
            'repeat = "20m"\nmax = 0',
            'repeat = "20m"\nmax = 3',
            "patterns.committee",
            "spared_owner_repeats",
        ),
        (
            'repeat = "24h"\nmax = 5',
            'repeat = "12h"\nmax = 5',
            "patterns.periodic",
            "daily_needs_days",
        ),
        ("[patterns.legal]", "[patterns.lawful]", "patterns.legal", "missing_pattern"),
        ('["07:00", "11:30"]', '["07:00", "14:30"]', "manners.office_hours", "office_hours_order"),
        (
            "messages_per_hour = 12",
            "messages_per_hour = 0",
            "manners.messages_per_hour",
            "out_of_range",
        ),
        (', grave = "2m" }', " }", "manners.patience.grave", "missing"),
        ("[manners]", "[manner]", "manners", "missing"),
        ("[manners]", "[manner]", "policy.manner", "unknown_key"),
        ('meeting = { serious = "60m", ', "meeting = { ", "assumed.meeting.serious", "missing"),
    ],
)
def test_a_pattern_or_number_that_breaks_a_rule_is_named(
    old: str, new: str, where: str, key: str
) -> None:
    assert (where, f"policy.{key}") in keys(edited((old, new)))


@pytest.mark.parametrize("duty", REQUIRED_DUTIES)
def test_a_missing_obligation_is_named_and_so_is_one_that_nobody_knows(duty: str) -> None:
    found = keys(edited((f"[duties.{duty}]\n", f"[duties.{duty}_typo]\n")))
    assert (f"duties.{duty}", "policy.missing_duty") in found
    assert (f"duties.{duty}_typo", "policy.unknown_duty") in found


def test_all_faults_are_named_at_once() -> None:
    text = edited(
        ('tail_cap = "1h"', 'tail_cap = "soon"'),
        ("[duties.O19]", "[duties.O99]"),
        ("messages_per_hour = 12", 'messages_per_hour = "12"'),
    )
    assert keys(text) == {
        ("patterns.grave.tail_cap", "policy.not_a_length"),
        ("duties.O19", "policy.missing_duty"),
        ("duties.O99", "policy.unknown_duty"),
        ("manners.messages_per_hour", "policy.wrong_kind"),
    }


@pytest.mark.parametrize("text", ["", "duties = 3", "patterns = []\nduties = { O1 = 5 }"])
def test_a_text_with_nothing_in_it_is_a_fault_and_no_crash(text: str) -> None:
    assert len(keys(text)) > 40


def test_a_text_that_is_no_toml_is_one_fault_with_the_reason() -> None:
    with pytest.raises(PolicyFault) as caught:
        Policy.read("[duties.O1")
    (fault,) = caught.value.faults
    assert fault.key == "policy.not_toml" and fault.facts["reason"]
