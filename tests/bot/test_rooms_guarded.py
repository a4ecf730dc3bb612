"""What is said in a place where a stranger reads along: of every line that a room may ever get."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot import room_guests, rooms
from bot.deliver import fate, render
from bot.stage import Stage
from handlers.rooms import Line, lines
from procedure.entries import Entry
from procedure.incident import Incident
from storage import chats, journal, outbox, places
from storage.database import Session
from storage.tables import ChatRow, MessageRow
from storage.tables_rooms import PlaceRow
from tests.fixtures import Stage as Moment
from tests.fixtures import copy_of
from tests.town import Town

GROUP, STRANGER = "-4009", "8000001"
#: Words that name a person, a number of his, or what somebody wrote.
NEVER = ("đồng chí:", "ĐT", "Lý do", " hộ")


def place_with_a_stranger(town: Town, session: Session, incident: Incident) -> PlaceRow:
    """A group of the incident in which somebody is whom nobody knows."""
    place = places.bind(
        session,
        channel="telegram",
        external=GROUP,
        kind=places.GROUP,
        title="Nhóm",
        at=town.clock,
        stream=incident.stream,
        room=len(incident.rooms) + 1,
    )
    places.came(session, "telegram", GROUP, STRANGER, "Trần Lạ", town.clock)
    return place


def said_there(stage: Stage, place: PlaceRow, said: Sequence[Line]) -> list[MessageRow]:
    """Everything put into the place, as the outbox has it."""
    incident = stage.incident(str(place.stream))
    chat = stage.session.get_one(ChatRow, place.chat)
    for line in said:
        rooms.say(stage, chat, incident, line)
    return outbox.queued_in(stage.session, chat)


def every_line(town: Town, session: Session, incident: Incident) -> list[Line]:
    """What the room says of every entry that there ever was."""
    found: list[Line] = []
    stream: list[Entry] = list(journal.read(session, incident.stream))
    for entry in stream:
        found += [line for _, line in lines(incident, [entry])]
    return found


@pytest.fixture(params=["busy", "attended", "merged", "contested", "roomed", "closed"])
def town(
    request: pytest.FixtureRequest, stages: dict[str, Moment], tmp_path: Path
) -> Iterator[Town]:
    """A copy of one stage."""
    made = copy_of(stages[request.param], tmp_path / "town")
    yield made
    made.close()


def secrets(town: Town, session: Session, incident: Incident) -> set[str]:
    """Names, telephone numbers and titles that stand in this province and its file."""
    organisation = town.world.organisation(session)
    found: set[str] = set()
    for one in organisation.people.values():
        found |= {one.name, one.phone} - {""}
    return found | {str(incident.title), str(incident.line)}


def test_no_line_and_no_card_says_who_or_what_while_a_stranger_reads_along(town: Town) -> None:
    def work(session: Session) -> list[tuple[str, str]]:
        stage = Stage(town.world, session, town.clock, "telegram")
        incident = town.newest()
        place = place_with_a_stranger(town, session, incident)
        assert room_guests.is_guarded(stage, place, incident)
        rows = said_there(stage, place, every_line(town, session, incident))
        rows += said_there(stage, place, [Line(block="bound", guarded="bound_guarded")])
        said = [(row.template, render(stage, row)) for row in rows]
        said += [("card", rooms.card(stage, place)[0]), ("topic", rooms.topic_name(stage, place))]
        never = secrets(town, session, incident) | set(NEVER)
        assert all(json.loads(row.files) == [] for row in rows)
        return [(name, text) for name, text in said if any(word in text for word in never)]

    assert town.world.db.write(work) == []


def test_that_there_is_more_is_said_once_until_the_room_speaks_again(town: Town) -> None:
    def work(session: Session) -> list[Any]:
        stage = Stage(town.world, session, town.clock, "telegram")
        place = place_with_a_stranger(town, session, town.newest())
        told = []
        for row in said_there(stage, place, [Line(block="merged", facts={"code": "VV-9"})] * 3):
            found = fate(stage, row)
            told.append(found is None)
            if found is None:
                row.text, row.state = render(stage, row), chats.SENT
            else:
                row.state = found.state
            session.add(row)
            session.flush()
        places.left(session, "telegram", GROUP, STRANGER, town.clock)
        (free,) = said_there(stage, place, [Line(block="merged", facts={"code": "VV-9"})])
        told.append(render(stage, free))
        free.text, free.state = told[-1], chats.SENT
        session.add(free)
        places.came(session, "telegram", GROUP, STRANGER, "", town.clock)
        (again,) = said_there(stage, place, [Line(block="merged", facts={"code": "VV-9"})])
        return [*told, fate(stage, again)]

    first, second, third, free, again = town.world.db.write(work)
    assert (first, second, third, again) == (True, False, False, None)
    assert "đã nhập vào" in free
