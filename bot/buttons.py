"""The choices under a prompt as words on buttons, for a reader and at this moment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.render import Scene
from storage.chats import open_choices
from storage.lines import AnyLine

log = structlog.get_logger()


@dataclass(frozen=True)
class Button:
    """Number `n` of a prompt, from 1; `quiet` ones stand back (skip, back, cancel)."""

    n: int
    label: str
    quiet: bool = False
    #: It leads out of the room into the private chat with the bot.
    private: bool = False


@dataclass(frozen=True)
class Shown:
    """The buttons of a prompt, and the words that one of them copies."""

    buttons: tuple[Button, ...]
    copy: str | None = None
    copy_label: str | None = None


def shown(row: AnyLine, scene: Scene) -> Shown:
    """What stands under a prompt now; a label that cannot be rendered becomes its number."""
    facts = json.loads(row.facts)
    buttons: list[Button] = []
    copy = copy_label = None
    for n, choice in open_choices(row):
        own = {**facts, **choice.get("facts", {})}
        label = _text(f"labels#{choice['label']}", own, scene)
        if "copy" in choice["do"]:
            copy, copy_label = choice["do"]["copy"], label
        elif "copy_block" in choice["do"]:
            copy, copy_label = _text(choice["do"]["copy_block"], own, scene), label
        else:
            private = "into_private" in choice["do"]
            label = label or _text("web#choice", {"n": n}, scene)
            buttons.append(Button(n, label or str(n), bool(choice.get("quiet")), private))
    return Shown(tuple(buttons), copy, copy_label)


def label_of(row: AnyLine, n: int, scene: Scene) -> str | None:
    """The words on button `n`, or None when there is no such button."""
    return next((one.label for one in shown(row, scene).buttons if one.n == n), None)


def _text(template: str, facts: Mapping[str, Any], scene: Scene) -> str | None:
    """A template's words; None when it cannot be rendered, so that the page still opens."""
    try:
        return scene.renderer.text(template, facts, scene)
    except Exception:
        log.exception("label_failed", template=template)
        return None
