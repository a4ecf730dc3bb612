"""A Bot API that is in nobody's way: raw sockets, httptools, uvloop, in a process of its own.

It keeps Telegram's offset rule, hands out 100 updates at a time, and notes when each chat was
written to. It checks nothing else: what is right is proved against tests/botapi, here only how
fast. `python -m tests.bench.fast_api PORT DELAY_MS` serves; tests.bench.echo drives it.
"""

import asyncio
import json
import sys
import time
from collections import deque
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import httptools
import uvloop

ME = {"id": 123456, "is_bot": True, "first_name": "Một Đầu Mối", "username": "motdaumoi_bot"}
#: How often a poll that found nothing looks again, seconds.
GRAIN = 0.002
_AT_A_TIME = 100


class State:
    """What waits to be fetched, and what came back."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.waiting: deque[dict[str, Any]] = deque()
        self.sent: list[tuple[int, float]] = []
        self.calls: dict[str, int] = {}
        self.number = 0
        self.first: float | None = None

    def answer(self, method: str, told: dict[str, str]) -> Any:
        """The result of one call."""
        self.calls[method] = self.calls.get(method, 0) + 1
        if method == "getme":
            return ME
        if method == "sendmessage":
            self.number += 1
            chat = int(told["chat_id"])
            self.sent.append((chat, time.monotonic()))
            return {
                "message_id": self.number,
                "date": 1790000000,
                "chat": {"id": chat, "type": "private", "first_name": "A"},
                "from": ME,
                "text": told.get("text", ""),
            }
        return True

    def confirm(self, offset: int) -> None:
        """All before it need not be handed out again."""
        while self.waiting and self.waiting[0]["update_id"] < offset:
            self.waiting.popleft()

    def batch(self) -> list[dict[str, Any]]:
        """The next updates, oldest first."""
        found = [self.waiting[n] for n in range(min(_AT_A_TIME, len(self.waiting)))]
        if found and self.first is None:
            self.first = time.monotonic()
        return found


class Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.parser = httptools.HttpRequestParser(self)
        self.url, self.body = b"", b""
        self.transport: asyncio.Transport | None = None
        self.tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        self.transport = cast(asyncio.Transport, transport)  # Uvloop's is no subclass.

    def data_received(self, data: bytes) -> None:
        """Some bytes of a request."""
        self.parser.feed_data(data)

    def on_message_begin(self) -> None:
        """A new request."""
        self.url, self.body = b"", b""

    def on_url(self, url: bytes) -> None:
        """What is asked for."""
        self.url += url

    def on_body(self, body: bytes) -> None:
        """Some bytes of its body."""
        self.body += body

    def on_message_complete(self) -> None:
        """The whole request is here."""
        parts = urlsplit(self.url.decode())
        if self.body.startswith(b"{"):
            told = json.loads(self.body)
        else:
            told = {k: v[-1] for k, v in parse_qs(self.body.decode("utf-8", "replace")).items()}
        told |= {k: v[-1] for k, v in parse_qs(parts.query).items()}
        method = parts.path.rpartition("/")[2].lower()
        if method == "getupdates":
            calls = self.state.calls
            calls[method] = calls.get(method, 0) + 1
            self._later(
                self._updates(int(told.get("offset", "0")), float(told.get("timeout", "0")))
            )
        elif parts.path.startswith("/control/"):
            self._write(self._control(method))
        elif self.state.delay:
            self._later(self._delayed(method, told))
        else:
            self._write({"ok": True, "result": self.state.answer(method, told)})

    def _control(self, what: str) -> Any:
        state = self.state
        if what == "load":
            state.waiting.extend(json.loads(self.body))
            state.sent, state.calls, state.first = [], {}, None
            return {"at": time.monotonic()}
        return {"sent": state.sent, "first": state.first, "calls": state.calls}

    async def _delayed(self, method: str, told: dict[str, str]) -> None:
        await asyncio.sleep(self.state.delay)
        self._write({"ok": True, "result": self.state.answer(method, told)})

    async def _updates(self, offset: int, seconds: float) -> None:
        self.state.confirm(offset)
        until = time.monotonic() + seconds
        while not (found := self.state.batch()) and time.monotonic() < until:
            await asyncio.sleep(GRAIN)
        self._write({"ok": True, "result": found})

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _write(self, told: Any) -> None:
        body = json.dumps(told).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(head.encode() + b"\r\n\r\n" + body)


async def serve(port: int, delay: float) -> None:
    """Until the process is ended."""
    state = State(delay)
    server = await asyncio.get_running_loop().create_server(
        lambda: Line(state), "127.0.0.1", port, backlog=512
    )
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
