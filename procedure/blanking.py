"""Ending a person and taking away what is kept of him: what must be settled before, what follows.

People stand in every journal by their number, so that nothing of the record changes: whoever was
blanked is called as all of those are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from procedure.codec import Prose
from procedure.entries import Fact
from procedure.entries_arrangements import AbsenceEnded, DelegationEnded
from procedure.entries_organisation import (
    AccessEnded,
    PersonBlanked,
    RoleEnded,
    RoleProposalRejected,
)
from procedure.incident import Incident
from procedure.obligations import Terms, owed
from procedure.organisation import Organisation
from procedure.parties import resolve
from procedure.words import Duty


@dataclass(frozen=True)
class Called:
    """What all who were blanked are called, in the words of the templates."""

    name: str
    post: str
    address: str


@dataclass(frozen=True)
class Hindrance:
    """Why a person cannot be blanked yet: already, last_admin; or owes, speaks, stands_in and
    keeps with the code of an open incident, `owes` with the duty as well."""

    why: str
    code: str = ""
    duty: Duty | None = None


def hindrances(
    person: int, organisation: Organisation, files: Iterable[tuple[Incident, Terms]]
) -> list[Hindrance]:
    """Everything that stands in the way; `files` are incidents with their terms, of which only the
    open ones count."""
    if organisation.people[person].blanked:
        return [Hindrance("already")]
    found = [Hindrance("last_admin")] if organisation.keeps_alone(person) else []
    for incident, terms in files:
        found += _in(incident, person, organisation, terms)
    return found


def _in(
    incident: Incident, person: int, organisation: Organisation, terms: Terms
) -> Iterator[Hindrance]:
    if incident.closed_at or incident.yielded:
        return
    if incident.spokesperson and incident.spokesperson.person == person:
        yield Hindrance("speaks", incident.code)
    if incident.spokesperson and incident.spokesperson.stand_in == person:
        yield Hindrance("stands_in", incident.code)
    if incident.focal_point and incident.focal_point.person == person:
        yield Hindrance("keeps", incident.code)
    duties = (
        one.duty
        for one in owed(incident, terms)
        if person in resolve(one.owner, incident, organisation)
    )
    for duty in dict.fromkeys(duties):
        yield Hindrance("owes", incident.code, duty)


def blank(organisation: Organisation, person: int, called: Called, reason: Prose) -> list[Fact]:
    """What follows, once nothing hinders it: his roles, his doors and his words end together."""
    facts: list[Fact] = [
        RoleEnded(person=person, role=one.role, unit=one.unit)
        for one in organisation.given_to(person)
    ]
    facts += [
        RoleProposalRejected(person=person, role=one.role, unit=one.unit)
        for one in organisation.proposed
        if one.person == person
    ]
    facts += [
        DelegationEnded(delegation=one.id)
        for one in organisation.delegations
        if one.person == person and one.ended_at is None
    ]
    facts += [
        AbsenceEnded(absence=one.id)
        for one in organisation.absences
        if person in (one.person, one.stand_in) and one.stands()
    ]
    blanked = PersonBlanked(
        person=person,
        name=called.name,
        post=called.post,
        address=called.address,
        reason=reason,
    )
    return [*facts, AccessEnded(person=person), blanked]
