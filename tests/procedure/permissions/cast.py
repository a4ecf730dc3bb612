"""One person for each role in each body, and one for each role in the incident.

Nobody has two roles, so that what a person may do is what his role may do.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from typing import Any

from procedure.arrangements import Absence, Delegation
from procedure.codec import Prose
from procedure.organisation import Holding, Organisation, Person, Unit
from procedure.words import Role, UnitKind
from tests.procedure import village as v

#: Beside the village: a body that coordinates, one whose people have roles in the incident, one
#: that saw the same event.
BODY, BUREAU, NEIGHBOUR = 7, 8, 9
#: Units without people: one like any other, one above another, that other one, one that an open
#: incident needs, one that was merged, one that is closed.
EMPTY, ABOVE, BELOW, BUSY, MERGED, CLOSED = range(20, 26)
#: The bodies in which every role is held, and how the page calls them.
BODIES = {
    v.COMMUNE: "reporting unit",
    v.PARTY: "joined body",
    v.DEPARTMENT: "department",
    v.COMMITTEE: "committee",
    v.AGENCY: "another unit",
    BODY: "coordinating body",
}
ROLES = {
    Role.STAFF: "staff",
    Role.HEAD: "head",
    Role.DEPUTY: "deputy",
    Role.SPOKESPERSON: "spokesperson",
    Role.ON_DUTY: "on duty",
    Role.OFFICE: "clerk",
    Role.COMMITTEE_MEMBER: "member",
    Role.SECRETARY: "secretary",
    Role.PRESS: "newsroom",
    Role.ADMIN: "administrator",
}
#: Those of the village keep their numbers, since its stories speak of them.
_KNOWN = {
    (v.COMMUNE, Role.HEAD): v.HEAD,
    (v.COMMUNE, Role.DEPUTY): v.DEPUTY,
    (v.PARTY, Role.HEAD): v.PARTY_HEAD,
    (v.DEPARTMENT, Role.ON_DUTY): v.DUTY,
    (v.DEPARTMENT, Role.HEAD): v.LEADER,
    (v.DEPARTMENT, Role.DEPUTY): v.SECOND,
    (v.COMMITTEE, Role.SECRETARY): v.SECRETARY,
    (v.AGENCY, Role.HEAD): v.EXPERT,
    (v.AGENCY, Role.STAFF): v.OUTSIDER,
    (v.AGENCY, Role.ADMIN): v.ADMIN,
}
AT_POST: dict[int, tuple[int, Role]] = {
    _KNOWN.get((unit, role), 100 * unit + n): (unit, role)
    for unit in BODIES
    for n, role in enumerate(ROLES)
}


def at(unit: int, role: Role) -> int:
    """Whoever holds a role in a body."""
    return next(one for one, post in AT_POST.items() if post == (unit, role))


_next = count(1000)
SPEAKER, FORMER, STAND_IN, FOCAL, VERIFIER, OWNER, CHAIR, INVITEE, SENT = (
    next(_next) for _ in range(9)
)
ASKED, DECIDER, HEARER, ADDRESSEE, ADDED, CLAIMANT, AUTHOR, RECORDER, WITNESS = (
    next(_next) for _ in range(9)
)
BOSS, GONE = next(_next), next(_next)
BY_PAPER, PAPER_OVER = next(_next), next(_next)
#: Roles in the incident: where each works, as what, and how the page calls him.
IN_INCIDENT: dict[int, tuple[int, Role, str]] = {
    v.REPORTER: (v.COMMUNE, Role.STAFF, "whoever reported it"),
    AUTHOR: (v.COMMUNE, Role.STAFF, "author of the text"),
    CLAIMANT: (v.COMMUNE, Role.STAFF, "whoever noted the claim"),
    RECORDER: (v.COMMUNE, Role.STAFF, "author of the record"),
    WITNESS: (NEIGHBOUR, Role.STAFF, "whoever reported it too"),
    v.MEMBER: (v.COMMITTEE, Role.COMMITTEE_MEMBER, "the member whose opinion it is"),
    SPEAKER: (BUREAU, Role.SPOKESPERSON, "spokesperson of the incident"),
    STAND_IN: (BUREAU, Role.SPOKESPERSON, "stand-in speaker"),
    FORMER: (BUREAU, Role.SPOKESPERSON, "former spokesperson"),
    FOCAL: (BUREAU, Role.STAFF, "focal point"),
    VERIFIER: (BUREAU, Role.STAFF, "verifier"),
    OWNER: (BUREAU, Role.STAFF, "owner of the task"),
    BOSS: (BUREAU, Role.HEAD, "head of the owner's unit"),
    ASKED: (BUREAU, Role.STAFF, "whoever is asked to take it over"),
    CHAIR: (BUREAU, Role.STAFF, "chair of the meeting"),
    INVITEE: (BUREAU, Role.STAFF, "invited to the meeting"),
    SENT: (BUREAU, Role.STAFF, "sent in the invited one's place"),
    DECIDER: (BUREAU, Role.STAFF, "whoever decided by telephone"),
    HEARER: (BUREAU, Role.STAFF, "whoever heard it by telephone"),
    ADDRESSEE: (BUREAU, Role.STAFF, "addressee of a directive"),
    ADDED: (BUREAU, Role.STAFF, "added to the room"),
    BY_PAPER: (v.COMMUNE, Role.STAFF, "spokesperson by a paper that is good"),
    PAPER_OVER: (v.COMMUNE, Role.STAFF, "spokesperson by a paper that has run out"),
    v.JOURNALIST: (v.PAPER, Role.PRESS, "the newsroom that was sent the text"),
}
#: Who is away, and how the page calls him; each has somebody without a role who stands in for him.
AWAY: dict[int, str] = {
    v.HEAD: "the head of the reporting unit",
    v.LEADER: "the department's head",
    v.DUTY: "whoever is on duty in the department",
    v.SECRETARY: "the committee's secretary",
    OWNER: "the owner of the task",
    VERIFIER: "the verifier",
    FOCAL: "the focal point",
    CHAIR: "the chair of the meeting",
    INVITEE: "whoever is invited to the meeting",
    DECIDER: "whoever decided by telephone",
    at(v.COMMUNE, Role.SPOKESPERSON): "the reporting unit's spokesperson",
    SPEAKER: "the spokesperson of the incident",
    v.MEMBER: "a member of the committee",
    v.ADMIN: "an administrator",
}
STANDS_IN: dict[int, int] = {next(_next): one for one in AWAY}
#: People about whom the page says something in one word, wherever they work.
PRESS = frozenset(
    {v.JOURNALIST, *(one for one, (_, role) in AT_POST.items() if role is Role.PRESS)}
)
ADMINS = frozenset(one for one, (_, role) in AT_POST.items() if role is Role.ADMIN)

_MORE = (
    Unit(id=BODY, name="Body", short="B", kind=UnitKind.COORDINATING, reports_to=v.COMMITTEE),
    Unit(id=BUREAU, name="Bureau", short="U", kind=UnitKind.DEPARTMENT, reports_to=v.COMMITTEE),
    Unit(id=NEIGHBOUR, name="Commune", short="N", kind=UnitKind.LOCALITY, reports_to=v.COMMITTEE),
)
_OFFICE: dict[str, Any] = {"kind": UnitKind.DEPARTMENT, "reports_to": v.COMMITTEE}
_WITHOUT_PEOPLE = (
    Unit(id=EMPTY, name="Empty", short="E", **_OFFICE),
    Unit(id=ABOVE, name="Above", short="A", **_OFFICE),
    Unit(id=BELOW, name="Below", short="L", **_OFFICE | {"reports_to": ABOVE}),
    Unit(id=BUSY, name="Busy", short="Y", **_OFFICE),
    Unit(id=MERGED, name="Merged", short="M", into=v.AGENCY, **_OFFICE),
    Unit(id=CLOSED, name="Closed", short="D", closed=v.START.date(), **_OFFICE),
)
UNITS = {unit.id: unit for unit in (*v.UNITS, *_MORE, *_WITHOUT_PEOPLE)}


def _person(id: int, unit: int, *, left: bool = False) -> Person:
    name = f"Nguyễn Thị Mẫu {id}"
    more = {"address": "bà", "post": "công chức", "phone": "0296.000.0001"}
    return Person(id=id, name=name, short=str(id), unit=unit, left=left, **more)


def _holdings() -> Iterable[Holding]:
    # Within one role of one body the village's person comes first, as its stories expect.
    for person, (unit, role) in AT_POST.items():
        yield Holding(person, role, unit)
    for person, (unit, role, _) in IN_INCIDENT.items():
        yield Holding(person, role, unit)
    yield Holding(v.MEMBER_TOO, Role.COMMITTEE_MEMBER, v.COMMITTEE)


def works_at(person: int) -> int:
    """The body in which somebody of the incident or at a post works."""
    return AT_POST[person][0] if person in AT_POST else IN_INCIDENT[person][0]


PEOPLE = {
    **{id: _person(id, unit) for id, (unit, _) in AT_POST.items()},
    **{id: _person(id, unit) for id, (unit, _, _) in IN_INCIDENT.items()},
    v.MEMBER_TOO: _person(v.MEMBER_TOO, v.COMMITTEE),
    GONE: _person(GONE, v.COMMUNE, left=True),
    **{id: _person(id, works_at(away)) for id, away in STANDS_IN.items()},
}


def _paper(number: int, person: int, days: int) -> Delegation:
    """Signed by the head of the reporting unit, good for so many days."""
    return Delegation(
        id=number,
        person=person,
        unit=v.COMMUNE,
        document=Prose("12/GUQ-UBND"),
        dated=v.START.date(),
        since=v.START,
        until=v.START + days * v.DAY,
        stream="incident-1",
        by=v.HEAD,
        confirmed_by=v.HEAD,
    )


#: The second paper runs out before its holder has spoken.
PAPERS = (_paper(1, BY_PAPER, 60), _paper(2, PAPER_OVER, 1))
ORGANISATION = Organisation(UNITS, PEOPLE, tuple(_holdings()), delegations=PAPERS)


def _while_away(person: int, stand_in: int) -> Organisation:
    until = v.START + 60 * v.DAY
    one = Absence(
        id=1, person=person, stand_in=stand_in, since=v.START, until=until, accepted_at=v.START
    )
    return replace(ORGANISATION, absences=(one,)).at(v.START, v.ZONE)


#: The organisation in which a stand-in tries everything: he acts for the one who is away.
WHILE_AWAY = {one: _while_away(away, one) for one, away in STANDS_IN.items()}
#: Everybody who tries everything: the registered, one who has left, a stranger, the clock.
ACTORS = (*PEOPLE, v.STRANGER, v.CLOCK)
#: Those who are named everywhere on the page; a stand-in is named where he is not as the one away.
NAMED = tuple(one for one in ACTORS if one not in STANDS_IN)


def called(person: int) -> str:
    """How the page calls somebody."""
    if person in STANDS_IN:
        return f"stands in for {AWAY[STANDS_IN[person]]}"
    if person in IN_INCIDENT:
        return IN_INCIDENT[person][2]
    if person in AT_POST:
        unit, role = AT_POST[person]
        return f"{BODIES[unit]}: {ROLES[role]}"
    return {v.MEMBER_TOO: "another member", GONE: "has left", v.CLOCK: "the clock"}.get(
        person, "not registered"
    )
