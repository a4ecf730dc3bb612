"""Papers, absences and rosters: who acts for whom at which moment (duty rows 3, 8, 11)."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure import actions as act
from procedure import arrangement_actions as a
from procedure import entries_arrangements as e
from procedure.arrangement_reminders import About, reminders
from procedure.arrangements import Absence, Delegation, Roster, Taken, Turn
from procedure.codec import Prose
from procedure.errors import BadValue, NotYours, Outdated, Refused
from procedure.evolve_organisation import changed
from procedure.facts import FileRef
from procedure.organisation import Holding, Organisation
from procedure.parties import Party, Post, resolve, standing_speakers
from procedure.rules_arrangements import Arranged, arrange
from procedure.words import Role
from tests.procedure import village as v

PAPER = (FileRef(sha256="cd" * 32, media_type="application/pdf", size=9, name=Prose("giay.pdf")),)
NOW, LATER = v.START, v.START + 5 * v.DAY
CLERK = v.WATCH


def house(**more: Any) -> Organisation:
    """The village; one of the commune's people is its clerk."""
    clerk = replace(v.ORGANISATION.people[CLERK], unit=v.COMMUNE)
    people = {**v.ORGANISATION.people, CLERK: clerk}
    held = (*v.ORGANISATION.holdings, Holding(CLERK, Role.OFFICE, v.COMMUNE))
    return replace(v.ORGANISATION, **{"people": people, "holdings": held, **more})


def paper(person: int = v.REPORTER, **more: Any) -> a.GiveDelegation:
    """A paper about one incident; the commune's reporter may speak."""
    facts: dict[str, Any] = {
        "document": Prose("12/GUQ-UBND"), "dated": NOW.date(), "since": NOW, "until": LATER,
        "stream": "incident-1", "field": None, "paper": PAPER,
    }  # fmt: skip
    return a.GiveDelegation(person=person, **{**facts, **more})


def absence(person: int = v.HEAD, stand_in: int = v.DEPUTY, **more: Any) -> a.EnterAbsence:
    """The head is away for five days; his deputy acts for him."""
    span: dict[str, Any] = {"since": NOW, "until": LATER}
    return a.EnterAbsence(person=person, stand_in=stand_in, **{**span, **more})


def done(
    whole: Organisation, actor: int, action: a.ArrangementAction, at: datetime = NOW
) -> tuple[Organisation, Arranged]:
    """The organisation after it, as it stands at that moment."""
    made = arrange(whole.at(at, v.ZONE), action, actor, at, v.ZONE)
    return changed(whole, made.facts, actor, at).at(at, v.ZONE), made


def away(**more: Any) -> Organisation:
    """The head is away, his deputy has accepted."""
    whole, _ = done(house(), v.HEAD, absence(**more))
    return done(whole, v.DEPUTY, a.AcceptAbsence(absence=1))[0]


def signed(**more: Any) -> Organisation:
    """The reporter has a paper from the head himself."""
    return done(house(), v.HEAD, paper(**more))[0]


def rostered(*turns: Turn) -> Organisation:
    """The commune has a roster."""
    return done(house(), v.HEAD, a.SetRoster(unit=v.COMMUNE, turns=turns))[0]


ALL_WEEK = tuple(Turn(weekday=n, start=420, hours=24, person=v.REPORTER) for n in range(7))
SENDS = act.SubmitReport(written=False, through=v.DEPARTMENT, to=v.COMMITTEE)
GONE = replace(v.ORGANISATION.people[v.REPORTER], left=True)

