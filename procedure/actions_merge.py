"""What a person can ask for about several reports of one event (conduct §2)."""

from dataclasses import dataclass

from procedure.action import Action
from procedure.codec import Prose
from procedure.facts import FileRef, Moment
from procedure.incident import Incident


@dataclass(frozen=True, kw_only=True)
class AddReport(Action):
    """Another unit reports the same incident; its unit is the actor's own."""

    line: Prose
    files: tuple[FileRef, ...] = ()
    happened: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class MergeIncidents(Action):
    """Put to the incident that is kept; who performs it adds the `absorbed` one as it stands.

    `reason` is told to those who were to come to a meeting of the absorbed one.
    """

    other: str
    reason: Prose = Prose("")
    absorbed: Incident | None = None


@dataclass(frozen=True, kw_only=True)
class SplitIncident(Action):
    """Put to the incident that was kept; `absorbed` as in `MergeIncidents`."""

    other: str
    absorbed: Incident | None = None
