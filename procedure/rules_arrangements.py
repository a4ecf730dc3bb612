"""Who may arrange that another speaks, acts or is on duty in somebody's place (rows 3, 8, 11)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, TypeVar

from procedure import arrangement_actions as a
from procedure import entries_arrangements as e
from procedure.arrangements import Absence, Delegation, Roster, Taken
from procedure.entries import Fact
from procedure.errors import BadValue, NotYours, Outdated
from procedure.organisation import Organisation
from procedure.parties import deputies, is_press
from procedure.rules_staff import clerk_in
from procedure.speaking_right import BY_POST
from procedure.words import Role

#: The longest stretch of duty that one takes over at once.
LONGEST = timedelta(days=31)
#: So far ahead one looks for whoever is on duty next.
AHEAD = timedelta(days=14)
_TAKES_TURNS = frozenset({Role.ON_DUTY, Role.HEAD, Role.DEPUTY})
_Numbered = TypeVar("_Numbered", Delegation, Absence)


@dataclass(frozen=True)
class Arranging:
    """Everything that a rule may look at; `now` is UTC, `zone` that of the rosters."""

    organisation: Organisation
    actor: int
    now: datetime
    zone: tzinfo

    def authority(self, unit: int) -> str | None:
        """Under which authority the actor arranges things in a unit; None: under none."""
        return arranges(self.organisation, self.actor, unit)


@dataclass(frozen=True)
class Arranged:
    """What now stands in the journal, and under which authority."""

    facts: tuple[Fact, ...]
    authority: str


def arrange(
    organisation: Organisation, action: a.ArrangementAction, actor: int, now: datetime, zone: tzinfo
) -> Arranged:
    """What follows at `now` (UTC). Raises NotYours, BadValue, Outdated."""
    if not organisation.is_here(actor):
        raise NotYours("stranger", who=None)
    if is_press(actor, organisation):
        raise NotYours("press_reports_elsewhere", who=None)
    return _RULES[type(action)](Arranging(organisation, actor, now, zone), action)


def _home(organisation: Organisation, person: int) -> int:
    """The body in which a person works, or that took it in. Raises BadValue: no such one."""
    if not organisation.is_here(person):
        raise BadValue("person_has_left", person=person)
    return organisation.standing(organisation.people[person].unit)


def _works_in(organisation: Organisation, person: int, unit: int) -> bool:
    """Whether a person works in a unit or in the body joined to it."""
    return _home(organisation, person) in (unit, organisation.units[unit].partner)


def arranges(organisation: Organisation, actor: int, unit: int) -> str | None:
    """The authority under which somebody arranges things in a unit: its head in his own name, its
    clerk, an administrator; None: under none."""
    if organisation.head(unit) == actor:
        return "head"
    if clerk_in(organisation, actor, organisation.standing(unit)):
        return "office"
    return "admin" if actor in organisation.admins else None


def delegates(organisation: Organisation, actor: int, unit: int) -> str:
    """The authority under which he enters a paper to speak for a unit. Raises NotYours."""
    authority = arranges(organisation, actor, unit)
    if authority is None:
        has_one = any(one.person == actor for one in organisation.delegations)
        head = organisation.head(unit)
        raise NotYours("delegation_passed_on" if has_one else "only_head_delegates", who=head)
    return authority


def rosters(organisation: Organisation, actor: int, unit: int) -> str:
    """The authority under which he keeps a unit's roster. Raises NotYours."""
    authority = arranges(organisation, actor, unit)
    if authority is None:
        raise NotYours("only_unit_rosters", who=organisation.head(unit))
    return authority


def _delegate(asked: Arranging, action: a.GiveDelegation) -> Arranged:
    """Only the head authorises; what his office enters waits for him; nobody passes it on."""
    whole, unit = asked.organisation, _home(asked.organisation, action.person)
    authority = delegates(whole, asked.actor, unit)
    if whole.head(unit) is None:
        raise BadValue("unit_without_head", unit=unit)
    if is_press(action.person, whole):
        raise BadValue("press_in_room", person=action.person)
    if any(one.role in BY_POST and one.unit == unit for one in whole.held_by(action.person)):
        raise BadValue("speaks_by_post", person=action.person)
    if (action.stream is None) == (action.field is None):
        raise BadValue("scope_needed")
    if not action.paper:
        raise BadValue("paper_needed")
    if action.dated > asked.now.astimezone(asked.zone).date():
        raise BadValue("dated_ahead", dated=action.dated)
    _span(asked, action.since, action.until)
    made = Delegation(
        id=_next(whole.delegations),
        unit=unit,
        by=asked.actor,
        confirmed_by=asked.actor if authority == "head" else None,
        **vars(action),
    )
    return Arranged((e.DelegationEntered(delegation=made),), authority)


