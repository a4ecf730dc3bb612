"""A disk of the harness's own, which can be filled under the running process.

Where root may mount, it is a real small file system: full is a real ENOSPC. Elsewhere the process
itself is forbidden to write (RLIMIT_FSIZE), which fails every write there too.
"""

import contextlib
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

SIZE = 48 * 2**20
#: For half an hour of forty people.
LARGE = 512 * 2**20
_LEFT = 8 * 2**10


class Disk:
    """`folder` is where the data lies; `mounted` says whether it is a file system of its own."""

    def __init__(self, folder: Path, size: int = SIZE) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.mounted = _ran("mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder))
        self._ballast = folder / "ballast"

    @contextlib.contextmanager
    def full(self, process: int) -> Iterator[None]:
        """Not a block is left; with a file system of its own for anybody, else for the process."""
        if not self.mounted:
            with unwritable(process):
                yield
            return
        with self._ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(_LEFT))
        try:
            yield
        finally:
            self._ballast.unlink()

    @contextlib.contextmanager
    def read_only(self) -> Iterator[None]:
        """Nothing there can be written, also not by a process that begins now; ask for it while
        none runs."""
        if self.mounted:
            assert _ran("mount", "-o", "remount,ro", str(self.folder))
        modes = {path: path.stat().st_mode for path in (self.folder, *self.folder.iterdir())}
        if not self.mounted:
            for path in modes:
                path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            yield
        finally:
            if self.mounted:
                assert _ran("mount", "-o", "remount,rw", str(self.folder))
            else:
                for path, mode in modes.items():
                    path.chmod(mode)

    @property
    def can_be_read_only(self) -> bool:
        """Root passes over modes: without a file system of its own nothing is unwritable to it."""
        return self.mounted or os.geteuid() != 0

    def close(self) -> None:
        """Takes the file system away."""
        if self.mounted:
            assert _ran("umount", "-l", str(self.folder))
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def unwritable(process: int) -> Iterator[None]:
    """No write of the running process goes through, wherever its data lies: as on a file system
    that has turned read-only under it."""
    _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(process, resource.RLIMIT_FSIZE, (hard, hard))


def _ran(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
