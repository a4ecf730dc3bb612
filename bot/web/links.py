"""The one-time link, whose button signs in, and the way out (conduct §15)."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from bot.doorstep import welcome
from bot.stage import Stage
from bot.web.limits import GUESSING, OUTSIDE, wrong_guess
from bot.web.session import AnyViewer, card, cookie_name, set_cookie
from bot.web.state import Problem, TheWeb
from storage import access, chats
from storage.accounts import WEB
from storage.database import Session

#: Ours have 24 letters; longer ones are not even looked at.
Code = Annotated[str, Path(max_length=64)]

router = APIRouter(prefix="/api")


@router.get("/link/{code}", dependencies=[GUESSING])
def link_shown(code: Code, web: TheWeb, request: Request) -> dict[str, str]:
    """Whom a one-time link is for; opening it spends nothing."""
    person = web.world.db.read(lambda session: access.invited(session, code, web.world.now()))
    organisation = web.world.db.read(web.world.organisation)
    if person is None or person not in organisation.people:
        wrong_guess(request, web)
        raise Problem(404, "link_spent")
    found = card(organisation, person)
    return {"name": found["name"], "post": found["post"], "unit": found["unit"]}


@router.post("/link/{code}", dependencies=[GUESSING, OUTSIDE])
def link_spent(
    code: Code, web: TheWeb, viewer: AnyViewer, request: Request, response: Response
) -> dict[str, Any]:
    """The button of the link's page: spends the code and signs in, in a session of its own.

    The session that this browser had until now, whoever's it was, ends.
    """
    now, former = web.world.now(), viewer.token

    def work(session: Session) -> tuple[int, str] | None:
        spent = access.spend(session, code, now)
        if spent and former:
            access.sign_out(session, former, now)
        if spent:
            person, _ = spent
            chat = chats.chat_of(session, WEB, str(person), person)
            welcome(Stage(web.world, session, now, WEB), chat)
        return spent

    spent = web.world.db.write(work)
    if spent is None:
        wrong_guess(request, web)
        raise Problem(404, "link_spent")
    person, token = spent
    set_cookie(web, response, token)
    return {"person": person}


@router.post("/sign-out", dependencies=[OUTSIDE])
def sign_out(web: TheWeb, viewer: AnyViewer, response: Response) -> dict[str, Any]:
    """Ends this browser's session."""
    token = viewer.token
    if token:
        web.world.db.write(lambda session: access.sign_out(session, token, web.world.now()))
    response.delete_cookie(
        cookie_name(web), path="/", httponly=True, samesite="strict", secure=web.secure
    )
    return {}
