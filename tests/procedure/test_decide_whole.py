"""Nothing of the door is left untried: every kind of action, every sentence of refusal."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from procedure import actions as a
from procedure.decide import RULES
from tests.procedure import (
    test_decide_consult,
    test_decide_follow_up,
    test_decide_late,
    test_decide_meeting,
    test_decide_merge,
    test_decide_report,
    test_decide_ring,
    test_decide_speak,
)

ROOT = Path(__file__).resolve().parents[2]
REFUSING = {"Refused", "NotYours", "WrongStep", "Outdated", "BadValue", "require"}
TABLES = {
    "rules_report": test_decide_report.REFUSALS,
    "rules_consult": test_decide_consult.REFUSALS,
    "rules_meeting": test_decide_meeting.REFUSALS,
    "rules_speak": test_decide_speak.REFUSALS,
    "rules_follow_up": test_decide_follow_up.REFUSALS,
    "rules_merge": test_decide_merge.REFUSALS,
    "rules_ring": test_decide_ring.REFUSALS,
    "rules_help": [*test_decide_ring.REFUSALS, *test_decide_late.REFUSALS],
    "rules_handing_on": test_decide_late.REFUSALS,
    "rules_phone": test_decide_late.REFUSALS,
}


def keys(module: str) -> Iterator[str]:
    """The key of every refusal that a module can raise."""
    tree = ast.parse((ROOT / "procedure" / f"{module}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id not in REFUSING:
                continue
            yield from next(words for arg in node.args if (words := list(_words(arg))))


def _words(node: ast.expr) -> Iterator[str]:
    """A key, or one of two."""
    if isinstance(node, ast.IfExp):
        yield from (*_words(node.body), *_words(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


@pytest.mark.parametrize("module", TABLES)
def test_every_refusal_of_a_rule_is_raised_by_a_test(module: str) -> None:
    tried = {row[-1] for row in TABLES[module]}
    assert set(keys(module)) <= tried


def test_the_refusals_of_the_door_itself_are_raised_by_a_test() -> None:
    tried = {row[-1] for table in TABLES.values() for row in table}
    assert set(keys("decide")) <= tried


def test_every_refusal_has_its_sentence() -> None:
    template = (ROOT / "templates" / "refusals.j2").read_text(encoding="utf-8")
    written = set(re.findall(r"{% block (\w+) %}", template))
    for module in (*TABLES, "decide"):
        assert set(keys(module)) <= written, module


def test_every_kind_of_action_has_its_rule() -> None:
    assert set(RULES) == set(a.ACTIONS.values())


def test_every_bar_and_gate_has_its_words() -> None:
    words = (ROOT / "templates" / "words.j2").read_text(encoding="utf-8")
    steps = ast.parse((ROOT / "procedure" / "steps.py").read_text(encoding="utf-8"))
    named: dict[str, set[str]] = {}
    for function in steps.body:
        if isinstance(function, ast.FunctionDef):
            named[function.name] = {
                node.args[0].value
                for node in ast.walk(function)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "append"
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            }
    wanted = {f"gate_{gate}" for gate in named["missing_for_speaking"]}
    wanted |= {f"open_{bar}" for bar in named["missing_for_closing"]}
    # An incident that went beyond its unit's authority late may be barred by these.
    wanted |= {"open_report", "open_direction", "open_conclusion"}
    assert wanted <= set(re.findall(r"{% block (\w+) %}", words))
