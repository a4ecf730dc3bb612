"""What an incident hands over when it is merged, and what comes home when it is split off."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from procedure.facts import Settlement
from procedure.facts_late import PhoneDecision
from procedure.facts_merge import Carried, FurtherReport, Merged, Numbers
from procedure.incident import Incident
from procedure.words import Duty

#: The numbered parts that go from one file to the other.
PARTS = (
    "claims",
    "orders",
    "supplements",
    "enquiries",
    "tasks",
    "reports",
    "figures",
    "phone_decisions",
)
#: What is known under the keys of duties, and goes with the items that they are about.
KEPT_BY_KEY = ("acknowledged", "working", "extensions", "rung")
#: The same, but settled as well as begun: what is gone in the one file is gone in the other.
ASKED_BY_KEY = ("time_wishes", "help_seen", "not_mine", "offers", "handed_on")
#: The first report of the incident that yields is a further report in the file that is kept.
FIRST_REPORT = 0
#: Of which part a duty's key tells the number.
KEYED = {
    Duty.CLAIM_CHECK.value: "claims",
    Duty.VERIFICATION.value: "orders",
    Duty.SUPPLEMENT.value: "supplements",
    Duty.PRESS_ENQUIRY.value: "enquiries",
    Duty.TASK.value: "tasks",
    Duty.FIGURE_CONFLICT.value: "figures",
    f"{Duty.RECEIPT.value}:order": "orders",
    f"{Duty.RECEIPT.value}:task": "tasks",
}
#: The answers to supplements stand among the details under this name and their number.
ANSWER = "supplement_"
Value = TypeVar("Value")


def next_number(incident: Incident, part: str) -> int:
    """The number of the next item of a part; one that was ever given is not given again."""
    used = [item.id for item in getattr(incident, part)]
    given = [n for one in incident.merged for n in one.numbers.get(part, {}).values()]
    return max((*used, *given), default=0) + 1


def live(incident: Incident, stream: str) -> Merged | None:
    """The record of an incident that lies in this file now, or None."""
    found = (one for one in incident.merged if one.stream == stream and one.split_at is None)
    return next(found, None)


def is_about_item(key: str) -> bool:
    """Whether a duty is about an item that is carried: a claim, an order, figures that differ."""
    return _split_key(key)[0] in KEYED


def rekeyed(key: str, numbers: Numbers) -> str | None:
    """A duty's key under other numbers; None when it is about no item that has one."""
    name, number, tail = _split_key(key)
    new = numbers.get(KEYED.get(name, ""), {}).get(number)
    return None if new is None else ":".join((name, str(new), *tail))


def _split_key(key: str) -> tuple[str, int, tuple[str, ...]]:
    first = 2 if key.startswith(f"{Duty.RECEIPT.value}:") else 1
    words = key.split(":")
    number = words[first] if len(words) > first else ""
    return (
        ":".join(words[:first]),
        int(number) if number.isdigit() else -1,
        tuple(words[first + 1 :]),
    )


def handed_over(other: Incident, kept: Incident) -> tuple[Numbers, Carried]:
    """All that `other` brings into `kept`, and its numbers there."""
    numbers: dict[str, dict[int, int]] = {}
    for part in PARTS:
        old = [item.id for item in getattr(other, part)]
        if part == "reports":
            old = [FIRST_REPORT, *old]
        first = next_number(kept, part)
        numbers[part] = {number: first + n for n, number in enumerate(old)}
    carried = Carried(
        claims=_numbered(other.claims, numbers["claims"]),
        # Who leads the verification, and so answers for facts, is the kept file's matter.
        orders=_numbered(other.orders, numbers["orders"], lead=False),
        supplements=tuple(
            replace(one, id=numbers["supplements"][one.id], unit=one.unit or other.unit)
            for one in other.supplements
        ),
        enquiries=_numbered(other.enquiries, numbers["enquiries"]),
        tasks=_numbered(other.tasks, numbers["tasks"]),
        reports=(
            _first_report(other, numbers["reports"][FIRST_REPORT]),
            *_numbered(other.reports, numbers["reports"]),
        ),
        figures=_numbered(other.figures, numbers["figures"]),
        settlements=_choices(other, numbers["figures"]),
        phone_decisions=_telephoned(other, numbers),
        details=_answers(other, numbers["supplements"]),
        acknowledged=_moved(_receipts(other) | dict(other.acknowledged), numbers),
        working=_moved(other.working, numbers),
        extensions=_moved(other.extensions, numbers),
        rung=_moved(other.rung, numbers),
        **{name: _moved(getattr(other, name), numbers) for name in ASKED_BY_KEY},
    )
    return numbers, carried


def _first_report(other: Incident, number: int) -> FurtherReport:
    assert other.opened_at is not None
    return FurtherReport(
        id=number,
        unit=other.unit,
        person=other.opened_by,
        line=other.line or other.title,
        at=other.opened_at,
        files=other.files,
        happened=other.happened,
    )


def _numbered(items: Iterable[Any], numbers: Mapping[int, int], **fields: Any) -> tuple[Any, ...]:
    return tuple(
        replace(item, id=numbers[item.id], **fields) for item in items if item.id in numbers
    )


def _moved(kept: Mapping[str, Value], numbers: Numbers) -> dict[str, Value]:
    new = ((rekeyed(key, numbers), value) for key, value in kept.items())
    return {key: value for key, value in new if key is not None}