REFUSED: list[tuple[Organisation, int, a.ArrangementAction, type[Refused], str]] = [
    (house(), v.STRANGER, paper(), NotYours, "stranger"),
    (house(), v.REPORTER, paper(), NotYours, "only_head_delegates"),
    (house(), v.DEPUTY, paper(), NotYours, "only_head_delegates"),
    (signed(), v.REPORTER, paper(v.DEPUTY), NotYours, "delegation_passed_on"),
    (house(), v.HEAD, paper(v.DEPUTY), BadValue, "speaks_by_post"),
    (house(), v.HEAD, paper(stream=None), BadValue, "scope_needed"),
    (house(), v.HEAD, paper(field="landslide"), BadValue, "scope_needed"),
    (house(), v.HEAD, paper(paper=()), BadValue, "paper_needed"),
    (house(), v.HEAD, paper(dated=LATER.date()), BadValue, "dated_ahead"),
    (house(), v.HEAD, paper(until=NOW), BadValue, "no_time_left"),
    (house(), v.HEAD, paper(since=NOW - v.DAY, until=NOW), BadValue, "no_time_left"),
    (house(people={**house().people, v.REPORTER: GONE}), v.HEAD, paper(), BadValue,
     "person_has_left"),
    (house(holdings=(Holding(v.ADMIN, Role.ADMIN, v.DEPARTMENT),)), v.ADMIN, paper(), BadValue,
     "unit_without_head"),
    (house(), v.ADMIN, paper(v.JOURNALIST), BadValue, "unit_without_head"),
    (signed(), v.HEAD, a.ConfirmDelegation(delegation=1), Outdated, "answer_outdated"),
    (signed(), v.DEPUTY, a.ConfirmDelegation(delegation=1), NotYours, "only_head_delegates"),
    (signed(), v.DEPUTY, a.EndDelegation(delegation=1), NotYours, "only_head_delegates"),
    (house(), v.HEAD, a.EndDelegation(delegation=7), Outdated, "answer_outdated"),
    (house(), v.DEPUTY, absence(), NotYours, "only_he_is_away"),
    (house(), v.MEMBER, absence(v.MEMBER, v.SECRETARY), BadValue, "committee_absence"),
    (house(), v.HEAD, absence(until=NOW), BadValue, "no_time_left"),
    (house(), v.HEAD, absence(stand_in=v.HEAD), BadValue, "stand_in_himself"),
    (house(), v.HEAD, absence(stand_in=v.EXPERT), BadValue, "stand_in_of_unit"),
    (house(), v.HEAD, absence(stand_in=v.REPORTER), BadValue, "deputy_stands_in"),
    (away(), v.HEAD, absence(), Outdated, "absence_stands"),
    (away(), v.REPORTER, absence(v.REPORTER, v.HEAD), BadValue, "stand_in_is_away"),
    (away(), v.DEPUTY, absence(v.DEPUTY, v.REPORTER), BadValue, "stands_in_for"),
    (away(), v.DEPUTY, a.AcceptAbsence(absence=1), Outdated, "answer_outdated"),
    (away(), v.HEAD, a.AcceptAbsence(absence=1), NotYours, "another_stands_in"),
    (away(), v.REPORTER, a.DeclineAbsence(absence=1), NotYours, "another_stands_in"),
    (away(), v.REPORTER, a.EndAbsence(absence=1), NotYours, "only_he_is_away"),
    (house(), v.REPORTER, a.SetRoster(unit=v.COMMUNE, turns=()), NotYours, "only_unit_rosters"),
    (house(), v.HEAD, a.SetRoster(unit=99, turns=()), BadValue, "no_such_turn"),
    (house(), v.HEAD, a.SetRoster(
        unit=v.COMMUNE, turns=(replace(ALL_WEEK[0], hours=0),)), BadValue, "no_such_turn"),
    (house(), v.HEAD, a.SetRoster(
        unit=v.COMMUNE, turns=(replace(ALL_WEEK[0], person=v.EXPERT),)), BadValue,
     "roster_of_unit"),
    (house(), v.HEAD, a.TakeShift(
        unit=v.COMMUNE, person=v.HEAD, since=NOW, until=LATER), BadValue, "no_roster"),
    (rostered(*ALL_WEEK), v.HEAD, a.TakeShift(
        unit=v.COMMUNE, person=v.HEAD, since=NOW, until=NOW + 40 * v.DAY), BadValue,
     "shift_too_long"),
    (rostered(*ALL_WEEK), v.DEPUTY, a.TakeShift(
        unit=v.COMMUNE, person=v.HEAD, since=NOW, until=LATER), NotYours, "only_unit_rosters"),
    (rostered(*ALL_WEEK), v.HEAD, a.HandOverShift(unit=v.COMMUNE, note=Prose("x")), NotYours,
     "not_on_shift"),
    (rostered(*ALL_WEEK), v.REPORTER, a.HandOverShift(unit=v.COMMUNE, note=Prose("x")), BadValue,
     "nobody_follows"),
]  # fmt: skip


