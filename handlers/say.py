"""What a conversation answers: a template, its facts and the choices under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from procedure.actions import Action
from procedure.codec import dump

Choice = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Say:
    """One message to the person who wrote. `template` is `path#block`."""

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    choices: Sequence[Choice] = ()
    stream: str | None = None
    about: str | None = None
    files: Sequence[Mapping[str, Any]] = ()


def choice(label: str, do: Mapping[str, Any], *, quiet: bool = False, **facts: Any) -> Choice:
    """A button: the key of its label with facts, and the command it carries."""
    made: Choice = {"label": label, "do": dict(do)}
    if facts:
        made["facts"] = facts
    if quiet:
        made["quiet"] = True
    return made


def opens(form: str, stream: str | None = None, **args: Any) -> dict[str, Any]:
    """The command that opens a form."""
    return {"open": form, "stream": stream, "args": args}


def acts(action: Action, stream: str) -> dict[str, Any]:
    """The command of one tap that puts an action to the rules."""
    return {"act": type(action).__name__, "stream": stream, "data": dump(action)}


def shows(view: str, stream: str | None = None, **args: Any) -> dict[str, Any]:
    """The command that shows a view."""
    return {"view": view, "stream": stream, "args": args}


def picks(draft: int, field: str, option: str) -> dict[str, Any]:
    """The command that answers a form's question with an option."""
    return {"answer": draft, "field": field, "option": option}


def keeps(draft: int, field: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """The command that gives a question the answer back that it had before."""
    return {"answer": draft, "field": field, "said": dict(said)}


def moves(draft: int, move: str, field: str | None = None) -> dict[str, Any]:
    """The command that moves in a form: send, edit, back, skip, cancel, resume."""
    return {"move": move, "draft": draft, "field": field}
