"""How a message looks in a client."""

import html
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.botapi.entities import to_html
from tests.botapi.keyboards import Button, rows
from tests.botapi.methods import entities_of
from tests.botapi.state import Message, State


@dataclass(frozen=True)
class Shown:
    """A message as a client shows it; `html` is its text, or caption, with its entities.

    `files`: kind, file name and size of each; `keyboard`: the buttons, row by row; `service`:
    what a message of Telegram itself tells, as its field is called, and `about` whom or what;
    `sender`: the number of who wrote it, the bot's too; `name`: his name.
    """

    id: int
    from_bot: bool
    date: datetime
    text: str
    html: str
    caption: str
    keyboard: list[list[Button]]
    files: list[tuple[str, str, int]]
    silent: bool
    edits: int
    deleted: bool
    reply_to: int | None
    album: str | None
    reactions: list[str]
    sender: int
    name: str
    topic: int | None
    pinned: bool
    service: str
    about: str


def show(state: State, message: Message) -> Shown:
    """One message as shown."""
    content = message.content
    text, caption = content.get("text", ""), content.get("caption", "")
    marked = to_html(text or caption, entities_of(message))
    chat = state.groups.get(message.chat) or state.people[message.chat]
    told = list(content)[-1] if message.service else ""
    return Shown(
        id=message.id,
        from_bot=message.from_bot,
        date=message.date,
        text=text,
        html=marked or html.escape(str(content.get("contact", "")), quote=False),
        caption=caption,
        keyboard=rows(message.markup),
        files=list(files_of(content)),
        silent=message.silent,
        edits=message.edits,
        deleted=message.deleted,
        reply_to=message.reply_to,
        album=message.album,
        reactions=[emoji for all_of in message.reactions.values() for emoji in all_of],
        sender=state.own if message.from_bot else message.sender or message.chat,
        name=name_of(state.author(message)["from"]),
        topic=message.topic,
        pinned=message.id in chat.pinned and not message.deleted,
        service=told,
        about=about(content.get(told)),
    )


def name_of(user: dict[str, Any]) -> str:
    """The name of a User as clients here show it."""
    return " ".join(one for one in (user.get("last_name"), user["first_name"]) if one)


def about(told: Any) -> str:
    """Whom or what a service message tells of, in a few words."""
    if isinstance(told, list):
        return ", ".join(name_of(user) for user in told)
    if isinstance(told, dict):
        words = told.get("name") or told.get("text") or told.get("caption") or ""
        return name_of(told) if "first_name" in told else str(words)
    return told if isinstance(told, str) else ""


def files_of(content: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Kind, name and size of each file of a message."""
    found = []
    for kind in ("photo", "document", "voice", "audio", "video", "sticker"):
        one = content.get(kind)
        if one:
            one = one[-1] if isinstance(one, list) else one
            found.append((kind, one.get("file_name", ""), one.get("file_size", 0)))
    return found
