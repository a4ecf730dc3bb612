"""What has happened when several units report one event, and when two files become one."""

from dataclasses import dataclass

from procedure.codec import Prose
from procedure.entries import Fact
from procedure.facts import FileRef, Moment
from procedure.facts_merge import Carried, Numbers
from procedure.words import Casualties, Severity


@dataclass(frozen=True, kw_only=True)
class FurtherReportAdded(Fact):
    report: int
    unit: int
    line: Prose
    files: tuple[FileRef, ...] = ()
    happened: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class IncidentMerged(Fact):
    """In the file that is kept: `other` lies in it from now on."""

    other: str
    code: str
    unit: int
    people: tuple[int, ...]
    severity: Severity
    casualties: Casualties
    numbers: Numbers
    carried: Carried


@dataclass(frozen=True, kw_only=True)
class IncidentYielded(Fact):
    """In the other one: it owes nothing and takes nothing more, until it is restored."""

    into: str
    code: str


@dataclass(frozen=True, kw_only=True)
class IncidentSplit(Fact):
    """In the file that was kept: `other` and all that came with it have left it."""

    other: str


@dataclass(frozen=True, kw_only=True)
class IncidentRestored(Fact):
    """In the other one: it goes on from where it stood, with the answers got meanwhile."""

    kept: str
    code: str
    carried: Carried
