"""Who may begin a form: the same refusal as the rules give, before anything is asked."""

from collections.abc import Callable

from handlers.look import Desk
from procedure.decision import require
from procedure.errors import Outdated, WrongStep
from procedure.parties import Party, Post, speaker
from procedure.rules_speak import only_speaker
from procedure.steps import has_conclusion, missing_for_speaking
from procedure.words import Role

Permit = Callable[[Desk], None]
HEAD = Party(Post.HEAD_OF_UNIT)
DUTY_OFFICER = Party(Post.DUTY_OFFICER)
LEADER = Party(Post.LEADER)


def all_of(*permits: Permit) -> Permit:
    """Every one of them, in order."""

    def permit(desk: Desk) -> None:
        for one in permits:
            one(desk)

    return permit


def in_this_file(desk: Desk) -> None:
    """The incident does not lie in another file (conduct §2)."""
    there = desk.incident.yielded if desk.incident else None
    if there:
        raise Outdated("merged_into", into=there.into, code=there.code)


def still_open(desk: Desk) -> None:
    """The incident has not been closed."""
    if desk.case.closed_at:
        raise WrongStep("incident_closed", at=desk.case.closed_at)


def part(desk: Desk) -> None:
    """Anyone who has a part in the incident."""
    asked = desk.asked()
    require(asked.has_part(), "not_in_incident", asked.who(HEAD))


def head(desk: Desk) -> None:
    """The head of the reporting unit, or who may act for him."""
    asked = desk.asked()
    require(asked.is_head(), "only_head_submits", asked.who(HEAD))


def head_or_department(desk: Desk) -> None:
    """The unit's head, or the propaganda department."""
    asked = desk.asked()
    require(asked.is_head() or asked.is_department(), "only_head_decides", asked.who(HEAD))


def department(desk: Desk) -> None:
    """The propaganda department's duty officer or leaders."""
    asked = desk.asked()
    require(asked.is_department(), "only_duty_officer", asked.who(DUTY_OFFICER))


def manager(desk: Desk) -> None:
    """Who runs Step 2: the department, within authority the head."""
    asked = desk.asked()
    if desk.case.within:
        require(asked.is_head(), "only_head_manages", asked.who(HEAD))
    else:
        chair = asked.actor in asked.people(Party(Post.CHAIR))
        require(asked.is_department() or chair, "only_duty_officer", asked.who(DUTY_OFFICER))


def leader(desk: Desk) -> None:
    """The department's head or deputy head."""
    asked = desk.asked()
    require(asked.is_leader(), "only_leader_waives", asked.who(LEADER))


def approver(desk: Desk) -> None:
    """Who approves an official statement: the department's head or deputy head."""
    asked = desk.asked()
    require(asked.is_leader(), "only_leader_approves", asked.who(LEADER))


def committee(desk: Desk) -> None:
    """A member of the standing committee, or its secretary."""
    asked = desk.asked()
    committee = desk.case.committee
    allowed = asked.holds(Role.COMMITTEE_MEMBER, committee) or asked.holds(
        Role.SECRETARY, committee
    )
    require(allowed, "only_committee_directs", asked.who(Party(Post.COMMITTEE_OFFICE)))


def the_speaker(desk: Desk) -> None:
    """The one spokesperson."""
    only_speaker(desk.asked())


def sent_up(desk: Desk) -> None:
    """Step 1 has gone up, or the unit keeps the incident."""
    if not desk.case.within and not desk.case.submitted_at:
        raise WrongStep("not_sent_up", who=desk.asked().who(HEAD))


def unsent(*, written: bool) -> Permit:
    """The report, quick or written, has not gone up yet, and the unit does not keep it."""

    def permit(desk: Desk) -> None:
        sent = desk.case.written_at if written else desk.case.submitted_at
        if desk.case.within:
            raise WrongStep("kept_within", who=desk.asked().who(HEAD))
        if sent:
            raise Outdated("already_submitted", at=sent)

    return permit


def received(desk: Desk) -> None:
    """The department has taken the report in."""
    if not desk.case.within and not desk.case.received_at:
        raise WrongStep("receive_first", who=desk.asked().who(DUTY_OFFICER))


def to_be_concluded(desk: Desk) -> None:
    """Nothing is concluded yet, and the meeting is called, waived, or not needed."""
    incident = desk.case
    if has_conclusion(incident):
        at = incident.conclusion.confirmed_at if incident.conclusion else None
        raise Outdated("already_concluded", at=at)
    direction = incident.current_direction
    settled = incident.meeting or incident.meeting_waiver or incident.within
    if not settled and not (direction and direction.names_everything):
        raise WrongStep("meeting_first", who=desk.asked().who(DUTY_OFFICER))


def concluded(desk: Desk) -> None:
    """A conclusion stands, from which somebody may be appointed."""
    incident = desk.case
    if not incident.within and not (incident.conclusion and incident.conclusion.confirmed_at):
        raise WrongStep("conclude_first", who=desk.asked().who(Party(Post.CHAIR)))


def before_speaker(desk: Desk) -> None:
    """No speaker is named yet: a holding statement may be given (domain.md §8.3)."""
    if desk.case.spokesperson or not missing_for_speaking(desk.case):
        raise WrongStep("holding_is_over", who=speaker(desk.case, desk.organisation))


def closer(desk: Desk) -> None:
    """Who ends it: the department's head, within authority the unit's head."""
    incident, organisation = desk.case, desk.organisation
    first = organisation.head(incident.unit if incident.within else incident.department)
    key = "only_head_closes" if incident.within else "only_department_head_closes"
    require(first is not None and desk.acts_for(first), key, first)


def closed(desk: Desk) -> None:
    """The incident has ended."""
    if desk.case.closed_at is None:
        raise Outdated("still_open")


def gates_open(desk: Desk) -> None:
    """Nothing bars Step 3 any more."""
    missing = missing_for_speaking(desk.case)
    if missing:
        who = speaker(desk.case, desk.organisation)
        raise WrongStep("gates_shut", missing=missing, who=who)
