"""The one way in for every channel: screened, then stored and committed, then confirmed.

A message that carries a stamp of state secrecy (Luật Bảo vệ bí mật nhà nước; design.md §2d)
leaves who, when and where; never what.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import structlog

from bot.files import Arrived, discard
from bot.files import place as keep_file
from bot.world import World
from handlers.navigation import duty_officer_for
from procedure.codec import canonical, dump
from procedure.parties import room_watch
from procedure.secrecy import stamp_of_secrecy
from storage import accounts, arrivals, chats, files, inbox, incidents, places
from storage.chats import Prompt
from storage.database import News, Session

log = structlog.get_logger()
#: The parts of an album come one by one; the last is taken to be there after this long.
GATHERING = timedelta(seconds=1)


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


@dataclass(frozen=True, kw_only=True)
class Update:
    """What a person sent or tapped, as a channel read it.

    `external` is the platform's id of the update, unique within the channel; `lane` the chat's
    own id there (on the web the person's), `message` the platform's id of the message and
    `album` what its parts share. `texts` are the words, the caption and the file names. With
    `to_fetch` its files are still to come.
    """

    channel: str
    external: str
    person: int
    body: Mapping[str, Any]
    texts: Sequence[str] = ()
    lane: str | None = None
    arrived: Sequence[Arrived] = ()
    message: str | None = None
    album: str | None = None
    to_fetch: bool = False

    @property
    def chat(self) -> str:
        """The chat's own id at the channel."""
        return self.lane or str(self.person)

    @property
    def spot(self) -> str:
        """Where it stands at the messenger: the chat, of a group the topic in it."""
        return str(self.body.get("room", self.chat))

    @property
    def kept(self) -> str:
        """What the inbox keeps: the body with what is known of its files."""
        refs = [dump(one.ref) for one in self.arrived]
        return canonical({**self.body, "files": refs} if refs else dict(self.body))


def accept(world: World, update: Update) -> Accepted:
    """Stores one update with its files; committed when this returns.

    Files that find no place are gone from the disk.
    """
    return accept_all(world, [update])[0]


def accept_all(world: World, updates: Sequence[Update]) -> list[Accepted]:
    """Stores several in one transaction, in their order; all of them or none.

    Files that find no place are gone from the disk.
    """
    try:
        results = world.db.write(
            lambda session: [_take(world, session, one) for one in updates],
            lambda made: _news_of(updates, made),
        )
    finally:
        for update in updates:
            for one in update.arrived:
                discard(one)
    for update, result in zip(updates, results, strict=True):
        log.info(
            "accepted",
            channel=update.channel,
            person=update.person,
            result=result.value,
            files=len(update.arrived),
        )
    return results


def _news_of(updates: Sequence[Update], made: Sequence[Accepted]) -> News:
    """Of what was stopped its sender and the duty officer are told; what is not whole yet is for
    more than those who handle updates."""
    more = Accepted.STOPPED in made or any(one.to_fetch or one.album for one in updates)
    return News.ALL if more else News.UPDATES


def _take(world: World, session: Session, update: Update) -> Accepted:
    now = world.now()
    known = arrivals.arrival(session, update.channel, update.external)
    if known.was_here:
        return Accepted.STOPPED if known.stopped else Accepted.DUPLICATE
    if update.album and files.album_stopped(session, update.channel, update.spot, update.album):
        _note_stop(session, update, now)
        return Accepted.STOPPED
    if stamp_of_secrecy(*update.texts, words=world.secrecy) is not None:
        granted = files.open_pass(session, update.person, now)
        if granted is None:
            _stop(world, session, update, now)
            return Accepted.STOPPED
        files.spend_pass(session, granted)
    inbox.accept(
        session,
        channel=update.channel,
        external=update.external,
        lane=update.chat,
        person=update.person,
        body=update.kept,
        at=now,
        state=inbox.FETCH if update.to_fetch else inbox.NEW,
        album=update.album,
        ready_at=now + GATHERING if update.album else None,
    )
    for one in update.arrived:
        keep_file(session, world.settings, one, owner=update.person, at=now)
    return Accepted.STORED


def _stop(world: World, session: Session, update: Update, now: datetime) -> None:
    _note_stop(session, update, now)
    if update.album:
        for part in inbox.drop_album(session, update.channel, update.chat, update.album):
            message = json.loads(part.body).get("external")
            if message == update.message:
                continue  # The part itself, before it was edited.
            _note_stop(session, replace(update, external=part.external, message=message), now)
    _tell_sender(world, session, update)
    _tell_duty(world, session, update)


def _tell_sender(world: World, session: Session, update: Update) -> None:
    """In private: what was stopped in a room is no matter of the room."""
    prompt = Prompt(template="answers#secret_stopped")
    if "group" not in update.body:
        lane = str(update.person) if "room" in update.body else update.chat
        chat = chats.chat_of(session, update.channel, lane, update.person)
        chats.enqueue(session, chat, prompt, at=world.now())
    elif update.person != accounts.STRANGER:
        queue_for(world, session, update.person, prompt)


def _note_stop(session: Session, update: Update, now: datetime) -> None:
    inbox.stopped(
        session,
        channel=update.channel,
        external=update.external,
        person=update.person,
        at=now,
        place=update.spot if update.message else None,
        message=update.message,
        album=update.album,
    )


def _tell_duty(world: World, session: Session, update: Update) -> None:
    """The duty officer learns that, never what; his is the way out of a false alarm."""
    if "group" in update.body:
        _tell_watch(world, session, update)
        return
    organisation = world.organisation(session)
    sender = organisation.people.get(update.person)
    duty = duty_officer_for(organisation, sender.unit if sender else None)
    if duty is None or duty == update.person:
        return
    facts = {"by": update.person}
    prompt = Prompt(
        template="answers#secret_noted", facts=facts, choices=_let_pass(session, update)
    )
    queue_for(world, session, duty, prompt)


def _let_pass(session: Session, update: Update) -> list[dict[str, Any]]:
    stop = files.newest_stop(session, update.channel, update.external)
    if stop is None or update.person == accounts.STRANGER:
        return []
    return [{"label": "let_pass", "do": {"let_pass": stop, "person": update.person}}]


def _tell_watch(world: World, session: Session, update: Update) -> None:
    """In a room it is its watch who learns that a message was stopped."""
    group = places.in_group(session, update.channel, str(update.body["group"]))
    here = [one for one in group if one.stream and one.external == update.spot]
    if not here:
        return
    incident = incidents.get(session, str(here[0].stream))
    facts = {"person": update.person, "name": update.body.get("name", ""), "title": here[0].title}
    prompt = Prompt(
        template="notices/room_watch#secret_stopped",
        facts={**facts, "at": world.now().isoformat()},
        choices=_let_pass(session, update),
        stream=incident.stream,
        drill=incident.drill,
    )
    for person in room_watch(incident, world.organisation(session)):
        if person != update.person:
            queue_for(world, session, person, prompt)


def queue_for(world: World, session: Session, person: int, prompt: Prompt) -> bool:
    """Queues a prompt on the channel that a person used last. False when its key was there."""
    chat = accounts.reach(session, person, world.channels)[0]
    return chats.enqueue(session, chat, prompt, at=world.now()) is not None
