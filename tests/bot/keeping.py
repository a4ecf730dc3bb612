"""What the tests of backups share: a province with files, and what a data folder says."""

import hashlib
import io
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

from bot import files
from bot.accept import Update, accept
from bot.settings import Settings
from bot.turn import turn_all
from bot.world import World
from tests.bot.webtown import REPORTER, sample_world
from tests.fixtures import LINE

PNG = b"\x89PNG\r\n\x1a\n"


def settings(folder: Path, **given: Any) -> Settings:
    """The settings of a data folder, and none of the machine's own."""
    return Settings(data_dir=folder, _env_file=None, **given)


def told(world: World, text: str = LINE, photo: bytes = b"") -> None:
    """The reporter writes a line with a photo that nobody has sent before; it is handled."""
    photo = photo or PNG + uuid.uuid4().bytes * 40
    accept(
        world,
        Update(
            channel="web",
            external=uuid.uuid4().hex,
            person=REPORTER,
            body={"type": "message", "text": text},
            texts=[text],
            arrived=[files.receive(world.settings, io.BytesIO(photo), "a.png")],
        ),
    )
    turn_all(world)


def province(folder: Path, *, photos: int = 3) -> Path:
    """A data folder with the sample, some photos kept in it."""
    world = sample_world(folder)
    for _ in range(photos):
        told(world)
    world.db.close()
    return folder


def asked(folder: Path, query: str) -> list[Any]:
    """What one question to the database of a folder gives."""
    address = f"{(folder / 'motdaumoi.db').as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        return connection.execute(query).fetchall()


def state(folder: Path) -> dict[str, bytes]:
    """Every byte that counts in a data folder, by its place; the lock and the log's index not."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    return {name: kept for name, kept in found.items() if not name.endswith((".lock", "-shm"))}


def lines(folder: Path) -> int:
    """How many messages the database of a folder has."""
    return int(asked(folder, "SELECT count(*) FROM messages")[0][0])


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def missing(folder: Path) -> list[str]:
    """The files that the database names and the disk has not, byte for byte."""
    here = settings(folder)
    lacking = []
    for (sha256,) in asked(folder, "SELECT sha256 FROM files"):
        path = files.path_of(here, sha256)
        if not path.is_file() or sha256_of(path) != sha256:
            lacking.append(sha256)
    return lacking
