"""What is kept of one person, apart from the incidents themselves: his roles, doors and parts."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from procedure.entries_organisation import ORGANISATION, RoleGiven
from procedure.words import Role
from storage import accounts, journal
from storage.tables import ChatRow, EntryRow, HoldingRow, MessageRow, SessionRow


@dataclass(frozen=True)
class RoleHeld:
    """A role that he holds: since when, and who gave it; nobody's id 0 is the server's console;
    its first and its last day, None: open."""

    role: Role
    unit: int
    since: datetime | None
    by: int
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class HeldOn:
    """All of it; moments are UTC. `streams` are the incidents of which he did or was told
    anything, whether he may still see them or not."""

    roles: tuple[RoleHeld, ...]
    channels: tuple[tuple[str, datetime], ...]
    sessions: tuple[datetime, ...]
    streams: tuple[str, ...]


def held_on(session: Session, person: int, now: datetime) -> HeldOn:
    """What is kept of a person as it stands now."""
    linked = [(one.channel, one.linked_at) for one in accounts.of_person(session, person)]
    return HeldOn(
        _roles(session, person),
        tuple(linked),
        _sessions(session, person, now),
        _streams(session, person),
    )


def _roles(session: Session, person: int) -> tuple[RoleHeld, ...]:
    given = {
        (fact.role, fact.unit): entry
        for entry in journal.of_kind(session, ORGANISATION, RoleGiven, f'"person":{person},')
        if isinstance(fact := entry.fact, RoleGiven) and fact.person == person
    }
    rows = session.exec(
        select(HoldingRow).where(HoldingRow.person == person).order_by(col(HoldingRow.id))
    )
    found = []
    for row in rows:
        entry = given.get((Role(row.role), row.unit))
        since, by = (entry.at, entry.actor) if entry else (None, 0)
        found.append(RoleHeld(Role(row.role), row.unit, since, by, row.since, row.until))
    return tuple(found)


def _sessions(session: Session, person: int, now: datetime) -> tuple[datetime, ...]:
    query = select(SessionRow.made_at).where(
        SessionRow.person == person, col(SessionRow.ended_at).is_(None), SessionRow.until > now
    )
    return tuple(sorted(session.exec(query).all()))


def _streams(session: Session, person: int) -> tuple[str, ...]:
    acted = select(EntryRow.stream).where(EntryRow.actor == person, EntryRow.stream != ORGANISATION)
    his = select(ChatRow.id).where(ChatRow.person == person)
    told = select(MessageRow.stream).where(
        col(MessageRow.chat).in_(his), col(MessageRow.stream).is_not(None)
    )
    found = {one for query in (acted, told) for one in session.exec(query.distinct()) if one}
    return tuple(sorted(found, key=lambda one: (len(one), one)))
