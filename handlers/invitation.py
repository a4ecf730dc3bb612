"""The answers to an invitation: [Dự] [Vắng] [Cử người dự thay] (storyboard row 18)."""

from collections.abc import Sequence

from handlers.say import Choice, acts, choice, opens
from procedure import actions as a
from procedure.attendance import place_of
from procedure.facts import Meeting
from procedure.incident import Incident


def answer_choices(incident: Incident, person: int) -> list[Choice]:
    """What this person may answer now; a stand-in passes it on to nobody."""
    meeting = incident.meeting
    place = place_of(meeting, person) if meeting else None
    if meeting is None or place is None:
        return []
    waits = ("yes", "no") if place.goes == person else ("yes",)
    stands = place.answer if place.goes == person else None
    made = [_answer(meeting, incident.stream, one) for one in waits if one != stands]
    if place.person == person:
        made.append(choice("send_stand_in", opens("send_stand_in", incident.stream, **at(meeting))))
    return made


def owed_choices(incident: Incident, person: int) -> Sequence[Choice]:
    """The same, for whom his answer is awaited; nothing for anybody else."""
    meeting = incident.meeting
    place = place_of(meeting, person) if meeting else None
    waits = place is not None and place.goes == person and place.answer is None
    return answer_choices(incident, person) if waits else []


def at(meeting: Meeting) -> dict[str, int]:
    """Which meeting a button is about."""
    return {"meeting": meeting.id}


def as_shown(meeting: Meeting) -> dict[str, int]:
    """Which meeting a button is about, and how often it had been moved when it was shown."""
    return {"meeting": meeting.id, "seen": meeting.moves}


def _answer(meeting: Meeting, stream: str, answer: str) -> Choice:
    act = a.AnswerInvitation(meeting=meeting.id, answer=answer)
    return choice(f"attend_{answer}", acts(act, stream))
