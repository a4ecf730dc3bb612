"""Whether the journals hold: every chain, every copy, every kept text, every projection."""

from collections.abc import Iterator

from bot.cli_words import say
from bot.world import World
from procedure.incident import Incident
from storage import incidents, journal
from storage.journal import Fault


def verify(world: World) -> tuple[list[str], int]:
    """The lines to print, heads first, and how many faults there are."""
    heads = world.db.read(journal.heads)
    faults = _chains(world)
    if not faults:  # a broken chain cannot be folded
        faults = list(_projections(world))
    lines = [say("head_line", head=head) for head in heads]
    lines += [
        say("audit_fault", stream=one.stream, seq=one.seq, words=say(f"fault_{one.why}"))
        for one in faults
    ]
    if faults:
        lines.append(say("audit_bad", count=len(faults)))
    else:
        entries = sum(head.seq for head in heads)
        lines.append(say("audit_good", streams=len(heads), entries=entries))
    return lines, len(faults)


def _chains(world: World) -> list[Fault]:
    try:
        return world.db.read(lambda session: list(journal.verify(session)))
    except (ValueError, LookupError, TypeError):
        # A damaged value that does not even load; the file itself is hurt.
        return [Fault("journal", 0, "body")]


def _projections(world: World) -> Iterator[Fault]:
    """Incidents whose kept state is not the fold of their journal."""
    for kept in world.db.read(lambda session: incidents.listed(session, only_open=False)):
        if _refolded(world, kept.stream) != kept:
            yield Fault(kept.stream, kept.seq, "projection")


def _refolded(world: World, stream: str) -> Incident:
    return world.db.read(lambda session: incidents.refold(session, stream))
