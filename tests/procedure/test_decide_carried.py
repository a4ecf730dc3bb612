"""What goes along when a file is merged: figures, offers, wishes, telephone decisions, meetings."""

import pytest

from procedure import actions as a
from procedure.codec import Prose
from procedure.decision import Decision
from procedure.entries_merge import IncidentMerged
from procedure.facts_late import HandedOn
from procedure.figures import conflicts, things, unusable
from procedure.obligations import find, owed
from procedure.parties import everyone, resolve, speaker
from tests.procedure import two_files as t
from tests.procedure import village as v

REASON = Prose("joined into the other file")


def differing() -> t.Files:
    """The commune says 38 m, the agency 35 m; neither knows of the other before the merge."""
    files = t.two(v.concluded)
    files.kept.does(v.REPORTER, v.figure("38"))
    return files


def values(walk: v.Walk, name: str = "standing") -> list[str]:
    return [one.value for thing in things(walk.incident) for one in getattr(thing, name)]


def kinds(decision: Decision) -> list[str]:
    return [one.kind for one in decision.notices]


# Figures


def test_numbers_that_differ_only_now_are_a_conflict_from_the_merge_on_with_owner_and_clock() -> (
    None
):
    files = differing()
    assert conflicts(files.kept.incident) == conflicts(files.other.incident) == ()
    decision = files.merge()
    kept = files.kept.incident
    found = conflicts(kept)
    assert [(one.ids, one.since) for one in found] == [((1, 2), files.kept.now)]
    duty = find(kept, v.TERMS, "conflict:2")
    assert duty and duty.start == files.kept.now and duty.due > files.kept.now
    assert (
        resolve(duty.owner, kept, v.ORGANISATION)
        == (v.EXPERT,)
        == v.told(decision)["figure_conflict"]
    )
    assert owed(files.other.incident, v.TERMS) == ()
    assert speaker(kept, v.ORGANISATION) == v.HEAD


@pytest.mark.parametrize(
    ("chosen", "here", "there"), [(1, ["38"], ["35"]), (2, ["38"], ["35"]), (None, ["38"], ["35"])]
)
def test_a_choice_between_one_of_each_is_none_once_they_are_two_events(
    chosen: int | None, here: list[str], there: list[str]
) -> None:
    files = differing()
    files.merge()
    choice = a.SettleFigure(figures=(1, 2), chosen=chosen, reason=v.REASON)
    files.kept.does(v.EXPERT, choice)
    assert len(values(files.kept)) == (2 if chosen is None else 1)
    files.split()
    assert (values(files.kept), values(files.other)) == (here, there)
    assert conflicts(files.kept.incident) == conflicts(files.other.incident) == ()
    assert unusable(files.kept.incident) == unusable(files.other.incident) == ()


def test_what_differed_in_the_other_is_settled_in_the_one_file_and_comes_home_settled() -> None:
    files = t.two(v.concluded)
    files.other.does(v.REPORTER, v.figure("38"))
    since = conflicts(files.other.incident)[0].since
    files.kept.does(v.REPORTER, v.figure("4", topic="houses", what=Prose("Houses")))
    files.merge()
    found = conflicts(files.kept.incident)
    assert [(one.id, one.ids, one.since) for one in found] == [(3, (2, 3), since)]
    files.kept.does(v.EXPERT, a.SettleFigure(figures=(2, 3), chosen=3, reason=v.REASON))
    files.split()
    home = files.other.incident
    assert conflicts(home) == () and values(files.other) == ["38"]
    assert values(files.other, "set_aside") == ["35"]
    assert [(one.figures, one.chosen, one.by) for one in home.settlements] == [
        ((1, 2), 2, v.EXPERT)
    ]
    assert files.kept.incident.settlements == () and values(files.kept) == ["4"]


def test_a_number_of_the_kept_file_chosen_over_others_is_chosen_at_home_too_when_it_was_said() -> (
    None
):
    files = t.two(v.concluded)
    files.other.does(v.REPORTER, v.figure("38"))
    files.kept.does(v.DUTY, v.figure("35"))
    files.merge()
    ids = conflicts(files.kept.incident)[0].ids
    files.kept.does(v.EXPERT, a.SettleFigure(figures=ids, chosen=1, reason=v.REASON))
    files.split()
    assert values(files.other) == ["35"] and values(files.other, "set_aside") == ["38"]


