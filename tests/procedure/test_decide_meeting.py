"""The meeting of Step 2, rule by rule: called, answered, moved, cancelled, recorded."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from procedure import actions as a
from procedure.attendance import absent_without_word, listed, place_of, unanswered
from procedure.codec import Prose
from procedure.decision import Decision
from procedure.facts import Meeting, Preparation
from procedure.obligations import Obligation, ball, find, owed
from procedure.words import Duty
from tests.procedure import village as v
from tests.procedure.village import Walk

SHORT = Prose("no")
YES, NO = (a.AnswerInvitation(meeting=1, answer=answer) for answer in ("yes", "no"))
REMIND = a.RemindMeeting(meeting=1)
SEND = a.SendStandIn(meeting=1, person=v.OUTSIDER)
CANCEL = a.CancelMeeting(meeting=1, seen=0, reason=v.REASON)
ATTEND = a.RecordAttendance(meeting=1, present=(v.HEAD,))
MINUTES = a.RecordMinutes(meeting=1, text=v.WORDS)
LATER = v.START + 5 * v.HOUR
Said = a.Action | Callable[[Walk], a.Action]


def invited(**fields: object) -> Callable[[Walk], a.Action]:
    return lambda walk: v.meeting(walk, **fields)


def prepares(person: int, what: str = "figures") -> tuple[Preparation, ...]:
    return (Preparation(person=person, what=Prose(what)),)


def moves(**fields: Any) -> a.MoveMeeting:
    """A move to five hours after the first report, to the same hall."""
    usual = {"meeting": 1, "seen": 0, "starts_at": LATER, "place": Prose("hall")}
    return a.MoveMeeting(**usual | {"reason": v.REASON} | fields)


def answered() -> Walk:
    return v.met().all([(v.HEAD, YES)])


def stood_in() -> Walk:
    return v.met().all([(v.EXPERT, SEND)])


def moved() -> Walk:
    return v.met().all([(v.DUTY, moves())])


def cancelled() -> Walk:
    return v.met().all([(v.DUTY, CANCEL)])


def begun(walk: Walk | None = None) -> Walk:
    walk = walk or v.met()
    walk.now += 2 * v.HOUR
    return walk


def within() -> Walk:
    walk = v.within()
    walk.does(v.HEAD, v.meeting(walk, chair=v.HEAD, invitees=(v.REPORTER,), units=(v.COMMUNE,)))
    return walk


def of(walk: Walk) -> Meeting:
    assert walk.incident.meeting is not None
    return walk.incident.meeting


def duty(walk: Walk, person: int) -> Obligation | None:
    return find(walk.incident, v.TERMS, f"O11:{person}")


def keys(walk: Walk) -> set[str]:
    return {one.key for one in owed(walk.incident, v.TERMS)}


def everyone_told(decision: Decision, kind: str) -> set[int]:
    return {who for notice in decision.notices if notice.kind == kind for who in notice.to}


REFUSALS: list[tuple[Callable[[], Walk], int, Said, str]] = [
    (v.received, v.HEAD, invited(), "only_duty_officer"),
    (v.within, v.DUTY, invited(), "only_head_manages"),
    (v.closed, v.DUTY, invited(), "incident_closed"),
    (v.beyond, v.DUTY, invited(), "not_sent_up"),
    (v.received, v.DUTY, invited(starts_at=v.START), "meeting_in_past"),
    (v.received, v.DUTY, invited(invitees=(), units=()), "nobody_invited"),
    (v.received, v.DUTY, invited(units=(v.COMMUNE,)), "nobody_invited"),
    (v.received, v.DUTY, invited(invitees=(v.HEAD, v.STRANGER)), "unknown_person"),
    (v.received, v.DUTY, invited(chair=v.STRANGER), "unknown_person"),
    (v.received, v.DUTY, invited(chair=v.JOURNALIST), "press_in_room"),
    (v.received, v.DUTY, invited(invitees=(v.HEAD, v.JOURNALIST)), "press_in_room"),
    (v.directed, v.HEAD, YES, "meeting_moved_on"),
    (v.met, v.HEAD, a.AnswerInvitation(meeting=2, answer="yes"), "meeting_moved_on"),
    (v.concluded, v.HEAD, YES, "meeting_moved_on"),
    (v.met, v.OUTSIDER, YES, "not_invited"),
    (v.met, v.HEAD, a.AnswerInvitation(meeting=1, answer="ok"), "answer_yes_or_no"),
    (answered, v.HEAD, YES, "answer_stands"),
    (v.met, v.DUTY, REMIND, "only_clock"),
    (v.directed, v.CLOCK, REMIND, "meeting_moved_on"),
    (lambda: v.met().all([(v.CLOCK, REMIND)]), v.CLOCK, REMIND, "meeting_moved_on"),
    (v.concluded, v.CLOCK, REMIND, "meeting_moved_on"),
    (v.closed, v.CLOCK, REMIND, "meeting_moved_on"),
    (v.met, v.DUTY, invited(), "meeting_stands"),
    (v.received, v.DUTY, invited(preparations=prepares(v.WATCH)), "prepares_uninvited"),
    (cancelled, v.HEAD, YES, "meeting_cancelled"),
    (stood_in, v.EXPERT, NO, "stand_in_goes"),
    (v.directed, v.EXPERT, SEND, "meeting_moved_on"),
    (cancelled, v.EXPERT, SEND, "meeting_cancelled"),
    (v.concluded, v.EXPERT, SEND, "meeting_moved_on"),
    (begun, v.EXPERT, SEND, "meeting_begun"),
    (v.met, v.WATCH, SEND, "not_invited"),
    (v.met, v.LEADER, SEND, "not_invited"),
    (stood_in, v.OUTSIDER, a.SendStandIn(meeting=1, person=v.EXPERT), "stand_in_passes_on"),
    (v.met, v.EXPERT, a.SendStandIn(meeting=1, person=v.STRANGER), "unknown_person"),
    (v.met, v.EXPERT, a.SendStandIn(meeting=1, person=v.JOURNALIST), "press_in_room"),
    (v.met, v.EXPERT, a.SendStandIn(meeting=1, person=v.WATCH), "stand_in_of_unit"),
    *(
        (v.met, v.EXPERT, a.SendStandIn(meeting=1, person=who), "already_invited")
        for who in (v.EXPERT, v.HEAD, v.LEADER)
    ),
    (stood_in, v.EXPERT, SEND, "already_invited"),
    (v.directed, v.DUTY, moves(), "meeting_moved_on"),
    (v.met, v.HEAD, moves(), "only_duty_officer"),
    (v.met, v.JOURNALIST, moves(), "press_reports_elsewhere"),
    (within, v.REPORTER, moves(), "only_head_manages"),
    (within, v.DUTY, moves(), "only_head_manages"),
    (moved, v.LEADER, moves(), "meeting_was_moved"),
    (cancelled, v.LEADER, moves(), "meeting_cancelled"),
    (v.concluded, v.DUTY, moves(), "meeting_moved_on"),
    (v.closed, v.DUTY, moves(), "meeting_moved_on"),
    (begun, v.DUTY, moves(), "meeting_begun"),
    (v.met, v.DUTY, moves(starts_at=v.START), "meeting_in_past"),
    (v.met, v.DUTY, moves(place=Prose(" ")), "place_needed"),
    (v.met, v.DUTY, lambda walk: moves(starts_at=of(walk).at), "meeting_time_stands"),
    (v.met, v.DUTY, moves(reason=SHORT), "reason_needed"),
    (v.met, v.EXPERT, CANCEL, "only_duty_officer"),
    (within, v.LEADER, CANCEL, "only_head_manages"),
    (moved, v.LEADER, CANCEL, "meeting_was_moved"),
    (cancelled, v.LEADER, CANCEL, "meeting_cancelled"),
    (v.concluded, v.DUTY, CANCEL, "meeting_moved_on"),
    (begun, v.DUTY, CANCEL, "meeting_begun"),
    (v.met, v.DUTY, a.CancelMeeting(meeting=1, seen=0, reason=SHORT), "reason_needed"),
    (v.met, v.DUTY, ATTEND, "meeting_not_begun"),
    (v.met, v.DUTY, MINUTES, "meeting_not_begun"),
    (cancelled, v.DUTY, ATTEND, "meeting_moved_on"),
    (v.closed, v.DUTY, ATTEND, "incident_closed"),
    (v.closed, v.DUTY, MINUTES, "incident_closed"),
    (begun, v.EXPERT, ATTEND, "only_duty_officer"),
    (begun, v.EXPERT, MINUTES, "only_duty_officer"),
    (begun, v.DUTY, a.RecordAttendance(meeting=1, present=()), "nobody_present"),
    (begun, v.DUTY, a.RecordAttendance(meeting=1, present=(v.STRANGER,)), "unknown_person"),
    (begun, v.DUTY, a.RecordAttendance(meeting=1, present=(v.JOURNALIST,)), "press_in_room"),
    (begun, v.DUTY, a.RecordMinutes(meeting=1, text=Prose("  ")), "minutes_blank"),
]


@pytest.mark.parametrize(("stage", "actor", "said", "key"), REFUSALS)
def test_what_the_rules_of_the_meeting_refuse(
    stage: Callable[[], Walk], actor: int, said: Said, key: str
) -> None:
    assert v.refused_by(stage(), actor, said) == key


# The call


def test_the_meeting_may_be_called_while_the_direction_is_awaited() -> None:
    walk = v.received()
    decision = walk.does(v.DUTY, v.meeting(walk))
    told = {"invitation": (v.HEAD, v.EXPERT), "chair_informed": (v.LEADER,)}
    assert v.told(decision) == told


def test_a_person_invited_for_two_units_is_invited_once() -> None:
    walk = v.received()
    walk.does(
        v.DUTY,
        v.meeting(walk, invitees=(v.HEAD, v.HEAD, v.EXPERT), units=(v.COMMUNE, v.PARTY, v.AGENCY)),
    )
    assert walk.incident.meeting is not None
    pairs = [(one.person, one.unit) for one in walk.incident.meeting.invitees]
    assert pairs == [(v.HEAD, v.COMMUNE), (v.EXPERT, v.AGENCY)]


def test_an_answer_may_change_until_the_conclusion() -> None:
    walk = answered()
    walk.does(v.HEAD, a.AnswerInvitation(meeting=1, answer="no"))
    assert walk.incident.meeting is not None and walk.incident.meeting.invitees[0].answer == "no"


def test_those_who_come_and_the_chair_are_reminded_of_the_meeting_once() -> None:
    walk = v.met().all([(v.HEAD, a.AnswerInvitation(meeting=1, answer="no"))])
    assert v.told(walk.does(v.CLOCK, REMIND)) == {"meeting_soon": (v.LEADER, v.EXPERT)}
    assert walk.incident.meeting is not None and walk.incident.meeting.reminded_at == walk.now


def test_what_each_is_to_prepare_is_a_fact_of_its_own_and_blanks_ask_for_nothing() -> None:
    walk = v.received()
    asked = (*prepares(v.EXPERT), *prepares(v.HEAD, " "))
    decision = walk.does(v.DUTY, v.meeting(walk, preparations=asked))
    kinds = [type(fact).__name__ for fact in decision.facts]
    assert kinds == ["MeetingCalled", "PreparationAsked"]
    assert [one.preparation for one in of(walk).invitees] == ["", "figures"]


def test_a_second_meeting_may_be_called_once_the_first_has_begun() -> None:
    walk = begun()
    walk.does(v.DUTY, v.meeting(walk))
    assert of(walk).id == 2


# The stand-in


@pytest.mark.duty("T27")
def test_the_stand_in_is_asked_himself_and_counts_for_the_unit() -> None:
    walk = v.met()
    decision = walk.does(v.EXPERT, SEND)
    told = {"stand_in_invited": (v.OUTSIDER,), "meeting_answers": (v.DUTY,)}
    assert v.told(decision) == told
    assert {f"O11:{v.OUTSIDER}", f"O11:{v.HEAD}"} <= keys(walk)
    assert f"O11:{v.EXPERT}" not in keys(walk) and v.OUTSIDER in walk.incident.members
    mine = duty(walk, v.OUTSIDER)
    assert mine is not None and mine.start == walk.now and mine.due <= of(walk).at
    walk.does(v.OUTSIDER, YES)
    place = place_of(of(walk), v.OUTSIDER)
    assert place is not None
    assert (place.person, place.goes, place.answer) == (v.EXPERT, v.OUTSIDER, "yes")
    assert listed(of(walk)) == (v.HEAD, v.OUTSIDER, v.EXPERT)


def test_a_stand_in_who_stays_away_gives_the_answer_back() -> None:
    walk = stood_in()
    decision = walk.does(v.OUTSIDER, NO)
    assert v.told(decision) == {"meeting_answers": (v.DUTY,), "stand_in_declined": (v.EXPERT,)}
    mine = duty(walk, v.EXPERT)
    assert mine is not None and mine.start == walk.now
    assert unanswered(of(walk)) == (v.HEAD, v.EXPERT)
    refused = v.refusal(walk, v.OUTSIDER, YES)
    assert refused is not None and refused.key == "not_invited"


def test_the_invitee_takes_it_back_by_coming_himself() -> None:
    walk = stood_in()
    decision = walk.does(v.EXPERT, YES)
    assert v.told(decision)["stand_in_released"] == (v.OUTSIDER,)
    assert (of(walk).invitees[1].goes, of(walk).invitees[1].answer) == (v.EXPERT, "yes")
    assert f"O11:{v.OUTSIDER}" not in keys(walk)


def test_another_stand_in_takes_the_place_of_the_first() -> None:
    walk = v.met().all([(v.HEAD, a.SendStandIn(meeting=1, person=v.REPORTER))])
    decision = walk.does(v.HEAD, a.SendStandIn(meeting=1, person=v.PARTY_HEAD))
    assert v.told(decision)["stand_in_released"] == (v.REPORTER,)
    assert of(walk).invitees[0].goes == v.PARTY_HEAD, "of the joined body"
    walk.does(v.HEAD, a.SendStandIn(meeting=1, person=v.REPORTER))
    assert of(walk).invitees[0].goes == v.REPORTER


def test_one_who_said_that_he_comes_or_stays_away_may_still_send_somebody() -> None:
    for answer in (YES, NO):
        walk = v.met().all([(v.EXPERT, answer), (v.EXPERT, SEND)])
        assert of(walk).invitees[1].answer is None and f"O11:{v.OUTSIDER}" in keys(walk)


def test_the_stand_in_is_reminded_in_the_place_of_him_who_sent_him() -> None:
    walk = stood_in()
    assert v.told(walk.does(v.CLOCK, REMIND)) == {"meeting_soon": (v.LEADER, v.HEAD, v.OUTSIDER)}


# Moved and cancelled


@pytest.mark.parametrize("actor", [v.DUTY, v.LEADER, v.SECOND])
def test_the_department_and_the_chair_move_and_cancel(actor: int) -> None:
    v.met().does(actor, moves())
    v.met().does(actor, CANCEL)


def test_a_chair_from_elsewhere_and_the_head_within_his_authority_do_too() -> None:
    walk = v.directed()
    walk.does(v.DUTY, v.meeting(walk, chair=v.MEMBER))
    walk.does(v.MEMBER, moves())
    inside = within()
    inside.does(v.HEAD, moves())
    inside.does(v.DEPUTY, a.CancelMeeting(meeting=1, seen=1, reason=v.REASON))


def test_a_move_asks_everybody_again_those_who_had_declined_too() -> None:
    walk = stood_in().all([(v.HEAD, NO), (v.OUTSIDER, YES), (v.CLOCK, REMIND)])
    decision = walk.does(v.LEADER, moves())
    owing, others = decision.notices
    assert (owing.to, owing.duty, owing.rings) == ((v.HEAD, v.OUTSIDER), "O11:{person}", True)
    assert others.to == (v.EXPERT, v.DUTY) and others.duty is None, "the chair moved it"
    meeting = of(walk)
    assert (meeting.at, meeting.asked_at, meeting.reminded_at) == (LATER, walk.now, None)
    assert unanswered(meeting) == (v.HEAD, v.OUTSIDER)
    for who in (v.HEAD, v.OUTSIDER):
        mine = duty(walk, who)
        assert mine is not None and mine.start == walk.now
    concludes = find(walk.incident, v.TERMS, "O12")
    assert concludes is not None and concludes.start > LATER


def test_who_moves_or_cancels_his_own_meeting_is_not_told() -> None:
    assert v.DUTY not in everyone_told(v.met().does(v.DUTY, moves()), "meeting_moved")
    decision = v.met().does(v.DUTY, CANCEL)
    assert v.told(decision) == {"meeting_cancelled": (v.HEAD, v.EXPERT, v.LEADER)}


def test_a_cancelled_meeting_is_owed_again_from_then_and_answers_are_not() -> None:
    walk = stood_in().all([(v.HEAD, NO)])
    decision = walk.does(v.LEADER, CANCEL)
    assert everyone_told(decision, "meeting_cancelled") == {v.OUTSIDER, v.EXPERT, v.DUTY}
    meets = find(walk.incident, v.TERMS, "O9")
    assert meets is not None and meets.start == walk.now
    holder = ball(walk.incident, v.TERMS)
    assert holder is not None and holder.duty is Duty.MEETING
    assert not any(key.startswith("O11") for key in keys(walk))
    gone = walk.incident.cancelled_meetings[-1]
    assert (gone.cancelled_by, gone.why_changed, gone.moves) == (v.LEADER, v.REASON, 0)
    walk.does(v.LEADER, a.WaiveMeeting(reason=v.REASON))
    assert "O9" not in keys(walk)


def test_a_meeting_called_after_a_cancelled_one_has_a_number_of_its_own() -> None:
    walk = cancelled()
    walk.does(v.DUTY, v.meeting(walk))
    assert of(walk).id == 2
    refused = v.refusal(walk, v.HEAD, YES)
    assert refused is not None and refused.key == "meeting_cancelled"
    walk.does(v.DUTY, a.CancelMeeting(meeting=2, seen=0, reason=v.REASON))
    walk.does(v.DUTY, v.meeting(walk))
    assert of(walk).id == 3


@pytest.mark.parametrize(
    ("first", "second", "key"),
    [
        (moves(), CANCEL, "meeting_was_moved"),
        (CANCEL, moves(), "meeting_cancelled"),
        (moves(), moves(place=Prose("yard")), "meeting_was_moved"),
        (CANCEL, CANCEL, "meeting_cancelled"),
    ],
)
def test_of_two_changes_made_on_one_screen_the_first_stands(
    first: a.Action, second: a.Action, key: str
) -> None:
    walk = v.met().all([(v.DUTY, first)])
    refused = v.refusal(walk, v.LEADER, second)
    assert refused is not None and refused.key == key
    assert refused.facts["who"] == v.DUTY and refused.facts["at"]


# Attendance and minutes


def test_who_was_missed_without_a_word_is_told_to_the_caller_alone() -> None:
    walk = begun(answered())
    decision = walk.does(v.LEADER, a.RecordAttendance(meeting=1, present=(v.LEADER, v.LEADER)))
    assert v.told(decision) == {"absent_without_word": (v.DUTY,)}
    assert of(walk).present == (v.LEADER,)
    assert absent_without_word(of(walk), of(walk).present) == (v.HEAD, v.EXPERT)
    assert not any(key.startswith("O11") for key in keys(walk)), "nobody is asked any more"
    again = walk.does(v.LEADER, a.RecordAttendance(meeting=1, present=(v.HEAD, v.EXPERT)))
    assert again.notices[0].to == () and of(walk).present == (v.HEAD, v.EXPERT)


def test_the_caller_who_records_it_himself_gets_no_second_message() -> None:
    assert begun().does(v.DUTY, ATTEND).notices[0].to == ()


def test_who_declined_or_sent_somebody_who_came_is_not_missed() -> None:
    walk = begun(stood_in().all([(v.HEAD, NO)]))
    meeting = replace(of(walk), present=(v.OUTSIDER,))
    assert absent_without_word(meeting, meeting.present) == ()
    assert absent_without_word(meeting, (v.EXPERT,)) == (), "he came after all"


def test_minutes_may_be_words_or_paper_and_come_after_the_conclusion_too() -> None:
    walk = v.concluded()
    walk.does(v.DUTY, MINUTES)
    walk.does(v.LEADER, a.RecordMinutes(meeting=1, text=Prose("more")))
    assert [(one.text, one.by) for one in of(walk).minutes] == [
        (v.WORDS, v.DUTY),
        ("more", v.LEADER),
    ]
