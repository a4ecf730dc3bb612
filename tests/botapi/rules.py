"""What the API demands of the parameters of a request. Pure: no state, no clock."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.botapi.entities import Entity, parse_html, spotted, units
from tests.botapi.files import Upload
from tests.botapi.names import names
from tests.botapi.refusal import Refused, bad

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_ANSWER = 4096, 1024, 200
MOST_ENTITIES = 100  # Telegram shows the rest without format
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]*")
TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{1,64}")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PORTS = {None, 80, 88, 443, 8443}
CHAT_ACTIONS = names(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note cancel"
)
REACTIONS = names(
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 "
    "🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 "
    "💊 🙊 😎 👾 🤷 😡"
)


@dataclass
class Query:
    """One request: every parameter as text, as the real server reads it, and its files."""

    method: str
    args: dict[str, str] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The parameter, empty when absent."""
        return self.args.get(name, "")

    def required(self, name: str) -> str:
        """The parameter; refused when absent."""
        if not self.text(name):
            raise bad(f'Parameter "{name}" is required')
        return self.text(name)

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number, brought into the range; the default when it is no number."""
        try:
            return min(max(int(self.text(name)), low), high)
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """A yes or no."""
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def json(self, name: str, what: str) -> Any:
        """A JSON value, None when absent; `what` names it in the refusal."""
        if not self.text(name):
            return None
        try:
            return json.loads(self.text(name))
        except ValueError:
            raise bad(f"can't parse {what} JSON object") from None

    @property
    def chat(self) -> int | None:
        """The chat that it names, when that is a number."""
        try:
            return int(self.text("chat_id"))
        except ValueError:
            return None


def known_token(token: str, own: str) -> None:
    """Refuses a token of a wrong form (404) and one that is not the bot's (401)."""
    if not TOKEN.fullmatch(token):
        raise Refused(404, "Not Found")
    if token != own:
        raise Refused(401, "Unauthorized")


class Formatted(NamedTuple):
    """A text and its entities."""

    text: str
    entities: list[Entity]


def formatted(query: Query, name: str, entities: str) -> Formatted:
    """A text parameter read by its parse_mode or with the entities given beside it."""
    text, mode = query.text(name), query.text("parse_mode").lower()
    if mode == "html":
        text, found = parse_html(text)
    elif mode:
        raise bad("unsupported parse_mode")
    else:
        found = given(query.json(entities, "entities") or [], text)
    return trimmed(text, found)


def given(entities: Any, text: str) -> list[Entity]:
    """Entities of a request; refused when they reach beyond the text."""
    if not isinstance(entities, list) or not all(isinstance(one, dict) for one in entities):
        raise bad("can't parse entities: expected an Array of MessageEntity")
    for one in entities:
        if not {"type", "offset", "length"} <= set(one):
            raise bad('can\'t parse MessageEntity: Can\'t find field "type", "offset" or "length"')
        if one["offset"] < 0 or one["length"] <= 0 or one["offset"] + one["length"] > units(text):
            raise bad("entity beyond the end of the text")
    return list(entities)


def trimmed(text: str, entities: list[Entity]) -> Formatted:
    """Without white space at both ends, as Telegram keeps it; entities moved along."""
    start = units(text) - units(text.lstrip())
    text = text.strip()
    length = units(text)
    kept = []
    for one in entities:
        left = max(one["offset"] - start, 0)
        right = min(one["offset"] - start + one["length"], length)
        if right > left:
            kept.append({**one, "offset": left, "length": right - left})
    taken = [(one["offset"], one["offset"] + one["length"]) for one in kept]
    free = [
        one
        for one in spotted(text)
        if not any(
            one["offset"] < high and low < one["offset"] + one["length"] for low, high in taken
        )
    ]
    every = sorted([*kept, *free], key=lambda one: (one["offset"], -one["length"]))
    return Formatted(text, every[:MOST_ENTITIES])


