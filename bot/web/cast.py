"""Who waits for whom, and in a rehearsal the first minute (conduct §18)."""

from collections.abc import Sequence
from typing import Any

from bot.render import Scene
from bot.web.state import Web
from procedure.organisation import Organisation
from procedure.words import Role, UnitKind
from storage import incidents, pages
from storage.database import Session

PHOTOS = tuple(f"/static/sample/sat-lo-{n}.jpg" for n in (1, 2, 3))


def waiting_on(session: Session, people: Sequence[int]) -> list[dict[str, int]]:
    """How many prompts wait for each person; people for whom none waits are left out."""
    counts = pages.waiting_counts(session, people)
    return [{"persona": one, "count": counts[one]} for one in people if counts.get(one)]


def next_to_act(web: Web, session: Session) -> dict[str, Any] | None:
    """Who has the ball in the newest open incident, with the words for it."""
    for incident in incidents.listed(session):
        scene = web.scene(session, incident=incident)
        assert scene.view is not None
        person = scene.view.ball_person
        if person is not None:
            words = scene.renderer.text("web#next", {"who": person}, scene)
            return {"persona": person.id, "text": words}
    return None


def intro(scene: Scene) -> list[str]:
    """The three lines that say what this is."""
    return scene.renderer.text("web#intro", {}, scene).splitlines()


def sample_start(session: Session, scene: Scene) -> dict[str, Any] | None:
    """The first message of the sample, ready to send; None once an incident is open."""
    persona = sample_reporter(scene.organisation)
    if persona is None or incidents.listed(session):
        return None
    return {
        "label": scene.renderer.text("web#start", {}, scene),
        "persona": persona,
        "text": scene.renderer.text("web#start_line", {}, scene),
        "photos": list(PHOTOS),
    }


def sample_reporter(organisation: Organisation) -> int | None:
    """A civil servant of a locality: the first one registered."""
    staff = (
        held.person
        for held in organisation.held
        if held.role is Role.STAFF
        and organisation.units[held.unit].kind is UnitKind.LOCALITY
        and held.person in organisation.people
    )
    return next(staff, None)
