"""Step 2: brief, direction, conclusion (Bước 2; duty rows 26–33); rules_meeting has the meeting."""

from procedure import actions as a
from procedure import entries as e
from procedure import entries_speaking as s
from procedure.decision import Asked, Decision, Notice, as_head, require
from procedure.errors import BadValue, Outdated, WrongStep
from procedure.facts import TaskDraft
from procedure.merging import next_number
from procedure.parties import Party, Post, is_press
from procedure.rules_speak import named
from procedure.steps import has_conclusion
from procedure.words import Role

HEAD = Party(Post.HEAD_OF_UNIT)
DUTY_OFFICER = Party(Post.DUTY_OFFICER)
LEADER = Party(Post.LEADER)
OFFICE = Party(Post.COMMITTEE_OFFICE)


def submit_brief(asked: Asked, action: a.SubmitBrief) -> Decision:
    """The department consolidates and reports; nothing in it is invented (row 26)."""
    sent_up(asked)
    require(asked.is_department(), "only_duty_officer", asked.who(DUTY_OFFICER))
    if not asked.incident.received_at:
        raise WrongStep("receive_first", who=asked.who(DUTY_OFFICER))
    if any(not 0 < seq <= asked.incident.seq for seq in action.timeline):
        raise BadValue("timeline_invented")
    fact = e.BriefSubmitted(**vars(action))
    by = {"by": asked.actor}
    told = Notice("brief_submitted", asked.people(OFFICE), by, rings=True, duty="O8")
    return Decision((fact,), (told,), "duty_officer")


def give_direction(asked: Asked, action: a.GiveDirection) -> Decision:
    """By a member himself, or entered word for word by the secretary (conduct §8; row 25)."""
    sent_up(asked)
    incident, organisation = asked.incident, asked.organisation
    member = action.member in organisation.holders(Role.COMMITTEE_MEMBER, incident.committee)
    if not member:
        raise BadValue("not_a_member")
    own = asked.actor == action.member
    secretary = asked.holds(Role.SECRETARY, incident.committee)
    require(own or secretary, "only_committee_directs", asked.who(OFFICE))
    if action.given_at > asked.now:
        raise BadValue("time_ahead")
    old = next((one for one in incident.directions if one.id == action.corrects), None)
    if action.corrects is not None and (old is None or old.corrected_by is not None):
        raise Outdated("direction_moved_on")
    number = len(incident.directions) + 1
    fact = e.DirectionGiven(direction=number, **vars(action))
    told = {"direction": number, "by": asked.actor}
    notices = []
    if not own:
        notices.append(Notice("direction_to_confirm", (action.member,), told))
    kind = "direction_corrected" if old else "direction_given"
    readers = (*asked.people(DUTY_OFFICER), *asked.people(LEADER), *asked.people(HEAD))
    to = tuple(one for one in dict.fromkeys(readers) if one != asked.actor)
    notices.append(Notice(kind, to, told))
    return Decision((fact,), tuple(notices), "committee" if own else "secretary")


def confirm_direction(asked: Asked, action: a.ConfirmDirection) -> Decision:
    """The member's own tap, once; only closing waits for it."""
    found = next((one for one in asked.incident.directions if one.id == action.direction), None)
    if found is None or found.corrected_by is not None or found.confirmed_at:
        raise Outdated("direction_moved_on")
    require(asked.actor == found.member, "only_the_member", found.member)
    return Decision((e.DirectionConfirmed(direction=found.id),), (), "committee")


def waive_direction(asked: Asked, action: a.WaiveDirection) -> Decision:
    """Only the department's head or deputy, naming the member who agreed, and how (conduct §7)."""
    sent_up(asked)
    require(asked.is_leader(), "only_leader_waives", asked.who(LEADER))
    members = asked.organisation.holders(Role.COMMITTEE_MEMBER, asked.incident.committee)
    if action.member not in members:
        raise BadValue("not_a_member")
    reasoned(action.reason)
    fact = e.DirectionWaived(reason=action.reason, member=action.member, means=action.means)
    to = (*asked.people(DUTY_OFFICER), *asked.people(OFFICE))
    told = tuple(one for one in dict.fromkeys(to) if one != asked.actor)
    return Decision((fact,), (Notice("direction_waived", told, {"by": asked.actor}),), "leader")


def no_press(asked: Asked, *people: int) -> None:
    """Newsrooms get released texts; they never sit in the working room (conduct §13)."""
    for person in people:
        if is_press(person, asked.organisation):
            raise BadValue("press_in_room", person=person)


def waive_meeting(asked: Asked, action: a.WaiveMeeting) -> Decision:
    """No meeting, with a reason, by the department's leader alone (conduct §7)."""
    sent_up(asked)
    require(asked.is_leader(), "only_leader_waives", asked.who(LEADER))
    reasoned(action.reason)
    told = tuple(one for one in asked.people(DUTY_OFFICER) if one != asked.actor)
    notice = Notice("meeting_waived", told, {"by": asked.actor})
    return Decision((e.MeetingWaived(reason=action.reason),), (notice,), "leader")


