"""`/hop`: call the Step 2 meeting, or do without one (row 27, conduct §7)."""

import re
from collections.abc import Sequence

from handlers import permits
from handlers.fields import moment, people, person, several_people, text
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.look import Desk
from procedure import actions as a
from procedure.codec import Prose
from procedure.facts import Preparation
from procedure.parties import is_press, leaders
from procedure.words import Role, UnitKind

#: A semicolon ends a line only where the next begins with its number.
_NEXT = re.compile(r"\n|;(?=\s*\d+\s*[:.)-])")
#: A number of the list, a sign, and what that unit is asked to prepare.
_ASKED = re.compile(r"(?P<number>\d{1,3})\s*[:.)-]\s*(?P<what>\S.*)")
LONGEST_PREPARATION = 200


def chairs(desk: Desk, values: Values) -> Sequence[int]:
    """Who may chair: the department's leaders; within authority the unit's head."""
    incident, organisation = desk.case, desk.organisation
    if incident.within:
        return organisation.holders(Role.HEAD, incident.unit)
    return leaders(incident, organisation)


def invitees(desk: Desk, values: Values) -> Sequence[int]:
    """One for each unit: who is on duty there, else its head; newsrooms never (conduct §13)."""
    organisation, incident = desk.organisation, desk.case
    found: list[int] = list(organisation.holders(Role.HEAD, incident.unit)[:1])
    for unit in organisation.units.values():
        if unit.kind not in (UnitKind.DEPARTMENT, UnitKind.COORDINATING):
            continue
        watch = organisation.holders(Role.ON_DUTY, unit.id)
        found += (watch or organisation.holders(Role.HEAD, unit.id))[:1]
    return [one for one in dict.fromkeys(found) if not is_press(one, organisation)]


def invitee_options(desk: Desk, values: Values) -> Sequence[Option]:
    """Everyone at once, or one by one."""
    listed = people(invitees)(desk, values)
    return [Option(value="all", label="all_of_them", facts={"count": len(listed)}), *listed]


def places(desk: Desk, values: Values) -> Sequence[Option]:
    """The usual place of a night meeting."""
    return [Option(value="online", label="online")]


def read_place(said: Said, desk: Desk, values: Values) -> Prose:
    """A place or a link; "online" by tap."""
    if said.option == "online":
        return Prose("online")
    return Prose(text(most=300)(said, desk, values))


def read_preparations(said: Said, desk: Desk, values: Values) -> tuple[Preparation, ...]:
    """ "2: kết quả khảo sát; 3: phương án giao thông": numbers of the list just shown."""
    chosen = tuple(values["invitees"])
    parts = [part.strip() for part in _NEXT.split(said.text) if part.strip()]
    if not parts:
        raise BadAnswer("too_short")
    found: dict[int, Prose] = {}
    for part in parts:
        fits = _ASKED.fullmatch(part)
        if fits is None or not 1 <= int(fits["number"]) <= len(chosen):
            raise BadAnswer("preparation_line", line=part[:80], most=len(chosen))
        if len(fits["what"]) > LONGEST_PREPARATION:
            length = len(fits["what"])
            raise BadAnswer("too_long", most=LONGEST_PREPARATION, length=length)
        found[chosen[int(fits["number"]) - 1]] = Prose(fits["what"])
    return tuple(Preparation(person=who, what=what) for who, what in found.items())


def finish(desk: Desk, values: Values) -> Sequence[a.Action]:
    """The call; each invitee stands for his unit."""
    chosen = tuple(values["invitees"])
    return [
        a.CallMeeting(
            starts_at=values["starts_at"].at,
            place=values["place"],
            chair=values["chair"],
            invitees=chosen,
            units=tuple(desk.organisation.people[one].unit for one in chosen),
            agenda=values.get("agenda") or Prose(""),
            preparations=values.get("preparations") or (),
        )
    ]


FORM = Form(
    name="meeting",
    fields=(
        Field(name="starts_at", read=moment("future")),
        Field(name="place", read=read_place, options=places),
        Field(name="chair", read=person(chairs), options=people(chairs)),
        Field(
            name="invitees",
            read=several_people(invitees, all_first=True),
            options=invitee_options,
        ),
        Field(name="agenda", read=text(), optional=True),
        Field(name="preparations", read=read_preparations, optional=True),
    ),
    finish=finish,
    permit=permits.all_of(permits.still_open, permits.sent_up, permits.manager),
    send_label="send_invitations",
)

WAIVE_FORM = Form(
    name="waive_meeting",
    fields=(Field(name="reason", read=text(least=5)),),
    finish=lambda desk, values: [a.WaiveMeeting(reason=values["reason"])],
    permit=permits.all_of(permits.still_open, permits.sent_up, permits.leader),
    send_label="confirm",
)
