"""`/nhiemvu`: tasks, proposals that become tasks, and the end (rows 33, 40, 41)."""

from collections.abc import Sequence

from handlers import permits
from handlers.conclusion import keepers
from handlers.fields import YES_NO, moment, people, person, text, when, yes_no
from handlers.form import Field, Form, Values
from handlers.look import Desk
from handlers.say import Choice, choice, opens
from handlers.verification import wanted
from procedure import actions as a
from procedure.decision import require
from procedure.errors import Outdated, Refused
from procedure.steps import missing_for_closing

TASK_FORM = Form(
    name="task",
    fields=(
        Field(name="what", read=text(least=3)),
        Field(name="owner", read=person(keepers), options=people(keepers)),
        Field(name="due", read=moment("future")),
        Field(name="remedy", read=yes_no(), options=YES_NO),
    ),
    finish=lambda desk, values: [
        a.SetTask(
            what=values["what"],
            owner=values["owner"],
            due=values["due"].at,
            remedy=values["remedy"],
        )
    ],
    prefill=wanted,
    permit=permits.all_of(permits.still_open, permits.sent_up, permits.manager),
)


def _my_task(desk: Desk) -> int:
    if "task" in desk.args:
        return int(desk.args["task"])
    for task in desk.case.tasks:
        if desk.acts_for(task.owner) and task.done_at is None:
            return task.id
    raise Outdated("task_settled")


def _task_open(desk: Desk) -> None:
    number = _my_task(desk)
    found = next((one for one in desk.case.tasks if one.id == number), None)
    if found is None or found.done_at:
        raise Outdated("task_settled")
    may = desk.acts_for(found.owner) or desk.asked().department_has_part()
    require(may, "not_your_task", found.owner)


FINISH_FORM = Form(
    name="finish_task",
    fields=(Field(name="note", read=text()),),
    finish=lambda desk, values: [a.FinishTask(task=_my_task(desk), note=values["note"])],
    preview=False,
    permit=permits.all_of(permits.still_open, _task_open),
)


def _first_proposal(desk: Desk) -> int:
    if "proposal" in desk.args:
        return int(desk.args["proposal"])
    for one in desk.case.proposals:
        if one.accepted is None:
            return one.id
    raise Outdated("proposal_settled")


def _proposal_open(desk: Desk) -> None:
    number = _first_proposal(desk)
    if not any(one.id == number and one.accepted is None for one in desk.case.proposals):
        raise Outdated("proposal_settled")


def _decided(desk: Desk, values: Values) -> Sequence[a.Action]:
    number = _first_proposal(desk)
    if values["accept"]:
        return [a.AcceptProposal(proposal=number, owner=values["owner"], due=values["due"].at)]
    return [a.DeclineProposal(proposal=number, reason=values["reason"])]


def _next_proposal(desk: Desk) -> Sequence[Choice]:
    for one in desk.case.proposals:
        if one.accepted is None:
            do = opens("decide_proposal", desk.case.stream, proposal=one.id)
            return [choice("next_proposal", do)]
    return ()


PROPOSAL_FORM = Form(
    name="decide_proposal",
    fields=(
        Field(name="accept", read=yes_no(), options=YES_NO),
        Field(
            name="owner",
            read=person(keepers),
            options=people(keepers),
            ask_if=when("accept", True),
        ),
        Field(name="due", read=moment("future"), ask_if=when("accept", True)),
        Field(name="reason", read=text(least=5), ask_if=when("accept", False)),
    ),
    finish=_decided,
    preview=False,
    permit=permits.all_of(permits.still_open, permits.manager, _proposal_open),
    after=_next_proposal,
)


def ready_to_close(desk: Desk) -> None:
    """The closing checklist: nothing may be open."""
    missing = missing_for_closing(desk.case)
    if missing:
        raise Refused("not_ready_to_close", missing=missing)


CLOSE_FORM = Form(
    name="close",
    fields=(Field(name="opinion", read=text(least=3)),),
    finish=lambda desk, values: [a.CloseIncident(opinion=values["opinion"])],
    permit=permits.all_of(permits.still_open, permits.manager, permits.closer, ready_to_close),
    send_label="close",
)

REOPEN_FORM = Form(
    name="reopen",
    fields=(Field(name="reason", read=text(least=5)),),
    finish=lambda desk, values: [a.ReopenIncident(reason=values["reason"])],
    permit=permits.all_of(permits.closed, permits.head_or_department),
    send_label="reopen",
)
