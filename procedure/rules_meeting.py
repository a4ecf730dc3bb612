"""The meeting of Step 2: called, answered, moved, cancelled, recorded (rows 27–29; O9–O11)."""

from procedure import actions as a
from procedure import entries as e
from procedure import entries_meeting as m
from procedure.attendance import absent_without_word, listed, place_of, to_call
from procedure.decision import CLOCK, Asked, Decision, Notice, as_head, require
from procedure.errors import BadValue, Outdated, WrongStep
from procedure.facts import Invitee, Meeting
from procedure.rules_consult import DUTY_OFFICER, HEAD, no_press, reasoned, sent_up
from procedure.steps import has_conclusion

ANSWERS = frozenset({"yes", "no"})
#: The duty of whoever is asked whether he comes.
ANSWER = "O11:{person}"


def call_meeting(asked: Asked, action: a.CallMeeting) -> Decision:
    """May run while the direction is awaited ("đồng thời", row 27)."""
    incident = asked.incident
    if incident.closed_at:
        raise WrongStep("incident_closed", at=incident.closed_at)
    if incident.within:
        require(asked.is_head(), "only_head_manages", asked.who(HEAD))
    else:
        sent_up(asked)
        require(asked.is_department(), "only_duty_officer", asked.who(DUTY_OFFICER))
    if incident.meeting and asked.now < incident.meeting.at:
        raise WrongStep("meeting_stands", at=incident.meeting.at, who=incident.meeting.called_by)
    if action.starts_at <= asked.now:
        raise BadValue("meeting_in_past")
    invited = _invited(asked, action)
    former = (incident.meeting, *incident.cancelled_meetings)
    number = max((one.id for one in former if one), default=0) + 1
    called = e.MeetingCalled(
        meeting=number,
        starts_at=action.starts_at,
        place=action.place,
        chair=action.chair,
        invitees=tuple(invited),
        units=tuple(invited.values()),
        agenda=action.agenda,
    )
    told = {"meeting": number, "by": asked.actor}
    to = tuple(one for one in invited if one != asked.actor)
    notices = [Notice("invitation", to, told, rings=True, duty=ANSWER)]
    if action.chair not in (asked.actor, *action.invitees):
        notices.append(Notice("chair_informed", (action.chair,), told))
    facts = (called, *_preparations(action, number))
    return Decision(facts, tuple(notices), as_head(asked) or "duty_officer")


def _preparations(action: a.CallMeeting, number: int) -> list[m.PreparationAsked]:
    """What each is asked to prepare is a fact of its own: everybody reads only his."""
    facts = []
    for one in action.preparations:
        if one.person not in action.invitees:
            raise BadValue("prepares_uninvited", person=one.person)
        if one.what.strip():
            facts.append(m.PreparationAsked(meeting=number, person=one.person, what=one.what))
    return facts


def _invited(asked: Asked, action: a.CallMeeting) -> dict[int, int]:
    """Each invited person once, with the first unit for which he was chosen."""
    if not action.invitees or len(action.invitees) != len(action.units):
        raise BadValue("nobody_invited")
    if any(who not in asked.organisation.people for who in (action.chair, *action.invitees)):
        raise BadValue("unknown_person")
    no_press(asked, action.chair, *action.invitees)
    invited: dict[int, int] = {}
    for who, unit in zip(action.invitees, action.units, strict=True):
        invited.setdefault(who, unit)
    return invited


def answer_invitation(asked: Asked, action: a.AnswerInvitation) -> Decision:
    """Dự or Vắng; the last answer before the meeting counts.

    A stand-in who stays away gives the answer back to him who sent him; an invitee who comes
    himself takes it back from his stand-in.
    """
    meeting = asked_about(asked, action.meeting)
    if action.answer not in ANSWERS:
        raise BadValue("answer_yes_or_no")
    place = place_of(meeting, asked.actor)
    if place is None:
        return _answer_for(asked, meeting, action.answer)
    if place.goes != asked.actor and action.answer == "no":
        raise BadValue("stand_in_goes", person=place.goes)
    if place.goes == asked.actor and place.answer == action.answer:
        raise Outdated("answer_stands")
    told = {"meeting": meeting.id, "by": asked.actor}
    notices = [_answers(asked, meeting)]
    if place.goes != asked.actor:
        notices.append(Notice("stand_in_released", (place.goes,), told))
    elif place.stand_in and action.answer == "no":
        back = Notice("stand_in_declined", (place.person,), told, rings=True, duty=ANSWER)
        notices.append(back)
    fact = e.InvitationAnswered(meeting=meeting.id, answer=action.answer)
    return Decision((fact,), tuple(notices), "invited")


