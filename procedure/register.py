"""The register of units and people as rows: one for each unit, one for each person in a unit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from procedure.organisation import Organisation, Person
from procedure.words import Role, UnitKind

#: The first and the last day of a role; None: open.
Days = tuple[date | None, date | None]


@dataclass(frozen=True, kw_only=True)
class UnitLine:
    """A row about a unit; other units are named by their codes, empty for none."""

    row: int
    code: str
    name: str
    short: str
    kind: UnitKind
    reports_to: str = ""
    department: str = ""
    partner: str = ""
    phone: str = ""
    places: tuple[str, ...] = ()
    into: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """A row about a person in a unit. Who has more than one post has a row for each; roles of one
    unit that are held for other days have their own row too.

    `since` and `until` are the days of the row's roles. `silent` names those of the two of which
    the table has no column: there the days stay as they are.
    """

    row: int
    code: str
    name: str
    short: str
    address: str
    post: str
    phone: str
    email: str
    unit: str
    rank: str
    roles: tuple[Role, ...]
    left: bool = False
    since: date | None = None
    until: date | None = None
    silent: frozenset[str] = frozenset()

    def repeats(self, other: "PersonLine") -> bool:
        """Whether it says more of a person in a unit than other roles that he has there."""
        if self.unit.casefold() != other.unit.casefold():
            return False
        return not self.roles or not other.roles or not set(self.roles).isdisjoint(other.roles)


def table(organisation: Organisation) -> tuple[list[UnitLine], list[PersonLine]]:
    """The rows that an organisation is, in which every one is named by its key.

    A role that waits for a second administrator stands in them like one that is held. Whoever was
    blanked has no row, and a role whose last day is past stands in none.
    """
    keys = {unit.id: unit.key for unit in organisation.units.values()}
    units = [
        UnitLine(
            row=0,
            code=unit.key,
            name=unit.name,
            short=unit.short,
            kind=unit.kind,
            phone=unit.phone,
            places=unit.places,
            **{
                name: keys.get(getattr(unit, name) or 0, "")
                for name in ("reports_to", "department", "partner", "into")
            },
        )
        for unit in organisation.units.values()
    ]
    named = [one for one in organisation.people.values() if not one.blanked]
    people = [row for one in named for row in _rows(organisation, one, keys)]
    return units, people


def _rows(
    organisation: Organisation, person: Person, keys: Mapping[int, str]
) -> Iterator[PersonLine]:
    waits = [one.holding for one in organisation.waiting if one.person == person.id]
    # Where other days are proposed for a role that he holds, it stands once, with these days.
    held = [one for one in organisation.given_to(person.id) if one not in waits] + waits
    rows: dict[tuple[int, Days], list[Role]] = {}
    for one in held:
        rows.setdefault((one.unit, one.days), []).append(one.role)
    if all(unit != person.unit for unit, _ in rows):
        rows[person.unit, (None, None)] = []
    # His own unit first: what is said of himself is read from his first row.
    for (unit, (since, until)), roles in sorted(rows.items(), key=lambda row: _apart(row, person)):
        yield PersonLine(
            row=0,
            code=person.key,
            name=person.name,
            short=person.short,
            address=person.address,
            post=person.post,
            phone=person.phone,
            email=person.email,
            unit=keys[unit],
            rank=person.rank,
            roles=tuple(roles),
            left=person.left,
            since=since,
            until=until,
        )


def _apart(row: tuple[tuple[int, Days], list[Role]], person: Person) -> bool:
    return row[0][0] != person.unit
