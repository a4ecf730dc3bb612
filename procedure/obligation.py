"""One duty that is owed, and the numbers from which its term is worked out."""

from dataclasses import dataclass
from datetime import datetime

from procedure.calendar import Calendar
from procedure.parties import Party, person
from procedure.policy import Policy
from procedure.words import Duty, Severity


@dataclass(frozen=True, kw_only=True)
class Obligation:
    """One duty that stands open. `start` and `due` are UTC.

    `key` is unique in the incident and stays the same while the duty stands; `subject` is
    the id of the order, claim, task … that it is about. `chain` marks the duties that move
    the incident from step to step: the first of them holds the ball.
    """

    key: str
    duty: Duty
    owner: Party
    start: datetime
    due: datetime
    subject: int = 0
    chain: bool = False
    legal: bool = False


@dataclass(frozen=True)
class Terms:
    """The numbers in force for one incident: its stamped policy and its calendar."""

    policy: Policy
    calendar: Calendar

    def after(self, duty: Duty, severity: Severity, start: datetime) -> datetime:
        """When a duty that starts at `start` is due, UTC."""
        return self.policy.allowance(duty.value, severity).after(start, self.calendar)


def simple(
    duty: Duty,
    owner: Party,
    start: datetime,
    terms: Terms,
    severity: Severity,
    *,
    key: str | None = None,
    chain: bool = False,
) -> Obligation:
    """A duty whose term is the policy's, counted from `start` (UTC)."""
    return Obligation(
        key=key or duty.value,
        duty=duty,
        owner=owner,
        start=start,
        due=terms.after(duty, severity, start),
        chain=chain,
    )


def about(duty: Duty, subject: int, owner: int, start: datetime, due: datetime) -> Obligation:
    """A duty of one person about one numbered thing, with a term that somebody set (UTC)."""
    return Obligation(
        key=f"{duty.value}:{subject}",
        duty=duty,
        owner=person(owner),
        start=start,
        due=due,
        subject=subject,
    )
