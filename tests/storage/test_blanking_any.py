"""For any history: one person is blanked, the chain verifies, and all others stay as they were."""

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from procedure.entries import Fact
from procedure.entries_organisation import (
    ORGANISATION,
    PersonRegistered,
    RoleEnded,
    RoleGiven,
    UnitRegistered,
)
from procedure.evolve_organisation import organisation_at
from procedure.organisation import Organisation, Person
from procedure.words import Role
from storage import journal, people
from storage.database import Database, Session
from storage.tables import ContentRow, EntryRow
from tests.procedure import village as v
from tests.storage import shelf
from tests.storage.shelf import faults
from tests.storage.test_blanking import blank, him
from tests.storage.test_people import record

IDS = st.integers(1, 5)
ROLES = st.sampled_from([Role.STAFF, Role.OFFICE, Role.ON_DUTY])
LETTERS = st.text("abcđ \"\\'%_{}", max_size=8)


@st.composite
def registered(draw: st.DrawFn) -> PersonRegistered:
    words = {name: draw(LETTERS) for name in Person.apart}
    return PersonRegistered(
        person=Person(id=draw(IDS), unit=1, code=draw(LETTERS), left=draw(st.booleans()), **words)
    )


FACTS = st.one_of(
    registered(),
    st.builds(RoleGiven, person=IDS, role=ROLES, unit=st.just(1)),
    st.builds(RoleEnded, person=IDS, role=ROLES, unit=st.just(1)),
)


def others(organisation: Organisation, but: int) -> tuple[object, ...]:
    known = {id: one for id, one in organisation.people.items() if id != but}
    return known, tuple(one for one in organisation.holdings if one.person != but)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(FACTS, max_size=12), IDS)
def test_in_any_history_one_goes_and_the_chain_and_all_others_stay(
    facts: Sequence[Fact], person: int
) -> None:
    with TemporaryDirectory() as folder:
        db = shelf.made(Path(folder))
        try:
            everybody = [him(name=f"P{id}") for id in range(1, 6)]
            base = [
                PersonRegistered(person=Person(**{**vars(one), "id": id}))
                for id, one in enumerate(everybody, 1)
            ]
            record(db, UnitRegistered(unit=v.ORGANISATION.units[v.COMMUNE]), *base, *facts)
            before = db.read(people.organisation)
            blank(db, person)
            assert faults(db) == []
            after = db.read(people.organisation)
            assert others(after, person) == others(before, person)
            history = db.read(lambda session: journal.read(session, ORGANISATION))
            folded = organisation_at(history, history[-1].at)
            # A role that is given twice is held once; the rules never give one twice.
            assert folded.people == after.people
            assert set(folded.holdings) == set(after.holdings)
            assert _texts_of(db, person) == set()
        finally:
            db.close()


def _texts_of(db: Database, person: int) -> set[str]:
    """The texts that still stand behind what registered him."""

    def work(session: Session) -> set[str]:
        rows = session.exec(select(EntryRow).where(EntryRow.kind == "PersonRegistered")).all()
        found = set()
        for row in rows:
            data = json.loads(row.body)["data"]["person"]
            if data["id"] == person:
                text = session.get_one(ContentRow, data["words"]["content"]).text
                found |= {text} if text else set()
        return found

    return db.read(work)