@pytest.mark.parametrize(("whole", "actor", "action", "kind", "key"), REFUSED)
def test_what_may_not_be_arranged_is_refused_with_its_reason(
    whole: Organisation, actor: int, action: a.ArrangementAction, kind: type[Refused], key: str
) -> None:
    with pytest.raises(kind) as refused:
        arrange(whole.at(NOW, v.ZONE), action, actor, NOW, v.ZONE)
    assert refused.value.key == key


# Papers


@pytest.mark.duty("T3")
def test_a_paper_is_good_in_its_scope_and_time_and_nowhere_else() -> None:
    walk = v.concluded()
    naming = act.AssignSpokesperson(
        person=v.REPORTER,
        stand_in=None,
        expected=v.HEAD,
        by_authority=Prose("giấy ủy quyền"),
        reason=Prose("đồng chí Chủ tịch đi công tác"),
    )

    def tried(whole: Organisation, now: datetime = walk.now) -> str | None:
        at = replace(walk, organisation=whole, now=now)
        try:
            at.decide(v.LEADER, naming)
        except Refused as refusal:
            return refusal.key
        return None

    assert tried(house()) == "not_fit_to_speak"
    assert tried(signed()) is None
    assert tried(signed(stream="incident-2")) == "delegation_elsewhere"
    assert tried(signed(stream=None, field="flood")) == "delegation_elsewhere"
    assert tried(signed(), LATER) == "delegation_over"
    assert tried(signed(since=LATER - v.HOUR)) == "delegation_not_yet"
    entered = done(house(), CLERK, paper())[0]
    assert tried(entered) == "delegation_waits"
    confirmed = done(entered, v.HEAD, a.ConfirmDelegation(delegation=1))[0]
    assert tried(confirmed) is None
    ended = done(confirmed, v.HEAD, a.EndDelegation(delegation=1))[0]
    assert tried(ended) == "delegation_ended"


@pytest.mark.duty("T3")
def test_a_paper_that_has_ended_is_found_at_the_moment_of_speaking() -> None:
    walk = v.concluded()
    walk.organisation = signed()
    walk.does(
        v.LEADER,
        act.AssignSpokesperson(
            person=v.REPORTER,
            stand_in=None,
            expected=v.HEAD,
            by_authority=Prose("giấy ủy quyền"),
            reason=Prose("đồng chí Chủ tịch đi công tác"),
        ),
    )
    walk.draft(by=v.DEPUTY)
    walk.approve(by=v.LEADER)
    speaking = v.speaking(1, walk.now)
    spoken = replace(walk, now=walk.now + v.MINUTE).decide(v.REPORTER, speaking)
    assert spoken.authority == "spokesperson/delegation:1"
    late = replace(walk, now=LATER)
    with pytest.raises(NotYours) as refused:
        late.decide(v.REPORTER, v.speaking(1, LATER))
    assert refused.value.key == "speaking_right_over"
    assert refused.value.facts["who"] == v.DUTY


# Absences


def test_a_stand_in_acts_and_it_comes_back_by_itself() -> None:
    whole = away()
    case = v.opened().incident
    head = Party(Post.HEAD_OF_UNIT)
    assert resolve(head, case, whole.at(NOW, v.ZONE)) == (v.DEPUTY,)
    assert resolve(head, case, whole.at(LATER, v.ZONE)) == (v.HEAD,)
    assert resolve(head, case, whole.at(NOW - v.MINUTE, v.ZONE)) == (v.HEAD,)
    assert whole.head(v.COMMUNE) == v.HEAD, "the post is his still"


