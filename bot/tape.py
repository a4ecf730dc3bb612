"""An archive that is written and read from end to end, never held in memory, and sealed.

It is a plain tar of regular files (any `tar -tf` reads it). Its last member, `SEAL`, is the
SHA-256 of every byte before it; behind it stand only the zeros that end a tar. So a cut or a
changed byte anywhere is noticed, by whoever has the archive alone.
"""

import hashlib
import tarfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

SEAL = "SEAL"
_CHUNK = 256 * 1024
_BLOCK, _RECORD = tarfile.BLOCKSIZE, tarfile.RECORDSIZE
_MODE = 0o600


class Damaged(Exception):
    """Not an archive of ours, or not whole: the argument is the key of the reason."""


class Sink(Protocol):
    """Where bytes go."""

    def write(self, chunk: bytes, /) -> object:
        """Takes a piece."""
        ...


@dataclass(frozen=True)
class Member:
    """A file on the tape: its name and its size in bytes."""

    name: str
    size: int


class Recorder:
    """Writes an archive to `out`; every member carries the moment `at`."""

    def __init__(self, out: Sink, at: datetime) -> None:
        self._out = out
        self._at = int(at.timestamp())
        self._all = hashlib.sha256()
        self.written = 0

    def add(self, name: str, source: BinaryIO, size: int) -> str:
        """Adds the next `size` bytes of a source; returns their SHA-256. Raises OSError, EOFError.

        A source that holds less breaks the tape: EOFError.
        """
        self._write(_header(name, size, self._at))
        digest, left = hashlib.sha256(), size
        while left:
            chunk = source.read(min(_CHUNK, left))
            if not chunk:
                raise EOFError(name)
            digest.update(chunk)
            self._write(chunk)
            left -= len(chunk)
        self._write(bytes(-size % _BLOCK))
        return digest.hexdigest()

    def add_text(self, name: str, text: str) -> None:
        """Adds a short text."""
        content = text.encode()
        self._write(_header(name, len(content), self._at) + content)
        self._write(bytes(-len(content) % _BLOCK))

    def close(self) -> None:
        """Seals the tape and ends it."""
        self.add_text(SEAL, self._all.hexdigest())
        ends_at = self.written + 2 * _BLOCK
        self._write(bytes(2 * _BLOCK + -ends_at % _RECORD))

    def _write(self, chunk: bytes) -> None:
        self._out.write(chunk)
        self._all.update(chunk)
        self.written += len(chunk)


def _header(name: str, size: int, at: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, at, _MODE
    return info.tobuf(tarfile.GNU_FORMAT)


class Player:
    """Reads an archive from `source`, member by member, and nothing but regular files.

    Every call raises Damaged: `foreign`, `cut`, `changed` or `unpacked` (the compression).
    """

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._all = hashlib.sha256()
        self._read = 0

    def next(self) -> Member | None:
        """The next member, to be copied before the one after it; None behind the seal."""
        before = self._all.hexdigest()
        block = self._block(_BLOCK, "foreign" if self._read == 0 else "cut")
        try:
            info = tarfile.TarInfo.frombuf(block, "ascii", "strict")
        except (tarfile.HeaderError, UnicodeDecodeError):
            raise Damaged("foreign" if self._read == _BLOCK else "changed") from None
        if info.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
            raise Damaged("foreign")
        if info.name != SEAL:
            return Member(info.name, info.size)
        seal = before.encode()
        if block != _header(SEAL, len(seal), int(info.mtime)):
            raise Damaged("changed")
        if self._block(len(seal), "cut") != seal:
            raise Damaged("changed")
        self._end(len(seal))
        return None

    def copy(self, member: Member, to: Sink) -> str:
        """Hands on the bytes of the member that `next` gave; returns their SHA-256."""
        digest, left = hashlib.sha256(), member.size
        while left:
            chunk = self._block(min(_CHUNK, left), "cut")
            digest.update(chunk)
            to.write(chunk)
            left -= len(chunk)
        self._zeros(-member.size % _BLOCK)
        return digest.hexdigest()

    def _end(self, size: int) -> None:
        self._zeros(-size % _BLOCK)
        ends_at = self._read + 2 * _BLOCK
        self._zeros(2 * _BLOCK + -ends_at % _RECORD)
        if self._pull(1):
            raise Damaged("changed")

    def _zeros(self, count: int) -> None:
        if any(self._block(count, "cut")):
            raise Damaged("changed")

    def _block(self, count: int, short: str) -> bytes:
        found = self._pull(count)
        if len(found) < count:
            raise Damaged(short)
        self._all.update(found)
        self._read += count
        return found

    def _pull(self, count: int) -> bytes:
        """As many bytes as there are; a pipe gives them in pieces."""
        parts, left = [], count
        while left:
            try:
                chunk = self._source.read(left)
            except EOFError:
                raise Damaged("cut") from None
            except (OSError, ValueError, zlib.error) as error:
                raise Damaged("unpacked") from error
            if not chunk:
                break
            parts.append(chunk)
            left -= len(chunk)
        return b"".join(parts)
