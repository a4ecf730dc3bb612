"""The door of the web: where a request may come from, and what every answer carries."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.settings import SettingFaults
from bot.web.app import make_app, make_web
from bot.web.guard import CONTENT_POLICY
from bot.web.state import rehearses
from bot.world import World
from storage import marks
from storage.away import DatabaseAway
from tests.bot.webtown import BASE, OURS, client_of, sample_world, signed_in, web_over, write


@pytest.fixture
def page(tmp_path: Path) -> Iterator[TestClient]:
    world = sample_world(tmp_path)
    with client_of(web_over(world)) as client:
        yield client
    world.db.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Requested-With": ""},
        {"X-Requested-With": "XMLHttpRequest"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
    ],
)
def test_a_post_that_is_not_from_our_page_is_refused(
    page: TestClient, headers: dict[str, str]
) -> None:
    answer = page.post("/api/chats/1/shown", json={"seq": 0}, headers=headers)
    assert answer.status_code == 403
    assert "không đến từ trang" in answer.json()["error"]


def test_a_post_of_our_own_page_passes(page: TestClient) -> None:
    answer = page.post("/api/chats/1/shown", json={"seq": 0}, headers={"Origin": BASE})
    assert answer.status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1:81", ""])
def test_a_rehearsal_answers_only_under_its_own_address(page: TestClient, host: str) -> None:
    assert page.get("/api/session", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:8080", "[::1]:8080"])
def test_a_rehearsal_answers_under_every_name_of_this_machine(page: TestClient, host: str) -> None:
    assert page.get("/api/session", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/board", "/vao/abc", "/static/app.css", "/api/session", "/nowhere", "/healthz"]
)
def test_every_answer_carries_the_headers_of_the_door(page: TestClient, path: str) -> None:
    headers = page.get(path).headers
    assert headers["content-security-policy"] == CONTENT_POLICY
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in headers


def test_the_pages_are_ours_and_are_asked_for_again(page: TestClient) -> None:
    for path in ("/", "/board", "/vao/abc", "/static/chat.js"):
        answer = page.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-cache"
        tag = {"If-None-Match": answer.headers["etag"]}
        if path.startswith("/static"):
            assert page.get(path, headers=tag).status_code == 304


def test_what_the_interface_answers_is_never_kept_by_a_browser(page: TestClient) -> None:
    assert page.get("/api/session").headers["cache-control"] == "no-store"


def test_the_schema_is_published_and_the_documentation_pages_are_not(page: TestClient) -> None:
    assert "/api/chats/{person}/messages" in page.get("/api/openapi.json").json()["paths"]
    assert [page.get(path).status_code for path in ("/docs", "/redoc")] == [404, 404]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("GET", "/static/../state.py", 404),
        ("GET", "/static/nothing.js", 404),
        ("PUT", "/api/session", 403),
        ("GET", "/api/chats/x/messages", 400),
        ("GET", "/api/chats/999/messages", 404),
        ("GET", "/api/stream?persons=", 400),
        ("GET", "/api/stream?persons=1,a", 400),
        ("GET", "/files/nonsense", 400),
    ],
)
def test_a_fault_is_one_sentence_in_json(
    page: TestClient, method: str, path: str, status: int
) -> None:
    headers = {} if method == "GET" else {"X-Requested-With": "", "Content-Length": "0"}
    answer = page.request(method, path, headers=headers)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert answer.json()["error"].strip()


def test_what_goes_wrong_inside_is_told_calmly(tmp_path: Path) -> None:
    def breaks(world: World) -> int:
        raise ZeroDivisionError("a word that nobody should see")

    world = sample_world(tmp_path)
    app = make_app(make_web(world, tick=breaks))
    client = TestClient(app, base_url=BASE, headers=OURS, raise_server_exceptions=False)
    answer = client.post("/api/clock", json={"minutes": 1})
    assert answer.status_code == 500
    assert "Hệ thống chưa làm được việc này" in answer.json()["error"]
    assert "0296.000.0002" in answer.json()["error"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    world.db.close()


def test_while_the_database_is_away_a_page_is_asked_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    world = sample_world(tmp_path)
    client = TestClient(
        make_app(make_web(world, tick=lambda world: 0)), base_url=BASE, headers=OURS
    )

    def gone(*_: object, **__: object) -> None:
        raise DatabaseAway("no server")

    with monkeypatch.context() as patch:
        for name in ("read", "write"):
            patch.setattr(world.db, name, gone)
        answer = client.post("/api/clock", json={"minutes": 1})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Hệ thống chưa làm được việc này" in answer.json()["error"]
    assert "Traceback" not in "".join(capfd.readouterr())
    world.db.close()


def test_a_body_that_is_too_large_is_not_read(page: TestClient) -> None:
    answer = page.post("/api/chats/1/shown", content=b"[" * 70_000)
    assert answer.status_code == 413


def test_by_https_the_cookie_and_the_headers_are_bound_to_it(tmp_path: Path) -> None:
    world = sample_world(tmp_path, rehearsal=False, public_url="https://daumoi.example")
    web = web_over(world)
    with client_of(web, "https://daumoi.example") as client:
        from storage import access
        from tests.bot.webtown import NOW

        code = world.db.write(lambda session: access.invite(session, 1, NOW))
        answer = client.post(f"/api/link/{code}", json={})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-motdaumoi=")
        assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"))
        assert "max-age=" in answer.headers["strict-transport-security"]
    world.db.close()


@pytest.mark.parametrize(
    ("sample", "given", "rehearsal"),
    [
        (True, {}, True),
        (True, {"host": "0.0.0.0"}, False),
        (False, {}, False),
        (True, {"rehearsal": False}, False),
        (True, {"rehearsal": True}, True),
        (False, {"rehearsal": True}, "rehearsal_real"),
        (True, {"rehearsal": True, "host": "0.0.0.0"}, "rehearsal_open"),
    ],
)
def test_a_rehearsal_needs_a_sample_database_that_only_this_machine_reaches(
    tmp_path: Path, sample: bool, given: dict[str, object], rehearsal: bool | str
) -> None:
    world = sample_world(tmp_path, **given)
    if not sample:
        world.db.write(lambda session: marks.mark(session, marks.SAMPLE, "no"))
    if isinstance(rehearsal, bool):
        assert rehearses(world) is rehearsal
    else:
        with pytest.raises(SettingFaults) as caught:
            rehearses(world)
        assert caught.value.faults == {"BOT_REHEARSAL": rehearsal}
    world.db.close()


def test_outside_a_rehearsal_no_persona_is_free(tmp_path: Path) -> None:
    world = sample_world(tmp_path, rehearsal=False)
    web = web_over(world)
    nobody, one = client_of(web), signed_in(web, 1)
    for path in ("/api/board", "/api/chats/1/messages", "/api/stream?persons=1"):
        assert nobody.get(path).status_code == 401
    assert one.get("/api/chats/1/messages").status_code == 200
    for path in ("/api/chats/2/messages", "/api/stream?persons=1,2"):
        assert one.get(path).status_code == 403
    for path in ("answers", "shown"):
        body = {"client_id": "a", "prompt": 1, "n": 1, "seq": 1}
        assert one.post(f"/api/chats/2/{path}", json=body).status_code == 403
    assert write(one, 2, "a").status_code == 403
    assert one.post("/api/clock", json={"minutes": 15}).status_code == 403
    world.db.close()
