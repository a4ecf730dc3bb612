"""The organisation of the day is what its journal says; a policy once adopted is kept."""

from functools import partial

import pytest

from procedure.codec import Prose
from procedure.entries import Fact
from procedure.entries_organisation import (
    ORGANISATION,
    AccessInvited,
    PersonRegistered,
    PolicyAdopted,
    RoleEnded,
    RoleGiven,
    RoleProposed,
    SpeakersConfirmed,
    UnitRegistered,
)
from procedure.evolve_organisation import organisation_at
from procedure.organisation import Organisation
from procedure.words import Role
from storage import journal, people
from storage.database import Database, Session
from storage.prepared import undone_if_refused
from tests.procedure import village as v
from tests.storage.shelf import faults

EVERYBODY: tuple[Fact, ...] = (
    *(UnitRegistered(unit=unit) for unit in v.ORGANISATION.units.values()),
    *(PersonRegistered(person=person) for person in v.ORGANISATION.people.values()),
    *(
        RoleGiven(person=held.person, role=held.role, unit=held.unit)
        for held in v.ORGANISATION.holdings
    ),
)


def record(db: Database, *facts: Fact) -> None:
    db.write(
        lambda session: people.record(session, facts, at=v.START, actor=v.LEADER, channel="test")
    )


def now(db: Database) -> Organisation:
    return db.read(people.organisation)


def test_what_was_registered_is_the_organisation_in_the_same_order(db: Database) -> None:
    record(db, *EVERYBODY)
    assert now(db) == v.ORGANISATION
    assert now(db).holders(Role.COMMITTEE_MEMBER, v.COMMITTEE) == (v.MEMBER, v.MEMBER_TOO)
    assert faults(db) == []


def test_a_role_that_ended_is_held_no_more_and_the_journal_keeps_that_it_was(db: Database) -> None:
    record(db, *EVERYBODY)
    record(db, RoleEnded(person=v.HEAD, role=Role.HEAD, unit=v.COMMUNE))
    assert now(db).head(v.COMMUNE) is None
    history = db.read(lambda session: journal.read(session, ORGANISATION))
    assert [entry.kind for entry in history[-1:]] == ["RoleEnded"]
    assert len(history) == len(EVERYBODY) + 1


def test_a_person_registered_again_is_changed_and_not_doubled(db: Database) -> None:
    record(db, *EVERYBODY)
    moved = v.ORGANISATION.people[v.HEAD]
    record(db, PersonRegistered(person=moved))
    assert now(db) == v.ORGANISATION


def test_an_invitation_changes_nobody(db: Database) -> None:
    record(db, *EVERYBODY, AccessInvited(person=v.HEAD))
    assert now(db) == v.ORGANISATION


def test_the_tables_can_be_made_anew_from_the_journal(db: Database) -> None:
    record(db, *EVERYBODY)
    history = db.read(lambda session: journal.read(session, ORGANISATION))

    def again(session: people.Session) -> None:
        for table in ("units", "people", "holdings"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
        people.project(session, history)

    db.write(again)
    assert now(db) == v.ORGANISATION


def test_a_policy_is_kept_for_as_long_as_an_incident_may_name_it(db: Database) -> None:
    assert db.read(people.policy_in_force) is None
    for version, text in (("a", "one"), ("b", "two"), ("a", "never over the first")):
        kept = {"version": version, "text": text, "calendar": f"{text} calendar", "since": v.START}
        db.write(partial(people.keep_policy, **kept))
        record(db, PolicyAdopted(policy=version, reason=Prose("because")))
    assert db.read(people.policy_in_force) == "a"
    found = db.read(lambda session: people.policy_kept(session, "a"))
    assert found == ("one", "one calendar")
    with pytest.raises(KeyError):
        db.read(lambda session: people.policy_kept(session, "c"))


def test_the_tables_are_what_the_journal_makes_of_them(db: Database) -> None:
    held = RoleGiven(person=v.HEAD, role=Role.OFFICE, unit=v.COMMUNE)
    record(db, *EVERYBODY)
    record(db, held, RoleProposed(person=v.HEAD, role=Role.ADMIN, unit=v.COMMUNE))
    record(db, RoleEnded(person=v.HEAD, role=Role.OFFICE, unit=v.COMMUNE))
    entries = db.read(lambda session: journal.read(session, ORGANISATION))
    assert db.read(people.organisation) == organisation_at(entries, entries[-1].at)


def test_the_last_quarter_that_each_head_confirmed_stands_as_the_journal_has_it(
    db: Database,
) -> None:
    record(db, *EVERYBODY)
    for unit, quarter in ((v.COMMUNE, "2026-Q3"), (v.PARTY, "2026-Q4"), (v.COMMUNE, "2026-Q4")):
        record(db, SpeakersConfirmed(unit=unit, quarter=quarter, speakers=(v.HEAD,)))
    assert now(db).confirmed == {v.COMMUNE: "2026-Q4", v.PARTY: "2026-Q4"}
    history = db.read(lambda session: journal.read(session, ORGANISATION))
    assert organisation_at(history, v.START) == now(db)


def test_what_is_taken_back_leaves_no_state_of_the_organisation_behind(db: Database) -> None:
    """Of what one transaction does piece by piece, each piece sees what those before have left."""
    record(db, *EVERYBODY)

    def work(session: Session) -> None:
        before = people.version(session)

        def change() -> None:
            given = RoleGiven(person=v.HEAD, role=Role.ADMIN, unit=v.COMMUNE)
            people.record(session, [given], at=v.START, actor=v.LEADER, channel="test")
            assert people.version(session) != before

        for taken_back in (session.begin_nested(), undone_if_refused(session)):
            with pytest.raises(ZeroDivisionError), taken_back:
                change()
                raise ZeroDivisionError
            assert people.version(session) == before
        change()

    db.write(work)
