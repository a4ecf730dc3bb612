"""How long a person waits at 50 updates a second by webhook, beside a bare bot."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.bench import processes
from tests.bench.echo import updates
from tests.bench.processes import FastApi, fast_api, process, service
from tests.bench.table import Row, median, share, spread
from tests.ports import free_port

#: Updates a second, how long, and how many chats take turns.
PACE, SECONDS, CHATS = 50, 12, 60
REPEATS = 5
SECRET = "mot-dau-moi-thu-toc-do"


def waits(api: FastApi, address: str) -> list[float]:
    """Posts at an even pace; milliseconds from each update to the answer in its chat."""
    made = updates(1, chats=CHATS)[: PACE * SECONDS]
    api.load([])
    posted: dict[int, list[float]] = {}
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    begin = time.monotonic()
    with httpx.Client(trust_env=False, timeout=30, headers=headers) as client:
        for n, update in enumerate(made):
            time.sleep(max(0.0, begin + n / PACE - time.monotonic()))
            chat = update["message"]["chat"]["id"]
            posted.setdefault(chat, []).append(time.monotonic())
            client.post(address, json=update).raise_for_status()
    answered: dict[int, list[float]] = {}
    for chat, at in api.sends(len(made))["sent"]:
        answered.setdefault(chat, []).append(at)
    return [
        (there - here) * 1000
        for chat, times in posted.items()
        for here, there in zip(times, answered[chat], strict=True)
    ]


def bare() -> list[float]:
    """The peer's waits."""
    port = free_port()
    with fast_api() as api, process("tests.bench.peers", "webhook", api.url, port):
        _listens(f"http://127.0.0.1:{port}/telegram")
        return waits(api, f"http://127.0.0.1:{port}/telegram")


def ours() -> list[float]:
    """The waits with our service."""
    more = {
        "BOT_TELEGRAM_MODE": "webhook",
        "BOT_TELEGRAM_WEBHOOK_SECRET": SECRET,
        "BOT_PUBLIC_URL": "https://motdaumoi.invalid",
    }
    with tempfile.TemporaryDirectory() as folder, fast_api() as api:
        processes.province(Path(folder), CHATS)
        with service(Path(folder), api, "tests.kills.unpaced", **more) as bot:
            api.called("setwebhook")
            return waits(api, f"{bot.address}/telegram/webhook")


def _listens(address: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            httpx.get(address, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)


def rows() -> Iterator[Row]:
    """The median and the 95th percentile of each run, in turns with the peer."""
    runs = [(bare(), ours()) for _ in range(REPEATS)]
    for part, name, more in ((0.5, "p50", 3.0), (0.95, "p95", 15.0)):
        there, here = ([share(one, part) for one in waited] for waited in zip(*runs, strict=True))
        apart = median([ours - theirs for ours, theirs in zip(here, there, strict=True)])
        yield Row(
            f"reply latency at {PACE} updates/s by webhook, {name}, ms",
            spread(here, 1),
            f"{spread(there, 1)}, bare bot by webhook",
            f"≤ its + {more:.0f} ms; + {apart:.1f}",
            apart <= more,
        )
