"""One phone: what a thumb does on the page, and what an eye finds there."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

CHROMIUM = Path("/usr/bin/chromium")
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OURS = {"X-Requested-With": "motdaumoi"}
#: How much of the clock may pass unseen between two ticks.
_NIGHT_STEP, _DAY_STEP = timedelta(minutes=5), timedelta(minutes=20)

_LIVE = """(pane) => [...pane.querySelectorAll('.row.bot')].reverse().map((row) => ({
  seq: Number(row.dataset.seq),
  text: row.querySelector('.text')?.textContent || '',
  labels: [...row.querySelectorAll('.choice:not(:disabled)')]
    .map((button) => button.lastElementChild.textContent),
})).filter((row) => row.labels.length)"""

_FIND = """(pane, {words, known, from}) => [...pane.querySelectorAll(`.row.${from}`)].reverse()
  .filter((row) => !known.includes(Number(row.dataset.seq)))
  .filter((row) => words.every((word) =>
    (row.querySelector('.text')?.textContent || '').includes(word)))
  .map((row) => Number(row.dataset.seq))[0]"""

_SHOWN = """(pane) => [...pane.querySelectorAll('.rows:not(.pending) .row')]
  .map((row) => Number(row.dataset.seq))"""


#: How long the oldest of something waits, as the metrics tell it.
_AGE = re.compile(r"^motdaumoi_oldest_\w+_seconds(?:{.*})? ([\d.e+-]+)$", re.MULTILINE)


class Phone:
    """The page in one browser. `be` takes another person's phone in hand (rehearsal only)."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.request = page.context.request
        self.people: dict[str, int] = {}
        self.names: dict[str, str] = {}
        self.who = ""
        self._heard: dict[str, list[int]] = {}

    def open(self, *, intro: bool = False) -> "Phone":
        """Opens the page and waits for its chat; `intro` leaves the first card in place."""
        self.page.goto("/")
        self.page.wait_for_selector(".composer")
        found = self._get("/api/session")
        people = found["personas"] or [found["me"]]
        self.people = {person["short"]: person["id"] for person in people}
        self.names = {person["short"]: person["name"] for person in people}
        shown = self.page.locator(".pane").first.get_attribute("aria-label")
        self.who = next(short for short, name in self.names.items() if name == shown)
        self.settle()
        later = self.page.get_by_role("button", name="Để sau", exact=True)
        if not intro and self.page.locator(".intro").count():
            later.first.click()
        return self

    # Acts

    def be(self, who: str) -> "Phone":
        """Takes this person's phone in hand."""
        if self.who != who:
            self.chip(who).click()
            self.who = who
            self.settle()
        return self

    def chip(self, who: str) -> Locator:
        """The button of a person at the top of the page."""
        name = re.compile(f"^{who}$")
        return self.page.locator(".persona").filter(
            has=self.page.locator(".persona-name", has_text=name)
        )

    def says(self, who: str, text: str) -> None:
        """Types a line and taps Send; returns when everything it brings about is on the page."""
        self.be(who)
        self.pane.get_by_role("textbox").fill(text)
        self.press_send()

    def press_send(self) -> None:
        """Taps Send and waits for what comes of it."""
        self._posting("/messages", self.pane.locator(".send").click)

    def taps(self, who: str, label: str) -> None:
        """Taps the newest live button with these words."""
        self.be(who)
        for row in self.live():
            if label in row["labels"]:
                button = self.button(row["seq"], label)
                self._posting("/answers", button.click)
                expect(self.row(row["seq"]).locator(".choice:disabled")).to_have_count(0)
                return
        raise AssertionError(f"{who} has no button {label!r}: {self.live()}")

    def answers(self, who: str, *replies: str) -> None:
        """One reply after another: a button of the newest live prompt, else words."""
        self.be(who)
        for reply in replies:
            live = self.live()
            if live and reply in live[0]["labels"]:
                self.taps(who, reply)
            else:
                self.says(who, reply)

    def _posting(self, address: str, act: Callable[[], Any]) -> None:
        with self.page.expect_response(
            lambda answer: answer.url.endswith(address) and answer.request.method == "POST"
        ) as answer:
            act()
        assert answer.value.status == 202, answer.value.text()
        self.settle()

    # What is there

    @property
    def pane(self) -> Locator:
        """The part of the page that is the phone of the person in hand."""
        return self.page.locator(f'.pane[aria-label="{self.names[self.who]}"]')

    def row(self, seq: int) -> Locator:
        """A message of the chat on the screen."""
        return self.pane.locator(f'.row[data-seq="{seq}"]')

    def button(self, seq: int, label: str) -> Locator:
        """A live button under a message."""
        words = re.compile(f"^{re.escape(label)}$")
        choices = self.row(seq).locator(".choice:not(:disabled)")
        return choices.filter(has=self.page.locator("span", has_text=words))

    def live(self) -> list[dict[str, Any]]:
        """The messages that wait for a button, newest first."""
        found: list[dict[str, Any]] = self.pane.evaluate(_LIVE)
        return found

    def hears(self, who: str, *words: str, sender: str = "bot") -> Locator:
        """The newest message with all these words that no earlier call has found."""
        self.be(who)
        known = self._heard.setdefault(who, [])
        asked = {"words": words, "known": known, "from": sender}
        seq = self.pane.evaluate(_FIND, asked)
        assert seq, f"{who} was not told {words}; the last: {self.texts()[-4:]}"
        known.append(seq)
        return self.row(seq)

    def texts(self) -> list[str]:
        """The words of every message on the screen, oldest first."""
        found: list[str] = self.pane.locator(".row .text").all_inner_texts()
        return found

    def seqs(self) -> list[int]:
        """The numbers of the messages on the screen, in the order shown."""
        found: list[int] = self.pane.evaluate(_SHOWN)
        return found

    def told(self) -> list[int]:
        """The numbers of this chat's messages as the server tells them."""
        return self._told_after(0)

    def _told_after(self, seq: int) -> list[int]:
        address = f"/api/chats/{self.people[self.who]}/messages?after={seq}&limit=500"
        return [message["seq"] for message in self._get(address)["messages"]]

    def settle(self) -> None:
        """Waits until the server has nothing left to do and the page shows all of this chat."""
        for _ in range(400):
            if self._idle() and not self._told_after((self.seqs() or [0])[-1]):
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{self.who}: page {self.seqs()[-5:]}, server {self.told()[-5:]}")

    def _idle(self) -> bool:
        text = self.request.get("/metrics").text()
        ages = re.findall(_AGE, text)
        return len(ages) == 2 and not any(float(age) for age in ages)

    def _get(self, address: str) -> Any:
        answer = self.request.get(address)
        assert answer.ok, f"{address}: {answer.status} {answer.text()}"
        return answer.json()

    # Time

    def now(self) -> datetime:
        """The rehearsal clock."""
        return datetime.fromisoformat(self._get("/api/session")["clock"])

    def at(self, clock: str) -> None:
        """Winds the rehearsal clock to a time of this day, in steps, as time would pass."""
        hour, minute = (int(part) for part in clock.split(":"))
        now = self.now()
        goal = datetime.combine(now.date(), time(hour, minute), now.tzinfo)
        while now < goal:
            step = _NIGHT_STEP if now.hour < 6 else _DAY_STEP
            minutes = -(-min(goal - now, step) // timedelta(minutes=1))
            answer = self.request.post("/api/clock", data={"minutes": minutes}, headers=OURS)
            assert answer.ok, answer.text()
            now = datetime.fromisoformat(answer.json()["clock"])
        self.settle()
