"""The same about the organisation: every act about units, people, roles, papers, by everybody.

A family of acts is a module beside this one, with its `attempts`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.render import Scene
from procedure.arrangement_actions import ArrangementAction
from procedure.entries_arrangements import DelegationEntered
from procedure.entries_organisation import RoleProposed
from procedure.errors import Refused
from procedure.organisation import Organisation
from procedure.staff_actions import PersonAction, RoleAction, StaffAction, UnitAction
from tests.procedure import village as v
from tests.procedure.permissions import (
    attempt,
    cast,
    staff_arrangements,
    staff_lines,
    staff_roles,
    staff_units,
)
from tests.procedure.permissions.attempt import Attempt

#: What is only a base of others, and so is never asked for.
BASES = {StaffAction, PersonAction, RoleAction, UnitAction, ArrangementAction}
WHERE = (
    "yield a sample of it in tests/procedure/permissions/staff_roles.py, staff_units.py or "
    "staff_arrangements.py, and name it in SECTIONS of staff.py"
)
#: The order of the page, and the words of the bot for each: a form, or the label of a button.
SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Roles and doors": {
        "GiveRole": "change_role",
        "EndRole": "change_role",
        "ConfirmRole": "labels#confirm_role",
        "RejectRole": "labels#reject_role",
        "InvitePerson": "invite",
        "EndAccess": "lost_phone",
    },
    "Units and people": {
        "RegisterUnit": "add_unit",
        "RenameUnit": "rename_unit",
        "MoveUnit": "move_unit",
        "MergeUnit": "merge_unit",
        "CloseUnit": "close_unit",
        "RegisterPerson": "add_person",
        "ChangePerson": "change_person",
    },
    "Papers to speak, absences, rosters": {
        "GiveDelegation": "delegation",
        "ConfirmDelegation": "labels#confirm_delegation",
        "EndDelegation": "labels#end_delegation",
        "EnterAbsence": "absence",
        "AcceptAbsence": "labels#accept_absence",
        "DeclineAbsence": "labels#decline_absence",
        "EndAbsence": "labels#back_again",
        "SetRoster": "roster",
        "TakeShift": "take_shift",
        "HandOverShift": "shift_note",
    },
    "Lines to people, and who speaks": {
        "try_line": "",
        "trial_unit": "labels#trial_unit",
        "trial_all": "labels#trial_all",
        "invite_unit": "labels#invite_unit",
        "invite_all": "labels#invite_all",
        "speakers_right": "labels#speakers_right",
    },
}
#: What is no action of its own, in the words of the page.
TAPS = {
    "try_line": "a trial message",
    "trial_unit": "a trial ring",
    "trial_all": "a trial ring",
    "invite_unit": "links",
    "invite_all": "links",
    "speakers_right": "the register of spokespersons",
}
NAMED = [kind for kinds in SECTIONS.values() for kind in kinds]


@dataclass
class Offices:
    """Who may do what about what, by what he is to it; and every refusal that was met."""

    may: dict[tuple[str, str], dict[str, set[str]]] = field(default_factory=dict)
    refusals: dict[tuple[str, str], tuple[Organisation, int, dict[str, Any]]] = field(
        default_factory=dict
    )
    tried: int = 0

    @property
    def done(self) -> set[str]:
        """The kinds of action in which somebody succeeded."""
        return {kind for (kind, _), found in self.may.items() if found}


def everything() -> Offices:
    """All of it, once. Raises AssertionError, saying what to add."""
    offices, met = Offices(), set()
    for one in attempts():
        met.add(one.kind)
        _tried(offices, one)
    lacking = sorted((kinds() | set(TAPS)) - met)
    assert not lacking, f"nobody tries {lacking}: {WHERE}"
    assert met == set(NAMED), f"{sorted(met ^ set(NAMED))}: {WHERE}"
    return offices


def attempts() -> Iterator[Attempt]:
    """Of every family."""
    for family in (staff_roles, staff_units, staff_arrangements, staff_lines):
        yield from family.attempts()


def kinds(base: type[StaffAction] = StaffAction) -> set[str]:
    """The names of all that can be asked for, of whatever family."""
    found = {one for kind in base.__subclasses__() for one in kinds(kind)}
    return found if base in BASES else found | {base.__name__}


def _tried(offices: Offices, one: Attempt) -> None:
    able: dict[str, set[str]] = {}
    unable: set[str] = set()
    before = attempt.everything_of(one.organisation)
    for actor in (*cast.PEOPLE, v.STRANGER):
        if actor in one.but:
            continue
        offices.tried += 1
        as_what = one.relation(actor)
        try:
            done = one.ask(actor)
        except Refused as refused:
            unable.add(as_what)
            found = (refused.key, repr(refused.facts))
            offices.refusals.setdefault(found, (one.organisation, actor, refused.facts))
        except Exception as problem:
            raise AssertionError(f"{actor} {one.what}: neither done nor refused") from problem
        else:
            able.setdefault(as_what, set()).update(tag for fact in done if (tag := _waits(fact)))
    assert attempt.everything_of(one.organisation) == before, f"{one.what} changed it in place"
    assert not able.keys() & unable, f"{one.what}: only some of {able.keys() & unable} may"
    assert attempt.NOTHING not in able, f"{one.what}: somebody may who is nothing to it"
    assert one.shown or not able, f"{one.what}: {sorted(able)} may, and no line says so"
    if one.shown:
        line = offices.may.setdefault((one.kind, one.about), {})
        for as_what, tags in able.items():
            line.setdefault(as_what, set()).update(tags)


def _waits(fact: object) -> str:
    """For whom what was asked still waits; "" for nobody."""
    if isinstance(fact, RoleProposed):
        return "it waits for another one"
    if isinstance(fact, DelegationEntered) and fact.delegation.confirmed_by is None:
        return "it waits for the head"
    return ""


def section(offices: Offices, scene: Scene) -> str:
    """The tables of the page."""
    return "\n".join(_table(offices, scene, title) for title in SECTIONS)


def _table(offices: Offices, scene: Scene, title: str) -> str:
    rows = [f"### {title}\n", "| Action | About | Who may |", "| --- | --- | --- |"]
    for kind, form in SECTIONS[title].items():
        said: dict[str, list[str]] = {}
        for (name, about), found in offices.may.items():
            if name == kind:
                said.setdefault(_who(found), []).append(about)
        word = _word(kind, form, scene)
        for who, abouts in said.items():
            rows.append(f"| {word} | {'<br>'.join(abouts)} | {who} |")
    return "\n".join(rows) + "\n"


def _who(found: Mapping[str, set[str]]) -> str:
    said: Sequence[str] = [
        one + (f" ({'; '.join(sorted(found[one]))})" if found[one] else "")
        for one in attempt.RELATIONS
        if one in found
    ]
    return "; ".join(said) or "–"


def _word(kind: str, form: str, scene: Scene) -> str:
    name = TAPS.get(kind, f"`{kind}`")
    if not form:
        return name
    if "#" in form:
        return f"*{scene.renderer.label(form.partition('#')[2], {}, scene)}* {name}"
    return f"*{scene.words('named_form', form=form)}* {name}"
