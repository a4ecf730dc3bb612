"""Whether the service is well: one page for a watchdog, one for Prometheus; nothing personal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.web.state import TheWeb, Web
from storage import files, inbox, marks, pages
from storage.database import Session

log = structlog.get_logger()
_LEAST_PATIENCE = timedelta(minutes=1)
#: What waits longer is late. A thousand people are told in half a minute; a chat that rests
#: after a fault waits a minute.
UNSENT_SECONDS = 300.0
#: A file is fetched three times before the turn goes on without it.
UNHANDLED_SECONDS = 180.0

router = APIRouter()


@dataclass(frozen=True)
class Standing:
    """What waits, in seconds; by channel for what is to be sent. A None tick: never yet."""

    tick: datetime | None
    unsent: Mapping[str, float]
    unhandled: float


@router.get("/healthz")
def healthz(web: TheWeb) -> JSONResponse:
    """503 only when the database or the tick is down; what is late or down besides is named."""
    now = web.world.now()
    try:
        standing = web.world.db.read(lambda session: _standing(web, session, now))
        database = True
    except Exception:
        log.exception("database_down")
        standing, database = Standing(None, {}, 0.0), False
    age = (now - max(standing.tick or web.started_at, web.started_at)).total_seconds()
    limits = _limits(web)
    ticking = age <= limits["tick_age_seconds"]
    late = [f"unsent:{name}" for name, s in standing.unsent.items() if s > UNSENT_SECONDS]
    late += ["unhandled"] if standing.unhandled > UNHANDLED_SECONDS else []
    found: dict[str, Any] = {
        "database": "ok" if database else "down",
        "tick": "ok" if ticking else "down",
        "tick_age_seconds": round(age, 1),
        "oldest_unsent_seconds": {name: round(s, 1) for name, s in standing.unsent.items()},
        "oldest_unhandled_seconds": round(standing.unhandled, 1),
        "late": late,
        "limits": limits,
        "channels": {"web": "ok", **{name: told() for name, told in web.channels.items()}},
    }
    return JSONResponse(found, status_code=200 if database and ticking else 503)


def _limits(web: Web) -> dict[str, float]:
    """From when on it is late, seconds."""
    patience = max(timedelta(seconds=4 * web.world.settings.tick_seconds), _LEAST_PATIENCE)
    return {
        "tick_age_seconds": patience.total_seconds(),
        "oldest_unsent_seconds": UNSENT_SECONDS,
        "oldest_unhandled_seconds": UNHANDLED_SECONDS,
    }


def _standing(web: Web, session: Session, now: datetime) -> Standing:
    queued = pages.oldest_queued(session)
    channels = sorted({"web", *web.channels, *queued})
    return Standing(
        tick=_last_tick(session),
        unsent={name: _seconds(queued.get(name), now) for name in channels},
        unhandled=_seconds(inbox.oldest_new(session), now),
    )


@router.get("/metrics")
def metrics(web: TheWeb) -> Response:
    """Counters of the process, gauges of the database."""
    return Response(generate_latest(web.meters.registry), media_type=CONTENT_TYPE_LATEST)


def _last_tick(session: Session) -> datetime | None:
    kept = marks.marked(session, marks.LAST_TICK)
    return datetime.fromisoformat(kept) if kept else None


class DatabaseNumbers(Collector):
    """What a scrape reads from the database."""

    def __init__(self, web: Web) -> None:
        self.web = web

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not read the database."""
        return []

    def collect(self) -> Iterable[Metric]:
        """One read for all numbers; none when the database is away."""
        try:
            return self.web.world.db.read(self._numbers)
        except Exception:
            log.exception("database_down")
            return []

    def _numbers(self, session: Session) -> list[Metric]:
        now = self.web.world.now()
        standing = _standing(self.web, session, now)
        unsent = GaugeMetricFamily(
            "motdaumoi_oldest_unsent_seconds", "Age of the oldest unsent prompt", labels=["channel"]
        )
        for name, seconds in standing.unsent.items():
            unsent.add_metric([name], seconds)
        commits = CounterMetricFamily(
            "motdaumoi_commits", "Transactions of this process", value=self.web.world.db.commits
        )
        stops = CounterMetricFamily(
            "motdaumoi_secret_stops", "Messages stopped for secrecy", value=files.stops(session)
        )
        down = GaugeMetricFamily(
            "motdaumoi_channel_down", "Whether a messenger cannot be reached", labels=["channel"]
        )
        for name, told in self.web.channels.items():
            down.add_metric([name], float(told() != "ok"))
        return [
            down,
            unsent,
            GaugeMetricFamily(
                "motdaumoi_last_tick_age_seconds",
                "Age of the last tick",
                value=_seconds(standing.tick, now),
            ),
            GaugeMetricFamily(
                "motdaumoi_oldest_unhandled_seconds",
                "Age of the oldest unhandled update",
                value=standing.unhandled,
            ),
            GaugeMetricFamily(
                "motdaumoi_open_streams", "Open pages", value=self.web.hub.open_streams
            ),
            commits,
            stops,
        ]


def _seconds(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
