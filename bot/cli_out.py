"""How a command ends and what it prints: lines on the console, and the code it leaves with."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from bot.cli_words import NotDone, policy_lines, say, setting_lines
from bot.settings import SettingFaults

if TYPE_CHECKING:
    from procedure.policy import PolicyFault

WRONG, MISUSED = 1, 2


def stop(lines: Iterable[str], code: int = WRONG) -> NoReturn:
    """Says why not, and leaves."""
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(code)


def stop_at_settings(faults: SettingFaults) -> NoReturn:
    """Names every wrong setting and what to write instead."""
    lines = setting_lines(faults)
    stop([say("settings_wrong", count=len(lines)), *lines], MISUSED)


def stop_at_policy(fault: "PolicyFault") -> NoReturn:
    """Names everything wrong with a policy."""
    lines = policy_lines(fault)
    stop([say("policy_bad", count=len(lines)), *lines])


@contextmanager
def or_stop() -> Iterator[None]:
    """What could not be done is said in its own words."""
    try:
        yield
    except NotDone as why:
        stop([why.words])


def put(lines: Iterable[str]) -> None:
    """Prints lines."""
    for line in lines:
        typer.echo(line)


def put_json(value: object) -> None:
    """Prints a value for programs."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
