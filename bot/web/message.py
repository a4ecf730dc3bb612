"""A message as a page shows it: the text as sent, the buttons with their words, the files."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.buttons import shown
from bot.files import kind_of
from bot.render import Scene
from bot.web.state import Web, moment_facts
from procedure.incident import Incident
from storage import incidents
from storage.chats import BOT, SENT
from storage.database import Session
from storage.tables import MessageRow


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
        found = shown(row, self._scene(row.stream))
        buttons = [{"n": one.n, "label": one.label, "quiet": one.quiet} for one in found.buttons]
        return buttons, found.copy

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
        "type": one["media_type"],
        "size": one["size"],
    }
