"""Frozen values to and from plain JSON, led by their type annotations.

A frozen value may name fields of text in `apart`, a ClassVar: in a journal these stand together as
one Prose under `WORDS`, so that they can be erased; erased they are read as empty text.
"""

import dataclasses
import json
import types
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache, lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints


class Prose(str):
    """Free text typed by a person: the journal keeps it apart, so that it can be erased."""

    __slots__ = ()


#: Where the fields that stand apart are referred to.
WORDS = "words"
#: What JSON holds as it is.
_PLAIN = frozenset({type(None), bool, int, str})

_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))

T = TypeVar("T")
Hide = Callable[[Prose], object]
Reveal = Callable[[Any], str]
_Load = Callable[[Any, Reveal | None], Any]
_Dump = Callable[[Any, Hide | None], Any]


def canonical(data: object) -> str:
    """One spelling for one value: sorted keys, no spaces, letters as they are."""
    return _CANONICAL.encode(data)


def instant(at: datetime) -> str:
    """An aware moment as UTC text with microseconds. Raises ValueError on a naive one."""
    if at.tzinfo is UTC:
        return _written(at)
    if at.tzinfo is None:
        raise ValueError("a moment must carry its zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@lru_cache(maxsize=256)
def _written(at: datetime) -> str:
    """In UTC; a turn writes its own moment a dozen times. In other zones two moments that are an
    hour apart can be equal, where clocks are put back."""
    return at.isoformat(timespec="microseconds")


def dump(value: object, hide: Hide | None = None) -> Any:
    """`value` as JSON data; each Prose passes through `hide` when given."""
    kind: Any = type(value)
    return value if kind in _PLAIN else _dumper(kind)(value, hide)


def dump_changed(value: Any, before: Any, data: Any) -> Any:
    """`dump(value)`, where `data` is that of `before`: what both share is not dumped again."""
    kind: type = type(value)
    names, now, then = field_types(kind), vars(value), vars(before)
    if data.keys() != names.keys():
        return dump(value)  # The data was written by another version.
    return data | {name: dump(now[name]) for name in names if now[name] is not then[name]}


@cache
def _dumper(kind: type) -> _Dump:
    """What writes one kind of value. Raises TypeError where there is no JSON form for it."""
    if issubclass(kind, Prose):
        return lambda value, hide: hide(value) if hide else str(value)
    if issubclass(kind, Enum):
        return lambda value, hide: value.value
    if issubclass(kind, int | str):
        return lambda value, hide: value
    if issubclass(kind, datetime):
        return lambda value, hide: instant(value)
    if issubclass(kind, date):
        return lambda value, hide: value.isoformat()
    if issubclass(kind, timedelta):
        return lambda value, hide: int(value.total_seconds())
    return _compound_dumper(kind)


def _compound_dumper(kind: type) -> _Dump:
    if dataclasses.is_dataclass(kind):
        return _fields_dumper(tuple(field_types(kind)), getattr(kind, "apart", ()))
    if issubclass(kind, Mapping):
        return lambda value, hide: {str(key): dump(item, hide) for key, item in value.items()}
    if issubclass(kind, frozenset | set):
        return lambda value, hide: sorted(dump(item, hide) for item in value)
    if issubclass(kind, tuple | list):
        return lambda value, hide: [dump(item, hide) for item in value]
    raise TypeError(f"no JSON form for {kind.__name__}")


def _fields_dumper(names: tuple[str, ...], apart: tuple[str, ...]) -> _Dump:
    def write(value: Any, hide: Hide | None) -> Any:
        return {name: dump(getattr(value, name), hide) for name in names}

    if not apart:
        return write
    seen = tuple(name for name in names if name not in apart)

    def write_apart(value: Any, hide: Hide | None) -> Any:
        if hide is None:
            return write(value, None)
        words = canonical({name: str(getattr(value, name)) for name in apart})
        return {name: dump(getattr(value, name), hide) for name in seen} | {
            WORDS: hide(Prose(words))
        }

    return write_apart


def load(kind: type[T], data: Any, reveal: Reveal | None = None) -> T:
    """The inverse of `dump`; unknown keys are ignored, missing ones take their default."""
    wanted: Any = kind
    result: T = _loader(wanted)(data, reveal)
    return result


@cache
def field_types(kind: type) -> dict[str, Any]:
    """The fields of a frozen value and their resolved types, in order."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


@cache
def _loader(kind: Any) -> _Load:
    """What reads one kind of value. An annotation is looked at once, not at every value."""
    origin = get_origin(kind)
    if origin in (types.UnionType, Union):
        inner = _loader(next(arg for arg in get_args(kind) if arg is not type(None)))
        return lambda data, reveal: None if data is None else inner(data, reveal)
    if origin is tuple:
        return _tuple_loader(get_args(kind))
    if origin is frozenset:
        item = _loader(get_args(kind)[0])
        return lambda data, reveal: frozenset(item(one, reveal) for one in data)
    if origin in (dict, Mapping) or origin is not None:
        key, value = get_args(kind)[0], _loader(get_args(kind)[1])
        return lambda data, reveal: {key(n): value(one, reveal) for n, one in data.items()}
    return _plain_loader(kind)


def _tuple_loader(args: tuple[Any, ...]) -> _Load:
    if len(args) == 2 and args[1] is Ellipsis:
        item = _loader(args[0])
        return lambda data, reveal: tuple([item(one, reveal) for one in data]) if data else ()
    items = [_loader(arg) for arg in args]
    return lambda data, reveal: tuple(
        read(one, reveal) for read, one in zip(items, data, strict=True)
    )


def _plain_loader(kind: Any) -> _Load:
    if kind is Prose:
        return lambda data, reveal: Prose(reveal(data) if reveal else data)
    if kind in (datetime, date):
        read: Callable[[str], Any] = kind.fromisoformat
        return lambda data, reveal: read(data)
    if kind is timedelta:
        return lambda data, reveal: timedelta(seconds=data)
    if dataclasses.is_dataclass(kind):
        return _fields_loader(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda data, reveal: kind(data)
    return lambda data, reveal: data


def _fields_loader(kind: Any) -> _Load:
    # Kinds may hold themselves: the fields are looked at when the first value is read.
    fields: list[tuple[str, _Load]] = []
    apart: tuple[str, ...] = getattr(kind, "apart", ())
    checked = hasattr(kind, "__post_init__") or hasattr(kind, "__slots__")

    def read(data: Any, reveal: Reveal | None) -> Any:
        if not fields:
            fields.extend((name, _loader(hint)) for name, hint in field_types(kind).items())
        if apart and reveal and WORDS in data:
            kept = reveal(data[WORDS])
            data = {**data, **(json.loads(kept) if kept else dict.fromkeys(apart, ""))}
        given = {name: load(data[name], reveal) for name, load in fields if name in data}
        if len(given) < len(fields) or checked:
            return kind(**given)
        # Nothing is left to a default: the frozen value need not be set field by field.
        made = object.__new__(kind)
        made.__dict__.update(given)
        return made

    return read
