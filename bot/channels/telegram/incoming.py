"""What an update of Telegram says: read from its raw JSON, pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.channels.telegram import groups
from bot.channels.telegram.plain import MALFORMED, cleaned, degrees, number, words
from storage.access import digest

Raw = Mapping[str, Any]
#: The message of a person says one of these where it is not words.
_FILES = ("document", "video", "audio", "voice", "video_note")
_UNUSABLE = ("sticker", "contact", "poll", "dice", "story", "game", "paid_media", "checklist")
_NAMES = {
    "photo": "photo-{id}.jpg",
    "voice": "voice-{id}.ogg",
    "video": "video-{id}.mp4",
    "video_note": "video-{id}.mp4",
    "audio": "audio-{id}",
    "document": "file-{id}",
}
_TAP = re.compile(r"([0-9]{1,12}):([0-9]{1,3})")
_START = re.compile(r"/start(?:@\w+)?(?:\s+(\S+))?\s*")
#: The way from a button of a room into private, as the link of the bot carries it.
_FROM_ROOM = re.compile(r"room-([0-9]{1,12})-([0-9]{1,3})")


#: Kinds of updates that say when they were sent.
_DATED = ("message", "edited_message", "message_reaction")


class Unreadable(Exception):
    """An update that is not built as Telegram builds them."""


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One update: whose account, in which chat, and what it is.

    `body` is the update as the turns read it; `callback` a tap that waits to be confirmed.
    """

    external: str
    lane: str
    account: str
    body: dict[str, Any]
    texts: tuple[str, ...] = ()
    message: str | None = None
    album: str | None = None
    callback: str | None = None
    fetch: tuple[dict[str, Any], ...] = field(default=())
    #: What is to be asked of Telegram before its turn: who somebody is in a group.
    asks: dict[str, Any] | None = None
    #: When it was sent or changed, seconds, by Telegram's clock; a tap does not say.
    sent: float | None = None

    @property
    def in_group(self) -> bool:
        """Whether it comes from a group."""
        return "group" in self.body


@dataclass(frozen=True)
class Me:
    """The bot's own account: its user name and number."""

    name: str = ""
    id: int = 0


def read(update: Raw, me: Me = Me()) -> Incoming | None:
    """What an update says; None for kinds and places that nothing here answers.

    Raises Unreadable.
    """
    try:
        plain = cleaned(update)
        found = _read(plain, me)
        return replace(found, sent=_sent(plain)) if found else None
    except MALFORMED as error:
        raise Unreadable(type(error).__name__) from error


def update_id(update: Raw) -> int:
    """The number of an update. Raises Unreadable."""
    try:
        return number(update["update_id"])
    except MALFORMED as error:
        raise Unreadable("update_id") from error


def _sent(update: Raw) -> float | None:
    body = next((value for key, value in update.items() if key in _DATED), None)
    if body is None:
        return None
    at = body.get("edit_date", body.get("date"))
    return float(at) if isinstance(at, int) and at > 0 else None


def _read(update: Raw, me: Me) -> Incoming | None:
    if "message" in update:
        message = update["message"]
        in_group = groups.is_group(message["chat"])
        return _in_group(update, message, me) if in_group else _message(update, message)
    if "edited_message" in update:
        return _edited(update, update["edited_message"])
    if "callback_query" in update:
        return _tap(update, update["callback_query"])
    if "message_reaction" in update:
        return _reaction(update, update["message_reaction"])
    if "my_chat_member" in update:
        return _member(update, update["my_chat_member"])
    if "chat_member" in update:
        change = update["chat_member"]
        return _made(update, change["chat"], change["from"]["id"], groups.changed(change))
    if "chat_join_request" in update:
        asked = update["chat_join_request"]
        return _made(update, asked["chat"], asked["from"]["id"], groups.asks_in(asked))
    return None


def _in_group(update: Raw, message: Raw, me: Me) -> Incoming | None:
    body = groups.said(message, bot=me.name, bot_id=me.id)
    if body is None or body["type"] == "ignored":
        return None
    files = tuple(_files(message)) if body["type"] in ("room_said", "room_command") else ()
    told = words(body.get("text", ""))
    made = _made(
        update,
        message["chat"],
        message["from"]["id"],
        body,
        texts=(told, *(one["name"] for one in files)),
        message=body["external"],
        album=_album(message),
        fetch=files,
    )
    if body["type"] == "room_command" and body["command"] == "phong":
        return replace(made, asks={"chat": message["chat"]["id"], "user": message["from"]["id"]})
    return made


def _made(update: Raw, chat: Raw, account: Any, body: dict[str, Any], **more: Any) -> Incoming:
    return Incoming(
        external=str(update_id(update)),
        lane=str(number(chat["id"])),
        account=str(number(account)),
        body=body,
        **more,
    )


