"""Reads a script from its TOML and names everything that is wrong with it."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot import wordlists
from bot.drill import samples
from bot.drill.script import (
    PLACEHOLDER,
    SHOWS,
    Absence,
    Act,
    Expected,
    Fault,
    Heard,
    Only,
    Script,
    ScriptFaults,
    Step,
)
from procedure.words import Authority, Severity, Verdict

FOLDER = wordlists.DATA / "drills"
_CLOCK = re.compile(r"(?:(\d{1,2})/(\d{1,2}) )?(\d{1,2}):(\d{2})")
_HEADER = {
    "code": str,
    "title": str,
    "about": str,
    "start": datetime,
    "opener": str,
    "reporter": str,
    "plays": list,
    "expects": dict,
    "steps": list,
}
_MORE = {"late": list, "absent": list, "press": list}
_EXPECTS = {
    "kind": str,
    "opens_as": str,
    "suggests": str,
    "severity": str,
    "authority": str,
    "step": str,
    "verdicts": list,
    "spokesperson": str,
}
_STEP = {
    **{act.value: str for act in Act},
    **dict.fromkeys(("at", "who", "on", "replies_to", "only"), str),
    **dict.fromkeys(("photos", "files", "voice", "shows", "hears"), list),
}
ENDS = frozenset({"closed", "watching"})


def codes() -> tuple[str, ...]:
    """The codes of the scripts that are there, in order."""
    return tuple(path.stem.upper().replace("VV", "VV-") for path in sorted(FOLDER.glob("vv*.toml")))


def script(code: str, zone: ZoneInfo) -> Script:
    """The script of a code. Raises LookupError when there is none, ScriptFaults."""
    if code not in codes():
        raise LookupError(code)
    return read_script(wordlists.text(f"drills/{code.replace('-', '').lower()}"), zone)


def read_script(text: str, zone: ZoneInfo) -> Script:
    """A script from its text; times are those of `zone`. Raises ScriptFaults naming all faults."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScriptFaults([Fault("", "not_toml", {"why": str(error)})]) from None
    return _Reader(data, zone).read()


