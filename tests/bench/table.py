"""One row of `make bench`: what was measured, what its peer did in the same run, the goal."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A figure beside its peer's; `holds` is None where there is no goal to reach."""

    what: str
    measured: str
    peer: str
    goal: str
    holds: bool | None = None

    @property
    def line(self) -> str:
        """The row as a line of a Markdown table."""
        verdict = {True: "yes", False: "**no**", None: "–"}[self.holds]
        return f"| {self.what} | {self.measured} | {self.peer} | {self.goal} | {verdict} |"


HEAD = "| what | measured | peer in the same run | goal | reached |\n|---|---|---|---|---|"

#: A part of the table: its name, and what measures it and yields its rows.
Part = tuple[str, Callable[[], Iterable[Row]]]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def share(values: Sequence[float], part: float) -> float:
    """The value below which `part` (0 to 1) of all lie."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(part * 1000) // 1000) - 1)]


def spread(values: Sequence[float], digits: int = 0) -> str:
    """The median with the least and the most, as told in the table."""
    lowest, highest = min(values), max(values)
    return f"{median(values):.{digits}f} ({lowest:.{digits}f}–{highest:.{digits}f})"
