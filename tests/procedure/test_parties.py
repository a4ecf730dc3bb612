"""Who a post is at this moment, and whom a ladder climbs to."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from procedure import actions as a
from procedure.organisation import Holding, Organisation, Person, Unit
from procedure.parties import (
    Party,
    Post,
    deputies,
    everyone,
    fact_keeper,
    heads,
    is_press,
    ladder,
    leaders,
    person,
    resolve,
    room_members,
    speaker,
)
from procedure.words import Level, Role, UnitKind
from tests.procedure import village as v
from tests.procedure.village import Walk

ORDER = a.OrderVerification(people=(v.OUTSIDER, v.WATCH), units=(v.AGENCY, v.COMMUNE), what=v.WORDS)


@pytest.mark.parametrize(
    ("post", "stage", "people"),
    [
        (Post.REPORTER, v.opened, (v.REPORTER,)),
        (Post.HEAD_OF_UNIT, v.opened, (v.HEAD,)),
        (Post.DEPUTY_OF_UNIT, v.opened, (v.DEPUTY,)),
        (Post.UNIT_SPOKESPERSON, v.opened, (v.HEAD,)),
        (Post.SPOKESPERSON, v.opened, (v.HEAD,)),
        (Post.SPOKESPERSON, v.concluded, (v.HEAD,)),
        (Post.FOCAL_POINT, v.opened, (v.REPORTER,)),
        (Post.FOCAL_POINT, v.concluded, (v.EXPERT,)),
        (Post.CHAIR, v.received, (v.LEADER, v.SECOND)),
        (Post.CHAIR, v.met, (v.LEADER,)),
        (Post.DUTY_OFFICER, v.opened, (v.DUTY,)),
        (Post.LEADER, v.opened, (v.LEADER,)),
        (Post.COMMITTEE_OFFICE, v.opened, (v.SECRETARY,)),
    ],
)
def test_a_post_is_whoever_holds_it_now(
    post: Post, stage: Callable[[], Walk], people: tuple[int, ...]
) -> None:
    assert resolve(Party(post), stage().incident, v.ORGANISATION) == people


def test_a_person_is_himself_and_a_party_without_one_is_nobody() -> None:
    incident = v.opened().incident
    assert resolve(person(7), incident, v.ORGANISATION) == (7,)
    assert resolve(Party(Post.PERSON), incident, v.ORGANISATION) == ()


def test_a_hand_over_moves_the_duty_with_the_post() -> None:
    walk = v.concluded()
    walk.does(
        v.LEADER,
        a.AssignSpokesperson(
            person=v.EXPERT, expected=v.HEAD, by_authority=v.REASON, reason=v.REASON
        ),
    )
    assert resolve(Party(Post.SPOKESPERSON), walk.incident, v.ORGANISATION) == (v.EXPERT,)


@pytest.mark.parametrize(
    ("gone", "post", "stands_in"),
    [
        (((v.HEAD, Role.HEAD),), Post.HEAD_OF_UNIT, v.DEPUTY),
        (((v.HEAD, Role.HEAD), (v.DEPUTY, Role.DEPUTY)), Post.HEAD_OF_UNIT, v.PARTY_HEAD),
        (((v.DUTY, Role.ON_DUTY),), Post.DUTY_OFFICER, v.LEADER),
        (((v.LEADER, Role.HEAD),), Post.LEADER, v.SECOND),
        (((v.HEAD, Role.SPOKESPERSON),), Post.SPOKESPERSON, v.HEAD),
    ],
)
def test_an_empty_post_falls_to_the_next(
    gone: tuple[tuple[int, Role], ...], post: Post, stands_in: int
) -> None:
    incident = v.opened().incident
    assert resolve(Party(post), incident, v.without(*gone)) == (stands_in,)


def test_without_anybody_nobody_speaks() -> None:
    nobody = replace(v.ORGANISATION, holdings=())
    incident = v.opened().incident
    assert speaker(incident, nobody) == 0
    assert resolve(Party(Post.SPOKESPERSON), incident, nobody) == ()
    assert resolve(Party(Post.COMMITTEE_OFFICE), incident, nobody) == ()


def test_the_lead_verifier_answers_for_facts_until_a_focal_point_is_named() -> None:
    walk = v.beyond().all([(v.HEAD, ORDER)])
    assert fact_keeper(walk.incident) == v.OUTSIDER


def test_the_joined_bodys_head_may_act_as_a_deputy_and_stands_once() -> None:
    assert heads(v.COMMUNE, v.ORGANISATION) == (v.HEAD, v.DEPUTY, v.PARTY_HEAD)
    assert deputies(v.AGENCY, v.ORGANISATION) == ()
    both = replace(
        v.ORGANISATION,
        holdings=(*v.ORGANISATION.holdings, Holding(v.PARTY_HEAD, Role.DEPUTY, v.COMMUNE)),
    )
    assert deputies(v.COMMUNE, both) == (v.DEPUTY, v.PARTY_HEAD)
    assert deputies(v.STRANGER, v.ORGANISATION) == ()


def test_the_department_is_led_by_its_head_then_its_deputies() -> None:
    assert leaders(v.opened().incident, v.ORGANISATION) == (v.LEADER, v.SECOND)


def test_the_province_has_a_part_only_once_the_report_has_gone_up() -> None:
    before, after = v.beyond().incident, v.submitted().incident
    assert not {v.DUTY, v.LEADER} & set(everyone(before, v.ORGANISATION))
    assert {v.DUTY, v.LEADER} <= set(everyone(after, v.ORGANISATION))


def test_the_press_never_has_a_part_even_where_it_once_reported() -> None:
    walk = v.opened()
    there = replace(walk.incident, opened_by=v.JOURNALIST, members=(v.JOURNALIST,))
    walk = replace(walk, incident=there)
    assert is_press(v.JOURNALIST, v.ORGANISATION) and not is_press(v.HEAD, v.ORGANISATION)
    assert v.JOURNALIST in walk.incident.members
    assert v.JOURNALIST not in everyone(walk.incident, v.ORGANISATION)
    assert v.JOURNALIST not in room_members(walk.incident, v.ORGANISATION)


@pytest.mark.parametrize(
    ("owner", "stage", "levels"),
    [
        (
            (v.REPORTER,),
            v.beyond,
            (
                (Level.OFFICE, (v.WATCH,)),
                (Level.HEAD, (v.HEAD,)),
                (Level.DUTY_OFFICER, (v.DUTY,)),
                (Level.LEADER, (v.LEADER,)),
            ),
        ),
        (
            (v.HEAD,),
            v.beyond,
            (
                (Level.OFFICE, (v.DEPUTY, v.WATCH)),
                (Level.DUTY_OFFICER, (v.DUTY,)),
                (Level.LEADER, (v.LEADER,)),
            ),
        ),
        ((v.DUTY,), v.submitted, ((Level.HEAD, (v.LEADER,)),)),
        ((v.HEAD,), v.within, ((Level.OFFICE, (v.DEPUTY, v.WATCH)),)),
        (
            (),
            v.beyond,
            (
                (Level.OFFICE, (v.WATCH,)),
                (Level.HEAD, (v.HEAD,)),
                (Level.DUTY_OFFICER, (v.DUTY,)),
                (Level.LEADER, (v.LEADER,)),
            ),
        ),
    ],
)
def test_a_ladder_climbs_only_to_whoever_is_new(
    owner: tuple[int, ...],
    stage: Callable[[], Walk],
    levels: tuple[tuple[Level, tuple[int, ...]], ...],
) -> None:
    assert ladder(owner, stage().incident, v.ORGANISATION) == levels


def test_a_stand_in_of_the_speaker_is_the_first_above_him() -> None:
    walk = v.met()
    walk.does(v.LEADER, v.conclusion(stand_in=v.DEPUTY, spokesperson=v.EXPERT))
    first = ladder((v.EXPERT,), walk.incident, v.ORGANISATION)[0]
    assert first == (Level.OFFICE, (v.DEPUTY,))


def test_within_authority_a_ladder_ends_at_the_next_higher_head() -> None:
    higher = Holding(v.MEMBER, Role.HEAD, v.COMMITTEE)
    organisation = replace(v.ORGANISATION, holdings=(*v.ORGANISATION.holdings, higher))
    found = ladder((v.HEAD,), v.within().incident, organisation)
    assert found[-1] == (Level.DUTY_OFFICER, (v.MEMBER,))


def test_the_organisation_answers_what_the_rules_ask() -> None:
    known = v.ORGANISATION
    assert known.head(v.COMMUNE) == v.HEAD and known.head(v.PAPER) is None
    assert known.unit_of(v.EXPERT).id == v.AGENCY
    assert {held.role for held in known.held_by(v.HEAD)} == {Role.HEAD, Role.SPOKESPERSON}
    found = known.first_of_kind(UnitKind.PROPAGANDA_DEPARTMENT)
    assert found is not None and found.id == v.DEPARTMENT
    assert Organisation().first_of_kind(UnitKind.PRESS) is None


BODIES = (50, 51, 52)
ADVISER, WATCHER, CHIEF = 60, 61, 62


def _with_bodies() -> Organisation:
    """A body with somebody on duty, one with a head only, one with nobody."""
    units = {id: Unit(id=id, name="", short="", kind=UnitKind.COORDINATING) for id in BODIES}
    homes = ((ADVISER, 50), (WATCHER, 50), (CHIEF, 51))
    people = {
        id: Person(id=id, name="", short="", address="", post="", phone="", unit=unit)
        for id, unit in homes
    }
    held = (
        Holding(ADVISER, Role.HEAD, 50),
        Holding(WATCHER, Role.ON_DUTY, 50),
        Holding(CHIEF, Role.HEAD, 51),
    )
    known = v.ORGANISATION
    return Organisation(
        {**known.units, **units}, {**known.people, **people}, (*known.holdings, *held)
    )


@pytest.mark.duty("T22")
@pytest.mark.parametrize(
    ("stage", "there", "not_there"),
    [
        (v.opened, {v.REPORTER, v.HEAD, v.DEPUTY, v.PARTY_HEAD}, {v.DUTY, v.SECRETARY, WATCHER}),
        (v.beyond, {v.REPORTER, v.HEAD}, {v.DUTY, v.LEADER, v.SECRETARY, WATCHER, CHIEF}),
        (v.within, {v.REPORTER, v.HEAD}, {v.DUTY, v.SECRETARY, WATCHER, CHIEF}),
        (v.submitted, {v.DUTY, v.LEADER, v.SECRETARY, WATCHER, CHIEF}, {ADVISER, v.MEMBER}),
        (v.directed, {v.DUTY, v.SECRETARY}, {v.MEMBER, v.JOURNALIST}),
        (v.concluded, {v.EXPERT, v.HEAD, WATCHER}, {v.MEMBER, v.JOURNALIST}),
    ],
)
def test_the_room_is_everybody_with_a_part_and_once_it_went_up_the_coordinating_bodies(
    stage: Callable[[], Walk], there: set[int], not_there: set[int]
) -> None:
    found = room_members(stage().incident, _with_bodies())
    assert there <= set(found)
    assert not not_there & set(found)
    assert len(found) == len(set(found))


@pytest.mark.duty("T22")
def test_the_room_is_as_the_department_changed_it_and_never_holds_the_press() -> None:
    incident = v.submitted().incident
    changed = replace(incident, room_added=(v.MEMBER, v.JOURNALIST, 99), room_left=(v.DUTY,))
    before, after = (set(room_members(one, _with_bodies())) for one in (incident, changed))
    assert after == before - {v.DUTY} | {v.MEMBER}
