"""More than twelve messages an hour to one person are merged; never the first of a duty."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from procedure.words import Severity
from storage import chats, outbox
from storage.chats import HELD, MERGED, SENT, STALE, Prompt
from storage.database import Session
from storage.tables import MessageRow
from tests.story import opened
from tests.telegram_town import TelegramTown
from tests.town import Town

HEAD = "Ví Dụ"
LIST = "rings/merged#several"
TOLD = "notices/incident_ended#text"
DUTY = "O2"


@pytest.fixture(params=[Town, TelegramTown], ids=["web", "telegram"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """An incident is open; whoever has heard of it has heard enough to remember the duty."""
    made: Town = request.param(tmp_path / "town")
    opened(made)
    made.forward(minutes=1)
    made.skips()
    yield made
    made.close()


def tell(town: Town, times: int = 1, template: str = TOLD, duty: str = "") -> list[int]:
    """The bot has something to tell the head, of its own accord."""
    stream = town.incident().stream

    def work(session: Session) -> list[int]:
        found, rings = [], template.startswith("rings/")
        for _ in range(times):
            prompt = Prompt(
                template=template,
                facts={"by": 1, "due": (town.clock + timedelta(hours=1)).isoformat()}
                | {"name": "quick_report", "code": "VV-2026-001", "subject": 1},
                choices=[{"label": "see_incident", "do": {"view": "incident", "stream": stream}}],
                stream="incident-1" if template == TOLD else stream,
                duties=[(stream, duty)] if duty else (),
                key=f"ring:{stream}:{duty}:{uuid.uuid4().hex}" if rings and duty else None,
            )
            line = chats.enqueue(
                session, town.chat(session, town.id(HEAD)), prompt, at=town.world.now()
            )
            assert line is not None
            found.append(line)
        return found

    made = town.world.db.write(work)
    town.settles()
    return made


def rows(town: Town, ids: list[int]) -> list[MessageRow]:
    return town.world.db.read(lambda s: [s.get_one(MessageRow, one) for one in ids])


def states(town: Town, ids: list[int]) -> list[str]:
    return [one.state for one in rows(town, ids)]


def to_the_brim(town: Town) -> None:
    """He has had all that he may have in this hour."""
    since, told = town.clock - timedelta(hours=1), ("notices/", "rings/")
    person = town.id(HEAD)
    had = town.world.db.read(lambda s: outbox.told_since(s, person, since, told))
    ids = tell(town, 12 - len(had))
    assert states(town, ids) == [SENT] * len(ids), "twelve come at once"
    town.skips()


def test_twelve_an_hour_come_one_by_one_and_the_rest_as_one_list(town: Town) -> None:
    to_the_brim(town)
    more = tell(town, 3)
    assert states(town, more) == [HELD] * 3
    town.is_quiet()
    town.forward(minutes=9)
    assert states(town, more) == [HELD] * 3
    town.forward(minutes=2)
    made = town.hears(HEAD, LIST, "1. VV-", "2. VV-", "3. VV-", "gộp")
    assert states(town, more) == [MERGED] * 3
    assert {one.why for one in rows(town, more)} == {f"merged into {made.id}"}
    assert town.labels(town.live(HEAD)[0])[0] == "Xem từng tin"


def test_from_the_list_each_can_be_seen_with_its_buttons(town: Town) -> None:
    to_the_brim(town)
    tell(town, 2)
    town.forward(minutes=11)
    town.hears(HEAD, LIST)
    town.skips()
    town.taps(HEAD, "Xem từng tin")
    for _ in range(2):
        town.hears(HEAD, TOLD)
    town.is_quiet()
    assert [row.template for row in town.live(HEAD)][:2] == [TOLD, TOLD]
    town.taps(HEAD, "Xem vụ việc")


def test_with_room_again_it_does_not_wait_for_the_end_of_patience(town: Town) -> None:
    to_the_brim(town)
    town.clock += timedelta(minutes=57)
    more = tell(town, 2)
    assert states(town, more) == [HELD] * 2
    town.forward(minutes=4)
    assert states(town, more) == [MERGED] * 2, "the twelve are more than an hour old"


def test_one_alone_comes_as_it_is(town: Town) -> None:
    to_the_brim(town)
    more = tell(town, 1)
    town.forward(minutes=11)
    town.hears(HEAD, TOLD)
    assert states(town, more) == [MERGED]


def test_the_first_prompt_of_a_duty_and_an_answer_always_come_at_once(town: Town) -> None:
    to_the_brim(town)
    first = tell(town, 1, "rings/owner#quick_report", DUTY + ":never-told")
    again = tell(town, 1, TOLD, "O3:new")
    assert states(town, first)[0] in (SENT, STALE), "not held; such a duty does not stand"
    assert states(town, again) == [SENT]
    town.skips()
    town.says(HEAD, "/trogiup")
    town.hears(HEAD, "views/help")


def test_a_ring_again_is_merged_unless_the_incident_is_grave(town: Town) -> None:
    assert town.duty(DUTY) is not None
    tell(town, 1, "rings/owner#quick_report", DUTY)
    to_the_brim(town)
    again = tell(town, 1, "rings/owner#quick_report", DUTY)
    assert states(town, again) == [HELD]
    town.decides(HEAD, "ChangeSeverity", severity=Severity.GRAVE.value, reason="nặng thêm")
    town.clock += timedelta(seconds=1)
    loud = tell(town, 1, "rings/owner#quick_report", DUTY)
    assert states(town, loud) == [SENT]


def test_what_is_met_while_it_waits_is_told_no_more(town: Town) -> None:
    tell(town, 1, "rings/owner#quick_report", DUTY)
    to_the_brim(town)
    more = tell(town, 1, "rings/owner#quick_report", DUTY)
    stays = tell(town, 1)

    def gone(session: Session) -> None:
        row = session.get_one(MessageRow, more[0])
        row.superseded = True
        session.add(row)

    town.world.db.write(gone)
    town.forward(minutes=11)
    assert states(town, more + stays) == [STALE, MERGED]
    assert rows(town, more)[0].why


def test_what_waits_survives_a_start_anew(town: Town) -> None:
    to_the_brim(town)
    more = tell(town, 2)
    town.restart()
    town.forward(minutes=11)
    assert states(town, more) == [MERGED] * 2
    town.hears(HEAD, LIST)


def test_a_line_of_the_list_cannot_be_asked_for_twice(town: Town) -> None:
    to_the_brim(town)
    tell(town, 2)
    town.forward(minutes=11)
    made = town.hears(HEAD, LIST)
    town.taps_on(HEAD, made, 1)
    before = len(town.thread(HEAD))
    town.taps_on(HEAD, made, 1)
    assert len([one for one in town.thread(HEAD)[before:] if one.template == TOLD]) == 0
