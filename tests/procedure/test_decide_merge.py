"""One event, one file, rule by rule: further reports, merging, splitting back (conduct §2)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from procedure import actions as a
from procedure.codec import Prose, dump, load
from procedure.errors import Refused
from procedure.evolve import fold
from procedure.facts import FileRef
from procedure.incident import Incident
from procedure.merging import PARTS, next_number, rekeyed
from procedure.obligations import ball, find, owed
from procedure.parties import everyone, resolve, speaker, units_in
from procedure.words import Casualties, Severity, Verdict
from tests.procedure import two_files as t
from tests.procedure import village as v
from tests.procedure.village import Walk

REPORT = a.AddReport(line=v.WORDS)
SPLIT = a.SplitIncident(other=t.OTHER)
PHOTO = FileRef(sha256="cd" * 32, media_type="image/jpeg", size=9, name=Prose("bank.jpg"))


def merging(other: Walk | None) -> a.MergeIncidents:
    return a.MergeIncidents(other=t.OTHER, absorbed=other.incident if other else None)


def yielded() -> Walk:
    """An incident that lies in another file."""
    return t.one_file().other


def other(**fields: Any) -> Walk:
    return t.second(t.sent_up, **fields)


def closed() -> Walk:
    walk = other()
    walk.incident = replace(walk.incident, closed_at=v.START)
    return walk


def has_spoken() -> Walk:
    walk = other()
    walk.incident = replace(walk.incident, spoken=v.spoken().incident.spoken)
    return walk


def elsewhere() -> Walk:
    walk = other()
    walk.incident = replace(walk.incident, department=v.AGENCY)
    return walk


def itself() -> a.MergeIncidents:
    walk = v.received()
    return a.MergeIncidents(other=t.KEPT, absorbed=walk.incident)


def drill() -> Walk:
    return other(drill=True)


REFUSALS: list[tuple[Callable[[], Walk], int, a.Action, str]] = [
    (yielded, v.OUTSIDER, a.AmendReport(item="known", text=v.WORDS), "merged_into"),
    (yielded, v.DUTY, SPLIT, "merged_into"),
    (yielded, v.CLOCK, a.NoteUndelivered(duty="O2", person=v.HEAD), "merged_into"),
    (v.closed, v.OUTSIDER, REPORT, "incident_closed"),
    (v.opened, v.JOURNALIST, REPORT, "press_reports_elsewhere"),
    (v.opened, v.DEPUTY, REPORT, "own_unit_amends"),
    (v.opened, v.PARTY_HEAD, REPORT, "own_unit_amends"),
    (v.opened, v.OUTSIDER, a.AddReport(line=Prose("  ")), "report_blank"),
    (v.closed, v.DUTY, merging(other()), "incident_closed"),
    (v.received, v.HEAD, merging(other()), "only_department_merges"),
    (v.received, v.EXPERT, merging(other()), "only_department_merges"),
    (v.received, v.DUTY, merging(None), "no_incident"),
    (v.received, v.DUTY, a.MergeIncidents(other="x", absorbed=other().incident), "no_incident"),
    (v.received, v.DUTY, itself(), "merge_with_itself"),
    (v.received, v.DUTY, merging(t.one_file().other), "merged_into"),
    (v.received, v.DUTY, merging(closed()), "incident_closed"),
    (v.received, v.DUTY, merging(drill()), "drill_is_apart"),
    (lambda: v.received(drill=True), v.DUTY, merging(other()), "drill_is_apart"),
    (v.received, v.DUTY, merging(elsewhere()), "only_department_merges"),
    (v.received, v.DUTY, merging(t.second()), "merge_not_sent_up"),
    (v.beyond, v.DUTY, merging(other()), "merge_not_sent_up"),
    (v.within, v.DUTY, merging(other()), "merge_not_sent_up"),
    (v.received, v.DUTY, merging(has_spoken()), "spoken_is_kept"),
    (v.closed, v.DUTY, SPLIT, "incident_closed"),
    (lambda: t.one_file().kept, v.HEAD, SPLIT, "only_department_merges"),
    (v.received, v.DUTY, SPLIT, "already_apart"),
    (lambda: t.one_file().kept, v.DUTY, SPLIT, "already_apart"),
    (
        lambda: t.one_file().kept,
        v.DUTY,
        a.SplitIncident(other=t.OTHER, absorbed=t.two().other.incident),
        "already_apart",
    ),
]


@pytest.mark.parametrize(("stage", "actor", "action", "key"), REFUSALS)
def test_a_refusal_names_its_sentence(
    stage: Callable[[], Walk], actor: int, action: a.Action, key: str
) -> None:
    refused = v.refusal(stage(), actor, action)
    assert refused is not None and refused.key == key


# Further reports


def test_a_further_report_gives_its_unit_a_part_and_tells_both_heads_and_the_duty_officer() -> None:
    walk = v.received()
    assert v.EXPERT not in everyone(walk.incident, v.ORGANISATION)
    decision = walk.does(v.OUTSIDER, a.AddReport(line=v.WORDS, files=(PHOTO,)))
    report = walk.incident.reports[0]
    assert (report.unit, report.person, report.line) == (v.AGENCY, v.OUTSIDER, v.WORDS)
    assert report.at == walk.now
    assert v.told(decision) == {"further_report": (v.HEAD, v.DUTY), "unit_joined": (v.EXPERT,)}
    assert {v.OUTSIDER, v.EXPERT} <= set(everyone(walk.incident, v.ORGANISATION))
    assert units_in(walk.incident, v.ORGANISATION) == {v.COMMUNE, v.PARTY, v.AGENCY}
    walk.does(v.EXPERT, a.AmendReport(item="known", text=v.WORDS))
    assert walk.incident.line == v.opened().incident.line, "the first report stays as it was"
    assert PHOTO in walk.incident.all_files and PHOTO not in walk.incident.files


def test_the_province_hears_of_a_further_report_only_once_the_first_has_gone_up() -> None:
    decision = v.beyond().does(v.EXPERT, REPORT)
    assert v.told(decision) == {"further_report": (v.HEAD,), "unit_joined": ()}


# Merging


def test_after_a_merge_the_other_owes_nothing_and_everything_is_owed_in_the_one_file() -> None:
    files = t.two()
    before = owed(files.other.incident, v.TERMS)
    assert {"O16_check:1", "O15:1", "O5:1", "supplement:1", "task:1"} <= {o.key for o in before}
    files.kept.does(v.REPORTER, a.LogClaim(text=v.REASON))
    files.merge()
    kept, other = files.kept.incident, files.other.incident
    assert owed(other, v.TERMS) == () and ball(other, v.TERMS) is None
    keys = {one.key for one in owed(kept, v.TERMS)}
    assert {"O16_check:1", "O16_check:2", "O15:1", "O5:1", "supplement:1", "task:1"} <= keys
    assert [one.text for one in kept.claims] == [v.REASON, v.WORDS]
    assert [one.line for one in kept.reports] == [other.line, v.WORDS]
    assert kept.reports[0].person == v.OUTSIDER and kept.reports[0].unit == v.AGENCY
    assert set(everyone(other, v.ORGANISATION)) <= set(everyone(kept, v.ORGANISATION))
    assert [one.code for one in kept.live_merged] == ["VV-2026-002"]


def test_what_another_unit_was_asked_to_add_stays_its_own_to_add() -> None:
    kept = t.one_file().kept
    duty = find(kept.incident, v.TERMS, "supplement:1")
    assert duty is not None
    assert resolve(duty.owner, kept.incident, v.ORGANISATION) == (v.EXPERT,)
    answer = a.ProvideSupplement(supplement=1, text=v.WORDS)
    refused = v.refusal(kept, v.DEPUTY, answer)
    assert refused is not None and refused.key == "not_in_unit" and refused.facts["who"] == v.EXPERT
    kept.does(v.OUTSIDER, answer)
    assert kept.incident.supplements[0].provided_at


def test_there_is_one_speaker_and_the_other_is_told_that_he_speaks_no_longer() -> None:
    files = t.two(v.concluded)
    assert speaker(files.other.incident, v.ORGANISATION) == v.EXPERT
    decision = files.merge()
    told = v.told(decision)
    assert told["voice_yielded"] == (v.EXPERT,) and v.EXPERT not in told["incidents_merged"]
    assert {v.HEAD, v.OUTSIDER, v.REPORTER} <= set(told["incidents_merged"])
    assert told["enquiry_arrived"] == (v.HEAD,) and told["claim_to_check"] == (v.EXPERT,)
    assert v.MEMBER not in told["incidents_merged"], "the committee hears through its office"
    assert speaker(files.kept.incident, v.ORGANISATION) == v.HEAD


def test_an_enquiry_logged_in_the_other_is_answered_in_the_one_file_and_comes_home() -> None:
    files = t.one_file()
    files.kept.does(v.HEAD, a.AnswerEnquiry(enquiry=1, answer=v.REASON))
    files.split()
    assert files.other.incident.enquiries[0].answer == v.REASON
    assert files.kept.incident.enquiries == ()


@pytest.mark.parametrize(
    ("here", "there", "severity", "casualties"),
    [
        ({}, {}, Severity.SERIOUS, Casualties.NONE_KNOWN),
        ({}, {"severity": Severity.GRAVE}, Severity.GRAVE, Casualties.NONE_KNOWN),
        ({"severity": Severity.GRAVE}, {}, Severity.GRAVE, Casualties.NONE_KNOWN),
        ({}, {"casualties": Casualties.INJURED}, Severity.SERIOUS, Casualties.INJURED),
        (
            {"casualties": Casualties.DEAD_OR_MISSING},
            {"casualties": Casualties.INJURED},
            Severity.SERIOUS,
            Casualties.DEAD_OR_MISSING,
        ),
    ],
)
def test_the_graver_of_the_two_is_kept_and_a_split_never_lowers_it(
    here: dict[str, Any], there: dict[str, Any], severity: Severity, casualties: Casualties
) -> None:
    files = t.Files(v.received(**here), other(**there))
    files.merge()
    assert (files.kept.incident.severity, files.kept.incident.casualties) == (severity, casualties)
    files.split()
    assert (files.kept.incident.severity, files.kept.incident.casualties) == (severity, casualties)


def test_receipts_and_extra_time_go_along_so_that_nobody_is_asked_twice() -> None:
    files = t.two()
    files.other.does(v.EXPERT, a.AcknowledgeDuty(duty=f"O1:task:1:{v.EXPERT}"))
    files.other.does(v.EXPERT, a.ExtendDuty(duty="task:1", minutes=30))
    files.kept.does(v.DUTY, a.SetTask(what=v.WORDS, owner=v.HEAD, due=v.START + v.DAY))
    due = find(files.other.incident, v.TERMS, "task:1")
    files.merge()
    moved = find(files.kept.incident, v.TERMS, "task:2")
    assert due and moved and moved.due == due.due
    keys = {one.key for one in owed(files.kept.incident, v.TERMS)}
    assert f"O1:task:2:{v.EXPERT}" not in keys
    assert f"O1:order:1:{v.OUTSIDER}" in keys, "he has not yet said that he has it"


def test_acting_there_was_a_receipt_and_still_is_one() -> None:
    files = t.two()
    files.other.does(v.OUTSIDER, a.AmendReport(item="known", text=v.WORDS))
    files.merge()
    keys = {one.key for one in owed(files.kept.incident, v.TERMS)}
    assert not any(key.startswith("O1:order") for key in keys)


# Splitting back


def without_time(incident: Incident) -> dict[str, Any]:
    """What an incident says, but for who touched it last and when it stood still."""
    apart = {"seq", "pauses", "acted", "members", "yielded"}
    return {name: value for name, value in dump(incident).items() if name not in apart}


def test_merged_and_split_at_once_both_are_what_they_were() -> None:
    files = t.two(v.concluded)
    here, there = files.kept.incident, files.other.incident
    files.merge()
    files.split()
    assert without_time(files.other.incident) == without_time(there)
    was, now = without_time(here), without_time(files.kept.incident)
    assert [one["split_at"] is not None for one in now.pop("merged")] == [True]
    assert now == {name: value for name, value in was.items() if name != "merged"}


def test_what_was_answered_meanwhile_comes_home_under_its_own_number() -> None:
    files = t.two()
    files.kept.does(v.REPORTER, a.LogClaim(text=v.REASON))
    files.merge()
    kept = files.kept
    kept.does(v.REPORTER, a.CheckClaim(claim=2, verdict=Verdict.FALSE, evidence=v.REASON))
    kept.does(v.OUTSIDER, a.ReportVerification(order=1, result=v.REASON))
    kept.does(v.OUTSIDER, a.ProvideSupplement(supplement=1, text=v.REASON))
    kept.does(v.EXPERT, a.FinishTask(task=1, note=v.REASON))
    files.split()
    home = files.other.incident
    assert home.claims[0].verdict is Verdict.FALSE and home.claims[0].checked_by == v.REPORTER
    assert home.orders[0].result == v.REASON and home.orders[0].lead
    assert home.supplements[0].provided_at and home.supplements[0].unit is None
    assert home.detail("supplement_1") == v.REASON
    assert home.tasks[0].note == v.REASON
    assert [one.text for one in kept.incident.claims] == [v.REASON]
    assert kept.incident.tasks == () and not kept.incident.detail("supplement_1")


def test_its_own_terms_stood_still_and_the_legal_clock_did_not() -> None:
    files = t.Files(v.received(), other())
    brief, legal = (find(files.other.incident, v.TERMS, key) for key in ("O7", "O14"))
    files.merge()
    files.kept.now += 5 * v.HOUR
    files.split()
    later, still = (find(files.other.incident, v.TERMS, key) for key in ("O7", "O14"))
    assert brief and later and legal and still
    assert later.due - brief.due == 5 * v.HOUR + v.MINUTE and later.start == brief.start
    assert still.due == legal.due


def test_a_term_that_somebody_set_ran_on_since_it_was_owed_all_the_time() -> None:
    files = t.two()
    keys = ("task:1", "supplement:1", "O5:1", "O16_check:1", "O15:1")
    before = [find(files.other.incident, v.TERMS, key) for key in keys]
    files.merge()
    files.kept.now += 5 * v.HOUR
    files.split()
    assert [find(files.other.incident, v.TERMS, key) for key in keys] == before


def test_who_had_a_part_in_the_other_alone_has_it_in_the_one_file_until_the_split() -> None:
    walk = other()
    walk.does(v.EXPERT, a.OrderVerification(people=(v.WATCH,), units=(v.COMMUNE,), what=v.WORDS))
    walk.does(v.MEMBER, v.direction(walk))
    files = t.Files(v.submitted(), walk)
    assert v.WATCH not in everyone(files.kept.incident, v.ORGANISATION)
    told = v.told(files.merge())["incidents_merged"]
    assert v.WATCH in told and v.MEMBER not in told, "the committee hears through its office"
    assert v.WATCH in everyone(files.kept.incident, v.ORGANISATION)
    files.split()
    assert v.WATCH not in everyone(files.kept.incident, v.ORGANISATION)


def test_everyone_of_the_restored_one_is_told_and_the_rest_of_the_other() -> None:
    decision = t.one_file(v.concluded).split()
    assert v.told(decision)["incident_split"] == (v.DEPUTY, v.PARTY_HEAD)
    back = decision.beside[0].notices[0]
    assert back.kind == "incident_restored" and {v.OUTSIDER, v.EXPERT} <= set(back.to)


def test_a_number_once_given_is_never_given_again() -> None:
    files = t.one_file()
    files.split()
    kept = files.kept
    assert {part: next_number(kept.incident, part) for part in PARTS} == {
        part: 3 if part == "reports" else 2 for part in PARTS
    }
    kept.does(v.REPORTER, a.LogClaim(text=v.WORDS))
    assert kept.incident.claims[0].id == 2
    files.merge()
    assert [one.id for one in kept.incident.claims] == [2, 3]


def test_a_file_that_holds_another_may_itself_be_merged_and_comes_back_whole() -> None:
    files = t.one_file()
    third = Walk(incident=Incident(stream="incident-3"), now=files.kept.now)
    third.does(v.WATCH, v.opening(code="VV-2026-003"))
    third.does(v.WATCH, a.AmendReport(item="place", text=v.WORDS))
    third.does(v.HEAD, a.SubmitReport(through=v.DEPARTMENT, to=v.COMMITTEE))
    whole = t.Files(third, files.kept)
    whole.merge()
    assert owed(files.kept.incident, v.TERMS) == ()
    assert set(everyone(files.other.incident, v.ORGANISATION)) <= set(
        everyone(third.incident, v.ORGANISATION)
    )
    with pytest.raises(Refused, match="merged_into"):
        files.split()
    third.does(v.HEAD, a.AnswerEnquiry(enquiry=1, answer=v.REASON))
    owner = find(third.incident, v.TERMS, "supplement:1")
    assert owner and resolve(owner.owner, third.incident, v.ORGANISATION) == (v.EXPERT,)
    whole.split()
    files.split()
    assert files.other.incident.enquiries[0].answer == v.REASON
    assert third.incident.enquiries == files.kept.incident.enquiries == ()


def test_both_journals_fold_to_what_was_reached_and_to_what_is_kept() -> None:
    files = t.one_file(v.concluded)
    files.kept.does(v.HEAD, a.AnswerEnquiry(enquiry=1, answer=v.REASON))
    for _ in range(2):
        for walk in (files.kept, files.other):
            again = fold(walk.incident.stream, walk.history)
            assert again == walk.incident and load(Incident, dump(again)) == again
        if files.other.incident.yielded:
            files.split()


@pytest.mark.parametrize(
    ("key", "new"),
    [
        ("O16_check:1", "O16_check:4"),
        ("task:2", "task:7"),
        ("O1:task:2:10", "O1:task:7:10"),
        ("O1:order:1:10", None),
        ("O1:spokesperson:2", None),
        ("O1:open", None),
        ("O14b:1", None),
        ("O7", None),
        ("O11:2", None),
        ("task:3", None),
    ],
)
def test_only_the_keys_of_what_is_carried_get_other_numbers(key: str, new: str | None) -> None:
    assert rekeyed(key, {"claims": {1: 4}, "tasks": {2: 7}}) == new
