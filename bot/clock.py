"""The one job that comes round: a tick. It asks the state what is due; there are no timers."""

from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot.arrangement_watch import watch
from bot.confirmations import ask_heads
from bot.deliver import deliver_all
from bot.digest import release
from bot.ring import tick as ring_all
from bot.sweep import sweep
from bot.world import World
from storage import journal, loose_files, marks
from storage.away import DatabaseAway

log = structlog.get_logger()
#: So many heads of journals go to the log in one tick.
HEADS = 500


def tick(world: World, now: datetime | None = None) -> int:
    """Rings all that is due at `now` (UTC; default: the world's clock) and delivers it."""
    rung = ring_all(world, now)
    for beside in (watch, ask_heads):
        _apart(world, beside)
    release(world)
    deliver_all(world)
    _daily(world)
    _apart(world, world.foresight.look_ahead)
    if rung:
        log.info("tick", rung=rung)
    return rung


def _apart(world: World, work: Callable[[World], object]) -> None:
    """What goes wrong beside the ringing keeps nothing else of a tick from going on."""
    try:
        work(world)
    except DatabaseAway:
        raise
    except Exception:
        if world.strict:
            raise
        log.exception("beside_failed", work=work.__name__)


def _daily(world: World) -> None:
    """Once a day every stream's head goes to the log: a chain cannot show a cut tail.

    Then the sweep; it comes sooner when something was erased.
    """
    today = world.now().astimezone(world.settings.zone).date().isoformat()
    new_day = world.db.read(lambda session: marks.marked(session, marks.HEADS_LOGGED)) != today
    all_logged = new_day and _heads_logged(world, today)
    if all_logged or world.db.read(loose_files.released):
        swept(world)


def _heads_logged(world: World, today: str) -> bool:
    """Logs the next heads of the day; whether these were the last.

    A tick logs no more than HEADS, so that no answer waits while a large journal is gone through.
    """
    behind = world.db.read(lambda session: marks.marked(session, marks.HEADS_BEHIND)) or ""
    day, _, after = behind.partition(" ")
    found = world.db.read(
        lambda session: journal.heads(session, after if day == today else "", HEADS)
    )
    for head in found:
        log.info("journal_head", stream=head.stream, seq=head.seq, hash=head.hash)
    last = len(found) < HEADS
    name = marks.HEADS_LOGGED if last else marks.HEADS_BEHIND
    value = today if last else f"{today} {found[-1].stream}"
    world.db.write(lambda session: marks.mark(session, name, value))
    return last


def swept(world: World) -> None:
    """The sweep; what goes wrong there keeps nothing else from going on."""
    try:
        sweep(world)
    except Exception:
        log.exception("sweep_failed")


def start_clock(world: World, may: Callable[[], bool] = lambda: True) -> BackgroundScheduler:
    """Ticks every BOT_TICK_SECONDS while it `may`; a late or missed tick is the next one."""
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(
        _safe_tick,
        "interval",
        seconds=world.settings.tick_seconds,
        args=(world, may),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
        next_run_time=datetime.now(UTC),
    )
    scheduler.add_job(swept, args=(world,))  # once, at start
    scheduler.start()
    return scheduler


def _safe_tick(world: World, may: Callable[[], bool]) -> None:
    try:
        if may():
            tick(world)
    except Exception:
        log.exception("tick_failed")
