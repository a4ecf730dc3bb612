"""A prompt as the messages that Telegram will show: its files, its words, its buttons."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.buttons import Button, Shown
from bot.channels.telegram.text import escaped, pieces

#: Labels this short stand side by side; longer ones get a row each, for big fingers.
SIDE_BY_SIDE = 14
MOST_IN_ROW = 3
MOST_COPIED = 256
MOST_IN_ALBUM = 10
_PHOTO_BYTES = 10 * 1024 * 1024
_KINDS = {
    "image/jpeg": "photo",
    "image/png": "photo",
    "image/webp": "photo",
    "audio/ogg": "voice",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
    "video/mp4": "video",
}

File = Mapping[str, Any]
Key = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One call: either files of one kind, or words with what stands under them."""

    words: str = ""
    files: tuple[File, ...] = ()
    kind: str = ""
    #: As Telegram takes it, in JSON.
    keyboard: str | None = None


def parts(text: str, shown: Shown, files: Sequence[File], prompt: int, bot: str = "") -> list[Part]:
    """The calls that show a prompt, in order; the buttons stand under its last words."""
    made = list(_album(files))
    copied = shown.copy if shown.copy and len(shown.copy) > MOST_COPIED else None
    # What is too long for a copy button stands as a message of its own, to be held and copied.
    made += [Part(words=escaped(one)) for one in pieces(copied or "")]
    said = pieces(text)
    made += [Part(words=escaped(one)) for one in said[:-1]]
    if said:
        made.append(Part(words=escaped(said[-1]), keyboard=keyboard(shown, prompt, bot)))
    return made


def keyboard(shown: Shown, prompt: int, bot: str = "") -> str | None:
    """The buttons in rows, in JSON; the quiet ones (skip, back, cancel) together at the end.

    `bot` is the bot's user name, for the way from a room into the private chat.
    """
    loud = [one for one in shown.buttons if not one.quiet]
    rows = _rows([_button(one, prompt, bot) for one in loud])
    if shown.copy and len(shown.copy) <= MOST_COPIED:
        label = shown.copy_label or shown.copy[:20]
        rows.append([{"text": label, "copy_text": {"text": shown.copy}}])
    rows += _rows([_button(one, prompt, bot) for one in shown.buttons if one.quiet])
    return json.dumps({"inline_keyboard": rows}, ensure_ascii=False) if rows else None


def _button(one: Button, prompt: int, bot: str) -> Key:
    if one.private:
        return {"text": one.label, "url": f"https://t.me/{bot}"}
    return {"text": one.label, "callback_data": f"{prompt}:{one.n}"}


def _rows(buttons: Sequence[Key]) -> list[list[Key]]:
    short = all(len(one["text"]) <= SIDE_BY_SIDE for one in buttons)
    together = len(buttons) <= MOST_IN_ROW and short
    if together:
        return [list(buttons)] if buttons else []
    return [[one] for one in buttons]


def _album(files: Sequence[File]) -> list[Part]:
    made: list[Part] = []
    photos = tuple(one for one in files if kind_of(one) == "photo")
    for at in range(0, len(photos), MOST_IN_ALBUM):
        made.append(Part(files=photos[at : at + MOST_IN_ALBUM], kind="photo"))
    made += [Part(files=(one,), kind=kind_of(one)) for one in files if kind_of(one) != "photo"]
    return made


def kind_of(file: File) -> str:
    """As what Telegram shows a kept file: photo, voice, audio, video or document."""
    kind = _KINDS.get(file["media_type"], "document")
    return "document" if kind == "photo" and file["size"] > _PHOTO_BYTES else kind
