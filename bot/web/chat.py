"""A chat of the web: its messages, what is sent into it, what was shown of it."""

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from bot import files
from bot.accept import Accepted, Update, accept, would_stop
from bot.web.limits import READ, SPOKEN
from bot.web.menus import menu_of
from bot.web.message import Teller
from bot.web.session import Persona
from bot.web.state import Problem, TheWeb, Web
from bot.web.upload import Upload, read_upload
from procedure.secrecy import stamp_of_secrecy
from storage import pages, prompts
from storage.database import Session

WEB = "web"
_CLIENT_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")

router = APIRouter(prefix="/api/chats/{person}")


class Answer(BaseModel):
    """A tap: the prompt's id and the number of its button, from 1."""

    client_id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")
    prompt: int = Field(ge=1)
    n: int = Field(ge=1, le=99)


class Shown(BaseModel):
    """The number up to which an open page has shown the chat."""

    seq: int = Field(ge=0)


@router.get("/messages")
def messages(
    person: Persona,
    web: TheWeb,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> dict[str, Any]:
    """The first `limit` messages behind `after`, and the number up to which the chat is told."""

    def work(session: Session) -> dict[str, Any]:
        chat = pages.chats_on(session, WEB, [str(person)]).get(str(person))
        if chat is None:
            return {"messages": [], "last_seq": 0}
        told = Teller(web, session, person).all(pages.page_of(session, chat, after, limit))
        return {"messages": told, "last_seq": pages.settled(session, chat)}

    return web.world.db.read(work)


@router.get("/menu")
def menu(person: Persona, web: TheWeb) -> dict[str, Any]:
    """The person's commands, six at most."""
    return {"menu": web.world.db.read(lambda session: menu_of(web, session, person))}


@router.post("/messages", status_code=202, dependencies=[SPOKEN])
async def write(person: Persona, web: TheWeb, request: Request) -> dict[str, str]:
    """A line, photos, files; committed when this answers."""
    upload = await read_upload(request, stops_for(web, person))
    check(upload)
    return {"state": (await asyncio.to_thread(_take, web, person, upload)).value}


def stops_for(web: Web, person: int) -> Callable[[list[str]], bool]:
    """Whether the words and names so far of what a person sends carry a stamp of secrecy."""

    def stops(texts: list[str]) -> bool:
        # Pure for almost every message; only a stamp looks for the one-time pass.
        if stamp_of_secrecy(*texts, words=web.world.secrecy) is None:
            return False
        return would_stop(web.world, person=person, texts=texts)

    return stops


def check(upload: Upload) -> None:
    """Raises Problem when there is nothing in it, or no proper id."""
    if not _CLIENT_ID.fullmatch(upload.client_id):
        raise Problem(400, "bad_request")
    if not upload.secret and not upload.text.strip() and not upload.files:
        raise Problem(400, "nothing_sent")


def _take(web: Web, person: int, upload: Upload) -> Accepted:
    secret = upload.secret or would_stop(web.world, person=person, texts=upload.texts)
    arrived: Sequence[files.Arrived] = () if secret else receive(web, upload)
    body: dict[str, Any] = {"type": "text"}
    if not secret:
        body |= {"text": upload.text, "reply_to": upload.reply_to, "files": []}
    return accept(
        web.world,
        Update(
            channel=WEB,
            external=f"{person}:{upload.client_id}",
            person=person,
            body=body,
            texts=upload.texts,
            arrived=arrived,
        ),
    )


def receive(web: Web, upload: Upload) -> list[files.Arrived]:
    """The files of a message, safe on the disk. Raises Problem; nothing is left then."""
    arrived: list[files.Arrived] = []
    try:
        for one in upload.files:
            arrived.append(files.receive(web.world.settings, one.file, one.filename or ""))
    except BaseException as error:
        for kept in arrived:
            files.discard(kept)
        if isinstance(error, files.FileRefused):
            status = 413 if error.key == "file_too_large" else 415
            raise Problem(status, error.key, **error.facts) from None
        raise
    finally:
        for one in upload.files:
            one.file.close()
    return arrived


@router.post("/answers", status_code=202, dependencies=[SPOKEN])
def answer(person: Persona, web: TheWeb, tap: Answer) -> dict[str, str]:
    """A tap on a button."""
    result = accept(
        web.world,
        Update(
            channel=WEB,
            external=f"{person}:{tap.client_id}",
            person=person,
            body={"type": "answer", "prompt": tap.prompt, "n": tap.n},
            texts=(),
        ),
    )
    return {"state": result.value}


@router.post("/shown", dependencies=[READ])
def shown(person: Persona, web: TheWeb, seen: Shown) -> dict[str, int]:
    """An open page has shown everything up to a number: a ring counts from here."""

    def work(session: Session) -> int:
        chat = pages.chats_on(session, WEB, [str(person)]).get(str(person))
        if chat is None:
            return 0
        prompts.shown(session, chat, min(seen.seq, pages.settled(session, chat)), web.world.now())
        return chat.shown_seq

    return {"shown_seq": web.world.db.write(work)}
