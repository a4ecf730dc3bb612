"""The rules of the house that no ready-made linter knows."""

import ast
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "handlers", "storage", "procedure")
PURE = ("procedure", "handlers")
FOLDERS = (*PACKAGES, "templates", "tests", "scripts")
LONGEST_FILE = 400
LONGEST_FUNCTION = 45  # aim for 30
CLOCK_READS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "monotonic_ns"}
CLOCKS = {"datetime", "date", "time"}


def files(*suffixes: str, folders: tuple[str, ...] = FOLDERS) -> list[Path]:
    found = (path for folder in folders for path in (ROOT / folder).rglob("*"))
    return sorted(path for path in found if path.suffix in suffixes and path.is_file())


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code(*packages: str) -> dict[str, ast.Module]:
    """Each module of the packages, read as syntax, by its path."""
    return {
        name(path): ast.parse(path.read_text(encoding="utf-8"))
        for path in files(".py", folders=packages)
    }


def vietnamese(text: str) -> bool:
    """Whether `text` has a Vietnamese letter; a table that only folds đ to d is no sentence."""
    letters = unicodedata.normalize("NFD", text)
    if not text.strip("đĐdD"):
        return False
    return re.search("[đĐ]|[A-Za-z][\u0300-\u036f]", letters) is not None


def spoken_literals(module: ast.Module) -> Iterator[tuple[int, str]]:
    """The string literals of a module, with their lines, without its docstrings."""
    docstrings = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if not isinstance(node, ast.Constant) or id(node) in docstrings:
            continue
        if isinstance(node.value, str):
            yield node.lineno, node.value


def lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def functions(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Each function's name and its length in lines, its docstring not counted."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = ast.get_docstring(node) is not None
            docstring = lines(node.body[0]) if documented else 0
            yield node.name, lines(node) - docstring


def clock_reads(module: ast.Module) -> Iterator[int]:
    """The lines on which a module asks the machine what time it is."""
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr in CLOCK_READS:
            owner = node.value
            called = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if called in CLOCKS:
                yield node.lineno
        if isinstance(node, ast.Import | ast.ImportFrom) and "time" in imported(node):
            yield node.lineno


def imported(module: ast.AST) -> set[str]:
    """The top-level names that a module, or one statement, imports."""
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_no_code_file_holds_a_vietnamese_sentence() -> None:
    spoken = [
        (path, *literal)
        for path, module in code(*PACKAGES, "scripts").items()
        for literal in spoken_literals(module)
        if vietnamese(literal[1])
    ]
    assert spoken == [], "Vietnamese words live in templates/ and in data files"


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {
        name(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in files(".py", ".js", ".j2")
    }
    long = {path: length for path, length in lengths.items() if length > LONGEST_FILE}
    assert long == {}, "split it by a noun of the glossary"


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        (path, *function)
        for path, module in code(*PACKAGES, "scripts").items()
        for function in functions(module)
        if function[1] > LONGEST_FUNCTION and "/versions/" not in path  # a list of statements
    ]
    assert long == []


def test_no_module_is_called_utils_or_helpers() -> None:
    vague = {"util", "utils", "helper", "helpers", "misc", "common"}
    assert [name(path) for path in files(".py", ".js") if path.stem in vague] == []


def test_rules_and_conversations_never_read_the_clock() -> None:
    reads = [(path, n) for path, module in code(*PURE).items() for n in clock_reads(module)]
    assert reads == [], "`now` is an argument"


def test_rules_and_conversations_import_the_standard_library_only() -> None:
    allowed = sys.stdlib_module_names | set(PURE)
    foreign = {path: imported(module) - allowed for path, module in code(*PURE).items()}
    assert {path: names for path, names in foreign.items() if names} == {}


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ('x = "Đề nghị đồng chí xác nhận"', True),
        ('x = f"vụ {y}"', True),
        ('x = "de nghi"', False),
        ('"""Vụ việc."""', False),
        ('def f():\n    """Bước 1."""', False),
        ('x = y.replace("đ", "d")', False),
        ('x = "… — ✓ ⛔"', False),
    ],
)
def test_the_language_rule_catches_words_and_spares_docstrings(source: str, caught: bool) -> None:
    found = [text for _, text in spoken_literals(ast.parse(source)) if vietnamese(text)]
    assert bool(found) is caught


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ("from datetime import datetime\nx = datetime.now(UTC)", True),
        ("import datetime\nx = datetime.datetime.now()", True),
        ("import datetime\nx = datetime.date.today()", True),
        ("import time\nx = time.time()", True),
        ("from time import monotonic", True),
        ("import time as clock", True),
        ("field(default_factory=datetime.now)", True),
        ("from datetime import time", False),
        ("x = facts.now", False),
        ("x = moment.time()", False),
    ],
)
def test_the_clock_rule_catches_every_way_to_ask_the_time(source: str, caught: bool) -> None:
    assert bool(list(clock_reads(ast.parse(source)))) is caught


def test_the_length_rule_counts_a_function_without_its_docstring() -> None:
    source = 'def f():\n    """One.\n\n    Two.\n    """\n    x = 1\n    return x\n'
    assert list(functions(ast.parse(source))) == [("f", 3)]
