"""The small files that people send in a drill: real photos of the sample, else made by name."""

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

PHOTOS = Path(__file__).resolve().parent.parent / "web" / "static" / "sample"
_RATE = 8000


@dataclass(frozen=True)
class Sample:
    """A file as it is sent."""

    name: str
    content: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        """The hash under which it is kept."""
        return sha256(self.content).hexdigest()


#: By the end of the name: what the bytes are.
MEDIA = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".wav": "audio/wav",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
}


@cache
def sample(name: str) -> Sample:
    """The file of this name, always the same bytes. Raises LookupError for an unknown kind."""
    ending = Path(name).suffix
    kept = PHOTOS / name
    if ending == ".jpg" and kept.is_file():
        return Sample(name, kept.read_bytes(), MEDIA[ending])
    if ending not in _MAKERS:
        raise LookupError(name)
    return Sample(name, _MAKERS[ending](name), MEDIA[ending])


def known(name: str) -> bool:
    """Whether a file of this name can be sent."""
    try:
        sample(name)
    except LookupError:
        return False
    return True


def _picture(name: str) -> bytes:
    """A small plain picture whose colour comes from its name."""
    red, green, blue = sha256(name.encode()).digest()[:3]
    rows = (b"\x00" + bytes((red, green, blue)) * 64) * 48
    head = struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _sound(name: str) -> bytes:
    """A quarter of a second of silence, told apart by its last byte."""
    body = bytes([128]) * (_RATE // 4) + sha256(name.encode()).digest()[:2]
    form = struct.pack("<HHIIHH", 1, 1, _RATE, _RATE, 1, 8)
    inner = b"WAVEfmt " + struct.pack("<I", len(form)) + form
    inner += b"data" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def _paper(name: str) -> bytes:
    """An empty page."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n% " + name.encode() + b"\n"
    )


def _words(name: str) -> bytes:
    return name.encode()


_MAKERS: Mapping[str, Callable[[str], bytes]] = {
    ".png": _picture,
    ".wav": _sound,
    ".pdf": _paper,
    ".txt": _words,
}
