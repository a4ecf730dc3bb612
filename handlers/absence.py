"""`/vangmat`: I am away, another acts for me; it comes back by itself (domain.md §1)."""

from collections.abc import Sequence
from typing import Any

from handlers.fields import moment, people, person
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.look import Desk
from handlers.say import Choice, Say, choice, opens
from procedure.arrangement_actions import AcceptAbsence, DeclineAbsence, EndAbsence, EnterAbsence
from procedure.arrangements import Absence
from procedure.codec import dump
from procedure.errors import BadValue
from procedure.parties import deputies
from procedure.rules_arrangements import stands_in
from procedure.words import Role

MOST = 5


def arranges(action: Any) -> dict[str, Any]:
    """The command of one tap that arranges something."""
    return {"arrange": type(action).__name__, "data": dump(action)}


def now_or(desk: Desk, values: Values) -> Sequence[Option]:
    """At once, by one tap."""
    return [Option(value=desk.now.isoformat(), label="at_once")]


def _enters_for_others(desk: Desk, values: Values) -> bool:
    """A unit's clerk, and an administrator, may enter it for another."""
    held = {one.role for one in desk.organisation.held_by(desk.person)}
    return bool(held & {Role.OFFICE, Role.ADMIN})


def _whom(desk: Desk, values: Values) -> Sequence[int]:
    return [desk.person]


def _absent(desk: Desk, values: Values) -> int:
    return int(values.get("person") or desk.person)


def _who(desk: Desk, values: Values) -> dict[str, Any]:
    return {"absent": _absent(desk, values)}


def _able(desk: Desk, values: Values) -> Sequence[int]:
    """Whom the rules let act for him: for a head his deputies; else whoever is on duty first."""
    whole, absent = desk.organisation, _absent(desk, values)
    own = whole.in_own_names()
    unit = own.standing(own.people[absent].unit)
    first = (*deputies(unit, own), *own.holders(Role.ON_DUTY, unit))
    near = (unit, own.units[unit].partner)
    colleagues = (one.id for one in own.people.values() if own.standing(one.unit) in near)
    return [one for one in dict.fromkeys((*first, *colleagues)) if _may(desk, absent, one)]


def _may(desk: Desk, absent: int, stand_in: int) -> bool:
    try:
        stands_in(desk.organisation, absent, stand_in, desk.person)
    except BadValue:
        return False
    return True


def _nearest(desk: Desk, values: Values) -> Sequence[int]:
    return _able(desk, values)[:MOST]


def _stand_in(said: Said, desk: Desk, values: Values) -> int:
    """Whoever may; another is asked back at once, not at the end."""
    found: int = person(_able)(said, desk, values)
    able = _able(desk, values)
    if found not in able:
        raise BadAnswer("cannot_stand_in", who=able[0] if able else None)
    return found


def _finish(desk: Desk, values: Values) -> Sequence[EnterAbsence]:
    return [
        EnterAbsence(
            person=_absent(desk, values),
            stand_in=values["stand_in"],
            since=values["since"].at,
            until=values["until"].at,
        )
    ]


FORM = Form(
    name="absence",
    fields=(
        Field(name="person", read=person(_whom), options=people(_whom), ask_if=_enters_for_others),
        Field(name="since", read=moment("any"), options=now_or, facts=_who),
        Field(name="until", read=moment("future"), facts=_who),
        Field(name="stand_in", read=_stand_in, options=people(_nearest), facts=_who),
    ),
    finish=_finish,
    about_incident=False,
    send_label="ask_stand_in",
)


def absences(desk: Desk) -> Sequence[Say]:
    """What stands of my absences, and of those in which I act for another."""
    standing = [one for one in desk.organisation.absences if one.stands() and one.until > desk.now]
    mine = [one for one in standing if desk.person in (one.person, one.stand_in)]
    enter = choice("enter_absence", opens("absence"))
    said = [_one(desk, one) for one in mine]
    if not any(one.person == desk.person for one in mine):
        said.append(Say(template="views/absences#none", choices=[enter]))
    return said


def _one(desk: Desk, one: Absence) -> Say:
    choices: list[Choice] = []
    if one.person == desk.person:
        choices = [choice("back_again", arranges(EndAbsence(absence=one.id)))]
    elif one.accepted_at is None:
        choices = to_accept(one)
    else:
        choices = [choice("decline_absence", arranges(DeclineAbsence(absence=one.id)))]
    return Say(template="views/absences#one", facts=facts_of(one), choices=choices)


def to_accept(one: Absence) -> list[Choice]:
    """What a stand-in may say when he is asked."""
    return [
        choice("accept_absence", arranges(AcceptAbsence(absence=one.id))),
        choice("decline_absence", arranges(DeclineAbsence(absence=one.id))),
    ]


def facts_of(one: Absence) -> dict[str, Any]:
    """What a sentence about an absence needs."""
    return {
        "absent": one.person,
        "stand_in": one.stand_in,
        "since": one.since,
        "until": one.until,
        "accepted": one.accepted_at is not None,
        "by": one.by,
    }
