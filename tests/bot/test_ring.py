"""What the clock does at a tick, seen from inside."""

import json
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.clock import start_clock
from bot.ring import Ticker
from bot.ring import tick as ring_all
from bot.ring_facts import Card, Item, each_once, without_their_receipts
from bot.ring_sound import is_aloud
from bot.stage import Stage
from handlers.duties import _BUTTONS, ring_buttons
from procedure import actions as a
from procedure.codec import Prose
from procedure.incident import Incident
from procedure.ladder import Rung
from procedure.obligations import Obligation, owed
from procedure.parties import person
from procedure.ringing import due_rings, round_of, work_of
from procedure.words import Duty, Severity
from storage import chats, incidents, marks, people
from storage.database import Session
from storage.tables import MessageRow
from tests.listening import acts, passes
from tests.procedure.village import opening
from tests.story import opened, reported
from tests.town import START, Town


def duty(key: str, kind: Duty = Duty.TASK) -> Obligation:
    return Obligation(key=key, duty=kind, owner=person(1), start=START, due=START)


def item(key: str, kind: Duty, stream: str = "incident-1") -> Item:
    rung = Rung(0, START, "due", True, (), 100, timedelta(0))
    return Item(Incident(stream=stream), duty(key, kind), 1, rung)


@pytest.mark.parametrize(
    ("key", "work"),
    [
        ("O1:open", "O2"),
        ("O1:order:3:8", "O5:3"),
        ("O1:task:2:1", "task:2"),
        ("O1:spokesperson:3", None),
        ("O1:focal_point:8", None),
    ],
)
def test_a_receipt_knows_the_work_that_it_is_about(key: str, work: str | None) -> None:
    assert work_of(key) == work
    assert work_of("O2") is None


def test_only_the_receipt_of_the_same_work_in_the_same_incident_is_left_out() -> None:
    receipt, other = item("O1:open", Duty.RECEIPT), item("O1:open", Duty.RECEIPT, "incident-2")
    report, task = item("O2", Duty.QUICK_REPORT), item("task:1", Duty.TASK)
    assert without_their_receipts([receipt, other, report, task]) == [other, report, task]
    assert without_their_receipts([receipt, task]) == [receipt, task]


def test_one_call_to_one_person_about_one_duty_the_first_kind_wins() -> None:
    incident, report = Incident(stream="incident-1"), duty("O2")
    card = Card(incident, report, 3, "call", 1, 1)
    night = Card(incident, report, 3, "night", 1, 1)
    another = Card(incident, duty("O3"), 3, "night", 1, 1)
    assert each_once([card, night, another]) == [card, another]


def test_a_tick_says_how_many_rings_and_when_it_was(town: Town) -> None:
    opened(town)
    assert ring_all(town.world) == 0
    passes(town, minutes=15)
    assert ring_all(town.world) == 1
    assert ring_all(town.world) == 0
    last = town.world.db.read(lambda session: marks.marked(session, marks.LAST_TICK))
    assert last == town.clock.isoformat()


def test_a_tick_may_be_asked_for_a_moment(town: Town) -> None:
    opened(town)
    assert ring_all(town.world, town.clock + timedelta(minutes=15)) == 1


def test_the_key_of_a_ring_names_duty_round_rung_and_person(town: Town) -> None:
    opened(town)
    passes(town, minutes=15)
    ring_all(town.world)
    row = [one for one in town.thread("Ví Dụ") if one.template.startswith("rings/")][-1]
    assert row.key == f"ring:{town.incident().stream}:O1:open:1:0:3"


def test_extra_time_begins_a_new_round(town: Town) -> None:
    opened(town)
    town.at("12/10 03:06")
    found = town.duty("O2")
    assert found and round_of(town.incident(), found) == 1
    acts(town, "Ví Dụ", a.ExtendDuty(duty="O2", minutes=15))
    found = town.duty("O2")
    assert found and round_of(town.incident(), found) == 2


def test_each_duty_owed_has_a_sentence_and_at_most_three_buttons(town: Town) -> None:
    opened(town)
    reported(town)
    acts(town, "Thí Dụ", a.LogClaim(text=Prose("Trên mạng nói 3 người bị cuốn trôi")))
    incident = town.incident()
    terms = town.world.db.read(lambda session: town.world.terms(session, incident.policy))
    found = owed(incident, terms)
    assert len({one.duty for one in found}) >= 5
    for one in found:
        assert town.world.renderer.has(f"rings/owner#{one.duty.name.lower()}"), one
        assert 1 <= len(ring_buttons(one, incident)) <= 3, one


def test_every_duty_with_a_button_has_its_words(town: Town) -> None:
    has = town.world.renderer.has
    for one in _BUTTONS:
        assert has(f"rings/owner#{one.name.lower()}") and has(f"words#duty_{one.name.lower()}"), one


def test_a_pass_over_nothing_due_writes_nothing(town: Town) -> None:
    opened(town)
    before = len(town.journal())

    def work(session: object) -> int:
        stage = Stage(town.world, session, town.clock, "clock")  # type: ignore[arg-type]
        return Ticker(stage, {}).run([])

    assert town.world.db.write(work) == 0
    assert len(town.journal()) == before


