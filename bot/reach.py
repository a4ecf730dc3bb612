"""Sent, shown, answered are three facts: what is not shown in time goes to the next channel.

Conduct §4. On the web a ring counts from an open page that has shown it, on a messenger from
the moment its server has taken it.
"""

import json
from datetime import timedelta

import structlog

from bot.stage import WEB, Stage
from bot.world import World
from procedure import actions as a
from procedure.decision import CLOCK
from procedure.errors import Refused
from storage import accounts, chats, outbox, prompts
from storage.away import DatabaseAway
from storage.chats import FAILED, QUEUED
from storage.database import Session
from storage.tables import ChatRow, MessageRow

log = structlog.get_logger()
#: What is older than this has been told by the ladder long since.
LOOK_BACK = timedelta(days=2)


def note_undelivered(world: World) -> int:
    """Looks at what asks something of people and was not seen in time; returns how many rings
    became a fact in the journal. What was not seen is told on the person's next channel."""
    try:
        return world.db.write(lambda session: _note(world, session))
    except DatabaseAway:
        raise
    except Exception:
        if world.strict:
            raise
    # Each alone, so that a broken incident holds up no other one.
    rows = world.db.read(lambda session: prompts.unshown(session, world.now() - LOOK_BACK))
    return sum(_alone(world, row.id or 0) for row in rows)


def _note(world: World, session: Session) -> int:
    stage = Stage(world, session, world.now(), WEB)
    return sum(_look(stage, row) for row in prompts.unshown(session, stage.now - LOOK_BACK))


def _alone(world: World, id: int) -> int:
    def work(session: Session) -> int:
        return _look(Stage(world, session, world.now(), WEB), session.get_one(MessageRow, id))

    try:
        return world.db.write(work)
    except DatabaseAway:
        raise
    except Exception:
        log.exception("look_failed", message=id)
        return 0


def _look(stage: Stage, row: MessageRow) -> int:
    chat = stage.session.get_one(ChatRow, row.chat)
    if chat.seen_at and row.sent_at and chat.seen_at >= row.sent_at:
        _looked_at(stage, row)  # He has tapped or written since: shown (conduct §4).
        return 0
    if stage.now - row.created_at < _patience(stage, row):
        return 0
    pass_on(stage, row)
    if row.key is None or not row.key.startswith("ring:") or _is_delivered(stage, row):
        return 0
    return sum(_undelivered(stage, row, stream, key) for stream, key in json.loads(row.duties))


def _is_delivered(stage: Stage, row: MessageRow) -> bool:
    """Whether it has reached him anywhere: shown on a page, or taken by a messenger's server."""
    for one in prompts.copies(stage.session, row):
        chat = stage.session.get_one(ChatRow, one.chat)
        if one.shown_at or (chat.channel != WEB and one.sent_at):
            return True
    return False


def _patience(stage: Stage, row: MessageRow) -> timedelta:
    """How long a thing may wait to be seen, by the severity of its incident."""
    stream = row.stream or json.loads(row.duties)[0][0]
    incident = stage.incident(stream)
    return stage.terms(incident).policy.manners.patience[incident.severity]


def _undelivered(stage: Stage, row: MessageRow, stream: str, key: str) -> int:
    last = stage.incident(stream).rung.get(key)
    if last is None or row.person in last.undelivered or row.person not in last.people:
        return 0
    if row.created_at < last.at:
        return 0
    try:
        stage.perform(stream, CLOCK, a.NoteUndelivered(duty=key, person=row.person))
    except Refused:
        return 0
    return 1


def pass_on(stage: Stage, row: MessageRow) -> MessageRow | None:
    """The same thing on the person's next channel that has not told it; None when there is none."""
    _looked_at(stage, row)
    told = [one.chat for one in prompts.copies(stage.session, row)]
    following = accounts.reach(stage.session, row.person, stage.world.channels, but=told)
    if not following:
        return None
    if row.state in (QUEUED, FAILED):
        row.superseded = True
        stage.session.add(row)
    return chats.copy_to(stage.session, row, following[0], at=stage.now)


def _looked_at(stage: Stage, row: MessageRow) -> None:
    row.passed_on = True
    stage.session.add(row)


def lose(stage: Stage, chat: ChatRow, why: str) -> int:
    """A chat cannot be reached any more: what waits there and matters goes another way.

    Returns how many went on; the rest were answers to what he himself wrote there.
    """
    accounts.unreachable(stage.session, chat, stage.now)
    went = 0
    for row in outbox.queued_in(stage.session, chat):
        row.state, row.why = FAILED, why[:160]
        stage.session.add(row)
        if row.template.startswith(("notices/", "rings/")):
            went += pass_on(stage, row) is not None
    return went
