"""Two communes become one in the middle of an incident (domain.md §3)."""

from dataclasses import replace
from datetime import timedelta

from bot.clock import tick
from procedure.organisation import Organisation
from procedure.register import table
from procedure.staffing import plan
from storage import people
from tests.story import opened, received, reported
from tests.town import Town

OLD_HEAD, NEW_HEAD = "Ví Dụ", "Giả Sử"
COMMUNE, JOINED = 3, 15


def organisation(town: Town) -> Organisation:
    """As it is now."""
    return town.world.db.read(people.organisation)


def merges(town: Town) -> None:
    """The register of the day: the commune is gone, its head works as a deputy in the new one."""
    before = organisation(town)
    units, staff = table(before)
    into = before.units[JOINED].key
    home = before.units[COMMUNE].key
    gone = [replace(one, into=into) for one in units if one.code == home]
    moved = [replace(one, unit=into, roles=()) for one in staff if one.unit == home]
    made = plan(before, gone, moved, town.clock.date())
    assert not made.faults
    town.world.db.write(
        lambda session: people.record(session, made.facts, at=town.clock, actor=0, channel="test")
    )


def test_the_head_of_the_new_commune_is_rung_and_sends_the_report_of_the_old_one(
    town: Town,
) -> None:
    opened(town)
    merges(town)
    assert organisation(town).head(COMMUNE) == town.id(NEW_HEAD)
    town.clock += timedelta(minutes=15)
    tick(town.world)
    rung = [row for row in town.thread(NEW_HEAD) if row.template.startswith("rings/")]
    assert rung, "whoever heads the new commune is asked"
    town.skips()
    town.answers(NEW_HEAD, "/viec", "Xem và gửi lên tỉnh", "Gửi")
    sent = town.incident()
    assert sent.submitted_at == town.clock and sent.unit == COMMUNE
    town.skips()
    town.says(OLD_HEAD, "/viec")
    assert "Xem và gửi lên tỉnh" not in town.last(OLD_HEAD)


def test_what_was_sent_before_goes_on_and_nobody_is_left_without_somebody_to_ask(
    town: Town,
) -> None:
    opened(town)
    reported(town)
    received(town)
    town.skips()
    merges(town)
    for _ in range(8):
        town.clock += timedelta(minutes=30)
        tick(town.world)
    told = [row for row in town.thread(NEW_HEAD) if row.template.startswith("rings/")]
    assert told, "the new head is rung for what the old one owed"
    town.holds()
