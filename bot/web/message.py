"""A message as a page shows it: the text as sent, the buttons with their words, the files."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from bot.files import kind_of
from bot.render import Scene
from bot.web.state import Web, moment_facts
from procedure.incident import Incident
from storage import incidents
from storage.chats import BOT, SENT, choices_of
from storage.database import Session
from storage.tables import MessageRow

log = structlog.get_logger()


class Teller:
    """Tells messages to one reader within one read of the database."""

    def __init__(self, web: Web, session: Session, reader: int) -> None:
        self.web = web
        self.session = session
        self.reader = reader
        self._scenes: dict[str | None, Scene] = {}

    def told(self, row: MessageRow) -> dict[str, Any]:
        """One message of the contract; `id` is the prompt that an answer names."""
        scene, zone = self._scene(None), self.web.world.settings.zone
        moment = (row.sent_at or row.created_at).astimezone(zone)
        when = moment_facts(moment, scene.now, zone)
        choices, copy = self._choices(row) if row.sender == BOT else ([], None)
        return {
            "seq": row.seq,
            "id": row.id,
            "from": "bot" if row.sender == BOT else "me",
            "text": row.text,
            "at": moment.isoformat(timespec="seconds"),
            "at_text": when["clock_time"],
            "day_text": scene.renderer.text("web#day", when, scene),
            "choices": choices,
            "answered": row.answered,
            "superseded": row.superseded,
            "files": [_file(one) for one in json.loads(row.files)],
            "silent": not row.rings,
            "ring": row.rings,
            "drill": row.drill,
            "copy": copy,
            "reply_to": row.reply_to,
            "state": "live" if row.state == SENT else "stale",
        }

    def all(self, rows: Sequence[MessageRow]) -> list[dict[str, Any]]:
        """Messages in the order given."""
        return [self.told(row) for row in rows]

    def _choices(self, row: MessageRow) -> tuple[list[dict[str, Any]], str | None]:
        scene = self._scene(row.stream)
        facts = json.loads(row.facts)
        buttons: list[dict[str, Any]] = []
        copy: str | None = None
        for n, choice in enumerate(choices_of(row), 1):
            own = {**facts, **choice.get("facts", {})}
            do = choice["do"]
            if "copy" in do:
                copy = do["copy"]
            elif "copy_block" in do:
                copy = self._text(do["copy_block"], own, scene)
            else:
                label = self._text(f"labels#{choice['label']}", own, scene)
                label = label or self._text("web#choice", {"n": n}, scene)
                buttons.append({"n": n, "label": label, "quiet": bool(choice.get("quiet"))})
        return buttons, copy

    def _text(self, template: str, facts: Mapping[str, Any], scene: Scene) -> str | None:
        """A template's words; None when it cannot be rendered, so that the page still opens."""
        try:
            return self.web.world.renderer.text(template, facts, scene)
        except Exception:
            log.exception("label_failed", template=template)
            return None

    def _scene(self, stream: str | None) -> Scene:
        if stream not in self._scenes:
            self._scenes[stream] = self.web.scene(self.session, self.reader, self._case(stream))
        return self._scenes[stream]

    def _case(self, stream: str | None) -> Incident | None:
        if stream is None:
            return None
        try:
            return incidents.get(self.session, stream)
        except KeyError:
            return None


def _file(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "url": f"/files/{one['sha256']}",
        "name": str(one["name"]),
        "kind": kind_of(one["media_type"]),
        "size": one["size"],
    }
