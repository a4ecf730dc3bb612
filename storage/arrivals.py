"""What is known of an update when it arrives, in one statement: every update comes by here."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, select
from sqlmodel import Session

from storage.accounts import OWNER
from storage.prepared import Prepared
from storage.tables import metadata


class Arrival(NamedTuple):
    """Whether this very update was stored before, or stopped, and whose the account is now."""

    stored: bool
    stopped: bool
    person: int | None

    @property
    def was_here(self) -> bool:
        """Whether it came before, in whatever way."""
        return bool(self.stored or self.stopped)


_IN_EITHER: list[Any] = [
    exists().where(rows.c.channel == bindparam("channel"), rows.c.external == bindparam("external"))
    for rows in (metadata.tables["inbox"], metadata.tables["secret_stops"])
]
_ARRIVAL = Prepared(select(*_IN_EITHER, OWNER.scalar_subquery()), Arrival)


def arrival(session: Session, channel: str, external: str, account: str = "") -> Arrival:
    """What is known of an update of a channel; of no `account` nobody is the owner."""
    return _ARRIVAL.one(session, channel=channel, external=external, account=account)
