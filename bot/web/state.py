"""What every address of the web shares: the world, the streams, and whether this is a rehearsal."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog
from fastapi import Depends, Request

from bot.flood import Doors
from bot.render import WEEKDAYS, Scene
from bot.settings import SettingFaults
from bot.view import IncidentView
from bot.web.hub import Hub
from bot.web.meters import Meters
from bot.world import World
from procedure.incident import Incident
from procedure.organisation import Organisation, Person
from procedure.words import Role, UnitKind
from storage.away import is_away
from storage.database import Session

log = structlog.get_logger()


@dataclass
class Web:
    """One web application. `tick` rings and delivers; winding the rehearsal clock runs it."""

    world: World
    hub: Hub
    rehearsal: bool
    started_at: datetime
    tick: Callable[[World], Any]
    meters: Meters = field(default_factory=Meters)
    doors: Doors = field(default_factory=Doors)
    #: The messengers that run beside, each with what it says of its health.
    channels: dict[str, Callable[[], str]] = field(default_factory=dict)
    #: What takes an update in that Telegram sends by webhook; None while it polls.
    webhook: Callable[[Mapping[str, Any]], Awaitable[None]] | None = None

    @property
    def secure(self) -> bool:
        """Whether people reach the page by HTTPS."""
        return urlsplit(self.world.settings.address).scheme == "https"

    def scene(self, session: Session, reader: int = 0, incident: Incident | None = None) -> Scene:
        """What a template may ask, for one reader and, when given, one incident."""
        organisation = self.world.organisation(session)
        now = self.world.now()
        view = None
        if incident is not None:
            terms = self.world.terms(session, incident.policy)
            view = IncidentView(incident, organisation, terms, now)
        duty = duty_officer(organisation)
        return Scene(self.world.renderer, organisation, now, reader, view, duty)

    def sentence(self, key: str, **facts: Any) -> str:
        """A sentence of `web.j2`; without the names of people when the database is away."""
        try:
            return self.world.db.read(
                lambda session: self.world.renderer.text(f"web#{key}", facts, self.scene(session))
            )
        except Exception as error:
            if not is_away(error):
                log.exception("sentence_without_people", key=key)
            empty = Scene(self.world.renderer, Organisation(), self.world.now(), 0, None, None)
            return self.world.renderer.text(f"web#{key}", facts, empty)


class Problem(Exception):
    """What an address answers instead: a status and the key of a sentence in `web.j2`.

    `retry_after` among the facts (seconds) goes into the header of that name too.
    """

    def __init__(self, status: int, key: str, **facts: Any) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.facts = facts


def duty_officer(organisation: Organisation) -> Person | None:
    """Who is on duty at the propaganda department, else its head; None in an empty database."""
    unit = organisation.first_of_kind(UnitKind.PROPAGANDA_DEPARTMENT)
    if unit is None:
        return None
    found = organisation.holders(Role.ON_DUTY, unit.id) or organisation.holders(Role.HEAD, unit.id)
    return organisation.people.get(found[0]) if found else None


def moment_facts(at: datetime, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """A moment for a template: clock time, key of the weekday, date (the year when another)."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    return {
        "clock_time": f"{local:%H:%M}",
        "weekday": WEEKDAYS[local.weekday()],
        "date": f"{local:%d/%m}" if local.year == today.year else f"{local:%d/%m/%Y}",
    }


def rehearses(world: World) -> bool:
    """Whether anyone may use any persona: a sample database that only this machine can reach.

    Raises SettingFaults when it is asked for without these two.
    """
    wanted = world.settings.rehearsal
    if wanted is False:
        return False
    sample, loopback = world.is_sample(), world.settings.loopback
    if wanted is None:
        return sample and loopback
    if not sample:
        raise SettingFaults({"BOT_REHEARSAL": "rehearsal_real"})
    if not loopback:
        raise SettingFaults({"BOT_REHEARSAL": "rehearsal_open"})
    return True


def web_of(request: Request) -> Web:
    """The application that a request came to."""
    found: Web = request.app.state.web
    return found


TheWeb = Annotated[Web, Depends(web_of)]
