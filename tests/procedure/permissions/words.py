"""How the page calls people and actions; words of the bot come from its own templates."""

from collections.abc import Iterable, Mapping, Sequence

from bot.render import Renderer, Scene
from procedure.words import Role
from tests.procedure import village as v
from tests.procedure.permissions import cast as c
from tests.procedure.permissions.table import Cell

#: Buttons that say better than the journal what somebody does, or say it at all.
BUTTONS: Mapping[str, str] = {
    "AcknowledgeDuty": "received",
    "AskHelp": "need_people",
    "AskMoreTime": "need_time",
    "ExtendDuty": "need_time",
    "SayNotMine": "need_not_mine",
    "KeepWithOwner": "keep_answer",
    "SeeHelp": "seen_help",
    "RecordCall": "call_reached",
    "OfferTask": "hand_on",
    "AcceptOffer": "take",
    "DeclineOffer": "not_take",
    "WithdrawOffer": "withdraw_offer",
    "DraftStatement": "draft_statement",
    "DraftConclusion": "conclude",
    "EndRoom": "unbind",
}

_INSIDE = {
    one
    for one in c.PEOPLE
    if c.PEOPLE[one].unit in (v.COMMUNE, v.PARTY) and one not in c.PRESS | {c.GONE, *c.STANDS_IN}
}
_REGISTERED = set(c.PEOPLE) - c.PRESS - {c.GONE, *c.STANDS_IN}
#: Everybody of some kind at once, the widest first; what is left over is named one by one.
GROUPS: Sequence[tuple[str, frozenset[int]]] = (
    ("anybody registered", frozenset(_REGISTERED)),
    ("anybody registered in another body", frozenset(_REGISTERED - _INSIDE)),
    ("everybody of the reporting unit and of its joined body", frozenset(_INSIDE)),
    ("the department (head, deputy, on duty)", frozenset({v.LEADER, v.SECOND, v.DUTY})),
    ("the department's head or deputy", frozenset({v.LEADER, v.SECOND})),
    (
        "the head of the reporting unit, his deputy, the joined body's head",
        frozenset({v.HEAD, v.DEPUTY, v.PARTY_HEAD}),
    ),
    ("an administrator", c.ADMINS),
)
WITH_A_PART = "whoever has another part in it"


def who(cell: Cell) -> str:
    """Everybody of a cell, exactly, in as few words as there are, but for whoever stands in."""
    left, said = cell.may - c.STANDS_IN.keys(), []
    part = frozenset(cell.part - _INSIDE - {v.LEADER, v.SECOND, v.DUTY, *c.STANDS_IN})
    # Fewer are called by their names.
    groups = (*GROUPS, (WITH_A_PART, part)) if len(part) > 3 else GROUPS
    for name, people in groups:
        if people and people <= cell.may and people & left:
            said.append(name)
            left -= people
    return "; ".join([*said, *one_by_one(left)])


def one_by_one(people: Iterable[int]) -> list[str]:
    """The rest: people at a post by their bodies, people with a role in the incident by it."""
    left = set(people)
    found = []
    for unit, body in c.BODIES.items():
        roles = [role for one, (at, role) in c.AT_POST.items() if at == unit and one in left]
        if roles:
            found.append(f"{body}: {_roles(roles)}")
    for one in sorted(left - set(c.AT_POST), key=_order):
        found.append(c.called(one))
    return found


def _order(one: int) -> int:
    known = list(c.IN_INCIDENT)
    return known.index(one) if one in known else len(known)


def _roles(roles: list[Role]) -> str:
    rest = [role for role in c.ROLES if role not in roles]
    if len(rest) < len(roles) and len(rest) <= 3:
        return "all" + (f" but {', '.join(c.ROLES[one] for one in rest)}" if rest else "")
    return ", ".join(c.ROLES[one] for one in c.ROLES if one in roles)


def bodies(people: Iterable[int]) -> list[str]:
    """As `one_by_one`; bodies in which the same roles stand are said together."""
    said: dict[str, list[str]] = {}
    for one in one_by_one(people):
        body, _, roles = one.partition(": ")
        said.setdefault(roles if roles and body in c.BODIES.values() else "", []).append(
            body if roles and body in c.BODIES.values() else one
        )
    alone = said.pop("", [])
    return [*(f"{', '.join(named)}: {roles}" for roles, named in said.items()), *alone]


def called(kind: str, fact: str, scene: Scene) -> str:
    """What the bot calls an action: its button, or what the journal tells of it; else nothing."""
    renderer: Renderer = scene.renderer
    if kind in BUTTONS:
        return renderer.label(BUTTONS[kind], {}, scene)
    return scene.words(f"told_{fact}") if renderer.has(f"words#told_{fact}") else ""
