"""The calendar of working days: the `holidays` package, and the table that wins over it."""

from datetime import date
from zoneinfo import ZoneInfo

import holidays

from bot.wordlists import table
from procedure.calendar import Calendar
from procedure.policy import Manners

YEARS = range(2024, 2036)


def calendar_of(zone: ZoneInfo, manners: Manners) -> Calendar:
    """The calendar in force: public holidays of Viet Nam, plus and minus the local table."""
    own = table("holidays")
    extra = frozenset(date.fromisoformat(str(day)) for day in own.get("extra_workdays", []))
    off = set(holidays.country_holidays("VN", years=YEARS))
    off |= {date.fromisoformat(str(day)) for day in own.get("days_off", [])}
    return Calendar(
        zone=zone,
        holidays=frozenset(off) - extra,
        extra_workdays=extra,
        office_hours=manners.office_hours,
        quiet=manners.quiet,
    )
