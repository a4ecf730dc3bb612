"""Sends what the outbox holds: re-checks, renders, hands to the channel, counts the delivery."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot import rooms, trace
from bot.enough import must_wait
from bot.render import Scene
from bot.stage import INSTEAD, WEB, Stage
from bot.world import World
from procedure.obligations import find
from storage import chats, outbox, prompts
from storage.away import is_away
from storage.chats import Prompt
from storage.database import Session
from storage.lines import AnyLine
from storage.tables import ChatRow, MessageRow

log = structlog.get_logger()
#: The most that is kept of a reason, characters.
WHY = 160
#: A line's number, how long it took in milliseconds, and what became of it.
Delivered = tuple[int, float, str]


def deliver_all(world: World, most: int = 1000) -> int:
    """Delivers what waits for the web, in the order of each chat. Returns how many went out.

    A ring whose duty has been met in the meantime goes stale and is not shown.
    """
    done = 0
    # Asked by a read first: a batch of nothing would be a commit, and wake us again.
    while done < most and world.db.read(lambda session: outbox.is_waiting(session, WEB)):
        batch = _batch(world)
        for message, ms, outcome in batch:
            trace.sent(message, WEB, ms, outcome)
        done += len(batch)
        if not batch:
            break  # Another replica has it in hand.
    return done


def _batch(world: World) -> list[Delivered]:
    """One broken line holds up no other: where a batch fails, each line goes alone."""
    try:
        return world.db.write(lambda session: _deliver_batch(world, session))
    except Exception as error:
        if world.strict or is_away(error):
            raise
    rows = world.db.read(lambda session: [row.id for row in outbox.waiting(session, WEB)])
    return [one for id in rows if id for one in _alone(world, id)]


def _alone(world: World, id: int) -> list[Delivered]:
    try:
        return world.db.write(lambda session: _deliver_batch(world, session, id))
    except Exception as error:
        if is_away(error):
            raise
        log.exception("delivery_failed", message=id)
        why = type(error).__name__
    world.db.write(lambda session: _set_aside(world, session, id, why))
    return [(id, 0.0, chats.FAILED)]


def _set_aside(world: World, session: Session, id: int, why: str) -> None:
    stage = Stage(world, session, world.now(), WEB)
    settle(stage, id, Fate(chats.FAILED, why))
    facts = {"channel": WEB, "whom": session.get_one(MessageRow, id).person, "number": id}
    tell_operators(stage, "answers#send_refused", facts, str(id))


def _deliver_batch(world: World, session: Session, only: int | None = None) -> list[Delivered]:
    """Delivers what waits, or one line of it."""
    stage = Stage(world, session, world.now(), WEB)
    made = []
    for row in outbox.waiting(session, WEB, mine=True):
        if only not in (None, row.id):
            continue
        began = trace.now()
        found = fate(stage, row)
        if found is not None:
            settle(stage, row.id or 0, found)
        else:
            row.text = render(stage, row)
            row.state, row.sent_at = chats.SENT, stage.now
        session.add(row)
        made.append((row.id or 0, trace.since(began), row.state))
    return made


@dataclass(frozen=True)
class Fate:
    """What becomes of a prompt that is not sent as it stands, and why."""

    state: str
    why: str


def fate(stage: Stage, row: AnyLine) -> Fate | None:
    """Looked at right before a prompt is sent, on every channel; None when it goes out."""
    if goes_stale(stage, row):
        return Fate(chats.STALE, "the duty was met")
    if rooms.is_hushed(stage, row):
        return Fate(chats.STALE, "guarded, and that stands there already")
    if must_wait(stage, row):
        return Fate(chats.HELD, "enough for this hour")
    return None


def settle(stage: Stage, id: int, found: Fate) -> None:
    """Marks a prompt that is not sent; the reason is kept."""
    row = stage.session.get_one(MessageRow, id)
    row.state, row.why = found.state, found.why[:WHY]
    row.superseded = row.superseded or found.state == chats.STALE
    stage.session.add(row)
    stage.session.flush()


def tell_operators(stage: Stage, template: str, facts: Mapping[str, Any], key: str) -> None:
    """A word to every administrator on the web, once for each `key`."""
    for person in stage.organisation.admins:
        stage.prompt_on_web(
            person, Prompt(template=template, facts=facts, key=f"{template}:{key}:{person}")
        )


def is_ring(row: AnyLine) -> bool:
    """Whether a prompt is a ring of the clock."""
    return bool(row.key and row.key.startswith("ring:"))


def goes_stale(stage: Stage, row: AnyLine) -> bool:
    """A ring whose duty has been met in the meantime is not sent any more."""
    return is_ring(row) and not _still_stands(stage, row)


def _still_stands(stage: Stage, row: AnyLine) -> bool:
    for stream, key in json.loads(row.duties):
        incident = stage.incident(stream)
        if find(incident, stage.terms(incident), key) is not None:
            return True
    return False


def render(stage: Stage, row: AnyLine) -> str:
    """The exact text of a prompt, as it is kept when it is sent.

    A prompt that does not render is an error of ours: it is logged, and the person gets one
    calm sentence instead of nothing.
    """
    scene = stage.scene(row.person, row.stream)
    try:
        text = _words(stage, row, scene)
    except Exception:
        if stage.world.strict:
            raise
        log.exception("render_failed", template=row.template, message=row.id)
        return stage.world.renderer.text("answers#set_aside", {}, scene)
    return stage.world.renderer.text("words#drill", {"text": text}, scene) if row.drill else text


def _words(stage: Stage, row: AnyLine, scene: Scene) -> str:
    """What was wrong with the last answer stands before the question asked again."""
    renderer, facts = stage.world.renderer, json.loads(row.facts)
    template, parts = row.template, []
    if template.startswith("rooms#"):
        template = rooms.template_of(stage, row)
    if facts.get(INSTEAD):
        parts.append(renderer.text("arrangements#instead", facts, scene))
    if facts.get("sent_round"):
        parts.append(renderer.text("rooms#sent_round", facts, scene))
    if facts.get("resumed"):
        parts.append(renderer.text("answers#resumed", facts, scene))
    problem = facts.get("problem")
    if problem:
        parts.append(renderer.text(f"answers#bad_{problem['key']}", facts, scene))
    parts.append(renderer.text(template, facts, scene))
    return "\n".join(parts)


def mark_shown(world: World, chat: ChatRow, seq: int) -> int:
    """A page has shown everything up to `seq`: shown is a fact of its own (conduct §4)."""

    def work(session: Session) -> int:
        row = session.get_one(ChatRow, chat.id)
        return prompts.shown(session, row, seq, world.now())

    return world.db.write(work)