def test_before_he_accepts_nothing_goes_over() -> None:
    whole = done(house(), v.HEAD, absence())[0]
    assert whole.acting(v.HEAD) == v.HEAD


def test_what_he_does_for_another_says_so_in_the_journal() -> None:
    walk = v.beyond()
    partner = Absence(
        id=1, person=v.HEAD, stand_in=v.REPORTER, since=NOW, until=LATER, accepted_at=NOW
    )
    whole = replace(house(), absences=(partner,))
    walk.organisation = whole.at(walk.now, v.ZONE)
    decision = walk.decide(v.REPORTER, SENDS)
    assert decision.authority == f"for_head/for:{v.HEAD}"
    own = replace(walk, organisation=house()).decide(v.DEPUTY, SENDS)
    assert own.authority == "for_head"


def test_the_right_to_speak_does_not_go_over() -> None:
    walk = v.approved()
    walk.organisation = away()
    with pytest.raises(NotYours) as refused:
        walk.decide(v.DEPUTY, v.speaking(1, walk.now))
    assert refused.value.key == "only_spokesperson"


def test_work_given_to_one_who_is_away_is_done_by_his_stand_in() -> None:
    walk = v.submitted()
    walk.does(v.HEAD, act.OrderVerification(people=(v.REPORTER,), units=(v.COMMUNE,), what=v.WORDS))
    order = walk.incident.orders[0]
    gone = Absence(
        id=1, person=order.person, stand_in=v.DEPUTY, since=NOW, until=LATER, accepted_at=NOW
    )
    report = act.ReportVerification(order=order.id, result=v.REASON)
    with pytest.raises(NotYours):
        walk.decide(v.DEPUTY, report)
    walk.organisation = replace(house(), absences=(gone,)).at(walk.now, v.ZONE)
    assert walk.decide(v.DEPUTY, report).authority == f"order/for:{order.person}"


# Rosters


def at(day: int, hour: int) -> datetime:
    """A moment of the week of 12/10/2026, by the local clock."""
    local = NOW.astimezone(v.ZONE).replace(hour=0, minute=0)
    return (local + timedelta(days=day, hours=hour)).astimezone(NOW.tzinfo)


def test_a_week_comes_again_and_what_is_taken_over_wins() -> None:
    night = Turn(weekday=6, start=19 * 60, hours=12, person=v.REPORTER)
    taken = Taken(since=at(14, 2), until=at(14, 4), person=v.DEPUTY)
    roster = Roster(unit=v.COMMUNE, turns=(night,), taken=(taken,))
    assert roster.on_duty(at(6, 18), v.ZONE) is None
    assert roster.on_duty(at(6, 19), v.ZONE) == v.REPORTER
    assert roster.on_duty(at(7, 6), v.ZONE) == v.REPORTER, "over midnight and the week's end"
    assert roster.on_duty(at(7, 7), v.ZONE) is None
    assert roster.on_duty(at(14, 3), v.ZONE) == v.DEPUTY
    assert roster.on_duty(at(14, 4), v.ZONE) == v.REPORTER


def test_the_duty_officer_of_the_roster_comes_before_all_others() -> None:
    whole = rostered(*ALL_WEEK)
    assert whole.at(NOW, v.ZONE).holders(Role.ON_DUTY, v.COMMUNE)[0] == v.REPORTER


@pytest.mark.duty("T11")
def test_an_empty_shift_is_told_before_it_begins_and_climbs_when_it_has_begun() -> None:
    days = tuple(one for one in ALL_WEEK if one.weekday != 2)
    whole = rostered(*days)
    start = at(2, 7)

    def told(moment: datetime) -> list[tuple[About, tuple[int, ...]]]:
        found = reminders(whole.at(moment, v.ZONE), moment, v.ZONE)
        return [(one.about, one.people) for one in found]

    assert told(start - timedelta(hours=13)) == []
    assert told(start - timedelta(hours=11)) == [(About.SHIFT_EMPTY, (v.HEAD, CLERK))]
    above = (v.HEAD, CLERK, v.DUTY, v.LEADER, v.SECOND)
    assert told(start) == [(About.SHIFT_EMPTY_NOW, above)]
    assert told(start + timedelta(hours=24)) == []
    keys = {
        one.key
        for hours in range(24)
        for one in reminders(whole, start + timedelta(hours=hours), v.ZONE)
        if one.about is About.SHIFT_EMPTY_NOW
    }
    assert len(keys) == 1, "told once"


