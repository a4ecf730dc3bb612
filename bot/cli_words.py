"""The words of the command line: blocks of `templates/cli*.j2`, one sentence or line each."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.render import Renderer
from bot.settings import SettingFaults
from procedure.policy import PolicyFault


@cache
def _blocks() -> Mapping[str, Any]:
    """The template of each block."""
    environment = Renderer(ZoneInfo("UTC")).environment
    several = [
        environment.get_template(name)
        for name in ("cli.j2", "cli_people.j2", "cli_personal.j2", "cli_sheet.j2")
    ]
    return {block: template for template in several for block in template.blocks}


class NotDone(Exception):
    """Nothing was written or changed; `words` say why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def say(block: str, /, **facts: Any) -> str:
    """The words of a block, as one line. Raises KeyError for a block that is not there."""
    template = _blocks()[block]
    written = "".join(template.blocks[block](template.new_context(facts)))
    return " ".join(written.split())


def say_whole(block: str, /, **facts: Any) -> str:
    """The words of a block with their lines, for a page to be printed."""
    template = _blocks()[block]
    return "".join(template.blocks[block](template.new_context(facts))).strip() + "\n"


def has(block: str) -> bool:
    """Whether there are words of this name."""
    return block in _blocks()


def setting_lines(faults: SettingFaults) -> list[str]:
    """Every wrong setting, each with what to write instead."""
    return [
        say("setting_fault", name=name, wanted=_wanted(name, why))
        for name, why in faults.faults.items()
    ]


def _wanted(name: str, why: str) -> str:
    for block in (f"wanted_{why}", f"wanted_{name.removeprefix('BOT_').lower()}"):
        if has(block):
            return say(block)
    return say("wanted_other", why=why)


def policy_lines(faults: PolicyFault) -> list[str]:
    """Every fault of a policy text, in words, with its place in the text."""
    lines = []
    for fault in faults.faults:
        block = fault.key.replace(".", "_")
        facts = {name: _fact(name, value) for name, value in fault.facts.items()}
        words = say(block if has(block) else "policy_other", **facts, key=fault.key)
        lines.append(say("policy_line", where=fault.where, words=words))
    return lines


#: Facts of a policy fault that are words of the code, and how the blocks of their words begin.
_CODED = {"severity": "severity", "level": "level", "wanted": "kind"}


def _fact(name: str, value: str | int) -> str | int:
    block = f"{_CODED.get(name, '')}_{value}"
    return say(block) if name in _CODED and has(block) else value
