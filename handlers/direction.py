"""`/chidao`: the standing committee's direction, verbatim (row 25, conduct §8)."""

from collections.abc import Sequence

from handlers import permits
from handlers.fields import YES_NO, moment, people, person, text, yes_no
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.look import Desk
from procedure import actions as a
from procedure.words import Role

MEANS = ("phone", "in_person", "paper", "message")


def members(desk: Desk, values: Values) -> Sequence[int]:
    """The members of the standing committee above."""
    return desk.organisation.holders(Role.COMMITTEE_MEMBER, desk.case.committee)


def _by_another(desk: Desk, values: Values) -> bool:
    return desk.incident is None or desk.person not in members(desk, values)


def means_options(desk: Desk, values: Values) -> Sequence[Option]:
    """How the words came."""
    return [Option(value=one, label=f"means_{one}") for one in MEANS]


def read_means(said: Said, desk: Desk, values: Values) -> str:
    """One of the means, by tap or number."""
    if said.option in MEANS:
        return str(said.option)
    raise BadAnswer("choose_one")


def _now_options(desk: Desk, values: Values) -> Sequence[Option]:
    return [Option(value=desk.now.isoformat(), label="just_now")]


def finish(desk: Desk, values: Values) -> Sequence[a.Action]:
    """The words as they were given; entered for a member, they await his tap."""
    own = not _by_another(desk, values)
    given = values.get("given_at")
    corrects = desk.args.get("corrects")
    return [
        a.GiveDirection(
            text=values["text"],
            member=desk.person if own else values["member"],
            means="self" if own else values["means"],
            given_at=given.at if given else desk.now,
            corrects=int(corrects) if corrects else None,
            names_everything=bool(values.get("names_everything")),
        )
    ]


FORM = Form(
    name="direction",
    fields=(
        Field(name="text", read=text(least=2)),
        Field(name="member", read=person(members), options=people(members), ask_if=_by_another),
        Field(name="means", read=read_means, options=means_options, ask_if=_by_another),
        Field(name="given_at", read=moment("past"), options=_now_options, ask_if=_by_another),
        Field(name="names_everything", read=yes_no(), options=YES_NO),
    ),
    finish=finish,
    permit=permits.all_of(permits.still_open, permits.sent_up, permits.committee),
    send_label="record",
)

WAIVE_FORM = Form(
    name="waive_direction",
    fields=(
        Field(name="member", read=person(members), options=people(members)),
        Field(name="means", read=read_means, options=means_options),
        Field(name="reason", read=text(least=5)),
    ),
    finish=lambda desk, values: [
        a.WaiveDirection(reason=values["reason"], member=values["member"], means=values["means"])
    ],
    permit=permits.all_of(permits.still_open, permits.sent_up, permits.leader),
    send_label="confirm",
)
