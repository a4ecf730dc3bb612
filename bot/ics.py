"""A meeting as a calendar file (iCalendar, RFC 5545 and 5546), one for each reader.

The UID stays the same for the life of a meeting; SEQUENCE rises with each move and with the
cancelling, so that a telephone's calendar changes the entry that it has instead of adding one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.files import keep_made
from handlers.notices import file_facts
from procedure.attendance import place_of
from procedure.facts import Meeting
from procedure.incident import Incident
from procedure.obligations_by_step import MEETING_LASTS, MEETING_SOON
from procedure.organisation import Person

if TYPE_CHECKING:
    from icalendar import Event, vCalAddress

    from bot.stage import Stage

MEDIA_TYPE = "text/calendar"
#: The notices that carry the file; the last of them takes the entry off the calendar.
CARRY = ("invitation", "chair_informed", "stand_in_invited", "meeting_moved", "meeting_cancelled")
CANCEL = "meeting_cancelled"


@dataclass(frozen=True)
class Words:
    """What a reader's calendar shows; from templates/ics.j2."""

    product: str
    summary: str
    location: str
    description: str
    alarm: str


def attached(stage: "Stage", kind: str, incident: Incident, person: int) -> Sequence[Any]:
    """The calendar file that goes with a notice of this kind to this person, kept; else nothing."""
    former = incident.cancelled_meetings[-1:] if kind == CANCEL else ()
    held = former[0] if former else incident.meeting
    if kind not in CARRY or held is None:
        return ()
    scene = stage.scene(person, incident.stream)
    facts: Mapping[str, Any] = {"held": held, "place": place_of(held, person)}
    render = stage.world.renderer
    words = Words(
        product=render.text("ics#product", facts, scene),
        summary=render.text("ics#summary", facts, scene),
        location=render.text("ics#location", facts, scene),
        description=render.text("ics#description", facts, scene),
        alarm=render.text("ics#alarm", facts, scene),
    )
    people, zone = stage.organisation.people, stage.world.settings.zone
    content = calendar_file(
        incident, held, words, people[held.called_by], people[person], zone, stage.now
    )
    ref = keep_made(
        stage.session,
        stage.world.settings,
        content,
        render.text("ics#name", facts, scene),
        MEDIA_TYPE,
        owner=person,
        at=stage.now,
    )
    return [file_facts(ref)]


def uid(incident: Incident, meeting: Meeting) -> str:
    """The name of a meeting among all calendars; its domain is one that no host can have."""
    opened = incident.opened_at.astimezone(UTC) if incident.opened_at else None
    made = f"{opened:%Y%m%dT%H%M%S}." if opened else ""
    return f"meeting-{incident.stream}-{meeting.id}@{made}unit-{incident.unit}.invalid"


def calendar_file(
    incident: Incident,
    meeting: Meeting,
    words: Words,
    caller: Person,
    reader: Person,
    zone: ZoneInfo,
    now: datetime,
) -> bytes:
    """The bytes of one meeting for one reader; `now` (UTC) is when they were made."""
    from icalendar import Alarm, Event

    ends = meeting.cancelled_at is not None
    event = Event()
    event.add("uid", uid(incident, meeting))
    event.add("sequence", meeting.moves + ends)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", meeting.at.astimezone(zone))
    event.add("dtend", (meeting.at + MEETING_LASTS).astimezone(zone))
    event.add("summary", words.summary)
    event.add("location", words.location)
    event.add("description", words.description)
    event.add("status", "CANCELLED" if ends else "CONFIRMED")
    event.add("organizer", _address(caller))
    event.add("attendee", _address(reader))
    if not ends:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -MEETING_SOON)
        alarm.add("description", words.alarm)
        event.add_component(alarm)
    return _calendar(event, words.product, "CANCEL" if ends else "REQUEST")


def _calendar(event: "Event", product: str, method: str) -> bytes:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", product)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def _address(person: Person) -> "vCalAddress":
    """People are known here by their telephone; nobody's post box is made up."""
    from icalendar import vCalAddress

    address = vCalAddress(f"tel:{person.phone}")
    address.params["CN"] = person.name
    return address
