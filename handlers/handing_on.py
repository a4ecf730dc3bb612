"""A task or an order goes to another person who takes it (duty row 16, conduct §5)."""

from collections.abc import Sequence

from handlers import permits
from handlers.fields import people, person, text
from handlers.form import Field, Form, Values
from handlers.look import Desk
from handlers.say import Choice, acts, choice
from procedure import actions as a
from procedure.codec import Prose
from procedure.decision import require
from procedure.errors import Outdated
from procedure.obligations import find
from procedure.parties import everyone, is_press
from procedure.words import Role

#: A list longer than this is answered by a name.
MOST = 8


def takers(desk: Desk, values: Values) -> Sequence[int]:
    """The others in the incident, his own colleagues first; never the committee or the press."""
    organisation, incident = desk.organisation, desk.case
    unit = desk.me.unit
    colleagues = [one.id for one in organisation.people.values() if one.unit == unit]
    committee = organisation.holders(Role.COMMITTEE_MEMBER, incident.committee)
    found = dict.fromkeys((*colleagues, *everyone(incident, organisation)))
    return [
        one
        for one in found
        if one != desk.person and one not in committee and not is_press(one, organisation)
    ][:MOST]


OFFERED_TO = person(takers)


def _mine(desk: Desk) -> None:
    duty = find(desk.case, desk.terms(), str(desk.args["duty"]))
    if duty is None:
        raise Outdated("duty_met")
    owners = desk.asked().people(duty.owner)
    require(desk.person in owners, "not_your_duty", owners[0] if owners else None)


def _offered_to_me(desk: Desk) -> None:
    key = str(desk.args["duty"])
    offer = desk.case.offers.get(key)
    if offer is None or find(desk.case, desk.terms(), key) is None:
        raise Outdated("offer_gone")
    require(desk.person == offer.to, "offer_to_another", offer.to)


def _offer(desk: Desk, values: Values) -> Sequence[a.Action]:
    return [a.OfferTask(duty=str(desk.args["duty"]), to=values["to"])]


def withdrawal(desk: Desk) -> Sequence[Choice]:
    """The owner may take his question back as long as it has no answer."""
    key = str(desk.args["duty"])
    if key not in desk.case.offers:
        return ()
    return [choice("withdraw_offer", acts(a.WithdrawOffer(duty=key), desk.case.stream))]


OFFER_FORM = Form(
    name="offer_task",
    fields=(Field(name="to", read=OFFERED_TO, options=people(takers)),),
    finish=_offer,
    preview=False,
    permit=permits.all_of(permits.still_open, _mine),
    after=withdrawal,
)

DECLINE_FORM = Form(
    name="decline_offer",
    fields=(Field(name="reason", read=text(), optional=True),),
    finish=lambda desk, values: [
        a.DeclineOffer(duty=str(desk.args["duty"]), reason=values["reason"] or Prose(""))
    ],
    preview=False,
    permit=permits.all_of(permits.still_open, _offered_to_me),
)
