"""Winding the rehearsal clock forward: a quarter of an hour, or to the next ring (conduct §18)."""

import threading
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field, model_validator

from bot.web.session import clock_of
from bot.web.state import Problem, TheWeb, Web
from storage import incidents

_MOST_MINUTES = 31 * 24 * 60
_winding = threading.Lock()

router = APIRouter(prefix="/api")


class Winding(BaseModel):
    """How far: minutes, or to the moment of the next ring."""

    minutes: int | None = Field(default=None, ge=1, le=_MOST_MINUTES)
    to_next: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> "Winding":
        if (self.minutes is None) is not self.to_next:
            raise ValueError("minutes or to_next")
        return self


@router.post("/clock")
def wind(winding: Winding, web: TheWeb) -> dict[str, Any]:
    """Winds, remembers it, ticks and delivers. Outside a rehearsal: 403."""
    if not web.rehearsal:
        raise Problem(403, "only_rehearsal")
    with _winding:
        world = web.world
        world.present.wind(_span(web, winding))
        world.keep_clock()
        web.tick(world)
    web.hub.notify()
    return web.world.db.read(lambda session: clock_of(web, session))


def _span(web: Web, winding: Winding) -> timedelta:
    if winding.minutes is not None:
        return timedelta(minutes=winding.minutes)
    following = web.world.db.read(incidents.next_ring)
    if following is None:
        raise Problem(409, "no_ring_ahead")
    # A second behind it: a ring due at the very moment is due for certain.
    return max(following - web.world.now(), timedelta(0)) + timedelta(seconds=1)
