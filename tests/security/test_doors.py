"""Every address of the web, read from its own table: whom it refuses, and what it answers with."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlmodel import select
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.web.app import make_app
from bot.web.guard import CONTENT_POLICY
from bot.web.state import Web
from storage import access
from storage.tables import InboxRow, InviteRow, SessionRow
from tests.bot.webtown import BASE, DUTY, HEAD, NOW, OURS, REPORTER, client_of, signed_in, write

#: Called by a platform, with a secret of its own (tests/security/test_webhook.py).
BY_PLATFORMS = {"/telegram/webhook"}
#: Open to whoever has no session yet.
WITHOUT_SESSION = {"/api/link/{code}", "/api/link-request", "/api/sign-out"}
READ_BY_ANYBODY = {"/", "/board", "/vao/{code}", "/api/session", "/api/link/{code}"}
READ_BY_ANYBODY |= {"/healthz", "/metrics", "/api/openapi.json"}


def routes(web: Web) -> Iterator[tuple[str, str]]:
    """Every method and path that the application knows, from its own table."""
    pending: list[Any] = list(make_app(web).routes)
    while pending:
        route = pending.pop()
        nested = getattr(route, "original_router", None) or getattr(route, "router", None)
        if isinstance(route, APIRoute | Route):
            for method in sorted(route.methods or ()):
                yield method, route.path
        elif nested is not None:
            pending += list(nested.routes)


def filled(path: str) -> str:
    """The path with values of a person who is there."""
    for name, value in (("person", REPORTER), ("stream", "incident-1"), ("code", "VV-2026-001")):
        path = path.replace("{" + name + "}", str(value))
    return path.replace("{sha256}", "a" * 64)


def changing(web: Web) -> list[str]:
    return sorted({path for method, path in routes(web) if method not in ("GET", "HEAD")})


def test_the_table_is_the_whole_table(web: Web) -> None:
    table = {path for _, path in routes(web)}
    assert set(make_app(web).openapi()["paths"]) <= table
    assert {"/api/chats/{person}/messages", "/telegram/webhook", "/files/{sha256}"} <= table
    assert {method for method, _ in routes(web)} <= {"GET", "HEAD", "POST"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"X-Requested-With": ""},
        {"Origin": "http://127.0.0.1.evil.example:8080"},
        {"Origin": "http://127.0.0.1:8081"},
    ],
    ids=str,
)
@pytest.mark.parametrize("content", ["application/json", "text/plain", "multipart/form-data"])
def test_nothing_that_changes_anything_is_taken_from_another_page(
    web: Web, headers: dict[str, str], content: str
) -> None:
    with signed_in(web, REPORTER) as client:
        for path in set(changing(web)) - BY_PLATFORMS:
            sent = {**headers, "Content-Type": content}
            answer = client.post(filled(path), content=b"{}", headers=sent)
            assert answer.status_code == 403, path


def test_no_answer_lets_another_page_read_it(web: Web) -> None:
    with signed_in(web, REPORTER) as client:
        for method, path in routes(web):
            if path == "/api/stream":
                continue
            answer = client.request(
                method, filled(path), headers={"Origin": "https://evil.example"}
            )
            assert not [one for one in answer.headers if one.startswith("access-control-")], path


def test_nothing_that_changes_anything_is_done_without_a_session(web: Web) -> None:
    with client_of(web) as client:
        for path in set(changing(web)) - BY_PLATFORMS - WITHOUT_SESSION:
            answer = client.post(filled(path), json={"minutes": 1})
            wanted = 403 if path == "/api/clock" else 401
            assert answer.status_code == wanted, path
    assert web.world.db.read(lambda session: session.exec(select(InboxRow)).all()) == []


def test_nothing_is_read_without_a_session_but_what_is_everybody_s(web: Web) -> None:
    with client_of(web) as client:
        for method, path in routes(web):
            if method == "GET" and path not in READ_BY_ANYBODY:
                assert client.get(filled(path)).status_code == 401, path


@pytest.mark.parametrize("id", [None, "", "x" * 65, "a b", "ấp", "a/b"])
def test_what_is_sent_without_a_proper_id_of_its_own_is_refused(web: Web, id: str | None) -> None:
    own = {} if id is None else {"client_id": id}
    with signed_in(web, REPORTER) as client:
        path = f"/api/chats/{REPORTER}"
        tap = client.post(f"{path}/answers", json={"prompt": 1, "n": 1, **own})
        files = [("ignored", (None, b""))]
        said = client.post(f"{path}/messages", data={"text": "a", **own}, files=files)
        asked = client.post("/api/link-request", json={"name": "A", "phone": "0900", **own})
    assert [one.status_code for one in (tap, said, asked)] == [400] * 3


def test_every_answer_of_every_address_carries_the_headers(web: Web) -> None:
    with signed_in(web, REPORTER) as client:
        for method, path in routes(web):
            if path == "/api/stream":
                continue
            headers = client.request(method, filled(path)).headers
            assert headers["content-security-policy"] == CONTENT_POLICY, path
            assert headers["x-content-type-options"] == "nosniff", path
            assert headers["x-frame-options"] == "DENY", path
            assert headers["referrer-policy"] == "no-referrer", path
            assert headers["cross-origin-opener-policy"] == "same-origin", path
            if path.startswith("/api/"):
                assert headers["cache-control"] == "no-store", path
            assert "server" not in headers, path


def test_the_policy_lets_no_script_frame_or_form_come_from_elsewhere() -> None:
    rules = dict(one.split(maxsplit=1) for one in CONTENT_POLICY.split("; "))
    assert rules["default-src"] == "'self'" and "unsafe" not in CONTENT_POLICY
    assert rules["frame-ancestors"] == "'none'" and rules["object-src"] == "'none'"
    assert rules["base-uri"] == "'none'" and rules["form-action"] == "'self'"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_a_method_that_nothing_here_has_changes_nothing(web: Web, method: str) -> None:
    with signed_in(web, REPORTER) as client:
        for path in changing(web):
            answer = client.request(method, filled(path), headers={"Content-Length": "0"})
            assert answer.status_code in (403, 404, 405), path


# Sessions


def tokens(web: Web) -> list[SessionRow]:
    return list(web.world.db.read(lambda session: session.exec(select(SessionRow)).all()))


def test_a_token_that_was_not_given_out_here_is_nobody_s(web: Web) -> None:
    code = web.world.db.write(lambda session: access.invite(session, REPORTER, NOW))
    with client_of(web) as client:
        client.cookies.set("motdaumoi", "chosen-by-somebody-else")
        assert client.get("/api/session").json()["signed_in"] is False
        cookie = client.post(f"/api/link/{code}", json={}).headers["set-cookie"]
    assert "chosen-by-somebody-else" not in cookie
    assert "motdaumoi=" in cookie and len(cookie.split("=")[1].split(";")[0]) >= 43


def test_a_session_ends_after_its_time_and_at_the_way_out_and_opens_nothing_more(web: Web) -> None:
    with signed_in(web, REPORTER) as client:
        other = signed_in(web, HEAD)
        path = f"/api/chats/{REPORTER}/messages"
        token = client.cookies["motdaumoi"]
        assert client.get(path).status_code == 200
        out = client.post("/api/sign-out", json={})
        assert (
            'motdaumoi=""' in out.headers["set-cookie"] and "Max-Age=0" in out.headers["set-cookie"]
        )
        client.cookies.set("motdaumoi", token)
        assert client.get(path).status_code == 401
        assert other.get(f"/api/chats/{HEAD}/messages").status_code == 200
        web.world.present.ahead = timedelta(days=180, seconds=1)
        assert other.get(f"/api/chats/{HEAD}/messages").status_code == 401


@pytest.mark.sqlite
def test_of_tokens_and_codes_only_the_hash_is_kept(web: Web) -> None:
    code = web.world.db.write(lambda session: access.invite(session, REPORTER, NOW))
    with client_of(web) as client:
        client.post(f"/api/link/{code}", json={})
        token = client.cookies["motdaumoi"]
    web.world.db.close()
    raw = b"".join(path.read_bytes() for path in web.world.settings.data_dir.glob("motdaumoi.db*"))
    assert code.encode() not in raw and token.encode() not in raw
    assert access.digest(code).encode() in raw and access.digest(token).encode() in raw


def test_the_cookie_of_plain_http_counts_for_nothing_behind_https(web: Web) -> None:
    settings = web.world.settings.model_copy(update={"public_url": "https://daumoi.example"})
    web.world.settings = settings
    token = web.world.db.write(lambda session: access.sign_in(session, REPORTER, NOW))
    client = client_of(web, "https://daumoi.example")
    client.cookies.set("motdaumoi", token)
    assert client.get("/api/session").json()["signed_in"] is False
    client.cookies.set("__Host-motdaumoi", token)
    assert client.get("/api/session").json()["signed_in"] is True


# Links


def test_a_link_is_good_once_also_for_two_who_press_in_the_same_instant(web: Web) -> None:
    code = web.world.db.write(lambda session: access.invite(session, REPORTER, NOW))
    app = make_app(web)

    def press(_: int) -> int:
        client = TestClient(app, base_url=BASE, headers=OURS)
        return int(client.post(f"/api/link/{code}", json={}).status_code)

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(press, range(8)))
    assert sorted(codes) == [200] + [404] * 7
    assert len(tokens(web)) == 1


def test_a_link_makes_whoever_opens_it_the_one_it_is_for_and_nobody_else(web: Web) -> None:
    code = web.world.db.write(lambda session: access.invite(session, HEAD, NOW))
    with signed_in(web, REPORTER) as client:
        assert client.get(f"/api/link/{code}").json()["name"] == "Nguyễn Văn Ví Dụ"
        assert client.get("/api/session").json()["me"]["id"] == REPORTER, "opening changes nothing"
        assert client.post(f"/api/link/{code}", json={}).json() == {"person": HEAD}


def test_a_code_has_144_bits_and_lasts_seven_days(web: Web) -> None:
    codes = {web.world.db.write(lambda s: access.invite(s, DUTY, NOW)) for _ in range(50)}
    assert len(codes) == 50 and {len(one) for one in codes} == {24}
    rows = web.world.db.read(lambda session: session.exec(select(InviteRow)).all())
    assert {row.until - row.made_at for row in rows} == {timedelta(days=7)}


def test_whoever_reads_as_another_learns_nothing(web: Web) -> None:
    with signed_in(web, REPORTER) as client:
        for _, path in routes(web):
            if "{person}" in path:
                other = filled(path.replace("{person}", str(HEAD)))
                assert client.request("GET", other).status_code in (403, 405, 404), path
                assert client.post(other, json={}).status_code in (403, 405, 404), path
        assert write(client, HEAD, "a").status_code == 403
