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
    words = _words(heard, incident)
    same_kind = heard.kind is not None and heard.kind == incident.incident_kind
    kinds_differ = None not in (heard.kind, incident.incident_kind) and not same_kind
    same_place = bool(_shared_places(heard, incident, organisation))
    home = organisation.units[incident.unit]
    if heard.unit in (home.id, home.partner):
        like = same_kind or words >= SAME_WORDS or (same_place and not kinds_differ)
    else:
        like = same_place and (same_kind or words >= NEAR_WORDS)
    return words + ALSO_SAME * (same_kind + same_place) if like else None


def _is_possible(heard: Heard, incident: Incident) -> bool:
    if incident.drill != heard.drill or incident.opened_at is None:
        return False
    if incident.closed_at or incident.yielded:
        return False
    return abs(heard.at - incident.opened_at) <= WITHIN


def _words(heard: Heard, incident: Incident) -> float:
    told = _folded(f"{heard.line} {heard.place or ''}")
    if len(told.split()) < LEAST_WORDS:
        return 0.0
    return float(fuzz.token_set_ratio(told, _told_of(incident)))


def _told_of(incident: Incident) -> str:
    return _folded(f"{incident.line} {incident.title} {incident.detail('place')}")


def _shared_places(heard: Heard, incident: Incident, organisation: Organisation) -> set[str]:
    """The places of either unit that both reports name."""
    units = [organisation.units[one] for one in (heard.unit, incident.unit)]
    names = {_folded(name) for unit in units for name in (*unit.places, unit.short)}
    here = f" {_folded(heard.line)} {_folded(heard.place or '')} "
    there = f" {_told_of(incident)} {_folded(organisation.units[incident.unit].short)} "
    return {name for name in names if name and f" {name} " in here and f" {name} " in there}


def _folded(text: str) -> str:
    """Letters and numbers without marks or signs."""
    return " ".join(one.folded for one in words_of(text) if one.is_letters or one.is_number)