def message_text(query: Query) -> Formatted:
    """The text of a message: 1 to 4096 units after parsing."""
    if not query.text("text"):
        raise bad("message text is empty")
    found = formatted(query, "text", "entities")
    if not found.text:
        raise bad("text must be non-empty")
    if units(found.text) > LONGEST_TEXT:
        raise bad("message is too long")
    return found


def caption(query: Query) -> Formatted:
    """The caption of a file: at most 1024 units after parsing."""
    found = formatted(query, "caption", "caption_entities")
    if units(found.text) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    return found


class Reply(NamedTuple):
    """The message that a new one answers."""

    message: int
    optional: bool


def reply(query: Query) -> Reply | None:
    """`reply_parameters`, or the older `reply_to_message_id`."""
    value = query.json("reply_parameters", "reply parameters")
    if value is None and query.text("reply_to_message_id"):
        value = {
            "message_id": query.number("reply_to_message_id", 0, 0, 2**31),
            "allow_sending_without_reply": query.flag("allow_sending_without_reply"),
        }
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad("object expected as reply parameters")
    if not isinstance(value.get("message_id"), int):
        raise bad("can't parse reply parameters: Can't find field \"message_id\"")
    return Reply(value["message_id"], bool(value.get("allow_sending_without_reply")))


def preview(query: Query) -> dict[str, Any] | None:
    """`link_preview_options`."""
    value = query.json("link_preview_options", "link preview options")
    if value is not None and not isinstance(value, dict):
        raise bad("object expected as link preview options")
    return value or None


def commands(query: Query) -> list[dict[str, str]]:
    """The commands of setMyCommands."""
    value = query.json("commands", "commands") or []
    if not isinstance(value, list):
        raise bad("expected an Array of BotCommand")
    if len(value) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for one in value:
        if not isinstance(one, dict):
            raise bad("can't parse BotCommand: expected an Object")
        for name in ("command", "description"):
            if not isinstance(one.get(name), str):
                raise bad(f"can't parse BotCommand: Can't find field \"{name}\"")
        if not COMMAND.fullmatch(one["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"].strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return [{"command": one["command"], "description": one["description"]} for one in value]


def webhook_url(query: Query) -> str:
    """The address of a webhook: https on Telegram's ports, or plain http on loopback."""
    url = urlsplit(query.text("url"))
    if url.scheme == "http" and url.hostname in LOOPBACK:
        return query.text("url")
    if url.scheme != "https" or not url.hostname:
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if url.port not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    return query.text("url")


def secret(query: Query) -> str:
    """The secret token of a webhook."""
    value = query.text("secret_token")
    if len(value) > 256:
        raise bad("secret token is too long")
    if not SECRET.fullmatch(value):
        raise bad("secret token contains unallowed characters")
    return value


def reactions(query: Query) -> list[str]:
    """The emoji of setMessageReaction: none or one."""
    value = query.json("reaction", "reaction types") or []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise bad("expected an Array of ReactionType")
    if len(value) > 1:
        raise bad("REACTIONS_TOO_MANY")
    for one in value:
        if one.get("type") != "emoji" or one.get("emoji") not in REACTIONS:
            raise bad("REACTION_INVALID")
    return [str(one["emoji"]) for one in value]


def message_ids(query: Query) -> list[int]:
    """The 1 to 100 messages of deleteMessages."""
    value = query.json("message_ids", "message identifiers")
    if not value or not isinstance(value, list):
        raise bad("message identifiers are not specified")
    if len(value) > 100:
        raise bad("too many message identifiers specified")
    if not all(isinstance(one, int) for one in value):
        raise bad("can't parse message identifiers: expected an Array of Integer")
    return value


def allowed_updates(query: Query) -> list[Any] | None:
    """`allowed_updates`; None when absent or unreadable, which changes nothing."""
    try:
        value = json.loads(query.text("allowed_updates") or "null")
    except ValueError:
        return None
    return value if isinstance(value, list) else None
