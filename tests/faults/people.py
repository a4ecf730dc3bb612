"""Officials who walk through real conversations and know what must be asked next.

A walk is a row of steps. A step is done once; then its person waits, however long the service is
away, until the bot has said the words that belong to it. What the bot is to say, template by
template, is written down for the oracle.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from tests.botapi.driver import BotApi
from tests.botapi.keyboards import rows
from tests.botapi.people import NotPossible
from tests.botapi.state import Message
from tests.channels.pictures import png

#: Seconds that an answer may take, outages and restarts included.
PATIENCE = 120.0
LINE, CASUALTIES = "việc gì, ở đâu", "Có ai bị thương hoặc mất tích không?"
HAPPENED, UNREAD = "xảy ra khoảng mấy giờ", "Chưa đọc được thời điểm này"
CANCELLED, LISTED = "Đã hủy", ""
_FORM, _DETAILS = "forms/report_incident", "forms/report_details#happened"
_OPENED = (f"{_FORM}#finished", _DETAILS)
_LETTERS = ("bdghklmnprstvx", "aeiou")


class Door(Protocol):
    """Where somebody writes and reads."""

    def says(self, text: str) -> bool:
        """Writes; False when it has to be done again later, the very same act."""
        ...

    def sends(self, pictures: Sequence[bytes], text: str) -> bool:
        """Photos with a line, in the same way."""
        ...

    def taps(self, label: str) -> bool:
        """The newest button of this label, in the same way."""
        ...

    def heard(self) -> str:
        """What the bot has said since the last look, line after line."""
        ...


class TelegramDoor:
    """His chat at the strict server, which keeps an update until the bot confirms it."""

    def __init__(self, api: BotApi, account: int) -> None:
        self.api = api
        self.account = account
        self.shown: list[Message] = []
        self._new: list[str] = []
        #: So many messages stood there when he last did something.
        self._before = 0

    def shows(self, message: Message) -> None:
        """A message of the bot has come."""
        self.shown.append(message)
        self._new.append(message.content.get("text") or message.content.get("caption", ""))

    def says(self, text: str) -> bool:
        """Writes."""
        self._before = len(self.shown)
        self.api.send_text(self.account, text)
        return True

    def sends(self, pictures: Sequence[bytes], text: str) -> bool:
        """One photo, or an album."""
        self._before = len(self.shown)
        if len(pictures) == 1:
            self.api.send_photo(self.account, pictures[0], caption=text)
        else:
            told = [text, *[None] * (len(pictures) - 1)]
            items = [("photo", one, words) for one, words in zip(pictures, told, strict=True)]
            self.api.send_album(self.account, items)
        return True

    def taps(self, label: str) -> bool:
        """The newest button of this label under what has come since he last did something,
        however much that is; later when it is not there yet."""
        for message in reversed(self.shown[self._before :]):
            if any(key.label == label for row in rows(message.markup) for key in row):
                try:
                    self.api.tap(self.account, message.id, label)
                except NotPossible:
                    return False
                self._before = len(self.shown)
                return True
        return False

    def heard(self) -> str:
        """What has come since the last look."""
        found, self._new = "\n".join(self._new), []
        return found


@dataclass(frozen=True)
class Step:
    """One act, the words by which its answer is known, and the templates of that answer."""

    act: Callable[[Door], bool]
    words: str
    templates: Sequence[str]


class Walker:
    """One person. `think`: seconds between an answer and the next act, from and to; `reports`:
    the share of the walks that open an incident; `photos`: how many come at a time, by chance."""

    def __init__(
        self,
        person: int,
        door: Door,
        chance: random.Random,
        *,
        think: tuple[float, float] = (0.0, 0.1),
        reports: float = 0.4,
        photos: Sequence[int] = (1, 1, 2),
    ) -> None:
        self.person = person
        self.door = door
        self.chance = chance
        self.think = think
        self.reports = reports
        self.photos = photos
        #: What the bot is to say, template by template; lines that opened an incident.
        self.wanted: list[str] = []
        self.opened: list[str] = []
        self.acts = self.heard_count = self.walks = 0
        #: Told to begin no other walk; and whether the last one has ended.
        self.ends = self.rests = False
        self._steps: Iterator[Step] = iter(())
        self._step: Step | None = None
        self._done = False
        self._since = self._next = 0.0
        self._heard = ""

    def waits(self) -> str:
        """For which words he waits, and what he has heard instead; empty when for none."""
        if self._step is None:
            return ""
        done = "done" if self._done else "not done"
        return f"{self.person} ({done}): {self._step.words!r}; heard {self._heard!r}"

    def step(self) -> None:
        """Does what he can do now. Fails when an answer does not come at all."""
        now = time.monotonic()
        if self._step is None and (now < self._next or not self._begins(now)):
            return
        assert self._step is not None
        # An act whose own answer was lost may have been answered all the same.
        self._heard += self.door.heard()
        if not self._done:
            self._done = self._step.act(self.door)
            self.acts += self._done
        elif self._step.words in self._heard:
            self.wanted += self._step.templates
            self.heard_count += 1
            self._step, self._next = None, now + self.chance.uniform(*self.think)
            return
        late = now - self._since > PATIENCE
        assert not late, self.waits()

    def _begins(self, now: float) -> bool:
        self._step = next(self._steps, None)
        if self._step is None:
            if self.ends:
                self.rests = True
                return False
            self.walks += 1
            self._steps = self._walk()
            self._step = next(self._steps)
        self.door.heard()
        self._done, self._since, self._heard = False, now, ""
        return True

    def _walk(self) -> Iterator[Step]:
        begun = self.chance.choice((self._written, self._photo))()
        if self.chance.random() < 0.15:
            yield _said(self.chance.choice(("/vuviec", "/viec")), LISTED, "views/")
        yield from begun
        if self.chance.random() < self.reports:
            yield self._opens()
            if self.chance.random() < 0.5:
                yield _said(self._words(2), UNREAD, _DETAILS)
        yield _said("/huy", CANCELLED, "answers#cancelled")

    def _written(self) -> Iterator[Step]:
        yield _said("/baocao", LINE, f"{_FORM}#line")
        self._line = self._words(4)
        yield _said(self._line, CASUALTIES, f"{_FORM}#casualties")

    def _photo(self) -> Iterator[Step]:
        yield _said("/baocao", LINE, f"{_FORM}#line")
        self._line = self._words(4)
        shots = [png() + self.chance.randbytes(8) for _ in range(self.chance.choice(self.photos))]
        line = self._line
        yield Step(lambda door: door.sends(shots, line), CASUALTIES, [f"{_FORM}#casualties"])

    def _opens(self) -> Step:
        self.opened.append(self._line)
        return _tapped(self.chance.choice(("Chưa ghi nhận", "Chưa rõ")), HAPPENED, *_OPENED)

    def _words(self, count: int) -> str:
        """A line that is nobody else's and means nothing, so that no question is skipped."""
        letters = [_LETTERS[n % 2] for n in range(6)]
        return " ".join("".join(map(self.chance.choice, letters)) for _ in range(count))


def _said(text: str, words: str, *templates: str) -> Step:
    return Step(lambda door: door.says(text), words, templates)


def _tapped(label: str, words: str, *templates: str) -> Step:
    return Step(lambda door: door.taps(label), words, templates)
