"""The scripts of the drills on the town: its doors, and the lines that say what is heard.

`python -m tests.drills VV-03` plays a script and shows where what was heard is not what it
expects; `--write` puts what was heard into the file, keeping the words of what still fits.
"""

import argparse
import json
import logging
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from bot.drill.player import Player, Stuck
from bot.drill.reading import FOLDER, script
from bot.drill.samples import Sample
from bot.drill.script import Heard, Script, Step
from bot.present import Present
from bot.world import make_world
from storage.tables import MessageRow
from tests import databases
from tests.town import ZONE, Town

STOP_SIGN = "⛔"


class TownDoors:
    """A town as the player sees it."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def advance(self, to: datetime) -> None:
        """Ticks at every moment at which something is due."""
        if to > self.town.clock:
            self.town.until(to)

    def says(self, who: str, text: str, files: Sequence[Sample], to: str) -> None:
        """A message of this person."""
        sent = [
            {
                "sha256": one.sha256,
                "media_type": one.media_type,
                "size": len(one.content),
                "name": one.name,
            }
            for one in files
        ]
        more = {"reply_to": self._message(who, to)} if to else {}
        self.town.says(who, text, files=sent, **more)

    def edits(self, who: str, words: str, text: str) -> None:
        """The web knows no edit: the better words come in reply to the first."""
        self.says(who, text, (), words)

    def recalls(self, who: str, words: str) -> None:
        """The stop sign in reply to his own message."""
        self.says(who, STOP_SIGN, (), words)

    def taps(self, who: str, label: str, on: str) -> None:
        """The newest live button of this label."""
        for row in self.town.live(who):
            buttons = self.town.numbered(row) if on in row.text else []
            found = [n for n, words in buttons if words == label]
            if found:
                self.town.taps_on(who, row, found[0])
                return
        there = [one for row in self.town.live(who) for one in self.town.labels(row)]
        raise Stuck(who, label, there)

    def chooses(self, who: str, prefix: str) -> None:
        """A button of the newest prompt that begins so."""
        for row in self.town.live(who)[:1]:
            for label in self.town.labels(row):
                if label.startswith(prefix):
                    self.town.taps(who, label, on=row.text)
                    return

    def told(self, who: str) -> Sequence[str]:
        """All that the bot told him."""
        rows = self.town.thread(who)
        return [row.text for row in rows if row.sender == "bot" and row.state == "sent"]

    def _message(self, who: str, words: str) -> int:
        for row in reversed(self.town.thread(who)):
            if words in row.text:
                return row.id or 0
        raise Stuck(who, words, [])


def town_for(folder: Path, played: Script) -> Town:
    """The sample province a minute before the story."""
    databases.begin(folder)
    town = Town.__new__(Town)
    town._expected = set()
    town.clock = (played.start - timedelta(minutes=1)).astimezone(UTC)
    town.world = make_world(databases.settings_in(folder), Present(lambda: town.clock))
    town.world.strict = True
    town.open_pages = True
    town.skips()
    return town


class Telling:
    """One playing with everything that is heard after each step."""

    def __init__(
        self, town: Town, played: Script, *, drill: bool = False, doors: TownDoors | None = None
    ) -> None:
        self.town = town
        self.player = Player(played, doors or TownDoors(town), drill=drill)

    def faults(self, between: Callable[[Step], None] | None = None) -> list[str]:
        """Plays it all; every step at which something else was heard than expected.

        `between` is called behind each step, for what goes on beside the script.
        """
        found: list[str] = []
        for step, heard in self.steps():
            if between is not None:
                between(step)
            missing, left = self.unmet(step, heard)
            lead = f"step {step.number} ({step.at:%d/%m %H:%M} {step.who})"
            found += [f"{lead}: not heard: {one}" for one in missing]
            found += [f"{lead}: {self.name(row)} {row.template}: {row.text}" for row in left]
        return found

    def steps(self) -> Iterator[tuple[Step, list[MessageRow]]]:
        """Each step with what anybody heard through it."""
        self.town.skips()
        for step in self.player.play():
            heard = [row for row in self.town.unheard() if row.origin is None]
            yield step, heard
            self.town.skips()

    def unmet(
        self, step: Step, heard: Sequence[MessageRow]
    ) -> tuple[list[Heard], list[MessageRow]]:
        """What was expected and not heard, and what was heard and not expected."""
        left, missing = list(heard), []
        for one in step.hears:
            row = next((row for row in left if self.fits(one, row)), None)
            if row is None:
                missing.append(one)
            else:
                left.remove(row)
        return missing, left

    def fits(self, one: Heard, row: MessageRow) -> bool:
        """Whether a message is what a line expects."""
        words = [self.player.words(word) for word in one.words]
        person = self.town.id(one.who)
        return (
            row.person == person
            and row.template == one.template
            and all(word in row.text for word in words)
        )

    def name(self, row: MessageRow) -> str:
        """The name of who heard it."""
        return self.town.world.db.read(self.town.world.organisation).people[row.person].short


_HEARS = re.compile(r"(?m)^hears = (?:\[\n(?:  .*\n)*\]|\[\[.*\]\])\n")


def _line(words: Sequence[str]) -> str:
    return "[" + ", ".join(json.dumps(one, ensure_ascii=False) for one in words) + "]"


def _block(lines: Sequence[Sequence[str]]) -> str:
    if len(lines) == 1 and len(_line(lines[0])) < 88:
        return f"hears = [{_line(lines[0])}]\n"
    told = "".join(f"  {_line(one)},\n" for one in lines)
    return f"hears = [\n{told}]\n" if lines else ""


def written(text: str, hears: Sequence[Sequence[Sequence[str]]]) -> str:
    """The script's text with these lines at the end of each of its steps."""
    head, *blocks = re.split(r"(?m)^\[\[steps\]\]\n", text)
    made = [head]
    for block, lines in zip(blocks, hears, strict=True):
        bare = _HEARS.sub("", block)
        own = re.match(r"(?:\w+ = .*\n)+", bare)
        assert own, block
        made.append("[[steps]]\n" + own[0] + _block(lines) + bare[own.end() :])
    return "".join(made)


