"""A refused action leaves nothing in the real database: no entry, no message, no changed row."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlmodel import Session, SQLModel, func, select

from bot import staff
from bot.stage import Stage
from procedure import actions as a
from procedure import arrangement_actions as b
from procedure import staff_actions as s
from procedure.arrangements import Turn
from procedure.codec import Prose
from procedure.errors import Refused
from procedure.facts import FileRef
from procedure.incident import Incident
from procedure.staff_actions import ROLE_ACTIONS, StaffAction
from procedure.words import Role, UnitKind
from storage.tables import ContentRow, CounterRow, EntryRow, MessageRow
from tests.fixtures import (
    DEPUTY,
    EXPERT,
    HEAD,
    LEADER,
    MEMBER,
    NEIGHBOUR,
    OFFICER,
    OUTSIDER,
    PARTNER,
    PRESS,
    REPORTER,
    SECRETARY,
)
from tests.handlers.form_cases import entries, told
from tests.procedure import village as v
from tests.procedure.permissions import samples
from tests.procedure.permissions import staff as offices
from tests.procedure.permissions import stages as moments
from tests.procedure.village import Walk
from tests.town import Town

TownAt = Callable[[str], Town]
ADMIN = "Thử Nghiệm"
PEOPLE = (REPORTER, HEAD, OFFICER, LEADER, SECRETARY, MEMBER, EXPERT, PRESS, OUTSIDER, ADMIN)
STRANGER, CLOCK = 9999, 0


class _Over(Exception):
    """The end of a trial; the transaction goes back."""


def rows(session: Session) -> Mapping[str, list[str]]:
    """All that lies in the database, but for the counters: a turn that is undone gives its number
    back with all else."""
    session.flush()
    tables = SQLModel.metadata.tables.values()
    return {
        table.name: sorted(str(tuple(row)) for row in session.connection().execute(table.select()))
        for table in tables
        if table.name != CounterRow.__tablename__
    }


def told_and_written(session: Session) -> list[int]:
    """How much stands in the journals, in the outbox, and what of it may be erased."""
    session.flush()
    counts = (select(func.count()).select_from(one) for one in (EntryRow, MessageRow, ContentRow))
    return [session.exec(one).one() for one in counts]


def tried(incident: Incident, stage: Stage) -> list[a.Action]:
    """An action of every kind, about this very incident."""
    walk = Walk(organisation=stage.organisation, now=stage.now, incident=incident)
    moment = moments.Stage(incident.code, walk, moments.OTHERS)
    return [_of_this_province(one.action, incident) for one in samples.samples(moment)]


def _of_this_province(action: a.Action, incident: Incident) -> a.Action:
    """What a report is opened with is data of the database."""
    if not isinstance(action, a.OpenIncident):
        return action
    bodies = {"unit": incident.unit, "department": incident.department}
    return replace(action, committee=incident.committee, policy=incident.policy, **bodies)


@pytest.mark.parametrize("at", ["opened", "busy", "drafted", "closed", "within_drafted", "roomed"])
def test_of_a_refused_action_nothing_is_written(at: str, town_at: TownAt) -> None:
    town = town_at(at)
    actors = [*(town.id(one) for one in PEOPLE), STRANGER, CLOCK]
    refusals = {"refused": 0}

    def work(session: Session) -> None:
        stage = Stage(town.world, session, town.world.now(), "web")
        incident = stage.incident(town.newest().stream)
        before = rows(session)
        for action in tried(incident, stage):
            for actor in actors:
                written = told_and_written(session)
                if not done(session, stage, incident.stream, actor, action):
                    refusals["refused"] += 1
                    assert told_and_written(session) == written, (actor, action)
        assert rows(session) == before
        raise _Over

    with pytest.raises(_Over):
        town.world.db.write(work)
    assert refusals["refused"] > 800


def done(session: Session, stage: Stage, stream: str, actor: int, action: a.Action) -> bool:
    """Whether the rules let it pass; what came of it is undone, of a refusal nothing is."""
    within = session.begin_nested()
    try:
        stage.perform(stream, actor, action)
    except Refused:
        within.commit()
        return False
    within.rollback()
    stage.forget()
    return True


def test_of_a_refused_role_nothing_is_written(town_at: TownAt) -> None:
    """Also of an act that a form of another time would still put to the rules."""
    town = town_at("opened")
    head, clerks_unit = town.id(HEAD), town.newest().unit
    refused = 0

    def work(session: Session) -> None:
        nonlocal refused
        stage = Stage(town.world, session, town.world.now(), "web")
        before = rows(session)
        for who in (REPORTER, HEAD, OFFICER, LEADER, SECRETARY, PRESS, OUTSIDER):
            for kind in ROLE_ACTIONS.values():
                for role in Role:
                    action = kind(person=head, role=role, unit=clerks_unit)
                    with suppress(Refused):
                        staff.manage(stage, town.id(who), action)
                        raise AssertionError(f"{who} may {action}")
                    refused += 1
        assert rows(session) == before

    town.world.db.write(work)
    assert refused == 7 * len(ROLE_ACTIONS) * len(Role)


def arranged(town: Town, session: Session) -> Stage:
    """A paper waits, an absence is not accepted, one is, and a roster stands."""
    stage = Stage(town.world, session, town.world.now(), "web")
    head, admin, unit = town.id(HEAD), town.id(ADMIN), town.newest().unit
    for actor, action in (
        (admin, _paper(town, stage)),
        (head, _absence(stage, head, town.id(DEPUTY))),
        (admin, _absence(stage, town.id(OFFICER), town.id(LEADER))),
        (town.id(LEADER), b.AcceptAbsence(absence=2)),
        (head, b.SetRoster(unit=unit, turns=(_turn(town.id(REPORTER)),))),
    ):
        staff.perform(stage, None, actor, action)
    return stage


def _turn(person: int) -> Turn:
    return Turn(weekday=0, start=0, hours=7 * 24, person=person)


def _paper(town: Town, stage: Stage) -> b.GiveDelegation:
    file = FileRef(sha256="cd" * 32, media_type="application/pdf", size=9, name=Prose("a.pdf"))
    return b.GiveDelegation(
        person=town.id(REPORTER),
        document=Prose("12/GUQ"),
        dated=stage.now.date(),
        since=stage.now,
        until=stage.now + v.DAY,
        stream=None,
        field="landslide",
        paper=(file,),
    )


def _absence(stage: Stage, person: int, stand_in: int) -> b.EnterAbsence:
    until = stage.now + v.DAY
    return b.EnterAbsence(person=person, stand_in=stand_in, since=stage.now, until=until)


def acts(town: Town, stage: Stage) -> Iterator[StaffAction]:
    """One of every kind about the organisation, and of some more."""
    head, reporter, unit = town.id(HEAD), town.id(REPORTER), town.newest().unit
    seen = stage.organisation.units[unit]
    named = {"name": "UBND xã Tre Mới", "short": "xã Tre Mới"}
    for kind in ROLE_ACTIONS.values():
        yield kind(person=reporter, role=Role.OFFICE, unit=unit)
    yield s.InvitePerson(person=head)
    yield s.EndAccess(person=head)
    yield s.RegisterUnit(**named, kind=UnitKind.LOCALITY, reports_to=seen.reports_to)
    yield s.RenameUnit(seen=seen, **named)
    yield s.MoveUnit(seen=seen, reports_to=town.newest().department)
    yield s.MergeUnit(seen=seen, into=stage.organisation.people[town.id(NEIGHBOUR)].unit)
    yield s.CloseUnit(seen=seen)
    yield s.CloseUnit(seen=replace(seen, short="as it was"))
    new = {"address": "bà", "post": "công chức", "phone": "0296 000 0999"}
    yield s.RegisterPerson(name="Hồ Thị Ví Von", unit=unit, **new)
    yield s.ChangePerson(person=reporter, post="Phó Chủ tịch")
    yield _paper(town, stage)
    yield b.ConfirmDelegation(delegation=1)
    yield b.EndDelegation(delegation=1)
    yield _absence(stage, reporter, town.id(DEPUTY))
    for kind in (b.AcceptAbsence, b.DeclineAbsence, b.EndAbsence):
        for number in (1, 2):
            yield kind(absence=number)
    yield b.SetRoster(unit=unit, turns=(_turn(reporter),))
    span = {"since": stage.now, "until": stage.now + v.HOUR}
    yield b.TakeShift(unit=unit, person=reporter, **span)
    yield b.HandOverShift(unit=unit, note=Prose("Đã gọi trưởng ấp"))


def test_of_a_refused_arrangement_or_change_of_a_unit_nothing_is_written(town_at: TownAt) -> None:
    town = town_at("opened")
    actors = [*(town.id(one) for one in (*PEOPLE, DEPUTY, PARTNER)), STRANGER]
    refused, succeeded = 0, set()

    def work(session: Session) -> None:
        nonlocal refused
        stage = arranged(town, session)
        stage.chat = town.chat(session, town.id(ADMIN))
        before, tried = rows(session), list(acts(town, stage))
        assert {type(one).__name__ for one in tried} == offices.kinds()
        for action in tried:
            for actor in actors:
                written = told_and_written(session)
                if act_done(session, stage, actor, action):
                    succeeded.add(type(action).__name__)
                else:
                    refused += 1
                    assert told_and_written(session) == written, (actor, action)
        assert rows(session) == before
        raise _Over

    with pytest.raises(_Over):
        town.world.db.write(work)
    assert refused > 300
    # Nobody lacks a role here to be confirmed, nobody follows in the roster.
    closed = {"ConfirmRole", "RejectRole", "CloseUnit", "HandOverShift", "EndRole"}
    assert succeeded == offices.kinds() - closed


def act_done(session: Session, stage: Stage, actor: int, action: StaffAction) -> bool:
    """Whether the rules let it pass; what came of it is undone, of a refusal nothing is."""
    within = session.begin_nested()
    try:
        staff.perform(stage, None, actor, action)
    except Refused:
        within.commit()
        return False
    within.rollback()
    stage.organisation = stage.world.organisation(session, stage.now)
    return True


@pytest.mark.parametrize(
    ("who", "action", "key"),
    [
        (PRESS, "ReceiveReport", "press_reports_elsewhere"),
        (REPORTER, "ReceiveReport", "only_duty_officer"),
        (OUTSIDER, "ReceiveReport", "only_duty_officer"),
    ],
)
def test_a_refused_tap_is_answered_and_nobody_else_hears(
    who: str, action: str, key: str, town_at: TownAt
) -> None:
    town = town_at("sent_up")
    written, others = entries(town), {one: len(town.thread(one)) for one in PEOPLE if one != who}
    town.presses(who, {"act": action, "data": {}, "stream": town.newest().stream})
    assert told(town, who).template == f"refusals#{key}"
    assert entries(town) == written
    assert {one: len(town.thread(one)) for one in others} == others
