"""The calendar of working days: the `holidays` package, and the table that wins over it."""

import hashlib
import json
from datetime import date
from zoneinfo import ZoneInfo

import holidays

from bot.wordlists import table
from procedure.calendar import Calendar
from procedure.codec import canonical
from procedure.policy import Manners

YEARS = range(2024, 2036)


def calendar_text() -> str:
    """The days off and the days worked in exchange, as one text to be kept and stamped."""
    own = table("holidays")
    extra = {date.fromisoformat(str(day)) for day in own.get("extra_workdays", [])}
    off = set(holidays.country_holidays("VN", years=YEARS))
    off |= {date.fromisoformat(str(day)) for day in own.get("days_off", [])}
    days = {"days_off": sorted(off - extra), "extra_workdays": sorted(extra)}
    return canonical({name: [day.isoformat() for day in found] for name, found in days.items()})


def calendar_from(text: str, zone: ZoneInfo, manners: Manners) -> Calendar:
    """The calendar that a kept text describes, with the hours of a policy."""
    days = json.loads(text)
    return Calendar(
        zone=zone,
        holidays=frozenset(date.fromisoformat(day) for day in days["days_off"]),
        extra_workdays=frozenset(date.fromisoformat(day) for day in days["extra_workdays"]),
        office_hours=manners.office_hours,
        quiet=manners.quiet,
    )


def terms_version(policy: str, calendar: str) -> str:
    """What is stamped on an incident: one name for its policy and its calendar together."""
    return hashlib.sha256(f"{policy}\n{calendar}".encode()).hexdigest()[:12]
