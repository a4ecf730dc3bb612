"""A receipt takes its own button away; the buttons of the work stay until the work is done."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.stage import Stage
from procedure import actions as a
from procedure.errors import Refused
from procedure.obligations import find
from procedure.ringing import receipt_of
from storage import chats, prompts
from storage.tables import MessageRow

Do = Mapping[str, Any]
ACT = a.AcknowledgeDuty.__name__


def give(stage: Stage, person: int, row: MessageRow, do: Do) -> None:
    """Any tap on a prompt that lays a duty on him is a receipt (conduct §4, §5)."""
    taken = do["data"].get("duty") if do.get("act") == ACT else None
    for stream, key in json.loads(row.duties):
        if not key.startswith("O1:") or key == taken:
            continue
        try:
            stage.perform(stream, person, a.AcknowledgeDuty(duty=key))
        except Refused:
            continue


def keep_the_rest(stage: Stage, row: MessageRow, n: int, do: Do) -> None:
    """After button `n` of a prompt was pressed: a receipt leaves what is still to be done.

    The prompt waits on while a duty of it stands and a button is left; all other taps, and a
    receipt that leaves nothing to do, have answered it.
    """
    if do.get("act") != ACT:
        return
    about = prompts.duty_of(do)
    duties = [about, *map(tuple, json.loads(row.duties))]
    if not any(_stands(stage, *one) for one in duties if one):
        return
    options = dict(chats.open_choices(row))
    going = {n, *(m for m, one in options.items() if _is_spent(stage, one["do"], do))}
    if options.keys() - going:
        row.answered = None
        stage.session.add(row)
        prompts.take(stage.session, row, going)


def replaced(stage: Stage, person: int, duties: Iterable[tuple[str, str]]) -> set[str]:
    """The cards that a ring about duties (stream, key) takes the place of.

    That of the receipt goes with them once the receipt is given: its work is asked for now.
    """
    found: set[str] = set()
    for stream, key in duties:
        found.add(f"{stream}/duty:{key}")
        receipt = receipt_of(key, person)
        if receipt and not _stands(stage, stream, receipt):
            found.add(f"{stream}/duty:{receipt}")
    return found


def _is_spent(stage: Stage, other: Do, do: Do) -> bool:
    """Whether a button asks for what has been given: its duty is met, or he is at work on it."""
    about = prompts.duty_of(other)
    if about is None:
        return False
    same = other.get("act") == ACT and about == prompts.duty_of(do) and do["data"].get("working")
    return bool(same) or not _stands(stage, *about)


def _stands(stage: Stage, stream: str, key: str) -> bool:
    incident = stage.incident(stream)
    return find(incident, stage.terms(incident), key) is not None
