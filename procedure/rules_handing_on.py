"""Who takes a piece of work over from whom: by an offer that is accepted, or from above.

The owner stays the owner, and is rung, until the other accepts. A post's duty never moves.
"""

from procedure import actions as a
from procedure import entries_late as late
from procedure.decision import Asked, Decision, Notice, require
from procedure.entries import Fact
from procedure.errors import BadValue, NotYours, Outdated
from procedure.obligations import Obligation, manager
from procedure.parties import Party, Post, is_press
from procedure.ringing import work_of
from procedure.rules_ring import standing
from procedure.words import Duty, Role

HEAD = Party(Post.HEAD_OF_UNIT)
#: How a duty can come to another person: as work, or by naming another speaker, another focal
#: point, or not at all, since a post owes it.
WORK, SPEECH, FACTS, POST = "work", "speech", "facts", "post"


def way_of(duty: Obligation) -> str:
    """By which act a duty can come to another person."""
    if duty.duty in (Duty.TASK, Duty.VERIFICATION) or _is_receipt_of_work(duty.key):
        return WORK
    if duty.owner.post is Post.SPOKESPERSON or duty.key.startswith("O1:spokesperson:"):
        return SPEECH
    if duty.owner.post is Post.FOCAL_POINT or duty.key.startswith("O1:focal_point:"):
        return FACTS
    return POST


def reassign_duty(asked: Asked, action: a.ReassignDuty) -> Decision:
    """[Giao cho đ/c Y]: whoever gives such work out gives it to another; he is told like anew."""
    duty, owner = _work(asked, action.duty)
    if owner != action.expected:
        raise Outdated("owner_moved", person=owner)
    _may_reassign(asked, duty, owner, action.to)
    if action.to == owner:
        raise Outdated("owner_stands", person=owner)
    _fit(asked, action.to)
    facts = _handed_on(asked, duty, owner, action.to)
    kind, number = _noun(duty)
    given = {number: duty.subject, "due": duty.due, "by": asked.actor}
    receipt = f"O1:{number}:{duty.subject}:{{person}}"
    to = (action.to,) if action.to != asked.actor else ()
    notices = (Notice(kind, to, given, rings=True, duty=receipt), _told(asked, duty, action.to))
    return Decision(facts, notices, "head" if asked.is_head() else "department")


def offer_task(asked: Asked, action: a.OfferTask) -> Decision:
    """Asked [Nhận] [Không nhận]; a second offer replaces the first; press bodies never."""
    duty, owner = _work(asked, action.duty)
    require(asked.actor == owner, "not_your_duty", owner)
    if action.to == asked.actor:
        raise BadValue("somebody_else")
    _fit(asked, action.to)
    first = asked.incident.offers.get(duty.key)
    stands = first is not None and first.by == owner
    if stands and first is not None and first.to == action.to:
        raise Outdated("offer_waits", who=action.to)
    fact = late.TaskOffered(duty=duty.key, to=action.to)
    about = {"duty": duty.key, "by": asked.actor}
    notices = [Notice("task_offered", (action.to,), about, True, _card(duty.key), duty.key)]
    if stands and first is not None:
        notices.append(Notice("offer_withdrawn", (first.to,), about, about=_card(duty.key)))
    return Decision((fact,), tuple(notices), "owner")


def accept_offer(asked: Asked, action: a.AcceptOffer) -> Decision:
    """From now on it is his; the setter and the former owner are told."""
    duty, owner = _work(asked, action.duty)
    offer = asked.incident.offers.get(duty.key)
    if offer is None or offer.by != owner:
        raise Outdated("offer_gone")
    require(asked.actor == offer.to, "offer_to_another", offer.to)
    _fit(asked, asked.actor)
    facts = _handed_on(asked, duty, owner, asked.actor)
    return Decision(facts, (_told(asked, duty, asked.actor),), "accepted")


