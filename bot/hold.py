"""Who works on a data folder: one service at a time, and no restore under a running one.

The hold is an advisory lock on `service.lock` in the data folder; the kernel lets go of it when
the process ends, also by `kill -9`.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.settings import Settings

LOCK = "service.lock"


class Held(Exception):
    """Another process works on this data folder: its number, where it has said it."""

    def __init__(self, folder: Path, by: str) -> None:
        super().__init__(f"{folder} is held by {by}")
        self.folder = folder
        self.by = by


@contextmanager
def held(settings: Settings, *, alone: bool | None = None) -> Iterator[None]:
    """Holds the data folder, which is made when it is not there. Raises Held, OSError.

    Where several services share one folder, with a database on a server, they keep out only who
    wants to be `alone` there: a restore.
    """
    alone = settings.database_is_file if alone is None else alone
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    handle = os.open(settings.data_dir / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            by = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
            raise Held(settings.data_dir, by or "?") from None
        os.truncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)
