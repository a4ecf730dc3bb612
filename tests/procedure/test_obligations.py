"""What is owed after each entry, by whom, by when; and who has the ball."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from procedure import actions as a
from procedure.facts import Extension
from procedure.incident import Incident
from procedure.obligations import (
    Obligation,
    approver,
    ball,
    find,
    is_alarming,
    manager,
    owed,
)
from procedure.parties import Post, resolve
from procedure.words import Authority, Casualties, Duty, Severity, Verdict
from tests.procedure import test_decide_consult as consult
from tests.procedure import test_decide_meeting as meeting
from tests.procedure import test_decide_report as report
from tests.procedure import test_decide_speak as speak
from tests.procedure import village as v
from tests.procedure.village import Walk

Act = Callable[[Walk], tuple[int, a.Action]]


def keys(walk: Walk) -> set[str]:
    return {one.key for one in owed(walk.incident, v.TERMS)}


def duty(walk: Walk, key: str) -> Obligation:
    found = find(walk.incident, v.TERMS, key)
    assert found is not None, (key, keys(walk))
    return found


def owner(walk: Walk, key: str) -> tuple[int, ...]:
    return resolve(duty(walk, key).owner, walk.incident, v.ORGANISATION)


def plain(actor: int, action: a.Action) -> Act:
    return lambda walk: (actor, action)


#: Before, one act, what it lays on people, what it takes off them.
AFTER: list[tuple[str, Callable[[], Walk], Act, set[str], set[str]]] = [
    (
        "reported",
        Walk,
        plain(v.REPORTER, v.opening()),
        {"O1:open", "O2", "O14"},
        set(),
    ),
    (
        "kept within",
        v.opened,
        plain(v.HEAD, report.DOWN),
        {"O4", "O12", "O13"},
        {"O1:open", "O2"},
    ),
    ("beyond", v.opened, plain(v.HEAD, report.UP), {"O4", "O13"}, {"O1:open"}),
    ("sent up", v.beyond, plain(v.HEAD, report.SUBMIT), {"O3", "O6"}, {"O2"}),
    (
        "verification ordered",
        v.beyond,
        plain(v.HEAD, report.ORDER),
        {"O5:1", f"O1:order:1:{v.OUTSIDER}"},
        {"O4"},
    ),
    (
        "verified",
        report.ordered,
        plain(v.OUTSIDER, a.ReportVerification(order=1, result=v.WORDS)),
        set(),
        {"O5:1", f"O1:order:1:{v.OUTSIDER}"},
    ),
    ("received", v.submitted, plain(v.DUTY, a.ReceiveReport()), {"O7", "O9"}, {"O6"}),
    ("more asked", v.received, plain(v.DUTY, report.MORE), {"supplement:1"}, set()),
    (
        "more given",
        report.asked,
        plain(v.REPORTER, a.ProvideSupplement(supplement=1, text=v.WORDS)),
        set(),
        {"supplement:1"},
    ),
    ("claim", v.opened, plain(v.REPORTER, report.CLAIM), {"O16_check:1"}, set()),
    ("claim checked", report.claimed, plain(v.REPORTER, report.CHECK), set(), {"O16_check:1"}),
    ("brief", v.received, plain(v.DUTY, consult.BRIEF), {"O8"}, {"O7"}),
    (
        "directed",
        v.received,
        lambda walk: (v.MEMBER, v.direction(walk)),
        set(),
        {"O7"},
    ),
    (
        "directed, all named",
        v.received,
        lambda walk: (v.MEMBER, v.direction(walk, names_everything=True)),
        {"O12"},
        {"O7", "O9"},
    ),
    ("direction waived", v.received, plain(v.LEADER, consult.WAIVE), set(), {"O7"}),
    (
        "meeting called",
        v.directed,
        lambda walk: (v.DUTY, v.meeting(walk)),
        {"O12", f"O11:{v.HEAD}", f"O11:{v.EXPERT}"},
        {"O9"},
    ),
    ("answered", v.met, plain(v.HEAD, meeting.YES), set(), {f"O11:{v.HEAD}"}),
    ("meeting waived", v.directed, plain(v.LEADER, consult.NO_MEETING), {"O12"}, {"O9"}),
    ("conclusion drafted", v.met, plain(v.DUTY, v.conclusion()), {"O12_confirm"}, {"O12"}),
    (
        "concluded",
        v.drafted,
        plain(v.LEADER, consult.CONFIRM),
        {"O14_target", f"O1:spokesperson:{v.HEAD}", f"O1:focal_point:{v.EXPERT}"},
        {"O12_confirm", f"O11:{v.HEAD}", f"O11:{v.EXPERT}", "O13"},
    ),
    ("text drafted", v.concluded, plain(v.REPORTER, speak.OFFICIAL), {"O14b:1"}, {"O14_target"}),
    (
        "text returned",
        speak.awaiting,
        plain(v.LEADER, speak.RETURN),
        {"O14_target"},
        {"O14b:1"},
    ),
    ("approved", speak.awaiting, plain(v.LEADER, speak.APPROVE), {"O14_target"}, {"O14b:1"}),
    (
        "spoken",
        v.approved,
        lambda walk: (v.HEAD, v.speaking(1, walk.now)),
        {"O19"},
        {
            "O4",
            "O14",
            "O14_target",
            f"O1:spokesperson:{v.HEAD}",
            f"O1:focal_point:{v.EXPERT}",
        },
    ),
    ("holding drafted", v.submitted, plain(v.REPORTER, speak.HOLDING), {"O14b:1"}, {"O13"}),
    ("enquiry", v.concluded, plain(v.WATCH, speak.ENQUIRY), {"O15:1"}, set()),
    (
        "enquiry answered",
        speak.enquired,
        plain(v.HEAD, speak.ANSWER),
        set(),
        {"O15:1", f"O1:spokesperson:{v.HEAD}"},
    ),
    ("result", v.spoken, plain(v.HEAD, v.result()), {"O21"}, {"O19"}),
    (
        "proposal accepted",
        v.reported,
        plain(v.LEADER, a.AcceptProposal(proposal=1, owner=v.EXPERT, due=v.START + 7 * v.DAY)),
        {"task:1", f"O1:task:1:{v.EXPERT}"},
        {"O21"},
    ),
    (
        "proposal declined",
        v.reported,
        plain(v.LEADER, a.DeclineProposal(proposal=1, reason=v.REASON)),
        {"O22"},
        {"O21"},
    ),
    (
        "closed",
        v.ready,
        plain(v.LEADER, a.CloseIncident(opinion=v.WORDS)),
        set(),
        {"O22", "O3"},
    ),
    (
        "reopened",
        v.closed,
        plain(v.LEADER, a.ReopenIncident(reason=v.REASON)),
        {"O22", "O3"},
        set(),
    ),
]


@pytest.mark.parametrize(
    ("stage", "act", "laid", "taken"), [row[1:] for row in AFTER], ids=[row[0] for row in AFTER]
)
def test_what_an_entry_lays_on_people_and_what_it_takes_off_them(
    stage: Callable[[], Walk], act: Act, laid: set[str], taken: set[str]
) -> None:
    walk = stage()
    before = keys(walk)
    walk.does(*act(walk))
    assert keys(walk) - before == laid
    assert before - keys(walk) == taken


@pytest.mark.parametrize(
    ("stage", "key", "people"),
    [
        (v.opened, "O2", (v.HEAD,)),
        (v.submitted, "O6", (v.DUTY,)),
        (v.received, "O7", (v.DUTY,)),
        (lambda: v.received().all([(v.DUTY, consult.BRIEF)]), "O8", (v.SECRETARY,)),
        (v.directed, "O9", (v.DUTY,)),
        (v.met, "O12", (v.DUTY,)),
        (v.drafted, "O12_confirm", (v.LEADER,)),
        (v.concluded, "O14_target", (v.HEAD,)),
        (speak.awaiting, "O14b:1", (v.LEADER,)),
        (v.spoken, "O19", (v.HEAD,)),
        (v.reported, "O21", (v.LEADER,)),
        (v.ready, "O22", (v.LEADER,)),
        (v.within, "O12", (v.HEAD,)),
        (speak.within_awaiting, "O14b:1", (v.HEAD,)),
    ],
)
def test_exactly_one_person_has_the_ball_at_every_stage(
    stage: Callable[[], Walk], key: str, people: tuple[int, ...]
) -> None:
    walk = stage()
    held = ball(walk.incident, v.TERMS)
    assert held is not None and held.key == key
    assert owner(walk, key) == people


def test_between_two_duties_of_the_chain_the_leader_watches() -> None:
    walk = v.reported()
    walk.does(v.LEADER, a.AcceptProposal(proposal=1, owner=v.EXPERT, due=v.START + 7 * v.DAY))
    held = ball(walk.incident, v.TERMS)
    assert held is not None and held.key == "watch"
    assert resolve(held.owner, walk.incident, v.ORGANISATION) == (v.LEADER,)


def test_nobody_has_the_ball_before_the_beginning_or_after_the_end() -> None:
    assert ball(Incident(stream="incident-1"), v.TERMS) is None
    assert ball(v.closed().incident, v.TERMS) is None
    assert owed(Incident(stream="incident-1"), v.TERMS) == ()


@pytest.mark.parametrize(
    ("stage", "post"), [(v.within, Post.HEAD_OF_UNIT), (v.received, Post.DUTY_OFFICER)]
)
def test_step_two_is_run_by_the_duty_officer_or_by_the_head_within(
    stage: Callable[[], Walk], post: Post
) -> None:
    assert manager(stage().incident).post is post


@pytest.mark.parametrize(
    ("stage", "post"),
    [
        (speak.awaiting, Post.LEADER),
        (speak.holding, Post.HEAD_OF_UNIT),
        (speak.agreed, Post.DUTY_OFFICER),
        (speak.within_awaiting, Post.HEAD_OF_UNIT),
    ],
)
def test_whose_word_a_text_awaits(stage: Callable[[], Walk], post: Post) -> None:
    assert approver(stage().incident).post is post


def test_only_the_decrees_clock_is_legal_and_it_runs_from_the_event() -> None:
    walk = v.received()
    legal = [one for one in owed(walk.incident, v.TERMS) if one.legal]
    assert [one.key for one in legal] == ["O14"]
    assert legal[0].start == v.START and legal[0].due == v.START + v.DAY


def test_a_small_matter_within_authority_is_not_spoken_of_until_somebody_asks() -> None:
    walk = v.within(severity=Severity.ORDINARY)
    assert not {"O13", "O14"} & keys(walk)
    walk.does(v.WATCH, speak.ENQUIRY)
    assert {"O13", "O14"} <= keys(walk)


def test_extra_time_moves_the_due_moment_of_its_duty_alone() -> None:
    walk = v.received()
    before = {one.key: one.due for one in owed(walk.incident, v.TERMS)}
    walk.does(v.DUTY, a.ExtendDuty(duty="O7", minutes=20))
    after = {one.key: one.due for one in owed(walk.incident, v.TERMS)}
    moved = {key: after[key] - before[key] for key in after if after[key] != before[key]}
    assert moved == {"O7": timedelta(minutes=20)}


def test_a_legal_clock_does_not_move_even_with_extra_time_in_the_journal() -> None:
    walk = v.received()
    before = duty(walk, "O14").due
    more = Extension(minutes=60, by=v.HEAD, at=walk.now)
    walk.incident = replace(walk.incident, extensions={"O14": (more,)})
    assert duty(walk, "O14").due == before


def test_an_answer_is_due_before_the_meeting_however_soon_it_is() -> None:
    walk = v.directed()
    walk.does(v.DUTY, v.meeting(walk, starts_at=walk.now + 10 * v.MINUTE))
    assert walk.incident.meeting is not None
    assert duty(walk, f"O11:{v.HEAD}").due == walk.incident.meeting.at


def test_a_receipt_is_owed_until_it_or_any_act_of_his() -> None:
    key = f"O1:order:1:{v.OUTSIDER}"
    tapped = report.ordered().all([(v.OUTSIDER, a.AcknowledgeDuty(duty=key))])
    assert key not in keys(tapped) and "O5:1" in keys(tapped)
    wrote = report.ordered().all([(v.OUTSIDER, report.AMEND)])
    assert key not in keys(wrote)


def test_a_units_incident_that_went_beyond_later_has_its_clock_from_then() -> None:
    walk = v.within(suggested_authority=Authority.WITHIN)
    walk.does(v.HEAD, report.UP, after=5 * v.HOUR)
    assert duty(walk, "O2").start == walk.now
    assert duty(v.beyond(), "O2").start == v.START


def test_no_two_duties_of_any_stage_have_one_key() -> None:
    walk = v.received()
    for _ in range(2):
        walk.all([(v.DUTY, report.ORDER), (v.DUTY, report.MORE), (v.REPORTER, report.CLAIM)])
        walk.does(v.WATCH, speak.ENQUIRY)
    found = [one.key for one in owed(walk.incident, v.TERMS)]
    assert len(found) == len(set(found))
    walk.does(v.REPORTER, a.CheckClaim(claim=2, verdict=Verdict.TRUE, evidence=v.REASON))
    assert {"O16_check:1", "O5:1", "O5:2", "supplement:2", "O15:2"} <= keys(walk)
    assert "O16_check:2" not in keys(walk)


def test_only_death_or_missing_persons_alarm() -> None:
    alarming = [one for one in Casualties if is_alarming(v.opened(casualties=one).incident)]
    assert alarming == [Casualties.DEAD_OR_MISSING]


def test_the_worse_it_is_the_sooner_everything_is_due() -> None:
    at = {level: duty(v.opened(severity=level), "O2").due for level in Severity}
    assert at[Severity.GRAVE] < at[Severity.SERIOUS] < at[Severity.ORDINARY]


def test_every_duty_that_is_owed_is_one_of_the_policys() -> None:
    for stage in (v.opened, v.met, v.concluded, v.spoken, v.ready, v.within):
        for one in owed(stage().incident, v.TERMS):
            assert one.duty in Duty and one.due >= one.start


def test_what_was_found_of_one_value_is_not_said_of_another() -> None:
    walk = Walk()
    walk.does(v.REPORTER, v.opening())
    before = walk.incident
    assert owed(before, v.TERMS) is owed(before, v.TERMS)
    assert owed(before.but(closed_at=before.opened_at), v.TERMS) == ()
    assert owed(replace(before, closed_at=before.opened_at), v.TERMS) == ()
    assert before.but(title=before.title) == before
    others = replace(v.TERMS)
    assert owed(before, others) == owed(before, v.TERMS)
    assert owed(before, others) is not owed(before, v.TERMS)
