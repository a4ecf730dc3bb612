"""Who is here: the cookie, the one-time link, the way out (conduct §15)."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from bot.web.cast import intro, next_to_act, sample_start, waiting_on
from bot.web.menus import menu_of
from bot.web.state import Problem, TheWeb, Web, duty_officer, moment_facts, web_of
from procedure.organisation import Organisation
from storage import access
from storage.database import Session

router = APIRouter(prefix="/api")


@dataclass(frozen=True)
class Viewer:
    """Who asks: a signed-in person, or in a rehearsal everybody at once (`person` None)."""

    person: int | None
    token: str | None
    rehearsal: bool

    @property
    def signed_in(self) -> bool:
        """Whether anything may be shown to him."""
        return self.rehearsal or self.person is not None

    def may_be(self, person: int) -> bool:
        """Whether he may read and write as this person."""
        return self.rehearsal or person == self.person


def cookie_name(web: Web) -> str:
    """The session's cookie; by HTTPS its name binds it to this host."""
    return "__Host-motdaumoi" if web.secure else "motdaumoi"


def viewer_of(request: Request) -> Viewer:
    """Who sends this request."""
    web = web_of(request)
    token = request.cookies.get(cookie_name(web))
    return viewer_by_token(web, token)


def viewer_by_token(web: Web, token: str | None) -> Viewer:
    """Who holds this token now; a session that has ended is nobody's."""
    person = None
    if token and not web.rehearsal:
        now = web.world.now()
        person = web.world.db.read(lambda session: _known(web, session, token, now))
    return Viewer(person, token, web.rehearsal)


def _known(web: Web, session: Session, token: str, now: Any) -> int | None:
    person = access.signed_in(session, token, now)
    return person if person in web.world.organisation(session).people else None


AnyViewer = Annotated[Viewer, Depends(viewer_of)]


def _signed_in(viewer: AnyViewer) -> Viewer:
    if not viewer.signed_in:
        raise Problem(401, "sign_in_first")
    return viewer


TheViewer = Annotated[Viewer, Depends(_signed_in)]


def persona_of(person: int, viewer: TheViewer, web: TheWeb) -> int:
    """The person of the address, when the viewer may be him."""
    if not viewer.may_be(person):
        raise Problem(403, "not_yours")
    people = web.world.db.read(web.world.organisation).people
    if person not in people:
        raise Problem(404, "no_such_person")
    return person


Persona = Annotated[int, Depends(persona_of)]


def set_cookie(web: Web, response: Response, token: str) -> None:
    """Keeps a session in the browser for its 180 days."""
    response.set_cookie(
        cookie_name(web),
        token,
        max_age=int(access.SESSION_LASTS.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        secure=web.secure,
    )


@router.get("/session")
def session_now(web: TheWeb, viewer: AnyViewer, response: Response) -> dict[str, Any]:
    """All that a page needs to open; a session in use is lengthened here."""
    _renew(web, viewer, response)
    return web.world.db.read(lambda session: _session(web, viewer, session))


def _renew(web: Web, viewer: Viewer, response: Response) -> None:
    token, now = viewer.token, web.world.now()
    if viewer.person is None or token is None:
        return
    if web.world.db.read(lambda session: access.wants_renewal(session, token, now)):
        web.world.db.write(lambda session: access.renew(session, token, now))
        set_cookie(web, response, token)


def _session(web: Web, viewer: Viewer, session: Session) -> dict[str, Any]:
    organisation = web.world.organisation(session)
    scene = web.scene(session)
    duty = duty_officer(organisation)
    facts: dict[str, Any] = {
        "signed_in": viewer.signed_in,
        "rehearsal": web.rehearsal,
        "me": card(organisation, viewer.person) if viewer.person else None,
        "personas": [],
        "duty": {"name": duty.name if duty else "", "phone": duty.phone if duty else ""},
        **clock_of(web, session),
        "intro": None,
        "start": None,
        "waiting": [],
        "next": None,
        "menu": menu_of(web, session, viewer.person) if viewer.person else [],
    }
    if web.rehearsal:
        facts["personas"] = [card(organisation, one) for one in organisation.people]
        facts["intro"] = intro(scene)
        facts["start"] = sample_start(session, scene)
        facts["next"] = next_to_act(web, session)
    if viewer.signed_in:
        people = organisation.people if web.rehearsal else (viewer.person or 0,)
        facts["waiting"] = waiting_on(session, list(people))
    return facts


def clock_of(web: Web, session: Session) -> dict[str, str]:
    """The time of this world: ISO with the local offset, and in words."""
    zone = web.world.settings.zone
    now = web.world.now().astimezone(zone)
    facts = moment_facts(now, now, zone)
    text = web.world.renderer.text("web#clock_line", facts, web.scene(session))
    return {"clock": now.isoformat(timespec="seconds"), "clock_text": text}


def card(organisation: Organisation, person: int) -> dict[str, Any]:
    """A person as pages name him."""
    found = organisation.people[person]
    unit = organisation.units.get(found.unit)
    return {
        "id": found.id,
        "name": found.name,
        "short": found.short,
        "post": found.post,
        "unit": unit.short if unit else "",
    }
