"""Keeping files: sniffed, measured while they stream in, durable before they have a name.

A file first lies under a temporary name in `data_dir/files/tmp`; it takes its place under its
SHA-256 in the transaction that stores its message. A message that is stopped or refused leaves
no file behind.
"""

import codecs
import contextlib
import hashlib
import io
import os
import secrets
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import filetype

from bot.settings import Settings
from procedure.codec import Prose
from procedure.facts import FileRef
from storage import files
from storage.database import Session
from storage.tables import FileRow

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 10
_CHUNK = 256 * 1024
_NAME_LENGTH = 120
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_PLAIN = frozenset("\t\n\r\f")

DOCX, XLSX = f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet"
DOC, XLS, TEXT = "application/msword", "application/vnd.ms-excel", "text/plain"
#: What `filetype` may find, and the one name under which we keep it.
ALLOWED: Mapping[str, str] = {
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "image/webp": "image/webp",
    "image/heic": "image/heic",
    "image/gif": "image/gif",
    "audio/mpeg": "audio/mpeg",
    "audio/mp4": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "audio/ogg": "audio/ogg",
    "audio/amr": "audio/amr",
    "audio/x-wav": "audio/wav",
    "audio/wav": "audio/wav",
    "video/mp4": "video/mp4",
    "application/pdf": "application/pdf",
}


class FileRefused(Exception):
    """A file that is not kept: the key of the sentence and its facts."""

    def __init__(self, key: str, **facts: Any) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


@dataclass(frozen=True)
class Arrived:
    """A file that is safe on the disk under a temporary name."""

    temporary: Path
    ref: FileRef


def folder_of(settings: Settings) -> Path:
    """Where files are kept."""
    return settings.data_dir / "files"


def path_of(settings: Settings, sha256: str) -> Path:
    """Where the file with this hash lies, or would lie."""
    return folder_of(settings) / sha256[:2] / sha256


def sweep(settings: Settings) -> int:
    """Removes what a killed process left half received. Returns how many files."""
    left = list((folder_of(settings) / "tmp").glob("*"))
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def receive(settings: Settings, source: BinaryIO, name: str) -> Arrived:
    """Copies an upload to a temporary file, measured, hashed and sniffed; never by its name.

    Raises FileRefused: `file_too_large`, `file_empty` or `file_type`; nothing is left then.
    """
    spare = folder_of(settings) / "tmp"
    spare.mkdir(parents=True, exist_ok=True)
    temporary = spare / secrets.token_hex(16)
    shown = clean_name(name)
    try:
        sha256, size = _copy(source, temporary, shown)
        media_type = sniffed(temporary)
        if media_type is None:
            raise FileRefused("file_type", name=shown)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    ref = FileRef(sha256=sha256, media_type=media_type, size=size, name=Prose(shown))
    return Arrived(temporary, ref)


def _copy(source: BinaryIO, to: Path, name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with to.open("xb") as out:
        os.fchmod(out.fileno(), 0o600)
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                raise FileRefused("file_too_large", name=name)
            digest.update(chunk)
            out.write(chunk)
        if size == 0:
            raise FileRefused("file_empty", name=name)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), size


def place(
    session: Session, settings: Settings, arrived: Arrived, *, owner: int, at: datetime
) -> None:
    """Gives a file its lasting name and its row; call it in the transaction of its message.

    The transaction may be run again: what its first run has put there lies there already.
    """
    ref = arrived.ref
    to = path_of(settings, ref.sha256)
    row = FileRow(
        sha256=ref.sha256,
        media_type=ref.media_type,
        size=ref.size,
        name=str(ref.name),
        owner=owner,
        kept_at=at,
    )
    # The row first: from then on no sweep takes away what is put there.
    files.keep(session, row)
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.replace(arrived.temporary, to)
    except FileNotFoundError:
        if not to.exists():
            raise
    _sync(to.parent)


def discard(arrived: Arrived) -> None:
    """Lets go of a file that was not placed."""
    arrived.temporary.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def clean_name(name: str) -> str:
    """A file's name as it may be shown: no folders, no unseen letters, 120 letters at most."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(
        c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C"
    )
    seen = " ".join(seen.split())
    stem, dot, ending = seen.rpartition(".")
    if len(seen) > _NAME_LENGTH:
        seen = stem[: _NAME_LENGTH - len(ending) - 1] + dot + ending[:16] if dot else seen
    return seen[:_NAME_LENGTH] or "file"


def sniffed(path: Path) -> str | None:
    """The media type that the bytes themselves show, or None when it is not an allowed one."""
    with path.open("rb") as file:
        head = file.read(8192)
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    if head.startswith(_COMPOUND):
        return _old_office(path)
    found = filetype.guess(head)
    if found is not None:
        return ALLOWED.get(found.mime)
    return TEXT if _is_text(path) else None


def _office(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    # Macros run on the reader's machine: such files are none of those listed.
    if "[Content_Types].xml" not in names or any(n.endswith("vbaProject.bin") for n in names):
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _old_office(path: Path) -> str | None:
    content = path.read_bytes()
    if "WordDocument".encode("utf-16-le") in content:
        return DOC
    sheets = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
    return XLS if any(one in content for one in sheets) else None


def _is_text(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                if not _printable(decoder.decode(chunk)):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _printable(text: str) -> bool:
    return all(c >= " " or c in _PLAIN for c in text) and "\x7f" not in text


def kind_of(media_type: str) -> str:
    """How a page shows a file: image, audio or file. Browsers do not draw HEIC."""
    if media_type == "image/heic":
        return "file"
    top = media_type.partition("/")[0]
    return top if top in ("image", "audio") else "file"


def opens_in_page(media_type: str) -> bool:
    """Whether a browser may show it itself; everything else is saved to the disk."""
    return kind_of(media_type) != "file" or media_type == "application/pdf"


def keep_made(
    session: Session,
    settings: Settings,
    content: bytes,
    name: str,
    media_type: str,
    *,
    owner: int,
    at: datetime,
) -> FileRef:
    """Keeps bytes that the bot made itself, for one reader (`owner`); call it in his transaction.

    `media_type` is what it was made as: made files are served as such, never sniffed.
    """
    spare = folder_of(settings) / "tmp"
    spare.mkdir(parents=True, exist_ok=True)
    temporary = spare / secrets.token_hex(16)
    shown = clean_name(name)
    sha256, size = _copy(io.BytesIO(content), temporary, shown)
    ref = FileRef(sha256=sha256, media_type=media_type, size=size, name=Prose(shown))
    place(session, settings, Arrived(temporary, ref), owner=owner, at=at)
    return ref
