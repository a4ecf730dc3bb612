"""A backup: the database as it stands at one moment, every file that it names, a manifest."""

import contextlib
import gzip
import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from bot.files import path_of
from bot.settings import Settings
from bot.tape import Recorder, Sink
from procedure.codec import canonical
from storage import copies, loose_files, migrate
from storage.copies import Taken
from storage.database import open_database

MANIFEST = "manifest.json"
FORMAT = "motdaumoi-backup-1"
#: A copy of the database lies here while it is written out; what a kill leaves is swept.
SPARE = ".backup-"
_PACKED = (".gz", ".tgz")
_CHUNK = 256 * 1024


@dataclass(frozen=True)
class Made:
    """What a backup holds; `lacking` are files that the database names and the disk has not."""

    files: int
    entries: int
    lacking: Sequence[str]


def to_file(settings: Settings, path: Path, now: datetime) -> Made:
    """Writes a backup under a name that is free; packed by gzip when the name says so.

    It gets its name when all of it is on the disk. Raises FileExistsError, BrokenDatabase, OSError.
    """
    if path.exists():
        raise FileExistsError(path)
    spare = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with _packing(out, path) as sink:
                made = to_stream(settings, sink, now)
            out.flush()
            os.fsync(out.fileno())
        _name(spare, path)
    finally:
        spare.unlink(missing_ok=True)
    return made


def to_stream(settings: Settings, out: Sink, now: datetime) -> Made:
    """Writes a backup as it is made: into a pipe to a program that enciphers it, for one.

    Raises BrokenDatabase, OSError.
    """
    with TemporaryDirectory(prefix=SPARE, dir=settings.data_dir) as folder:
        taken = copies.take(settings.database, Path(folder))
        made = _record(settings, Recorder(out, now), taken, now)
    return replace(made, lacking=_missed(settings, made)) if made.lacking else made


def file_name(sha256: str) -> str:
    """The name of a kept file in a backup."""
    return f"files/{sha256[:2]}/{sha256}"


def _record(settings: Settings, tape: Recorder, taken: Taken, now: datetime) -> Made:
    members: dict[str, dict[str, object]] = {}
    lacking = []
    size = taken.path.stat().st_size
    with taken.path.open("rb") as source:
        members[copies.MEMBER] = {
            "size": size,
            "sha256": tape.add(copies.MEMBER, source, size),
        }
    for sha256, size in taken.files:
        if _add_file(tape, path_of(settings, sha256), sha256, size):
            members[file_name(sha256)] = {"size": size, "sha256": sha256}
        else:
            lacking.append(sha256)
    tape.add_text(MANIFEST, canonical(_manifest(taken, members, lacking, now)))
    tape.close()
    entries = sum(head.seq for head in taken.heads)
    return Made(len(members) - 1, entries, lacking)


def _missed(settings: Settings, made: Made) -> list[str]:
    """What was erased while the backup was made is lacking, and missed by nobody."""
    database = open_database(settings.database)
    try:
        named = database.read(loose_files.hashes)
    finally:
        database.close()
    return [one for one in made.lacking if one in named]


def _add_file(tape: Recorder, path: Path, sha256: str, size: int) -> bool:
    """Adds a file when its bytes are those of its name: one that rots must not spoil the rest."""
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return False
    with source:
        digest, length = _digest(source)
        if (digest, length) != (sha256, size):
            return False
        source.seek(0)
        return tape.add(file_name(sha256), source, size) == sha256


def _digest(source: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _manifest(
    taken: Taken, members: dict[str, dict[str, object]], lacking: Sequence[str], now: datetime
) -> dict[str, object]:
    return {
        "format": FORMAT,
        "made_at": now.isoformat(timespec="seconds"),
        "database": taken.kind,
        "schema": taken.schema.revision,
        "oldest_binary": taken.schema.oldest_binary,
        "generation": migrate.GENERATION,
        "heads": {head.stream: [head.seq, head.hash] for head in taken.heads},
        "members": members,
        "lacking": list(lacking),
    }


@contextlib.contextmanager
def _packing(out: BinaryIO, path: Path) -> Iterator[Sink]:
    if path.name.endswith(_PACKED):
        with gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=6) as packed:
            yield packed
    else:
        yield out


def _name(spare: Path, path: Path) -> None:
    """Only a free name is taken, also when another backup took it meanwhile."""
    try:
        os.link(spare, path)
    except FileExistsError:
        raise
    except OSError:  # A stick without hard links.
        if path.exists():
            raise FileExistsError(path) from None
        os.rename(spare, path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
