"""The buttons under what is told of the late, the absent, and work handed on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers import permits
from handlers.duties import act_buttons
from handlers.look import Desk
from handlers.say import Choice, acts, choice, opens
from procedure import actions as a
from procedure.errors import Refused
from procedure.obligations import Obligation, find
from procedure.ringing import work_of
from procedure.rules_handing_on import FACTS, SPEECH, WORK, may_reassign, way_of
from procedure.words import Duty

Facts = Mapping[str, Any]
Maker = Callable[[Desk, Facts], Sequence[Choice]]


def _help_asked(desk: Desk, facts: Facts) -> Sequence[Choice]:
    """[Giao thêm người] for whoever gives such work out, then [Đã rõ]."""
    key, stream = str(facts["duty"]), desk.case.stream
    seen = acts(a.SeeHelp(duty=key, asker=int(facts["by"])), stream)
    more = [choice("give_more_people", one) for one in _more_people(desk, facts)]
    return [*more, choice("seen_help", seen)]


def _more_people(desk: Desk, facts: Facts) -> Sequence[dict[str, Any]]:
    stream = desk.case.stream
    what = str(facts.get("text") or "")
    duty = find(desk.case, desk.terms(), str(facts["duty"]))
    task = opens("task", stream, what=what)
    order = opens("order_verification", stream, what=what)
    first = (task, _manages) if duty and duty.duty is Duty.TASK else (order, _orders)
    then = (order, _orders) if first[0] is task else (task, _manages)
    return [do for do, may in (first, then) if _allowed(may, desk)][:1]


_orders = permits.all_of(permits.still_open, permits.head_or_department)
_manages = permits.all_of(permits.still_open, permits.sent_up, permits.manager)


def _allowed(permit: Callable[[Desk], None], desk: Desk) -> bool:
    try:
        permit(desk)
    except Refused:
        return False
    return True


def _more_time(desk: Desk, facts: Facts) -> Sequence[Choice]:
    """Only he who decides has the two buttons; the duty officer reads it."""
    if desk.person != facts["decides"]:
        return ()
    key, minutes, stream = str(facts["duty"]), int(facts["minutes"]), desk.case.stream
    grant = acts(a.ExtendDuty(duty=key, minutes=minutes), stream)
    refuse = acts(a.DeclineMoreTime(duty=key), stream)
    return [choice("grant_time", grant, minutes=minutes), choice("no", refuse)]


def _declined_time(desk: Desk, facts: Facts) -> Sequence[Choice]:
    if desk.person != facts["whom"]:
        return ()
    return [choice("help", opens("help_wanted", desk.case.stream, duty=facts["duty"]))]


def _not_mine(desk: Desk, facts: Facts) -> Sequence[Choice]:
    """[Giao cho đ/c Y] where the duty can come to him by an act of the reader; [Giữ nguyên]."""
    key, stream = str(facts["duty"]), desk.case.stream
    duty, whose = find(desk.case, desk.terms(), key), facts.get("whose")
    give = _giving(desk, duty, int(whose), int(facts["by"])) if duty and whose else None
    keep = choice("keep_answer", acts(a.KeepWithOwner(duty=key), stream))
    return [choice("give_duty_to", give, person=whose), keep] if give else [keep]


def _giving(desk: Desk, duty: Obligation, to: int, owner: int) -> dict[str, Any] | None:
    way, stream = way_of(duty), desk.case.stream
    if way == WORK:
        if not may_reassign(desk.asked(), duty, owner, to):
            return None
        return acts(a.ReassignDuty(duty=duty.key, to=to, expected=owner), stream)
    forms = {SPEECH: "assign_spokesperson", FACTS: "assign_focal_point"}
    assigns = permits.all_of(_manages, permits.concluded)
    if way not in forms or not _allowed(assigns, desk):
        return None
    return opens(forms[way], stream, person=to, expected=owner)


def _offered(desk: Desk, facts: Facts) -> Sequence[Choice]:
    key, stream = str(facts["duty"]), desk.case.stream
    return [
        choice("take", acts(a.AcceptOffer(duty=key), stream)),
        choice("not_take", opens("decline_offer", stream, duty=key)),
    ]


def _offer_declined(desk: Desk, facts: Facts) -> Sequence[Choice]:
    return [choice("hand_on", opens("offer_task", desk.case.stream, duty=facts["duty"]))]


def _phone_decision(desk: Desk, facts: Facts) -> Sequence[Choice]:
    number, stream = int(facts["decision"]), desk.case.stream
    return [
        choice("confirm_direction", acts(a.ConfirmPhoneDecision(decision=number), stream)),
        choice("correct_direction", opens("correct_phone_decision", stream, decision=number)),
    ]


LATE: Mapping[str, Maker] = {
    "help_asked": _help_asked,
    "more_time_asked": _more_time,
    "more_time_declined": _declined_time,
    "not_mine_said": _not_mine,
    "task_offered": _offered,
    "offer_declined": _offer_declined,
    "phone_decision_to_confirm": _phone_decision,
}


def after_late(act: str, desk: Desk) -> list[Choice]:
    """What comes after one tap of these."""
    if act == "AcceptOffer":
        duty = find(desk.case, desk.terms(), str(desk.args["duty"]))
        return act_buttons(duty, desk.case) if duty else []
    if act == "RecordCall" and desk.args.get("reached"):
        return _decided_on_the_phone(desk)
    return []


def _decided_on_the_phone(desk: Desk) -> list[Choice]:
    """[Ghi nhận quyết định] [Không]: the call may have ended with one."""
    to = int(desk.args["to"])
    if to == desk.person or to not in desk.organisation.people:
        return []
    record = opens("phone_decision", desk.case.stream, decider=to)
    return [choice("record_decision", record), choice("no", {"nothing": True})]


def movable(duty: Obligation) -> bool:
    """Whether its owner may ask another to take it."""
    return way_of(duty) == WORK and work_of(duty.key) is None
