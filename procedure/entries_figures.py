"""What has happened to figures: one was signed for, two that differ were settled."""

from dataclasses import dataclass

from procedure.codec import Prose
from procedure.entries import Fact
from procedure.facts import Moment


@dataclass(frozen=True, kw_only=True)
class FigureReported(Fact):
    figure: int
    topic: str
    what: Prose
    value: str
    unit: Prose
    source: Prose
    measured: Moment
    estimated: bool
    spellings: tuple[str, ...]
    of_unit: int


@dataclass(frozen=True, kw_only=True)
class FigureSettled(Fact):
    figures: tuple[int, ...]
    chosen: int | None
    reason: Prose
