"""How one item of a tuple of facts is replaced."""

from dataclasses import replace
from typing import Any, TypeVar

Item = TypeVar("Item")


def changed(items: tuple[Item, ...], id: int, **fields: Any) -> tuple[Item, ...]:
    """`items` with the one of this id (or statement version) carrying `fields`."""
    return tuple(
        replace(item, **fields) if _id(item) == id else item  # type: ignore[type-var]
        for item in items
    )


def _id(item: Any) -> int:
    found: int = item.id if hasattr(item, "id") else item.version
    return found
