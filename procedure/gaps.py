"""Where the organisation has nobody: found before an incident finds it (domain.md §3, T41)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from procedure.organisation import Organisation, Unit
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


@dataclass(frozen=True)
class Gap:
    """What a unit lacks: roles nobody holds, people on no channel, people whom nothing can ring."""

    unit: int
    roles: tuple[Role, ...]
    unreached: tuple[int, ...]
    only_web: tuple[int, ...]


def gaps(organisation: Organisation, channels: Mapping[int, frozenset[str]]) -> list[Gap]:
    """The units that lack somebody; `channels` says on which each person can be told something."""
    units = sorted(organisation.units.values(), key=lambda one: one.id)
    found = (_gap(organisation, channels, unit) for unit in units if not unit.gone)
    return [one for one in found if one.roles or one.unreached or one.only_web]


def complete(organisation: Organisation, found: list[Gap]) -> tuple[int, int]:
    """How many of the localities have everybody they need, and how many there are."""
    wanting = {one.unit for one in found if one.roles}
    units = [
        one for one in organisation.units.values() if one.kind is UnitKind.LOCALITY and not one.gone
    ]
    return sum(one.id not in wanting for one in units), len(units)


def _gap(organisation: Organisation, channels: Mapping[int, frozenset[str]], unit: Unit) -> Gap:
    lacking = tuple(role for role in NEEDED[unit.kind] if not organisation.holders(role, unit.id))
    people = dict.fromkeys(_rung(organisation, unit.id))
    reached = {one: channels.get(one, frozenset()) for one in people}
    return Gap(
        unit.id,
        lacking,
        tuple(one for one, on in reached.items() if not on),
        tuple(one for one, on in reached.items() if on == {WEB}),
    )


def _rung(organisation: Organisation, unit: int) -> Iterator[int]:
    for role in _RUNG:
        yield from organisation.holders(role, unit)
