"""The sample database as a file, made once for all tests of a run and copied for each."""

import atexit
import shutil
import sqlite3
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from bot.settings import Settings
from bot.setup import ready


@cache
def sample_database() -> Path:
    """The sample database, made once for all tests of a run."""
    folder = _folder()
    ready(Settings(data_dir=folder, _env_file=None))
    return folder / "motdaumoi.db"


def kept(database: Path) -> Path:
    """A copy of an open database as it stands now, kept until the run ends."""
    path = _folder() / "motdaumoi.db"
    source, target = sqlite3.connect(database), sqlite3.connect(path)
    source.backup(target)
    source.close()
    target.close()
    return path


def _folder() -> Path:
    folder = Path(mkdtemp(prefix="motdaumoi-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
