"""Keeping files: by their bytes and never by their name."""

import io
import zipfile
from pathlib import Path

import pytest

from bot import files
from bot.settings import Settings
from storage import loose_files as kept
from storage.database import Session
from tests.bot.webtown import JPEG, NOW, sample_world

FTYP = b"\x00\x00\x00\x20ftyp"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


def zipped(*names: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return kept.getvalue()


def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder, _env_file=None)


def left_in(folder: Path) -> list[Path]:
    return [path for path in (folder / "files").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (JPEG, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "image/png"),
        (b"GIF89a" + b"\x00" * 64, "image/gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x00" * 64, "image/webp"),
        (FTYP + b"heic\x00\x00\x00\x00mif1heic" + b"\x00" * 64, "image/heic"),
        (b"ID3\x03" + b"\x00" * 64, "audio/mpeg"),
        (FTYP + b"M4A \x00\x00\x00\x00M4A mp42" + b"\x00" * 64, "audio/mp4"),
        (b"OggS\x00\x02" + b"\x00" * 22 + b"\x01\x13OpusHead" + b"\x00" * 64, "audio/ogg"),
        (b"#!AMR\n" + b"\x00" * 64, "audio/amr"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 64, "audio/wav"),
        (FTYP + b"mp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64, "video/mp4"),
        (FTYP + b"isom\x00\x00\x02\x00isomiso2avc1mp41" + b"\x00" * 64, "video/mp4"),
        (b"%PDF-1.7\n" + b"x" * 64, "application/pdf"),
        (zipped("[Content_Types].xml", "word/document.xml"), files.DOCX),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), files.XLSX),
        (OLE + "WordDocument".encode("utf-16-le"), files.DOC),
        (OLE + "Workbook".encode("utf-16-le"), files.XLS),
        ("họ tên;số nhà\nThí Dụ;7\n".encode(), "text/plain"),
        ("\ufeffhọ tên;số nhà\r\n".encode(), "text/plain"),
    ],
)
def test_an_allowed_file_is_known_by_its_bytes(
    tmp_path: Path, body: bytes, media_type: str
) -> None:
    arrived = files.receive(settings(tmp_path), io.BytesIO(body), "bat ky.exe")
    assert (arrived.ref.media_type, arrived.ref.size) == (media_type, len(body))


@pytest.mark.parametrize(
    "body",
    [
        b"MZ\x90\x00" + b"\x00" * 64,
        b"\x7fELF" + b"\x00" * 64,
        zipped("readme.txt"),
        zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        OLE + "PowerPoint".encode("utf-16-le"),
        b"PK\x03\x04 torn",
        b"Rar!\x1a\x07\x00" + b"\x00" * 64,
        b"plain then \x00 not",
        b"\xff\xfe\x00\x01 latin \xe9",
    ],
    ids=["exe", "elf", "zip", "macro", "ppt", "torn", "rar", "nul", "bytes"],
)
def test_any_other_file_is_refused_whatever_its_name_and_nothing_is_left(
    tmp_path: Path, body: bytes
) -> None:
    with pytest.raises(files.FileRefused, match="file_type"):
        files.receive(settings(tmp_path), io.BytesIO(body), "anh.jpg")
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("size", "key"), [(0, "file_empty"), (files.MOST_BYTES + 1, "file_too_large")]
)
def test_a_file_of_a_wrong_size_leaves_nothing(tmp_path: Path, size: int, key: str) -> None:
    with pytest.raises(files.FileRefused, match=key):
        files.receive(settings(tmp_path), io.BytesIO(b"x" * size), "a.txt")
    assert left_in(tmp_path) == []


def test_a_file_of_just_twenty_megabytes_is_kept(tmp_path: Path) -> None:
    arrived = files.receive(settings(tmp_path), io.BytesIO(b"x" * files.MOST_BYTES), "a.txt")
    assert arrived.ref.size == 20 * 1024 * 1024


def test_a_placed_file_stands_under_its_hash_and_the_first_owner_stays(tmp_path: Path) -> None:
    world = sample_world(tmp_path)
    for owner in (1, 2):
        arrived = files.receive(world.settings, io.BytesIO(JPEG), "a.jpg")

        def place(session: object, arrived: files.Arrived = arrived, owner: int = owner) -> None:
            files.place(session, world.settings, arrived, owner=owner, at=NOW)  # type: ignore[arg-type]

        world.db.write(place)
    sha256 = arrived.ref.sha256
    assert left_in(tmp_path) == [tmp_path / "files" / sha256[:2] / sha256]
    from storage.files import kept

    row = world.db.read(lambda session: kept(session, sha256))
    assert row is not None and row.owner == 1
    world.db.close()


def test_a_file_is_placed_once_though_its_transaction_is_run_again(tmp_path: Path) -> None:
    world = sample_world(tmp_path / "data")
    arrived = files.receive(world.settings, io.BytesIO(JPEG), "tai ve.jpg")

    def placed(session: Session) -> None:
        files.place(session, world.settings, arrived, owner=1, at=NOW)

    def overtaken(session: Session) -> None:
        placed(session)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        world.db.write(overtaken)
    world.db.write(placed)
    assert files.path_of(world.settings, arrived.ref.sha256).read_bytes() == JPEG
    assert world.db.read(kept.hashes) == {arrived.ref.sha256}
    world.db.close()


def test_what_a_killed_process_left_is_swept_and_kept_files_stay(tmp_path: Path) -> None:
    here = settings(tmp_path)
    files.receive(here, io.BytesIO(JPEG), "a.jpg")
    kept = tmp_path / "files" / "ab" / "abc"
    kept.parent.mkdir()
    kept.write_bytes(b"kept")
    assert files.sweep(here) == 1
    assert left_in(tmp_path) == [kept]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("ảnh 1.jpg", "ảnh 1.jpg"),
        ("..\\..\\bi\u202egpj.exe", "bigpj.exe"),
        ("/etc/passwd", "passwd"),
        ("a\x00\r\nb.txt", "ab.txt"),
        ("", "file"),
        ("x" * 300 + ".docx", "x" * 115 + ".docx"),
    ],
)
def test_a_file_name_is_shown_without_folders_and_unseen_letters(given: str, shown: str) -> None:
    assert files.clean_name(given) == shown
