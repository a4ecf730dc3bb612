"""Fixtures of the command line (a bare folder, one with the sample) and of rooms on the web."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from starlette.testclient import TestClient
from typer.testing import CliRunner

from bot import setup
from bot.cli import app
from bot.settings import Settings
from bot.web.state import Web
from tests.bot.clitown import Bot
from tests.bot.webroom import received
from tests.bot.webtown import client_of, sample_world, web_over


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


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """The pages of a rehearsal."""
    world = sample_world(tmp_path)
    yield web_over(world)
    world.db.close()


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Web]:
    """Not a rehearsal: everybody is only himself."""
    world = sample_world(tmp_path / "real", rehearsal=False)
    yield web_over(world)
    world.db.close()


@pytest.fixture
def page(web: Web) -> TestClient:
    return client_of(web)


@pytest.fixture
def stream(web: Web) -> str:
    """An incident of the commune that the province has received and called a meeting about."""
    return received(web)