class _Reader:
    """One reading; faults gather until the end."""

    def __init__(self, data: Mapping[str, Any], zone: ZoneInfo) -> None:
        self.data = data
        self.zone = zone
        self.faults: list[Fault] = []

    def read(self) -> Script:
        """The script. Raises ScriptFaults."""
        self._shape("", self.data, _HEADER, _MORE)
        if not self.faults:
            self._shape("expects", self.data["expects"], _EXPECTS, {"never": list})
        if self.faults:
            raise ScriptFaults(self.faults)
        start = self.data["start"].replace(tzinfo=self.zone)
        self.cast = tuple(self.data["plays"])
        steps = tuple(self._steps(start))
        made = Script(
            code=self.data["code"],
            title=self.data["title"],
            about=self.data["about"],
            start=start,
            opener=self.data["opener"],
            reporter=self.data["reporter"],
            plays=self.cast,
            expected=self._expected(self.data["expects"]),
            steps=steps,
            late=tuple(self.data.get("late", ())),
            absent=tuple(self._absent(start)),
            press=tuple(self.data.get("press", ())),
        )
        self._people(made)
        if self.faults:
            raise ScriptFaults(self.faults)
        return made

    def fault(self, where: str, key: str, **facts: str) -> None:
        """Notes one thing that is wrong."""
        self.faults.append(Fault(where, key, facts))

    def _shape(
        self,
        where: str,
        table: Mapping[str, Any],
        wanted: Mapping[str, type],
        more: Mapping[str, type],
    ) -> None:
        lead = f"{where}." if where else ""
        for name in wanted.keys() - table.keys():
            self.fault(f"{lead}{name}", "missing")
        for name, value in table.items():
            kind = wanted.get(name) or more.get(name)
            if kind is None:
                self.fault(f"{lead}{name}", "unknown_key")
            elif not isinstance(value, kind):
                self.fault(f"{lead}{name}", "wrong_kind", wanted=kind.__name__)

    def _expected(self, table: Mapping[str, Any]) -> Expected:
        lists: dict[str, type[Severity] | type[Authority]] = {
            "opens_as": Severity,
            "suggests": Authority,
            "severity": Severity,
            "authority": Authority,
        }
        for name, kind in lists.items():
            self._listed(f"expects.{name}", table[name], {one.value for one in kind})
        self._listed("expects.step", table["step"], ENDS)
        for verdict in table["verdicts"]:
            self._listed("expects.verdicts", verdict, {one.value for one in Verdict})
        return Expected(
            kind=table["kind"],
            opens_as=table["opens_as"],
            suggests=table["suggests"],
            severity=table["severity"],
            authority=table["authority"],
            step=table["step"],
            verdicts=tuple(table["verdicts"]),
            spokesperson=table["spokesperson"],
            never=tuple(table.get("never", ())),
        )

    def _listed(self, where: str, value: str, known: Any) -> None:
        if value not in known:
            self.fault(where, "not_listed", value=str(value))

    # Steps

    def _steps(self, start: datetime) -> Iterator[Step]:
        last, who = start, ""
        for number, row in enumerate(self.data["steps"], 1):
            where = f"steps.{number}"
            before = len(self.faults)
            self._shape(where, row, {}, _STEP)
            acts = [act for act in Act if act in row]
            if len(acts) > 1 or (not acts and not _files(row)):
                self.fault(where, "one_act")
            if len(self.faults) > before:
                continue
            act = acts[0] if acts else Act.SAYS
            who = row.get("who", who)
            last = self._moment(where, row, act, last)
            yield self._step(number, row, act, "" if act is Act.WAITS else who, last)

    def _step(self, number: int, row: Mapping[str, Any], act: Act, who: str, at: datetime) -> Step:
        where = f"steps.{number}"
        if act is not Act.WAITS and not who:
            self.fault(where, "nobody")
        for name in _files(row):
            if not samples.known(name):
                self.fault(where, "unknown_file", name=name)
        for name in row.get("shows", ()):
            self._listed(f"{where}.shows", name, SHOWS)
        if "only" in row:
            self._listed(f"{where}.only", row["only"], set(Only))
        text = row.get(act.value, "")
        to = row.get("replies_to", "")
        if act in (Act.EDITS, Act.RECALLS):
            to, text = text, row.get("says", "")
        for words in (text, to, row.get("on", "")):
            self._placeholders(where, words)
        return Step(
            number=number,
            at=at,
            act=act,
            who=who,
            text="" if act is Act.WAITS else text,
            on=row.get("on", ""),
            to=to,
            files=_files(row),
            only=Only(row["only"]) if row.get("only") in set(Only) else None,
            shows=tuple(row.get("shows", ())),
            hears=tuple(self._hears(where, row)),
        )

    def _placeholders(self, where: str, words: str) -> None:
        if "{" in PLACEHOLDER.sub("", words):
            self.fault(where, "bad_placeholder", words=words[:40])

    def _hears(self, where: str, row: Mapping[str, Any]) -> Iterator[Heard]:
        for heard in row.get("hears", ()):
            told = isinstance(heard, list) and all(isinstance(one, str) for one in heard)
            if not told or len(heard) < 2 or "#" not in heard[1]:
                self.fault(f"{where}.hears", "not_heard")
            else:
                for who in heard[0].split(", "):
                    yield Heard(who, heard[1], tuple(heard[2:]))

    def _moment(self, where: str, row: Mapping[str, Any], act: Act, last: datetime) -> datetime:
        given = row[Act.WAITS] if act is Act.WAITS else row.get("at")
        if given is None:
            return last
        at = self._read_moment(given, last)
        if at is None:
            self.fault(where, "not_a_time", value=str(given))
            return last
        if at < last:
            self.fault(where, "goes_back", value=str(given))
        return at

    def _read_moment(self, given: str, last: datetime) -> datetime | None:
        """ "02:36" on the day of the step before, or "13/10 08:00"."""
        found = _CLOCK.fullmatch(given)
        if found is None:
            return None
        day, month, hour, minute = (int(part) if part else None for part in found.groups())
        try:
            at = last.replace(hour=hour or 0, minute=minute or 0, second=0)
            return at.replace(day=day, month=month or at.month) if day else at
        except ValueError:
            return None

    # People

    def _absent(self, start: datetime) -> Iterator[Absence]:
        for number, row in enumerate(self.data.get("absent", ()), 1):
            where = f"absent.{number}"
            self._shape(where, row, {"who": str, "since": str, "until": str}, {})
            since = self._read_moment(str(row.get("since")), start)
            until = self._read_moment(str(row.get("until")), start)
            if since is None or until is None:
                self.fault(where, "not_a_time", value=str(row.get("since")))
            else:
                yield Absence(str(row.get("who")), since, until)

    def _people(self, made: Script) -> None:
        named = (made.opener, made.reporter, made.expected.spokesperson, *made.late)
        for who in (*named, *(one.who for one in made.absent)):
            if who not in made.plays:
                self.fault("plays", "not_in_cast", who=who)
        for step in made.steps:
            if step.who and step.who not in made.plays:
                self.fault(f"steps.{step.number}", "not_in_cast", who=step.who)
            away = [one for one in made.absent if one.who == step.who]
            if any(one.since <= step.at < one.until for one in away):
                self.fault(f"steps.{step.number}", "absent_acts", who=step.who)


def _files(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        name for kind in ("photos", "files", "voice") for name in row.get(kind, ()) if name
    )


def days_apart(script: Script, now: datetime) -> timedelta:
    """How far the whole story moves so that it begins at or after `now`.

    A working day stays a working day, and a day of rest one of rest.
    """
    shift = timedelta(days=max(0, (now.astimezone(script.start.tzinfo) - script.start).days))
    while script.start + shift < now or _rests(script.start) is not _rests(script.start + shift):
        shift += timedelta(days=1)
    return shift


def _rests(day: datetime) -> bool:
    return day.weekday() >= 5
