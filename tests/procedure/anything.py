"""Any action with any values: strategies led by the fields' names and types."""

from datetime import datetime
from enum import Enum
from typing import Any, get_args, get_origin

from hypothesis import strategies as st

from procedure import actions as a
from procedure.codec import Prose, field_types
from procedure.facts import FileRef, Moment, Preparation, TaskDraft
from procedure.words import Duty
from tests.procedure import two_files
from tests.procedure import village as v

PERSON = st.sampled_from((*v.PEOPLE, v.STRANGER))
TEXTS = st.sampled_from(("", "  ", "ok", str(v.REASON), str(v.WORDS))).map(Prose)
MOMENTS = st.sampled_from((-60, -1, 0, 5, 90, 600, 1440, 10_000)).map(
    lambda minutes: v.START + minutes * v.MINUTE
)
#: Another incident at some stages of its life.
OTHERS = (
    two_files.second().incident,
    two_files.two().other.incident,
    two_files.one_file().other.incident,
)
NAMED: dict[str, st.SearchStrategy[Any]] = {
    "item": st.sampled_from(("place", "title", "happened", "known", "why_beyond", "nothing")),
    "answer": st.sampled_from(("yes", "no", "perhaps")),
    "need": st.sampled_from(("time", "people", "not_mine", "rest")),
    "next_step": st.sampled_from(("watch", "speak_again", "close", "sleep")),
    "duty": st.sampled_from((*(duty.value for duty in Duty), "O1:open", "O14b:1", "O1:task:1:10")),
    "minutes": st.sampled_from((-5, 0, 5, 30, 2000)),
    "level": st.none(),
    "people": st.lists(PERSON, max_size=3).map(tuple),
    "invitees": st.lists(PERSON, max_size=4).map(tuple),
    "present": st.lists(PERSON, max_size=4).map(tuple),
    "units": st.lists(st.integers(1, 6), max_size=4).map(tuple),
    "timeline": st.lists(st.integers(-1, 40), max_size=4).map(tuple),
    "unit": st.just(v.COMMUNE),
    "department": st.just(v.DEPARTMENT),
    "through": st.just(v.DEPARTMENT),
    "committee": st.just(v.COMMITTEE),
    "stand_in": st.none() | PERSON,
    "expected": st.none() | PERSON,
    "other": st.sampled_from(("incident-1", two_files.OTHER)),
    "absorbed": st.sampled_from((None, *OTHERS)),
}
PEOPLE = ("person", "member", "chair", "focal_point", "spokesperson", "owner")


def field(name: str, kind: Any) -> st.SearchStrategy[Any]:
    """Values for one field of an action."""
    if name in NAMED and kind is not Prose:
        return NAMED[name]
    if name in PEOPLE or (name == "to" and kind is int):
        return PERSON if name != "to" else st.just(v.COMMITTEE)
    return _typed(kind)


def _typed(kind: Any) -> st.SearchStrategy[Any]:
    plain: dict[Any, st.SearchStrategy[Any]] = {
        Prose: TEXTS,
        bool: st.booleans(),
        int: st.integers(0, 3),
        str: st.sampled_from(("", "phone", "0" * 64)),
        datetime: MOMENTS,
        Moment: st.builds(Moment, at=MOMENTS),
        FileRef: st.nothing(),
        TaskDraft: st.builds(TaskDraft, what=TEXTS, owner=PERSON, due=MOMENTS),
        Preparation: st.builds(Preparation, person=PERSON, what=TEXTS),
    }
    if kind in plain:
        return plain[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    if get_origin(kind) is tuple:
        inner = _typed(get_args(kind)[0])
        return st.just(()) if inner.is_empty else st.lists(inner, max_size=2).map(tuple)
    inner = next(one for one in get_args(kind) if one is not type(None))
    return st.none() | _typed(inner)


def actions_of(kind: type[a.Action]) -> st.SearchStrategy[a.Action]:
    """Actions of one kind."""
    made: Any = kind
    return st.builds(made, **{name: field(name, of) for name, of in field_types(made).items()})


def actions_of_any_kind() -> st.SearchStrategy[a.Action]:
    """Actions of all kinds."""
    return st.one_of([actions_of(kind) for kind in a.ACTIONS.values()])
