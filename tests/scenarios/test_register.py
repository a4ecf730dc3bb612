"""The register of spokespersons: confirmed each quarter by one tap of each head (O25, T8)."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from bot.clock import tick
from bot.confirmations import ask_heads
from bot.deliver import deliver_all
from bot.present import Present
from bot.world import World, make_world
from procedure.confirming import Asked
from procedure.entries import Entry, Fact
from procedure.entries_organisation import (
    ORGANISATION,
    PersonRegistered,
    RoleEnded,
    RoleGiven,
    SpeakersConfirmed,
)
from procedure.words import Role
from storage import journal, people
from tests.town import Town, local

HEAD, CLERK, DEPUTY, ADMIN = "Ví Dụ", "Bản Sao", "Dự Phòng", "Thử Nghiệm"
COMMUNE = 3
ASKED, OFFICE = "register#speakers_asked", "register#speakers_office"


@pytest.fixture
def eve(tmp_path: Path) -> Iterator[Town]:
    """The evening before the fourth quarter: 01/10/2026 is a Thursday."""
    town = Town(tmp_path / "town", start=local("30/09 20:00"))
    yield town
    town.close()


def comes(town: Town, text: str) -> None:
    """The clock stands at a moment and ticks."""
    town.at(text)
    tick(town.world)


def asked(town: Town, template: str = ASKED) -> list[int]:
    """Whom the last ticks have asked."""
    return [row.person for row in town.unheard() if row.template == template]


def facts(town: Town) -> list[Entry]:
    """The confirmations in the journal."""
    entries = town.world.db.read(lambda session: journal.read(session, ORGANISATION))
    return [one for one in entries if isinstance(one.fact, SpeakersConfirmed)]


def happens(town: Town, *told: Fact) -> None:
    """The register changes."""
    town.world.db.write(
        lambda session: people.record(session, told, at=town.clock, actor=0, channel="test")
    )


def heads(town: Town) -> set[int]:
    """Every head of a unit that must have somebody who speaks, or has."""
    now = town.world.db.read(people.organisation)
    kinds = {"locality", "department", "establishment"}
    return {
        held.person
        for held in now.holdings
        if held.role is Role.HEAD and now.units[held.unit].kind in kinds
    }


@pytest.mark.duty("T8")
def test_one_tap_of_the_head_confirms_who_speaks_and_the_journal_keeps_it(eve: Town) -> None:
    comes(eve, "01/10 07:59")
    assert asked(eve) == []
    comes(eve, "01/10 08:00")
    assert sorted(asked(eve)) == sorted(heads(eve)), "each head once, and nobody else"
    told = eve.hears(HEAD, ASKED, "quý IV/2026", "Nguyễn Văn Ví Dụ", "ĐT 0296.000.0003")
    assert eve.labels(told) == ["Đúng, vẫn như vậy", "Cần sửa"]
    eve.skips()
    eve.at("01/10 08:20")
    eve.taps(HEAD, "Đúng, vẫn như vậy")
    eve.hears(HEAD, "register#speakers_confirmed", "cảm ơn")
    (entry,) = facts(eve)
    fact = entry.fact
    assert fact == SpeakersConfirmed(unit=COMMUNE, quarter="2026-Q4", speakers=(eve.id(HEAD),))
    assert (entry.actor, entry.authority) == (eve.id(HEAD), "head")
    comes(eve, "06/10 08:01")
    assert eve.id(HEAD) not in asked(eve), "who has answered is asked no more"
    eve.skips()
    comes(eve, "31/12 16:00")
    comes(eve, "01/01/2027 09:00")
    assert asked(eve) == [], "a day off"
    comes(eve, "04/01/2027 08:00")
    eve.hears(HEAD, ASKED, "quý I/2027")


def test_he_is_asked_again_after_three_working_days_then_his_office_and_never_more(
    eve: Town,
) -> None:
    comes(eve, "01/10 08:00")
    eve.skips()
    for moment in ("02/10 08:00", "05/10 16:00", "06/10 07:59"):
        comes(eve, moment)
        eve.is_quiet()
    comes(eve, "06/10 08:00")
    eve.hears(HEAD, ASKED, "Kính nhắc lại")
    assert len(eve.live(HEAD)) == 1, "the second question takes the place of the first"
    eve.skips()
    comes(eve, "08/10 16:00")
    eve.is_quiet()
    comes(eve, "09/10 08:00")
    eve.hears(CLERK, OFFICE, "Nguyễn Văn Ví Dụ, ĐT 0296.000.0003")
    assert asked(eve) == []
    eve.skips()
    for moment in ("14/10 08:00", "01/11 08:00", "31/12 16:59"):
        comes(eve, moment)
        eve.is_quiet()
    eve.taps(HEAD, "Đúng, vẫn như vậy")
    assert len(facts(eve)) == 1, "late is not too late"


def test_what_needs_mending_goes_to_the_clerk_and_what_changed_is_shown_again(eve: Town) -> None:
    comes(eve, "01/10 08:00")
    eve.skips()
    eve.taps(HEAD, "Cần sửa")
    eve.hears(HEAD, "register#speakers_how", "Ngô Thị Bản Sao", "/vaitro")
    eve.hears(CLERK, "register#speakers_set_right", "Nguyễn Văn Ví Dụ")
    eve.is_quiet()
    happens(eve, RoleGiven(person=eve.id(DEPUTY), role=Role.SPOKESPERSON, unit=COMMUNE))
    eve.taps(HEAD, "Xem lại và xác nhận")
    eve.hears(HEAD, ASKED, "Nguyễn Văn Ví Dụ", "Đặng Văn Dự Phòng")
    happens(eve, RoleEnded(person=eve.id(HEAD), role=Role.SPOKESPERSON, unit=COMMUNE))
    eve.taps(HEAD, "Đúng, vẫn như vậy")
    eve.hears(HEAD, ASKED, "đã đổi từ lúc hỏi", "Đặng Văn Dự Phòng")
    assert facts(eve) == [], "nobody confirms what he has not seen"
    eve.taps(HEAD, "Đúng, vẫn như vậy")
    eve.hears(HEAD, "register#speakers_confirmed")
    (entry,) = facts(eve)
    speakers = (eve.id(DEPUTY),)
    assert entry.fact == SpeakersConfirmed(unit=COMMUNE, quarter="2026-Q4", speakers=speakers)
    eve.is_quiet()


def test_a_telephone_that_changed_after_the_question_is_shown_before_it_is_confirmed(
    eve: Town,
) -> None:
    comes(eve, "01/10 08:00")
    eve.skips()
    person = eve.world.db.read(people.organisation).people[eve.id(HEAD)]
    happens(eve, PersonRegistered(person=replace(person, phone="0912 345 678")))
    eve.taps(HEAD, "Đúng, vẫn như vậy")
    eve.hears(HEAD, ASKED, "0912 345 678")
    assert facts(eve) == []


def test_a_unit_without_anybody_to_call_cannot_be_confirmed_and_only_the_head_confirms(
    eve: Town,
) -> None:
    happens(eve, RoleEnded(person=eve.id(HEAD), role=Role.SPOKESPERSON, unit=COMMUNE))
    comes(eve, "01/10 08:00")
    told = eve.hears(HEAD, ASKED, "chưa có người phát ngôn")
    assert eve.labels(told) == ["Cần sửa"]
    eve.skips()
    rows: list[Any] = []
    do = {"register": "confirm", "unit": COMMUNE, "quarter": "2026-Q4", "rows": rows}
    eve.presses(HEAD, do)
    eve.hears(HEAD, "refusals#no_speaker_to_confirm")
    for what in ("confirm", "wrong"):
        eve.presses(DEPUTY, {**do, "register": what})
        eve.hears(DEPUTY, "refusals#only_head_confirms", "Nguyễn Văn Ví Dụ")
    eve.is_quiet()
    assert facts(eve) == []


def test_a_restart_and_a_second_tick_ask_nobody_twice_and_nothing_due_writes_nothing(
    eve: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes(eve, "01/10 08:00")
    first = len(asked(eve))
    assert first == len(heads(eve))
    eve.restart()
    tick(eve.world)
    eve.restart()
    comes(eve, "01/10 08:01")
    assert len(asked(eve)) == first
    monkeypatch.setattr(eve.world.db, "write", _never)
    assert ask_heads(eve.world) == 0
    eve.clock = local("02/10 03:00")
    assert ask_heads(eve.world) == 0


def test_the_key_of_each_question_stands_when_two_hands_ask_at_once(
    eve: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other replica has asked in between, and the mark was read before it did."""
    comes(eve, "01/10 08:00")
    first = len(asked(eve))
    monkeypatch.setattr("bot.confirmations._asked", lambda session, quarter: {})
    assert ask_heads(eve.world) == 0
    deliver_all(eve.world)
    assert len(asked(eve)) == first
    monkeypatch.undo()
    comes(eve, "06/10 08:00")
    comes(eve, "09/10 08:00")
    eve.skips()
    before = {COMMUNE: Asked(1, local("06/10 08:00"))}
    monkeypatch.setattr("bot.confirmations._asked", lambda session, quarter: before)
    assert ask_heads(eve.world) == 0
    eve.is_quiet()


def test_two_services_that_tick_in_the_same_moment_ask_each_head_once(eve: Town) -> None:
    eve.clock = local("01/10 08:00").astimezone(UTC)
    other = make_world(eve.world.settings, Present(lambda: eve.clock))
    other.strict = True
    both = threading.Barrier(2, timeout=10)

    def asks(world: World) -> int:
        both.wait()
        return ask_heads(world)

    with ThreadPoolExecutor(2) as hands:
        put = list(hands.map(asks, (eve.world, other)))
    other.db.close()
    deliver_all(eve.world)
    assert sum(put) == len(heads(eve)) and sorted(asked(eve)) == sorted(heads(eve))


def test_a_database_that_was_asleep_in_the_first_days_asks_in_the_next_quarter(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path / "town", start=local("12/10 09:00"))
    tick(town.world)
    town.is_quiet()
    town.close()


def _never(*args: object, **named: object) -> None:
    raise AssertionError("it wrote")
