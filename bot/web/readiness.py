"""The board's panel of what the organisation lacks, for those who keep it in order."""

from typing import Any

from fastapi import APIRouter

from bot.readiness import Readiness, readiness
from bot.render import Scene
from bot.web.session import TheViewer, Viewer
from bot.web.state import Problem, TheWeb, Web
from procedure.confirming import may_see_readiness
from procedure.gaps import Gap
from storage.database import Session

router = APIRouter(prefix="/api")
#: So many localities are named in the line of progress; the panel names them all below.
NAMED = 6


@router.get("/readiness")
def ready(web: TheWeb, viewer: TheViewer) -> dict[str, Any]:
    """How many localities have everybody, and unit by unit what is lacking.

    For administrators and the propaganda department; 403 for everybody else.
    """

    def work(session: Session) -> dict[str, Any]:
        if not sees_readiness(web, session, viewer):
            raise Problem(403, "readiness_not_yours")
        return _panel(web, session)

    return web.world.db.read(work)


def sees_readiness(web: Web, session: Session, viewer: Viewer) -> bool:
    """Whether the panel is for this viewer; in a rehearsal he is everybody."""
    if viewer.rehearsal:
        return True
    organisation = web.world.organisation(session)
    return viewer.person is not None and may_see_readiness(organisation, viewer.person)


def _panel(web: Web, session: Session) -> dict[str, Any]:
    found, scene = readiness(web.world, session), web.scene(session)

    def text(block: str, **facts: Any) -> str:
        return web.world.renderer.text(f"web#{block}", facts, scene)

    wanting = [one.short for one in found.wanting]
    more = max(0, len(wanting) - NAMED)
    return {
        "done": found.done,
        "whole": found.whole,
        "progress": text(
            "ready_progress", done=found.done, whole=found.whole, wanting=wanting[:NAMED], more=more
        ),
        "proof": text("ready_proof", proven=found.proven, crew=found.crew),
        "units": [_unit(web, scene, found, one) for one in found.gaps],
    }


def _unit(web: Web, scene: Scene, found: Readiness, gap: Gap) -> dict[str, Any]:
    facts = {
        "roles": [one.value for one in gap.roles],
        "unreached": gap.unreached,
        "only_web": gap.only_web,
        "unconfirmed": gap.unconfirmed,
        "quarter": found.quarter,
        "year": found.year,
    }
    lines = [
        web.world.renderer.text(f"web#ready_{block}", facts, scene)
        for block in ("roles", "unreached", "only_web", "unconfirmed")
        if facts[block]
    ]
    return {"unit": found.organisation.units[gap.unit].short, "lacks": lines}