def _answer_for(asked: Asked, meeting: Meeting, answer: str) -> Decision:
    """Who acts for an invitee who is away goes in his place, or says that nobody comes."""
    awaited = (one for one in meeting.invitees if asked.acts_for(one.goes))
    place = next(awaited, None)
    require(place is not None, "not_invited", meeting.called_by)
    assert place is not None
    if place.answer == answer:
        raise Outdated("answer_stands")
    said = e.InvitationAnswered(meeting=meeting.id, answer=answer, place=place.goes)
    if answer == "no":
        return Decision((said,), (_answers(asked, meeting),), "invited")
    sent = m.StandInSent(meeting=meeting.id, person=asked.actor, place=place.person)
    comes = e.InvitationAnswered(meeting=meeting.id, answer=answer)
    return Decision((sent, comes), (_answers(asked, meeting),), "invited")


def _answers(asked: Asked, meeting: Meeting) -> Notice:
    """The one card of the caller; the newest takes the place of the one before."""
    call = to_call(asked.incident, asked.terms, asked.now, asked.actor)
    facts = {"meeting": meeting.id, "call": call}
    return Notice("meeting_answers", (meeting.called_by,), facts, about=f"meeting:{meeting.id}")


def asked_about(asked: Asked, number: int) -> Meeting:
    """The meeting of this number. Raises Outdated, with the reason when it was cancelled."""
    gone = next((one for one in asked.incident.cancelled_meetings if one.id == number), None)
    if gone:
        raise Outdated("meeting_cancelled", at=gone.cancelled_at, who=gone.cancelled_by)
    meeting = asked.incident.meeting
    if meeting is None or meeting.id != number or has_conclusion(asked.incident):
        raise Outdated("meeting_moved_on")
    return meeting


def send_stand_in(asked: Asked, action: a.SendStandIn) -> Decision:
    """An invitee sends somebody of his unit, who answers for himself and passes it to nobody."""
    meeting = asked_about(asked, action.meeting)
    not_begun(asked, meeting)
    place = place_of(meeting, asked.actor)
    require(place is not None, "not_invited", meeting.called_by)
    assert place is not None
    require(place.person == asked.actor, "stand_in_passes_on", place.person)
    _fits(asked, meeting, place, action.person)
    told = {"meeting": meeting.id, "by": asked.actor}
    sent = Notice("stand_in_invited", (action.person,), told, rings=True, duty=ANSWER)
    notices = [sent, _answers(asked, meeting)]
    if place.stand_in:
        notices.append(Notice("stand_in_released", (place.stand_in,), told))
    fact = m.StandInSent(meeting=meeting.id, person=action.person)
    return Decision((fact,), tuple(notices), "invited")


def _fits(asked: Asked, meeting: Meeting, place: Invitee, person: int) -> None:
    """Somebody of the unit that was invited, or of its joined body, who is not asked anyway."""
    organisation = asked.organisation
    if person not in organisation.people:
        raise BadValue("unknown_person")
    no_press(asked, person)
    if person == meeting.chair or person in listed(meeting):
        raise BadValue("already_invited", person=person)
    units = {place.unit, organisation.people[place.person].unit}
    partners = {organisation.units[one].partner for one in units if one in organisation.units}
    if organisation.people[person].unit not in units | partners:
        raise BadValue("stand_in_of_unit", person=person)


def move_meeting(asked: Asked, action: a.MoveMeeting) -> Decision:
    """Another time or place; everybody is asked again, those who had declined too."""
    meeting = managed(asked, action.meeting)
    as_seen(meeting, action.seen)
    not_begun(asked, meeting)
    if action.starts_at <= asked.now:
        raise BadValue("meeting_in_past")
    if not action.place.strip():
        raise BadValue("place_needed")
    if (action.starts_at, action.place) == (meeting.at, meeting.place):
        raise BadValue("meeting_time_stands")
    reasoned(action.reason)
    fact = m.MeetingMoved(
        meeting=meeting.id, starts_at=action.starts_at, place=action.place, reason=action.reason
    )
    owing = tuple(one.goes for one in meeting.invitees if one.goes != asked.actor)
    others = _others(asked, meeting, owing, listed(meeting))
    told = {"meeting": meeting.id, "by": asked.actor}
    notices = (
        Notice("meeting_moved", owing, told, rings=True, duty=ANSWER),
        Notice("meeting_moved", others, told, rings=True),
    )
    return Decision((fact,), notices, as_head(asked) or "duty_officer")


