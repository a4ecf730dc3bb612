"""Plays a script over any doors: the tests' town, or the running service over HTTP."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.drill.samples import Sample, sample
from bot.drill.script import PLACEHOLDER, Act, Script, Step

_CODE = re.compile(r"\b(?:VV|DT)-\d{4}-\d{3}\b")


class Stuck(Exception):
    """A step cannot be played: the button or the message that it means is not there."""

    def __init__(self, who: str, wanted: str, there: Sequence[str]) -> None:
        super().__init__(f"{who}: {wanted!r} is none of {list(there)}")
        self.who = who
        self.wanted = wanted
        self.there = tuple(there)


class Doors(Protocol):
    """What a person can do, and what he sees; each returns once the bot has taken it in."""

    def advance(self, to: datetime) -> None:
        """Time goes on to a moment; what is due on the way rings. A moment passed is now."""
        ...

    def says(self, who: str, text: str, files: Sequence[Sample], to: str) -> None:
        """A line, files or both; with `to` in reply to the message with these words."""
        ...

    def edits(self, who: str, words: str, text: str) -> None:
        """His earlier message with these words is to read otherwise."""
        ...

    def recalls(self, who: str, words: str) -> None:
        """His earlier message with these words should never have been sent."""
        ...

    def taps(self, who: str, label: str, on: str) -> None:
        """The newest live button with this label, of a message with the words `on`.

        Raises Stuck when there is none.
        """
        ...

    def chooses(self, who: str, prefix: str) -> None:
        """Taps a button that begins so when the newest message of the bot has one."""
        ...

    def told(self, who: str) -> Sequence[str]:
        """All that the bot has told him, oldest first."""
        ...


class Player:
    """One playing of one script. `shift` moves every moment and every day named in it."""

    def __init__(
        self, script: Script, doors: Doors, *, drill: bool = False, shift: timedelta = timedelta(0)
    ) -> None:
        self.script = script
        self.doors = doors
        self.drill = drill
        self.shift = shift
        self.code = ""
        self._before = len(doors.told(script.reporter))

    def play(self) -> Iterator[Step]:
        """Does one step after the other; yields each when it is done. Raises Stuck."""
        for step in self.script.told(drill=self.drill):
            self.doors.advance(step.at + self.shift)
            self._do(step)
            yield step

    def _do(self, step: Step) -> None:
        if step.act is Act.WAITS:
            return
        text, to = self.words(step.text), self.words(step.to)
        if step.act is Act.TAPS:
            self.doors.taps(step.who, text, self.words(step.on))
        elif step.act is Act.EDITS:
            self.doors.edits(step.who, to, text)
        elif step.act is Act.RECALLS:
            self.doors.recalls(step.who, to)
        else:
            self.doors.says(step.who, text, [sample(one) for one in step.files], to)
            if text.startswith("/") and self.code:
                self.doors.chooses(step.who, f"{self.code} ")
        if not self.code:
            self.code = self._opened()

    def _opened(self) -> str:
        """The code of this incident, once the bot has named it to the reporter."""
        for text in reversed(self.doors.told(self.script.reporter)[self._before :]):
            found = _CODE.search(text)
            if found and found[0].startswith("DT") is self.drill:
                return found[0]
        return ""

    def words(self, text: str) -> str:
        """The words of a step with its code and its days filled in."""
        if "{code}" in text and not self.code:
            self.code = self._opened()
        return PLACEHOLDER.sub(lambda found: self._filled(found[1]), text)

    def _filled(self, name: str) -> str:
        if name == "code":
            return self.code
        day = self.script.start + self.shift + timedelta(days=int(name[1:] or 0))
        return f"{day:%d/%m}"
