"""Papers to speak, absences and rosters: a projection of the stream `organisation`."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import text
from sqlmodel import Session, col, select

from procedure.arrangements import Absence, Delegation, Roster
from procedure.codec import canonical, dump, load
from procedure.entries import Entry
from procedure.entries_arrangements import DelegationEntered
from procedure.entries_organisation import ORGANISATION
from procedure.evolve_arrangements import Arrangements
from procedure.organisation import Organisation
from storage import journal, loose_files, marks
from storage.prepared import Prepared, asked
from storage.tables import FileUseRow
from storage.tables_arrangements import ArrangementRow

One = Delegation | Absence | Roster
_KINDS: dict[type[One], str] = {Delegation: "delegation", Absence: "absence", Roster: "roster"}
_T = TypeVar("_T", Delegation, Absence, Roster)
_PUT = Prepared(
    text(
        "INSERT INTO arrangements (kind, id, body) VALUES (:kind, :id, :body)"
        " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body"
    )
)


def with_arrangements(session: Session, organisation: Organisation) -> Organisation:
    """The organisation with all that stands of them."""
    return replace(
        organisation,
        delegations=tuple(_all(session, Delegation)),
        absences=tuple(_all(session, Absence)),
        rosters={one.unit: one for one in _all(session, Roster)},
    )


def _all(session: Session, kind: type[_T]) -> Iterable[_T]:
    asked = select(ArrangementRow).where(ArrangementRow.kind == _KINDS[kind])
    rows = session.exec(asked.order_by(col(ArrangementRow.id)))
    return [load(kind, json.loads(row.body)) for row in rows]


def project(session: Session, entries: Iterable[Entry]) -> None:
    """Applies entries of the organisation that are about them."""
    made: Arrangements | None = None
    for entry in entries:
        if not entry.fact.__module__.endswith("entries_arrangements"):
            continue
        made = made or Arrangements(with_arrangements(session, Organisation()))
        new = made.take(entry.fact, entry.actor, entry.at)
        if new is not None:
            _put(session, new)
        if isinstance(entry.fact, DelegationEntered):
            _keep_files(session, entry.fact.delegation)


def refresh(session: Session) -> None:
    """Makes the projection anew, once words or files were erased from the journal."""
    gone = set(loose_files.all_erased(session))
    made = Arrangements(Organisation())
    for entry in journal.read(session, ORGANISATION):
        new = made.take(entry.fact, entry.actor, entry.at)
        if isinstance(new, Delegation):
            new = replace(new, paper=tuple(one for one in new.paper if one.sha256 not in gone))
        if new is not None:
            _put(session, new)
    # The journal ends where it did: by this, all who hold what they read of it read it again.
    times = int(marks.marked(session, marks.REGISTER_ERASED) or 0)
    marks.mark(session, marks.REGISTER_ERASED, str(times + 1))
    asked(session).clear()


def _put(session: Session, one: One) -> None:
    id = one.unit if isinstance(one, Roster) else one.id
    _PUT.run(session, kind=_KINDS[type(one)], id=id, body=canonical(dump(one)))


def _keep_files(session: Session, paper: Delegation) -> None:
    """The photo or PDF of a paper stays as long as the organisation's journal names it."""
    for one in paper.paper:
        session.merge(FileUseRow(sha256=one.sha256, stream=ORGANISATION))
