"""`/uyquyen`: a signed paper by which somebody may speak for the unit (domain.md §1.2, row 3)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from handlers.absence import arranges, now_or
from handlers.fields import day, moment, people, person, text
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.look import Desk
from handlers.notices import file_facts
from handlers.reading.intake import understand
from handlers.say import Choice, Say, choice, opens
from procedure.arrangement_actions import ConfirmDelegation, EndDelegation, GiveDelegation
from procedure.arrangements import Delegation
from procedure.parties import is_press, units_in
from procedure.rules_arrangements import delegates
from procedure.speaking_right import BY_POST

MOST = 4
FIELD = "field:"


def _unit(desk: Desk) -> int:
    return desk.organisation.standing(desk.me.unit)


def _able(desk: Desk, values: Values) -> Sequence[int]:
    """Colleagues who do not speak by their post."""
    whole = desk.organisation
    found = [one.id for one in whole.people.values() if one.unit == desk.me.unit]
    by_post = {one.person for one in whole.held if one.role in BY_POST}
    fit = (one for one in found if one not in by_post and whole.is_here(one))
    return [one for one in fit if not is_press(one, whole)][:MOST]


def _scopes(desk: Desk, values: Values) -> Sequence[Option]:
    """The open incidents of his unit; a field is named in words."""
    unit = desk.organisation.standing(desk.organisation.people[values["person"]].unit)
    mine = [one for one in desk.look.open_incidents() if unit in units_in(one, desk.organisation)]
    return [
        Option(value=one.stream, label="scope_incident", facts={"code": one.code})
        for one in mine[:MOST]
    ]


def _scope(said: Said, desk: Desk, values: Values) -> str:
    """A stream, or `field:` and the kind of incidents that the words name."""
    wanted = said.option or said.text.strip().casefold()
    for one in desk.look.open_incidents():
        if wanted in (one.stream, one.code.casefold()):
            return one.stream
    kind = understand(wanted, desk.words.lexicon, ()).kind if wanted else None
    if kind is None:
        raise BadAnswer("scope_unknown")
    return f"{FIELD}{kind}"


def _today(desk: Desk, values: Values) -> Sequence[Option]:
    today = desk.now.astimezone(desk.zone).date()
    return [Option(value=today.isoformat(), label="today")]


def _paper(said: Said, desk: Desk, values: Values) -> tuple[Any, ...]:
    if not said.files:
        raise BadAnswer("paper_needed")
    return said.files


def _finish(desk: Desk, values: Values) -> Sequence[GiveDelegation]:
    scope = values["scope"]
    is_field = scope.startswith(FIELD)
    return [
        GiveDelegation(
            person=values["person"],
            document=values["document"],
            dated=date.fromisoformat(values["dated"]),
            since=values["since"].at,
            until=values["until"].at,
            stream=None if is_field else scope,
            field=scope.removeprefix(FIELD) if is_field else None,
            paper=values["paper"],
        )
    ]


def _delegates(desk: Desk) -> None:
    """The head in his own name, his clerk, an administrator; whoever has a paper passes none on."""
    delegates(desk.organisation, desk.person, _unit(desk))


FORM = Form(
    name="delegation",
    fields=(
        Field(name="person", read=person(_able), options=people(_able)),
        Field(name="scope", read=_scope, options=_scopes),
        Field(name="document", read=text(least=2, most=80)),
        Field(name="dated", read=day("past"), options=_today),
        Field(name="since", read=moment("any"), options=now_or),
        Field(name="until", read=moment("future")),
        Field(name="paper", read=_paper, files=True),
    ),
    finish=_finish,
    permit=_delegates,
    about_incident=False,
    send_label="do_it",
)


def delegations(desk: Desk) -> Sequence[Say]:
    """The papers of his unit that are good or wait; his own too."""
    unit = _unit(desk)
    alive = [one for one in desk.organisation.delegations if one.ended_at is None]
    near = [one for one in alive if one.unit == unit or one.person == desk.person]
    shown = [one for one in near if one.until > desk.now]
    enter = choice("enter_delegation", opens("delegation"))
    said = [_one(desk, one) for one in shown[:MOST]]
    more = Say(template="views/delegations#more", facts={"shown": len(said)}, choices=[enter])
    return [*said, more]


def _one(desk: Desk, one: Delegation) -> Say:
    choices: list[Choice] = []
    if one.confirmed_by is None and desk.organisation.head(one.unit) == desk.person:
        choices = to_confirm(one)
    else:
        choices = [choice("end_delegation", arranges(EndDelegation(delegation=one.id)))]
    return Say(
        template="views/delegations#one",
        facts=facts_of(one, desk),
        choices=choices,
        files=[file_facts(file) for file in one.paper],
    )


def to_confirm(one: Delegation) -> list[Choice]:
    """What the head may say to a paper that his office entered."""
    return [
        choice("confirm_delegation", arranges(ConfirmDelegation(delegation=one.id))),
        choice("reject_delegation", arranges(EndDelegation(delegation=one.id))),
    ]


def facts_of(one: Delegation, desk: Desk) -> dict[str, Any]:
    """What a sentence about a paper needs; its scope in words."""
    kinds = {kind.key: kind.label for kind in desk.words.lexicon.kinds}
    incident = desk.look.incident(one.stream) if one.stream else None
    return {
        "person": one.person,
        "unit": one.unit,
        "document": one.document,
        "dated": f"{one.dated:%d/%m/%Y}",
        "since": one.since,
        "until": one.until,
        "code": incident.code if incident else None,
        "field": kinds.get(one.field or "", one.field),
        "waits": one.confirmed_by is None,
        "by": one.by,
    }
