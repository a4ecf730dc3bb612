"""Rings, receipts and calls (conduct §4, §5)."""

from procedure import actions as a
from procedure import entries as e
from procedure.attendance import key_of, never_called, to_call
from procedure.decision import CLOCK, Asked, Decision, Notice, require
from procedure.errors import NotYours, Outdated
from procedure.obligations import Obligation, find
from procedure.parties import Party, Post
from procedure.rules_directive import completed

DUTY_OFFICER = Party(Post.DUTY_OFFICER)


def ring(asked: Asked, action: a.Ring) -> Decision:
    """Only the clock rings, and only while the duty stands."""
    _clock_only(asked)
    standing(asked, action.duty)
    fact = e.DutyRung(**vars(action))
    return Decision((fact,), (), "clock")


def ring_ahead(asked: Asked, action: a.RingAhead) -> Decision:
    """Rings due to one person within ten minutes are one message (conduct §5)."""
    _clock_only(asked)
    standing(asked, action.duty)
    return Decision((e.DutyRungAhead(**vars(action)),), (), "clock")


def note_undelivered(asked: Asked, action: a.NoteUndelivered) -> Decision:
    """A ring that no page has shown within the patience of its severity is a fact."""
    _clock_only(asked)
    fact = e.RingUndelivered(duty=action.duty, person=action.person)
    return Decision((fact,), (), "clock")


def acknowledge_duty(asked: Asked, action: a.AcknowledgeDuty) -> Decision:
    """A receipt stops only the receipt ring; it spends nothing (conduct §5)."""
    duty = standing(asked, action.duty)
    require(asked.actor in asked.people(duty.owner), "not_your_duty", asked.who(duty.owner))
    fact = e.DutyAcknowledged(duty=action.duty, working=action.working)
    return Decision((fact,), completed(asked, action.duty), "owner")


def record_call(asked: Asked, action: a.RecordCall) -> Decision:
    """A call that reached him is a receipt; the outcome is kept either way (conduct §4)."""
    standing(asked, action.duty)
    require(asked.has_part(), "not_in_incident", asked.who(DUTY_OFFICER))
    fact = e.CallMade(duty=action.duty, to=action.to, reached=action.reached, note=action.note)
    done = completed(asked, action.duty) if action.reached else ()
    return Decision((fact,), (*_next_call(asked, action), *done), "caller")


def _next_call(asked: Asked, action: a.RecordCall) -> tuple[Notice, ...]:
    """The caller of a meeting is shown the next invitee whom nobody has called yet."""
    meeting = asked.incident.meeting
    if meeting is None or meeting.called_by != asked.actor or action.duty != key_of(action.to):
        return ()
    who = to_call(asked.incident, asked.terms, asked.now, action.to)
    if who is None or not never_called(asked.incident, asked.terms, who):
        return ()
    facts, about = {"meeting": meeting.id, "call": who}, f"meeting:{meeting.id}"
    return (Notice("meeting_answers", (asked.actor,), facts, about=about),)


def standing(asked: Asked, key: str) -> Obligation:
    """The open duty of this key. Raises Outdated when it has been met."""
    duty = find(asked.incident, asked.terms, key)
    if duty is None:
        raise Outdated("duty_met")
    return duty


def _clock_only(asked: Asked) -> None:
    if asked.actor != CLOCK:
        raise NotYours("only_clock", who=None)
