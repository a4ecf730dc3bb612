"""Files: what was uploaded, by its identifiers, and the path by which it is downloaded."""

import base64
import hashlib
import struct
import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from tests.botapi.refusal import bad

BIGGEST_DOWNLOAD = 20 * 1024 * 1024
BIGGEST_UPLOAD = 50 * 1024 * 1024
BIGGEST_PHOTO = 10 * 1024 * 1024
LINK_LIVES = timedelta(hours=1)
SIDES = (90, 320, 800, 1280)

#: kind: first letters of its file_id, of its file_unique_id, its folder, the name in refusals
KINDS = {
    "photo": ("AgACAgUAAxk", "AQAD", "photos", "Photo"),
    "document": ("BQACAgUAAxk", "AgAD", "documents", "Document"),
    "voice": ("AwACAgUAAxk", "AwAD", "voice", "VoiceNote"),
    "audio": ("CQACAgUAAxk", "BQAD", "music", "Audio"),
    "video": ("BAACAgUAAxk", "BAAD", "videos", "Video"),
    "sticker": ("CAACAgUAAxk", "BgAD", "stickers", "Sticker"),
}
SUFFIXES = {"photo": "jpg", "voice": "oga", "audio": "mp3", "video": "mp4", "sticker": "webp"}
MIMES = {"voice": "audio/ogg", "audio": "audio/mpeg", "video": "video/mp4"}


@dataclass(frozen=True)
class Upload:
    """One file of a request, as it came."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True)
class Stored:
    """A file that the server knows. `data` is None when only its size was declared."""

    kind: str
    file_id: str
    unique_id: str
    size: int
    name: str
    mime: str
    data: bytes | None
    width: int = 0
    height: int = 0
    duration: int = 0

    def fields(self) -> dict[str, Any]:
        """The object of the API: Document, Voice, Audio, Video, Sticker or PhotoSize."""
        found: dict[str, Any] = {"file_id": self.file_id, "file_unique_id": self.unique_id}
        if self.size:
            found["file_size"] = self.size
        if self.kind in ("photo", "video", "sticker"):
            found |= {"width": self.width, "height": self.height}
        if self.kind in ("voice", "audio", "video"):
            found |= {"duration": self.duration, "mime_type": self.mime}
        if self.kind == "document":
            found |= {"file_name": self.name, "mime_type": self.mime}
        if self.kind in ("audio", "video"):
            found["file_name"] = self.name
        if self.kind == "sticker":
            found |= {"type": "regular", "is_animated": False, "is_video": False, "emoji": "👍"}
        return found


class Files:
    """All files of the server, by file_id, and the download paths that were given out."""

    def __init__(self) -> None:
        self.by_id: dict[str, Stored] = {}
        self.paths: dict[str, tuple[str, datetime]] = {}

    def keep(self, kind: str, upload: Upload, size: int | None = None, **shape: int) -> Stored:
        """A new file with an identifier of its own; `size` declares one without its bytes."""
        head, unique_head, _, _ = KINDS[kind]
        number = len(self.by_id) + 1
        seed = hashlib.sha256(upload.data + (b"" if size is None else f"{size}".encode()))
        tail = base64.urlsafe_b64encode(number.to_bytes(6, "big") + seed.digest()[:18]).decode()
        unique = unique_head + base64.urlsafe_b64encode(seed.digest()[:9]).decode().rstrip("=")
        stored = Stored(
            kind,
            head + tail,
            unique,
            len(upload.data) if size is None else size,
            upload.name,
            upload.mime or MIMES.get(kind, "application/octet-stream"),
            upload.data if size is None else None,
            **shape,
        )
        self.by_id[stored.file_id] = stored
        return stored

    def photo(self, upload: Upload, width: int = 0, height: int = 0) -> list[Stored]:
        """The sizes of a photo, the smallest first; the last is the picture itself."""
        found = (width, height) if width and height else picture_size(upload.data)
        wide, high = found or (1280, 720)
        sizes = []
        for side in SIDES:
            if side < max(wide, high):
                small = scaled(wide, high, side)
                grey = Upload(upload.name, "image/png", grey_png(*small))
                sizes.append(self.keep("photo", grey, width=small[0], height=small[1]))
        return [*sizes, self.keep("photo", upload, width=wide, height=high)]

    def reuse(self, kind: str, file_id: str) -> Stored:
        """A known file sent again; raises the refusal of an unknown one or one of another kind."""
        stored = self.by_id.get(file_id)
        if stored is None:
            raise bad("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad(f"can't use file of type {KINDS[stored.kind][3]} as {KINDS[kind][3]}")
        return stored

    def link(self, file_id: str, now: datetime) -> dict[str, Any]:
        """What getFile answers: the file with a path that lives for an hour."""
        stored = self.by_id.get(file_id)
        if stored is None:
            raise bad("invalid file_id")
        if stored.size > BIGGEST_DOWNLOAD:
            raise bad("file is too big")
        number = list(self.by_id).index(file_id)
        suffix = SUFFIXES.get(stored.kind) or stored.name.rpartition(".")[2] or "bin"
        path = f"{KINDS[stored.kind][2]}/file_{number}.{suffix}"
        self.paths[path] = (file_id, now + LINK_LIVES)
        return {
            "file_id": stored.file_id,
            "file_unique_id": stored.unique_id,
            "file_size": stored.size,
            "file_path": path,
        }

    def download(self, path: str, now: datetime) -> Stored | None:
        """The file behind a path that getFile gave; None when there is none, or no longer."""
        file_id, until = self.paths.get(path, ("", now))
        return self.by_id.get(file_id) if now < until else None


def checked(kind: str, upload: Upload) -> Upload:
    """The upload again; raises the refusal of one that is empty, too big or no picture."""
    size = len(upload.data)
    if size == 0:
        raise bad("file must be non-empty")
    if kind == "photo":
        if size > BIGGEST_PHOTO:
            raise bad(
                f"file of size {size} bytes is too big for a photo; "
                f"the maximum size is {BIGGEST_PHOTO} bytes"
            )
        found = picture_size(upload.data)
        if found is None:
            raise bad("IMAGE_PROCESS_FAILED")
        if sum(found) > 10000 or max(found) > 20 * min(found):
            raise bad("PHOTO_INVALID_DIMENSIONS")
        upload = replace(upload, mime=upload.mime or "image/jpeg")
    return upload


def scaled(width: int, height: int, side: int) -> tuple[int, int]:
    """The same shape with `side` as its longer side."""
    longest = max(width, height)
    return max(1, width * side // longest), max(1, height * side // longest)


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from the header of a PNG, GIF or JPEG; None for anything else."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return (width, height) if width and height else None
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return (width, height) if width and height else None
    if data[:2] == b"\xff\xd8":
        return jpeg_size(data)
    return None


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from the frame header of a JPEG."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return (width, height) if width and height else None
        at += 2 + length
    return None


def grey_png(width: int, height: int) -> bytes:
    """A grey picture of that size, as a PNG of a few hundred bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
