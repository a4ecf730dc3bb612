"""Whether the service is well: one page for a watchdog, one for Prometheus; nothing personal."""

from collections.abc import Iterable
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

router = APIRouter()


@router.get("/healthz")
def healthz(web: TheWeb) -> JSONResponse:
    """503 only when the database or the tick is down; a channel that is down is named."""
    now = web.world.now()
    try:
        last = web.world.db.read(_last_tick)
        database = True
    except Exception:
        log.exception("database_down")
        last, database = None, False
    age = (now - max(last or web.started_at, web.started_at)).total_seconds()
    patience = max(timedelta(seconds=4 * web.world.settings.tick_seconds), _LEAST_PATIENCE)
    ticking = age <= patience.total_seconds()
    found: dict[str, Any] = {
        "database": "ok" if database else "down",
        "tick": "ok" if ticking else "down",
        "tick_age_seconds": round(age, 1),
        "channels": {"web": "ok", **{name: told() for name, told in web.channels.items()}},
    }
    return JSONResponse(found, status_code=200 if database and ticking else 503)


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
            _age("last_tick_age", "Age of the last tick", _last_tick(session), now),
            _age("oldest_unsent", "Oldest prompt not sent", pages.oldest_queued(session), now),
            _age("oldest_unhandled", "Oldest update not handled", inbox.oldest_new(session), now),
            GaugeMetricFamily(
                "motdaumoi_open_streams", "Open pages", value=self.web.hub.open_streams
            ),
            stops,
        ]


def _age(name: str, words: str, since: datetime | None, now: datetime) -> Metric:
    seconds = max((now - since).total_seconds(), 0.0) if since else 0.0
    return GaugeMetricFamily(f"motdaumoi_{name}_seconds", words, value=seconds)
