"""Decisions by telephone, on record (conduct §4, §8): who, whom, when, in which words.

A record acts for nobody: it approves no statement, names no spokesperson, and is never the
standing committee's direction. What needs a hand of its own is refused, and the form named.
"""

from procedure import actions as a
from procedure import entries_late as late
from procedure.decision import Asked, Decision, Notice, require
from procedure.errors import BadValue, NotYours, Outdated, WrongStep
from procedure.facts_late import PhoneDecision
from procedure.merging import next_number
from procedure.obligations import find
from procedure.parties import Party, Post, is_press
from procedure.rules_help import on_duty
from procedure.rules_ring import standing
from procedure.words import Duty, Role

HEAD = Party(Post.HEAD_OF_UNIT)
OFFICE = Party(Post.COMMITTEE_OFFICE)
#: What a decision may say it is about, beside the key of a duty: who shall speak.
SPEAKER = "speaker"


def record_phone_decision(asked: Asked, action: a.RecordPhoneDecision) -> Decision:
    """Kept word for word; the one who decided is asked once whether it is his word."""
    if asked.incident.closed_at:
        raise WrongStep("incident_closed", at=asked.incident.closed_at)
    require(asked.has_part(), "not_in_incident", asked.who(HEAD))
    _people(asked, action)
    not_by_telephone(asked, action.decider, action.about)
    if action.about is not None:
        standing(asked, action.about)
    if action.at > asked.now:
        raise BadValue("time_ahead")
    if len(action.words.strip()) < 3:
        raise BadValue("words_of_decision")
    number = next_number(asked.incident, "phone_decisions")
    fact = late.PhoneDecisionRecorded(
        decision=number,
        decider=action.decider,
        heard_by=action.heard_by,
        given_at=action.at,
        words=action.words,
        about=action.about,
    )
    about = {"decision": number, "by": asked.actor}
    told = _readers(asked, action.decider, action.heard_by, action.about)
    notices = (
        Notice("phone_decision_to_confirm", (action.decider,), about),
        Notice("phone_decision_recorded", told, about),
    )
    return Decision((fact,), notices, "part")


def confirm_phone_decision(asked: Asked, action: a.ConfirmPhoneDecision) -> Decision:
    """His own tap, once."""
    _awaiting(asked, action.decision)
    return Decision((late.PhoneDecisionConfirmed(decision=action.decision),), (), "decider")


def correct_phone_decision(asked: Asked, action: a.CorrectPhoneDecision) -> Decision:
    """His own words beside those written down; both stand, and all who were told hear again."""
    found = _awaiting(asked, action.decision)
    if len(action.words.strip()) < 3:
        raise BadValue("words_of_decision")
    fact = late.PhoneDecisionCorrected(decision=action.decision, words=action.words)
    told = (found.by, *_readers(asked, found.decider, found.heard_by, found.about))
    to = tuple(one for one in dict.fromkeys(told) if one != asked.actor)
    about = {"decision": action.decision, "by": asked.actor}
    notice = Notice("phone_decision_corrected", to, about, rings=True)
    return Decision((fact,), (notice,), "decider")


def not_by_telephone(asked: Asked, decider: int, about: str | None) -> None:
    """Raises NotYours for what only its own form can do; the refusal names the form."""
    committee = asked.organisation.holders(Role.COMMITTEE_MEMBER, asked.incident.committee)
    if decider in committee or about == Duty.DIRECTION.value:
        raise NotYours("direction_by_form", who=asked.who(OFFICE))
    key = about or ""
    if key.startswith(f"{Duty.APPROVAL.value}:"):
        duty = find(asked.incident, asked.terms, key)
        raise NotYours("approval_by_hand", who=asked.who(duty.owner) if duty else None)
    if key == SPEAKER or key.startswith("O1:spokesperson:"):
        raise NotYours("speaker_by_form", who=asked.who(HEAD if asked.incident.within else _DUTY))


_DUTY = Party(Post.DUTY_OFFICER)


def _people(asked: Asked, action: a.RecordPhoneDecision) -> None:
    for person in (action.decider, action.heard_by):
        if person not in asked.organisation.people:
            raise BadValue("unknown_person")
        if is_press(person, asked.organisation):
            raise BadValue("press_in_room", person=person)
    if action.decider in (asked.actor, action.heard_by):
        raise BadValue("decides_himself")


def _readers(asked: Asked, decider: int, heard_by: int, about: str | None) -> tuple[int, ...]:
    """Who heard it, who owes what it is about, the head, the duty officer."""
    duty = find(asked.incident, asked.terms, about) if about else None
    owners = asked.people(duty.owner) if duty else ()
    found = dict.fromkeys((heard_by, *owners, *asked.people(HEAD), *_department(asked)))
    return tuple(one for one in found if one not in (asked.actor, decider))


def _department(asked: Asked) -> tuple[int, ...]:
    """The department hears once the incident has come up to it (conduct §13)."""
    return on_duty(asked) if asked.incident.submitted_at else ()


def _awaiting(asked: Asked, number: int) -> PhoneDecision:
    found = next((one for one in asked.incident.phone_decisions if one.id == number), None)
    if found is None or found.confirmed_at or found.corrected_at:
        raise Outdated("phone_decision_settled")
    require(asked.actor == found.decider, "only_who_decided", found.decider)
    return found
