"""What the late ask for, what is decided for the absent, and handing work on (conduct §4–§6)."""

from dataclasses import dataclass
from datetime import datetime

from procedure.action import Action
from procedure.codec import Prose


@dataclass(frozen=True, kw_only=True)
class AskMoreTime(Action):
    """The second wish for time, or more than his own share: somebody above decides."""

    duty: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class DeclineMoreTime(Action):
    duty: str


@dataclass(frozen=True, kw_only=True)
class SeeHelp(Action):
    """[Đã rõ] under a call for help; `asker` is the person who called."""

    duty: str
    asker: int


@dataclass(frozen=True, kw_only=True)
class SayNotMine(Action):
    """ "Không phải việc của tôi": whose it is, as a registered person or as a name in words."""

    duty: str
    whose: int | None
    text: Prose


@dataclass(frozen=True, kw_only=True)
class KeepWithOwner(Action):
    duty: str


@dataclass(frozen=True, kw_only=True)
class ReassignDuty(Action):
    """Somebody above gives it to another; `expected` is the owner whom he saw on his screen."""

    duty: str
    to: int
    expected: int


@dataclass(frozen=True, kw_only=True)
class OfferTask(Action):
    """The owner asks another to take his task or verification order ("task:3", "O5:2")."""

    duty: str
    to: int


@dataclass(frozen=True, kw_only=True)
class AcceptOffer(Action):
    duty: str


@dataclass(frozen=True, kw_only=True)
class DeclineOffer(Action):
    duty: str
    reason: Prose = Prose("")


@dataclass(frozen=True, kw_only=True)
class WithdrawOffer(Action):
    duty: str


@dataclass(frozen=True, kw_only=True)
class RecordPhoneDecision(Action):
    """Who decided, who heard it, when, in which words; a record, never an act of its own."""

    decider: int
    heard_by: int
    at: datetime
    words: Prose
    about: str | None = None


@dataclass(frozen=True, kw_only=True)
class ConfirmPhoneDecision(Action):
    decision: int


@dataclass(frozen=True, kw_only=True)
class CorrectPhoneDecision(Action):
    decision: int
    words: Prose
