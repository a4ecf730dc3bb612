"""What guidance stands on: the released text, who holds which version, who has received what."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from procedure.facts import Statement
from procedure.facts_guidance import Directive
from procedure.incident import Incident
from procedure.organisation import Organisation
from procedure.words import Role

#: How many key messages an incident has at most (domain.md §7 T7).
MOST_MESSAGES = 3
#: What may end a sentence, and what opens or closes one that is quoted.
_EDGES = " \t\n.;,:…\"'“”"
_SENTENCE = re.compile(r"[.!?…]+(?=\s|$)|\n+")
_CLAUSE = re.compile(r"[.!?…,;:]+(?=\s|$)|\n+")


def released(incident: Incident) -> Statement | None:
    """The text that was spoken last, in the version as spoken; None before the first word."""
    if not incident.spoken:
        return None
    version = incident.spoken[-1].version
    return next((one for one in incident.statements if one.version == version), None)


def newsrooms(organisation: Organisation) -> tuple[int, ...]:
    """Everybody who stands for a newsroom or the journalists' association, in order."""
    held = (one.person for one in organisation.held if one.role is Role.PRESS)
    return tuple(one for one in dict.fromkeys(held) if one in organisation.people)


def versions_held(incident: Incident) -> Mapping[int, int]:
    """The newest version with which each newsroom's person was guided, or told that it stands."""
    held: dict[int, int] = {}
    for sent in incident.guidance:
        held |= dict.fromkeys((*sent.people, *sent.old), sent.version)
    return held


def to_guide(incident: Incident, organisation: Organisation) -> tuple[int, ...]:
    """Who of the newsrooms has not been sent the released text yet."""
    text = released(incident)
    had = {
        one
        for sent in incident.guidance
        if text and sent.version == text.version
        for one in sent.people
    }
    return tuple(one for one in newsrooms(organisation) if one not in had)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, each without what ends it; a number's own point stays whole."""
    return tuple(one.strip(_EDGES) for one in _SENTENCE.split(text) if one.strip(_EDGES))


def quotes(text: str, message: str) -> bool:
    """Whether a message is a run of whole clauses of a text, word for word.

    Case, blanks and the points between do not count. A piece of a clause is no quotation: it
    may leave out the very word ("chưa", "không") that the clause turns on.
    """
    said, wanted = _clauses(text), _clauses(message)
    runs = range(len(said) - len(wanted) + 1)
    return bool(wanted) and any(said[n : n + len(wanted)] == wanted for n in runs)


def _clauses(text: str) -> list[str]:
    parts = (" ".join(one.split()).strip(_EDGES).casefold() for one in _CLAUSE.split(text))
    return [one for one in parts if one]


def directive_key(directive: int, person: int) -> str:
    """The key of the receipt that a person owes for a directive."""
    return f"O1:directive:{directive}:{person}"


def directive_received(incident: Incident, directive: int, person: int) -> datetime | None:
    """When a person received a directive (UTC): his own tap, or a call that reached him."""
    return incident.acknowledged.get(directive_key(directive, person))


def unreceived(incident: Incident, one: Directive) -> tuple[int, ...]:
    """Those of a directive's people from whom no receipt has come."""
    return tuple(who for who in one.people if directive_received(incident, one.id, who) is None)


def directive_of(incident: Incident, key: str) -> Directive | None:
    """The directive that a receipt's key is about, or None."""
    kind, _, rest = key.removeprefix("O1:").partition(":")
    if not key.startswith("O1:") or kind != "directive":
        return None
    number = rest.partition(":")[0]
    return next((one for one in incident.directives if str(one.id) == number), None)


def same(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two lists of messages say the same."""
    return [_clauses(text) for text in one] == [_clauses(text) for text in other]
