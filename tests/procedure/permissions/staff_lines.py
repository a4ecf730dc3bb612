"""Lines to people, tried, opened and confirmed: trial messages, whole units invited, who speaks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from procedure.confirming import confirm
from procedure.organisation import Organisation
from procedure.rules_staff import invites
from procedure.trying import rings, tries
from procedure.words import Role
from tests.procedure import village as v
from tests.procedure.permissions import attempt as t
from tests.procedure.permissions import cast as c

QUARTER = "2026-Q4"
WHOLE = c.ORGANISATION


def attempts() -> Iterator[t.Attempt]:
    """Each in every state that matters."""
    for whole in (WHOLE, t.with_stand_ins()):
        for unit in (v.COMMUNE, v.AGENCY, v.COMMITTEE):
            for person in (c.at(unit, Role.STAFF), c.at(unit, Role.HEAD)):
                yield _attempt(whole, unit, "try_line", "of one person", tries, person)
            yield _attempt(whole, unit, "trial_unit", "of a unit", rings, unit)
            yield _attempt(whole, unit, "invite_unit", "of a unit", invites, unit)
        yield _attempt(whole, 0, "trial_all", "of everybody", rings, None)
        yield _attempt(whole, 0, "invite_all", "of everybody", invites, None)
    yield from _confirmations()


def _attempt(
    whole: Organisation,
    unit: int,
    kind: str,
    about: str,
    may: Callable[[Organisation, int, Any], None],
    what: int | None,
) -> t.Attempt:
    def ask(actor: int) -> Sequence[Any]:
        may(whole, actor, what)
        return ()

    return t.Attempt(whole, kind, about, what, ask, partial(_relation, whole, unit))


def _relation(whole: Organisation, unit: int, actor: int) -> str:
    found = t.relation_to(whole, actor, unit)
    return t.NOTHING if found == t.HEAD else found


def _confirmations() -> Iterator[t.Attempt]:
    silent = tuple(one for one in WHOLE.holdings if one.role is not Role.SPOKESPERSON)
    known = replace(WHOLE, confirmed={v.COMMUNE: QUARTER})
    for whole, about in (
        (WHOLE, "who speaks for the unit this quarter"),
        (t.with_stand_ins(), "who speaks for the unit this quarter"),
        (known, "what is confirmed already, or where nobody speaks"),
        (replace(WHOLE, holdings=silent), "what is confirmed already, or where nobody speaks"),
    ):
        yield _confirmation(whole, about)


def _confirmation(whole: Organisation, about: str) -> t.Attempt:
    def ask(actor: int) -> Sequence[Any]:
        return (confirm(whole, v.COMMUNE, QUARTER, actor),)

    def relation(actor: int) -> str:
        return t.HEAD if whole.head(v.COMMUNE) == actor else t.NOTHING

    return t.Attempt(whole, "speakers_right", about, QUARTER, ask, relation)