def _choices(source: Incident, numbers: Mapping[int, int]) -> tuple[Settlement, ...]:
    """The choices among these figures, under their numbers there.

    Between a figure that goes and one that stays a choice is kept where the number that was
    chosen is among those figures; else they were not figures of one thing, and both stand.
    """
    value = {one.id: one.value for one in source.figures}
    found = []
    for one in source.settlements:
        going = [number for number in one.figures if number in numbers]
        chosen = one.chosen
        if chosen is not None and chosen not in numbers:
            alike = (number for number in going if value[number] == value.get(one.chosen or 0))
            chosen = next(alike, None)
        if going and (chosen is None) == (one.chosen is None):
            figures = tuple(numbers[number] for number in going)
            known = max(new for old, new in numbers.items() if old <= one.after)
            there = numbers[chosen] if chosen is not None else None
            found.append(replace(one, figures=figures, chosen=there, after=known))
    return tuple(found)


def _telephoned(other: Incident, numbers: Numbers) -> tuple[PhoneDecision, ...]:
    """The record of telephone decisions; it says nothing about the duties of the kept file."""
    return tuple(
        replace(
            one,
            id=numbers["phone_decisions"][one.id],
            about=rekeyed(one.about, numbers) if one.about else None,
        )
        for one in other.phone_decisions
    )


def _receipts(other: Incident) -> dict[str, datetime]:
    """Acting was a receipt there; here it has to be said."""
    given = [(f"order:{one.id}", one.person, one.ordered_at) for one in other.orders]
    given += [(f"task:{one.id}", one.owner, one.set_at) for one in other.tasks]
    acted = [(key, owner, at, other.acted.get(str(owner))) for key, owner, at in given]
    return {
        f"{Duty.RECEIPT.value}:{key}:{owner}": seen
        for key, owner, at, seen in acted
        if seen and seen >= at
    }


def _answers(incident: Incident, numbers: Mapping[int, int]) -> dict[str, Any]:
    named = ((number, incident.details.get(f"{ANSWER}{number}")) for number in numbers)
    return {f"{ANSWER}{numbers[number]}": detail for number, detail in named if detail}


def come_home(kept: Incident, record: Merged, other: Incident) -> Carried:
    """What goes back to `other`, as it stands now: every item, and what was done since."""
    back = _turned(record.numbers)
    lead = {one.id for one in other.orders if one.lead}
    unit = {one.id: one.unit for one in other.supplements}
    about = {one.id: one.about for one in other.phone_decisions}
    orders = _numbered(kept.orders, back["orders"])
    supplements = _numbered(kept.supplements, back["supplements"])
    telephoned = _numbered(kept.phone_decisions, back["phone_decisions"])
    return Carried(
        claims=_numbered(kept.claims, back["claims"]),
        orders=tuple(replace(one, lead=one.id in lead) for one in orders),
        supplements=tuple(replace(one, unit=unit.get(one.id)) for one in supplements),
        enquiries=_numbered(kept.enquiries, back["enquiries"]),
        tasks=_numbered(kept.tasks, back["tasks"]),
        reports=_numbered(kept.reports, back["reports"]),
        figures=_numbered(kept.figures, back["figures"]),
        settlements=_choices(kept, back["figures"]),
        phone_decisions=tuple(replace(one, about=about.get(one.id)) for one in telephoned),
        details=_answers(kept, back["supplements"]),
        acknowledged=_since(_moved(kept.acknowledged, back), record.at),
        working=_moved(kept.working, back),
        extensions={
            key: more
            for key, more in _moved(kept.extensions, back).items()
            if any(one.at > record.at for one in more)
        },
        rung={
            key: last
            for key, last in _moved(kept.rung, back).items()
            if last.at > record.at or last.undelivered
        },
        **{name: _moved(getattr(kept, name), back) for name in ASKED_BY_KEY},
    )


def _turned(numbers: Numbers) -> dict[str, dict[int, int]]:
    return {
        part: {new: old for old, new in numbers.get(part, {}).items() if old != FIRST_REPORT}
        for part in PARTS
    }


def _since(moments: Mapping[str, datetime], start: datetime) -> dict[str, datetime]:
    return {key: at for key, at in moments.items() if at > start}


def apart(kept: Incident, record: Merged, at: datetime) -> Incident:
    """The kept file without all that came from another one."""
    gone = {part: set(record.numbers.get(part, {}).values()) for part in PARTS}
    left: dict[str, Any] = {
        part: tuple(item for item in getattr(kept, part) if item.id not in gone[part])
        for part in PARTS
    }
    here: Numbers = {part: {n: n for n in numbers} for part, numbers in gone.items()}
    for name in KEPT_BY_KEY + ASKED_BY_KEY:
        left[name] = {k: v for k, v in getattr(kept, name).items() if rekeyed(k, here) is None}
    answers = {f"{ANSWER}{number}" for number in gone["supplements"]}
    left["details"] = {name: one for name, one in kept.details.items() if name not in answers}
    staying = {one.id: one.id for one in left["figures"]}
    left["settlements"] = _choices(kept, staying)
    left["merged"] = tuple(
        replace(one, split_at=at) if one == record else one for one in kept.merged
    )
    return replace(kept, **left)
