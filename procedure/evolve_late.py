"""The fold of wishes for time, hand-overs of work, and telephone decisions."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from procedure import entries_late as late
from procedure.entries import Entry, Fact
from procedure.evolve_tools import changed
from procedure.facts_late import HandedOn, NotMine, Offer, PhoneDecision, TimeWish
from procedure.incident import Incident
from procedure.words import Duty

Item = TypeVar("Item")


def _wished(incident: Incident, fact: late.MoreTimeAsked, entry: Entry) -> Incident:
    wish = TimeWish(minutes=fact.minutes, by=entry.actor, decides=fact.decides, at=entry.at)
    moved = replace(incident, time_wishes={**incident.time_wishes, fact.duty: wish})
    return _joined(moved, fact.decides)


def _wish_declined(incident: Incident, fact: late.MoreTimeDeclined, entry: Entry) -> Incident:
    return replace(incident, time_wishes=without(incident.time_wishes, fact.duty))


def _help_seen(incident: Incident, fact: late.HelpSeen, entry: Entry) -> Incident:
    have = incident.help_seen.get(fact.duty, ())
    return replace(incident, help_seen={**incident.help_seen, fact.duty: (*have, entry.actor)})


def _not_mine(incident: Incident, fact: late.NotMineSaid, entry: Entry) -> Incident:
    said = NotMine(by=entry.actor, whose=fact.whose, text=fact.text, at=entry.at)
    return replace(incident, not_mine={**incident.not_mine, fact.duty: said})


def _kept(incident: Incident, fact: late.DutyKept, entry: Entry) -> Incident:
    return replace(incident, not_mine=without(incident.not_mine, fact.duty))


def _offered(incident: Incident, fact: late.TaskOffered, entry: Entry) -> Incident:
    offer = Offer(by=entry.actor, to=fact.to, at=entry.at)
    moved = replace(incident, offers={**incident.offers, fact.duty: offer})
    return _joined(moved, fact.to)


def _offer_declined(incident: Incident, fact: late.OfferDeclined, entry: Entry) -> Incident:
    return replace(incident, offers=without(incident.offers, fact.duty))


def _offer_withdrawn(incident: Incident, fact: late.OfferWithdrawn, entry: Entry) -> Incident:
    return replace(incident, offers=without(incident.offers, fact.duty))


def _task_handed_on(incident: Incident, fact: late.TaskHandedOn, entry: Entry) -> Incident:
    tasks = changed(incident.tasks, fact.task, owner=fact.person)
    moved = replace(incident, tasks=tasks)
    return _handed_on(moved, f"{Duty.TASK.value}:{fact.task}", fact.previous, fact.person, entry)


def _order_handed_on(incident: Incident, fact: late.OrderHandedOn, entry: Entry) -> Incident:
    orders = changed(incident.orders, fact.order, person=fact.person, unit=fact.unit)
    moved = replace(incident, orders=orders)
    key = f"{Duty.VERIFICATION.value}:{fact.order}"
    return _handed_on(moved, key, fact.previous, fact.person, entry)


def _handed_on(incident: Incident, key: str, previous: int, person: int, entry: Entry) -> Incident:
    """What the former owner said of his work ("Đang làm", a wish, an offer) ends with his part."""
    done = HandedOn(previous=previous, person=person, at=entry.at)
    rung = dict(incident.rung)
    if key in rung:
        rung[key] = replace(rung[key], undelivered=())
    moved = replace(
        incident,
        rung=rung,
        handed_on={**incident.handed_on, key: (*incident.handed_on.get(key, ()), done)},
        offers=without(incident.offers, key),
        not_mine=without(incident.not_mine, key),
        time_wishes=without(incident.time_wishes, key),
        working=without(incident.working, key),
        help_seen=without(incident.help_seen, key),
    )
    return _joined(moved, person)


def _phoned(incident: Incident, fact: late.PhoneDecisionRecorded, entry: Entry) -> Incident:
    decision = PhoneDecision(
        id=fact.decision,
        decider=fact.decider,
        heard_by=fact.heard_by,
        at=fact.given_at,
        words=fact.words,
        about=fact.about,
        by=entry.actor,
        recorded_at=entry.at,
    )
    moved = replace(incident, phone_decisions=(*incident.phone_decisions, decision))
    return _joined(moved, fact.decider, fact.heard_by)


def _phone_confirmed(
    incident: Incident, fact: late.PhoneDecisionConfirmed, entry: Entry
) -> Incident:
    decisions = changed(incident.phone_decisions, fact.decision, confirmed_at=entry.at)
    return replace(incident, phone_decisions=decisions)


def _phone_corrected(
    incident: Incident, fact: late.PhoneDecisionCorrected, entry: Entry
) -> Incident:
    decisions = changed(
        incident.phone_decisions, fact.decision, corrected=fact.words, corrected_at=entry.at
    )
    return replace(incident, phone_decisions=decisions)


def without(items: Mapping[str, Item], key: str) -> Mapping[str, Item]:
    """`items` without what stands under `key`."""
    return {name: item for name, item in items.items() if name != key}


def _joined(incident: Incident, *people: int) -> Incident:
    new = tuple(person for person in dict.fromkeys(people) if person not in incident.members)
    return replace(incident, members=incident.members + new)


LATE: Mapping[type[Fact], Callable[[Incident, Any, Entry], Incident]] = {
    late.MoreTimeAsked: _wished,
    late.MoreTimeDeclined: _wish_declined,
    late.HelpSeen: _help_seen,
    late.NotMineSaid: _not_mine,
    late.DutyKept: _kept,
    late.TaskOffered: _offered,
    late.OfferDeclined: _offer_declined,
    late.OfferWithdrawn: _offer_withdrawn,
    late.TaskHandedOn: _task_handed_on,
    late.OrderHandedOn: _order_handed_on,
    late.PhoneDecisionRecorded: _phoned,
    late.PhoneDecisionConfirmed: _phone_confirmed,
    late.PhoneDecisionCorrected: _phone_corrected,
}
