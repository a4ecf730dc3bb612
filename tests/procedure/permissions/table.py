"""Tries everything: each action by each person at each moment, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from procedure import obligations, steps
from procedure.codec import canonical, dump
from procedure.decide import decide
from procedure.errors import Refused
from procedure.incident import Incident
from procedure.obligations import Obligation, Terms
from procedure.parties import everyone
from tests.procedure import village as v
from tests.procedure.permissions import cast as c
from tests.procedure.permissions.attempt import everything_of
from tests.procedure.permissions.samples import Sample, samples
from tests.procedure.permissions.stages import Stage, stages

Owed = Callable[[Incident, Terms], tuple[Obligation, ...]]
#: Whether an incident is within its unit's own authority, and its step; 0 while there is none.
Place = tuple[bool, int]
#: A kind of action, and which of several.
Line = tuple[str, str]


@dataclass(frozen=True)
class Refusal:
    """A sentence that was met first there, by this person, with this action."""

    stage: Stage
    sample: Sample
    actor: int
    key: str
    facts: dict[str, Any]


@dataclass
class Cell:
    """Who may do one thing at one place, and who has a part in an incident then."""

    may: set[int] = field(default_factory=set)
    part: set[int] = field(default_factory=set)


@dataclass
class Table:
    """Who may what where, and every refusal that was met."""

    cells: dict[Line, dict[Place, Cell]] = field(default_factory=dict)
    #: Each sentence with each of its facts once for every moment.
    refusals: dict[tuple[str, str, str], Refusal] = field(default_factory=dict)
    #: What an action of a kind is written down as.
    facts: dict[str, str] = field(default_factory=dict)
    #: How many may do a kind of action at one and the same moment, at most.
    most: dict[str, int] = field(default_factory=dict)
    #: By him who is away the kinds that he may, and may not while another stands in for him.
    left: dict[int, list[str]] = field(default_factory=dict)
    tried: int = 0
    moments: int = 0

    @property
    def done(self) -> set[str]:
        """The kinds of action in which somebody succeeded somewhere."""
        return set(self.facts)

    def allowed(self, line: Line, place: Place) -> set[int]:
        """Who may do it there."""
        cell = self.cells[line].get(place)
        return cell.may if cell else set()


def kept_back(table: Table, stand_in: int) -> list[Line]:
    """What he who is away may somewhere, and whoever stands in for him nowhere."""
    away = c.STANDS_IN[stand_in]
    mays = {line: [cell.may for cell in places.values()] for line, places in table.cells.items()}
    return [
        line
        for line, several in mays.items()
        if any(away in may for may in several) and not any(stand_in in may for may in several)
    ]


def place_of(incident: Incident) -> Place:
    """Where an incident stands."""
    step = steps.step(incident) if incident.opened_at else 0
    return incident.within, int(step)


def everything() -> Table:
    """All of it, once."""
    with patch.object(obligations, "owed", _kept(obligations.owed)):
        return _everything()


def _kept(owed: Owed) -> Owed:
    """What is owed is derived anew for every action; of one incident it is always the same."""
    last: tuple[Incident | None, tuple[Obligation, ...]] = (None, ())

    def known(incident: Incident, terms: Terms) -> tuple[Obligation, ...]:
        nonlocal last
        if last[0] is not incident:
            last = (incident, owed(incident, terms))
        return last[1]

    return known


def _everything() -> Table:
    table = Table()
    for stage in stages():
        table.moments += 1
        incident = stage.walk.incident
        place = place_of(incident)
        seen, whole = written(incident), everything_of(c.ORGANISATION)
        for sample in samples(stage):
            _tried(table, stage, sample, place)
            if written(incident) != seen:
                raise AssertionError(f"{stage.name}: {sample} changed the incident in place")
        now = everything_of(c.ORGANISATION)
        assert now == whole, f"{stage.name}: the organisation was changed in place"
    return table


def _tried(table: Table, stage: Stage, sample: Sample, place: Place) -> None:
    walk, may = stage.walk, set()
    for actor in c.ACTORS:
        table.tried += 1
        whole = c.WHILE_AWAY.get(actor, walk.organisation)
        try:
            done = decide(walk.incident, sample.action, actor, walk.now, whole, v.TERMS)
        except Refused as refused:
            found = (stage.name, refused.key, repr(refused.facts))
            if found not in table.refusals:
                met = Refusal(stage, sample, actor, refused.key, refused.facts)
                table.refusals[found] = met
        except Exception as problem:
            where = f"{stage.name}: {c.called(actor)} {sample.action}"
            raise AssertionError(f"{where} was neither done nor refused: {problem!r}") from problem
        else:
            may.add(actor)
            if actor in c.STANDS_IN:
                _says_for_whom(stage, sample, actor, done.authority)
            table.facts.setdefault(sample.kind, type(done.facts[0]).__name__)
    _left_meanwhile(table, stage, sample, may)
    here = len(may - c.STANDS_IN.keys())
    table.most[sample.kind] = max(table.most.get(sample.kind, 0), here)
    if sample.shown and (not stage.only or sample.kind in stage.only):
        _noted(table, (sample.kind, sample.which), place, may, stage)


def _says_for_whom(stage: Stage, sample: Sample, actor: int, authority: str) -> None:
    """The journal says for whom a stand-in did what he might not do himself, and only then."""
    walk, away = stage.walk, c.STANDS_IN[actor]
    try:
        decide(walk.incident, sample.action, actor, walk.now, walk.organisation, v.TERMS)
    except Refused:
        said = authority.endswith(f"/for:{away}")
    else:
        said = "/for:" not in authority
    assert said, f"{stage.name}: {c.called(actor)} {sample.action} under {authority!r}"


def _left_meanwhile(table: Table, stage: Stage, sample: Sample, may: set[int]) -> None:
    walk = stage.walk
    for stand_in, away in c.STANDS_IN.items():
        if away not in may or sample.kind in table.left.get(away, ()):
            continue
        whole = c.WHILE_AWAY[stand_in]
        try:
            decide(walk.incident, sample.action, away, walk.now, whole, v.TERMS)
        except Refused:
            table.left.setdefault(away, []).append(sample.kind)


def _noted(table: Table, line: Line, place: Place, may: set[int], stage: Stage) -> None:
    cell = table.cells.setdefault(line, {}).setdefault(place, Cell())
    if may:
        cell.may |= may
        cell.part |= set(everyone(stage.walk.incident, c.ORGANISATION))


def written(incident: Incident) -> str:
    """The whole state as text."""
    return canonical(dump(incident))
