"""The one event stream of a page: every message behind the last it has, then each change."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from bot.web.cast import next_to_act, waiting_on
from bot.web.chat import WEB
from bot.web.message import Teller
from bot.web.room_stream import RoomFeed, cursors_of
from bot.web.session import TheViewer, Viewer, clock_of, viewer_by_token
from bot.web.state import Problem, TheWeb, Web
from storage import pages
from storage.database import Session
from storage.tables import ChatRow, MessageRow

PING = 15.0
_PAGE = 200
_MOST_PERSONS = 64

router = APIRouter(prefix="/api")
Shown = tuple[int | None, bool, str, int]


@router.get("/stream")
def stream(
    web: TheWeb,
    viewer: TheViewer,
    persons: Annotated[str, Query(max_length=1024)],
    after: Annotated[str, Query(max_length=2048)] = "",
    rooms: Annotated[str, Query(max_length=8192)] = "",
) -> StreamingResponse:
    """Server-sent events: message, room, card, clock, waiting, board.

    `after`: one number for each person; `rooms`: the number of each room, "incident-1:12".
    """
    ids, numbers = _numbers(persons), _numbers(after)
    if not ids or len(ids) > _MOST_PERSONS or (numbers and len(numbers) != len(ids)):
        raise Problem(400, "bad_request")
    if not all(viewer.may_be(one) for one in ids):
        raise Problem(403, "not_yours")
    cursors = dict(zip(ids, numbers or [0] * len(ids), strict=True))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        Stream(web, viewer, cursors, cursors_of(rooms)).events(),
        media_type="text/event-stream",
        headers=headers,
    )


def _numbers(listed: str) -> list[int]:
    parts = [part for part in listed.split(",") if part]
    if not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        raise Problem(400, "bad_request")
    return [int(part) for part in parts]


def event(name: str, data: Any) -> str:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


@dataclass
class Stream:
    """One open page. `cursors`: the last number it has of each person's chat; `rooms` of rooms."""

    web: Web
    viewer: Viewer
    cursors: dict[int, int]
    rooms: dict[str, int] = field(default_factory=dict)
    _told: dict[int, Shown] = field(default_factory=dict)
    _last: dict[str, Any] = field(default_factory=dict)
    _number: int = 0
    _feed: RoomFeed = field(init=False)

    def __post_init__(self) -> None:
        self._feed = RoomFeed(self.web, list(self.cursors), self.rooms)

    async def events(self) -> AsyncIterator[str]:
        """Until the page goes, the session ends or the service stops."""
        hub = self.web.hub
        with hub.joined() as signal:
            self._number = hub.start()
            yield "retry: 2000\n\n"
            while not hub.stopping:
                signal.clear()
                number, changed = hub.changed_since(self._number)
                found = await asyncio.to_thread(self.read, changed)
                self._number = number
                if found is None:
                    return
                for one in found:
                    yield one
                if not hub.stopping and not await self._woken(signal):
                    yield ": ping\n\n"

    async def _woken(self, signal: asyncio.Event) -> bool:
        with suppress(TimeoutError):
            # Not wait_for: cancelled in the moment of the signal, it would swallow the end.
            async with asyncio.timeout(PING):
                await signal.wait()
            return True
        return False

    def read(self, changed: list[int]) -> list[str] | None:
        """What is new since the last read; None when the session has ended."""
        if not self.viewer.rehearsal:
            person = viewer_by_token(self.web, self.viewer.token).person
            if person != self.viewer.person:
                return None
        return self.web.world.db.read(lambda session: self._read(session, changed))

    def _read(self, session: Session, changed: list[int]) -> list[str]:
        found: list[str] = []
        externals = {str(person): person for person in self.cursors}
        known = pages.chats_on(session, WEB, list(externals))
        for external, chat in known.items():
            found += self._new(session, externals[external], chat)
        found += self._changed(session, changed, known.values())
        found += [event(name, data) for name, data in self._feed.read(session, changed)]
        if self.web.rehearsal:
            self._tell(found, "clock", clock_of(self.web, session))
        waiting: dict[str, Any] = {"waiting": waiting_on(session, list(self.cursors)), "next": None}
        if self.web.rehearsal:
            waiting["next"] = next_to_act(self.web, session)
        self._tell(found, "waiting", waiting)
        self._tell(found, "board", {"version": pages.journal_size(session)})
        return found

    def _new(self, session: Session, person: int, chat: ChatRow) -> list[str]:
        found: list[str] = []
        while chat.last_seq > self.cursors[person]:
            rows = pages.page_of(session, chat, self.cursors[person], _PAGE)
            found += self._messages(session, rows)
            if rows:
                self.cursors[person] = rows[-1].seq
            if len(rows) < _PAGE:
                break
        return found

    def _changed(self, session: Session, ids: list[int], known: Any) -> list[str]:
        if not ids:
            return []
        cursor_of = {chat.id: self.cursors[chat.person] for chat in known}
        rows = [
            row
            for row in pages.messages(session, ids)
            if row.chat in cursor_of
            and row.seq <= cursor_of[row.chat]
            and self._told.get(row.id or 0) != _buttons_of(row)
        ]
        return self._messages(session, rows)

    def _messages(self, session: Session, rows: list[MessageRow]) -> list[str]:
        tellers: dict[int, Teller] = {}
        found = []
        for row in rows:
            teller = tellers.setdefault(row.person, Teller(self.web, session, row.person))
            found.append(event("message", {"person": row.person, **teller.told(row)}))
            if row.choices != "[]" and row.id is not None:
                self._told[row.id] = _buttons_of(row)
        return found

    def _tell(self, found: list[str], name: str, data: dict[str, Any]) -> None:
        """An event whose data is the whole truth: sent when it differs from the last one."""
        key = data.get("clock_text", data)
        if self._last.get(name) != key:
            self._last[name] = key
            found.append(event(name, data))


def _buttons_of(row: MessageRow) -> Shown:
    """What decides how a message stands on the page: its buttons, and whether its words stay."""
    return row.answered, row.superseded, row.taken, hash((row.text, row.files))
