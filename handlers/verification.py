"""Who checks on site, what he found, and what the department still wants (rows 16, 20, 21)."""

from collections.abc import Mapping, Sequence

from handlers import permits
from handlers.fields import minutes_from_now, moment, people, several_people, text
from handlers.form import Field, Form, Option, Values
from handlers.look import Desk
from handlers.say import choice, opens
from procedure import actions as a
from procedure.codec import Prose
from procedure.decision import require
from procedure.errors import Outdated
from procedure.parties import Party, Post, is_press
from procedure.words import Role


def _able(desk: Desk, values: Values) -> Sequence[int]:
    """The reporter, the people of the unit, then whoever is on duty elsewhere."""
    organisation, incident = desk.organisation, desk.case
    homes, everybody = organisation.homes(incident.unit), organisation.people.values()
    own = [one.id for one in everybody if organisation.standing(one.unit) in homes]
    watch = [held.person for held in organisation.held if held.role is Role.ON_DUTY]
    first = [incident.opened_by, *own, *watch]
    return [one for one in dict.fromkeys(first) if not is_press(one, organisation)]


def _chosen_already(desk: Desk, values: Values) -> bool:
    return "person" not in desk.args


def _order(desk: Desk, values: Values) -> Sequence[a.Action]:
    chosen = values.get("people") or (int(desk.args["person"]),)
    due = values.get("due")
    return [
        a.OrderVerification(
            people=tuple(chosen),
            units=tuple(desk.organisation.people[one].unit for one in chosen),
            what=values.get("what") or Prose(""),
            due=due.at if due else None,
        )
    ]


def wanted(desk: Desk) -> Mapping[str, str | None]:
    """What somebody who needs people has said he needs."""
    what = str(desk.args.get("what") or "").strip()
    return {"what": what} if what else {}


ORDER_FORM = Form(
    name="order_verification",
    fields=(
        Field(
            name="people",
            read=several_people(_able),
            options=people(_able),
            ask_if=_chosen_already,
        ),
        Field(name="what", read=text(), optional=True, ask_if=_chosen_already),
        Field(name="due", read=moment("future"), optional=True, ask_if=_chosen_already),
    ),
    finish=_order,
    preview=False,
    prefill=wanted,
    permit=permits.all_of(permits.still_open, permits.head_or_department),
)


def _my_order(desk: Desk) -> int:
    if "order" in desk.args:
        return int(desk.args["order"])
    for order in desk.case.orders:
        if desk.acts_for(order.person) and order.reported_at is None:
            return order.id
    raise Outdated("order_settled")


def _order_open(desk: Desk) -> None:
    number = _my_order(desk)
    found = next((one for one in desk.case.orders if one.id == number), None)
    if found is None or found.reported_at:
        raise Outdated("order_settled")
    require(desk.acts_for(found.person), "not_your_order", found.person)


REPORT_FORM = Form(
    name="report_verification",
    fields=(Field(name="result", read=text(least=5)),),
    finish=lambda desk, values: [
        a.ReportVerification(order=_my_order(desk), result=values["result"])
    ],
    permit=permits.all_of(permits.still_open, _order_open),
    after=lambda desk: [choice("enter_figure", opens("figure", desk.case.stream))],
    send_label="i_confirm",
)


def _hours(desk: Desk, values: Values) -> Sequence[Option]:
    return [
        Option(
            value=minutes_from_now(desk, minutes),
            label="moment",
            facts={"at": minutes_from_now(desk, minutes)},
        )
        for minutes in (60, 120, 240)
    ]


SUPPLEMENT_FORM = Form(
    name="supplement",
    fields=(
        Field(name="items", read=text(least=3)),
        Field(name="due", read=moment("future"), options=_hours),
    ),
    finish=lambda desk, values: [a.RequestSupplement(items=values["items"], due=values["due"].at)],
    permit=permits.all_of(permits.still_open, permits.department),
)


def _my_supplement(desk: Desk) -> int:
    if "supplement" in desk.args:
        return int(desk.args["supplement"])
    for asked in desk.case.supplements:
        if asked.provided_at is None:
            return asked.id
    raise Outdated("supplement_settled")


def _supplement_open(desk: Desk) -> None:
    number = _my_supplement(desk)
    found = next((one for one in desk.case.supplements if one.id == number), None)
    if found is None or found.provided_at:
        raise Outdated("supplement_settled")
    asked = desk.asked()
    owner = Party(Post.HEAD_OF_UNIT, unit=found.unit)
    require(asked.is_unit(found.unit), "not_in_unit", asked.who(owner))


PROVIDE_FORM = Form(
    name="provide_supplement",
    fields=(Field(name="text", read=text(least=2)),),
    finish=lambda desk, values: [
        a.ProvideSupplement(supplement=_my_supplement(desk), text=values["text"])
    ],
    permit=permits.all_of(permits.still_open, _supplement_open),
)
