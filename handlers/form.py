"""The form engine: a form is a list of fields, the next question is derived (design.md §2f)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.look import Desk
from procedure.actions import Action
from procedure.codec import Prose
from procedure.facts import FileRef
from procedure.staff_actions import StaffAction

Values = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer as it was given: words typed, files sent, or the option tapped, and when."""

    text: str = ""
    at: datetime
    files: tuple[FileRef, ...] = ()
    option: str | None = None
    skipped: bool = False

    @property
    def prose(self) -> Prose:
        """The words as typed, with outer blanks gone."""
        return Prose(self.text.strip())


class BadAnswer(Exception):
    """An answer that cannot be read: `key` names the sentence, `options` offer readings."""

    def __init__(self, key: str, options: Sequence["Option"] = (), **facts: Any) -> None:
        super().__init__(key)
        self.key = key
        self.options = tuple(options)
        self.facts = facts


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer that can be tapped: its value, its label's key, and the label's facts."""

    value: str
    label: str
    facts: Mapping[str, Any] = field(default_factory=dict)


Reader = Callable[[Said, Desk, Values], Any]
Options = Callable[[Desk, Values], Sequence[Option]]
Condition = Callable[[Desk, Values], bool]


def _always(desk: Desk, values: Values) -> bool:
    return True


def _none(desk: Desk, values: Values) -> Sequence[Option]:
    return ()


def _no_facts(desk: Desk, values: Values) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question. `ask_if` may look at earlier values; `optional` may be skipped.

    `files` says that photos are part of the answer; sent to any other question they go into
    the incident's file beside it. `facts` are what its sentence needs beside the answers.
    """

    name: str
    read: Reader
    options: Options = _none
    ask_if: Condition = _always
    optional: bool = False
    files: bool = False
    facts: Callable[[Desk, Values], Mapping[str, Any]] = _no_facts


@dataclass(frozen=True, kw_only=True)
class Form:
    """One conversation.

    `finish` makes the actions of a finished form; `each` makes them of every single answer,
    for forms of which any part may come later. `prefill` gives first answers as words (None:
    skipped), `written` names templates that write one. `permit` refuses (Refused) before
    anything is asked, `after` says what comes next. `pin` gives what of the moment is kept with
    the form from its beginning: whom he saw in a post, which duty it is about.
    anything is asked, `after` says what comes next. `where` names the incident to which the
    actions of this form go when it is not the one it was begun about; `onward` opens the form
    that follows by itself.
    """

    name: str
    fields: tuple[Field, ...]
    finish: Callable[[Desk, Values], Sequence[Action | StaffAction]]
    preview: bool = True
    each: Callable[[Desk, str, Any], Sequence[Action]] | None = None
    prefill: Callable[[Desk], Mapping[str, str | None]] | None = None
    written: Mapping[str, str] = field(default_factory=dict)
    permit: Callable[[Desk], None] | None = None
    after: Callable[[Desk], Sequence[dict[str, Any]]] | None = None
    pin: Callable[[Desk], Mapping[str, Any]] | None = None
    where: Callable[[Desk, Values], str | None] | None = None
    onward: Callable[[Desk, Values], Mapping[str, Any] | None] | None = None
    about_incident: bool = True
    send_label: str = "send"

    def field(self, name: str) -> Field | None:
        """The field of this name, or None in a newer or older version of the form."""
        return next((one for one in self.fields if one.name == name), None)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """The next question, and what was wrong with the last answer to it."""

    field: Field
    values: Values
    problem: BadAnswer | None = None


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Every question has its answer: read it back, then send."""

    values: Values


Next = Ask | Preview


def standing(form: Form, answers: Mapping[str, Said], desk: Desk) -> Next:
    """Where a draft stands: the first field that applies and has no readable answer."""
    values: Values = {}
    for one in form.fields:
        if not one.ask_if(desk, values):
            continue
        said = answers.get(one.name)
        if said is None:
            return Ask(field=one, values=values)
        if said.skipped and one.optional:
            values[one.name] = None
            continue
        try:
            values[one.name] = one.read(said, desk, values)
        except BadAnswer as problem:
            return Ask(field=one, values=values, problem=problem)
    return Preview(values=values)


def answered(
    form: Form, answers: Mapping[str, Said], said: Said, desk: Desk
) -> tuple[dict[str, Said], Next, str | None]:
    """Puts an answer to the standing question.

    Gives the answers to keep, where the draft stands now, and the name of the field that was
    answered; None when the answer could not be read, and then nothing is kept.
    """
    now = standing(form, answers, desk)
    if isinstance(now, Preview):
        return dict(answers), now, None
    name = now.field.name
    if said.skipped and not now.field.optional:
        problem = BadAnswer("must_answer")
        return dict(answers), Ask(field=now.field, values=now.values, problem=problem), None
    tried = {**answers, name: said}
    then = standing(form, tried, desk)
    if isinstance(then, Ask) and then.field.name == name:
        return dict(answers), then, None
    return tried, then, name


def without(form: Form, answers: Mapping[str, Said], name: str, desk: Desk) -> dict[str, Said]:
    """The answers with one dropped, and those that no longer apply; the same rule asks again."""
    kept = {key: said for key, said in answers.items() if key != name}
    values: Values = {}
    for one in form.fields:
        said = kept.get(one.name)
        if said is None:
            continue
        try:
            applies = one.ask_if(desk, values)
            values[one.name] = None if said.skipped else one.read(said, desk, values)
        except (BadAnswer, KeyError):
            applies = True
        if not applies:
            kept.pop(one.name)
    return kept


def last_answered(form: Form, answers: Mapping[str, Said], desk: Desk) -> str | None:
    """The field to which "back" returns: the last answered one before the standing question."""
    now = standing(form, answers, desk)
    names = [one.name for one in form.fields if one.name in answers]
    if isinstance(now, Ask):
        order = [one.name for one in form.fields]
        names = [name for name in names if order.index(name) < order.index(now.field.name)]
    return names[-1] if names else None
