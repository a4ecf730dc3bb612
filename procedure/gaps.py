"""Where the organisation has nobody: found before an incident finds it (domain.md §3, T8, T41).

Who counts is said here and nowhere else: somebody who is registered and has not left; and who
speaks for a unit is a valid spokesperson only with a telephone, since that is what is published.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from procedure.organisation import Holding, Organisation, Unit
from procedure.words import Role, UnitKind

#: Who must be there, by the function of a body; a deputy stands in for the head.
NEEDED: Mapping[UnitKind, tuple[Role, ...]] = {
    UnitKind.LOCALITY: (Role.HEAD, Role.SPOKESPERSON, Role.ON_DUTY, Role.DEPUTY),
    UnitKind.DEPARTMENT: (Role.HEAD, Role.SPOKESPERSON, Role.ON_DUTY, Role.DEPUTY),
    UnitKind.ESTABLISHMENT: (Role.HEAD, Role.SPOKESPERSON, Role.ON_DUTY, Role.DEPUTY),
    UnitKind.PARTY_COMMITTEE: (Role.HEAD, Role.ON_DUTY),
    UnitKind.PROPAGANDA_DEPARTMENT: (Role.HEAD, Role.ON_DUTY, Role.DEPUTY),
    UnitKind.STANDING_COMMITTEE: (Role.COMMITTEE_MEMBER,),
    UnitKind.COORDINATING: (Role.HEAD,),
    UnitKind.PRESS: (Role.HEAD,),
}
#: Who must be reached at night.
_RUNG = (Role.HEAD, Role.SPOKESPERSON, Role.ON_DUTY, Role.DEPUTY, Role.COMMITTEE_MEMBER)
WEB = "web"
#: A role whose last day is so near is a gap to come.
NEAR = timedelta(days=14)


@dataclass(frozen=True)
class Gap:
    """What a unit lacks: roles nobody holds, people on no channel, people whom nothing can ring,
    its head's word on who speaks for it."""

    unit: int
    roles: tuple[Role, ...]
    unreached: tuple[int, ...]
    only_web: tuple[int, ...]
    unconfirmed: bool = False

    def __bool__(self) -> bool:
        return bool(self.roles or self.unreached or self.only_web or self.unconfirmed)


def gaps(
    organisation: Organisation, channels: Mapping[int, frozenset[str]], quarter: str | None = None
) -> list[Gap]:
    """The units that lack somebody; `channels` says on which each person can be told something.

    With a `quarter` also those whose head has not confirmed in it who speaks for them.
    """
    found = (_gap(organisation, channels, unit, quarter) for unit in standing_units(organisation))
    return [one for one in found if one]


def standing_units(organisation: Organisation) -> list[Unit]:
    """The bodies that there are today, by rising id; those that were merged are none."""
    units = sorted(organisation.units.values(), key=lambda one: one.id)
    return [one for one in units if not one.gone]


def there(organisation: Organisation, role: Role, unit: int) -> tuple[int, ...]:
    """Who holds a role in a unit and counts: he is registered and has not left."""
    people = organisation.people
    held = organisation.holders(role, unit)
    return tuple(one for one in held if one in people and not people[one].left)


def valid_speakers(organisation: Organisation, unit: int) -> tuple[int, ...]:
    """The standing spokespersons of a unit who can be called."""
    standing = there(organisation, Role.SPOKESPERSON, unit)
    return tuple(one for one in standing if organisation.people[one].phone.strip())


def lacking(organisation: Organisation, unit: Unit) -> tuple[Role, ...]:
    """The roles that must be held in a unit and that nobody who counts holds."""
    return tuple(role for role in NEEDED[unit.kind] if not _counting(organisation, role, unit.id))


def ending(organisation: Organisation, today: date) -> list[Holding]:
    """The roles held today that end by their day within a fortnight, the soonest first."""
    found = [one for one in organisation.dated if one.on(today) and one.until]
    near = [one for one in found if one.last - today <= NEAR]
    return sorted(near, key=lambda one: one.last)


def must_speak(organisation: Organisation, unit: Unit) -> bool:
    """Whether a unit has a standing spokesperson, or must have one."""
    asked = Role.SPOKESPERSON in NEEDED[unit.kind]
    return asked or bool(there(organisation, Role.SPOKESPERSON, unit.id))


def complete(organisation: Organisation, found: list[Gap]) -> tuple[int, int]:
    """How many of the localities have everybody they need, and how many there are."""
    wanting = {one.unit for one in found if one.roles}
    units = [
        one for one in organisation.units.values() if one.kind is UnitKind.LOCALITY and not one.gone
    ]
    return sum(one.id not in wanting for one in units), len(units)


def _counting(organisation: Organisation, role: Role, unit: int) -> tuple[int, ...]:
    if role is Role.SPOKESPERSON:
        return valid_speakers(organisation, unit)
    return there(organisation, role, unit)


def _gap(
    organisation: Organisation,
    channels: Mapping[int, frozenset[str]],
    unit: Unit,
    quarter: str | None,
) -> Gap:
    people = dict.fromkeys(_rung(organisation, unit.id))
    reached = {one: channels.get(one, frozenset()) for one in people}
    waits = quarter is not None and organisation.confirmed.get(unit.id) != quarter
    return Gap(
        unit.id,
        lacking(organisation, unit),
        tuple(one for one, on in reached.items() if not on),
        tuple(one for one, on in reached.items() if on == {WEB}),
        waits and must_speak(organisation, unit),
    )


def _rung(organisation: Organisation, unit: int) -> Iterator[int]:
    for role in _RUNG:
        yield from there(organisation, role, unit)