def draft_conclusion(asked: Asked, action: a.DraftConclusion) -> Decision:
    """The conclusion as typed, with the answers that the gates need (rows 28–33)."""
    incident = asked.incident
    if incident.closed_at:
        raise WrongStep("incident_closed", at=incident.closed_at)
    if incident.within:
        require(asked.is_head(), "only_head_manages", asked.who(HEAD))
    else:
        sent_up(asked)
        allowed = asked.is_department() or asked.actor in asked.people(Party(Post.CHAIR))
        require(allowed, "only_duty_officer", asked.who(DUTY_OFFICER))
        _meeting_settled(asked)
    if has_conclusion(incident):
        raise Outdated("already_concluded", at=_confirmed_at(asked))
    _check_conclusion(asked, action)
    facts: list[e.Fact] = [s.ConclusionDrafted(**vars(action))]
    chair = asked.people(HEAD if incident.within else Party(Post.CHAIR))
    direction = incident.current_direction
    by_direction = bool(direction and direction.names_everything and not incident.meeting)
    if asked.actor in chair[:1] or by_direction or (incident.within and asked.is_head()):
        more, notices = conclude(asked, action)
        return Decision((*facts, *more), notices, as_head(asked) or "chair")
    by = {"by": asked.actor}
    to_confirm = Notice("conclusion_to_confirm", chair[:1], by, rings=True, duty="O12_confirm")
    return Decision(tuple(facts), (to_confirm,), "duty_officer")


def confirm_conclusion(asked: Asked, action: a.ConfirmConclusion) -> Decision:
    """The chair confirms; from that instant there is one spokesperson (rows 31, 32)."""
    conclusion = asked.incident.conclusion
    if conclusion is None or conclusion.confirmed_at:
        raise Outdated("already_concluded", at=_confirmed_at(asked))
    if asked.incident.within:
        require(asked.is_head(), "only_head_manages", asked.who(HEAD))
    else:
        chair = asked.people(Party(Post.CHAIR))
        require(asked.actor in chair or asked.is_leader(), "only_chair_confirms", chair[0])
    draft = a.DraftConclusion(
        **{name: getattr(conclusion, name) for name in a.DraftConclusion.__dataclass_fields__}
    )
    facts, notices = conclude(asked, draft)
    return Decision(facts, notices, "chair")


def conclude(
    asked: Asked, draft: a.DraftConclusion
) -> tuple[tuple[e.Fact, ...], tuple[Notice, ...]]:
    """What a confirmed conclusion sets going: the two assignments and the tasks."""
    facts: list[e.Fact] = [s.ConclusionConfirmed()]
    speaking, telling = named(asked, draft.spokesperson, draft.stand_in, draft.focal_point)
    facts += speaking
    notices = list(telling)
    first = next_number(asked.incident, "tasks")
    for n, task in enumerate(draft.tasks):
        facts.append(_task(first + n, task))
        if task.owner != asked.actor:
            about = {"task": first + n, "due": task.due, "by": asked.actor}
            key = f"O1:task:{first + n}:{{person}}"
            notices.append(Notice("task_set", (task.owner,), about, rings=True, duty=key))
    return tuple(facts), tuple(notices)


def _task(number: int, task: TaskDraft) -> s.TaskSet:
    return s.TaskSet(
        task=number, what=task.what, owner=task.owner, due=task.due, remedy=task.remedy
    )


def _meeting_settled(asked: Asked) -> None:
    incident = asked.incident
    direction = incident.current_direction
    if incident.meeting or incident.meeting_waiver or (direction and direction.names_everything):
        return
    raise WrongStep("meeting_first", who=asked.who(DUTY_OFFICER))


def _check_conclusion(asked: Asked, action: a.DraftConclusion) -> None:
    if not action.forms:
        raise BadValue("form_needed")
    for item in ("text", "analysis", "forecast", "chosen"):
        if not getattr(action, item).strip():
            raise BadValue("conclusion_blank", item=item)
    owners = (task.owner for task in action.tasks)
    for who in (action.spokesperson, action.focal_point, action.stand_in, *owners):
        if who is not None and who not in asked.organisation.people:
            raise BadValue("unknown_person")
    people = (action.focal_point, action.stand_in, *(task.owner for task in action.tasks))
    no_press(asked, *(who for who in people if who is not None))
    if action.stand_in == action.spokesperson:
        raise BadValue("stand_in_is_speaker")
    if any(task.due <= asked.now for task in action.tasks):
        raise BadValue("due_in_past")


def _confirmed_at(asked: Asked) -> object:
    return asked.incident.conclusion.confirmed_at if asked.incident.conclusion else None


def sent_up(asked: Asked) -> None:
    """Raises WrongStep unless the incident is open and lies with the department."""
    incident = asked.incident
    if incident.closed_at:
        raise WrongStep("incident_closed", at=incident.closed_at)
    if incident.within:
        raise WrongStep("kept_within", who=asked.who(HEAD))
    if not incident.submitted_at:
        raise WrongStep("not_sent_up", who=asked.who(HEAD))


def reasoned(reason: str) -> None:
    """Raises BadValue unless a reason is given that says something."""
    if len(reason.strip()) < 5:
        raise BadValue("reason_needed")
