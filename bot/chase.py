"""The one card of whoever called a meeting: who comes, and whom to telephone (row 19)."""

from bot.stage import Stage
from handlers import notices
from procedure.attendance import key_of, to_call, unanswered
from procedure.incident import Incident
from procedure.obligations import Obligation
from procedure.ringing import bell
from procedure.words import Duty
from storage.chats import Prompt

ANSWERS = "meeting_answers"


def is_callers(incident: Incident, duty: Obligation, person: int) -> bool:
    """Whether a rung of this duty reaches this person as the caller of the meeting."""
    meeting = incident.meeting
    return duty.duty is Duty.ATTENDANCE and meeting is not None and meeting.called_by == person


def callers_card(stage: Stage, person: int, stream: str, key: str) -> Prompt | None:
    """The card as it stands now; None when every late one has been reached by telephone.

    It takes the place of the card before, which the answers keep up to date.
    """
    incident = stage.incident(stream)
    terms, meeting = stage.terms(incident), incident.meeting
    call = to_call(incident, terms, stage.now)
    if meeting is None or call is None:
        return None
    facts = {"meeting": meeting.id, "call": call}
    aloud, _ = bell(incident, terms, stage.organisation, person, stage.now)
    return Prompt(
        template=f"notices/{ANSWERS}#text",
        facts=facts,
        choices=notices.choices(ANSWERS, stage.desk(person, stream, facts), facts),
        stream=stream,
        about=f"{stream}/meeting:{meeting.id}",
        key=key,
        duties=[(stream, key_of(who)) for who in unanswered(meeting)],
        rings=aloud,
        drill=incident.drill,
    )
