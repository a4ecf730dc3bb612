"""Which unit is meant: by a part of its name, its code or a former name, without marks."""

from collections.abc import Callable, Sequence

from handlers.form import BadAnswer, Option, Options, Reader, Said, Values
from handlers.look import Desk
from procedure.organisation import Organisation, Unit
from procedure.text import fold

#: More are not offered as buttons; a longer part of the name tells them apart.
MOST = 6

Allowed = Callable[[Desk, Values, Unit], bool]


def matching(organisation: Organisation, words: str) -> list[Unit]:
    """The units that these words may mean, those that still stand first; a whole name or code
    means that unit and no other."""
    wanted = fold(words).split()
    if not wanted:
        return []
    whole, everything = " ".join(wanted), organisation.units.values()
    found = [one for one in everything if whole in _whole(one)]
    found = found or [one for one in everything if set(wanted) <= set(_signature(one))]
    found = found or [one for one in everything if _begun(wanted, _signature(one))]
    return sorted(found, key=lambda one: one.gone)


def _whole(unit: Unit) -> set[str]:
    return {fold(unit.name), fold(unit.short), fold(unit.key)}


def _begun(wanted: Sequence[str], known: Sequence[str]) -> bool:
    """Whether every word typed is the beginning of a word of the unit."""
    return all(any(one.startswith(word) for one in known) for word in wanted)


def _signature(unit: Unit) -> list[str]:
    former = " ".join(one.name for one in unit.former)
    return fold(f"{unit.key} {unit.name} {unit.short} {former}").split()


def unit(allowed: Allowed = lambda desk, values, one: True) -> Reader:
    """One unit that still stands: by tap, or by words that fit it."""

    def read(said: Said, desk: Desk, values: Values) -> int:
        units = desk.organisation.units
        if said.option:
            found = [units[int(said.option)]] if int(said.option) in units else []
        else:
            found = matching(desk.organisation, said.text)
        fitting = [one for one in found if not one.gone and allowed(desk, values, one)]
        if not fitting:
            raise BadAnswer("no_such_unit")
        if len(fitting) > 1:
            raise BadAnswer("which_unit", offered(fitting))
        return fitting[0].id

    return read


def offered(units: Sequence[Unit]) -> list[Option]:
    """Units as buttons, each with its name."""
    return [Option(value=str(one.id), label="unit", facts={"unit": one.id}) for one in units[:MOST]]


def ways(candidates: Callable[[Desk, Values], Sequence[int]]) -> Options:
    """The likeliest units as buttons."""

    def options(desk: Desk, values: Values) -> Sequence[Option]:
        units = desk.organisation.units
        found = dict.fromkeys(candidates(desk, values))
        return offered([units[one] for one in found if one in units and not units[one].gone])

    return options