def cancel_meeting(asked: Asked, action: a.CancelMeeting) -> Decision:
    """It does not take place; one is owed again (O9), or the leader waives it."""
    meeting = managed(asked, action.meeting)
    as_seen(meeting, action.seen)
    not_begun(asked, meeting)
    reasoned(action.reason)
    coming = [one for one in meeting.invitees if one.answer != "no"]
    people = tuple(who for one in coming for who in (one.goes, one.person))
    watch = () if asked.incident.within else asked.people(DUTY_OFFICER)
    to = _others(asked, meeting, (), (*people, *watch))
    told = Notice("meeting_cancelled", to, {"meeting": meeting.id, "by": asked.actor}, rings=True)
    fact = m.MeetingCancelled(meeting=meeting.id, reason=action.reason)
    return Decision((fact,), (told,), as_head(asked) or "duty_officer")


def _others(
    asked: Asked, meeting: Meeting, but: tuple[int, ...], people: tuple[int, ...]
) -> tuple[int, ...]:
    """`people`, the chair and the caller, each once; neither the actor nor `but`."""
    everybody = dict.fromkeys((*people, meeting.chair, meeting.called_by))
    return tuple(who for who in everybody if who != asked.actor and who not in but)


def record_attendance(asked: Asked, action: a.RecordAttendance) -> Decision:
    """Who was there; who was missed without a word is the caller's to know alone (conduct §13)."""
    meeting = begun(asked, action.meeting)
    if not action.present:
        raise BadValue("nobody_present")
    if any(who not in asked.organisation.people for who in action.present):
        raise BadValue("unknown_person")
    no_press(asked, *action.present)
    present = tuple(dict.fromkeys(action.present))
    fact = m.AttendanceRecorded(meeting=meeting.id, present=present)
    missed = absent_without_word(meeting, present)
    to = (meeting.called_by,) if missed and meeting.called_by != asked.actor else ()
    told = Notice("absent_without_word", to, {"meeting": meeting.id, "by": asked.actor})
    return Decision((fact,), (told,), as_head(asked) or "duty_officer")


def record_minutes(asked: Asked, action: a.RecordMinutes) -> Decision:
    """The minutes (biên bản): words, or a photo or PDF of the paper."""
    meeting = begun(asked, action.meeting)
    if not action.text.strip() and not action.files:
        raise BadValue("minutes_blank")
    fact = m.MinutesRecorded(meeting=meeting.id, text=action.text, files=action.files)
    return Decision((fact,), (), as_head(asked) or "duty_officer")


def managed(asked: Asked, number: int) -> Meeting:
    """The meeting, for whoever may change it. Raises Refused to anybody else."""
    meeting = asked_about(asked, number)
    _may_manage(asked, meeting)
    return meeting


def _may_manage(asked: Asked, meeting: Meeting) -> None:
    """The caller, the department, the chair; within authority the unit's head."""
    incident = asked.incident
    if incident.closed_at:
        raise WrongStep("incident_closed", at=incident.closed_at)
    if incident.within:
        require(asked.is_head(), "only_head_manages", asked.who(HEAD))
        return
    own = any(asked.acts_for(one) for one in (meeting.called_by, meeting.chair))
    allowed = asked.is_department() or own
    require(allowed, "only_duty_officer", asked.who(DUTY_OFFICER))


def begun(asked: Asked, number: int) -> Meeting:
    """The meeting once it has begun, also after its conclusion, for whoever may record it."""
    meeting = asked.incident.meeting
    if meeting is None or meeting.id != number:
        raise Outdated("meeting_moved_on")
    _may_manage(asked, meeting)
    if asked.now < meeting.at:
        raise WrongStep("meeting_not_begun", at=meeting.at)
    return meeting


def not_begun(asked: Asked, meeting: Meeting) -> None:
    """Raises WrongStep once the meeting has begun."""
    if asked.now >= meeting.at:
        raise WrongStep("meeting_begun", at=meeting.at)


def as_seen(meeting: Meeting, seen: int) -> None:
    """Of two changes made on one screen the first stands (as with a hand-over)."""
    if meeting.moves != seen:
        raise Outdated("meeting_was_moved", at=meeting.at, who=meeting.moved_by)


def remind_meeting(asked: Asked, action: a.RemindMeeting) -> Decision:
    """Once, shortly before it begins; those who said that they stay away are left in peace."""
    meeting = asked.incident.meeting
    require(asked.actor == CLOCK, "only_clock", None)
    over = asked.incident.closed_at or has_conclusion(asked.incident)
    if over or meeting is None or meeting.id != action.meeting or meeting.reminded_at:
        raise Outdated("meeting_moved_on")
    coming = [one.goes for one in meeting.invitees if one.answer != "no"]
    to = tuple(dict.fromkeys((meeting.chair, *coming)))
    fact = e.MeetingReminded(meeting=meeting.id)
    if asked.now >= meeting.at:
        return Decision((fact,), (), "clock")
    told = Notice("meeting_soon", to, {"meeting": meeting.id}, rings=True)
    return Decision((fact,), (told,), "clock")
