"""`/tonghop`: the consolidated brief; every line of its timeline is an entry (row 26)."""

from collections.abc import Mapping, Sequence

from handlers import permits
from handlers.fields import text
from handlers.form import Field, Form, Values
from handlers.look import Desk
from handlers.say import Choice, choice, opens
from procedure import actions as a
from procedure.entries import Entry, Fact
from procedure.figures import Thing, things

#: What of the journal belongs into a timeline; rings and receipts do not.
LEFT_OUT = frozenset(
    {
        "DutyRung",
        "DutyRungAhead",
        "MeetingReminded",
        "PreparationAsked",
        "RingUndelivered",
        "DutyAcknowledged",
        "DutyExtended",
        "HelpAsked",
        "CallMade",
        "MoreTimeAsked",
        "MoreTimeDeclined",
        "HelpSeen",
        "NotMineSaid",
        "DutyKept",
        "TaskOffered",
        "OfferDeclined",
        "OfferWithdrawn",
        "StatementDrafted",
        "ConclusionDrafted",
    }
)


def timeline(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries that tell what happened, oldest first."""
    return tuple(entry for entry in entries if _tells(entry.fact))


def _tells(fact: Fact) -> bool:
    return type(fact).__name__ not in LEFT_OUT


def prefill(desk: Desk) -> Mapping[str, str | None]:
    """The summary begins with the words of the report, nothing else."""
    incident = desk.case
    items = (incident.title, incident.detail("place"), incident.detail("damage"))
    parts = [str(part) for part in (*items, incident.detail("done")) if part]
    parts += [_figures(desk, thing) for thing in things(incident)]
    given: dict[str, str | None] = {"summary": "; ".join(parts) + "."}
    if incident.detail("ask"):
        given["ask"] = incident.detail("ask")
    return given


def _figures(desk: Desk, thing: Thing) -> str:
    """One thing with its number; with every number and whose it is while they differ."""
    told = []
    for one in thing.standing if thing.opened else thing.values:
        amount = f"{one.value.replace('.', ',')} {one.unit}".strip()
        whose = desk.organisation.units[one.of_unit].short
        told.append(f"{amount} ({whose})" if thing.opened else amount)
    return f"{thing.standing[0].what}: {' / '.join(told)}"


def finish(desk: Desk, values: Values) -> Sequence[a.Action]:
    """The brief, with the numbers of the entries of its timeline."""
    entries = timeline(desk.look.journal(desk.case.stream))
    return [
        a.SubmitBrief(
            summary=values["summary"],
            timeline=tuple(entry.seq for entry in entries),
            forecast=values["forecast"],
            options=values["options"],
            proposals=values["proposals"],
            ask=values["ask"],
        )
    ]


def _onward(desk: Desk) -> Sequence[Choice]:
    stream = desk.case.stream
    if desk.case.meeting or desk.case.meeting_waiver:
        return ()
    return [choice("call_meeting", opens("meeting", stream))]


FORM = Form(
    name="brief",
    fields=tuple(
        Field(name=name, read=text(least=3))
        for name in ("summary", "forecast", "options", "proposals", "ask")
    ),
    finish=finish,
    prefill=prefill,
    permit=permits.all_of(permits.still_open, permits.department, permits.received),
    after=_onward,
)
