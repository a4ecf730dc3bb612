"""When somebody has had enough messages for an hour: what more there is waits to be merged.

The same on every channel. The first prompt of a duty, an answer, and a ring about a grave
incident always go alone and at once.
"""

import json
from datetime import timedelta

from bot.stage import Stage
from procedure.words import Severity
from storage import outbox
from storage.lines import AnyLine
from storage.tables import MessageRow

WINDOW = timedelta(hours=1)
#: What the bot says to a person of its own accord.
TOLD = ("notices/", "rings/")
#: The list that several messages become.
LIST = "rings/merged#several"
_AGAIN = ("merged:", "ring:merged:")


def must_wait(stage: Stage, row: AnyLine) -> bool:
    """Whether a prompt that is about to be sent waits instead, to be one line of a list."""
    if not row.person or not row.template.startswith(TOLD) or row.template == LIST:
        return False
    if row.origin is not None or row.stream is None:
        return False  # Told before, where he did not see it; or he asks for it himself.
    return is_full(stage, row) and not _goes_alone(stage, row)


def is_full(stage: Stage, row: AnyLine) -> bool:
    """Whether the person of a prompt has had as many as the policy allows within an hour."""
    assert row.stream is not None
    most = stage.terms(stage.incident(row.stream)).policy.manners.messages_per_hour
    keys = outbox.told_since(stage.session, row.person, stage.now - WINDOW, TOLD)
    return sum(not _was_asked_for(key) for key in keys) >= most


def key_again(row: MessageRow, *, ring: bool) -> str:
    """The key of what comes in place of a prompt that was merged; it is never merged again."""
    return f"{_AGAIN[ring]}{row.id}"


def _was_asked_for(key: str | None) -> bool:
    return bool(key and key.startswith(_AGAIN) and not key.endswith(":list"))


def _goes_alone(stage: Stage, row: AnyLine) -> bool:
    assert row.stream is not None
    if row.template.startswith("rings/"):
        severities = {stage.incident(of).severity for of, _ in json.loads(row.duties)}
        severities.add(stage.incident(row.stream).severity)
        if Severity.GRAVE in severities:
            return True
    return any(
        not outbox.was_told(stage.session, row, stream, key)
        for stream, key in json.loads(row.duties)
    )