def test_what_was_settled_stays_settled_in_the_one_file() -> None:
    files = t.two(v.concluded)
    files.other.does(v.REPORTER, v.figure("38"))
    files.other.does(v.DUTY, a.SettleFigure(figures=(1, 2), chosen=1, reason=v.REASON))
    files.merge()
    assert conflicts(files.kept.incident) == () and values(files.kept) == ["35"]
    assert values(files.kept, "set_aside") == ["38"]
    files.kept.does(v.DEPUTY, v.figure("36"))
    assert [one.ids for one in conflicts(files.kept.incident)] == [(1, 3)]


def test_a_choice_made_in_the_other_binds_no_number_of_the_kept_file() -> None:
    files = t.two(v.concluded)
    files.other.does(v.WATCH, v.figure("38", topic="slide_length"))
    files.other.does(v.DUTY, a.SettleFigure(figures=(1, 2), chosen=1, reason=v.REASON))
    files.kept.does(v.DUTY, v.figure("40"))
    files.merge()
    assert sorted(values(files.kept)) == ["35", "40"] and len(conflicts(files.kept.incident)) == 1


def test_a_text_that_says_a_number_that_differs_now_is_named_to_its_speaker() -> None:
    files = t.two(v.concluded)
    files.kept.does(v.REPORTER, v.figure("38"))
    files.kept.draft(v.length("38"))
    files.kept.approve(by=v.LEADER)
    assert v.told(files.merge())["statement_contested"] == (v.HEAD,)
    again = a.DraftStatement(text=v.length("38"), holding=False)
    refused = v.refusal(files.kept, v.REPORTER, again)
    assert refused is not None and refused.key == "figure_contested"


# Offers, wishes, hand-ons


def test_an_open_offer_is_put_again_under_its_new_key_and_its_end_comes_home() -> None:
    files = t.two()
    files.other.does(v.EXPERT, a.OfferTask(duty="task:1", to=v.OUTSIDER))
    files.kept.does(v.DUTY, a.SetTask(what=v.WORDS, owner=v.HEAD, due=v.START + v.DAY))
    decision = files.merge()
    again = next(one for one in decision.notices if one.kind == "task_offered")
    assert (again.to, again.facts["duty"], again.facts["by"]) == ((v.OUTSIDER,), "task:2", v.EXPERT)
    files.kept.does(v.OUTSIDER, a.AcceptOffer(duty="task:2"))
    files.split()
    home = files.other.incident
    assert home.tasks[0].owner == v.OUTSIDER and home.offers == {}
    done = HandedOn(previous=v.EXPERT, person=v.OUTSIDER, at=files.kept.history[-2].at)
    assert home.handed_on == {"task:1": (done,)}
    assert files.kept.incident.handed_on == {} and files.kept.incident.tasks[0].owner == v.HEAD


def test_whoever_took_work_over_in_the_one_file_has_a_part_in_the_restored_one() -> None:
    files = t.one_file()
    files.kept.does(v.DUTY, a.ReassignDuty(duty="task:1", to=v.WATCH, expected=v.EXPERT))
    files.split()
    assert v.WATCH in everyone(files.other.incident, v.ORGANISATION)


def test_a_wish_for_time_and_a_word_of_not_mine_wait_in_the_one_file() -> None:
    files = t.two()
    files.other.does(v.OUTSIDER, a.AskMoreTime(duty="O5:1", minutes=30))
    files.other.does(v.EXPERT, a.SayNotMine(duty="task:1", whose=v.HEAD, text=v.WORDS))
    told = v.told(files.merge())
    assert v.EXPERT in told["more_time_asked"] and v.DUTY in told["not_mine_said"]
    files.kept.does(v.EXPERT, a.ExtendDuty(duty="O5:1", minutes=30))
    again = files.split().beside[0].notices
    home = files.other.incident
    assert home.time_wishes == {} and set(home.not_mine) == {"task:1"}
    assert home.extensions["O5:1"][0].minutes == 30
    assert [one.kind for one in again if one.kind == "not_mine_said"] == ["not_mine_said"]


