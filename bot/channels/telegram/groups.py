"""What an update from a group of Telegram says: read from its raw JSON, pure.

Words of a group are kept only where they concern the room (bot/rooms_heard.py); who came and
went, and what became of the group, always.
"""

import re
from collections.abc import Mapping
from typing import Any

from bot.channels.telegram.plain import number

Raw = Mapping[str, Any]
_COMMAND = re.compile(r"/([a-zA-Z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_GROUPS = ("group", "supergroup")
_THERE = ("creator", "administrator", "member", "restricted")
#: What the bot needs in a room, by the name of the right at Telegram.
RIGHTS = (
    "can_delete_messages",
    "can_restrict_members",
    "can_pin_messages",
    "can_manage_topics",
    "can_invite_users",
)


def is_group(chat: Raw) -> bool:
    """Whether a chat is a group; channels are none."""
    return chat.get("type") in _GROUPS


def place_of(message: Raw) -> str:
    """Where in a group a message stands: the group, or a topic of a forum."""
    chat, topic = number(message["chat"]["id"]), message.get("message_thread_id")
    return f"{chat}:{number(topic)}" if topic and message.get("is_topic_message") else str(chat)


def said(message: Raw, *, bot: str, bot_id: int) -> dict[str, Any] | None:
    """A message of a group as a body; None for what concerns nobody here."""
    event = _event(message, bot_id)
    if event is not None:
        return {**_where(message), **event}
    words = message.get("text", message.get("caption"))
    if message.get("sender_chat") or message["from"].get("is_bot"):
        return None  # Whoever writes in the name of a group or a channel is no person.
    found = _COMMAND.fullmatch(words.strip()) if isinstance(words, str) else None
    if found:
        name, to, rest = found.groups()
        if to and to.lower() != bot.lower():
            return None
        made = {"type": "room_command", "command": name.lower(), "text": rest or ""}
        return {**_where(message), **_replied(message), **made}
    return {**_where(message), **_replied(message), "type": "room_said", "text": words or ""}


def edited(message: Raw) -> dict[str, Any]:
    """A message of a group that was changed: read only for what must not stand there."""
    return {**_where(message), "type": "room_edited"}


def _where(message: Raw) -> dict[str, Any]:
    chat = message["chat"]
    return {
        "name": person(message["from"])["name"],
        "room": place_of(message),
        "group": str(chat["id"]),
        "title": str(chat.get("title", "")),
        "forum": bool(chat.get("is_forum")),
        "external": str(number(message["message_id"])),
    }


def _replied(message: Raw) -> dict[str, Any]:
    """What it replies to; the first message of a topic is replied to by all of the topic."""
    reply = message.get("reply_to_message")
    if not reply or "forum_topic_created" in reply:
        return {}
    found = {"reply_external": str(reply["message_id"])}
    words = reply.get("text", reply.get("caption"))
    if isinstance(words, str) and not reply.get("from", {}).get("is_bot"):
        found |= {"reply_text": words, "reply_account": str(reply["from"]["id"])}
    return found


def _event(message: Raw, bot_id: int) -> dict[str, Any] | None:
    """What became of the group, as a service message tells it."""
    if "migrate_to_chat_id" in message:
        return {"type": "room_moved", "to": str(message["migrate_to_chat_id"])}
    if "migrate_from_chat_id" in message:
        moved = {"type": "room_moved", "to": str(message["chat"]["id"])}
        return {**moved, "group": str(message["migrate_from_chat_id"])}
    if "new_chat_members" in message:
        people = [person(one) for one in message["new_chat_members"] if not one.get("is_bot")]
        return {"type": "room_people", "came": people, "left": []}
    if "left_chat_member" in message:
        gone = message["left_chat_member"]
        left = [] if gone.get("is_bot") else [person(gone)]
        return {"type": "room_people", "came": [], "left": left}
    if "new_chat_title" in message:
        return {"type": "room_named", "title": str(message["new_chat_title"])}
    if "forum_topic_closed" in message or "forum_topic_reopened" in message:
        by_bot = message["from"]["id"] == bot_id
        kind = {"type": "room_shut", "shut": "forum_topic_closed" in message}
        return {"type": "ignored"} if by_bot else kind
    service = ("pinned_message", "forum_topic_created", "forum_topic_edited", "group_chat_created")
    other = (*service, "supergroup_chat_created", "delete_chat_photo", "new_chat_photo")
    return {"type": "ignored"} if any(one in message for one in other) else None


def person(user: Raw) -> dict[str, str]:
    """An account and the name that it shows."""
    names = (user.get("first_name", ""), user.get("last_name", ""))
    return {"account": str(user["id"]), "name": " ".join(one for one in names if one)}


def changed(change: Raw) -> dict[str, Any]:
    """`chat_member`: somebody came, went, or was given another status."""
    user, status = change["new_chat_member"]["user"], change["new_chat_member"]
    there = status["status"] in _THERE and status.get("is_member", True)
    who = [] if user.get("is_bot") else [person(user)]
    return {
        **_group(change["chat"]),
        "type": "room_people",
        "came": who if there else [],
        "left": [] if there else who,
    }


def own(change: Raw) -> dict[str, Any]:
    """`my_chat_member`: the bot was let in, given or denied rights, or removed."""
    status = change["new_chat_member"]
    there = status["status"] in _THERE and status.get("is_member", True)
    return {
        **_group(change["chat"]),
        "type": "room_bot",
        "there": there,
        "rights": rights(status),
    }


def rights(status: Raw) -> list[str]:
    """What the bot may do in a group, of what a room needs."""
    if status["status"] == "creator":
        return sorted(RIGHTS)
    return sorted(one for one in RIGHTS if status.get(one))


def asks_in(request: Raw) -> dict[str, Any]:
    """`chat_join_request`: somebody asks to be let in."""
    return {**_group(request["chat"]), "type": "room_asked", **person(request["from"])}


def _group(chat: Raw) -> dict[str, Any]:
    return {
        "room": str(chat["id"]),
        "group": str(chat["id"]),
        "title": str(chat.get("title", "")),
        "forum": bool(chat.get("is_forum")),
    }
