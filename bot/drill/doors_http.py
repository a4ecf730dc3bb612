"""The doors of a running service: each person acts by the very addresses that his page uses."""

import re
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

import httpx

from bot.drill.player import Stuck
from bot.drill.samples import Sample
from procedure.text import fold

OURS = {"X-Requested-With": "motdaumoi"}
STOP_SIGN = "⛔"
LONGEST_WAIT = 10.0
_LOOK_AGAIN = 0.02
#: The clock is wound this often in a second of ours, so that rings come near their time.
_BEATS = 2.0
_MOST_MINUTES = 31 * 24 * 60
_WINDOW = 500
#: Most buttons that somebody taps are on one of so many last messages.
_NEAR = 8


class Stopped(Exception):
    """Somebody ended the drill."""


class NotARehearsal(Exception):
    """The service at this address is a real one."""


class HttpDoors:
    """A service in rehearsal. `speed`: how many times faster than ours its clock runs."""

    def __init__(
        self,
        address: str,
        *,
        speed: float,
        stopping: threading.Event,
        patience: float = LONGEST_WAIT,
    ) -> None:
        self.address = address
        self.speed = speed
        #: How long an answer may take, seconds.
        self.patience = patience
        self.stopping = stopping
        self.client = httpx.Client(base_url=address, headers=OURS, timeout=LONGEST_WAIT)
        self.people: dict[str, int] = {}
        self.last: dict[str, int] = {}
        self._read = (datetime.min.replace(tzinfo=UTC), 0.0)

    def close(self) -> None:
        """Lets go of the connection."""
        self.client.close()

    def open(self) -> datetime:
        """Who is there, and the time of the service. Raises NotARehearsal."""
        found = self._get("/api/session")
        if not found.get("rehearsal"):
            raise NotARehearsal(self.address)
        self.people = {fold(one["short"]): one["id"] for one in found["personas"]}
        return self._set(found["clock"])

    def _set(self, clock: str) -> datetime:
        self._read = (datetime.fromisoformat(clock), time.monotonic())
        return self._read[0]

    def now(self) -> datetime:
        """The time of the service, with its offset: as last read, and what has gone by since."""
        clock, read = self._read
        return clock + timedelta(seconds=time.monotonic() - read)

    # Time

    def jump(self, to: datetime) -> None:
        """Winds to a moment as fast as it goes."""
        while (left := ceil((to - self.now()) / timedelta(minutes=1))) > 0:
            self._wind(min(left, _MOST_MINUTES))

    def advance(self, to: datetime) -> None:
        """Winds to a moment, or a little behind it, at the speed of the drill."""
        slice = min(max(1, int(self.speed / 60 / _BEATS)), _MOST_MINUTES)
        while (left := ceil((to - self.now()) / timedelta(minutes=1))) > 0:
            minutes = min(left, slice)
            self._rest(minutes * 60 / self.speed)
            self._wind(minutes)

    def _wind(self, minutes: int) -> None:
        self._set(self._post("/api/clock", json={"minutes": minutes})["clock"])

    def _rest(self, seconds: float) -> None:
        if self.stopping.wait(seconds):
            raise Stopped

    # What people do

    def says(self, who: str, text: str, files: Sequence[Sample], to: str) -> None:
        """A message, as the page sends it."""
        before = self._newest(who)
        sent: list[tuple[str, Any]] = [("files", (one.name, one.content)) for one in files]
        data = {"client_id": uuid.uuid4().hex, "text": text}
        if to:
            data["reply_to"] = str(self._message(who, to)["id"])
        address = f"/api/chats/{self._id(who)}/messages"
        self._post(address, data=data, files=sent or [("ignored", (None, b""))])
        asks = text.startswith("/")
        self._until(who, lambda seen: _taken(seen, asks=asks), after=before)

    def edits(self, who: str, words: str, text: str) -> None:
        """The page knows no edit: the better words come in reply to the first."""
        self.says(who, text, (), words)

    def recalls(self, who: str, words: str) -> None:
        """The stop sign in reply to his own message."""
        self.says(who, STOP_SIGN, (), words)

    def taps(self, who: str, label: str, on: str) -> None:
        """The newest live button of this label; waits for it, since delivery is another turn."""
        found: list[tuple[Mapping[str, Any], int]] = []

        def there(seen: Sequence[Mapping[str, Any]]) -> bool:
            found[:] = _buttons(seen, lambda words: words == label, on)
            return bool(found)

        if not there(self._thread(who, self._newest(who) - _NEAR)):
            self._until(who, there, wanted=label)
        self._answer(who, *found[0])

    def chooses(self, who: str, prefix: str) -> None:
        """A button of the newest message that begins so, when it has one."""
        near = self._thread(who, self._newest(who) - _NEAR)
        seen = [one for one in near if one["from"] == "bot"]
        for message, n in _buttons(seen[-1:], lambda words: words.startswith(prefix), ""):
            self._answer(who, message, n)
            return

    def told(self, who: str) -> Sequence[str]:
        """All that the bot has told him."""
        return [one["text"] for one in self._thread(who) if one["from"] == "bot"]

    def _answer(self, who: str, message: Mapping[str, Any], n: int) -> None:
        before = self._newest(who)
        tap = {"client_id": uuid.uuid4().hex, "prompt": message["id"], "n": n}
        self._post(f"/api/chats/{self._id(who)}/answers", json=tap)

        def done(seen: Sequence[Mapping[str, Any]]) -> bool:
            own = next(one for one in seen if one["id"] == message["id"])
            told = any(one["from"] == "bot" and one["seq"] > before for one in seen)
            left = [one["n"] for one in own["choices"]] if _live(own) else []
            return told or n not in left

        self._until(who, done, after=message["seq"] - 1)

    # What they see

    def _id(self, who: str) -> int:
        if fold(who) not in self.people:
            raise Stuck(who, who, sorted(self.people))
        return self.people[fold(who)]

    def _thread(self, who: str, after: int = 0) -> list[Mapping[str, Any]]:
        address = f"/api/chats/{self._id(who)}/messages"
        found: list[Mapping[str, Any]] = []
        while True:
            page = self._get(address, after=max(after, 0), limit=_WINDOW)["messages"]
            found += page
            if len(page) < _WINDOW:
                return found
            after = page[-1]["seq"]

    def _newest(self, who: str) -> int:
        last = self.last.get(who, 0)
        self.last[who] = max((one["seq"] for one in self._thread(who, last)), default=last)
        return self.last[who]

    def _message(self, who: str, words: str) -> Mapping[str, Any]:
        for one in reversed(self._thread(who)):
            if words in one["text"]:
                found: Mapping[str, Any] = one
                return found
        raise Stuck(who, words, [])

    def _until(
        self,
        who: str,
        done: Callable[[Sequence[Mapping[str, Any]]], bool],
        wanted: str = "",
        after: int = 0,
    ) -> None:
        until = time.monotonic() + self.patience
        while not done(seen := self._thread(who, after)):
            if time.monotonic() > until:
                live = [one["label"] for row in seen if _live(row) for one in row["choices"]]
                raise Stuck(who, wanted, live)
            self._rest(_LOOK_AGAIN)

    def _get(self, address: str, **query: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._asked(lambda: self.client.get(address, params=query))
        return found

    def _post(self, address: str, **body: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._asked(lambda: self.client.post(address, **body))
        return found

    def _asked(self, ask: Callable[[], httpx.Response]) -> Any:
        if self.stopping.is_set():
            raise Stopped
        try:
            answer = ask()
            answer.raise_for_status()
        except httpx.HTTPError:
            if self.stopping.is_set():
                raise Stopped from None
            raise
        return answer.json()


def _live(message: Mapping[str, Any]) -> bool:
    return (
        message["from"] == "bot"
        and bool(message["choices"])
        and message["answered"] is None
        and not message["superseded"]
    )


def _taken(seen: Sequence[Mapping[str, Any]], *, asks: bool) -> bool:
    """Whether his own message is there; with `asks` also what the bot said to it."""
    own = next((one["seq"] for one in seen if one["from"] == "me"), None)
    told = any(one["from"] == "bot" and one["seq"] > (own or 0) for one in seen)
    return own is not None and (told or not asks)


def _buttons(
    seen: Sequence[Mapping[str, Any]], fits: Callable[[str], bool], on: str
) -> list[tuple[Mapping[str, Any], int]]:
    """Live buttons, the newest first."""
    return [
        (message, choice["n"])
        for message in reversed(seen)
        if _live(message) and on in message["text"]
        for choice in message["choices"]
        if fits(re.sub(r"\s+", " ", choice["label"]).strip())
    ]