@st.composite
def weeks(draw: st.DrawFn) -> Roster:
    """Any roster, with gaps and overlaps, and stretches taken over."""
    turns = draw(
        st.lists(
            st.builds(
                Turn,
                weekday=st.integers(0, 6),
                start=st.integers(0, 24 * 60 - 1),
                hours=st.integers(1, 48),
                person=st.sampled_from((v.REPORTER, v.DEPUTY, v.HEAD)),
            ),
            max_size=6,
        )
    )
    begins = draw(st.lists(st.integers(0, 10 * 24 * 60), max_size=3))
    taken = tuple(
        Taken(since=at(0, 0) + n * v.MINUTE, until=at(0, 9) + n * v.MINUTE, person=v.HEAD)
        for n in begins
    )
    return Roster(unit=v.COMMUNE, turns=tuple(turns), taken=taken)


@given(weeks(), st.integers(0, 20 * 24 * 60))
def test_shifts_say_the_same_as_the_moment_and_leave_no_hole(roster: Roster, minute: int) -> None:
    since, until = at(0, 0), at(21, 0)
    shifts = list(roster.shifts(since, until, v.ZONE))
    assert shifts[0].since == since and shifts[-1].until == until
    assert all(one.until == two.since for one, two in pairwise(shifts))
    moment = since + minute * v.MINUTE
    inside = next(one for one in shifts if one.since <= moment < one.until)
    assert inside.person == roster.on_duty(moment, v.ZONE)


@given(st.integers(0, 12 * 24 * 60))
def test_what_was_said_of_a_moment_stays_true_until_it_says(minute: int) -> None:
    whole = away(since=NOW + v.DAY)
    whole = replace(whole, rosters=rostered(*ALL_WEEK[:3]).rosters)
    moment = NOW + minute * v.MINUTE
    until = min(whole.until(moment, v.ZONE), moment + 9 * v.DAY)
    then, last = whole.at(moment, v.ZONE), whole.at(until - v.MINUTE / 60, v.ZONE)
    assert (then.away, then.on_shift) == (last.away, last.on_shift)


def test_the_journal_says_the_same_as_the_rules_made() -> None:
    whole, made = done(house(), CLERK, paper())
    assert made.authority == "office"
    one = whole.delegations[0]
    assert isinstance(one, Delegation) and one.confirmed_by is None
    assert isinstance(made.facts[0], e.DelegationEntered)


def test_who_has_left_acts_for_nobody() -> None:
    whole = away()
    gone = replace(whole.people[v.DEPUTY], left=True)
    whole = replace(whole, people={**whole.people, v.DEPUTY: gone})
    assert whole.acting(v.HEAD) == v.HEAD


def test_the_standing_speaker_is_one_who_is_here_and_never_a_mere_stand_in() -> None:
    whole = house()
    gone = Absence(
        id=1, person=v.HEAD, stand_in=v.REPORTER, since=NOW, until=LATER, accepted_at=NOW
    )
    held = tuple(one for one in whole.holdings if one.role is not Role.SPOKESPERSON)
    whole = replace(whole, absences=(gone,), holdings=held).at(NOW, v.ZONE)
    assert standing_speakers(v.COMMUNE, whole)[0] == v.DEPUTY
    assert v.REPORTER not in standing_speakers(v.COMMUNE, whole)


def test_who_takes_over_later_wins() -> None:
    first = Taken(since=at(0, 0), until=at(2, 0), person=v.REPORTER)
    roster = Roster(unit=v.COMMUNE, taken=(first, replace(first, person=v.DEPUTY)))
    assert roster.on_duty(at(1, 0), v.ZONE) == v.DEPUTY
