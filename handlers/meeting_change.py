"""Another goes in my place; the meeting is moved or does not take place (conduct §8, O9, O11)."""

from collections.abc import Sequence

from handlers import permits
from handlers.fields import moment, people, person, text
from handlers.form import Field, Form, Option, Said, Values
from handlers.look import Desk
from handlers.meeting import read_place
from procedure import actions as a
from procedure.attendance import listed, place_of
from procedure.codec import Prose
from procedure.decision import require
from procedure.facts import Meeting
from procedure.parties import is_press
from procedure.rules_meeting import as_seen, asked_about, managed, not_begun


def number(desk: Desk) -> int:
    """The meeting that a form is about: the one on the button, else the one that stands."""
    now = desk.case.meeting.id if desk.case.meeting else 0
    return int(desk.args.get("meeting", now))


def _seen(desk: Desk) -> int:
    now = desk.case.meeting.moves if desk.case.meeting else 0
    return int(desk.args.get("seen", now))


def _held(desk: Desk) -> Meeting:
    return asked_about(desk.asked(), number(desk))


def _may_send(desk: Desk) -> None:
    """An invited person, before it begins; his stand-in sends nobody on."""
    meeting = _held(desk)
    not_begun(desk.asked(), meeting)
    place = place_of(meeting, desk.person)
    require(place is not None, "not_invited", meeting.called_by)
    if place:
        require(place.person == desk.person, "stand_in_passes_on", place.person)


def _may_change(desk: Desk) -> None:
    """Who may change it, before it begins, and as he saw it."""
    meeting = managed(desk.asked(), number(desk))
    as_seen(meeting, _seen(desk))
    not_begun(desk.asked(), meeting)


def _colleagues(desk: Desk, values: Values) -> Sequence[int]:
    """The people of his unit, and of its joined body, who are not asked anyway."""
    organisation, meeting = desk.organisation, _held(desk)
    place = place_of(meeting, desk.person)
    units = {desk.me.unit} | ({place.unit} if place else set())
    units |= {organisation.units[one].partner or one for one in units}
    taken = {*listed(meeting), meeting.chair}
    found = [one.id for one in organisation.people.values() if one.unit in units]
    return [one for one in found if one not in taken and not is_press(one, organisation)]


STAND_IN_FORM = Form(
    name="send_stand_in",
    fields=(Field(name="person", read=person(_colleagues), options=people(_colleagues)),),
    finish=lambda desk, values: [a.SendStandIn(meeting=number(desk), person=values["person"])],
    preview=False,
    permit=permits.all_of(permits.still_open, _may_send),
)


def _times(desk: Desk, values: Values) -> Sequence[Option]:
    """The time that stands, for a move to another place."""
    at = _held(desk).at.isoformat()
    return [Option(value=at, label="same_time", facts={"at": at})]


def _places(desk: Desk, values: Values) -> Sequence[Option]:
    """The place that stands, or online."""
    same = Option(value="same", label="same_place")
    online = Option(value="online", label="online")
    return [same] if _held(desk).place == "online" else [same, online]


def _place(said: Said, desk: Desk, values: Values) -> Prose:
    return _held(desk).place if said.option == "same" else read_place(said, desk, values)


MOVE_FORM = Form(
    name="move_meeting",
    fields=(
        Field(name="starts_at", read=moment("future"), options=_times),
        Field(name="place", read=_place, options=_places),
        Field(name="reason", read=text(least=5, most=100)),
    ),
    finish=lambda desk, values: [
        a.MoveMeeting(
            meeting=number(desk),
            seen=_seen(desk),
            starts_at=values["starts_at"].at,
            place=values["place"],
            reason=values["reason"],
        )
    ],
    permit=permits.all_of(permits.still_open, _may_change),
    send_label="send_move",
)

CANCEL_FORM = Form(
    name="cancel_meeting",
    fields=(Field(name="reason", read=text(least=5, most=100)),),
    finish=lambda desk, values: [
        a.CancelMeeting(meeting=number(desk), seen=_seen(desk), reason=values["reason"])
    ],
    permit=permits.all_of(permits.still_open, _may_change),
    send_label="send_cancel",
)
