"""Reads the data files that hold words and numbers, once, at the start."""

import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data"


def table(name: str) -> dict[str, Any]:
    """A data file as a mapping. Raises OSError or tomllib.TOMLDecodeError."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def text(name: str) -> str:
    """A data file as text."""
    return (DATA / f"{name}.toml").read_text(encoding="utf-8")
