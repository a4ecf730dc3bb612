"""What will ring soon, worked out while nothing is due.

Between two ticks the clock goes through the incidents that ring within the next minutes and works
out what that will be. It is used only of an incident that is to the letter as it was, with the
organisation of then; everything else is worked out when it is due. Nothing of it is kept: after a
restart the first tick works out what it needs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from procedure.foreseen import Foreseen, foreseen
from procedure.obligations import Terms
from procedure.organisation import Organisation
from storage import incidents
from storage.database import Session

if TYPE_CHECKING:
    from bot.world import World

#: How far ahead is looked, how many incidents are worked out after one tick, and how many kept.
AHEAD = timedelta(minutes=2)
AT_ONCE, KEPT = 200, 2000


@dataclass
class Foresight:
    """What a running service has foreseen, by stream; None where that was not possible."""

    ahead: timedelta = AHEAD
    _known: dict[str, "_Looked"] = field(default_factory=dict)

    def holding(
        self, states: Mapping[str, str], organisation: Organisation, now: datetime
    ) -> dict[str, Foreseen]:
        """What was foreseen of these incidents (projections by stream) and is so at `now`."""
        found = {}
        for stream, state in states.items():
            known = self._known.get(stream)
            if known and known.found and known.found.holds(state, organisation, now):
                found[stream] = known.found
        return found

    def look_ahead(self, world: "World") -> int:
        """Works out some of what rings soon and was not yet; returns of how many incidents."""
        now = world.now()
        asked = world.db.read(lambda session: self._asked(world, session, now))
        # What is worked out between two questions lets nobody else wait; one question for each
        # incident would: whoever holds the interpreter's lock for moments at a time keeps it.
        for one, state in asked.wanted:
            found = _worked_out(world, state, one.at, asked.organisation, asked.terms)
            self._known[one.stream] = _Looked(one.seq, asked.organisation, found)
        return len(asked.wanted)

    def _asked(self, world: "World", session: Session, now: datetime) -> "_Asked":
        organisation = world.organisation(session, now)
        coming = incidents.coming(session, now, now + self.ahead, KEPT)
        known = self._known
        self._known = {one.stream: known[one.stream] for one in coming if one.stream in known}
        new = [
            one
            for one in coming
            if one.stream not in known or not known[one.stream].is_of(one, organisation)
        ][:AT_ONCE]
        states = incidents.states(session, [one.stream for one in new])
        wanted = [(one, states[one.stream]) for one in new]
        return _Asked(organisation, world.all_terms(session), wanted)


class _Asked(NamedTuple):
    """What is to be worked out, and with what."""

    organisation: Organisation
    terms: Mapping[str, Terms]
    wanted: Sequence[tuple[incidents.Coming, str]]


@dataclass(frozen=True)
class _Looked:
    """As of which entry an incident was looked at, and with which organisation."""

    seq: int
    organisation: Organisation
    found: Foreseen | None

    def is_of(self, coming: incidents.Coming, organisation: Organisation) -> bool:
        return self.seq == coming.seq and self.organisation is organisation


def _worked_out(
    world: "World",
    state: str,
    at: datetime,
    organisation: Organisation,
    terms: Mapping[str, Terms],
) -> Foreseen | None:
    try:
        incident = incidents.read(state)
        return foreseen(incident, state, organisation, terms[incident.policy], at)
    except Exception:
        # A broken incident holds up no other one; it is named when it is due.
        if world.strict:
            raise
        return None
