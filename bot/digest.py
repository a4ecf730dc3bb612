"""The list that comes instead of the thirteenth message of an hour, and its single messages."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from bot.converse import Talk
from bot.deliver import Fate, goes_stale, is_ring, render, settle
from bot.enough import LIST, is_full, key_again
from bot.stage import Stage
from bot.world import World
from handlers.say import choice
from procedure.errors import Outdated
from storage import accounts, chats, outbox
from storage.chats import Prompt
from storage.database import Session
from storage.tables import MessageRow

#: The most of a sentence that stands in a line of the list, characters.
LONGEST = 140


def release(world: World) -> int:
    """Sends on what waits to be merged, where there is room again or patience has an end.

    The patience is that of the incident in the policy. Returns how many lists were made.
    """
    people = world.db.read(outbox.held_people)
    return sum(world.db.write(partial(_release, world, person)) for person in people)


def _release(world: World, person: int, session: Session) -> int:
    stage = Stage(world, session, world.now(), "clock")
    rows = [row for row in outbox.held(session, person) if _still_wanted(stage, row)]
    if not rows or not (_is_out_of_patience(stage, rows) or not is_full(stage, rows[-1])):
        return 0
    chat = accounts.reach(session, person, world.channels)[0]
    if len(rows) == 1:
        copy = chats.copy_to(session, rows[0], chat, at=stage.now)
        copy.key = key_again(rows[0], ring=is_ring(rows[0]))
        session.add(copy)
        made = copy.id
    else:
        queued = chats.enqueue(session, chat, _list(stage, rows), at=stage.now)
        assert queued is not None
        made = queued
    for row in rows:
        settle(stage, row.id or 0, Fate(chats.MERGED, f"merged into {made}"))
    return 1


def _still_wanted(stage: Stage, row: MessageRow) -> bool:
    """What was met or replaced while it waited is told no more."""
    if not goes_stale(stage, row) and not row.superseded:
        return True
    settle(stage, row.id or 0, Fate(chats.STALE, "met or replaced while it waited"))
    return False


def _is_out_of_patience(stage: Stage, rows: Sequence[MessageRow]) -> bool:
    for row in rows:
        incident = stage.incident(row.stream or "")
        patience = stage.terms(incident).policy.manners.patience[incident.severity]
        if stage.now >= row.created_at + patience:
            return True
    return False


def _list(stage: Stage, rows: Sequence[MessageRow]) -> Prompt:
    duties = dict.fromkeys(tuple(pair) for row in rows for pair in json.loads(row.duties))
    rings = any(is_ring(row) for row in rows)
    return Prompt(
        template=LIST,
        facts={"items": [_line(stage, row) for row in rows]},
        choices=[choice("see_each", {"merged": [row.id for row in rows]})],
        stream=rows[0].stream,
        key=key_again(rows[0], ring=rings) + ":list",
        duties=[(stream, key) for stream, key in duties],
        rings=any(row.rings for row in rows),
        drill=all(row.drill for row in rows),
    )


def _line(stage: Stage, row: MessageRow) -> dict[str, Any]:
    """One thing with its code and what it asks."""
    facts = json.loads(row.facts)
    code = stage.incident(row.stream or "").code
    if row.template.startswith("rings/owner#") and "items" not in facts:
        return {"code": code, "name": facts["name"], "due": facts["due"], "said": ""}
    said = " ".join(render(stage, row).split()).partition(". ")[0].rstrip(".") + "."
    if len(said) > LONGEST:
        said = said[:LONGEST].rpartition(" ")[0] + "…"
    return {"code": code, "name": "", "due": None, "said": said}


def show_each(talk: Talk, ids: Sequence[int]) -> None:
    """Every message of a list by itself, with its buttons. Raises Outdated when none waits."""
    session, shown = talk.stage.session, 0
    for id in ids:
        row = session.get_one(MessageRow, id)
        if row.person != talk.person or row.superseded or row.answered is not None:
            continue
        if goes_stale(talk.stage, row):
            continue
        again = chats.copy_to(session, row, talk.chat, at=talk.stage.now)
        again.key = key_again(row, ring=is_ring(row))
        row.superseded = True
        session.add_all([again, row])
        shown += 1
    if not shown:
        raise Outdated("answer_outdated")
