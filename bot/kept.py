"""The answers of a draft as the database keeps them, and as forms and sentences read them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from handlers.form import Form, Next, Said
from procedure.codec import dump, load
from procedure.facts import FileRef
from storage.drafts import Draft


def said_in(draft: Draft) -> dict[str, Said]:
    """The answers of a draft by field."""
    return {name: said_from(kept) for name, kept in draft.answers.items()}


def said_from(kept: Mapping[str, Any]) -> Said:
    """An answer from its kept form."""
    return Said(
        text=kept.get("said", ""),
        at=datetime.fromisoformat(kept["at"]),
        files=tuple(load(FileRef, one) for one in kept.get("files", ())),
        option=kept.get("option"),
        skipped=kept.get("skipped", False),
    )


def kept_form(answers: Mapping[str, Said]) -> dict[str, Any]:
    """Answers as the database keeps them: the words as typed, and when."""
    return {name: plain(said) for name, said in answers.items()}


def first_kept(
    first: Mapping[str, str | None], at: datetime, files: Sequence[Any] | None
) -> dict[str, dict[str, Any]]:
    """Answers that a form begins with, as they are kept; None is skipped, files are the line's."""
    given: dict[str, dict[str, Any]] = {
        key: {"said": words or "", "skipped": words is None, "at": at.isoformat()}
        for key, words in first.items()
    }
    if "line" in given and files:
        given["line"]["files"] = files
    return given


def plain(said: Said) -> dict[str, Any]:
    """One answer in its kept form."""
    return {
        "said": said.text,
        "at": said.at.isoformat(),
        "files": [dump(one) for one in said.files],
        "option": said.option,
        "skipped": said.skipped,
    }


def facts_of(form: Form, draft: Draft, now: Next) -> dict[str, Any]:
    """What a form's sentences may use: every field (None while unanswered) and the arguments."""
    unanswered: dict[str, Any] = {one.name: None for one in form.fields}
    known: dict[str, Any] = dump(dict(now.values))
    return {**unanswered, **draft.args, **known}
