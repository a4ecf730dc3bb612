"""The one scheduled job: a tick. It asks the state what is due; there are no timers."""

from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot.deliver import deliver_all
from bot.ring import tick as ring_all
from bot.world import World

log = structlog.get_logger()


def tick(world: World, now: datetime | None = None) -> int:
    """Rings all that is due at `now` (UTC; default: the world's clock) and delivers it."""
    rung = ring_all(world, now)
    deliver_all(world)
    if rung:
        log.info("tick", rung=rung)
    return rung


def start_clock(world: World) -> BackgroundScheduler:
    """Ticks every BOT_TICK_SECONDS; a late or missed tick is simply the next one."""
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(
        _safe_tick,
        "interval",
        seconds=world.settings.tick_seconds,
        args=(world,),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
        next_run_time=datetime.now(UTC),
    )
    scheduler.start()
    return scheduler


def _safe_tick(world: World) -> None:
    try:
        tick(world)
    except Exception:
        log.exception("tick_failed")
