"""An update that could not be handled: tried again, then set aside, and its sender told."""

from contextlib import suppress

import structlog

from bot.stage import Stage
from bot.world import World
from handlers.say import Say
from storage import chats, inbox, places
from storage.database import Session
from storage.tables import InboxRow

log = structlog.get_logger()


def tried(world: World, id: int) -> None:
    """Counts a try; sets the update aside after the last, and says so in the same breath."""

    def work(session: Session) -> bool:
        aside = inbox.failed(session, id, world.now())
        if aside:
            with suppress(Exception), session.begin_nested():
                _apologise(world, session, session.get_one(InboxRow, id))
        return aside

    log.exception("turn_failed", inbox=id)
    if world.db.write(work):
        log.error("update_set_aside", inbox=id)


def _apologise(world: World, session: Session, row: InboxRow) -> None:
    stage = Stage(world, session, world.now(), row.channel)
    lane = str(row.person) if places.stream_of(row.lane) else row.lane
    chat = chats.chat_of(session, row.channel, lane, row.person)
    stage.say(chat, Say(template="answers#set_aside"))
    facts = {"number": row.id, "channel": row.channel}
    for person in stage.organisation.admins:
        stage.prompt(person, chats.Prompt(template="answers#for_operators", facts=facts))
