"""What no organisation may hold, whoever writes it: a circle of units, a phone of two people."""

import re
from collections.abc import Mapping

from procedure.organisation import Organisation, Person, Unit

_PHONE = re.compile(r"\+?[0-9 .()-]{8,20}")


def goes_round(units: Mapping[int, Unit], id: int) -> bool:
    """Whether one comes back to a unit, or to the body in which it lives on, by going from each
    to its superior or to the unit that it was merged into. A merged superior is its heir."""
    heir = Organisation(units).standing(id)
    return any(_circles(units, one, which) for one in (id, heir) for which in _WAYS)


_WAYS = ("reports_to", "into")


def _circles(units: Mapping[int, Unit], id: int, which: str) -> bool:
    whole = Organisation(units)
    at, seen = id, {id}
    while (unit := units.get(at)) is not None:
        above: int | None = getattr(unit, which)
        if above is not None and which == "reports_to":
            above = whole.standing(above)
        if above is None:
            return False
        if above in seen:
            return above == id
        seen.add(above)
        at = above
    return False


def digits(phone: str) -> str:
    """A telephone as people dial it inside the country, so that two spellings are one."""
    found = "".join(one for one in phone if one.isdigit())
    return "0" + found[2:] if found.startswith("84") and len(found) > 9 else found


def is_phone(text: str) -> bool:
    """Whether a text can be a telephone."""
    return _PHONE.fullmatch(text) is not None


def whose_phone(organisation: Organisation, phone: str, but: int = 0) -> Person | None:
    """Who has a telephone already, other than the person `but`; who has left, has none."""
    wanted = digits(phone)
    return next(
        (
            one
            for one in organisation.people.values()
            if wanted and digits(one.phone) == wanted and one.id != but and not one.left
        ),
        None,
    )
