"""How one item of a tuple of facts is replaced, and how people join an incident."""

from dataclasses import replace
from typing import Any, TypeVar

from procedure.incident import Incident

Item = TypeVar("Item")


def changed(items: tuple[Item, ...], id: int, **fields: Any) -> tuple[Item, ...]:
    """`items` with the one of this id (or statement version) carrying `fields`."""
    return tuple(
        replace(item, **fields) if _id(item) == id else item  # type: ignore[type-var]
        for item in items
    )


def joined(incident: Incident, *people: int) -> Incident:
    """The incident in which these people have a part too."""
    new = tuple(person for person in dict.fromkeys(people) if person not in incident.members)
    return incident.but(members=incident.members + new)


def _id(item: Any) -> int:
    found: int = item.id if hasattr(item, "id") else item.version
    return found
