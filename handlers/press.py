"""`/baochi`: anyone passes a question of the press on; the spokesperson answers (row 36)."""

from handlers import permits
from handlers.fields import text
from handlers.form import Field, Form
from handlers.look import Desk
from procedure import actions as a
from procedure.errors import Outdated


def _my_enquiry(desk: Desk) -> int:
    if "enquiry" in desk.args:
        return int(desk.args["enquiry"])
    for one in desk.case.enquiries:
        if one.answered_at is None:
            return one.id
    raise Outdated("enquiry_settled")


def _enquiry_open(desk: Desk) -> None:
    number = _my_enquiry(desk)
    if not any(one.id == number and one.answered_at is None for one in desk.case.enquiries):
        raise Outdated("enquiry_settled")


ENQUIRY_FORM = Form(
    name="enquiry",
    fields=(
        Field(name="outlet", read=text(most=200)),
        Field(name="question", read=text(most=1500)),
    ),
    finish=lambda desk, values: [
        a.RecordEnquiry(outlet=values["outlet"], question=values["question"])
    ],
    preview=False,
    permit=permits.all_of(permits.still_open, permits.part),
)

ANSWER_FORM = Form(
    name="answer_enquiry",
    fields=(Field(name="answer", read=text()),),
    finish=lambda desk, values: [
        a.AnswerEnquiry(enquiry=_my_enquiry(desk), answer=values["answer"])
    ],
    preview=False,
    permit=permits.all_of(permits.still_open, permits.the_speaker, _enquiry_open),
)
