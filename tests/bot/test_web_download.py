"""Files on the web: only for those who may see them, each under its own type, whole or in part."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.files import path_of
from bot.web.app import make_web
from bot.web.state import Web
from procedure.codec import Prose
from procedure.facts import FileRef
from storage import files
from storage.database import Session
from storage.tables import FileRow
from tests.bot.webtown import (
    DUTY,
    HEAD,
    OUTSIDER,
    REPORTER,
    client_of,
    report,
    sample_world,
    signed_in,
)

SOUND = b"ID3\x03" + bytes(range(256)) * 8
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Web]:
    """A web on which everybody signs in."""
    world = sample_world(tmp_path, rehearsal=False)
    yield make_web(world, tick=lambda world: None)
    world.db.close()


def lay(web: Web, media_type: str, name: str, body: bytes = SOUND) -> str:
    """Keeps a file of the reporter's, in an incident of his commune. Returns its address."""
    sha256 = hashlib.sha256(body).hexdigest()
    path = path_of(web.world.settings, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)

    def work(session: Session) -> None:
        row = FileRow(
            sha256=sha256,
            media_type=media_type,
            size=len(body),
            name=name,
            owner=REPORTER,
            kept_at=web.world.now(),
        )
        files.keep(session, row)

    web.world.db.write(work)
    ref = FileRef(sha256=sha256, media_type=media_type, size=len(body), name=Prose(name))
    report(web.world, files=(ref,))
    return f"/files/{sha256}"


@pytest.mark.parametrize(
    ("media_type", "name", "told", "way"),
    [
        ("image/jpeg", "ảnh.jpg", "image/jpeg", "inline"),
        ("image/heic", "ảnh.heic", "image/heic", "attachment"),
        ("audio/mp4", "ghi âm.m4a", "audio/mp4", "inline"),
        ("audio/ogg", "ghi âm.ogg", "audio/ogg", "inline"),
        ("video/mp4", "hiện trường.mp4", "video/mp4", "attachment"),
        ("application/pdf", "công văn.pdf", "application/pdf", "inline"),
        (DOCX, "báo cáo.docx", DOCX, "attachment"),
        ("text/plain", "ghi chú.txt", "text/plain; charset=utf-8", "attachment"),
        ("text/calendar", "hop.ics", "text/calendar; charset=utf-8", "attachment"),
    ],
)
def test_a_file_says_what_it_is_and_whether_a_browser_may_show_it(
    real: Web, media_type: str, name: str, told: str, way: str
) -> None:
    seen = signed_in(real, REPORTER).get(lay(real, media_type, name))
    assert (seen.status_code, seen.content) == (200, SOUND)
    assert seen.headers["content-type"] == told
    assert seen.headers["content-disposition"].startswith(f"{way}; filename")
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert seen.headers["cache-control"].startswith("private")
    assert "frame-ancestors 'none'" in seen.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("person", "status"), [(REPORTER, 200), (HEAD, 200), (OUTSIDER, 404), (DUTY, 404)]
)
@pytest.mark.parametrize("wanted", [{}, {"Range": "bytes=0-9"}], ids=["whole", "part"])
def test_a_person_of_another_unit_finds_no_such_file(
    real: Web, person: int, status: int, wanted: dict[str, str]
) -> None:
    answer = signed_in(real, person).get(lay(real, "audio/mpeg", "ghi âm.mp3"), headers=wanted)
    assert answer.status_code == (206 if wanted and status == 200 else status)
    if status == 404:
        assert "Không có tệp này" in answer.json()["error"]
        assert b"ID3" not in answer.content


def test_somebody_signed_out_gets_no_byte(real: Web) -> None:
    address = lay(real, "audio/mpeg", "ghi âm.mp3")
    answer = client_of(real).get(address)
    assert answer.status_code == 401
    assert "liên kết riêng" in answer.json()["error"]
    page = signed_in(real, REPORTER)
    assert page.get(address).status_code == 200
    page.post("/api/sign-out", json={})
    assert page.get(address).status_code == 401


@pytest.mark.parametrize(
    ("wanted", "status", "length", "told"),
    [
        ("bytes=4-7", 206, 4, f"bytes 4-7/{len(SOUND)}"),
        ("bytes=0-", 206, len(SOUND), f"bytes 0-{len(SOUND) - 1}/{len(SOUND)}"),
        ("bytes=-6", 206, 6, f"bytes {len(SOUND) - 6}-{len(SOUND) - 1}/{len(SOUND)}"),
        (f"bytes={len(SOUND)}-", 416, 0, f"bytes */{len(SOUND)}"),
    ],
)
def test_a_player_may_ask_for_any_part_of_a_recording(
    real: Web, wanted: str, status: int, length: int, told: str
) -> None:
    page = signed_in(real, REPORTER)
    address = lay(real, "audio/mpeg", "ghi âm.mp3")
    assert page.get(address).headers["accept-ranges"] == "bytes"
    part = page.get(address, headers={"Range": wanted})
    assert part.status_code == status
    assert part.headers["content-range"] == told
    if status == 206:
        first = int(told.removeprefix("bytes ").partition("-")[0])
        assert part.content == SOUND[first : first + length]
        assert part.headers["content-type"] == "audio/mpeg"
        assert part.headers["x-content-type-options"] == "nosniff"