def _confirm_delegation(asked: Arranging, action: a.ConfirmDelegation) -> Arranged:
    found = _found(asked.organisation.delegations, action.delegation)
    head = asked.organisation.head(found.unit)
    if asked.actor != head:
        raise NotYours("only_head_delegates", who=head)
    if found.why_not(asked.now) != "waits" or asked.now >= found.until:
        raise Outdated("answer_outdated")
    return Arranged((e.DelegationConfirmed(delegation=found.id),), "head")


def _end_delegation(asked: Arranging, action: a.EndDelegation) -> Arranged:
    """By whoever may arrange it, and by him who shall not speak any more."""
    found = _found(asked.organisation.delegations, action.delegation)
    authority = asked.authority(found.unit)
    if authority is None and asked.actor != found.person:
        raise NotYours("only_head_delegates", who=asked.organisation.head(found.unit))
    if found.ended_at is not None or asked.now >= found.until:
        raise Outdated("answer_outdated")
    return Arranged((e.DelegationEnded(delegation=found.id),), authority or "himself")


def _enter_absence(asked: Arranging, action: a.EnterAbsence) -> Arranged:
    whole, unit = asked.organisation, _home(asked.organisation, action.person)
    authority = _himself_or(asked, action.person, unit)
    if any(one.role is Role.COMMITTEE_MEMBER for one in whole.held_by(action.person)):
        raise BadValue("committee_absence")
    _span(asked, action.since, action.until)
    _free(asked, action)
    stands_in(whole, action.person, action.stand_in, asked.actor)
    made = Absence(
        id=_next(whole.absences), by=asked.actor, accepted_at=None, ended_at=None, **vars(action)
    )
    return Arranged((e.AbsenceEntered(absence=made),), authority)


def stands_in(organisation: Organisation, person: int, stand_in: int, actor: int) -> None:
    """Whether somebody may act for a person who is away, entered by `actor`: a head's deputies,
    for anybody else a colleague; who enters it for another does not enter himself, but the head.
    Raises BadValue."""
    unit = _home(organisation, person)
    head = organisation.head(unit)
    if stand_in == person:
        raise BadValue("stand_in_himself")
    if stand_in == actor != head:
        raise BadValue("stand_in_enters", person=person)
    if not _works_in(organisation, stand_in, unit):
        raise BadValue("stand_in_of_unit", person=stand_in)
    _no_press(organisation, person, stand_in)
    able = deputies(unit, organisation.in_own_names())
    if head == person and able and stand_in not in able:
        raise BadValue("deputy_stands_in", person=able[0])


def _free(asked: Arranging, action: a.EnterAbsence) -> None:
    """Nobody is away twice, stands in while he is away, or goes while he stands in."""
    for one in asked.organisation.absences:
        apart = one.until <= action.since or action.until <= one.since
        if apart or not one.stands() or one.until <= asked.now:
            continue
        if one.person == action.person:
            raise Outdated("absence_stands", since=one.since, until=one.until)
        if one.person == action.stand_in:
            raise BadValue("stand_in_is_away", person=action.stand_in, until=one.until)
        if one.stand_in == action.person:
            raise BadValue("stands_in_for", person=one.person, until=one.until)


def _accept_absence(asked: Arranging, action: a.AcceptAbsence) -> Arranged:
    found = _asked_of(asked, action.absence)
    if found.accepted_at is not None:
        raise Outdated("answer_outdated")
    return Arranged((e.AbsenceAccepted(absence=found.id),), "stand_in")


def _decline_absence(asked: Arranging, action: a.DeclineAbsence) -> Arranged:
    """Also later: whoever cannot go on acting for another must be able to say so."""
    found = _asked_of(asked, action.absence)
    return Arranged((e.AbsenceDeclined(absence=found.id),), "stand_in")


def _asked_of(asked: Arranging, number: int) -> Absence:
    found = _found(asked.organisation.absences, number)
    if asked.actor != found.stand_in:
        raise NotYours("another_stands_in", who=found.stand_in)
    if not found.stands() or asked.now >= found.until:
        raise Outdated("answer_outdated")
    return found


def _end_absence(asked: Arranging, action: a.EndAbsence) -> Arranged:
    found = _found(asked.organisation.absences, action.absence)
    unit = asked.organisation.standing(asked.organisation.people[found.person].unit)
    authority = _himself_or(asked, found.person, unit)
    if not found.stands() or asked.now >= found.until:
        raise Outdated("answer_outdated")
    return Arranged((e.AbsenceEnded(absence=found.id),), authority)