def _message(update: Raw, message: Raw) -> Incoming | None:
    chat, sender = message["chat"], message["from"]
    if chat["type"] != "private" or sender.get("is_bot"):
        return None
    own = str(number(message["message_id"]))
    text = message.get("text")
    start = _START.fullmatch(text) if isinstance(text, str) else None
    if start:
        code = start.group(1)
        known: dict[str, Any] = {"type": "start", "digest": digest(code) if code else None}
        button = _FROM_ROOM.fullmatch(code or "")
        if button:
            known |= {"prompt": int(button.group(1)), "n": int(button.group(2))}
        return _made(update, chat, sender["id"], known)
    body: dict[str, Any] = {"external": own, "raw": dict(update)}
    if message.get("reply_to_message"):
        body["reply_external"] = str(message["reply_to_message"]["message_id"])
    if "location" in message or "venue" in message:
        return _made(update, chat, sender["id"], {**body, **_place(message)}, message=own)
    files = tuple(_files(message))
    said = text if isinstance(text, str) else message.get("caption")
    if said is None and not files:
        kind = next((one for one in _UNUSABLE if one in message), None)
        if kind is None:
            return None
        body = {"type": "unusable", "kind": kind if kind in WORDED else "other"}
        return _made(update, chat, sender["id"], body)
    told = words(said or "")
    body |= {"type": "message", "text": told}
    return _made(
        update,
        chat,
        sender["id"],
        body,
        texts=(told, *(one["name"] for one in files)),
        message=own,
        album=_album(message),
        fetch=files,
    )


#: Those that have words of their own; all others are "loại tin này".
WORDED = frozenset({"sticker", "contact", "poll", "dice"})


def _album(message: Raw) -> str | None:
    found = message.get("media_group_id")
    return words(found) if found is not None else None


def _place(message: Raw) -> dict[str, Any]:
    venue = message.get("venue")
    spot = venue["location"] if venue else message["location"]
    parts = (venue["title"], venue.get("address") or "") if venue else ()
    return {
        "type": "place",
        "lat": degrees(spot["latitude"]),
        "lon": degrees(spot["longitude"]),
        "name": ", ".join(one for one in parts if words(one)),
    }


def _files(message: Raw) -> list[dict[str, Any]]:
    if message.get("photo"):
        return [_file("photo", message, message["photo"][-1])]
    return [_file(kind, message, message[kind]) for kind in _FILES if kind in message][:1]


def _file(kind: str, message: Raw, found: Raw) -> dict[str, Any]:
    name = found.get("file_name") or _NAMES[kind].format(id=message["message_id"])
    return {
        "id": words(found["file_id"]),
        "kind": kind,
        "name": str(name),
        "size": max(0, int(found.get("file_size") or 0)),
    }


def _edited(update: Raw, message: Raw) -> Incoming | None:
    told = message.get("text", message.get("caption"))
    chat, sender = message["chat"], message["from"]
    if not isinstance(told, str) or sender.get("is_bot"):
        return None
    if groups.is_group(chat):
        body = groups.edited(message)
        more = {"texts": (told,), "message": body["external"], "album": _album(message)}
        return _made(update, chat, sender["id"], body, **more)
    if chat["type"] != "private":
        return None
    own = str(number(message["message_id"]))
    body = {"type": "edited", "external": own, "text": told, "raw": dict(update)}
    return _made(update, chat, sender["id"], body, texts=(told,), message=own)


def _tap(update: Raw, query: Raw) -> Incoming | None:
    chat = query["message"]["chat"] if query.get("message") else None
    tapped = _TAP.fullmatch(query.get("data") or "")
    if chat is None or tapped is None:
        return None
    body: dict[str, Any] = {"type": "answer", "prompt": int(tapped.group(1))}
    if groups.is_group(chat):
        place = groups.place_of(query["message"])
        body |= {"type": "room_tap", "room": place, "group": str(chat["id"])}
    elif chat["type"] != "private":
        return None
    body |= {"n": int(tapped.group(2)), "external": str(number(query["message"]["message_id"]))}
    return _made(update, chat, query["from"]["id"], body, callback=words(query["id"]))


def _reaction(update: Raw, reaction: Raw) -> Incoming | None:
    chat, user = reaction["chat"], reaction.get("user")
    if chat["type"] != "private" or not user:
        return None
    old = {one.get("emoji") for one in reaction["old_reaction"]}
    fresh = [one["emoji"] for one in reaction["new_reaction"] if one.get("emoji") not in old]
    if not fresh:
        return None
    told = str(number(reaction["message_id"]))
    body = {"type": "reaction", "external": told, "sign": words(fresh[0])}
    return _made(update, chat, user["id"], body)


def _member(update: Raw, change: Raw) -> Incoming | None:
    if groups.is_group(change["chat"]):
        return _made(update, change["chat"], change["from"]["id"], groups.own(change))
    if change["chat"]["type"] != "private":
        return None
    gone = change["new_chat_member"]["status"] in ("kicked", "left")
    body = {"type": "gone" if gone else "back"}
    return _made(update, change["chat"], change["from"]["id"], body)


def number_of(update: Any) -> int | None:
    """The number of an update; None of what has none."""
    try:
        return update_id(update)
    except Unreadable:
        return None


def kind_of(update: Mapping[str, Any]) -> str:
    """What an update is about, as Telegram names it."""
    return next((name for name in update if name != "update_id"), "empty")
