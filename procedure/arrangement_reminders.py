"""What of papers, absences, rosters and roles with a last day is told in time, before somebody
finds it out (row 11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from procedure.arrangements import Absence, Delegation, Roster
from procedure.calendar import Calendar
from procedure.confirming import keepers
from procedure.organisation import Holding, Organisation
from procedure.words import Role

#: What was missed is told no later than this.
LASTS = timedelta(days=2)
#: An empty shift is told so long before it begins; a paper's end and a missing answer likewise.
SHIFT_AHEAD = timedelta(hours=12)
PAPER_AHEAD = timedelta(days=1)
ANSWER_AHEAD = timedelta(hours=2)
#: The local time at which a role's end is told.
MORNING = time(8)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class About(StrEnum):
    """What is told; the names of its sentences."""

    ABSENCE_BEGINS = "absence_begins"
    ABSENCE_OVER = "absence_over"
    ABSENCE_UNANSWERED = "absence_unanswered"
    DELEGATION_UNSIGNED = "delegation_unsigned"
    DELEGATION_SOON = "delegation_soon"
    DELEGATION_OVER = "delegation_over"
    SHIFT_EMPTY = "shift_empty"
    SHIFT_EMPTY_NOW = "shift_empty_now"
    ROLE_ENDS_SOON = "role_ends_soon"
    ROLE_ENDS_TODAY = "role_ends_today"


@dataclass(frozen=True)
class Reminder:
    """One thing to be told once: `key` is unique for ever, `of` the paper, absence or unit; the
    `holding` is that which ends."""

    about: About
    key: str
    people: tuple[int, ...]
    of: int
    since: datetime
    until: datetime
    holding: Holding | None = None


def reminders(organisation: Organisation, now: datetime, zone: tzinfo) -> Iterator[Reminder]:
    """All that is to be told at `now` (UTC), told before or not; `zone` is that of the rosters."""
    for one in organisation.absences:
        if one.stands() and one.since - ANSWER_AHEAD <= now < one.until + LASTS:
            yield from _absence(organisation, one, now)
    for paper in organisation.delegations:
        if paper.ended_at is None and paper.since <= now < paper.until + LASTS:
            yield from _paper(organisation, paper, now)
    for roster in organisation.rosters.values():
        if roster.turns:
            yield from _roster(organisation, roster, now, zone)


def endings(whole: Organisation, now: datetime, calendar: Calendar) -> Iterator[Reminder]:
    """The roles whose last day is the next working day, or today, told before or not.

    The holder hears it, and who keeps the register of the unit.
    """
    today = calendar.local(now).date()
    for one in whole.dated:
        if one.until is None or not one.on(today) or not whole.is_here(one.person):
            continue
        last = calendar.utc(datetime.combine(one.until, MORNING))
        soon = calendar.add_working_days(last, -1)
        if now < soon:
            continue
        about = About.ROLE_ENDS_TODAY if now >= last else About.ROLE_ENDS_SOON
        key = f"{about}:{one.person}:{one.role}:{one.unit}:{one.until.isoformat()}"
        people = _here(whole, one.person, *keepers(whole, one.unit))
        ends = calendar.utc(datetime.combine(one.until + _DAY, time()))
        yield Reminder(about, key, people, one.unit, soon, ends, one)


def _absence(whole: Organisation, one: Absence, now: datetime) -> Iterator[Reminder]:
    head = whole.head(whole.people[one.person].unit)

    def told(about: About, *people: int | None) -> Reminder:
        key = f"{about}:{one.id}"
        return Reminder(about, key, _here(whole, *people), one.id, one.since, one.until)

    if one.accepted_at is None:
        if now < one.until:
            yield told(About.ABSENCE_UNANSWERED, one.person, head)
    elif now >= one.until:
        yield told(About.ABSENCE_OVER, one.person, one.stand_in)
    elif now >= one.since >= one.accepted_at:
        yield told(About.ABSENCE_BEGINS, one.stand_in)


def _paper(whole: Organisation, one: Delegation, now: datetime) -> Iterator[Reminder]:
    head = whole.head(one.unit)

    def told(about: About, *people: int | None) -> Reminder:
        key = f"{about}:{one.id}"
        return Reminder(about, key, _here(whole, *people), one.id, one.since, one.until)

    if one.confirmed_by is None:
        if now < one.until:
            yield told(About.DELEGATION_UNSIGNED, head, one.by)
    elif now >= one.until:
        yield told(About.DELEGATION_OVER, one.person, head)
    elif now >= one.until - PAPER_AHEAD > one.since:
        yield told(About.DELEGATION_SOON, one.person, head)


def _roster(whole: Organisation, roster: Roster, now: datetime, zone: tzinfo) -> Iterator[Reminder]:
    """Where nobody is on duty: before it begins the unit hears, then whoever is above it."""
    unit = roster.unit
    for one in roster.shifts(now - _WEEK, now + SHIFT_AHEAD + _WEEK, zone):
        begun = one.since <= now
        if one.until <= now or one.since > now + SHIFT_AHEAD or _is_held(whole, one.person):
            continue
        about = About.SHIFT_EMPTY_NOW if begun else About.SHIFT_EMPTY
        own = (whole.head(unit), *whole.holders(Role.OFFICE, unit)[:1])
        people = _here(whole, *own, *(_above(whole, unit) if begun else ()))
        people = people or _here(whole, *_above(whole, unit)) or whole.admins
        key = f"{about}:{unit}:{one.since.isoformat()}"
        yield Reminder(about, key, people, unit, one.since, one.until)


def _is_held(whole: Organisation, person: int | None) -> bool:
    return person is not None and whole.is_here(person)


def _above(whole: Organisation, unit: int) -> tuple[int | None, ...]:
    """The propaganda department in charge: its duty officer, its leader."""
    department = whole.units[unit].department or unit
    on_duty = whole.holders(Role.ON_DUTY, department)[:1]
    return (*on_duty, whole.head(department), *whole.holders(Role.DEPUTY, department)[:1])


def _here(whole: Organisation, *people: int | None) -> tuple[int, ...]:
    found = (whole.acting(one) for one in people if one is not None and whole.is_here(one))
    return tuple(dict.fromkeys(found))
