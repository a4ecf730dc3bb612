"""What the clock has rung is written down: entries, projections, the rooms that hear of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot import rooms
from bot.stage import Stage
from procedure import actions as a
from procedure.codec import canonical, dump
from procedure.decision import CLOCK
from procedure.entries import Entry, Fact
from procedure.evolve import advanced
from procedure.foreseen import Foreseen, decided
from procedure.incident import Incident
from procedure.ringing import next_ring_at
from storage import incidents, journal


def rung(stage: Stage, found: Mapping[str, Foreseen]) -> dict[str, datetime | None]:
    """Writes that it has rung in several incidents, in few statements.

    A ring meets no duty and tells nobody anything by itself, so that nothing more follows
    from it than its entry and the next moment at which to ring: that is returned for each.
    """
    written = _appended(stage, {stream: one.facts for stream, one in found.items()})
    saved = [
        incidents.Rung(stream, stage.incident(stream).seq, one.following, one.after(stage.now))
        for stream, one in found.items()
    ]
    _saved(stage, saved, written)
    return {stream: one.following for stream, one in found.items()}


def told_ahead(stage: Stage, told: Mapping[str, Sequence[a.Action]]) -> None:
    """Writes which rings were told with an earlier one. Raises Refused."""
    facts = {
        stream: decided(
            (incident := stage.incident(stream)),
            actions,
            stage.now,
            stage.organisation,
            stage.terms(incident),
        )
        for stream, actions in told.items()
    }
    written = _appended(stage, facts)
    _saved(stage, [_worked_out(stage, stage.incident(stream)) for stream in facts], written)


def _appended(stage: Stage, facts: Mapping[str, Sequence[Fact]]) -> Mapping[str, Sequence[Entry]]:
    """Puts facts into the journals and into the incidents as they are known."""
    written = journal.append_each(
        stage.session, facts, at=stage.now, actor=CLOCK, authority="clock", channel="clock"
    )
    for stream, entries in written.items():
        stage.knows(advanced(stage.incident(stream), entries))
    return written


def _saved(
    stage: Stage, rows: Sequence[incidents.Rung], written: Mapping[str, Sequence[Entry]]
) -> None:
    incidents.save_rung(stage.session, rows)
    for after in rooms.seen_by(stage, [stage.incident(stream) for stream in written]):
        stage.tell_room(after, written[after.stream])


def _worked_out(stage: Stage, after: Incident) -> incidents.Rung:
    following = next_ring_at(after, stage.terms(after), stage.organisation)
    return incidents.Rung(after.stream, after.seq, following, canonical(dump(after)))