def test_what_is_asked_about_a_step_of_the_other_waits_there_and_is_asked_again_at_the_split() -> (
    None
):
    files = t.two()
    files.other.does(v.DUTY, a.AskMoreTime(duty="O7", minutes=30))
    assert "more_time_asked" not in kinds(files.merge())
    assert "O7" not in files.kept.incident.time_wishes
    assert "more_time_asked" in [one.kind for one in files.split().beside[0].notices]


# Telephone decisions


def test_a_telephone_decision_is_on_record_in_the_one_file_and_confirmed_there() -> None:
    files = t.two()
    decision = files.merge()
    assert v.told(decision)["phone_decision_to_confirm"] == (v.EXPERT,)
    files.kept.does(v.EXPERT, a.ConfirmPhoneDecision(decision=1))
    said = a.RecordPhoneDecision(
        decider=v.HEAD, heard_by=v.DEPUTY, at=files.kept.now, words=v.REASON, about=None
    )
    files.kept.does(v.DUTY, said)
    assert [one.id for one in files.kept.incident.phone_decisions] == [1, 2]
    files.split()
    assert files.other.incident.phone_decisions[0].confirmed_at
    assert [one.words for one in files.kept.incident.phone_decisions] == [v.REASON]


@pytest.mark.parametrize(("about", "there"), [("O7", None), ("task:1", "task:2")])
def test_what_it_was_about_is_named_there_only_when_it_came_along(
    about: str, there: str | None
) -> None:
    files = t.two()
    files.kept.does(v.DUTY, a.SetTask(what=v.WORDS, owner=v.HEAD, due=v.START + v.DAY))
    said = a.RecordPhoneDecision(
        decider=v.LEADER, heard_by=v.OUTSIDER, at=files.other.now, words=v.WORDS, about=about
    )
    files.other.does(v.OUTSIDER, said)
    files.merge()
    assert files.kept.incident.phone_decisions[-1].about == there
    files.split()
    assert files.other.incident.phone_decisions[-1].about == about


# Meetings


def meeting_too() -> t.Files:
    """Both have called a meeting."""
    files = t.two(v.met)
    files.other.does(v.DUTY, v.meeting(files.other, chair=v.MEMBER))
    files.other.does(v.HEAD, a.AnswerInvitation(meeting=1, answer="no"))
    return files


def test_the_meeting_of_the_other_is_off_with_the_reason_and_who_was_to_come_hears_once() -> None:
    files = meeting_too()
    merge = a.MergeIncidents(other=t.OTHER, absorbed=files.other.incident, reason=REASON)
    decision = files.both(v.SECOND, merge)
    off = [one for one in decision.beside[0].notices if one.kind == "meeting_cancelled"]
    assert [one.to for one in off] == [(v.EXPERT, v.MEMBER, v.DUTY)]
    stands = files.kept.incident.meeting
    assert stands and off[0].facts["stands"] == stands.at
    assert "meeting_cancelled" not in kinds(decision)
    gone = files.other.incident.cancelled_meetings[0]
    assert (gone.why_changed, gone.cancelled_by) == (REASON, v.SECOND)
    assert files.other.incident.meeting is None
    files.split()
    assert files.other.incident.meeting is None and find(files.other.incident, v.TERMS, "O9")


def test_a_meeting_that_has_been_held_stays_as_it_was() -> None:
    files = meeting_too()
    held = files.other.incident.meeting
    files.kept.now = files.other.now = files.other.now + 2 * v.HOUR
    decision = files.merge()
    assert files.other.incident.meeting == held
    assert not [one for one in decision.beside[0].notices if one.kind == "meeting_cancelled"]


def test_the_fact_of_a_merge_holds_all_that_came() -> None:
    files = differing()
    decision = files.merge()
    fact = decision.facts[0]
    assert isinstance(fact, IncidentMerged)
    assert [one.value for one in fact.carried.figures] == ["35"]
    assert fact.numbers["figures"] == {1: 2} and fact.numbers["phone_decisions"] == {1: 1}
