"""What a drill's script is: who does what and when, and who is to hear what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

#: In the words of a step: the code of the incident, and a day counted from the first one.
PLACEHOLDER = re.compile(r"\{(code|d(?:[+-]\d{1,2})?)\}")
#: What a script must show somewhere, so that no trap of the page is left out (domain.md §5.2).
SHOWS = frozenset(
    {
        "dictated",
        "wrong_chat",
        "recall",
        "figure",
        "enquiry",
        "rumour",
        "late",
        "stand_in_approves",
        "note",
    }
)


class Act(StrEnum):
    """The one thing that a person does in a step; in `WAITS` only the clock moves."""

    SAYS = "says"
    TAPS = "taps"
    EDITS = "edits"
    RECALLS = "recalls"
    WAITS = "waits_until"


class Only(StrEnum):
    """A step that is played in a drill only, or only when the incident is a real one."""

    DRILL = "drill"
    EVENT = "event"


@dataclass(frozen=True)
class Heard:
    """One message that a step lets somebody hear: a template and words that stand in it."""

    who: str
    template: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """One act of one person. `on` and `to` are words of the message that he means."""

    number: int
    at: datetime
    act: Act
    who: str = ""
    text: str = ""
    on: str = ""
    to: str = ""
    files: tuple[str, ...] = ()
    only: Only | None = None
    shows: tuple[str, ...] = ()
    hears: tuple[Heard, ...] = ()


@dataclass(frozen=True)
class Absence:
    """Somebody who does nothing at all between two moments."""

    who: str
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the five questions and the first line must lead to, and how the story ends."""

    kind: str
    #: What the machine suggests at the opening; a person decides.
    opens_as: str
    suggests: str
    severity: str
    authority: str
    step: str
    verdicts: tuple[str, ...]
    spokesperson: str
    never: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Script:
    """One sample incident, played from the first line to the last."""

    code: str
    title: str
    about: str
    start: datetime
    opener: str
    reporter: str
    plays: tuple[str, ...]
    expected: Expected
    steps: tuple[Step, ...]
    late: tuple[str, ...] = ()
    absent: tuple[Absence, ...] = ()
    press: tuple[str, ...] = field(default=())

    def told(self, *, drill: bool) -> Sequence[Step]:
        """The steps that are played, in order."""
        other = Only.EVENT if drill else Only.DRILL
        return [step for step in self.steps if step.only is not other]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a script: where, and the key of what to write instead."""

    where: str
    key: str
    facts: Mapping[str, str] = field(default_factory=dict)


class ScriptFaults(Exception):
    """Everything that is wrong with a script, all at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{one.where}: {one.key}" for one in faults))
        self.faults = tuple(faults)