def test_at_most_one_rung_of_each_duty_is_due_at_once(town: Town) -> None:
    opened(town)
    passes(town, hours=40)
    incident = town.incident()

    def work(session: object) -> list[str]:
        terms = town.world.terms(session, incident.policy)  # type: ignore[arg-type]
        organisation = town.world.organisation(session)  # type: ignore[arg-type]
        rings = due_rings(incident, terms, organisation, town.clock)
        return sorted(one.duty.key for one in rings)

    assert town.world.db.read(work) == ["O14", "O1:open", "O2"]


def test_the_clock_ticks_every_fifteen_seconds_and_makes_good_what_it_missed(town: Town) -> None:
    opened(town)
    passes(town, minutes=15)
    scheduler = start_clock(town.world)
    try:
        (job,) = scheduler.get_jobs()
        assert job.trigger.interval == timedelta(seconds=15)
        assert job.coalesce and job.max_instances == 1 and job.misfire_grace_time is None
    finally:
        scheduler.shutdown(wait=True)


def test_a_broken_incident_holds_up_no_other(town: Town) -> None:
    opened(town)
    broken = town.incident().stream
    town.answers("Tham Chiếu", "vo de cong so 3, 2 nha", "Báo vụ việc mới", "Chưa ghi nhận")
    other = town.incident("VV-2026-002").stream

    def harm(session: Session) -> None:
        row = incidents.row_of(session, broken)
        assert row is not None
        row.state = "{}"
        session.add(row)

    town.world.db.write(harm)
    passes(town, hours=2)
    with pytest.raises(TypeError):
        ring_all(town.world)
    town.world.strict = False
    assert ring_all(town.world) >= 1
    found = town.world.db.read(lambda session: incidents.get(session, other))
    assert found.rung
    assert town.world.db.read(lambda session: incidents.due(session, town.clock)) == [broken]


def opens(town: Town, severity: Severity = Severity.SERIOUS) -> Incident:
    """The clerk's commune reports one more incident."""

    def work(session: Session) -> Incident:
        stage = Stage(town.world, session, town.clock, "web")
        policy = people.policy_in_force(session) or ""
        act = opening(unit=3, department=2, committee=1, policy=policy, severity=severity)
        return stage.incident(stage.perform(None, town.id("Bản Sao"), act))

    return town.world.db.write(work)


def test_no_more_than_ten_duties_or_calls_stand_in_one_message(town: Town) -> None:
    for _ in range(23):
        opens(town)
    head, office = 3, 10
    for minutes, people_rung in ((16, [head]), (21, [head, office])):
        passes(town, minutes=minutes)
        ring_all(town.world)
        for one in people_rung:
            rows = queued(town, one)
            assert [len(chats.open_choices(row)) for row in rows] == [10, 10, 3]
            assert [len(json.loads(row.duties)) for row in rows] == [10, 10, 3]
            labels = [label for row in rows for label in town.labels(row)]
            assert len(set(labels)) == 23 and labels[0].startswith("VV-2026-001: "), labels


def queued(town: Town, person: int) -> list[MessageRow]:
    """The rings of now to one person, which no later one has replaced."""

    def work(session: Session) -> list[MessageRow]:
        found = select(MessageRow).where(
            MessageRow.person == person,
            MessageRow.created_at == town.clock,
            col(MessageRow.superseded).is_(False),
        )
        return list(session.exec(found.order_by(col(MessageRow.id))).all())

    return town.world.db.read(work)


def test_a_message_rings_when_one_thing_in_it_may(town: Town) -> None:
    """At night the leader is rung about what is grave, the watch in his place about the rest."""
    about = duty("O2", Duty.QUICK_REPORT)
    serious, grave = (
        Card(opens(town, severity), about, 3, "call", 1, 1)
        for severity in (Severity.SERIOUS, Severity.GRAVE)
    )

    def heard(*cards: Card) -> object:
        def work(session: Session) -> object:
            stage = Stage(town.world, session, town.clock, "clock")
            return is_aloud(stage, town.id("Mẫu"), cards)

        return town.world.db.read(work)

    assert heard(serious, grave) == heard(grave, serious) == (True, None)
    assert heard(serious) == (False, (serious, town.id("Thử")))
    assert heard() == (False, None)


@pytest.mark.parametrize("first", [Severity.SERIOUS, Severity.GRAVE])
def test_so_do_the_rings_and_cards_that_a_tick_makes(first: Severity, town: Town) -> None:
    kinds = (first, Severity.SERIOUS if first is Severity.GRAVE else Severity.GRAVE)
    about = duty("O2", Duty.QUICK_REPORT)
    several = [opens(town, severity) for severity in kinds]
    town.clock += timedelta(minutes=1)
    leader = town.id("Mẫu")

    def work(session: Session) -> None:
        ticker = Ticker(Stage(town.world, session, town.clock, "clock"), {})
        rung = Rung(0, town.clock, "due", True, (), 100, timedelta(0))
        ticker._ring_owner(leader, [Item(one, about, 1, rung) for one in several], (), 0)
        ticker._cards_to(leader, [Card(one, about, 3, "call", 1, 1) for one in several], 0)

    town.world.db.write(work)
    assert [(row.template, row.rings) for row in queued(town, leader)] == [
        ("rings/owner#several", True),
        ("rings/call#several", True),
    ]
