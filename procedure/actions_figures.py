"""What a person can ask for about figures (số liệu; duty rows 20, 21)."""

from dataclasses import dataclass

from procedure.action import Action
from procedure.codec import Prose
from procedure.facts import Moment


@dataclass(frozen=True, kw_only=True)
class ReportFigure(Action):
    """One figure, signed by whoever puts it; `value` is a plain number in digits ("4.5").

    `topic` is a key of the list of things that are counted, "" for free words; `spellings` are
    other ways in which the list writes the unit.
    """

    topic: str
    what: Prose
    value: str
    unit: Prose
    source: Prose
    measured: Moment
    estimated: bool = False
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SettleFigure(Action):
    """Choose among `figures` as they were seen; None for `chosen` has them measured again."""

    figures: tuple[int, ...]
    chosen: int | None
    reason: Prose = Prose("")
