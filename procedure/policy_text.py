"""Reads the tables of a policy text, noting every fault and going on."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, TypeVar

from procedure.calendar import Window
from procedure.policy_rows import (
    LEAST_KEPT,
    Allowance,
    Climb,
    DutyRow,
    Fault,
    Manners,
    Pattern,
    Retention,
)
from procedure.words import Level, Severity

_T = TypeVar("_T")

_LENGTH = re.compile(r"(\d{1,6})(s|m|h|d|wd)")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_CLAUSES = range(1, 42)
_LAW = re.compile(r"law\.[a-z_]+")


@dataclass
class Tables:
    """What could be read; a row with a fault is left out and named in ``faults``."""

    duties: dict[str, DutyRow] = field(default_factory=dict)
    patterns: dict[str, Pattern] = field(default_factory=dict)
    manners: Manners | None = None
    retention: Retention = field(default_factory=Retention)
    #: estimates for the worst case: "meeting" and "drafting", by severity
    assumed: dict[str, dict[Severity, Allowance]] = field(default_factory=dict)
    #: names as written, also of rows with faults
    named: dict[str, frozenset[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @staticmethod
    def read(raw: Mapping[str, Any]) -> "Tables":
        """The tables of a parsed TOML text; never raises."""
        tables = Tables()
        top = _Row(raw, "policy", tables.faults)
        manners = _manners(top.row("manners"))
        patterns, duties = top.row("patterns"), top.row("duties")
        for name in patterns.raw:
            before = len(tables.faults)
            pattern = _pattern(name, patterns.row(name))
            if len(tables.faults) == before:
                tables.patterns[name] = pattern
        for key in duties.raw:
            before = len(tables.faults)
            duty = _duty(key, duties.row(key))
            if len(tables.faults) == before:
                tables.duties[key] = duty
        assumed = top.row("assumed")
        for key in ("meeting", "drafting"):
            tables.assumed[key] = assumed.by_severity(key, (Severity.SERIOUS, Severity.GRAVE))
        if "retention" in top.raw:  # texts of before it are still stamped on incidents
            tables.retention = _retention(top.row("retention"))
        for row in (assumed, patterns, duties, top):
            row.nothing_else()
        tables.manners = manners
        tables.named = {"patterns": frozenset(patterns.raw), "duties": frozenset(duties.raw)}
        return tables


class _Row:
    """One table: takes its values by name, notes faults, and knows what was not taken."""

    def __init__(self, raw: object, where: str, faults: list[Fault]) -> None:
        self.where, self.faults = where, faults
        self.taken: set[str] = set()
        self.raw: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
        if not isinstance(raw, Mapping):
            self.fault("policy.not_a_table")

    def fault(self, key: str, name: str = "", **facts: str | int) -> None:
        where = f"{self.where}.{name}" if name else self.where
        self.faults.append(Fault(where, key, facts))

    def row(self, name: str) -> "_Row":
        self.taken.add(name)
        where = name if self.where == "policy" else f"{self.where}.{name}"
        if name not in self.raw:
            self.faults.append(Fault(where, "policy.missing", {}))
            return _Row({}, where, self.faults)
        return _Row(self.raw[name], where, self.faults)

    def nothing_else(self) -> None:
        for name in self.raw.keys() - self.taken:
            self.fault("policy.unknown_key", name)

    def value(self, name: str, kind: type[_T], default: _T | None = None) -> _T:
        """A value of a kind; its fault is noted, and something of the kind comes back."""
        self.taken.add(name)
        found = self.raw.get(name, default)
        if isinstance(found, kind) and (kind is bool or not isinstance(found, bool)):
            return found
        key = "policy.missing" if found is None else "policy.wrong_kind"
        self.fault(key, name, wanted=kind.__name__)
        return default if default is not None else kind()

    def day(self, name: str) -> date | None:
        """A day where there is one; a day with a time of day is none."""
        self.taken.add(name)
        found = self.raw.get(name)
        if isinstance(found, date) and not isinstance(found, datetime):
            return found
        if found is not None:
            self.fault("policy.wrong_kind", name, wanted="date")
        return None

    def number(self, name: str, least: int, most: int) -> int:
        before = len(self.faults)
        found = self.value(name, int)
        if len(self.faults) == before and not least <= found <= most:
            self.fault("policy.out_of_range", name, value=found, least=least, most=most)
        return found

    def listed(self, name: str, each: Callable[[object, str], _T | None]) -> tuple[_T, ...]:
        read = (each(item, f"{name}[{n}]") for n, item in enumerate(self.value(name, list, [])))
        return tuple(item for item in read if item is not None)

    def length(self, raw: object, name: str) -> Allowance:
        text = raw if isinstance(raw, str) else ""
        if text.startswith("-") or (isinstance(raw, int) and raw < 0):
            self.fault("policy.negative", name, value=str(raw))
            return Allowance()
        match = _LENGTH.fullmatch(text)
        if match is None:
            self.fault("policy.not_a_length", name, value=str(raw))
            return Allowance()
        count, unit = int(match[1]), match[2]
        if unit == "wd":
            return Allowance(working_days=count)
        seconds = count * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]
        return Allowance(timedelta(seconds=seconds))

    def clock_length(self, name: str) -> timedelta:
        """A length of the clock, more than nothing."""
        return self.clock_item(self.value(name, str), name)

    def clock_item(self, raw: object, name: str) -> timedelta:
        before = len(self.faults)
        length = self.length(raw, name)
        if len(self.faults) == before and length.clock <= timedelta(0):
            key = "policy.working_days_here" if length.working_days else "policy.not_positive"
            self.fault(key, name, value=str(raw))
        return length.clock

    def by_severity(
        self, name: str, severities: Iterable[Severity] = Severity, *, needed: bool = True
    ) -> dict[Severity, Allowance]:
        return self._each_severity(
            name, lambda row, key: row.length(row.raw[key], key), needed, severities
        )

    def times_by_severity(self, name: str) -> dict[Severity, tuple[time, ...]]:
        return self._each_severity(name, lambda row, key: row.listed(key, row.clock), False)

    def _each_severity(
        self,
        name: str,
        read: Callable[["_Row", str], _T],
        needed: bool,
        severities: Iterable[Severity] = Severity,
    ) -> dict[Severity, _T]:
        if name not in self.raw and not needed:
            return {}
        row, found = self.row(name), {}
        for severity in severities if name in self.raw else ():
            if severity.value in row.raw:
                row.taken.add(severity.value)
                found[severity] = read(row, severity.value)
            else:
                row.fault("policy.missing", severity.value)
        row.nothing_else()
        return found

    def clock(self, raw: object, name: str) -> time | None:
        match = _CLOCK.fullmatch(raw) if isinstance(raw, str) else None
        if match is None:
            self.fault("policy.not_a_time", name, value=str(raw))
            return None
        return time(int(match[1]), int(match[2]))

    def window(self, raw: object, name: str) -> Window | None:
        marks = raw if isinstance(raw, list) else []
        times = [self.clock(mark, name) for mark in marks]
        if len(times) != 2 or times[0] == times[1]:
            self.fault("policy.not_a_window", name, value=str(raw))
            return None
        start, end = times
        return None if start is None or end is None else (start, end)

    def level(self, raw: object, name: str) -> Level | None:
        if raw in [level.value for level in Level if level is not Level.OWNER]:
            return Level(raw)
        self.fault("policy.unknown_level", name, value=str(raw))
        return None

    def whole_percent(self, raw: object, name: str) -> int | None:
        if isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw <= 100:
            return raw
        self.fault("policy.not_a_share", name, value=str(raw))
        return None


def _pattern(name: str, row: _Row) -> Pattern:
    window = row.window(row.value("window", list), "window") if "window" in row.raw else None
    daily = row.clock(row.value("daily_at", str), "daily_at") if "daily_at" in row.raw else None
    pattern = Pattern(
        name=name,
        shares=row.listed("before_shares", row.whole_percent),
        lefts=row.listed("before_left", row.clock_item),
        together=row.listed("together", row.level),
        breach=row.value("breach", bool, False),
        repeat=row.clock_length("repeat"),
        most=row.number("max", 0, 100),
        window=window,
        daily_at=daily,
        climb=row.listed(
            "climb", lambda raw, at: _climb(_Row(raw, f"{row.where}.{at}", row.faults))
        ),
        by_hand=row.listed("by_hand", row.level),
        tail_cap=row.clock_length("tail_cap"),
        tail_in_office=row.value("tail_in_office", bool, False),
        tail_by_severity=row.value("tail_by_severity", bool, False),
        spares_owner=row.value("spares_owner", bool, False),
    )
    row.nothing_else()
    return pattern


def _climb(row: _Row) -> Climb | None:
    row.taken.update(("level", "after", "left", "share"))
    level = row.level(row.raw.get("level"), "level")
    row.nothing_else()
    given = [name for name in ("after", "left", "share") if name in row.raw]
    if len(given) != 1:
        row.fault("policy.climb_needs_one_time")
    if level is None or len(given) != 1:
        return None
    if given == ["after"]:
        return Climb(level, after=row.length(row.raw["after"], "after"))
    if given == ["left"]:
        return Climb(level, left=row.clock_item(row.raw["left"], "left"))
    return Climb(level, share=row.number("share", 100, 1000))


def _duty(key: str, row: _Row) -> DutyRow:
    basis, text = row.value("basis", str), row.raw.get("basis_text")
    row.taken.update(("basis_text", "clause"))
    if basis not in ("house", "legal"):
        row.fault("policy.unknown_basis", "basis", value=basis)
    if basis == "legal" and not (isinstance(text, str) and _LAW.fullmatch(text)):
        row.fault("policy.legal_needs_text", "basis_text")
    confirmed = row.value("confirmed", bool, False)
    on = row.day("confirmed_on")
    if confirmed and (basis != "legal" or on is None):
        row.fault("policy.confirmed_needs_date", "confirmed")
    duty = DutyRow(
        key=key,
        label=row.value("label", str),
        since=row.value("since", str),
        lead=row.value("lead", bool, False),
        clause=_clause(row),
        allowances=row.by_severity("allowance"),
        pattern=row.value("pattern", str),
        basis="legal" if basis == "legal" else "house",
        basis_text=text if isinstance(text, str) else None,
        confirmed=confirmed,
        confirmed_on=on,
        every=row.by_severity("every", needed=False),
        lasts=row.by_severity("lasts", needed=False),
        at_times=row.times_by_severity("at_times"),
    )
    row.nothing_else()
    return duty


def _clause(row: _Row) -> int | str:
    found = row.raw.get("clause")
    if isinstance(found, int) and not isinstance(found, bool) and found in _CLAUSES:
        return found
    if isinstance(found, str) and _LAW.fullmatch(found):
        return found
    row.fault("policy.unknown_clause", "clause", value=str(found))
    return 0


def _manners(row: _Row) -> Manners | None:
    before = len(row.faults)
    spans = row.listed("office_hours", row.window)
    marks = [mark for span in spans for mark in span]
    if not spans or any(later <= sooner for sooner, later in pairwise(marks)):
        row.fault("policy.office_hours_order", "office_hours")
    quiet = row.window(row.value("quiet", list), "quiet")
    after_midnight = row.window(row.value("after_midnight", list), "after_midnight")
    patience = row.by_severity("patience")
    per_hour = row.number("messages_per_hour", 1, 1000)
    merge, intake = row.clock_length("merge_within"), row.clock_length("intake_within")
    choices = row.listed("extension_choices", row.clock_item)
    share = row.number("extension_share", 0, 100)
    row.nothing_else()
    if quiet is None or after_midnight is None or len(row.faults) > before:
        return None
    return Manners(
        patience={severity: length.clock for severity, length in patience.items()},
        quiet=quiet,
        office_hours=spans,
        after_midnight=after_midnight,
        messages_per_hour=per_hour,
        merge_within=merge,
        intake_within=intake,
        extension_choices=choices,
        extension_share=share,
    )


def _retention(row: _Row) -> Retention:
    spans = {name: row.clock_length(name) for name in ("inbox", "sessions")}
    for name, span in spans.items():
        if timedelta(0) < span < LEAST_KEPT:
            row.fault("policy.kept_too_short", name, days=LEAST_KEPT.days)
    row.nothing_else()
    return Retention(**spans)
