"""Small files that are what they say, made here."""

import struct
import zlib


def png(shade: int = 0, side: int = 8) -> bytes:
    """A grey picture; another shade is another file."""
    rows = b"".join(b"\x00" + bytes([shade]) * side for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


#: The beginning of an Opus voice note, as telephones record them.
VOICE = b"OggS\x00\x02" + bytes(20) + b"\x01\x1eOpusHead" + bytes(40)
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
