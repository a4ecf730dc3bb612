"""`drill`: one sample incident plays itself, here or in the service that already runs."""

import select
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import typer

from bot.cli_words import say
from bot.drill.doors_http import HttpDoors, NotARehearsal, Stopped
from bot.drill.player import Player, Stuck
from bot.drill.reading import codes, days_apart, script
from bot.drill.script import Script, ScriptFaults, Step
from bot.hold import Held, held
from bot.settings import Settings

Prepare = Callable[..., str]
_KNOCK_SECONDS = 3.0
_LOOK_SECONDS = 0.2


class NotPlayed(Exception):
    """The drill was not played to its end; `lines` say why."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


def play(
    settings: Settings,
    code: str | None,
    *,
    speed: float,
    by_step: bool,
    stays: bool,
    prepare: Prepare,
) -> None:
    """Plays the script of a code; without one lists them.

    In the service at the settings' address when one runs there, else in one of its own. Raises
    NotPlayed, SettingFaults.
    """
    if code is None:
        for one in codes():
            found = _script(one, settings.zone)
            typer.echo(say("drill_listed", code=one, title=found.title, about=found.about))
        return
    showing = Showing(settings, _script(code.upper(), settings.zone), speed, by_step, stays)
    if _runs(showing.address):
        _play_there(showing)
    else:
        try:
            with held(settings):
                _play_here(showing, settings, prepare)
        except Held as other:
            raise NotPlayed(say("already_runs", path=other.folder, by=other.by)) from None
    if showing.why is not None:
        raise showing.why


def _script(code: str, zone: ZoneInfo) -> Script:
    try:
        return script(code, zone)
    except LookupError:
        raise NotPlayed(say("drill_unknown", code=code, codes=codes())) from None
    except ScriptFaults as wrong:
        raise NotPlayed(*fault_lines(code, wrong)) from None


def fault_lines(code: str, wrong: ScriptFaults) -> Iterable[str]:
    """Everything that is wrong with a script, in words."""
    yield say("script_wrong", code=code, count=len(wrong.faults))
    for one in wrong.faults:
        words = say(f"script_{one.key}", **one.facts)
        yield say("script_line", where=one.where, words=words)


def _runs(address: str) -> bool:
    """Whether a service of ours answers there."""
    try:
        found = httpx.get(f"{address}/healthz", timeout=_KNOCK_SECONDS)
        return "tick" in found.json()
    except (httpx.HTTPError, ValueError):
        return False


def _play_there(showing: "Showing") -> None:
    try:
        showing()
    except KeyboardInterrupt:
        typer.echo(say("drill_stopped"))


def _play_here(showing: "Showing", settings: Settings, prepare: Prepare) -> None:
    from bot.service import run
    from bot.world import make_world

    prepare(settings, sample=True)
    world = make_world(settings)
    try:
        sample = world.is_sample()
    finally:
        world.db.close()
    if not sample or settings.rehearsal is False or not settings.loopback:
        raise NotPlayed(say("drill_real"))
    quiet = {"log_level": "WARNING"} if settings.log_level == "INFO" else {}
    run(settings.model_copy(update=quiet), showing)


class Showing:
    """One drill that is played and told, line by line; `why` is what ended it too soon."""

    def __init__(
        self, settings: Settings, played: Script, speed: float, by_step: bool, stays: bool
    ) -> None:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        self.address = f"http://{host}:{settings.port}"
        self.script = played
        self.speed = speed
        self.by_step = by_step
        self.stays = stays
        self.stopping = threading.Event()
        self.why: NotPlayed | None = None
        self.number = 0

    def __call__(self) -> None:
        """Plays it; never raises but for Ctrl-C."""
        doors = HttpDoors(self.address, speed=self.speed, stopping=self.stopping)
        try:
            self._play(doors)
        except NotARehearsal:
            self.why = NotPlayed(say("drill_real"))
        except Stopped:
            typer.echo(say("drill_stopped"))
        except Stuck as stuck:
            facts = {"who": stuck.who, "wanted": stuck.wanted, "there": stuck.there}
            self.why = NotPlayed(say("drill_stuck", number=self.number + 1, **facts))
        except httpx.HTTPError as error:
            why = str(error) or type(error).__name__
            self.why = NotPlayed(say("drill_away", address=self.address, why=why))
        finally:
            doors.close()

    def _play(self, doors: HttpDoors) -> None:
        now = doors.open()
        shift = days_apart(self.script, now)
        self._begin(doors, shift)
        player = Player(self.script, doors, drill=True, shift=shift)
        for step in player.play():
            self.number = step.number
            typer.echo(self._line(player, step, step.at + shift))
            if self.by_step:
                self._enter()
        typer.echo(say("drill_ended", code=self.script.code, incident=player.code))
        if self.stays:
            typer.echo(say("drill_stays", address=self.address))

    def _enter(self) -> None:
        """Waits for a line, or for the end of the service. Raises Stopped."""
        typer.echo(say("drill_enter"))
        while not select.select([sys.stdin], [], [], _LOOK_SECONDS)[0]:
            if self.stopping.is_set():
                raise Stopped
        sys.stdin.readline()

    def _begin(self, doors: HttpDoors, shift: timedelta) -> None:
        start = self.script.start + shift
        facts = {
            "code": self.script.code,
            "title": self.script.title,
            "address": self.address,
            "at": f"{start:%H:%M %d/%m/%Y}",
            "steps": len(self.script.told(drill=True)),
        }
        typer.echo(say("drill_begins", **facts))
        doors.jump(start)

    def _line(self, player: Player, step: Step, at: datetime) -> str:
        return say(
            "drill_step",
            at=f"{at:%d/%m %H:%M}",
            who=step.who,
            act=step.act.value,
            text=player.words(step.text),
            to=player.words(step.to),
            files=step.files,
        )
