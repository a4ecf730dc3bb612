"""Whatever is edited, every open duty is somebody's who is there, or climbs to somebody who is."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from procedure.actions import Ring
from procedure.arrangements import Absence
from procedure.decide import decide
from procedure.decision import CLOCK
from procedure.obligations import owed
from procedure.organisation import Holding, Organisation
from procedure.parties import resolve
from procedure.ringing import due_rings, pattern_of
from procedure.words import Role
from tests.procedure import village as v
from tests.procedure.village import Walk

STAGES: tuple[Callable[[], Walk], ...] = (
    v.opened, v.within, v.beyond, v.submitted, v.received, v.directed, v.met, v.drafted,
    v.concluded, v.approved, v.spoken, v.reported, v.ready, v.settled_within,
)  # fmt: skip
PEOPLE = tuple(v.ORGANISATION.people)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("leaves"), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
        st.tuples(st.just("ends"), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
        st.tuples(st.just("away"), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
        st.tuples(st.just("moves"), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
    ),
    max_size=12,
)


def edited(whole: Organisation, edits: list[tuple[str, int, int]]) -> Organisation:
    """People leave, lose what they hold, go away, take what another holds; an administrator
    stays."""
    for n, (kind, one, other) in enumerate(edits):
        people, held = dict(whole.people), whole.holdings
        if kind == "leaves" and one != v.ADMIN:
            people[one] = replace(people[one], left=True)
            held = tuple(x for x in held if x.person != one)
        elif kind == "ends" and one != v.ADMIN:
            held = tuple(x for x in held if x.person != one)
        elif kind == "moves":
            held = tuple(
                replace(x, person=one) if x.person == other and x.role is not Role.ADMIN else x
                for x in held
            )
        elif kind == "away":
            gone = Absence(
                id=n, person=one, stand_in=other, since=v.START, until=v.START + 99 * v.DAY,
                accepted_at=v.START,
            )  # fmt: skip
            whole = replace(whole, absences=(*whole.absences, gone))
        whole = replace(whole, people=people, holdings=held)
    keeper = Holding(v.ADMIN, Role.ADMIN, v.DEPARTMENT)
    if keeper not in whole.holdings:
        whole = replace(whole, holdings=(*whole.holdings, keeper))
    return whole


@settings(max_examples=300)
@given(st.sampled_from(STAGES), EDITS)
def test_every_open_duty_is_somebody_s_or_a_journalled_gap_that_climbs(
    stage: Callable[[], Walk], edits: list[tuple[str, int, int]]
) -> None:
    walk = stage()
    late = walk.now + 60 * v.DAY
    whole = edited(v.ORGANISATION, edits).at(late, v.ZONE)
    rings = {one.duty.key: one for one in due_rings(walk.incident, v.TERMS, whole, late)}
    for duty in owed(walk.incident, v.TERMS):
        people = resolve(duty.owner, walk.incident, whole)
        assert all(whole.is_here(one) for one in people), duty.key
        if people or pattern_of(duty, walk.incident, v.TERMS) is None:
            continue
        ring = rings[duty.key]
        assert ring.climbed and all(whole.is_here(one) for one in ring.people), duty.key
        level = ring.rung.level
        told = Ring(
            duty=duty.key,
            start=duty.start,
            round=ring.round,
            rung=ring.rung.index,
            level=level.value if level else None,
            people=ring.people,
        )
        fact = decide(walk.incident, told, CLOCK, late, whole, v.TERMS).facts[0]
        assert set(fact.people) == set(ring.people), "it stands in the journal whom it reached"


def test_that_nobody_owes_it_is_told_at_the_first_rung_already() -> None:
    walk = v.beyond()
    ended = tuple(
        one for one in v.ORGANISATION.holdings if one.role not in (Role.HEAD, Role.DEPUTY)
    )
    whole = replace(v.ORGANISATION, holdings=ended)
    duty = next(one for one in owed(walk.incident, v.TERMS) if one.key == "O2")
    half = duty.start + (duty.due - duty.start) / 2
    ring = next(one for one in due_rings(walk.incident, v.TERMS, whole, half) if one.duty == duty)
    assert ring.rung.kind == "before" and not ring.owner
    assert [who for _, who in ring.climbed] == [v.WATCH]
