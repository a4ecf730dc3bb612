"""What is owed, by whom, by when: derived from the facts, never stored (design.md §2b)."""

from dataclasses import replace
from datetime import timedelta

from procedure.incident import Incident
from procedure.merging import is_about_item
from procedure.obligation import Obligation, Terms
from procedure.obligations_beside import beside
from procedure.obligations_by_step import approver, step_four, step_one, step_three, step_two
from procedure.parties import Party, Post
from procedure.words import Casualties, Duty

__all__ = [
    "Obligation",
    "Terms",
    "approver",
    "ball",
    "find",
    "is_alarming",
    "manager",
    "owed",
]


def owed(incident: Incident, terms: Terms) -> tuple[Obligation, ...]:
    """All open duties of an incident, those that move it first; none once ended or merged."""
    kept = incident.worked_out.get(_OWED)
    if kept is None or kept[0] is not terms:
        kept = incident.worked_out[_OWED] = (terms, _owed(incident, terms))
    found: tuple[Obligation, ...] = kept[1]
    return found


_OWED = "owed"


def _owed(incident: Incident, terms: Terms) -> tuple[Obligation, ...]:
    if incident.closed_at or incident.opened_at is None or incident.yielded:
        return ()
    found = [*step_one(incident, terms), *step_two(incident, terms)]
    found += [*step_three(incident, terms), *step_four(incident, terms)]
    found += [*beside(incident, terms)]
    extended = [_extended(incident, one) for one in found]
    return tuple(sorted(extended, key=lambda one: (not one.chain, one.due, one.key)))


def ball(incident: Incident, terms: Terms) -> Obligation | None:
    """Who has the ball: the first chain duty; None when it is closed or lies in another file."""
    if incident.closed_at or incident.opened_at is None or incident.yielded:
        return None
    chain = [one for one in _in_chain_order(owed(incident, terms)) if one.chain]
    return chain[0] if chain else _idle(incident)


def find(incident: Incident, terms: Terms, key: str) -> Obligation | None:
    """The open duty with this key, or None when it has been met or never stood."""
    return next((one for one in owed(incident, terms) if one.key == key), None)


_CHAIN = (
    Duty.QUICK_REPORT,
    Duty.INTAKE,
    Duty.BRIEF,
    Duty.CONFIRM_CONCLUSION,
    Duty.CONCLUSION,
    Duty.DIRECTION,
    Duty.MEETING,
    Duty.APPROVAL,
    Duty.OFFICIAL_STATEMENT_TARGET,
    Duty.RESULT_REPORT,
    Duty.PROPOSALS,
    Duty.CLOSING,
)


def _in_chain_order(duties: tuple[Obligation, ...]) -> list[Obligation]:
    ranked = {duty: n for n, duty in enumerate(_CHAIN)}
    return sorted(duties, key=lambda one: ranked.get(one.duty, len(ranked)))


def _idle(incident: Incident) -> Obligation:
    """Between two chain duties the leader (within authority the head) watches over it."""
    at = incident.result.at if incident.result else incident.opened_at
    assert at is not None
    owner = Party(Post.HEAD_OF_UNIT if incident.within else Post.LEADER)
    return Obligation(key="watch", duty=Duty.CLOSING, owner=owner, start=at, due=at, chain=True)


def manager(incident: Incident) -> Party:
    """Who runs Step 2: the department's duty officer, or the head within his authority."""
    return Party(Post.HEAD_OF_UNIT if incident.within else Post.DUTY_OFFICER)


def _extended(incident: Incident, one: Obligation) -> Obligation:
    """Time granted on "Cần hỗ trợ"; a legal clock cannot be extended, only annotated."""
    if one.legal:
        return one
    minutes = sum(more.minutes for more in incident.extensions.get(one.key, ()))
    more = timedelta(minutes=minutes) + _stood_still(incident, one)
    return replace(one, due=one.due + more) if more else one


def _stood_still(incident: Incident, one: Obligation) -> timedelta:
    """How long its own terms stood still while it lay in another file; carried ones ran on."""
    if is_about_item(one.key):
        return timedelta(0)
    spans = (span.until - span.since for span in incident.pauses if span.since >= one.start)
    return sum(spans, timedelta(0))


def is_alarming(incident: Incident) -> bool:
    """Whether the duty officer must hear before the head has acted (conduct §1)."""
    return incident.casualties is Casualties.DEAD_OR_MISSING
