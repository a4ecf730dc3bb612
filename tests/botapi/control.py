"""Control over HTTP: every verb of the users, faults and views, with JSON in and out."""

import base64
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

from tests.botapi.desk import Desk
from tests.botapi.names import names
from tests.botapi.organisers import Organisers
from tests.botapi.people import NotPossible

ACTS = names(
    "user start send_text send_photo send_album send_document send_voice send_audio send_video "
    "send_sticker send_contact send_location send_venue send_poll send_dice forward big_file "
    "edit_text edit_caption tap tap_stale answered react delete recall block unblock deactivate "
    "raw chat last keyboard commands "
    "join ask_to_join leave chats groups members pinned create_group create_supergroup add_bot "
    "remove_bot promote_bot demote_bot add remove promote demote hide invite_link approve rename "
    "upgrade silence make_forum delete_group create_topic rename_topic close_topic reopen_topic "
    "delete_topic pin unpin"
)
DESK = names("fault clear_faults repeat shuffle calls pending confirmed_offset actions users")


def control(clients: Organisers, verb: str, args: dict[str, Any]) -> tuple[int, Any]:
    """The status and the JSON answer of one verb.

    Bytes are given as base64 under the name of their parameter. A thing that no client lets a
    user do is answered 409, a wrong parameter 400, an unknown verb 404.
    """
    if verb in ACTS:
        act = getattr(clients, verb)
    elif verb in DESK:
        act = getattr(Desk(clients.state), verb)
    else:
        return 404, {"error": f"unknown verb {verb!r}"}
    try:
        if isinstance(args.get("data"), str) and not verb.startswith("tap"):
            args["data"] = base64.b64decode(args["data"])
        if "items" in args:
            args["items"] = [(kind, base64.b64decode(d), c) for kind, d, c in args["items"]]
        return 200, {"result": plain(act(**args) if callable(act) else act)}
    except NotPossible as error:
        return 409, {"error": str(error)}
    except (TypeError, ValueError, KeyError) as error:
        return 400, {"error": f"{type(error).__name__}: {error}"}


def plain(value: Any) -> Any:
    """A value as JSON takes it."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value
