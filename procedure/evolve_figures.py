"""The fold of figures and of what was chosen among them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from procedure.entries import Entry, Fact
from procedure.entries_figures import FigureReported, FigureSettled
from procedure.facts import Figure, Settlement
from procedure.incident import Incident


def with_figure(incident: Incident, fact: FigureReported, by: int, at: datetime) -> Incident:
    """The incident with one figure more, signed `by` a person at a moment (UTC)."""
    given = {name: value for name, value in vars(fact).items() if name != "figure"}
    figure = Figure(id=fact.figure, by=by, at=at, **given)
    return replace(incident, figures=(*incident.figures, figure))


def _reported(incident: Incident, fact: FigureReported, entry: Entry) -> Incident:
    return with_figure(incident, fact, entry.actor, entry.at)


def _settled(incident: Incident, fact: FigureSettled, entry: Entry) -> Incident:
    settlement = Settlement(
        figures=fact.figures,
        chosen=fact.chosen,
        reason=fact.reason,
        after=max((one.id for one in incident.figures), default=0),
        by=entry.actor,
        at=entry.at,
    )
    return replace(incident, settlements=(*incident.settlements, settlement))


FIGURES: Mapping[type[Fact], Callable[[Incident, Any, Entry], Incident]] = {
    FigureReported: _reported,
    FigureSettled: _settled,
}
