"""What people heard and what the clock wrote down, as short lines that a table can hold."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.deliver import deliver_all
from bot.stage import Stage
from procedure.actions import Action
from procedure.entries import DutyRung, DutyRungAhead, Entry
from storage import journal
from storage.tables import MessageRow
from tests.town import ZONE, Town, local

#: Words that no sentence about time may hold (manners 7).
NEVER = ("chậm trễ", "vi phạm", "không chấp hành", "quên")
LOUD, SILENT = "loud", "silent"

#: local minute, person, template, whether it rings
Line = tuple[str, str, str, str]


def minute(at: datetime | None) -> str:
    """ "12/10 02:36", local."""
    assert at is not None
    return f"{at.astimezone(ZONE):%d/%m %H:%M}"


def heard(town: Town) -> list[Line]:
    """All that the bot told anybody since the last `skips`, and checks its manners."""
    rows = town.unheard()
    for row in rows:
        assert not [word for word in NEVER if word in fold_keeping_marks(row.text)], row.text
        assert len(row.text.split()) <= 60 or "\n" in row.text, row.text
    return [_line(town, row) for row in rows]


def fold_keeping_marks(text: str) -> str:
    """Small letters, with their marks."""
    return text.casefold()


def _line(town: Town, row: MessageRow) -> Line:
    name = town.world.db.read(town.world.organisation).people[row.person].short
    return (minute(row.sent_at), name, row.template, LOUD if row.rings else SILENT)


def told(town: Town, who: str, template: str) -> list[MessageRow]:
    """What one person was told since the last `skips` by one template."""
    rows = [row for row in town.unheard() if row.person == town.id(who)]
    return [row for row in rows if row.template.startswith(template)]


def entries(town: Town, code: str = "VV-2026-001") -> Sequence[Entry]:
    """The journal of an incident."""
    stream = town.incident(code).stream
    return town.world.db.read(lambda session: journal.read(session, stream))


#: local minute, index of the rung, its highest level, the people it reached
Rung = tuple[str, int, str | None, tuple[str, ...]]


def rungs(town: Town, key: str, code: str = "VV-2026-001") -> list[Rung]:
    """Every rung of one duty, as the journal has it."""
    return list(_rungs(town, key, code))


def _rungs(town: Town, key: str, code: str) -> Iterator[Rung]:
    people = town.world.db.read(town.world.organisation).people
    for entry in entries(town, code):
        fact = entry.fact
        if isinstance(fact, DutyRung) and fact.duty == key:
            names = tuple(people[one].short for one in fact.people)
            yield (minute(entry.at), fact.rung, fact.level, names)
        elif isinstance(fact, DutyRungAhead) and fact.duty == key:
            yield (minute(entry.at), fact.ahead, "ahead", (people[fact.person].short,))


def acts(town: Town, who: str, action: Action, code: str = "VV-2026-001") -> None:
    """One action through the one door, without the conversation that leads to it."""
    stream = town.incident(code).stream

    def work(session: Session) -> None:
        Stage(town.world, session, town.world.now(), "web").perform(stream, town.id(who), action)

    town.world.db.write(work)
    deliver_all(town.world)


def jumps(town: Town, text: str) -> None:
    """As `passes`, to a moment ("12/10 14:29"); what came meanwhile is rung at the next tick."""
    town.clock = local(text).astimezone(UTC)


def passes(town: Town, **span: float) -> None:
    """Time goes by while the process is down: nothing ticks."""
    town.clock += timedelta(**span)
