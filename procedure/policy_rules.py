"""The sanity rules between the rows of a policy (domain.md §8.3, last paragraph)."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from procedure.policy_rows import Climb, Fault, Pattern
from procedure.policy_text import Tables
from procedure.words import Duty, Level, Severity

REQUIRED_PATTERNS = ("ordinary", "serious", "grave", "committee", "legal", "periodic")

#: Every obligation of the table; those that ``Duty`` names come from there.
REQUIRED_DUTIES = tuple(
    dict.fromkeys(
        [
            *(f"O{number}" for number in range(1, 29) if number != 16),
            *("O5_next", "O10_regular", "O12_paper", "O14_target", "O14b", "O15_receipt"),
            *("O15b", "O15b_target", "O16_check", "O16_rebut", "O16b", "O16b_outcome"),
            *("O17_platform", "O23_week", "O24_quarter", "O25_quarter", "O26_drill", "conflict"),
            *(duty.value for duty in Duty),
        ]
    )
)

_DAY = timedelta(days=1)


def broken_rules(tables: Tables) -> list[Fault]:
    """Every rule that the readable rows break; rows that are not there are named once."""
    return [
        *_presence(tables),
        *(fault for pattern in tables.patterns.values() for fault in _pattern(pattern)),
        *_duty_rows(tables),
        *_order_of_duties(tables),
        *_worst_case(tables),
        *_committee(tables),
    ]


def _presence(tables: Tables) -> Iterator[Fault]:
    patterns, duties = tables.named["patterns"], tables.named["duties"]
    for name in REQUIRED_PATTERNS:
        if name not in patterns:
            yield Fault(f"patterns.{name}", "policy.missing_pattern", {"pattern": name})
    for key in REQUIRED_DUTIES:
        if key not in duties:
            yield Fault(f"duties.{key}", "policy.missing_duty", {"duty": key})
    for key in sorted(duties - set(REQUIRED_DUTIES)):
        yield Fault(f"duties.{key}", "policy.unknown_duty", {"duty": key})


def _pattern(pattern: Pattern) -> Iterator[Fault]:
    where = f"patterns.{pattern.name}"
    shares = any(later <= sooner for sooner, later in pairwise(pattern.shares))
    if shares or any(later >= sooner for sooner, later in pairwise(pattern.lefts)):
        yield Fault(where, "policy.before_order", {})
    places = [_place(climb) for climb in pattern.climb]
    if any(later < sooner for sooner, later in pairwise(places)):
        yield Fault(where, "policy.climb_order", {})
    if len(set(pattern.automatic)) != len(pattern.climb):
        yield Fault(where, "policy.climb_twice", {})
    for level in pattern.automatic:
        if level in pattern.by_hand or level is Level.COMMITTEE_OFFICE:
            yield Fault(where, "policy.by_hand_level", {"level": level.value})
    if pattern.daily_at and pattern.repeat % _DAY:
        yield Fault(where, "policy.daily_needs_days", {})
    if pattern.spares_owner and (pattern.most or pattern.shares != (100,) or not pattern.climb):
        yield Fault(where, "policy.spared_owner_repeats", {})
    if pattern.window and pattern.window[0] > pattern.window[1]:
        yield Fault(where, "policy.window_over_midnight", {})


def _place(climb: Climb) -> tuple[int, timedelta]:
    """Where a step stands on the way: before due, at shares, after due."""
    if climb.left is not None:
        return (0, -climb.left)
    if climb.share is not None:
        return (1, timedelta(climb.share))
    return (2, climb.after.least if climb.after else timedelta(0))


def _duty_rows(tables: Tables) -> Iterator[Fault]:
    known = tables.named["patterns"] | {"level", "none"}
    for key, duty in tables.duties.items():
        where = f"duties.{key}"
        if duty.pattern not in known:
            yield Fault(where, "policy.unknown_pattern", {"duty": key, "pattern": duty.pattern})
        for column in ("allowance", "every"):
            cells = duty.allowances if column == "allowance" else duty.every
            lengths = [cells[severity].least for severity in Severity if severity in cells]
            if any(graver > milder for milder, graver in pairwise(lengths)):
                yield Fault(f"{where}.{column}", "policy.severity_order", {"duty": key})
            if duty.pattern != "none" and any(length <= timedelta(0) for length in lengths):
                yield Fault(f"{where}.{column}", "policy.not_positive", {"duty": key})


def _order_of_duties(tables: Tables) -> Iterator[Fault]:
    for sooner, later in (("O2", "O3"), ("O13", "O14_target"), ("O14_target", "O14")):
        for severity in Severity:
            first, second = (_length(tables, key, severity) for key in (sooner, later))
            if first is not None and second is not None and first >= second:
                facts = {"sooner": sooner, "later": later, "severity": severity.value}
                yield Fault(f"duties.{sooner}", "policy.not_sooner", facts)


def _worst_case(tables: Tables) -> Iterator[Fault]:
    """Whether the target holds when everybody uses all his time, from detection on."""
    meeting = ("O2", "O9", "meeting", "O12", "drafting", "O14b")
    direction = ("O2", "O6", "O7", "O8")
    for severity in (Severity.SERIOUS, Severity.GRAVE):
        target = _length(tables, "O14_target", severity)
        for name, chain in (("meeting", meeting), ("direction", direction)):
            lengths = [_length(tables, key, severity) for key in chain]
            known = [length for length in lengths if length is not None]
            if target is None or len(known) < len(chain):
                continue
            worst = sum(known, timedelta(0))
            if worst > target:
                facts: dict[str, str | int] = {
                    "severity": severity.value,
                    "minutes": worst // timedelta(minutes=1),
                    "target": target // timedelta(minutes=1),
                }
                yield Fault("duties.O14_target", f"policy.worst_case_{name}", facts)


def _committee(tables: Tables) -> Iterator[Fault]:
    """The committee is never nagged, and its silence is never longer than the tail's."""
    duty, pattern = tables.duties.get("O8"), tables.patterns.get("committee")
    if duty and duty.pattern != "committee":
        yield Fault("duties.O8", "policy.committee_pattern", {"pattern": duty.pattern})
    if pattern and not pattern.spares_owner:
        yield Fault("patterns.committee", "policy.committee_is_nagged", {})
    for severity in Severity:
        by_level, length = tables.patterns.get(severity.value), _length(tables, "O8", severity)
        if pattern is None or by_level is None or length is None:
            continue
        last = max((climb.share or 100 for climb in pattern.climb), default=100)
        if length * (last - 100) / 100 > by_level.tail_cap:
            yield Fault("patterns.committee", "policy.silent_gap", {"severity": severity.value})


def _length(tables: Tables, key: str, severity: Severity) -> timedelta | None:
    found = tables.assumed.get(key, {}).get(severity)
    if found is None and key in tables.duties:
        found = tables.duties[key].allowances.get(severity)
    return None if found is None else found.least
