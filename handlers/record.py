"""`/ghi` in private: own words, photos and papers go on the record (conduct §16)."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers import permits
from handlers.fields import line_or_photo
from handlers.form import Field, Form, Said, Values
from handlers.look import Desk
from procedure import actions as a
from procedure.codec import Prose


def _read(said: Said, desk: Desk, values: Values) -> dict[str, Any]:
    text, files = line_or_photo(said, desk, values)
    return {"text": text, "files": files}


def _prefill(desk: Desk) -> Mapping[str, str | None]:
    return {"words": str(desk.args["line"])} if desk.args.get("line") else {}


def finish(desk: Desk, values: Values) -> Sequence[a.Action]:
    """One entry with its author and the moment at which he said it."""
    words = values["words"]
    return [a.KeepRecord(text=Prose(words["text"]), said_at=desk.now, files=words["files"])]


FORM = Form(
    name="keep_record",
    fields=(Field(name="words", read=_read, files=True),),
    finish=finish,
    preview=False,
    prefill=_prefill,
    permit=permits.all_of(permits.still_open, permits.part),
)