def _kept(telling: Telling, step: Step, heard: Sequence[MessageRow]) -> list[list[str]]:
    """One line for what one or several people were told, with the words that still fit."""
    lines, old = [], list(step.hears)
    for row in heard:
        fitting = [one for one in old if telling.fits(one, row)]
        words = fitting[0].words if fitting else ()
        if fitting:
            old.remove(fitting[0])
        name, told = telling.name(row), [row.template, *words]
        if lines and lines[-1][1:] == told and name not in lines[-1][0].split(", "):
            lines[-1][0] += f", {name}"
        else:
            lines.append([name, *told])
    return lines


def main() -> None:
    """Plays one script and shows, or writes, what is heard."""
    parser = argparse.ArgumentParser()
    parser.add_argument("code")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--all", action="store_true")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    played = script(asked.code, ZONE)
    lines: dict[int, list[list[str]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        telling = Telling(town_for(Path(folder) / "town", played), played)
        try:
            for step, heard in telling.steps():
                lines[step.number] = _kept(telling, step, heard)
                missing, left = telling.unmet(step, heard)
                print(f"{step.number} {step.at:%d/%m %H:%M} {step.who} {step.act}: {step.text}")
                for one in missing:
                    print(f"    - {one.who} {one.template} {one.words}")
                for row in heard if asked.all else left:
                    print(f"    + {telling.name(row)} {row.template}: {row.text}")
        except Stuck as stuck:
            print(stuck)
        except AssertionError as wrong:
            print(wrong)
        telling.town.close()
    if asked.write:
        path = FOLDER / f"{asked.code.replace('-', '').lower()}.toml"
        old = {
            step.number: [[one.who, one.template, *one.words] for one in step.hears]
            for step in played.steps
        }
        path.write_text(
            written(path.read_text("utf-8"), [lines.get(n, old[n]) for n in sorted(old)]), "utf-8"
        )


if __name__ == "__main__":
    main()
