"""How much one sender may send: far more than anybody types, far less than a flood.

What is over the measure is not taken, and its sender is told so once. The counts are kept in
the memory of this process, of a bounded number of senders.
"""

import threading
from collections.abc import Hashable
from dataclasses import dataclass, field

#: Senders that are remembered; who was heard least lately is forgotten first.
MOST_SENDERS = 20_000


@dataclass(frozen=True)
class Measure:
    """`burst` at once, one more each `every` seconds; when it is used up, `rest` seconds of none.

    The rest keeps what is not taken in one piece, so that one sentence can name it.
    """

    burst: int
    every: float
    rest: float = 60.0


#: A registered person: two albums, a form by taps, and a quick typist in the same minute.
PERSON = Measure(60, 1.0)
#: An account or a browser that is nobody's: a few lines, a link or two.
STRANGER = Measure(20, 3.0)
#: All strangers together: a province that signs in on one morning still passes.
STRANGERS = Measure(600, 0.1)
#: Strangers in one group; those who are registered count each for himself.
GROUP = Measure(120, 0.5)
#: Codes that were no good, from one address.
GUESSES = Measure(20, 30.0)
#: Requests without a session from one address; a whole office may stand behind it.
ADDRESS = Measure(60, 1.0)
#: What a page says by itself: how far it has been read.
PAGE = Measure(300, 0.1)


@dataclass(frozen=True)
class Answer:
    """Whether something is taken; if not, until when, and whether it is the first of the rest."""

    taken: bool
    first: bool = False
    until: float = 0.0


_TAKEN = Answer(taken=True)


@dataclass
class _Sender:
    left: float
    at: float
    until: float = 0.0
    album: str | None = None


class Gate:
    """One measure for many senders. Safe to ask from several threads."""

    def __init__(self, measure: Measure, most: int = MOST_SENDERS) -> None:
        self.measure = measure
        self._most = most
        self._senders: dict[Hashable, _Sender] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many senders are remembered."""
        return len(self._senders)

    def ask(self, sender: Hashable, at: float, album: str | None = None) -> Answer:
        """Counts one thing that a sender has sent at a moment (seconds, of one clock).

        The parts of an `album` that has begun are all taken: half an album is nobody's wish.
        """
        with self._lock:
            known = self._known(sender, at)
            if album is not None and album == known.album:
                known.left -= 1
                return _TAKEN
            if at < known.until:
                return Answer(taken=False, until=known.until)
            if known.left < 1:
                known.until = at + self.measure.rest
                return Answer(taken=False, first=True, until=known.until)
            known.left -= 1
            known.album = album
            return _TAKEN

    def resting(self, sender: Hashable, at: float) -> float | None:
        """Until when nothing of a sender is taken; None while something is. Counts nothing."""
        with self._lock:
            known = self._senders.get(sender)
            if known is None or not known.until - self.measure.rest <= at < known.until:
                return None
            return known.until

    def forget(self, sender: Hashable) -> None:
        """Begins anew with a sender: what he was to be told could not be written down."""
        with self._lock:
            self._senders.pop(sender, None)

    def give_back(self, sender: Hashable) -> None:
        """One thing that was counted could not be stored: it comes again and is counted then."""
        with self._lock:
            known = self._senders.get(sender)
            if known is not None:
                known.left = min(float(self.measure.burst), known.left + 1)

    def _known(self, sender: Hashable, at: float) -> _Sender:
        measure = self.measure
        known = self._senders.pop(sender, None)
        if known is None or at < known.at - measure.rest:  # a clock that was set back owes nothing
            known = _Sender(float(measure.burst), at)
        elif at > known.at:
            known.left = min(float(measure.burst), known.left + (at - known.at) / measure.every)
            known.at = at
        self._senders[sender] = known
        if len(self._senders) > self._most:
            del self._senders[next(iter(self._senders))]
        return known


@dataclass
class Doors:
    """The gates of one web application: by person, and by address where nobody is signed in."""

    said: Gate = field(default_factory=lambda: Gate(PERSON))
    shown: Gate = field(default_factory=lambda: Gate(PAGE))
    unsigned: Gate = field(default_factory=lambda: Gate(ADDRESS))
    guesses: Gate = field(default_factory=lambda: Gate(GUESSES))
