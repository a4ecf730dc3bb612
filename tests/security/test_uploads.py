"""Files from outside: what they are by their bytes, how they are served, and to whom."""

import io
import zipfile
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from bot.files import path_of
from bot.turn import turn_all
from bot.web.app import STATIC
from bot.web.state import Web
from storage.tables import FileRow
from tests.bot.webtown import HEAD, JPEG, OUTSIDER, REPORTER, client_of, signed_in, write
from tests.channels.pictures import PDF, png

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def sends(client: TestClient, name: str, body: bytes) -> Any:
    return write(client, REPORTER, "tep", files=[(name, body)])


def only(web: Web) -> FileRow:
    return web.world.db.read(lambda session: session.exec(select(FileRow)).one())


def office(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("anh.jpg", b"MZ\x90\x00" + bytes(200)),
        ("anh.jpg", b"\x7fELF" + bytes(200)),
        ("tep.docx", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("tep.docx", office("a.txt")),
        ("tep.pdf.exe", b"MZ" + bytes(200)),
        ("tep.jar", office("META-INF/MANIFEST.MF")),
        ("a.gz", b"\x1f\x8b\x08" + bytes(60)),
        ("a.bin", bytes(range(256))),
    ],
)
def test_what_its_bytes_do_not_allow_is_refused_whatever_it_is_called(
    web: Web, name: str, body: bytes
) -> None:
    with signed_in(web, REPORTER) as client:
        assert sends(client, name, body).status_code == 415
    assert web.world.db.read(lambda session: session.exec(select(FileRow)).all()) == []
    kept = [one for one in (web.world.settings.data_dir / "files").rglob("*") if one.is_file()]
    assert kept == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("anh.svg", SVG),
        ("anh.jpg", SVG),
        ("trang.html", HTML),
        ("anh.png", HTML),
        ("a.xml", b'<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml"/>'),
        ("a.js", b"alert(1)"),
        ("a.txt", b"%!PS-Adobe\nshowpage"),
    ],
)
def test_what_a_browser_could_run_is_never_shown_in_the_page(
    web: Web, name: str, body: bytes
) -> None:
    with signed_in(web, REPORTER) as client:
        code = sends(client, name, body).status_code
        if code == 415:
            return
        assert code == 202
        answer = client.get(f"/files/{only(web).sha256}")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (JPEG + HTML + SVG, "image/jpeg"),
        (png() + b"PK\x03\x04" + HTML, "image/png"),
        (b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)//", "image/gif"),
        (PDF + HTML, "application/pdf"),
    ],
)
def test_a_file_that_is_two_things_is_served_as_its_first_and_never_sniffed(
    web: Web, body: bytes, kind: str
) -> None:
    with signed_in(web, REPORTER) as client:
        assert sends(client, "trang.html", body).status_code == 202
        headers = client.get(f"/files/{only(web).sha256}").headers
    assert headers["content-type"] == kind
    assert headers["x-content-type-options"] == "nosniff"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert ("default-src 'none'; sandbox" in policy) is (kind != "application/pdf")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\boot.ini",
        "anh.jpg\r\nX-Evil: 1",
        'a";x="b.html',
        "anh.pdf.html",
        "\u202egpj.exe",
        "/" * 500,
        "a\x00.jpg",
    ],
)
def test_a_name_never_leads_out_of_the_folder_nor_into_a_header(web: Web, name: str) -> None:
    with signed_in(web, REPORTER) as client:
        if sends(client, name, JPEG).status_code != 202:
            return  # The browser's own library refuses to send it.
        row = only(web)
        headers = client.get(f"/files/{row.sha256}").headers
    assert not set(row.name) & set("/\\\r\n\x00\u202e")
    assert "x-evil" not in headers
    assert headers["content-type"] == "image/jpeg"
    path = path_of(web.world.settings, row.sha256)
    assert path.is_file() and path.name == row.sha256
    assert STATIC not in path.parents, "not where pages are served from"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_is_shown_to_those_who_may_see_it_and_to_nobody_else(web: Web) -> None:
    with signed_in(web, REPORTER) as client:
        sends(client, "anh.jpg", JPEG)
        turn_all(web.world)
        address = f"/files/{only(web).sha256}"
        assert client.get(address).status_code == 200
        assert "private" in client.get(address).headers["cache-control"]
    for other in (HEAD, OUTSIDER):
        assert signed_in(web, other).get(address).status_code == 404
    assert client_of(web).get(address).status_code == 401
    missing = signed_in(web, OUTSIDER).get("/files/" + "0" * 64)
    assert missing.status_code == 404
    assert missing.json() == signed_in(web, OUTSIDER).get(address).json(), "the same as none"


@pytest.mark.parametrize(
    "path", ["../motdaumoi.db", "..%2fmotdaumoi.db", "tmp", "a" * 63, "A" * 64]
)
def test_no_other_file_of_the_data_folder_is_served(web: Web, path: str) -> None:
    with signed_in(web, REPORTER) as client:
        assert client.get(f"/files/{path}").status_code in (400, 404)
        assert client.get(f"/static/{path}").status_code == 404
