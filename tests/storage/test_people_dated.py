"""Roles with days: for any edits in any order of days, the tables say what the journal says, and
nobody finds two heads of one unit on one day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from procedure.entries import Fact
from procedure.entries_organisation import ORGANISATION, RoleGiven, RoleProposed
from procedure.errors import Refused
from procedure.evolve_organisation import organisation_at
from procedure.organisation import Holding, Organisation, Proposal
from procedure.register import PersonLine, table
from procedure.rules_staff import manage
from procedure.staff_actions import ConfirmRole, EndRole, GiveRole
from procedure.staffing import plan
from procedure.words import Role
from storage import journal, people
from storage.database import Database
from tests.procedure import village as v
from tests.storage import shelf
from tests.storage.test_people import EVERYBODY, now, record

BEGIN = date(2026, 10, 12)
SECOND_ADMIN = v.SECOND
WHO = (v.REPORTER, v.HEAD, v.DEPUTY)
WHAT = (Role.HEAD, Role.HEAD, Role.OFFICE, Role.ADMIN)
SPAN = 12


@dataclass(frozen=True)
class Edit:
    """So many hours later somebody changes a role, in chat or by a row of a file."""

    hours: int
    by: str
    person: int
    role: Role
    since: int | None
    until: int | None


DAYS = st.one_of(st.none(), st.integers(-3, SPAN))
EDITS = st.builds(
    Edit,
    hours=st.integers(0, 60),
    by=st.sampled_from(["give", "end", "confirm", "file", "file"]),
    person=st.sampled_from(WHO),
    role=st.sampled_from(WHAT),
    since=DAYS,
    until=DAYS,
)


def day_of(moment: datetime) -> date:
    """The local day."""
    return moment.astimezone(v.ZONE).date()


def facts_of(edit: Edit, whole: Organisation, today: date) -> Sequence[Fact]:
    """What follows from an edit on a day; nothing where it is refused."""
    since, until = (
        None if n is None else today + timedelta(days=n) for n in (edit.since, edit.until)
    )
    if edit.by == "file":
        return _of_file(edit, whole, today, since, until)
    whose: dict[str, Any] = {"person": edit.person, "role": edit.role, "unit": v.COMMUNE}
    try:
        if edit.by == "give":
            return manage(whole, GiveRole(**whose, until=until), v.ADMIN, today)
        kind = EndRole if edit.by == "end" else ConfirmRole
        actor = v.ADMIN if edit.by == "end" else SECOND_ADMIN
        return manage(whole, kind(**whose), actor, today)
    except Refused:
        return []


def _of_file(
    edit: Edit, whole: Organisation, today: date, since: date | None, until: date | None
) -> Sequence[Fact]:
    one = whole.people[edit.person]
    row = PersonLine(
        row=2,
        code=one.key,
        name=one.name,
        short=one.short,
        address=one.address,
        post=one.post,
        phone=one.phone,
        email=one.email,
        unit=whole.units[v.COMMUNE].key,
        rank=one.rank,
        roles=(edit.role,),
        since=since,
        until=until,
    )
    made = plan(whole, [], [row], today)
    return [] if made.faults else made.facts


def told(whole: Organisation) -> tuple[list[tuple[Holding, object]], tuple[Proposal, ...]]:
    """What is held with its days, in order, and what waits."""
    return [(one, one.days) for one in whole.held], whole.proposed


def check(before: Organisation, after: Organisation, since: datetime) -> None:
    """Two ways to the organisation agree from a moment on, and one head leads on each day."""
    for n in range(2 * SPAN):
        moment = since + timedelta(days=n)
        left, right = before.at(moment, v.ZONE), after.at(moment, v.ZONE)
        assert told(left) == told(right)
        heads = Counter(one.unit for one in right.held if one.role is Role.HEAD)
        assert max(heads.values(), default=0) <= 1
        assert right.until(moment, v.ZONE) > moment


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(EDITS, max_size=8))
@example([Edit(0, "give", v.HEAD, Role.ADMIN, 0, 0), Edit(30, "give", v.HEAD, Role.HEAD, 0, 0)])
@example([Edit(0, "file", v.HEAD, Role.HEAD, None, 3), Edit(1, "file", v.DEPUTY, Role.HEAD, 4, 9)])
@example([Edit(0, "file", v.HEAD, Role.HEAD, None, 1), Edit(60, "give", v.DEPUTY, Role.HEAD, 0, 0)])
def test_the_tables_say_what_the_journal_says_at_every_moment(edits: Sequence[Edit]) -> None:
    with TemporaryDirectory() as folder:
        db = shelf.made(Path(folder))
        try:
            _walk(db, edits)
        finally:
            db.close()


def _walk(db: Database, edits: Sequence[Edit]) -> None:
    record(
        db,
        *EVERYBODY,
        RoleGiven(person=SECOND_ADMIN, role=Role.ADMIN, unit=v.DEPARTMENT),
    )
    moment, stood = v.START, [(v.START, now(db))]
    for edit in edits:
        moment += timedelta(hours=edit.hours, microseconds=1)
        facts = facts_of(edit, now(db).at(moment, v.ZONE), day_of(moment))
        _write(db, facts, moment)
        stood.append((moment, now(db)))
        units, people_rows = table(now(db).at(moment, v.ZONE))
        again = plan(now(db), units, people_rows, day_of(moment))
        assert not again.facts and not again.faults, "what is written out comes in unchanged"
    history = db.read(lambda session: journal.read(session, ORGANISATION))
    for at, whole in stood:
        check(organisation_at(history, at), whole, at)


def _write(db: Database, facts: Sequence[Fact], at: datetime) -> None:
    db.write(lambda session: people.record(session, facts, at=at, actor=v.ADMIN, channel="test"))


def test_a_role_that_is_given_again_has_its_new_days_and_stands_once(db: Database) -> None:
    record(db, *EVERYBODY)
    one: dict[str, Any] = {"person": v.REPORTER, "role": Role.OFFICE, "unit": v.COMMUNE}
    for until in (None, BEGIN, date(2027, 1, 1)):
        record(db, RoleGiven(**one, since=BEGIN, until=until))
    found = [held for held in now(db).holdings if held == Holding(**one)]
    assert [held.days for held in found] == [(BEGIN, date(2027, 1, 1))]
    midnight = datetime.combine(BEGIN, time(), v.ZONE).astimezone(UTC)
    whole = now(db).at(midnight - timedelta(seconds=1), v.ZONE)
    assert v.REPORTER not in whole.holders(Role.OFFICE, v.COMMUNE)
    assert v.REPORTER in whole.at(midnight, v.ZONE).holders(Role.OFFICE, v.COMMUNE)


def test_a_proposal_that_was_kept_before_roles_had_days_is_read(db: Database) -> None:
    record(db, *EVERYBODY, RoleProposed(person=v.HEAD, role=Role.ADMIN, unit=v.COMMUNE))
    old = f'[[{v.HEAD},"admin",{v.COMMUNE},{v.LEADER}]]'
    put = text("UPDATE marks SET value = :value WHERE name = 'proposed_roles'")
    db.write(lambda session: session.connection().execute(put, {"value": old}))
    assert db.read(people.proposed) == [Proposal(v.HEAD, Role.ADMIN, v.COMMUNE, v.LEADER)]