def decline_offer(asked: Asked, action: a.DeclineOffer) -> Decision:
    """The owner hears, with the reason when one was given; the work is still his."""
    duty, _ = _work(asked, action.duty)
    offer = asked.incident.offers.get(duty.key)
    if offer is None:
        raise Outdated("offer_gone")
    require(asked.actor == offer.to, "offer_to_another", offer.to)
    fact = late.OfferDeclined(duty=duty.key, asker=offer.by, reason=action.reason)
    about = {"duty": duty.key, "by": asked.actor, "text": action.reason}
    return Decision((fact,), (Notice("offer_declined", (offer.by,), about, True),), "declined")


def withdraw_offer(asked: Asked, action: a.WithdrawOffer) -> Decision:
    """The owner keeps it after all; the one he asked is told."""
    duty, _ = _work(asked, action.duty)
    offer = asked.incident.offers.get(duty.key)
    if offer is None:
        raise Outdated("offer_gone")
    require(asked.acts_for(offer.by), "not_your_duty", offer.by)
    fact = late.OfferWithdrawn(duty=duty.key, to=offer.to)
    about = {"duty": duty.key, "by": asked.actor}
    told = Notice("offer_withdrawn", (offer.to,), about, about=_card(duty.key))
    return Decision((fact,), (told,), "owner")


def _work(asked: Asked, key: str) -> tuple[Obligation, int]:
    """The task or the order behind a key, and its owner.

    Raises Outdated when it is done, NotYours when the duty is none that moves this way.
    """
    duty = standing(asked, work_of(key) or key if _is_receipt_of_work(key) else key)
    owner = asked.who(duty.owner)
    way = way_of(duty)
    if way is SPEECH:
        raise NotYours("speech_by_form", who=owner)
    if way is FACTS:
        raise NotYours("facts_by_form", who=owner)
    if way is POST or owner is None:
        raise NotYours("post_keeps_duty", who=owner)
    return duty, owner


def may_reassign(asked: Asked, duty: Obligation, owner: int, to: int) -> bool:
    """Who gives such work out, and the owner's own head among his people."""
    if asked.is_department() and (not asked.incident.within or duty.duty is Duty.VERIFICATION):
        return True
    if asked.is_head() and (asked.incident.within or duty.duty is Duty.VERIFICATION):
        return True
    people = asked.organisation.people
    unit = people[owner].unit
    return asked.holds(Role.HEAD, unit) and to in people and people[to].unit == unit


def _may_reassign(asked: Asked, duty: Obligation, owner: int, to: int) -> None:
    giver = HEAD if duty.duty is Duty.VERIFICATION else manager(asked.incident)
    require(may_reassign(asked, duty, owner, to), "giver_moves_work", asked.who(giver))


def _fit(asked: Asked, person: int) -> None:
    if person not in asked.organisation.people:
        raise BadValue("unknown_person")
    if is_press(person, asked.organisation):
        raise BadValue("press_in_room", person=person)


def _handed_on(asked: Asked, duty: Obligation, previous: int, person: int) -> tuple[Fact, ...]:
    if duty.duty is Duty.TASK:
        return (late.TaskHandedOn(task=duty.subject, previous=previous, person=person),)
    unit = asked.organisation.people[person].unit
    fact = late.OrderHandedOn(order=duty.subject, previous=previous, person=person, unit=unit)
    return (fact,)


def _told(asked: Asked, duty: Obligation, person: int) -> Notice:
    """The former owner, whoever set it, and who runs the incident."""
    owner = asked.who(duty.owner) or 0
    setters = [one.set_by for one in asked.incident.tasks if _is(duty, Duty.TASK, one.id)]
    watching = setters or [*asked.people(HEAD), *asked.people(manager(asked.incident))]
    to = tuple(one for one in dict.fromkeys((owner, *watching)) if one not in (asked.actor, person))
    about = {"duty": duty.key, "by": asked.actor, "whom": owner, "now": person}
    return Notice("handed_on", to, about, about=f"duty:{duty.key}")


def _is(duty: Obligation, kind: Duty, number: int) -> bool:
    return duty.duty is kind and duty.subject == number


def _noun(duty: Obligation) -> tuple[str, str]:
    return ("task_set", "task") if duty.duty is Duty.TASK else ("verification_ordered", "order")


def _card(key: str) -> str:
    return f"offer:{key}"


def _is_receipt_of_work(key: str) -> bool:
    return key.startswith(("O1:order:", "O1:task:"))
