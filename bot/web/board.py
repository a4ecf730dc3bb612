"""The board and the incidents: where each lies and with whom, as far as the viewer may see."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter

from bot.web.readiness import sees_readiness
from bot.web.session import TheViewer, Viewer, clock_of
from bot.web.state import Problem, TheWeb, Web, moment_facts
from handlers.brief import timeline
from handlers.look import may_see
from procedure.entries import Entry
from procedure.incident import Incident
from storage import incidents, journal
from storage.database import Session

router = APIRouter(prefix="/api")


@router.get("/board")
def board(web: TheWeb, viewer: TheViewer, drills: bool = False) -> dict[str, Any]:
    """Open incidents, newest first; drills only when asked for.

    `readiness` says whether the viewer has the panel of what units lack (`/api/readiness`).
    """

    def work(session: Session) -> dict[str, Any]:
        listed = [one for one in incidents.listed(session) if drills or not one.drill]
        return {
            "incidents": _cards(web, session, viewer, listed),
            "readiness": sees_readiness(web, session, viewer),
            **clock_of(web, session),
        }

    return web.world.db.read(work)


@router.get("/incidents")
def all_incidents(web: TheWeb, viewer: TheViewer) -> dict[str, Any]:
    """Incidents, open and closed, newest first."""

    def work(session: Session) -> dict[str, Any]:
        listed = incidents.listed(session, only_open=False)
        return {"incidents": _cards(web, session, viewer, listed)}

    return web.world.db.read(work)


@router.get("/incidents/{code}")
def one_incident(code: str, web: TheWeb, viewer: TheViewer) -> dict[str, Any]:
    """One incident with its timeline; one that he may not see is as if it were not there."""

    def work(session: Session) -> dict[str, Any]:
        found = incidents.by_code(session, code)
        if found is None or not sees(web, session, viewer, found):
            raise Problem(404, "no_such_incident")
        entries = journal.read(session, found.stream)
        return {
            "incident": _card(web, session, found),
            "timeline": _timeline(web, session, found, entries),
        }

    return web.world.db.read(work)


def sees(web: Web, session: Session, viewer: Viewer, incident: Incident) -> bool:
    """Whether the viewer may see an incident (conduct §13); in a rehearsal he is everybody."""
    if viewer.rehearsal:
        return True
    organisation = web.world.organisation(session)
    return viewer.person is not None and may_see(viewer.person, incident, organisation)


def _cards(
    web: Web, session: Session, viewer: Viewer, listed: Sequence[Incident]
) -> list[dict[str, Any]]:
    return [_card(web, session, one) for one in listed if sees(web, session, viewer, one)]


def _card(web: Web, session: Session, incident: Incident) -> dict[str, Any]:
    """Lateness is never told here: a time that has passed reads "under way" (conduct §13)."""
    scene = web.scene(session, incident=incident)
    view = scene.view
    assert view is not None and incident.opened_at is not None

    def text(block: str) -> str:
        return web.world.renderer.text(f"web#{block}", {}, scene)

    return {
        "code": incident.code,
        "title": str(incident.title),
        "drill": incident.drill,
        "open": incident.closed_at is None and incident.yielded is None,
        "opened_at": incident.opened_at.isoformat(timespec="seconds"),
        "severity": incident.severity.value,
        "severity_text": text("severity"),
        "step": view.step_number,
        "step_text": text("step"),
        "ball": text("ball"),
        "left_text": text("time_left"),
        "spokesperson": text("spokesperson"),
    }


def _timeline(
    web: Web, session: Session, incident: Incident, entries: Sequence[Entry]
) -> list[dict[str, Any]]:
    """What happened; rings and receipts, which would tell who was late, are left out."""
    scene = web.scene(session, incident=incident)
    renderer, zone = web.world.renderer, web.world.settings.zone
    found = []
    for entry in timeline(entries):
        own = f"words#told_{entry.kind}"
        told = renderer.text(own if renderer.has(own) else "web#entry_plain", {}, scene)
        facts = {"who": scene.person(entry.actor), "told": told}
        found.append(
            {
                "seq": entry.seq,
                "kind": entry.kind,
                "at": entry.at.isoformat(timespec="seconds"),
                "at_text": renderer.text(
                    "web#clock_line", moment_facts(entry.at, scene.now, zone), scene
                ),
                "text": renderer.text("web#entry", facts, scene),
            }
        )
    return found
