"""The answers of a draft as the database keeps them, and as forms and sentences read them."""

from collections.abc import Mapping
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
