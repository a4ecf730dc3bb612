"""What the clock has worked out before it is due, and when it does not trust it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot import foresight, ring, stage
from bot.clock import tick
from procedure import actions as a
from procedure.foreseen import foreseen
from storage import incidents
from tests.listening import acts, passes
from tests.scenarios.test_absences import goes_away, is_away
from tests.story import opened
from tests.town import Town

HEAD, DEPUTY = "Ví Dụ", "Dự Phòng"


def looks_ahead(town: Town) -> int:
    return town.world.foresight.look_ahead(town.world)


def rings(town: Town) -> list[tuple[int, str]]:
    """To whom a ring is queued, and by which sentence."""
    return [(row.person, row.template) for row in town.unheard() if row.template.startswith("ring")]


@pytest.fixture
def nothing_is_worked_out(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a tick rings what was foreseen, or fails."""

    def fails(*_: object, **__: object) -> None:
        raise AssertionError("worked out at the tick")

    opened(town)
    tick(town.world)
    assert looks_ahead(town) == 0, "the tick has done so"
    town.skips()
    town.world.strict = False
    monkeypatch.setattr(stage, "foreseen", fails)


@pytest.mark.usefixtures("nothing_is_worked_out")
def test_what_was_foreseen_rings_without_being_worked_out(town: Town) -> None:
    passes(town, minutes=15)
    assert ring.tick(town.world) == 1
    stream = town.incident().stream
    kept = town.world.db.read(lambda session: incidents.get(session, stream))
    again = town.world.db.read(lambda session: incidents.refold(session, stream))
    assert kept == again and kept.rung["O1:open"].at == town.clock
    assert looks_ahead(town) == 1
    assert ring.tick(town.world) == 0


@pytest.mark.usefixtures("nothing_is_worked_out")
@pytest.mark.parametrize("late", [timedelta(minutes=14, seconds=59), timedelta(hours=3)])
def test_before_its_time_nothing_rings_and_long_after_it_is_worked_out_anew(
    town: Town, late: timedelta
) -> None:
    town.clock += late
    assert ring.tick(town.world) == 0  # What cannot be worked out rings at a later tick.
    is_due = late > timedelta(minutes=15)
    due = town.world.db.read(lambda session: incidents.due(session, town.clock))
    assert due == [town.incident().stream] * is_due


def test_an_act_after_it_was_foreseen_counts(town: Town) -> None:
    opened(town)
    looks_ahead(town)
    acts(town, HEAD, a.AcknowledgeDuty(duty="O1:open"))
    town.skips()
    passes(town, minutes=15)
    assert ring.tick(town.world) == 0 and not rings(town)


def test_who_stands_in_since_it_was_foreseen_is_rung(town: Town) -> None:
    opened(town)
    is_away(town, HEAD, DEPUTY)
    looks_ahead(town)
    town.answers(HEAD, "/vangmat", "Tôi nhận lại việc")
    town.skips()
    passes(town, minutes=15)
    tick(town.world)
    assert {person for person, _ in rings(town)} == {town.id(HEAD)}


def test_whose_absence_begins_before_it_rings_is_not_rung(town: Town) -> None:
    opened(town)
    goes_away(town, HEAD, DEPUTY, since="02:45 12/10")
    town.taps(DEPUTY, "Nhận thay")
    looks_ahead(town)
    town.skips()
    passes(town, minutes=15)
    tick(town.world)
    assert {person for person, _ in rings(town)} == {town.id(DEPUTY)}


def test_it_holds_for_the_same_text_and_organisation_until_the_next_ring(town: Town) -> None:
    opened(town)
    looks_ahead(town)
    found = town.world.foresight._known[town.incident().stream].found
    assert found is not None
    second = timedelta(seconds=1)
    assert found.holds(found.state, found.organisation, found.since)
    assert found.holds(found.state, found.organisation, found.until - second)
    assert not found.holds(found.state, found.organisation, found.since - second)
    assert not found.holds(found.state, found.organisation, found.until)
    assert not found.holds(f"{found.state} ", found.organisation, found.since)
    assert not found.holds(found.state, replace(found.organisation), found.since)


def test_what_stands_for_the_moment_of_the_tick_is_in_no_incident_foreseen(town: Town) -> None:
    opened(town)
    incident = town.incident()

    def work(session: Session) -> None:
        terms = town.world.terms(session, incident.policy)
        organisation = town.world.organisation(session)
        foreseen(incident, "0001-01-01T01:01:01.111111+00:00", organisation, terms, town.clock)

    with pytest.raises(ValueError, match="moment"):
        town.world.db.read(work)


def test_so_many_at_once_and_only_what_rings_soon_is_kept(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foresight, "AT_ONCE", 1)
    opened(town)
    town.answers("Tham Chiếu", "vo de cong so 3, 2 nha", "Báo vụ việc mới", "Chưa ghi nhận")
    assert [looks_ahead(town) for _ in range(3)] == [1, 1, 0]
    assert len(town.world.foresight._known) == 2
    town.world.foresight.ahead = timedelta(seconds=1)
    assert looks_ahead(town) == 0 and not town.world.foresight._known


def test_a_broken_incident_is_foreseen_once_and_holds_up_no_other(town: Town) -> None:
    opened(town)

    def harm(session: Session) -> None:
        row = incidents.row_of(session, town.incident().stream)
        assert row is not None
        row.state = "{}"
        session.add(row)

    town.world.db.write(harm)
    with pytest.raises(TypeError):
        looks_ahead(town)
    town.world.strict = False
    assert [looks_ahead(town) for _ in range(2)] == [1, 0]
