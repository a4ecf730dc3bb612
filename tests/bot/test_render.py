"""Templates are compiled once and kept beside their sources."""

import sys
from pathlib import Path

import jinja2
import pytest

from bot import render


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One template of one block."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "a.j2").write_text("{% block text %}một{% endblock %}", "utf-8")
    return tmp_path


def said(folder: Path) -> str:
    """The words of the block, by a process that starts now."""
    kept = render._Kept(str(folder / "__pycache__"), "%s.jinja")
    made = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), bytecode_cache=kept)
    return made.get_template("a.j2").render()


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "__pycache__").glob("*.jinja"))


def test_a_template_is_kept_compiled_and_a_changed_one_is_compiled_anew(folder: Path) -> None:
    assert said(folder) == "một"
    (one,) = kept(folder)
    before = one.read_bytes()
    assert said(folder) == "một" and one.read_bytes() == before
    (folder / "a.j2").write_text("{% block text %}hai{% endblock %}", "utf-8")
    assert said(folder) == "hai"


@pytest.mark.parametrize("left", [0, 2, 20, -3])
def test_what_is_damaged_there_is_compiled_anew(folder: Path, left: int) -> None:
    said(folder)
    (one,) = kept(folder)
    one.write_bytes(one.read_bytes()[:left] + b"\xff")
    assert said(folder) == "một"


def test_where_nothing_may_be_written_it_is_compiled_each_time(folder: Path) -> None:
    (folder / "__pycache__").write_text("no folder")
    assert said(folder) == "một"


def test_all_are_compiled_for_a_service_that_may_not_write() -> None:
    assert render.compile_all() == len(list(render.TEMPLATES.rglob("*.j2")))
