"""The one way in for every channel: screened, then stored and committed, then confirmed.

A message that carries a stamp of state secrecy (Luật Bảo vệ bí mật nhà nước; design.md §2d)
leaves who, when and where; never what.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

import structlog
from sqlmodel import Session

from bot.files import Arrived, discard, place
from bot.world import World
from procedure.codec import canonical, dump
from procedure.secrecy import stamp_of_secrecy
from storage import chats, files, inbox
from storage.chats import Prompt

log = structlog.get_logger()


class Accepted(Enum):
    """What became of an update."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    STOPPED = "stopped"


def would_stop(world: World, *, person: int, texts: Sequence[str]) -> bool:
    """Whether a message with these texts and file names is stopped; reads only, keeps nothing."""
    if stamp_of_secrecy(*texts, words=world.secrecy) is None:
        return False
    now = world.now()
    return world.db.read(lambda session: files.open_pass(session, person, now)) is None


def accept(
    world: World,
    *,
    channel: str,
    external: str,
    person: int,
    body: Mapping[str, Any],
    texts: Sequence[str],
    lane: str | None = None,
    arrived: Sequence[Arrived] = (),
) -> Accepted:
    """Stores one update with its files; committed when this returns.

    `external` is the platform's id of the update, unique within the channel; `lane` the chat's
    own id there (on the web the person's). `texts` are the words, the caption and the file
    names. Files that find no place are gone from the disk.
    """
    lane = lane or str(person)
    whole = {**body, "files": [dump(one.ref) for one in arrived]} if arrived else dict(body)

    def work(session: Session) -> Accepted:
        now = world.now()
        if files.stop_known(session, channel, external):
            return Accepted.STOPPED
        if files.update_known(session, channel, external):
            return Accepted.DUPLICATE
        if stamp_of_secrecy(*texts, words=world.secrecy) is not None:
            granted = files.open_pass(session, person, now)
            if granted is None:
                _stop(world, session, channel, external, person, lane)
                return Accepted.STOPPED
            files.spend_pass(session, granted)
        inbox.accept(
            session,
            channel=channel,
            external=external,
            lane=lane,
            person=person,
            body=canonical(whole),
            at=now,
        )
        for one in arrived:
            place(session, world.settings, one, owner=person, at=now)
        return Accepted.STORED

    try:
        result = world.db.write(work)
    finally:
        for one in arrived:
            discard(one)
    log.info("accepted", channel=channel, person=person, result=result.value, files=len(arrived))
    return result


def _stop(
    world: World, session: Session, channel: str, external: str, person: int, lane: str
) -> None:
    now = world.now()
    inbox.stopped(session, channel=channel, external=external, person=person, at=now)
    known = world.renderer.has("answers#secret_stopped")
    template = "answers#secret_stopped" if known else "web#secret_stopped"
    chat = chats.chat_of(session, channel, lane, person)
    chats.enqueue(session, chat, Prompt(template=template), at=now)


def queue_for(world: World, session: Session, person: int, prompt: Prompt) -> bool:
    """Queues a prompt on the channel that a person used last. False when its key was there."""
    known = chats.chats_of(session, person)
    chat = known[0] if known else chats.chat_of(session, "web", str(person), person)
    return chats.enqueue(session, chat, prompt, at=world.now()) is not None
