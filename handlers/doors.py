"""`/moi`: a one-time link for somebody; `/matmay`: a lost phone is shut out at once."""

from collections.abc import Callable, Sequence

from handlers.fields import person
from handlers.form import Field, Form, Values
from handlers.look import Desk
from handlers.roles import nobody, staffs
from procedure.staff_actions import EndAccess, InvitePerson, PersonAction

_WHO = Field(name="person", read=person(nobody))


def _one(kind: type[PersonAction]) -> Callable[[Desk, Values], Sequence[PersonAction]]:
    return lambda desk, values: [kind(person=values["person"])]


INVITE_FORM = Form(
    name="invite",
    fields=(_WHO,),
    finish=_one(InvitePerson),
    permit=staffs,
    about_incident=False,
    send_label="do_it",
)
LOST_FORM = Form(
    name="lost_phone",
    fields=(_WHO,),
    finish=_one(EndAccess),
    permit=staffs,
    about_incident=False,
    send_label="do_it",
)
