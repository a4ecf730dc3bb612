"""The register of spokespersons, confirmed once a quarter by the head of each unit (O25)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from procedure.calendar import Calendar
from procedure.entries_organisation import SpeakersConfirmed
from procedure.errors import BadValue, NotYours, Outdated
from procedure.gaps import must_speak, standing_units, there, valid_speakers
from procedure.obligation import Terms
from procedure.organisation import Organisation, Unit
from procedure.policy import Allowance
from procedure.words import Role, Severity, UnitKind

#: Who is asked, one round after the other: the head, the head once more, his office.
ROUNDS = (Role.HEAD, Role.HEAD, Role.OFFICE)
#: How long one round waits for an answer, in the policy's table.
PATIENCE = "O25"
#: The quarterly duty there; its pattern says at which hour.
QUARTERLY = "O25_quarter"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """The last round in which a unit was asked this quarter, from 0, and when (UTC)."""

    round: int
    at: datetime


@dataclass(frozen=True)
class Ask:
    """A round that is due now in a unit, and whom it reaches."""

    unit: int
    round: int
    people: tuple[int, ...]


@dataclass(frozen=True)
class Rhythm:
    """The days and hours of the quarterly question, as the policy in force has them."""

    calendar: Calendar
    hour: time
    patience: Allowance

    @staticmethod
    def of(terms: Terms) -> "Rhythm":
        """The rhythm that these terms give."""
        policy, calendar = terms.policy, terms.calendar
        pattern = policy.pattern_for(QUARTERLY, Severity.ORDINARY)
        hour = (pattern and pattern.daily_at) or calendar.office_hours[0][0]
        return Rhythm(calendar, hour, policy.allowance(PATIENCE, Severity.ORDINARY))

    def quarter(self, now: datetime) -> str:
        """The quarter of a moment."""
        return quarter_of(self.calendar.local(now).date())

    def opens(self, now: datetime) -> datetime:
        """When the question of the quarter of `now` is asked first, UTC."""
        today = self.calendar.local(now).date()
        day = date(today.year, today.month - (today.month - 1) % 3, 1)
        while not self.calendar.is_workday(day):
            day += _DAY
        return self.calendar.utc(datetime.combine(day, self.hour))

    def is_due(self, last: Asked | None, now: datetime) -> bool:
        """Whether the next round has come, in office hours only.

        The first one is asked in the first days of a quarter and not later: who was registered
        in the middle of it is asked in the next one.
        """
        if not self.calendar.is_office_time(now):
            return False
        if last is None:
            opens = self.opens(now)
            return opens <= now < self.patience.after(opens, self.calendar)
        return now >= self.patience.after(last.at, self.calendar)


def quarter_of(day: date) -> str:
    """ "2026-Q4", as the journal keeps it."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def due(
    organisation: Organisation, asked: Mapping[int, Asked], rhythm: Rhythm, now: datetime
) -> list[Ask]:
    """Which units are to be asked now; `asked` is what this quarter has seen so far."""
    return list(_due(organisation, asked, rhythm, now.astimezone(UTC)))


def _due(
    organisation: Organisation, asked: Mapping[int, Asked], rhythm: Rhythm, now: datetime
) -> Iterator[Ask]:
    quarter, begins = rhythm.quarter(now), rhythm.is_due(None, now)
    for unit in standing_units(organisation):
        last = asked.get(unit.id)
        number = last.round + 1 if last else 0
        if number >= len(ROUNDS) or organisation.confirmed.get(unit.id) == quarter:
            continue
        ready = rhythm.is_due(last, now) if last else begins
        if not ready or not must_speak(organisation, unit):
            continue
        people = there(organisation, ROUNDS[number], unit.id)
        if people:
            yield Ask(unit.id, number, people)


def confirm(organisation: Organisation, unit: int, quarter: str, actor: int) -> SpeakersConfirmed:
    """The word of a head about his unit. Raises NotYours, BadValue, Outdated."""
    head = head_of(organisation, unit)
    if actor != head:
        raise NotYours("only_head_confirms", who=head)
    if not valid_speakers(organisation, unit):
        raise BadValue("no_speaker_to_confirm")
    if organisation.confirmed.get(unit) == quarter:
        raise Outdated("speakers_confirmed_already")
    return SpeakersConfirmed(unit=unit, quarter=quarter, speakers=listed(organisation, unit))


def head_of(organisation: Organisation, unit: int) -> int | None:
    """Who is asked and whose word counts, here or away: who speaks for a unit is not for a stand-in
    to say. None while a unit has no head."""
    return next(iter(there(organisation.in_own_names(), Role.HEAD, unit)), None)


def listed(organisation: Organisation, unit: int) -> tuple[int, ...]:
    """Who stands in the register as speaking for a unit, valid or not."""
    return there(organisation, Role.SPOKESPERSON, unit)


def keepers(organisation: Organisation, unit: int) -> tuple[int, ...]:
    """Who sets the register of a unit right: its clerks, without one the administrators."""
    clerks = there(organisation, Role.OFFICE, unit)
    return clerks or organisation.admins


def may_see_readiness(organisation: Organisation, person: int) -> bool:
    """Who sees what every unit lacks: administrators, and the propaganda departments."""
    if person in organisation.admins:
        return True
    units = [one.unit for one in organisation.held_by(person)]
    if person in organisation.people:
        units.append(organisation.people[person].unit)
    found: list[Unit] = [organisation.units[one] for one in units if one in organisation.units]
    return any(one.kind is UnitKind.PROPAGANDA_DEPARTMENT for one in found)
