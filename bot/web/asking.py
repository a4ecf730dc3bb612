"""A request for a new link: a prompt to the propaganda duty officer, who calls back first."""

import re
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bot.accept import queue_for
from bot.web.limits import OUTSIDE
from bot.web.state import Problem, TheWeb, Web, duty_officer
from procedure.organisation import Organisation
from procedure.secrecy import stamp_of_secrecy
from procedure.text import fold
from storage import pages
from storage.chats import Prompt
from storage.database import Session

TEMPLATE = "web#link_request"
#: Anybody may ask; nobody may flood the duty officer.
MOST_PER_HOUR = 10
_HOUR = timedelta(hours=1)

router = APIRouter(prefix="/api")


class LinkRequest(BaseModel):
    """Who asks, and where he can be called."""

    client_id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")
    name: str = Field(min_length=1, max_length=120)
    phone: str = Field(min_length=3, max_length=30, pattern=r"^[0-9 .()+-]+$")


@router.post("/link-request", status_code=202, dependencies=[OUTSIDE])
def link_request(asked: LinkRequest, web: TheWeb) -> dict[str, Any]:
    """Passes the request on; the answer never tells whether the person is known."""
    if stamp_of_secrecy(asked.name, words=web.world.secrecy) is not None:
        raise Problem(400, "bad_request")
    web.world.db.write(lambda session: _pass_on(web, session, asked))
    return {}


def _pass_on(web: Web, session: Session, asked: LinkRequest) -> None:
    organisation, now = web.world.organisation(session), web.world.now()
    duty = duty_officer(organisation)
    if duty is None or pages.recent_with(session, TEMPLATE, now - _HOUR) >= MOST_PER_HOUR:
        raise Problem(429, "call_the_duty_officer")
    person = named(organisation, asked.name, asked.phone)
    facts = {"name": " ".join(asked.name.split()), "phone": asked.phone, "who": person}
    choices = []
    if person is not None:
        choices.append({"label": "grant_link", "do": {"grant_link": person}})
    prompt = Prompt(
        template=TEMPLATE,
        facts=facts,
        choices=choices,
        key=f"link-request:{asked.client_id}",
        rings=True,
    )
    queue_for(web.world, session, duty.id, prompt)


def named(organisation: Organisation, name: str, phone: str) -> int | None:
    """The one registered person with this name or telephone; both when the name is shared."""
    digits = re.sub(r"\D", "", phone)
    wanted = " ".join(fold(name).split())
    known = [one for one in organisation.people.values() if not one.left]
    by_name = [one.id for one in known if fold(one.name) == wanted]
    by_phone = [one.id for one in known if digits and re.sub(r"\D", "", one.phone) == digits]
    both = [one for one in by_name if one in by_phone]
    for found in (both, by_name, by_phone):
        if len(found) == 1:
            return found[0]
    return None
