"""Who comes to a meeting: for each place in the list the invitee, or whom he sent (O11)."""

from datetime import datetime

from procedure.facts import Invitee, Meeting
from procedure.incident import Incident
from procedure.obligations import Terms, find
from procedure.words import Duty


def place_of(meeting: Meeting, person: int) -> Invitee | None:
    """The place that a person fills, else the one from which he sent a stand-in; None: none."""
    fills = (one for one in meeting.invitees if one.goes == person)
    sent = (one for one in meeting.invitees if one.person == person)
    return next(fills, None) or next(sent, None)


def listed(meeting: Meeting) -> tuple[int, ...]:
    """Everybody in the list, those who sent a stand-in too, each once."""
    found = [who for one in meeting.invitees for who in (one.goes, one.person)]
    return tuple(dict.fromkeys(found))


def absent_without_word(meeting: Meeting, present: tuple[int, ...]) -> tuple[int, ...]:
    """Those who were awaited, did not say that they stay away, and were not there."""
    return tuple(
        one.goes
        for one in meeting.invitees
        if one.answer != "no" and not {one.person, one.goes} & set(present)
    )


def unanswered(meeting: Meeting, *but: int) -> tuple[int, ...]:
    """Those whose answer is awaited."""
    return tuple(one.goes for one in meeting.invitees if one.answer is None and one.goes not in but)


def to_call(incident: Incident, terms: Terms, now: datetime, *but: int) -> int | None:
    """Whom the caller of the meeting telephones next: his answer is due (`now`, UTC).

    Nobody whom a call has reached; first those who were never called. None: nobody.
    """
    if incident.meeting is None:
        return None
    awaited = unanswered(incident.meeting, *but)
    late = [who for who in awaited if _late(incident, terms, now, who)]
    calls = {who: _calls(incident, terms, who) for who in late}
    waits = [who for who, ended in calls.items() if not any(ended)]
    return min(waits, key=lambda who: len(calls[who]), default=None)


def never_called(incident: Incident, terms: Terms, person: int) -> bool:
    """Whether nobody has tried to telephone him about this invitation."""
    return not _calls(incident, terms, person)


def _late(incident: Incident, terms: Terms, now: datetime, person: int) -> bool:
    duty = find(incident, terms, key_of(person))
    return duty is not None and duty.due <= now


def key_of(person: int) -> str:
    """The key of the duty to answer."""
    return f"{Duty.ATTENDANCE.value}:{person}"


def _calls(incident: Incident, terms: Terms, person: int) -> tuple[bool, ...]:
    """How the calls to him about this invitation ended, oldest first."""
    duty = find(incident, terms, key_of(person))
    since = duty.start if duty else None
    return tuple(
        call.reached
        for call in incident.calls
        if call.duty == key_of(person) and call.to == person and since and call.at >= since
    )
