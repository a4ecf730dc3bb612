"""The things that are counted in an incident, each with its unit; the list is data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from procedure.text import fold


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that is counted. `key` is "" for one that a person named in his own words."""

    key: str
    label: str
    unit: str = ""
    #: Other ways to write the unit.
    units: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    #: The kinds of incident that call for it; none: every kind may.
    kinds: tuple[str, ...] = ()

    def counts_in(self, unit: str) -> bool:
        """Whether a typed unit is this thing's unit."""
        return fold(unit) in {fold(one) for one in (self.unit, *self.units)}


Topics = tuple[Topic, ...]


def read_topics(mapping: Mapping[str, Any]) -> Topics:
    """The list from its data file. Raises KeyError for a row without key, label or unit."""
    return tuple(_topic(row) for row in mapping["topics"])


def _topic(row: Mapping[str, Any]) -> Topic:
    return Topic(
        key=row["key"],
        label=row["label"],
        unit=row["unit"],
        units=tuple(row.get("units", ())),
        says=tuple(row.get("says", ())),
        kinds=tuple(row.get("kinds", ())),
    )


def fitting(topics: Iterable[Topic], kind: str | None) -> Topics:
    """The things that an incident of this kind may call for, its own ones first."""
    listed = tuple(topics)
    own = tuple(one for one in listed if kind and kind in one.kinds)
    return own + tuple(one for one in listed if not one.kinds)


def named(topics: Iterable[Topic], words: str) -> Topic | None:
    """The listed thing that these words, typed with or without marks, are a name of."""
    wanted = fold(words).rstrip(" .:?")
    return next(
        (one for one in topics if wanted in {fold(name) for name in (one.label, *one.says)}), None
    )
