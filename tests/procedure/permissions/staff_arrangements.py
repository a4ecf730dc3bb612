"""Papers to speak, absences with a stand-in, duty rosters: who arranges what."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from procedure import arrangement_actions as a
from procedure.arrangements import Absence, Delegation, Roster, Turn
from procedure.codec import Prose
from procedure.facts import FileRef
from procedure.organisation import Organisation
from procedure.rules_arrangements import arrange, takes_turns
from procedure.words import Role
from tests.procedure import village as v
from tests.procedure.permissions import attempt as t
from tests.procedure.permissions import cast as c

NOW, LATER, BEFORE = v.START, v.START + 2 * v.DAY, v.START - 2 * v.DAY
WHOLE = c.ORGANISATION
STAFF, ON_DUTY, CLERK, NEWSROOM = (
    c.at(v.COMMUNE, one) for one in (Role.STAFF, Role.ON_DUTY, Role.OFFICE, Role.PRESS)
)
FILE = FileRef(sha256="cd" * 32, media_type="application/pdf", size=9, name=Prose("a.pdf"))
NUMBER = 10
Relation = Callable[[int], str]


def attempts() -> Iterator[t.Attempt]:
    """Each in every state that matters."""
    for found in (_papers, _bad_papers, _absences, _bad_absences, _rosters, _shifts, _handed_over):
        yield from found()


def _attempt(
    whole: Organisation,
    about: str,
    action: a.ArrangementAction,
    relation: Relation,
    *,
    shown: bool = True,
) -> t.Attempt:
    there = whole.at(NOW, v.ZONE)

    def ask(actor: int) -> Sequence[Any]:
        return arrange(there, action, actor, NOW, v.ZONE).facts

    return t.Attempt(there, type(action).__name__, about, action, ask, relation, shown)


def _to(whole: Organisation, unit: int, **who: int | None) -> Relation:
    return lambda actor: t.relation_to(whole, actor, unit, **who)


# Papers

#: A paper in each state, and how the page calls it.
PAPERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("a paper that waits for the head", {"confirmed_by": None}),
    ("one that is good, now or soon", {}),
    ("one that is good, now or soon", {"since": LATER, "until": LATER + v.DAY}),
    ("one that has run out, or was ended", {"since": BEFORE, "until": NOW}),
    ("one that has run out, or was ended", {"ended_at": NOW}),
)


def paper(**more: Any) -> a.GiveDelegation:
    """For somebody of the reporting unit, about one kind of incident."""
    usual: dict[str, Any] = {
        "person": STAFF, "document": Prose("12/GUQ"), "dated": NOW.date(), "since": NOW,
        "until": LATER, "stream": None, "field": "landslide", "paper": (FILE,),
    }  # fmt: skip
    return a.GiveDelegation(**usual | more)


def _signed(**more: Any) -> Organisation:
    made = {"id": NUMBER, "unit": v.COMMUNE, "by": v.HEAD, "confirmed_by": v.HEAD}
    return replace(WHOLE, delegations=(Delegation(**vars(paper()) | made | more),))


def _papers() -> Iterator[t.Attempt]:
    for unit in (v.COMMUNE, v.PARTY, v.DEPARTMENT, v.AGENCY, v.COMMITTEE):
        action = paper(person=c.at(unit, Role.STAFF))
        for whole in (WHOLE, t.with_stand_ins(), _signed()):
            yield _attempt(whole, "for somebody of the unit", action, _to(whole, unit))
    confirm = a.ConfirmDelegation(delegation=NUMBER)
    end = a.EndDelegation(delegation=NUMBER)
    for about, more in PAPERS:
        whole = _signed(**more)
        gone = t.left(whole, STAFF)
        away = replace(whole, absences=t.with_stand_ins().absences[:2])
        for one in (whole, gone, away):
            relation = _to(one, v.COMMUNE, himself=STAFF)
            yield _attempt(one, about, confirm, relation)
            yield _attempt(one, about, end, relation)


def _bad_papers() -> Iterator[t.Attempt]:
    """Nobody may: by post, without a scope, a paper, a head …"""
    headless = tuple(one for one in WHOLE.holdings if one.role is not Role.HEAD)
    for whole, action in (
        (WHOLE, paper(person=c.GONE)),
        (WHOLE, paper(person=NEWSROOM)),
        (WHOLE, paper(person=v.DEPUTY)),
        (WHOLE, paper(stream="incident-1")),
        (WHOLE, paper(field=None)),
        (WHOLE, paper(paper=())),
        (WHOLE, paper(dated=LATER.date())),
        (WHOLE, paper(until=NOW)),
        (replace(WHOLE, holdings=headless), paper()),
    ):
        yield _attempt(whole, "", action, _to(whole, v.COMMUNE), shown=False)
    for missing in (a.ConfirmDelegation(delegation=99), a.EndDelegation(delegation=99)):
        yield _attempt(WHOLE, "", missing, _to(WHOLE, v.COMMUNE), shown=False)


# Absences

ABSENCES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("one that the stand-in has not accepted", {"accepted_at": None}),
    ("one that he has accepted", {}),
    ("one that is over, ended or declined", {"since": BEFORE, "until": NOW}),
    ("one that is over, ended or declined", {"ended_at": NOW}),
)


def absence(person: int, stand_in: int, **more: Any) -> a.EnterAbsence:
    """Two days from now on."""
    span: dict[str, Any] = {"since": NOW, "until": LATER}
    return a.EnterAbsence(person=person, stand_in=stand_in, **span | more)


def _gone(one: Absence, whole: Organisation = WHOLE) -> Organisation:
    return replace(whole, absences=(one,))


def _absences() -> Iterator[t.Attempt]:
    for person, stand_in, unit, about in (
        (STAFF, ON_DUTY, v.COMMUNE, "of anybody"),
        (STAFF, c.at(v.PARTY, Role.STAFF), v.COMMUNE, "of anybody"),
        (v.OUTSIDER, c.at(v.AGENCY, Role.ON_DUTY), v.AGENCY, "of anybody"),
        (v.SECRETARY, c.at(v.COMMITTEE, Role.STAFF), v.COMMITTEE, "of anybody"),
        (v.HEAD, v.DEPUTY, v.COMMUNE, "of a head, a deputy stands in"),
        (v.MEMBER, c.at(v.COMMITTEE, Role.STAFF), v.COMMITTEE, "of a member of the committee"),
    ):
        action = absence(person, stand_in)
        relation = _to(WHOLE, unit, himself=person, stand_in=stand_in)
        yield _attempt(WHOLE, about, action, relation)
    relation = _to(WHOLE, v.COMMUNE, himself=STAFF)
    yield _attempt(WHOLE, "of anybody, the head stands in", absence(STAFF, v.HEAD), relation)
    yield _attempt(WHOLE, "of anybody, the clerk stands in", absence(STAFF, CLERK), relation)
    for about, more in ABSENCES:
        away = _gone(t.away(STAFF, ON_DUTY, number=NUMBER, **more))
        for whole in (away, t.left(away, ON_DUTY), t.left(away, STAFF)):
            yield from _answers(whole, about, STAFF, ON_DUTY)
        yield from _answers(
            _gone(t.away(v.HEAD, v.DEPUTY, number=NUMBER, **more)), about, v.HEAD, v.DEPUTY
        )


def _answers(whole: Organisation, about: str, person: int, stand_in: int) -> Iterator[t.Attempt]:
    relation = _to(whole, v.COMMUNE, himself=person, stand_in=stand_in)
    for kind in (a.AcceptAbsence, a.DeclineAbsence, a.EndAbsence):
        yield _attempt(whole, about, kind(absence=NUMBER), relation)


def _bad_absences() -> Iterator[t.Attempt]:
    away = _gone(t.away(ON_DUTY, STAFF, number=NUMBER))
    for whole, action in (
        (WHOLE, absence(STAFF, ON_DUTY, until=NOW)),
        (WHOLE, absence(STAFF, STAFF)),
        (WHOLE, absence(STAFF, v.OUTSIDER)),
        (WHOLE, absence(STAFF, NEWSROOM)),
        (WHOLE, absence(NEWSROOM, STAFF)),
        (WHOLE, absence(v.HEAD, STAFF)),
        (WHOLE, absence(c.GONE, STAFF)),
        (away, absence(ON_DUTY, STAFF)),
        (away, absence(CLERK, ON_DUTY)),
        (away, absence(STAFF, CLERK)),
    ):
        relation = _to(whole, v.COMMUNE, himself=action.person, stand_in=action.stand_in)
        yield _attempt(whole, "", action, relation, shown=False)
    for kind in (a.AcceptAbsence, a.DeclineAbsence, a.EndAbsence):
        yield _attempt(WHOLE, "", kind(absence=99), _to(WHOLE, v.COMMUNE), shown=False)


# Rosters


def turn(person: int, weekday: int = 0, hours: int = 24) -> Turn:
    """From midnight of a weekday on; 0 is the Monday of `NOW`."""
    return Turn(weekday=weekday, start=0, hours=hours, person=person)


def rostered(*people: int) -> Organisation:
    """On Monday the first is on duty, on Tuesday the second …"""
    turns = tuple(turn(one, weekday) for weekday, one in enumerate(people))
    return replace(WHOLE, rosters={v.COMMUNE: Roster(unit=v.COMMUNE, turns=turns)})


def _rosters() -> Iterator[t.Attempt]:
    for unit in (v.COMMUNE, v.PARTY, v.DEPARTMENT, v.AGENCY, v.COMMITTEE):
        action = a.SetRoster(unit=unit, turns=(turn(c.at(unit, Role.STAFF)),))
        for whole in (WHOLE, t.with_stand_ins()):
            yield _attempt(whole, "of a unit, with its people", action, _to(whole, unit))
    for bad in (turn(v.OUTSIDER), turn(NEWSROOM), turn(c.GONE), turn(STAFF, hours=0)):
        action = a.SetRoster(unit=v.COMMUNE, turns=(bad,))
        yield _attempt(WHOLE, "", action, _to(WHOLE, v.COMMUNE), shown=False)
    nowhere = a.SetRoster(unit=99, turns=())
    yield _attempt(WHOLE, "", nowhere, lambda actor: t.NOTHING, shown=False)


def shift(person: int, unit: int = v.COMMUNE, until: datetime = LATER) -> a.TakeShift:
    """Two days of duty from now on."""
    return a.TakeShift(unit=unit, person=person, since=NOW, until=until)


def _shifts() -> Iterator[t.Attempt]:
    for whole in (rostered(ON_DUTY, STAFF), rostered(ON_DUTY)):
        yield _by_himself(whole)
    whole = rostered(ON_DUTY)
    for person in (ON_DUTY, STAFF):
        action = shift(person)
        others = _attempt(whole, "for another of the unit", action, _to(whole, v.COMMUNE))
        yield replace(others, but=(person,))
    for there, action in (
        (WHOLE, shift(ON_DUTY)),
        (whole, shift(v.OUTSIDER)),
        (whole, shift(NEWSROOM)),
        (whole, shift(ON_DUTY, until=NOW)),
        (whole, shift(ON_DUTY, until=NOW + 40 * v.DAY)),
    ):
        yield _attempt(there, "", action, _to(there, v.COMMUNE), shown=False)


def _by_himself(whole: Organisation) -> t.Attempt:
    """Everybody for himself."""

    def ask(actor: int) -> Sequence[Any]:
        return arrange(there, shift(actor), actor, NOW, v.ZONE).facts

    def relation(actor: int) -> str:
        if whole.is_here(actor) and takes_turns(whole, actor, v.COMMUNE):
            return t.ON_DUTY
        found = t.relation_to(whole, actor, v.COMMUNE)
        near = whole.is_here(actor) and whole.works_at(actor, v.COMMUNE)
        return found if near else t.NOTHING

    there = whole.at(NOW, v.ZONE)
    return t.Attempt(there, "TakeShift", "for himself, where he works", shift(0), ask, relation)


def _handed_over() -> Iterator[t.Attempt]:
    action = a.HandOverShift(unit=v.COMMUNE, note=v.WORDS)
    two = rostered(ON_DUTY, STAFF)
    away = replace(two, absences=(t.away(ON_DUTY, c.at(v.COMMUNE, Role.STAFF)),))
    for whole, about in (
        (two, "while somebody is on duty"),
        (away, "while somebody is on duty"),
        (rostered(v.HEAD, STAFF), "while somebody is on duty"),
        (rostered(ON_DUTY), "while nobody follows, or nobody is on duty by a roster"),
        (WHOLE, "while nobody follows, or nobody is on duty by a roster"),
    ):
        yield _attempt(whole, about, action, _on_shift(whole))


def _on_shift(whole: Organisation) -> Relation:
    there = whole.at(NOW, v.ZONE)
    now_on = there.on_shift.get(v.COMMUNE)

    def relation(actor: int) -> str:
        if actor == now_on:
            return t.NOW_ON
        if now_on is not None and there.acting(now_on) == actor:
            return t.NOW_FOR
        return t.NOTHING

    return relation
