"""`/truc`: who is on duty in a unit this week, who takes over, what is handed over (row 11)."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from handlers.absence import now_or
from handlers.fields import moment, people, person, text
from handlers.form import BadAnswer, Field, Form, Said, Values
from handlers.look import Desk
from handlers.reading.week import NotAWeek, read_week
from handlers.say import Choice, Say, choice, opens
from procedure.arrangement_actions import HandOverShift, SetRoster, TakeShift
from procedure.arrangements import Turn
from procedure.errors import BadValue, NotYours
from procedure.parties import is_press
from procedure.rules_arrangements import arranges, rosters, takes_turns
from procedure.text import fold
from procedure.words import Role

WEEK = timedelta(days=7)
MOST = 12
NEAR = 4


def home(desk: Desk) -> int:
    """The unit whose roster is meant: the one on the button, else his own."""
    return desk.organisation.standing(int(desk.args.get("unit", desk.me.unit)))


def _colleagues(desk: Desk, values: Values) -> Sequence[int]:
    whole, unit = desk.organisation, home(desk)
    found = [*whole.holders(Role.ON_DUTY, unit)]
    found += [one.id for one in whole.people.values() if whole.standing(one.unit) == unit]
    here = (one for one in dict.fromkeys(found) if whole.is_here(one))
    return [one for one in here if not is_press(one, whole)]


def _near(desk: Desk, values: Values) -> Sequence[int]:
    """Himself first, who takes over most often."""
    return [desk.person, *(one for one in _colleagues(desk, values) if one != desk.person)][:NEAR]


def _named(desk: Desk, words: str) -> int:
    """One colleague by a part of his name. Raises BadAnswer."""
    wanted = fold(words).strip()
    everybody = desk.organisation.people
    found = [one for one in _colleagues(desk, {}) if wanted in fold(everybody[one].name)]
    if len(found) != 1:
        raise BadAnswer("roster_several" if found else "roster_nobody", name=words.strip()[:60])
    return found[0]


def _week(said: Said, desk: Desk, values: Values) -> tuple[Turn, ...]:
    try:
        return read_week(said.text, lambda words: _named(desk, words))
    except NotAWeek as problem:
        line = problem.line[:80]
        raise BadAnswer(
            "week_hours" if problem.why == "hours" else "week_line", line=line
        ) from None


def keeps(desk: Desk) -> bool:
    """Whether he keeps the roster: the head in his own name, a clerk, an administrator."""
    return arranges(desk.organisation, desk.person, home(desk)) is not None


def _keeps(desk: Desk) -> None:
    rosters(desk.organisation, desk.person, home(desk))


def _on_shift(desk: Desk) -> None:
    now_on = desk.organisation.on_shift.get(home(desk))
    if now_on is None or not desk.acts_for(now_on):
        raise NotYours("not_on_shift", who=now_on)


def _which(desk: Desk, values: Values) -> dict[str, Any]:
    return {"of": home(desk)}


FORM = Form(
    name="roster",
    fields=(Field(name="week", read=_week, facts=_which),),
    finish=lambda desk, values: [SetRoster(unit=home(desk), turns=values["week"])],
    permit=_keeps,
    about_incident=False,
    send_label="do_it",
)


def _takes_shift(desk: Desk) -> None:
    if home(desk) not in desk.organisation.rosters:
        raise BadValue("no_roster", unit=home(desk))
    if not _may_take(desk, home(desk)):
        raise NotYours("only_unit_rosters", who=desk.organisation.head(home(desk)))


def _may_take(desk: Desk, unit: int) -> bool:
    return keeps(desk) or takes_turns(desk.organisation, desk.person, unit)


TAKE_FORM = Form(
    name="take_shift",
    fields=(
        Field(name="since", read=moment("any"), options=now_or),
        Field(name="until", read=moment("future")),
        Field(
            name="person",
            read=person(_near),
            options=people(_near),
            ask_if=lambda desk, values: keeps(desk),
        ),
    ),
    finish=lambda desk, values: [
        TakeShift(
            unit=home(desk),
            person=values.get("person") or desk.person,
            since=values["since"].at,
            until=values["until"].at,
        )
    ],
    permit=_takes_shift,
    about_incident=False,
    send_label="do_it",
)
NOTE_FORM = Form(
    name="shift_note",
    fields=(Field(name="note", read=text(least=2, most=1500)),),
    finish=lambda desk, values: [HandOverShift(unit=home(desk), note=values["note"])],
    permit=_on_shift,
    preview=False,
    about_incident=False,
)


def roster(desk: Desk) -> Sequence[Say]:
    """Who is on duty in the next seven days, where nobody is, and what he may do about it."""
    whole, unit = desk.organisation, home(desk)
    known = whole.rosters.get(unit)
    shifts = list(known.shifts(desk.now, desk.now + WEEK, desk.zone)) if known else []
    rows = [
        {
            "since": one.since,
            "until": one.until,
            "weekday": one.since.astimezone(desk.zone).weekday(),
            "person": one.person if one.person and whole.is_here(one.person) else None,
        }
        for one in shifts[:MOST]
    ]
    without = [] if rows else list(whole.holders(Role.ON_DUTY, unit))
    facts = {"of": unit, "shifts": rows, "without": without}
    return [Say(template="views/roster#roster", facts=facts, choices=list(_choices(desk, unit)))]


def _choices(desk: Desk, unit: int) -> Iterator[Choice]:
    now_on = desk.organisation.on_shift.get(unit)
    if now_on is not None and desk.acts_for(now_on):
        yield choice("shift_note", opens("shift_note", unit=unit))
    if unit in desk.organisation.rosters and _may_take(desk, unit):
        yield choice("take_shift", opens("take_shift", unit=unit))
    if keeps(desk):
        yield choice("set_roster", opens("roster", unit=unit))
