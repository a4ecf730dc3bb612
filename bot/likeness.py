"""Which open incidents a new report may be about; the measure is words, place, kind and time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from procedure.incident import Incident
from procedure.organisation import Organisation
from procedure.text import words_of

#: Two reports of one event come within two days (conduct §2).
WITHIN = timedelta(hours=48)
#: token_set_ratio of folded words: one event is about 90, two different ones about 57.
SAME_WORDS = 75.0
#: Where the place is the same, fewer words need to be.
NEAR_WORDS = 60.0
#: Fewer words than this are part of too many lines to say anything.
LEAST_WORDS = 3
#: What the same kind and the same place add when the likeliest is put first.
ALSO_SAME = 25.0
MOST = 3


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A report before it is an incident: its words, what was understood of them, whose, when."""

    line: str
    kind: str | None
    place: str | None
    unit: int
    at: datetime
    drill: bool = False


def alike(
    heard: Heard, incidents: Iterable[Incident], organisation: Organisation
) -> Sequence[Incident]:
    """The incidents that may be the same event, the likeliest first, at most `MOST`."""
    rated = [(likeness(heard, one, organisation), one) for one in incidents]
    found = [(rate, one) for rate, one in rated if rate is not None]
    return [one for _, one in sorted(found, key=lambda pair: -pair[0])][:MOST]


def likeness(heard: Heard, incident: Incident, organisation: Organisation) -> float | None:
    """How like an incident a report is, or None when it is another event.

    Inside a unit the same kind, the same place or nearly the same words ask the question;
    between units the place must be the same too, whatever the words. A drill is never real.
    """
    if not _is_possible(heard, incident):
        return None
    names = _places(heard, incident, organisation)
    words = word_likeness(heard, incident, names)
    same_kind = heard.kind is not None and heard.kind == incident.incident_kind
    kinds_differ = None not in (heard.kind, incident.incident_kind) and not same_kind
    home = organisation.units[incident.unit]
    joined = {organisation.standing(one) for one in (home.id, home.partner) if one}
    there = _named(names, _of(incident)) | {_folded(home.short)}
    same_place = bool(_named(names, _of_report(heard)) & there)
    enough = SAME_WORDS if kinds_differ else NEAR_WORDS
    if heard.unit in joined:
        like = same_kind or words >= SAME_WORDS or (same_place and not kinds_differ)
    else:
        like = same_place and (same_kind or words >= enough)
    return words + ALSO_SAME * (same_kind + same_place) if like else None


def _is_possible(heard: Heard, incident: Incident) -> bool:
    if incident.drill != heard.drill or incident.opened_at is None:
        return False
    if incident.closed_at or incident.yielded:
        return False
    return abs(heard.at - incident.opened_at) <= WITHIN


def word_likeness(heard: Heard, incident: Incident, names: Iterable[str]) -> float:
    """How like the words are, 0 to 100; the names of places say nothing about what happened."""
    told, known = (_without(names, text) for text in (_of_report(heard), _of(incident)))
    if len(told.split()) < LEAST_WORDS:
        return 0.0
    return float(fuzz.token_set_ratio(told, known))


def _of_report(heard: Heard) -> str:
    return _folded(f"{heard.line}. {heard.place or ''}")


def _of(incident: Incident) -> str:
    return _folded(f"{incident.line} {incident.title} {incident.detail('place')}")


def _places(heard: Heard, incident: Incident, organisation: Organisation) -> Sequence[str]:
    """The places that either unit knows, the longest name first."""
    units = [organisation.units[one] for one in (heard.unit, incident.unit)]
    names = {_folded(name) for unit in units for name in (*unit.places, unit.short)} - {""}
    return sorted(names, key=lambda name: (-len(name), name))


def _named(names: Iterable[str], text: str) -> set[str]:
    return {name for name in names if f" {name} " in f" {text} "}


def _without(names: Iterable[str], text: str) -> str:
    left = f" {text} "
    for name in names:
        # Twice, since two that stand side by side share the space between them.
        left = left.replace(f" {name} ", " ").replace(f" {name} ", " ")
    return left.strip()


def _folded(text: str) -> str:
    """Letters and numbers without marks or signs."""
    return " ".join(one.folded for one in words_of(text) if one.is_letters or one.is_number)
