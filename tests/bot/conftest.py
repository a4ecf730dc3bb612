"""Fixtures of the command line tests: a bare folder, one with the sample, and the command."""

import os
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot import setup
from bot.cli import app
from bot.settings import Settings
from tests.bot.clitown import Bot


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample in it, made once, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    setup.ready(Settings(data_dir=folder, _env_file=None))
    return folder


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that is not there yet, in a working folder without a .env file."""
    for name in [name for name in os.environ if name.startswith("BOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def data(bare: Path, made: Path) -> Path:
    """A data folder with the sample in it."""
    shutil.copytree(made, bare)
    return bare


@pytest.fixture
def bot() -> Bot:
    """Runs one command in this process."""

    def run(*words: str, said: str | None = None) -> Result:
        return CliRunner().invoke(app, words, input=said)

    return run
