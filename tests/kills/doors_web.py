"""The doors of the page, for people whose service dies under them."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import httpx

from bot.drill.doors_http import HttpDoors
from bot.drill.samples import Sample
from tests.kills.killer import Killer
from tests.kills.service import PATIENCE, Service, eventually

FAST = 1e9


class WebDoors(HttpDoors):
    """A request that failed is sent again with the same client id, as the page does."""

    def __init__(self, service: Service, killer: Killer) -> None:
        super().__init__(service.url, speed=FAST, stopping=threading.Event(), patience=PATIENCE)
        self.service = service
        self.killer = killer
        self.repeated = 0

    def settles(self) -> None:
        """Until the bot has taken in and answered everything."""
        eventually("an answer", self.service.calm)

    def advance(self, to: datetime) -> None:
        """Winding is an act too: the clock may die in the middle of its rings."""
        if to > self.now():
            self.killer.act()
            super().advance(to)
            self.settles()

    def says(self, who: str, text: str, files: Sequence[Sample], to: str) -> None:
        """Says it once the bot is at rest, as somebody who reads before he writes."""
        self.killer.act()
        super().says(who, text, files, to)
        self.settles()

    def taps(self, who: str, label: str, on: str) -> None:
        """Taps it, with the same patience."""
        self.killer.act()
        super().taps(who, label, on)
        self.settles()

    def chooses(self, who: str, prefix: str) -> None:
        """Taps it when it is there."""
        super().chooses(who, prefix)
        self.settles()

    def _wind(self, minutes: int) -> None:
        """Never repeated blindly, for that would wind twice: the clock is looked at instead."""
        try:
            found = self.client.post("/api/clock", json={"minutes": minutes})
            self._set(found.raise_for_status().json()["clock"])
        except httpx.TransportError:
            self._set(self._get("/api/session")["clock"])

    def _asked(self, ask: Callable[[], httpx.Response]) -> Any:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return ask().raise_for_status().json()
            except httpx.TransportError:
                assert time.monotonic() < until, self.service.log.read_text("utf-8")[-3000:]
                self.repeated += 1
                time.sleep(0.05)
