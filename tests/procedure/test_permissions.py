"""Every action by everybody at every step is done, or refused with a sentence."""

import json
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, settings

from bot.render import Renderer, Scene
from bot.view import IncidentView
from handlers.navigation import duty_officer_for
from procedure import actions as a
from procedure.arrangement_actions import ARRANGEMENT_ACTIONS
from procedure.codec import dump
from procedure.decide import RULES
from procedure.incident import Incident
from procedure.organisation import Organisation
from procedure.staff_actions import ROLE_ACTIONS, StaffAction
from tests.procedure import village as v
from tests.procedure.machine import Procedure
from tests.procedure.permissions import cast as c
from tests.procedure.permissions import page, staff
from tests.procedure.permissions import table as tables
from tests.procedure.test_decide_whole import keys
from tests.test_templates import RULES as MANNERS

#: The same walks every time, so that a page that was true stays so until the rules change.
WALKS = settings(
    max_examples=30,
    stateful_step_count=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def table() -> tables.Table:
    return tables.everything()


@pytest.fixture(scope="module")
def offices() -> staff.Offices:
    return staff.everything()


def test_every_kind_of_action_succeeds_for_somebody_somewhere(table: tables.Table) -> None:
    never = sorted(set(a.ACTIONS) - table.done)
    told = "let a moment of tests/procedure/permissions/stages.py allow it, or mend its sample"
    assert never == [], told
    assert {kind.__name__ for kind in RULES} == set(a.ACTIONS)


def test_every_kind_of_act_about_the_organisation_succeeds_for_somebody(
    offices: staff.Offices,
) -> None:
    assert offices.done == set(staff.NAMED), staff.WHERE


def test_every_refusal_about_the_organisation_is_met(offices: staff.Offices) -> None:
    families = ("rules_staff", "rules_units", "rules_arrangements", "trying", "confirming")
    told = {key for one in families for key in keys(one)}
    assert told == {key for key, _ in offices.refusals}


def test_a_new_act_about_the_organisation_without_a_sample_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new = {*staff.kinds(), "BorrowPerson"}
    monkeypatch.setattr(staff, "kinds", lambda: new)
    monkeypatch.setattr(staff, "_tried", lambda offices, one: None)
    with pytest.raises(AssertionError, match=r"nobody tries \['BorrowPerson'\]: yield a sample"):
        staff.everything()


def test_every_concrete_act_about_the_organisation_is_a_kind() -> None:
    found, waiting = set(), [StaffAction]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found.add(kind)
    assert {one.__name__ for one in found - staff.BASES} == staff.kinds()
    carried = {*ROLE_ACTIONS.values(), *ARRANGEMENT_ACTIONS.values()}
    assert carried < found - staff.BASES, "what a button carries is asked for"


def test_a_new_kind_without_a_sample_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.procedure.permissions import samples, stages

    monkeypatch.setattr(samples, "RULES", {**samples.RULES, v.Walk: None})
    with pytest.raises(AssertionError, match=r"samples\.py has no sample of \['Walk'\]"):
        samples.samples(stages.stages()[-1])


def test_the_page_says_what_the_rules_answer(table: tables.Table, offices: staff.Offices) -> None:
    unlike = page.unlike(page.page(table, offices))
    assert not unlike, f"{page.COMMAND} writes it anew:\n{unlike}"


# The sentences


def sentence(
    key: str, facts: dict[str, object], reader: int, organisation: Organisation, walk: v.Walk | None
) -> str:
    """As the bot says a refusal to somebody; its facts have lain in the outbox."""
    incident = walk.incident if walk else Incident(stream="")
    view = IncidentView(incident, organisation, v.TERMS, walk.now) if walk else None
    home = organisation.people[reader].unit if reader in organisation.people else None
    officer = organisation.people.get(duty_officer_for(organisation, home) or 0)
    now = walk.now if walk else v.START
    scene = Scene(Renderer(v.ZONE), organisation, now, reader, view, officer)
    kept = json.loads(json.dumps(dump({"who": None, **facts})))
    return scene.renderer.text(f"refusals#{key}", kept, scene)


def bad_manners(said: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """The sentences that break a rule of manners, with the rule."""
    every = dict.fromkeys(said)
    return [
        (rule, key, text)
        for key, text in every
        for rule, keeps in MANNERS.items()
        if not text or not keeps(f"refusals#{key}", text)
    ]


def test_every_refusal_has_its_sentence(table: tables.Table) -> None:
    """With the very facts of that refusal, to the very person, about the very incident."""
    said = []
    for one in table.refusals.values():
        walk = one.stage.walk if one.stage.walk.incident.opened_at else None
        said.append((one.key, sentence(one.key, one.facts, one.actor, c.ORGANISATION, walk)))
    assert len({key for key, _ in said}) > 60
    assert bad_manners(said) == []


def test_every_refusal_about_the_organisation_has_its_sentence(offices: staff.Offices) -> None:
    said = [
        (key, sentence(key, facts, actor, organisation, None))
        for (key, _), (organisation, actor, facts) in offices.refusals.items()
    ]
    assert bad_manners(said) == []


def test_nothing_that_the_page_calls_refused_is_done_on_any_way(table: tables.Table) -> None:
    """People who do anything in any order find no moment that the page does not know of."""
    known = {
        (line[0], place)
        for line, places in table.cells.items()
        for place, cell in places.items()
        if cell.may
    }
    found = set()

    class Watched(Procedure):
        def does(self, actor: int, action: a.Action) -> None:
            done, what = self.done, (type(action).__name__, tables.place_of(self.walk.incident))
            super().does(actor, action)
            if self.done > done and what not in known:
                found.add((*what, actor))

    Watched.TestCase.settings = WALKS
    Watched.TestCase().runTest()
    assert found == set(), "let a moment of tests/procedure/permissions/stages.py be such a one"


# What must hold whatever the page says


def test_one_voice_at_a_time(table: tables.Table) -> None:
    for kind in ("SpeakStatement", "AnswerEnquiry", "ReportResult"):
        assert table.most[kind] == 1, kind


def test_a_paper_lets_speak_while_it_is_good(table: tables.Table) -> None:
    assert {"SpeakStatement", "AnswerEnquiry"} < may(table, c.BY_PAPER)
    assert {"SpeakStatement", "AnswerEnquiry"} & may(table, c.PAPER_OVER) == set()


#: What stays with him who is away: his voice, his seat, his keys, his own word, his invitation.
VOICE, KEYS = {"SpeakStatement", "AnswerEnquiry"}, {"BindRoom", "EndRoom"}
STAYS = {
    c.at(v.COMMUNE, c.Role.SPOKESPERSON): VOICE,
    c.SPEAKER: VOICE | {"ReportResult"},
    v.MEMBER: {"GiveDirection", "ConfirmDirection"},
    v.ADMIN: KEYS,
    c.DECIDER: {"ConfirmPhoneDecision", "CorrectPhoneDecision"},
    c.INVITEE: {"SendStandIn"},
}


def test_what_goes_over_to_a_stand_in_is_all_but_voice_committee_and_administration(
    table: tables.Table,
) -> None:
    for stand_in, away in c.STANDS_IN.items():
        stays = {kind for kind, _ in tables.kept_back(table, stand_in)}
        assert stays == STAYS.get(away, set()), c.called(stand_in)
        for line, places in table.cells.items():
            for place, cell in places.items():
                more = stand_in in cell.may and away not in cell.may
                assert not more, f"{c.called(stand_in)} may more than he: {line} {place}"


def test_who_is_not_or_no_more_registered_may_do_nothing(table: tables.Table) -> None:
    assert may(table, v.STRANGER) == set()
    assert may(table, c.GONE) == set()


def test_a_newsroom_receives_the_released_text_and_does_nothing_else(table: tables.Table) -> None:
    assert {kind for one in c.PRESS for kind in may(table, one)} == {"ReceiveGuidance"}


def may(table: tables.Table, person: int) -> set[str]:
    """The kinds of action that somebody may do anywhere."""
    return {
        line[0]
        for line, places in table.cells.items()
        for cell in places.values()
        if person in cell.may
    }
