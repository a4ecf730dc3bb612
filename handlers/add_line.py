"""[Bổ sung VV-…]: a line or photos for an incident that is already open (conduct §1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers import permits
from handlers.fields import line_or_photo
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.look import Desk
from handlers.reading.intake import understand
from handlers.say import Choice, choice, opens
from procedure import actions as a
from procedure.codec import Prose

KINDS = ("known", "done", "damage", "claim")


def _prefill(desk: Desk) -> Mapping[str, str | None]:
    return {"line": str(desk.args.get("line", ""))}


def _read(said: Said, desk: Desk, values: Values) -> dict[str, Any]:
    text, files = line_or_photo(said, desk, values)
    places = desk.organisation.units[desk.me.unit].places
    claim = understand(text, desk.words.lexicon, places).claim
    return {"text": text, "files": files, "claim": claim}


def _must_say(desk: Desk, values: Values) -> bool:
    """Hearsay is a claim by itself; photos alone need no kind; the rest is asked, not guessed."""
    line = values.get("line")
    return bool(line and line["text"] and not line["claim"])


def _kinds(desk: Desk, values: Values) -> Sequence[Option]:
    return [Option(value=one, label=f"line_{one}") for one in KINDS]


def _read_kind(said: Said, desk: Desk, values: Values) -> str:
    if said.option in KINDS:
        return str(said.option)
    raise BadAnswer("choose_one")


def finish(desk: Desk, values: Values) -> Sequence[a.Action]:
    """A claim to be checked, or an item of the report with what stood there before."""
    line = values["line"]
    kind = values.get("kind") or ("claim" if line["claim"] else "files")
    if kind == "claim":
        return [a.LogClaim(text=line["text"], files=line["files"])]
    before = desk.case.detail(kind)
    text = "\n".join(part for part in (before, str(line["text"])) if part)
    return [a.AmendReport(item=kind, text=Prose(text), files=line["files"])]


def _after(desk: Desk) -> Sequence[Choice]:
    open_claims = [one for one in desk.case.claims if one.verdict is None and one.by == desk.person]
    if not open_claims:
        return ()
    claim = open_claims[-1].id
    stream = desk.case.stream
    working = {"duty": f"O16_check:{claim}", "working": True}
    return [
        choice("enter_result", opens("check_claim", stream, claim=claim)),
        choice("working", {"act": "AcknowledgeDuty", "stream": stream, "data": working}),
    ]


FORM = Form(
    name="add_line",
    fields=(
        Field(name="line", read=_read, files=True),
        Field(name="kind", read=_read_kind, options=_kinds, ask_if=_must_say),
    ),
    finish=finish,
    preview=False,
    prefill=_prefill,
    permit=permits.all_of(permits.still_open, permits.part),
    after=_after,
)
