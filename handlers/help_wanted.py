"""[Cần hỗ trợ]: more time, too few people or figures, not mine (conduct §5)."""

from collections.abc import Sequence

from handlers.fields import people, person, text, when
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.handing_on import OFFERED_TO, takers
from handlers.look import Desk
from procedure import actions as a
from procedure.codec import Prose
from procedure.decision import require
from procedure.errors import Outdated
from procedure.obligations import Obligation, find
from procedure.parties import Post
from procedure.ringing import work_of
from procedure.rules_handing_on import WORK, way_of
from procedure.rules_help import deciders, has_extended, not_legal, own_share

NEEDS = ("time", "people", "not_mine", "hand_on")


def _duty(desk: Desk) -> Obligation:
    """The duty that help is wanted for. Raises Outdated when it is met.

    Whoever asks has received: behind a receipt stands the work itself.
    """
    key = str(desk.args["duty"])
    behind = work_of(key)
    found = find(desk.case, desk.terms(), behind) if behind else None
    found = found or find(desk.case, desk.terms(), key) or _of_post(desk, key)
    if found is None:
        raise Outdated("duty_met")
    return found


def _of_post(desk: Desk, key: str) -> Obligation | None:
    """The work of a speaker or a focal point who has just said that he received."""
    posts = {"O1:spokesperson": Post.SPOKESPERSON, "O1:focal_point": Post.FOCAL_POINT}
    post = posts.get(key.rpartition(":")[0])
    mine = [one for one in desk.mine(desk.case) if post and one.owner.post is post]
    return min(mine, key=lambda one: (one.legal, one.due), default=None)


def _owes(desk: Desk) -> None:
    duty = _duty(desk)
    owners = desk.asked().people(duty.owner)
    require(desk.person in owners, "not_your_duty", owners[0] if owners else None)


def _needs(desk: Desk, values: Values) -> Sequence[Option]:
    able = NEEDS if way_of(_duty(desk)) == WORK else NEEDS[:-1]
    return [Option(value=one, label=f"need_{one}") for one in able]


def _read_need(said: Said, desk: Desk, values: Values) -> str:
    if said.option not in NEEDS:
        raise BadAnswer("choose_one")
    if said.option == "time":
        not_legal(desk.asked(), _duty(desk))
    return str(said.option)


def asks_above(desk: Desk, duty: Obligation) -> bool:
    """Whether more time is his head's to grant: he has had his own, or no share of it fits."""
    asked = desk.asked()
    if deciders(asked, desk.person)[0] == desk.person and has_extended(asked, duty, desk.person):
        return False
    return has_extended(asked, duty, desk.person) or not _fitting(desk, duty)


def _fitting(desk: Desk, duty: Obligation) -> list[int]:
    most = own_share(desk.asked(), duty)
    return [one for one in _lengths(desk) if one <= most]


def _lengths(desk: Desk) -> list[int]:
    manners = desk.terms().policy.manners
    return [int(one.total_seconds() // 60) for one in manners.extension_choices]


def _minutes(desk: Desk, values: Values) -> Sequence[Option]:
    """Those of the policy's lengths that fit his share; any of them when his head decides."""
    duty = _duty(desk)
    asks = asks_above(desk, duty) or has_extended(desk.asked(), duty, desk.person)
    able = _lengths(desk) if asks else _fitting(desk, duty)
    return [Option(value=str(one), label="minutes", facts={"minutes": one}) for one in able]


def _read_minutes(said: Said, desk: Desk, values: Values) -> int:
    if said.option and said.option.isdigit():
        return int(said.option)
    raise BadAnswer("choose_one")


def _read_whose(said: Said, desk: Desk, values: Values) -> int | Prose:
    """A registered person, else the name as it was written: a unit, or somebody unknown here."""
    try:
        return int(person(takers)(said, desk, values))
    except BadAnswer as problem:
        if problem.key != "no_such_person" or not any(one.isalpha() for one in said.text):
            raise
    return Prose(text()(said, desk, values))


def finish(desk: Desk, values: Values) -> Sequence[a.Action]:
    """More time, or a wish for it; a word to those above; or a question to another."""
    duty = _duty(desk)
    if values["need"] == "time":
        minutes = values["minutes"]
        if asks_above(desk, duty):
            return [a.AskMoreTime(duty=duty.key, minutes=minutes)]
        return [a.ExtendDuty(duty=duty.key, minutes=minutes)]
    if values["need"] == "not_mine":
        whose = values["whose"]
        known = whose if isinstance(whose, int) else None
        name = Prose("") if isinstance(whose, int) else Prose(whose)
        return [a.SayNotMine(duty=duty.key, whose=known, text=name)]
    if values["need"] == "hand_on":
        return [a.OfferTask(duty=duty.key, to=values["to"])]
    return [a.AskHelp(duty=duty.key, need="people", text=values.get("text") or Prose(""))]


def _pin(desk: Desk) -> dict[str, str]:
    return {"duty": _duty(desk).key}


FORM = Form(
    name="help_wanted",
    fields=(
        Field(name="need", read=_read_need, options=_needs),
        Field(name="minutes", read=_read_minutes, options=_minutes, ask_if=when("need", "time")),
        Field(name="text", read=text(), ask_if=when("need", "people")),
        Field(
            name="whose",
            read=_read_whose,
            options=people(takers),
            ask_if=when("need", "not_mine"),
        ),
        Field(name="to", read=OFFERED_TO, options=people(takers), ask_if=when("need", "hand_on")),
    ),
    finish=finish,
    preview=False,
    permit=_owes,
    pin=_pin,
)
