"""Those who do not answer an invitation: whom its caller telephones, and when he is asked to."""

import pytest

from procedure import actions as a
from procedure.attendance import to_call
from procedure.ringing import due_rings
from procedure.words import Duty, Level, Severity
from tests.procedure import village as v
from tests.procedure.test_decide_meeting import YES, duty
from tests.procedure.village import Walk


def rung_at(walk: Walk, *, ring: bool = True) -> dict[str, tuple[int, ...]]:
    """Who is reached above the owners of O11 at this moment; the clock writes it down."""
    found = {}
    for one in due_rings(walk.incident, v.TERMS, walk.organisation, walk.now):
        if one.duty.duty is Duty.ATTENDANCE:
            found[one.duty.key] = tuple(who for _, who in one.climbed)
        if ring:
            level = one.rung.level
            action = a.Ring(
                duty=one.duty.key,
                start=one.duty.start,
                round=one.round,
                rung=one.rung.index,
                level=level.value if level else None,
                people=one.people,
            )
            walk.does(v.CLOCK, action, after=0 * v.MINUTE)
    return found


@pytest.mark.parametrize("severity", list(Severity))
def test_when_an_answer_is_due_the_caller_hears_and_again_when_the_ladder_reaches_him(
    severity: Severity,
) -> None:
    walk = v.directed(severity=severity)
    walk.does(v.DUTY, v.meeting(walk, starts_at=walk.now + 9 * v.HOUR))
    mine = duty(walk, v.EXPERT)
    assert mine is not None
    walk.now = mine.due - v.MINUTE
    assert v.DUTY not in sum(rung_at(walk).values(), ())
    told = []
    while walk.now < mine.due + 4 * v.HOUR:
        walk.now += v.MINUTE
        if v.DUTY in rung_at(walk).get(f"O11:{v.EXPERT}", ()):
            told.append(walk.now - mine.due)
    by_ladder = {Severity.SERIOUS: [20 * v.MINUTE], Severity.GRAVE: [5 * v.MINUTE]}.get(
        severity, []
    )
    first = 2 * v.HOUR if severity is Severity.ORDINARY else 0 * v.HOUR
    assert told == [first, *by_ladder], "nobody else of his unit could be asked to call him"


def test_whom_to_call_is_the_first_whose_time_has_passed_and_whom_no_call_has_reached() -> None:
    walk = v.met()
    call = lambda: to_call(walk.incident, v.TERMS, walk.now)  # noqa: E731
    assert call() is None, "there is time yet"
    walk.now += v.HOUR
    assert call() == v.HEAD
    missed = a.RecordCall(duty=f"O11:{v.HEAD}", to=v.HEAD, reached=False)
    assert v.told(walk.does(v.DUTY, missed)) == {"meeting_answers": (v.DUTY,)}
    assert call() == v.EXPERT
    reached = a.RecordCall(duty=f"O11:{v.EXPERT}", to=v.EXPERT, reached=True)
    assert walk.does(v.DUTY, reached).notices == (), "everybody has been called once"
    assert call() == v.HEAD
    walk.does(v.HEAD, YES)
    assert call() is None


def test_a_call_by_somebody_else_shows_the_caller_nothing_new() -> None:
    walk = v.met()
    walk.now += v.HOUR
    called = a.RecordCall(duty=f"O11:{v.HEAD}", to=v.HEAD, reached=False)
    assert walk.does(v.LEADER, called).notices == ()


def test_the_caller_never_calls_himself() -> None:
    walk = v.directed()
    walk.does(v.DUTY, v.meeting(walk, invitees=(v.DUTY,), units=(v.DEPARTMENT,)))
    walk.now += v.HOUR
    assert Level.DUTY_OFFICER not in {
        level
        for ring in due_rings(walk.incident, v.TERMS, walk.organisation, walk.now)
        if ring.duty.duty is Duty.ATTENDANCE
        for level, who in ring.climbed
        if who == v.DUTY
    }
