"""Rings, receipts, extra time, help and calls (conduct §4, §5)."""

from procedure import actions as a
from procedure import entries as e
from procedure.decision import CLOCK, Asked, Decision, Notice, require
from procedure.errors import BadValue, NotYours, Outdated
from procedure.obligations import Obligation, find
from procedure.parties import Party, Post, is_press
from procedure.words import Role

HEAD = Party(Post.HEAD_OF_UNIT)
DUTY_OFFICER = Party(Post.DUTY_OFFICER)
NEEDS = frozenset({"people", "not_mine", "time"})


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
    return Decision((fact,), (), "owner")


def extend_duty(asked: Asked, action: a.ExtendDuty) -> Decision:
    """Up to half the allowance once by the owner himself, then by the head; never a legal clock."""
    duty = standing(asked, action.duty)
    if duty.legal:
        raise NotYours("legal_clock", who=asked.who(duty.owner), due=duty.due)
    owners = asked.people(duty.owner)
    unit = asked.organisation.people[owners[0]].unit if owners else asked.incident.unit
    heads = asked.organisation.holders(Role.HEAD, unit)
    had = asked.incident.extensions.get(action.duty, ())
    by_head = asked.actor in heads and (had or asked.actor not in owners)
    if not by_head:
        require(asked.actor in owners, "not_your_duty", owners[0] if owners else None)
        if had:
            raise NotYours("head_extends", who=next((h for h in heads if h != asked.actor), None))
    if not 0 < action.minutes <= 24 * 60:
        raise BadValue("minutes_needed")
    allowed = (duty.due - duty.start).total_seconds() / 120
    if not by_head and action.minutes > allowed:
        raise BadValue("too_much_time", minutes=int(allowed))
    fact = e.DutyExtended(duty=action.duty, minutes=action.minutes)
    to = tuple(one for one in (*heads, *_on_duty(asked)) if one not in (asked.actor, *owners))
    about = {"duty": action.duty, "minutes": action.minutes, "by": asked.actor}
    told = Notice("duty_extended", tuple(dict.fromkeys(to)), about)
    return Decision((fact,), (told,), "head" if by_head else "owner")


def ask_help(asked: Asked, action: a.AskHelp) -> Decision:
    """It goes to the head and the duty officer; the duty stays (conduct §5)."""
    duty = standing(asked, action.duty)
    owners = asked.people(duty.owner)
    require(asked.actor in owners, "not_your_duty", owners[0] if owners else None)
    if action.need not in NEEDS:
        raise BadValue("need_unknown")
    unit = asked.organisation.people[asked.actor].unit
    to = [*asked.organisation.holders(Role.HEAD, unit), *_on_duty(asked)]
    told = tuple(one for one in dict.fromkeys(to) if one != asked.actor)
    about = {"duty": action.duty, "by": asked.actor, "need": action.need}
    fact = e.HelpAsked(duty=action.duty, need=action.need, text=action.text)
    return Decision((fact,), (Notice("help_asked", told, about, rings=True),), "owner")


def record_call(asked: Asked, action: a.RecordCall) -> Decision:
    """A call that reached him is a receipt; the outcome is kept either way (conduct §4)."""
    standing(asked, action.duty)
    if is_press(asked.actor, asked.organisation) or not asked.has_part():
        raise NotYours("not_in_incident", who=asked.who(DUTY_OFFICER))
    fact = e.CallMade(duty=action.duty, to=action.to, reached=action.reached, note=action.note)
    return Decision((fact,), (), "caller")


def standing(asked: Asked, key: str) -> Obligation:
    """The open duty of this key. Raises Outdated when it has been met."""
    duty = find(asked.incident, asked.terms, key)
    if duty is None:
        raise Outdated("duty_met")
    return duty


def _clock_only(asked: Asked) -> None:
    if asked.actor != CLOCK:
        raise NotYours("only_clock", who=None)


def _on_duty(asked: Asked) -> tuple[int, ...]:
    return () if asked.incident.within else asked.people(DUTY_OFFICER)