def _himself_or(asked: Arranging, person: int, unit: int) -> str:
    if asked.actor == person:
        return "himself"
    authority = asked.authority(unit)
    if authority is None:
        raise NotYours("only_he_is_away", who=person)
    return authority


def _set_roster(asked: Arranging, action: a.SetRoster) -> Arranged:
    authority = _rosters(asked, action.unit)
    for one in action.turns:
        _fits(asked, one.person, action.unit)
        day = 0 <= one.weekday <= 6 and 0 <= one.start < 24 * 60
        if not day or not 1 <= one.hours <= 7 * 24:
            raise BadValue("no_such_turn")
    return Arranged((e.RosterSet(unit=action.unit, turns=action.turns),), authority)


def _take_shift(asked: Arranging, action: a.TakeShift) -> Arranged:
    """By one of those on duty there who takes it himself, or by whoever keeps the roster."""
    if action.unit not in asked.organisation.rosters:
        raise BadValue("no_roster", unit=action.unit)
    own = asked.actor == action.person and takes_turns(asked.organisation, asked.actor, action.unit)
    authority = "himself" if own else _rosters(asked, action.unit)
    _fits(asked, action.person, action.unit)
    _span(asked, action.since, action.until)
    if action.until - action.since > LONGEST:
        raise BadValue("shift_too_long")
    taken = Taken(person=action.person, since=action.since, until=action.until)
    return Arranged((e.ShiftTaken(unit=action.unit, taken=taken),), authority)


def takes_turns(organisation: Organisation, person: int, unit: int) -> bool:
    """Whether a person is one of those on duty in a unit: by its roster, or as one who is on duty
    there or in the body joined to it, or leads them. Nobody else gives himself the duty."""
    roster = organisation.rosters.get(unit)
    if roster is not None and any(one.person == person for one in roster.turns):
        return True
    near = organisation.homes(unit)
    return any(
        one.role in _TAKES_TURNS and organisation.standing(one.unit) in near
        for one in organisation.held_by(person)
    )


def _hand_over(asked: Arranging, action: a.HandOverShift) -> Arranged:
    whole = asked.organisation
    now_on = whole.on_shift.get(action.unit)
    if now_on is None or not whole.acts_for(asked.actor, now_on):
        raise NotYours("not_on_shift", who=now_on)
    to = follows(whole.rosters[action.unit], asked.now, asked.zone)
    if to is None:
        raise BadValue("nobody_follows", unit=action.unit)
    fact = e.ShiftHandedOver(unit=action.unit, to=to, note=action.note)
    return Arranged((fact,), "on_duty")


def follows(roster: Roster, now: datetime, zone: tzinfo) -> int | None:
    """Who is on duty after whoever is on duty at `now` (UTC); None: nobody within two weeks."""
    here = roster.on_duty(now, zone)
    coming = roster.shifts(now, now + AHEAD, zone)
    return next((one.person for one in coming if one.person not in (None, here)), None)


def _rosters(asked: Arranging, unit: int) -> str:
    if unit not in asked.organisation.units:
        raise BadValue("no_such_turn")
    return rosters(asked.organisation, asked.actor, unit)


def _fits(asked: Arranging, person: int, unit: int) -> None:
    if not _works_in(asked.organisation, person, unit):
        raise BadValue("roster_of_unit", person=person)
    _no_press(asked.organisation, person)


def _no_press(organisation: Organisation, *people: int) -> None:
    for person in people:
        if is_press(person, organisation):
            raise BadValue("press_in_room", person=person)


def _span(asked: Arranging, since: datetime, until: datetime) -> None:
    if until <= since or until <= asked.now:
        raise BadValue("no_time_left")


def _next(known: Iterable[Delegation] | Iterable[Absence]) -> int:
    return max((one.id for one in known), default=0) + 1


def _found(known: Iterable[_Numbered], number: int) -> _Numbered:
    found = next((one for one in known if one.id == number), None)
    if found is None:
        raise Outdated("answer_outdated")
    return found


_RULES: Mapping[type[a.ArrangementAction], Callable[[Arranging, Any], Arranged]] = {
    a.GiveDelegation: _delegate,
    a.ConfirmDelegation: _confirm_delegation,
    a.EndDelegation: _end_delegation,
    a.EnterAbsence: _enter_absence,
    a.AcceptAbsence: _accept_absence,
    a.DeclineAbsence: _decline_absence,
    a.EndAbsence: _end_absence,
    a.SetRoster: _set_roster,
    a.TakeShift: _take_shift,
    a.HandOverShift: _hand_over,
}
