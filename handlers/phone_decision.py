"""Ghi nhận cuộc gọi: a decision by telephone goes on record (conduct §4, §8)."""

from collections.abc import Sequence

from handlers import permits
from handlers.fields import moment, people, person, text
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.handing_on import takers
from handlers.look import Desk
from procedure import actions as a
from procedure.decision import require
from procedure.errors import Outdated
from procedure.obligations import find, owed
from procedure.parties import everyone, heads, is_press, resolve
from procedure.rules_phone import SPEAKER, not_by_telephone

OTHER = "other"
MOST = 6


def _deciders(desk: Desk, values: Values) -> Sequence[int]:
    """The unit's head and his deputies first, then the others in the incident."""
    first = heads(desk.case.unit, desk.organisation)
    found = dict.fromkeys((*first, *takers(desk, values)))
    return [one for one in found if one != desk.person][:MOST]


def _listeners(desk: Desk, values: Values) -> Sequence[int]:
    """Most often he who writes it down."""
    decider = values.get("decider") or desk.args.get("decider")
    found = dict.fromkeys((desk.person, *everyone(desk.case, desk.organisation)))
    return [one for one in found if one != decider][:MOST]


def _not_named(desk: Desk, values: Values) -> bool:
    return "decider" not in desk.args


def _read_decider(said: Said, desk: Desk, values: Values) -> int:
    found = int(person(_deciders)(said, desk, values))
    if found == desk.person:
        raise BadAnswer("no_such_person")
    not_by_telephone(desk.asked(), found, None)
    return found


def _topics(desk: Desk, values: Values) -> Sequence[Option]:
    """The work that is open, his own who decided first; who shall speak; something else."""
    decider = values.get("decider") or desk.args.get("decider")
    open_now = [one for one in owed(desk.case, desk.terms()) if not one.key.startswith("O1:")]
    open_now.sort(
        key=lambda one: (
            decider not in resolve(one.owner, desk.case, desk.organisation),
            one.due,
        )
    )
    found = [
        Option(value=one.key, label="ring_item", facts={"name": one.duty.name.lower()})
        for one in open_now[:MOST]
    ]
    found.append(Option(value=SPEAKER, label="name_speaker"))
    return [*found, Option(value=OTHER, label="more_acts")]


def _read_topic(said: Said, desk: Desk, values: Values) -> str:
    key = said.option or ""
    decider = values.get("decider") or int(desk.args["decider"])
    not_by_telephone(desk.asked(), decider, key)
    if key != OTHER and find(desk.case, desk.terms(), key) is None:
        raise BadAnswer("choose_one")
    return key


def _now(desk: Desk, values: Values) -> Sequence[Option]:
    return [Option(value=desk.now.isoformat(), label="just_now")]


def _not_by_press(desk: Desk) -> None:
    asked = desk.asked()
    outside = is_press(desk.person, desk.organisation)
    require(not outside and asked.has_part(), "not_in_incident", asked.who(permits.HEAD))


def _record(desk: Desk, values: Values) -> Sequence[a.Action]:
    about = values["about"]
    return [
        a.RecordPhoneDecision(
            decider=values.get("decider") or int(desk.args["decider"]),
            heard_by=values["heard_by"],
            at=values["given_at"].at,
            words=values["words"],
            about=None if about == OTHER else about,
        )
    ]


FORM = Form(
    name="phone_decision",
    fields=(
        Field(name="decider", read=_read_decider, options=people(_deciders), ask_if=_not_named),
        Field(name="about", read=_read_topic, options=_topics),
        Field(name="heard_by", read=person(_listeners), options=people(_listeners)),
        Field(name="given_at", read=moment("past"), options=_now),
        Field(name="words", read=text(least=3)),
    ),
    finish=_record,
    permit=permits.all_of(permits.still_open, _not_by_press),
    send_label="record",
)


def _decided_by_me(desk: Desk) -> None:
    number = int(desk.args["decision"])
    found = next((one for one in desk.case.phone_decisions if one.id == number), None)
    if found is None or found.confirmed_at or found.corrected_at:
        raise Outdated("phone_decision_settled")
    require(desk.person == found.decider, "only_who_decided", found.decider)


CORRECT_FORM = Form(
    name="correct_phone_decision",
    fields=(Field(name="words", read=text(least=3)),),
    finish=lambda desk, values: [
        a.CorrectPhoneDecision(decision=int(desk.args["decision"]), words=values["words"])
    ],
    permit=_decided_by_me,
    send_label="i_confirm",
)
