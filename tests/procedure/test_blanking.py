"""Blanking a person: what stands in the way, row by row, and what follows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from procedure.blanking import Called, Hindrance, blank, hindrances
from procedure.codec import Prose, dump, load
from procedure.entries import Entry, Fact
from procedure.entries_organisation import (
    ORGANISATION,
    AccessEnded,
    PersonBlanked,
    PersonRegistered,
    RoleEnded,
    RoleGiven,
    RoleProposalRejected,
    UnitRegistered,
)
from procedure.evolve_organisation import changed, organisation_at
from procedure.organisation import Organisation, Person, Proposal
from procedure.register import PersonLine, table
from procedure.staffing import plan
from procedure.words import Duty, Role
from tests.procedure import village as v

CALLED = Called(name="(gone)", post="former", address="Mr/Ms")
WHY = Prose("he asked for it")


def bare(person: int) -> PersonBlanked:
    return PersonBlanked(
        person=person, name=CALLED.name, post=CALLED.post, address=CALLED.address, reason=WHY
    )


def stops(person: int, *walks: v.Walk, of: Organisation = v.ORGANISATION) -> list[Hindrance]:
    return hindrances(person, of, [(walk.incident, v.TERMS) for walk in walks])


Row = tuple[int, v.Walk, tuple[str, ...]]
OPENED, CONCLUDED, CLOSED = v.opened(), v.concluded(), v.closed()
CODE = OPENED.incident.code
SPEAKER = CONCLUDED.incident.spokesperson
KEEPER = CONCLUDED.incident.focal_point
ROWS: list[Row] = [
    (v.HEAD, OPENED, ("owes",)),
    (v.JOURNALIST, OPENED, ()),
    (v.HEAD, CLOSED, ()),
    (v.REPORTER, CLOSED, ()),
    (v.LEADER, CLOSED, ()),
]


@pytest.mark.parametrize(("person", "walk", "expected"), ROWS)
def test_an_open_duty_hinders_it_and_a_closed_incident_does_not(
    person: int, walk: v.Walk, expected: tuple[str, ...]
) -> None:
    assert tuple(dict.fromkeys(one.why for one in stops(person, walk))) == expected


def test_whoever_speaks_or_keeps_the_facts_is_named_with_the_incident() -> None:
    assert SPEAKER and KEEPER
    assert Hindrance("speaks", CODE) in stops(SPEAKER.person, CONCLUDED)
    assert Hindrance("keeps", CODE) in stops(KEEPER.person, CONCLUDED)
    if SPEAKER.stand_in:
        assert Hindrance("stands_in", CODE) in stops(SPEAKER.stand_in, CONCLUDED)
    owed = [one for one in stops(v.HEAD, OPENED) if one.why == "owes"]
    assert {one.code for one in owed} == {CODE} and Duty.QUICK_REPORT in {one.duty for one in owed}


def test_the_last_administrator_stays_and_nobody_is_blanked_twice() -> None:
    admins = v.ORGANISATION.admins
    of = replace(
        v.ORGANISATION,
        holdings=tuple(
            one
            for one in v.ORGANISATION.holdings
            if one.role is not Role.ADMIN or one.person == admins[0]
        ),
    )
    assert stops(admins[0], of=of) == [Hindrance("last_admin")]
    gone = changed(v.ORGANISATION, [bare(v.JOURNALIST)], actor=0, at=v.START)
    assert stops(v.JOURNALIST, of=gone) == [Hindrance("already")]


def test_roles_proposals_doors_and_words_end_together() -> None:
    waits = (Proposal(v.HEAD, Role.ADMIN, v.COMMUNE, by=v.ADMIN),)
    before = replace(v.ORGANISATION, proposed=waits)
    facts = blank(before, v.HEAD, CALLED, WHY)
    held = [
        RoleEnded(person=v.HEAD, role=one.role, unit=one.unit) for one in before.held_by(v.HEAD)
    ]
    rejected = RoleProposalRejected(person=v.HEAD, role=Role.ADMIN, unit=v.COMMUNE)
    assert facts == [*held, rejected, AccessEnded(person=v.HEAD), bare(v.HEAD)]
    after = changed(before, facts, actor=0, at=v.START)
    was, now = before.people[v.HEAD], after.people[v.HEAD]
    assert now == Person(
        id=was.id,
        name="(gone)",
        short="(gone)",
        address="Mr/Ms",
        post="former",
        phone="",
        unit=was.unit,
        code=was.code,
        left=True,
        blanked=True,
    )
    assert after.held_by(v.HEAD) == () and after.proposed == ()
    others = {id: one for id, one in after.people.items() if id != v.HEAD}
    assert others == {id: one for id, one in before.people.items() if id != v.HEAD}


def entries(*facts: Fact) -> list[Entry]:
    """A journal with an hour between its entries."""
    return [
        Entry(
            stream=ORGANISATION,
            seq=seq,
            at=v.START + seq * timedelta(hours=1),
            actor=0,
            authority="admin",
            channel="test",
            fact=fact,
        )
        for seq, fact in enumerate(facts, 1)
    ]


def test_he_is_named_at_no_moment_of_the_past_either() -> None:
    head = v.ORGANISATION.people[v.HEAD]
    history = entries(
        UnitRegistered(unit=v.ORGANISATION.units[v.COMMUNE]),
        PersonRegistered(person=head),
        RoleGiven(person=v.HEAD, role=Role.HEAD, unit=v.COMMUNE),
        RoleEnded(person=v.HEAD, role=Role.HEAD, unit=v.COMMUNE),
        bare(v.HEAD),
    )
    then = organisation_at(history, history[2].at)
    assert then.head(v.COMMUNE) == v.HEAD and not then.people[v.HEAD].left
    assert then.people[v.HEAD].name == "(gone)" and then.people[v.HEAD].phone == ""
    assert organisation_at(history, history[0].at).people == {}
    assert organisation_at(history, history[4].at).people[v.HEAD].left


def test_his_words_stand_apart_in_a_journal_and_are_read_empty_when_erased() -> None:
    fact = PersonRegistered(person=v.ORGANISATION.people[v.HEAD])
    kept: list[str] = []

    def hide(prose: Prose) -> object:
        kept.append(str(prose))
        return {"content": 1, "sha256": ""}

    data = dump(fact, hide)
    assert set(data["person"]) == {"id", "unit", "code", "left", "blanked", "words"}
    assert len(kept) == 1
    assert load(PersonRegistered, data, lambda ref: kept[0]) == fact
    erased = load(PersonRegistered, data, lambda ref: "").person
    assert (erased.id, erased.unit) == (v.HEAD, fact.person.unit)
    assert {getattr(erased, name) for name in Person.apart} == {""}
    assert load(PersonRegistered, dump(fact)) == fact, "and as the projection keeps it"


def test_a_register_neither_holds_nor_brings_back_whoever_was_blanked() -> None:
    coded = {
        id: replace(one, code=f"C{id}", phone=f"09{id:08}")
        for id, one in v.ORGANISATION.people.items()
    }
    before = replace(v.ORGANISATION, people=coded)
    units, rows = table(before)
    after = changed(before, blank(before, v.HEAD, CALLED, WHY), actor=0, at=v.START)
    assert {row.code for row in table(after)[1]} == {row.code for row in rows} - {f"C{v.HEAD}"}
    old = plan(after, [], [row for row in rows if row.code == f"C{v.HEAD}"], date(2026, 10, 12))
    assert [one.key for one in old.faults] == ["person_blanked"] and not old.facts
    by_phone = PersonLine(
        row=2,
        code="",
        name="New",
        short="New",
        address="ông",
        post="",
        phone=before.people[v.HEAD].phone,
        email="",
        unit=units[0].code,
        rank="",
        roles=(),
    )
    new = plan(after, [], [by_phone], date(2026, 10, 12))
    assert not new.faults
    assert isinstance(new.facts[0], PersonRegistered) and new.facts[0].person.id > max(coded)
