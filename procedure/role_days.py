"""Whether the days of a role can still be: asked when it is given and when it is confirmed."""

from collections.abc import Iterable
from datetime import date

from procedure.entries import Fact
from procedure.entries_organisation import RoleGiven, RoleProposed
from procedure.errors import BadValue


def not_past(facts: Iterable[Fact], today: date) -> None:
    """Raises BadValue for a role whose last day is before `today`, a local day."""
    for fact in facts:
        if isinstance(fact, RoleGiven | RoleProposed) and fact.until and fact.until < today:
            last = fact.until.isoformat()
            raise BadValue("role_days_over", role=fact.role.value, last_day=last)
