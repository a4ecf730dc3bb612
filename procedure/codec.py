"""Frozen values to and from plain JSON, led by their type annotations."""

import dataclasses
import json
import types
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints


class Prose(str):
    """Free text typed by a person: the journal keeps it apart, so that it can be erased."""

    __slots__ = ()


T = TypeVar("T")
Hide = Callable[[Prose], object]
Reveal = Callable[[Any], str]


def canonical(data: object) -> str:
    """One spelling for one value: sorted keys, no spaces, letters as they are."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def instant(at: datetime) -> str:
    """An aware moment as UTC text with microseconds. Raises ValueError on a naive one."""
    if at.tzinfo is None:
        raise ValueError("a moment must carry its zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def dump(value: object, hide: Hide | None = None) -> Any:
    """`value` as JSON data; each Prose passes through `hide` when given."""
    if isinstance(value, Prose):
        return hide(value) if hide else str(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, int | str):
        return value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return _dump_compound(value, hide)


def _dump_compound(value: object, hide: Hide | None) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: dump(getattr(value, name), hide) for name in field_types(type(value))}
    if isinstance(value, Mapping):
        return {str(key): dump(item, hide) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(dump(item, hide) for item in value)
    if isinstance(value, tuple | list):
        return [dump(item, hide) for item in value]
    raise TypeError(f"no JSON form for {type(value).__name__}")


def load(kind: type[T], data: Any, reveal: Reveal | None = None) -> T:
    """The inverse of `dump`; unknown keys are ignored, missing ones take their default."""
    result: T = _load(kind, data, reveal)
    return result


@cache
def field_types(kind: type) -> dict[str, Any]:
    """The fields of a frozen value and their resolved types, in order."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _load(kind: Any, data: Any, reveal: Reveal | None) -> Any:
    origin = get_origin(kind)
    if origin in (types.UnionType, Union):
        inner = next(arg for arg in get_args(kind) if arg is not type(None))
        return None if data is None else _load(inner, data, reveal)
    if origin is tuple:
        return _load_tuple(get_args(kind), data, reveal)
    if origin is frozenset:
        return frozenset(_load(get_args(kind)[0], item, reveal) for item in data)
    if origin in (dict, Mapping) or origin is not None:
        key, inner = get_args(kind)
        return {key(name): _load(inner, item, reveal) for name, item in data.items()}
    return _load_plain(kind, data, reveal)


def _load_tuple(args: tuple[Any, ...], data: Any, reveal: Reveal | None) -> tuple[Any, ...]:
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(_load(args[0], item, reveal) for item in data)
    return tuple(_load(arg, item, reveal) for arg, item in zip(args, data, strict=True))


def _load_plain(kind: Any, data: Any, reveal: Reveal | None) -> Any:
    if kind is Prose:
        return Prose(reveal(data) if reveal else data)
    if kind is datetime:
        return datetime.fromisoformat(data)
    if kind is date:
        return date.fromisoformat(data)
    if kind is timedelta:
        return timedelta(seconds=data)
    if dataclasses.is_dataclass(kind):
        made: Any = kind
        hints = field_types(made)
        return made(**{n: _load(hints[n], data[n], reveal) for n in hints if n in data})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    return data
