"""Facts for the sentences of rooms and of those who watch over them, and what they fit."""

from collections.abc import Callable
from typing import Any

from procedure.incident import Incident

_AT = "2026-10-12T10:00:00+00:00"
#: What lines of rooms and notices about them carry besides the common facts.
FACTS: dict[str, Any] = {
    "room": 1,
    "record": 1,
    "author": 1,
    "actor": 2,
    "said_at": _AT,
    "given_at": _AT,
    "spoken_at": _AT,
    "owner": 1,
    "written": True,
    "outlet": "Báo Ví Dụ",
    "severity": "grave",
    "casualties": "injured",
    "verdict": "false",
    "lacking": ["can_pin_messages", "can_delete_messages"],
    "why": "removed",
    "runs": 30,
}
NEEDS: tuple[tuple[str, Callable[[Incident], object]], ...] = (
    ("notices/guest_came", lambda v: v.rooms),
    ("notices/room_l", lambda v: v.rooms),
    ("notices/room_watch#stays", lambda v: v.rooms),
    ("rooms#recorded", lambda v: v.records),
    ("rooms#task_done", lambda v: v.tasks),
    ("rooms#enquiry", lambda v: v.enquiries),
    ("rooms#conclusion", lambda v: v.conclusion),
    ("rooms#meeting_", lambda v: v.meeting),
    ("rooms#meeting", lambda v: v.meeting),
    ("rooms#spoken", lambda v: v.spoken),
    ("rooms#submitted", lambda v: v.submitted_at),
)


def of_path(path: str, words: str) -> dict[str, Any]:
    """What means something else in the templates of one path."""
    if path == "rooms":
        return {"items": words, "outlet": words[:80], "previous": 25, "name": ""}
    if path in ("notices/guest_came", "notices/room_watch"):
        return {"name": "Trần Lạ"}
    return {}
