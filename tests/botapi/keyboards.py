"""Inline keyboards: what Telegram takes, and how a client shows one."""

import json
from typing import Any, NamedTuple

from tests.botapi.refusal import bad

Markup = dict[str, Any]

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
LOOKS = ("text", "style", "icon_custom_emoji_id")
STYLES = ("danger", "success", "primary")
MOST_BUTTONS = 100
LONGEST_DATA = 64  # bytes
LONGEST_COPY = 256  # characters


class Button(NamedTuple):
    """One button as a client shows it."""

    label: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None


def read_markup(source: str) -> Markup | None:
    """The reply markup of a request; None when there is none or it is an empty keyboard."""
    if not source:
        return None
    try:
        value = json.loads(source)
    except ValueError:
        raise bad("can't parse reply keyboard markup JSON object") from None
    if not isinstance(value, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in value:
        return inline(value["inline_keyboard"])
    if {"keyboard", "remove_keyboard", "force_reply"} & set(value):
        return value
    return None


def inline(rows: Any) -> Markup | None:
    """An inline keyboard, each button checked; raises the refusal of the first bad one."""
    if not isinstance(rows, list):
        raise bad('Field "inline_keyboard" must be of type Array')
    kept: list[list[dict[str, Any]]] = []
    for row in rows:
        if not isinstance(row, list):
            raise bad(
                'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
            )
        if row:
            kept.append([button(one) for one in row])
    if sum(map(len, kept)) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def unreadable(reason: str) -> Exception:
    """The refusal of one button."""
    return bad(f"can't parse inline keyboard button: {reason}")


def button(one: Any) -> dict[str, Any]:
    """One button, checked."""
    if not isinstance(one, dict):
        raise unreadable("InlineKeyboardButton is expected to be an Object")
    one = {key: value for key, value in one.items() if value is not None}
    if "text" not in one:
        raise unreadable('Can\'t find field "text"')
    if not isinstance(one["text"], str):
        raise unreadable('Field "text" must be of type String')
    if not one["text"].strip():
        raise bad("inline keyboard button text must be non-empty")
    unknown = set(one) - set(ACTIONS) - set(LOOKS)
    if unknown:
        raise unreadable(f'Unknown field "{min(unknown)}"')
    if one.get("style", STYLES[0]) not in STYLES:
        raise unreadable("Unsupported button style")
    actions = [name for name in ACTIONS if name in one]
    if not actions:
        raise unreadable("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise unreadable("Exactly one of the optional action fields must be used")
    return action(one, actions[0])


def action(one: dict[str, Any], name: str) -> dict[str, Any]:
    """The button again when its action is one that Telegram takes."""
    value = one[name]
    if name == "callback_data":
        if not isinstance(value, str):
            raise unreadable('Field "callback_data" must be of type String')
        if not 1 <= len(value.encode("utf-8")) <= LONGEST_DATA:
            raise bad("BUTTON_DATA_INVALID")
    elif name == "url":
        if not isinstance(value, str) or not value.startswith(("http://", "https://", "tg://")):
            raise bad("BUTTON_URL_INVALID")
    elif name == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str):
            raise unreadable('Field "copy_text" must be of type Object')
        if not 1 <= len(text) <= LONGEST_COPY:
            raise bad("BUTTON_COPY_TEXT_INVALID")
    elif name == "web_app":
        raise bad("BUTTON_TYPE_INVALID")
    return one


def rows(markup: Markup | None) -> list[list[Button]]:
    """The inline keyboard as shown, row by row."""
    return [[shown(one) for one in row] for row in (markup or {}).get("inline_keyboard", [])]


def shown(one: dict[str, Any]) -> Button:
    """One button as shown."""
    copy = one["copy_text"]["text"] if "copy_text" in one else None
    return Button(one["text"], one.get("callback_data"), one.get("url"), copy)
